"""A search as a user asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from searcher.engine.searches import FACETS, Search, Sort
from searcher.query.fields import BY_NAME
from searcher.query.filters import read_filter
from searcher.query.parser import parse
from searcher.query.tree import (
    Clause,
    Either,
    Filter,
    Group,
    Narrowing,
    Node,
    Occur,
    Published,
    Query,
)
from searcher.query.values import date_range
from searcher.search.hits import DEEPEST_HIT

LARGEST_PAGE = 100
"""Maximum number of hits on a page. Larger pages cost time for snippets that are rarely read."""


SINCE = "since"
"""Facet of the articles since each of PRESETS."""

PRESETS = ("1d", "7d", "30d", "1y")
"""Spans before now of which matching articles are counted, as `after` takes them."""

CHOSEN = ("lang", "source", "section", "agency", "kind")
"""Filters of which several values can be chosen, by the names of their fields in the query
language."""

_MOST_VALUES = 100
"""Maximum number of values of a filter. Each is a condition that is evaluated."""

Chosen: TypeAlias = str | tuple[str, ...]
"""Values of a filter; a text is one value, and "" none. A value is written as after the field in
the query language: `=` in front asks for the whole value. `-` before that excludes it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A search as a user asks for it: strings that are not parsed yet.

    Filters narrow the result: to articles that have one of the values of each, and none of those
    that are excluded. Unlike `lang:` in the query, `lang` has no influence on how words are read.
    `engine.searches.Search` is the same after parsing, without the values that engines do not need.
    """

    query: str
    """The query as typed."""
    sort: Sort = "relevance"
    """Order of the hits."""
    page: int = 1
    """Number of the page, from 1."""
    size: int = 10
    """Maximum number of hits on a page, at most LARGEST_PAGE."""
    lang: Chosen = ()
    """Filter: language codes; one value may hold several, separated by commas."""
    source: Chosen = ()
    """Filter: names or domains of outlets."""
    section: Chosen = ()
    """Filter: sections of outlets."""
    agency: Chosen = ()
    """Filter: wire agencies."""
    kind: Chosen = ()
    """Filter: kinds of articles."""
    after: str = ""
    """Filter: date of publication or later, in any form that the query language reads."""
    before: str = ""
    """Filter: before this date."""
    match_all: bool = False
    """Whether articles must match every wanted clause."""
    match_any: bool = False
    """Whether articles that match some of them are ranked and counted together with those that
    match all."""
    facets: tuple[str, ...] = ()
    """Facets to count over all matching articles; some of FACETS, and SINCE."""
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
    deep: bool = False
    """Whether pages after DEEPEST_HIT can be asked for."""

    def validated(self, now: datetime) -> Request:
        """Return this request. Raises ValueError for a filter that cannot be read and a page that
        cannot be reached."""
        if not 1 <= self.size <= LARGEST_PAGE:
            raise ValueError(f"a page holds 1 to {LARGEST_PAGE} articles, not {self.size}")
        if self.page < 1 or (self.page > -(-DEEPEST_HIT // self.size) and not self.deep):
            raise ValueError(
                f"page {self.page} is out of reach: pages end at article {DEEPEST_HIT}"
            )
        if unknown := set(self.facets).difference((*FACETS, SINCE)):
            raise ValueError(f"facets are {', '.join((*FACETS, SINCE))}, not {min(unknown)!r}")
        for name in CHOSEN:
            if len(self.chosen(name)) > _MOST_VALUES:
                raise ValueError(f"{name} has at most {_MOST_VALUES} values")
            for value in self.chosen(name):
                read, problem = _read(name, value, now)
                if read is None or (problem and name == "lang"):
                    raise ValueError(f"{name}: {problem or 'a value is missing'}")
        for name, value in (("after", self.after), ("before", self.before)):
            if value and date_range(name, value, now) is None:
                known = "2022-06-01, 2022-06, 2022, today or 7d"
                raise ValueError(f"{name}: {value!r} is not a date such as {known}")
        return self

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the values of one of the filters CHOSEN, each once."""
        given: Chosen = getattr(self, name)
        return tuple(dict.fromkeys(filter(None, (given,) if isinstance(given, str) else given)))

    def parsed(self, now: datetime) -> Query:
        """Return the parsed query with the filters. Relative dates count from `now`.

        A query that says match:all or match:any overrules this request.
        """
        query = parse(self.query, now)
        says = query.match_all or query.match_any
        return replace(
            query,
            match_all=query.match_all if says else self.match_all,
            match_any=query.match_any if says else self.match_any,
            without=self.without,
            narrowed=tuple(self._narrowings(now)),
        )

    def _narrowings(self, now: datetime) -> Iterator[Narrowing]:
        for name in CHOSEN:
            nodes: dict[bool, list[Node]] = {False: [], True: []}
            for value in self.chosen(name):
                read, _ = _read(name, value, now)
                if read is not None:
                    nodes[value.startswith("-")].append(read)
            kept, excluded = nodes[False], nodes[True]
            clauses = [Clause(Occur.EXCLUDED, node) for node in excluded]
            if kept:
                either = Either(tuple(kept)) if len(kept) > 1 else kept[0]
                clauses.insert(0, Clause(Occur.REQUIRED, either))
            if clauses:
                yield Narrowing(name, Group(tuple(clauses)))
        dates = [
            Clause(Occur.REQUIRED, Published(*bounds))
            for name, value in (("after", self.after), ("before", self.before))
            if value and (bounds := date_range(name, value, now))
        ]
        if dates:
            yield Narrowing("date", Group(tuple(dates)))

    def search(self, query: Query, seconds: float, half_life: float, now: datetime) -> Search:
        """Return the Search for the page asked for.

        query: the parsed query with the filters of this request; see `parsed`.
        seconds: time budget in seconds.
        half_life: age in seconds at which recency adds half as much.
        now: the current time, from which PRESETS count.
        """
        spans = (date_range("after", one, now) for one in PRESETS if SINCE in self.facets)
        offset = (self.page - 1) * self.size
        return Search(
            query,
            sort=self.sort,
            offset=offset,
            limit=self.size if self.deep else min(self.size, DEEPEST_HIT - offset),
            seconds=seconds,
            facets=tuple(name for name in self.facets if name != SINCE),
            since=tuple(bounds[0] for bounds in spans if bounds and bounds[0]),
            half_life=half_life if self.recency else None,
            explain=self.explain,
            by_story=self.by_story,
        )


def _read(name: str, value: str, now: datetime) -> tuple[Filter | None, str]:
    """Return a value of a filter as `read_filter`, without its sign of exclusion."""
    text = value.removeprefix("-")
    exact = text.startswith("=")
    text = text.removeprefix("=").strip()
    return read_filter(BY_NAME[name], text, (0, 0), now, exact) if text else (None, "")
