"""Two articles compared, as an address names them, and as the template shows them: plain values, no
markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from searcher.article import Article
from searcher.search.service import SearchService
from searcher.stories.comparison import Comparison, compare
from searcher.stories.parts import Kind, Part, Row, Span
from searcher.stories.summary import Summary
from searcher.wording import said
from web.addresses import article_address, version_address
from web.article_view import ArticleFacts, article_facts

SIDES = ("a", "b")
"""Names of the parameters with the ids of the first and of the second article."""


class NotCompared(Exception):
    """Two articles that cannot be compared."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        """Status of the response."""


def compared_articles(service: SearchService, args: Mapping[str, str]) -> tuple[Article, Article]:
    """Return the two articles that the parameters of an address name: `a` and `b`, and of earlier
    versions their numbers, `a_version` and `b_version`.

    Raises NotCompared if one of them is missing, or if both are the same.
    """
    names = [(args.get(side, ""), args.get(f"{side}_version", "")) for side in SIDES]
    if not all(article_id for article_id, _ in names):
        raise NotCompared(400, said("Two articles are compared: a and b are their ids."))
    if names[0] == names[1]:
        raise NotCompared(409, said("These are one article. Two different ones can be compared."))
    first, second = (_article(service, *name) for name in names)
    return first, second


def _article(service: SearchService, article_id: str, version: str) -> Article:
    found = service.articles.get(article_id)
    if found is None:
        raise NotCompared(404, said("There is no article %(id)s.", id=article_id))
    if not version:
        return found
    # A number of more digits than these is too large whatever follows.
    earlier = service.versions.read(found, int(version[:9])) if version.isdecimal() else None
    if earlier is None:
        raise NotCompared(
            404, said("There is no version %(number)s of it in the archive.", number=version)
        )
    return replace(earlier, id=found.id, versions=found.versions)


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a paragraph that differs in one way."""

    kind: Kind
    """How it differs from the other text."""
    text: str
    """Its words."""
    space: str
    """White space behind it."""
    other: str
    """The spelling of the other text; "" if it is not in two spellings."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a paragraph that stayed in its place, or a sentence that moved."""

    moved: int | None
    """Number of the paragraph that has it in the other text; None if it did not move."""
    runs: list[Run]
    """Its words."""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph of one of the texts."""

    number: int
    """Its number. The headline is 0."""
    is_alone: bool
    """Whether the other text has nothing of it."""
    stretches: list[Stretch]
    """Its text."""


@dataclass(frozen=True, slots=True)
class RowView:
    """Paragraphs side by side."""

    is_same: bool
    """Whether both texts have these paragraphs, word for word. They are shown once."""
    first: list[ParagraphView]
    """Paragraphs of the first text."""
    second: list[ParagraphView]
    """Paragraphs of the second text."""


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two articles."""

    name: str
    """"first" or "second"."""
    title: str
    """Its title."""
    link: str
    """Address of its page."""
    facts: ArticleFacts
    """Its metadata."""
    words: int
    """Number of its words."""
    shared: int
    """Percent of its words that the other has, too."""
    quotes: tuple[str, ...]
    """Quotations that it has alone."""


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The page of a comparison."""

    sides: tuple[SideView, SideView]
    """The two articles."""
    summary: Summary
    """Shared text, and the ways in which they differ."""
    rows: list[RowView]
    """Their texts."""


def comparison_page(first: Article, second: Article, args: Mapping[str, str]) -> ComparisonPage:
    """Return the page of two articles. args: as in `compared_articles`."""
    found = compare(first, second)
    sides = tuple(
        SideView(
            name=name,
            title=article.title,
            link=version_address(article, int(number)) if number else article_address(article.id),
            facts=article_facts(article),
            words=found.summary.words[side],
            shared=found.summary.shared_of[side],
            quotes=found.summary.quotes[side],
        )
        for side, (name, article, number) in enumerate(
            (
                ("first", first, args.get("a_version", "")),
                ("second", second, args.get("b_version", "")),
            )
        )
    )
    return ComparisonPage(
        (sides[0], sides[1]), found.summary, [_row_view(found, row) for row in found.rows]
    )


def _row_view(found: Comparison, row: Row) -> RowView:
    first, second = (list(_paragraphs(found, row, side)) for side in (0, 1))
    texts = found.texts_of(row)
    return RowView(texts[0] == texts[1], first, second)


def _paragraphs(found: Comparison, row: Row, side: int) -> Iterator[ParagraphView]:
    """Yield the paragraphs of a side of a row; empty ones are left out."""
    texts = (found.first, found.second)
    for number, spans in groupby(row.spans(side), lambda pair: pair[1].paragraph):
        stretches = [
            Stretch(moved, [_run(texts, side, part, span) for part, span in run])
            for moved, run in groupby(spans, lambda pair: pair[0].moved)
        ]
        is_alone = all(
            run.kind in ("cut", "added") and stretch.moved is None
            for stretch in stretches
            for run in stretch.runs
        )
        yield ParagraphView(number, is_alone, stretches)


def _run(texts: tuple[tuple[str, ...], ...], side: int, part: Part, span: Span) -> Run:
    text = texts[side][span.paragraph][span.start : span.end]
    other = part.first if side else part.second
    spelled = ""
    if part.kind == "spelling" and other:
        spelled = texts[1 - side][other.paragraph][other.start : other.end].strip()
    return Run(part.kind, text.rstrip(), " " if text[-1:].isspace() else "", spelled)
