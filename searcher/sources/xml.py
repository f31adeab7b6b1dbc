"""XML of the news formats: read by lxml without entities, document types or anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from searcher.errors import UnreadableFile
from searcher.protocols import RawInput
from searcher.text.cleaning import clean_line

_HTML_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 li blockquote pre hl2 dd dt tr".split())


def parse_xml(raw: RawInput) -> _Element:
    """The root element. Raises UnreadableFile with the place of the fault, or when the file defines entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(raw.read(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(raw.name, f"not valid XML ({str(error)[:100]})") from error
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and next(document_type.iterentities(), None) is not None:
        raise UnreadableFile(raw.name, "XML that defines entities, which are not read")
    return root


def local_name(element: _Element) -> str:
    """The name of an element without its namespace, in lower case; "" for comments."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def all_named(root: _Element, *names: str) -> Iterator[_Element]:
    """The elements under `root` with one of these local names, in order."""
    return (element for element in root.iter() if isinstance(element.tag, str) and local_name(element) in names)


def first_named(root: _Element | None, *names: str) -> _Element | None:
    """The first element of the first of these local names that there is."""
    if root is None:
        return None
    return next((found for name in names if (found := next(all_named(root, name), None)) is not None), None)


def line_of(element: _Element | None) -> str:
    """The text in an element, on one line."""
    return clean_line("".join(element.itertext())) if element is not None else ""


def first_line(root: _Element | None, *names: str) -> str:
    """The text of the first element of these names that has any."""
    found = (line_of(element) for name in names for element in (all_named(root, name) if root is not None else ()))
    return next((text for text in found if text), "")


def paragraphs_in(root: _Element | None) -> tuple[str, ...]:
    """The texts of the paragraphs, headings and items under `root`; where there are none, all of its text."""
    if root is None:
        return ()
    # Of an item or a quotation that holds paragraphs these are read.
    named = list(all_named(root, *_HTML_BLOCKS))
    blocks = [one for one in named if local_name(one) == "p" or next(all_named(one, "p"), None) is None]
    texts = tuple(text for block in blocks if (text := line_of(block)))
    return texts or ((text,) if (text := line_of(root)) else ())
