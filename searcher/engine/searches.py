"""Searches, rankings and listings: the values that engines are asked for and answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from searcher.article import Article
from searcher.engine.patterns import Pattern
from searcher.engine.places import Place
from searcher.query.tree import Query, Warning

Sort: TypeAlias = Literal["relevance", "newest", "oldest"]

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
"""The orders that articles can be sorted in; "newest" and "oldest" are orders by date of
publication."""

MONTH = "month"
"""Facet of the month of publication in UTC, such as "2024-05"; undated articles have none."""

DAY = "day"
"""Facet of the day of publication in UTC, such as "2024-05-17"; undated articles have none."""

YEAR = "year"
"""Facet of the year of publication in UTC; undated articles have none."""

STORY_MONTH, STORY_DAY = "story-month", "story-day"
"""The month and the day of stories: each counts once, by the date of its first article that
matches. An article without a place among the stories is one of its own."""

FACETS = ("language", "source", "section", "agency", "kind", YEAR, MONTH, DAY)
"""Names of the facets: the values by which matching articles can be counted."""

NARROWED_BY = {
    "language": "lang",
    "source": "source",
    "section": "section",
    "agency": "agency",
    "kind": "kind",
    YEAR: "date",
}
"""By facet, the field whose chosen values its counts ignore. So the count of each value is the
number of articles that choosing it instead would find. The counts of months and days ignore
none."""


def facet_value(article: Article, facet: str) -> str:
    """Return an article's value of a facet that is not of its date."""
    if facet == "kind":
        return article.kind or "article"
    return str(getattr(article, facet))


@dataclass(frozen=True, slots=True)
class Search:
    """A parsed query and the part of its result that is asked of an engine.

    `search.request.Request` is the same before parsing: the text of a user.
    """

    query: Query
    """The parsed query, with its filters."""
    sort: Sort = "relevance"
    """Order of the articles found; see `Snapshot.search`."""
    offset: int = 0
    """Rank of the first article returned, from 0."""
    limit: int = 10
    """Maximum number of articles returned; 0 returns counts alone."""
    seconds: float | None = None
    """Time budget in seconds; None means that there is none."""
    totals: bool = True
    """Whether `total` and `total_all` are needed. Without them not all matches are visited."""
    facets: tuple[str, ...] = ()
    """Facets to count over all matching articles; some of FACETS, STORY_MONTH and STORY_DAY. See
    NARROWED_BY."""
    since: tuple[datetime, ...] = ()
    """Moments since each of which matching articles are to be counted. These counts ignore dates
    that were chosen."""
    half_life: float | None = None
    """Age in seconds at which recency adds half as much to a score; None ignores dates."""
    explain: bool = False
    """Whether to return the parts of each score."""
    by_story: bool = False
    """Whether only the best article of each story is ranked. Totals and facets are of all."""


class Also(NamedTuple):
    """A word of the query and the other spellings that were matched with it."""

    word: str
    """The word as typed."""
    spellings: tuple[str, ...]
    """The other spellings, in descending order of frequency; those of the table of names come
    first."""


class ScorePart(NamedTuple):
    """A part of a score."""

    name: str
    """A clause of the query, or a signal such as "recency"."""
    score: float
    """Amount that it adds to the score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The result of a Search."""

    total: int = -1
    """Number of articles that count: those that match every wanted clause, common words aside. If
    there are none before filters are chosen, or with match:any, all that match. -1 if totals were
    not asked for."""
    total_some: int = -1
    """Number of articles that match besides these. They rank after them, unless the ranking is
    `mixed`. -1 as `total`."""
    total_all: int = -1
    """Number of articles that match every wanted clause, common words aside. -1 as `total`."""
    total_stories: int = -1
    """Number of stories of the articles that count, an article without a place being one; -1 unless
    totals by story were asked for."""
    total_copies: int = -1
    """Number of articles that count and are copies of others that do: all of each group of copies
    but one. -1 as `total`."""
    entries: int = -1
    """Number of all ranked articles: all that match or, by story, one of each story. -1 as
    `total`."""
    mixed: bool = False
    """Whether articles with all and with some of the words are ranked together: by relevance, if
    the query has many words."""
    ranked: tuple[tuple[Article, float], ...] = ()
    """The articles of the page and their scores, best first."""
    stories: tuple[int, ...] = ()
    """Number of the story of each of them; 0 for an article without a place."""
    patterns: tuple[Pattern, ...] = ()
    """Patterns that score: the terms to highlight."""
    warnings: tuple[Warning, ...] = ()
    """Warnings of the parser and of the search."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each facet asked for, the number of articles that count by value."""
    since: tuple[int, ...] = ()
    """The number of articles that count published at or after each moment asked for."""
    also: tuple[Also, ...] = ()
    """Other spellings that were matched."""
    common: tuple[str, ...] = ()
    """Common words that were set aside: they add to scores and find nothing."""
    parts: tuple[tuple[ScorePart, ...], ...] = ()
    """For each article of the page the parts of its score, if an explanation was asked for."""


class Listed(NamedTuple):
    """An article in a Listing."""

    article: Article
    """The article."""
    score: float
    """Its score."""
    place: Place | None
    """Its place among the stories; None if it has none."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All articles that a Search finds and that count; see `Ranking.total`."""

    ranking: Ranking
    """The result as for a page without articles. `total_stories` is known if stories were asked
    for."""
    count: int
    """Number of articles that `articles` yields."""
    articles: Iterator[Listed]
    """The articles in order. Each is read when it is taken, while the snapshot is open."""
    is_complete: bool
    """Whether the search ended before its deadline."""
