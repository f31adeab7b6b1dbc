"""DOCX (Office Open XML): the text of releases, reports and manuscripts.

Read by our own pass over the document's XML. python-docx, made for editing, was not chosen: it
unpacks every member without bounds, and its `Paragraph.text` lacks text that was inserted with
tracking, and text boxes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.sources.protocol import RawInput
from searcher.sources.text_head import split_head
from searcher.sources.xml import all_named, first_line, first_named, local_name
from searcher.sources.zipped import Package, names_in
from searcher.text.cleaning import clean_line

_KIND = "a DOCX"

_TYPES = "[Content_Types].xml"
"""The member that every package of Office Open XML has."""

_RELATIONS = "_rels/.rels"
"""The member that names the main document and the properties."""

_MAIN = "word/document.xml"
"""The main document, unless `_RELATIONS` names another."""

_STYLES = "styles.xml"
"""The member with the names of styles, beside the main document."""

_CORE = "docProps/core.xml"
"""The properties (title, creator, dates), unless `_RELATIONS` names another member."""

_SKIPPED = frozenset(
    # Tracked deletions and moves away, the copy of a text box for old programs, field codes,
    # readings above characters, properties.
    "del movefrom fallback instrtext rt rpr ppr tblpr trpr tcpr sectpr".split()
)
"""Elements whose text is not read, by local name."""

_SPACES = frozenset("tab br cr ptab".split())
"""Elements that separate words."""

_HYPHEN = "nobreakhyphen"
_HEADLINE_WITHIN = 20
"""Paragraphs at the beginning among which one in the style "Title" is the headline. Further down it
is the title of a part."""

_CELL = " | "
"""Separates the cells of a table's row."""


class _Paragraph(NamedTuple):
    """A paragraph, or a row of a table."""

    text: str
    """Its text on one line."""

    style: str
    """The name of its style in lower case: "title", "heading 1"; "" for none."""


class DocxReader:
    """One article; footnotes, comments, headers and footers of pages are left out.

    The headline is the paragraph in the style "Title", else a heading that the text begins with,
    else the title in the document's properties. A row of a table is a paragraph.
    """

    format = "docx"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return self.has_names(names_in(head))

    def has_names(self, names: Collection[str]) -> bool:
        return _MAIN in names or (_TYPES in names and any(one.startswith("word/") for one in names))

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        package = Package(raw.read(), raw.name, _KIND)
        if _TYPES not in package:
            raise package.error(f"a ZIP archive with a DOCX's names, but without {_TYPES}")
        related = _related(package)
        main = related.get("officedocument", _MAIN)
        styles = _style_names(package, posixpath.join(posixpath.dirname(main), _STYLES))
        core = related.get("core-properties", _CORE)
        about = package.xml(core) if core in package else None
        body = first_named(package.xml(main), "body")
        paragraphs = _blocks(body, styles) if body is not None else []
        yield _document(Origin(raw.name), paragraphs, about)


def _document(
    origin: Origin, paragraphs: list[_Paragraph], about: _Element | None
) -> Document | Rejected:
    if not paragraphs:
        return Rejected(origin, "a DOCX without text")
    at = _headline(paragraphs)
    headline = paragraphs[at].text if at >= 0 else first_line(about, "title")
    texts = [one.text for number, one in enumerate(paragraphs) if number != at]
    if at < 0 and texts[0].casefold() == headline.casefold():
        texts = texts[1:]
    head = split_head(texts, max(at, 0))
    author, created = first_line(about, "creator"), first_line(about, "created")
    changed = first_line(about, "modified")
    return Document(
        origin,
        DocxReader.format,
        headline=headline,
        paragraphs=head.paragraphs,
        authors=head.authors or ((author,) if author else ()),
        language=first_line(about, "language"),
        dates=(*head.dates, *((("docx", created),) if created else ())),
        updates=(("docx", changed),) if changed else (),
    )


def _headline(paragraphs: list[_Paragraph]) -> int:
    """Return the index of the paragraph that is the headline; -1 for none."""
    first = paragraphs[:_HEADLINE_WITHIN]
    titles = [number for number, one in enumerate(first) if one.style == "title"]
    return titles[0] if titles else 0 if first[0].style.startswith("heading") else -1


