"""PDF with text: printed pages, releases, reports.

pypdf gives the lines, with their size and height; this module joins them to paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.protocol import RawInput
from searcher.sources.text_head import SENTENCE_END, split_head
from searcher.text.cleaning import clean_line, unwrapped

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf import PdfReader as Pdf

_SIGNATURE = b"%PDF-"

_MOST_PAGES = 300
"""Maximum number of pages that are read. Later pages of a longer document are not searchable."""

_MOST_OPERATORS = 1_000_000
"""Maximum number of drawing operators in all pages. A page can draw a form that draws another, each
many times, so that a small file has no end."""

_GAP = 1.35
"""Distance between two lines, as a multiple of the usual one, that begins a paragraph. Smaller
divides paragraphs with a subscript or a larger letter; larger joins those with little space."""

_LARGER = 1.15
"""Minimum size of a headline's letters, as a multiple of the text's."""

_HEADLINE_WITHIN = 20
"""Number of paragraphs at the beginning among which the headline is looked for."""

_RUNNING_SHARE = 0.5
"""Share of the pages that a line at their head or foot is on to be a running title."""

_RUNNING_PAGES = 2
"""Minimum number of pages with a running title, whatever their share."""

_MARGIN = 2
"""Number of lines at the head, and at the foot, of a page that can be running titles."""

_WRONG_KINDS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""The errors that pypdf raises where an object of a damaged file has the wrong type."""
_DIGITS = re.compile(r"\d+")


class _Line(NamedTuple):
    """A line of text."""

    text: str
    """Its text as the page sets it."""
    size: float
    """The size of its letters, in points."""

    height: float
    """Its distance from the foot of the page, in points."""


class _Paragraph(NamedTuple):
    """Lines joined."""

    text: str
    """Its lines as one text."""
    size: float
    """The size of its letters, in points."""


class _TooMuch(Exception):
    """The pages have more than `_MOST_OPERATORS` operators."""


class PdfReader:
    """One article. Its headline is the largest text at the beginning, else the title that the
    document states."""

    format = "pdf"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return head.startswith(_SIGNATURE)

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        from pypdf import PdfReader as Pdf
        from pypdf import filters
        from pypdf.errors import DependencyError, PyPdfError

        # For JBIG2 data pypdf would start an external program. There is no option for one call.
        filters.JBIG2DEC_BINARY = None
        try:
            pdf = Pdf(BytesIO(raw.read()))
            if pdf.is_encrypted and not pdf.decrypt(""):
                raise UnreadableFile(raw.name, "a PDF that is protected by a password")
            pages = _pages(pdf)
            yield _document(Origin(raw.name), pages, _about(pdf))
        except (PyPdfError, DependencyError, *_WRONG_KINDS) as error:
            raise UnreadableFile(
                raw.name, f"a damaged PDF ({clean_line(str(error))[:100]})"
            ) from error
        except _TooMuch as error:
            raise UnreadableFile(
                raw.name, f"a PDF with more than {_MOST_OPERATORS:,} drawing operators"
            ) from error


def _pages(pdf: Pdf) -> list[list[_Line]]:
    """Return the lines of each page, without running titles and page numbers."""
    operators = iter(range(_MOST_OPERATORS))
    pages = [_lines(page, operators) for page in islice(pdf.pages, _MOST_PAGES)]
    margins = [_margins(lines) for lines in pages]
    times = Counter(
        key for lines in margins for key in {_DIGITS.sub("0", line.text) for line in lines}
    )
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages))
    return [
        [line for line in lines if line not in margin or times[_DIGITS.sub("0", line.text)] < least]
        for lines, margin in zip(pages, margins, strict=True)
    ]


def _margins(lines: list[_Line]) -> set[_Line]:
    """Return the highest and the lowest lines of a page."""
    ordered = sorted(lines, key=lambda line: line.height)
    return {*ordered[:_MARGIN], *ordered[-_MARGIN:]}


