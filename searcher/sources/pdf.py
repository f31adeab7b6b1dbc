"""PDF with text in it: printed pages, releases, reports. pypdf gives lines and their sizes, which
tell paragraphs."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.opening import split_opening
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line, unwrapped

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf import PdfReader as Pdf

_SIGNATURE = b"%PDF-"
_MOST_PAGES = 300
_MOST_OPERATORS = 1_000_000
"""Of all pages: a page can call a form that calls another, each many times."""
_GAP = 1.35
"""How much further than usual two lines stand apart between paragraphs."""
_LARGER = 1.15
"""How much larger than the text a headline is set."""
_RUNNING_SHARE, _RUNNING_PAGES, _MARGIN = 0.5, 2, 2
_WRONG_KINDS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What pypdf raises where an object of a damaged file is of another kind than it should be."""
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?…:。！？”\"»)]\s*$")


class _Line(NamedTuple):
    """A line of text, the size of its letters, and how far from the foot of the page it stands, in
    points."""

    text: str
    size: float
    height: float


class _Paragraph(NamedTuple):
    text: str
    size: float


class _TooMuch(Exception):
    """More operators than a document of text has."""


class PdfReader:
    """One article: its headline is what is set largest on the first page, else the document's
    title."""

    format = "pdf"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return head.startswith(_SIGNATURE)

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        from pypdf import PdfReader as Pdf
        from pypdf import filters
        from pypdf.errors import DependencyError, PyPdfError

        # For some pictures it would start a program, if there is one of that name.
        filters.JBIG2DEC_BINARY = None
        # What it mends without being asked is said by what it reads.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
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
                raw.name, "a PDF with more drawing in it than any text needs"
            ) from error


def _pages(pdf: Pdf) -> list[list[_Line]]:
    """The lines of each page, without those at head or foot that most pages have."""
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
    """The highest and the lowest lines of a page."""
    ordered = sorted(lines, key=lambda line: line.height)
    return {*ordered[:_MARGIN], *ordered[-_MARGIN:]}


def _lines(page: PageObject, operators: Iterator[int]) -> list[_Line]:
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
    opening = split_opening(texts, max(at, 0))
    return Document(
        origin,
        PdfReader.format,
        headline=headline or about.get("title", ""),
        paragraphs=opening.paragraphs,
        authors=opening.authors or ((about["author"],) if "author" in about else ()),
        language=about.get("language", ""),
        dates=(*opening.dates, *((("pdf", about["created"]),) if "created" in about else ())),
    )


def _paragraphs(pages: list[list[_Line]]) -> Iterator[_Paragraph]:
    """Lines joined: of one size, at the usual distance, or from the foot of one column to the head
    of the next."""
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
    steps = [round(a.height - b.height) for a, b in pairwise(lines) if a.height - b.height > 1]
    return Counter(steps).most_common(1)[0][0] if steps else 0.0


def _goes_on(last: _Line, line: _Line, usual: float) -> bool:
    if last.size != line.size:
        return False
    if line.height >= last.height:
        return not _ENDS.search(last.text)
    return last.height - line.height <= _GAP * max(usual, line.size)


def _headline(paragraphs: list[_Paragraph]) -> tuple[str, int]:
    """What is set largest at the beginning, and its number; ("", -1) where nothing is larger than
    the text."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    first = paragraphs[:20]
    at = max(range(len(first)), key=lambda number: (first[number].size, -number))
    usual = sizes.most_common(1)[0][0]
    return (first[at].text, at) if first[at].size > usual * _LARGER else ("", -1)


def _about(pdf: Pdf) -> dict[str, str]:
    """What the document says about itself, by the names "title", "author", "created" and
    "language"."""
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
    try:
        return stated.creation_date.isoformat() if stated.creation_date else ""
    except ValueError:
        return ""