def _related(package: Package) -> dict[str, str]:
    """Return the package's members by the last part of the type of their relationship."""
    if _RELATIONS not in package:
        return {}
    found: dict[str, str] = {}
    for one in all_named(package.xml(_RELATIONS), "relationship"):
        kind = (one.get("Type") or "").rpartition("/")[2].lower()
        target = posixpath.normpath((one.get("Target") or "").lstrip("/"))
        if target in package:
            found.setdefault(kind, target)
    return found


def _style_names(package: Package, member: str) -> dict[str, str]:
    """Return the names of the styles by their ids. Ids are translated, names are not."""
    if member not in package:
        return {}
    found: dict[str, str] = {}
    for style in all_named(package.xml(member), "style"):
        found[_value(style, "styleId")] = _value(_child(style, "name"), "val").lower()
    return found


def _value(element: _Element | None, name: str) -> str:
    """Return the attribute of an element with this local name; "" without one."""
    values = element.attrib if element is not None else {}
    return next((text for key, text in values.items() if etree.QName(key).localname == name), "")


class _Row:
    """A row of a table while its cells are read."""

    def __init__(self, start: int) -> None:
        """start: number of paragraphs before the row."""
        self.start = start
        self.texts: list[str] = []
        """The texts of its cells; of a cell with several paragraphs, two of them."""

        self.is_layout = False
        """Whether a cell holds several paragraphs. Such a table is there for the layout: its
        paragraphs are those of the text."""

        self._in_cell = 0

    def begin_cell(self) -> None:
        self._in_cell = 0

    def add(self, texts: Sequence[str]) -> None:
        """Add the texts of a paragraph or of the row of an inner table to the cell."""
        self._in_cell += len(texts)
        self.is_layout = self.is_layout or self._in_cell > 1
        # Two are enough to make a row around this one a layout.
        self.texts += texts[:2]


def _blocks(root: _Element, styles: dict[str, str]) -> list[_Paragraph]:
    """Return the paragraphs under an element that have text, and the rows of its tables.

    One pass: hostile documents nest tables as deep as the parser allows.
    """
    found: list[_Paragraph] = []
    rows: list[_Row] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "end":
            if name == "tr":
                _end_row(rows, found)
        elif name in _SKIPPED:
            walk.skip_subtree()
        elif name == "tr":
            rows.append(_Row(len(found)))
        elif name == "tc" and rows:
            rows[-1].begin_cell()
        elif name == "p" and (text := _text(element)):
            found.append(_Paragraph(text, _style(element, styles)))
            if rows:
                rows[-1].add([text])
    return found


def _end_row(rows: list[_Row], found: list[_Paragraph]) -> None:
    """Replace the paragraphs of the innermost row by one, unless it is a layout."""
    row = rows.pop()
    if row.texts and not row.is_layout:
        found[row.start :] = [_Paragraph(_CELL.join(row.texts), "")]
    if rows:
        rows[-1].add(row.texts)


def _child(element: _Element | None, name: str) -> _Element | None:
    """Return the first child with a local name; None for none."""
    children = element if element is not None else ()
    return next((one for one in children if local_name(one) == name), None)


def _style(paragraph: _Element, styles: dict[str, str]) -> str:
    style = _value(_child(_child(paragraph, "ppr"), "pstyle"), "val")
    return styles.get(style, style.lower())


def _text(paragraph: _Element) -> str:
    """Return the text of a paragraph on one line, without that of paragraphs in its text boxes."""
    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        name = local_name(element)
        hidden = name == "r" and _child(_child(element, "rpr"), "vanish") is not None
        if name in _SKIPPED or hidden or (name == "p" and element is not paragraph):
            walk.skip_subtree()
        elif name == "t":
            parts.append(element.text or "")
        elif name in _SPACES:
            parts.append(" ")
        elif name == _HYPHEN:
            parts.append("-")
    return clean_line("".join(parts))
