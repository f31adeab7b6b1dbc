"""XML of the news formats: read by lxml without entities, document types or anything from
elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from searcher.errors import UnreadableFile
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line

_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote pre hl2 dd dt tr div section block bq ul ol dl table body "
    "body.content".split()
)
_SPACES = frozenset("br td th byttl city state country region".split())
_NOT_TEXT = frozenset(
    "media media-caption media-producer figure figcaption script style head note".split()
)


def parse_xml(raw: RawInput) -> _Element:
    """The root element. Raises UnreadableFile with the place of the fault, or when the file defines
    entities."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
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
    """The elements in `root` with one of these local names, in order; none within another."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local_name(element) in names:
            walk.skip_subtree()
            yield element


def first_named(root: _Element | None, *names: str) -> _Element | None:
    """The first element of the first of these local names that there is."""
    if root is None:
        return None
    return next(
        (found for name in names if (found := next(all_named(root, name), None)) is not None), None
    )


def line_of(element: _Element | None) -> str:
    """The text in an element, on one line."""
    return " ".join(paragraphs_in(element))


def first_line(root: _Element | None, *names: str) -> str:
    """The text of the first element of these names that has any."""
    found = (
        line_of(element)
        for name in names
        for element in (all_named(root, name) if root is not None else ())
    )
    return next((text for text in found if text), "")


def paragraphs_in(root: _Element | None) -> tuple[str, ...]:
    """The texts between the boundaries of blocks under `root`, without captions."""
    if root is None:
        return ()
    blocks: list[list[str]] = [[]]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if name in _BLOCKS:
            blocks.append([])
        elif name in _SPACES:
            blocks[-1].append(" ")
        if event == "start" and name in _NOT_TEXT and element is not root:
            walk.skip_subtree()
        elif event == "start":
            blocks[-1].append(element.text or "")
        if event == "end" and element is not root:
            blocks[-1].append(element.tail or "")
    return tuple(text for parts in blocks if (text := clean_line("".join(parts))))
