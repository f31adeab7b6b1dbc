"""ODT (OpenDocument text): the text of releases, reports and manuscripts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree
from lxml.etree import _Element

from searcher.article import Document, Origin, Rejected
from searcher.sources.protocol import RawInput
from searcher.sources.text_head import split_head
from searcher.sources.xml import first_line, first_named, local_name
from searcher.sources.zipped import Package, names_in
from searcher.text.cleaning import clean_line

_KIND = "an ODT"
_MEDIA_TYPE = "mimetype:application/vnd.oasis.opendocument.text"
"""The declared type of the format, and the beginning of those of its templates."""
_CONTENT = "content.xml"
"""The member with the text."""
_META = "meta.xml"
"""The member with title, author and dates."""
_SKIPPED = frozenset(
    # Tracked deletions, comments, notes and their numbers, contents made of headings, formulas.
    "tracked-changes annotation note table-of-content alphabetical-index forms math "
    "sequence-decls".split()
)
"""Elements whose text is not read, by local name."""
_SPACES = frozenset(("tab", "line-break", "s"))
"""Elements that separate words."""
_CELL = " | "
"""Separates the cells of a row of a table."""
_MOST_CELLS = 200
"""Maximum number of cells of a row that are read. Rows of sheets end in thousands of empty ones."""


class OdtReader:
    """One article; footnotes, comments, headers and footers of pages are left out.

    The headline is the title in the document's properties if the text begins with it, else a
    heading that the text begins with, else the title. A row of a table is a paragraph.
    """

    format = "odt"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return any(name.startswith(_MEDIA_TYPE) for name in names_in(head))

    def has_names(self, names: Collection[str]) -> bool:
        return any(name.startswith(_MEDIA_TYPE) for name in names)

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        package = Package(raw.read(), raw.name, _KIND)
        body = first_named(package.xml(_CONTENT), "text")
        about = package.xml(_META) if _META in package else None
        paragraphs = list(_paragraphs(body)) if body is not None else []
        yield _document(Origin(raw.name), paragraphs, about)


def _document(
    origin: Origin, paragraphs: list[tuple[str, bool]], about: _Element | None
) -> Document | Rejected:
    """Return the article of these paragraphs, each with whether it is a heading."""
    if not paragraphs:
        return Rejected(origin, "an ODT without text")
    title = first_line(about, "title")
    first, is_heading = paragraphs[0]
    begins = is_heading or first.casefold() == title.casefold()
    texts = [text for text, _ in paragraphs[begins:]]
    head = split_head(texts)
    author = first_line(about, "initial-creator") or first_line(about, "creator")
    created, changed = first_line(about, "creation-date"), first_line(about, "date")
    return Document(
        origin,
        OdtReader.format,
        headline=first if begins else title,
        paragraphs=head.paragraphs,
        authors=head.authors or ((author,) if author else ()),
        language=first_line(about, "language"),
        dates=(*head.dates, *((("odt", created),) if created else ())),
        updates=(("odt", changed),) if changed else (),
    )


def _paragraphs(root: _Element) -> Iterator[tuple[str, bool]]:
    """Yield the paragraphs, and the rows of tables, each with whether it is a heading."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in _SKIPPED:
            walk.skip_subtree()
        elif name == "table-row":
            walk.skip_subtree()
            cells = [cell for cell in element if local_name(cell) == "table-cell"][:_MOST_CELLS]
            texts = [text for cell in cells if (text := _text(cell))]
            if texts:
                yield _CELL.join(texts), False
        elif name in ("p", "h"):
            walk.skip_subtree()
            if text := _text(element):
                yield text, name == "h"


def _text(root: _Element) -> str:
    """Return the text of a paragraph or a cell on one line."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "start":
            if name in _SKIPPED:
                walk.skip_subtree()
                continue
            parts.append(element.text or "")
            parts += [" "] if name in _SPACES or (name == "p" and element is not root) else []
        elif element is not root:
            parts.append(element.tail or "")
    return clean_line("".join(parts))
