"""The one way to parse XML: by lxml, without entities, external files or unbounded depth.

Every format that is XML, or holds XML, is parsed by `parse_xml`. It refuses

- a document type that defines entities (expansion attacks, and files read through an entity),
- elements nested deeper than 256 levels, and names, texts or attributes of more than 10 million
  characters: the limits of libxml2,
- content that is not well-formed.

An external document type is never loaded; a reference to an entity of it is kept as written.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from searcher.errors import UnreadableFile
from searcher.text.cleaning import clean_line

_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote pre hl2 dd dt tr div section block bq ul ol dl table body "
    "body.content".split()
)
"""Elements that begin and end a paragraph."""

_SPACES = frozenset("br td th byttl city state country region".split())
"""Elements that separate words within a paragraph."""

_NOT_TEXT = frozenset(
    "media media-caption media-producer figure figcaption script style head note".split()
)
"""Elements whose text is not part of the article's body."""

_RESOURCE_LIMIT = 114
"""libxml2's error number (XML_ERR_RESOURCE_LIMIT) for a document that exceeds one of its bounds."""

_REASON_LENGTH = 100
"""Maximum number of characters of libxml2's message that a reason quotes."""


def parse_xml(data: bytes, name: str) -> _Element:
    """Return the root element of the XML document `data`, without comments and instructions.

    name: the file that a message names.
    Raises UnreadableFile, with the line of the fault, for the documents that this module refuses.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        message = clean_line(str(error))[:_REASON_LENGTH]
        if getattr(error, "code", 0) == _RESOURCE_LIMIT:
            raise UnreadableFile(name, f"XML beyond the parser's limits ({message})") from error
        raise UnreadableFile(name, f"not valid XML ({message})") from error
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and next(document_type.iterentities(), None) is not None:
        raise UnreadableFile(name, "XML that defines entities, which are not read")
    return root


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace, in lower case; "" for an entity."""
    # A fifth of the time of etree.QName.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def all_named(root: _Element, *names: str) -> Iterator[_Element]:
    """Yield the elements in `root` with one of these local names, in document order.

    An element inside one that was yielded is skipped.
    """
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local_name(element) in names:
            walk.skip_subtree()
            yield element


def first_named(root: _Element | None, *names: str) -> _Element | None:
    """Return the first element with the first of these local names that occurs, else None."""
    if root is None:
        return None
    return next(
        (found for name in names if (found := next(all_named(root, name), None)) is not None), None
    )


def line_of(element: _Element | None) -> str:
    """Return the text in an element as one line; "" for None."""
    return " ".join(paragraphs_in(element))


def first_line(root: _Element | None, *names: str) -> str:
    """Return the text of the first element with one of these names that has text, else ""."""
    found = (
        line_of(element)
        for name in names
        for element in (all_named(root, name) if root is not None else ())
    )
    return next((text for text in found if text), "")


def paragraphs_in(root: _Element | None) -> tuple[str, ...]:
    """Return the paragraphs under `root`, without captions; () for None."""
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
