"""The articles of one search in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine import weights
from searcher.engine.explain import score_parts
from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.scoring import Scoring
from searcher.engine.opensearch.view import Budget, View, column
from searcher.engine.searches import ScorePart, Search, Sort

COLUMNS = ("number", "key", "story", "published", "length")
"""The columns that are read of each row."""
_BY_DATE: dict[str, list[Json]] = {
    order: [{"published": {"order": way, "missing": "_last"}}, {"key": "asc"}]
    for order, way in (("newest", "desc"), ("oldest", "asc"))
}
_FIRST_ROWS = 20
"""Number of rows beside the best ones that are read at once, for ties."""


@dataclass(slots=True)
class Row:
    """An article that a search found."""

    hit: Mapping[str, Any]
    """The row of the cluster."""
    score: float
    """Its score by single patterns."""
    gains: Mapping[str, float] = field(default_factory=dict)
    """The additions to it, by kind."""

    @property
    def total(self) -> float:
        """Its score."""
        return self.score + sum(self.gains.values())

    @property
    def number(self) -> int:
        """The number of its document."""
        found: int = column(self.hit, "number")
        return found

    @property
    def story(self) -> int:
        """The number of its story; 0 without one."""
        return int(column(self.hit, "story", 0))

    def key(self, sort: Sort) -> tuple[float, float, float, str]:
        """Return its sort key among those that match alike, as the engine in memory has it."""
        moment = column(self.hit, "published")
        by_date = 0.0 if moment is None else float(moment if sort == "oldest" else -moment)
        by_score = -round(self.total, SCORE_DIGITS) if sort == "relevance" else 0.0
        return (by_score, 1.0 if moment is None else 0.0, by_date, column(self.hit, "key"))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Reads the articles of one search in their order."""

    view: View
    """The documents."""
    scoring: Scoring
    """Their scores."""
    tiers: Sequence[Json]
    """The conditions of those that come first, and of those that come after them."""
    search: Search
    """The search."""
    budget: Budget
    """Its time budget."""

    def rows(self, rescored: bool = True) -> Iterator[Row]:
        """Yield the articles in order. rescored: whether the best ones are scored again by more
        than single words. Raises Spent."""
        tiers = [self._tier(condition) for condition in self.tiers]
        if self.search.sort != "relevance" or not rescored:
            return chain(*tiers)
        return self._rescored(tiers)

    def _rescored(self, tiers: Sequence[Iterator[Row]]) -> Iterator[Row]:
        best = 0
        for tier in tiers:
            window: list[Row] = []
            rest: list[Row] = []
            for row in tier:
                least = round(window[-1].score, SCORE_DIGITS) if window else 0.0
                if best >= weights.WINDOW and (
                    not window or round(row.score, SCORE_DIGITS) < least
                ):
                    rest.append(row)
                    break
                window.append(row)
                best += 1
            for row in window:
                if round(row.score, SCORE_DIGITS) > 0:
                    gains = self.scoring.gains(row.hit, row.score, self.search.half_life)
                    row.gains = gains
            yield from sorted(window, key=lambda row: row.key("relevance"))
            yield from rest
            yield from tier

    def _tier(self, condition: Json) -> Iterator[Row]:
        by_score = self.search.sort == "relevance"
        sort: list[Json] = [{"_score": "desc"}] if by_score else []
        sort += _BY_DATE["newest" if by_score else self.search.sort]
        wanted = self.search.offset + self.search.limit
        first = max(wanted, weights.WINDOW) + _FIRST_ROWS if by_score else wanted + 1
        told = [self.scoring.told()] if by_score else []
        query = {"bool": {"filter": [condition, *told], "should": [self.scoring.query()]}}
        hits = self.view.rows(query, sort, COLUMNS, self.budget, first, scored=True)
        return (Row(hit, self.scoring.score(hit)) for hit in hits)

    def once_each_story(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield of rows in order the first of each story, and those without a place."""
        known: set[int] = set()
        for row in rows:
            if row.story and row.story in known:
                continue
            known.add(row.story)
            yield row

    def parts(self, row: Row) -> tuple[ScorePart, ...]:
        """Return the parts of a score."""
        return score_parts(self.scoring.plan.names, self.scoring.parts(row.hit), row.gains)
