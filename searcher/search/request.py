"""A search as a user asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from searcher.engine.protocol import FACETS, Search, Sort
from searcher.query.parser import parse
from searcher.query.tree import Clause, Field, Group, Language, Node, Occur, Published, Query
from searcher.query.values import date_range, language_codes
from searcher.search.hits import DEEPEST_HIT

LARGEST_PAGE = 100
"""Maximum number of hits on a page. Larger pages cost time for snippets that are rarely read."""


@dataclass(frozen=True, slots=True)
class Request:
    """A search as a user asks for it: strings that are not parsed yet.

    Filters narrow the query as if they were typed into it; "" means no filter.
    `engine.protocol.Search` is the same after parsing, without the values that engines do not need.
    """

    query: str
    """The query as typed."""
    sort: Sort = "relevance"
    """Order of the hits."""
    page: int = 1
    """Number of the page, from 1."""
    size: int = 10
    """Maximum number of hits on a page, at most LARGEST_PAGE."""
    lang: str = ""
    """Filter: language codes separated by commas."""
    source: str = ""
    """Filter: name or domain of an outlet."""
    after: str = ""
    """Filter: date of publication or later, in any form that the query language reads."""
    before: str = ""
    """Filter: before this date."""
    match_all: bool = False
    """Whether articles must match every wanted clause."""
    facets: tuple[str, ...] = ()
    """Facets to count over all matching articles; some of FACETS."""
    recency: bool = True
    """Whether recent articles get extra score."""
    broaden: bool = False
    """Whether to rank also by typical words of the best articles. It only applies to the order by
    relevance."""
    without: tuple[str, ...] = ()
    """Spellings and added words that are ignored."""
    verbatim: bool = False
    """Whether the query is searched for as typed even if it finds nothing."""
    explain: bool = False
    """Whether to return the parts of each score."""
    by_story: bool = True
    """Whether articles of one story are one hit, the best of them."""

    def validated(self, now: datetime) -> Request:
        """Return this request. Raises ValueError for a filter that cannot be read and a page that
        cannot be reached."""
        if not 1 <= self.size <= LARGEST_PAGE:
            raise ValueError(f"a page holds 1 to {LARGEST_PAGE} articles, not {self.size}")
        if not 1 <= self.page <= -(-DEEPEST_HIT // self.size):
            raise ValueError(
                f"page {self.page} is out of reach: pages end at article {DEEPEST_HIT}"
            )
        if unknown := set(self.facets).difference(FACETS):
            raise ValueError(f"facets are {', '.join(FACETS)}, not {min(unknown)!r}")
        if self.lang and (language_codes(self.lang)[1] or not language_codes(self.lang)[0]):
            raise ValueError(f"{self.lang!r} is not a language code such as en, fr or zh")
        for name, value in (("after", self.after), ("before", self.before)):
            if value and date_range(name, value, now) is None:
                raise ValueError(
                    f"{value!r} is not a date such as 2022-06-01, 2022-06, 2022, today or 7d"
                )
        return self

    def parsed(self, now: datetime) -> Query:
        """Return the parsed query with the filters. Relative dates count from `now`."""
        query = parse(self.query, now)
        filters = tuple(Clause(Occur.REQUIRED, node) for node in self._filters(now))
        return replace(
            query,
            root=Group((*query.root.clauses, *filters)),
            match_all=query.match_all or self.match_all,
            without=self.without,
        )

    def _filters(self, now: datetime) -> Iterator[Node]:
        if self.lang:
            yield Language(language_codes(self.lang)[0])
        if self.source:
            yield Field("source", self.source)
        for name, value in (("after", self.after), ("before", self.before)):
            if value and (bounds := date_range(name, value, now)):
                yield Published(*bounds)

    def search(self, query: Query, seconds: float, half_life: float) -> Search:
        """Return the Search for the page asked for.

        query: the parsed query with the filters of this request; see `parsed`.
        seconds: time budget in seconds.
        half_life: age in seconds at which recency adds half as much.
        """
        offset = (self.page - 1) * self.size
        return Search(
            query,
            sort=self.sort,
            offset=offset,
            limit=min(self.size, DEEPEST_HIT - offset),
            seconds=seconds,
            facets=self.facets,
            half_life=half_life if self.recency else None,
            explain=self.explain,
            by_story=self.by_story,
        )