def _lines(page: PageObject, operators: Iterator[int]) -> list[_Line]:
    """Return the lines of a page in the order in which it draws them.

    operators: an item is taken for each drawing operator. Raises _TooMuch when there is none left.
    """
    found: list[_Line] = []
    texts: list[str] = []
    size = height = 0.0

    def close() -> None:
        if text := clean_line("".join(texts)):
            found.append(_Line(text, size, height))
        texts.clear()

    def read(
        text: str,
        matrix: Sequence[float],
        text_matrix: Sequence[float],
        _font: Any,
        font_size: float,
    ) -> None:
        nonlocal size, height
        if text.strip() and not any(texts):
            size = round(abs(font_size * text_matrix[3] * matrix[3]), 1)
            height = text_matrix[5] * matrix[3] + matrix[5]
        first, *others = text.split("\n")
        texts.append(first)
        for other in others:
            close()
            texts.append(other)

    def count(*_: Any) -> None:
        if next(operators, None) is None:
            raise _TooMuch

    page.extract_text(visitor_text=read, visitor_operand_before=count)
    close()
    return found


def _document(
    origin: Origin, pages: list[list[_Line]], about: dict[str, str]
) -> Document | Rejected:
    paragraphs = list(_paragraphs(pages))
    if not paragraphs:
        return Rejected(origin, "a PDF without text: pictures of pages, perhaps")
    headline, at = _headline(paragraphs)
    texts = [one.text for number, one in enumerate(paragraphs) if number != at]
    head = split_head(texts, max(at, 0))
    return Document(
        origin,
        PdfReader.format,
        headline=headline or about.get("title", ""),
        paragraphs=head.paragraphs,
        authors=head.authors or ((about["author"],) if "author" in about else ()),
        language=about.get("language", ""),
        dates=(*head.dates, *((("pdf", about["created"]),) if "created" in about else ())),
    )


def _paragraphs(pages: list[list[_Line]]) -> Iterator[_Paragraph]:
    """Yield the paragraphs: lines of one size at the usual distance, also across columns."""
    run: list[str] = []
    last: _Line | None = None
    for lines in pages:
        usual = _usual_distance(lines)
        for line in lines:
            if last and not _goes_on(last, line, usual):
                yield _Paragraph(unwrapped(run), last.size)
                run = []
            run.append(line.text)
            last = line
    if last:
        yield _Paragraph(unwrapped(run), last.size)


def _usual_distance(lines: list[_Line]) -> float:
    """Return the most frequent distance between the lines of a page, in points; 0 without any."""
    steps = [round(a.height - b.height) for a, b in pairwise(lines) if a.height - b.height > 1]
    return Counter(steps).most_common(1)[0][0] if steps else 0.0


def _goes_on(last: _Line, line: _Line, usual: float) -> bool:
    """Return whether a line continues the paragraph of the last one.

    A higher line is at the head of the next column or page.
    """
    if last.size != line.size:
        return False
    if line.height >= last.height:
        return not SENTENCE_END.search(last.text)
    return last.height - line.height <= _GAP * max(usual, line.size)


def _headline(paragraphs: list[_Paragraph]) -> tuple[str, int]:
    """Return the largest text at the beginning and its index; ("", -1) if none is larger than the
    rest."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    first = paragraphs[:_HEADLINE_WITHIN]
    at = max(range(len(first)), key=lambda number: (first[number].size, -number))
    usual = sizes.most_common(1)[0][0]
    return (first[at].text, at) if first[at].size > usual * _LARGER else ("", -1)


def _about(pdf: Pdf) -> dict[str, str]:
    """Return the document's metadata: "title", "author", "created", "language", those it states."""
    stated = pdf.metadata
    found = {"language": str(pdf.root_object.get("/Lang") or "")}
    if stated is not None:
        found |= {
            "title": stated.title or "",
            "author": stated.author or "",
            "created": _moment(stated),
        }
    return {name: text for name, text in found.items() if text}


def _moment(stated: Any) -> str:
    """Return the date of creation in ISO 8601; "" for none or one that pypdf cannot parse."""
    try:
        return stated.creation_date.isoformat() if stated.creation_date else ""
    except ValueError:
        return ""
