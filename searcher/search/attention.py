"""Attention: how many articles of each period a query finds, and what its peaks are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.base import BUDGET_SPENT
from searcher.engine.protocol import DAY, Engine, Ranking, Search, Snapshot
from searcher.query.tree import Clause, Group, Occur, Published, Query, Warning
from searcher.search.peaks import Count, peaks
from searcher.search.periods import (
    Calendar,
    Step,
    bounded_step,
    default_step,
    end_of,
    starts_between,
)
from searcher.search.request import Request
from searcher.search.telling import Telling, telling

MOST_PERIODS = 10_000
"""Maximum number of periods of an answer: 27 years by day. More would make answers of megabytes of
zeros for a few articles with dates far apart."""
_SAMPLE = 60
"""Number of articles by which a peak is described, the best of the query in it. Each takes a third
of a millisecond; on eight queries of Reuters 100 gave the same labels, and 40 none for two of ten
peaks."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period and its articles."""

    start: date
    """Its first day."""
    end: date
    """The first day after it."""
    count: Count
    """Numbers of articles."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A period that stands out, and what it is about."""

    place: int
    """Its place among the periods, from 0."""
    about: Telling
    """Its telling words and its most typical headline."""


@dataclass(frozen=True, slots=True)
class Attention:
    """The articles that a query finds, by period. Periods are of the calendar in UTC."""

    query: str
    """The query as typed."""
    step: Step
    """The length of the periods."""
    periods: tuple[Period, ...]
    """The periods from the first article found to the last one, without gaps."""
    peaks: tuple[Peak, ...]
    """The peaks, the most significant first; see `search.peaks`."""
    total: int
    """Number of articles found."""
    undated: int
    """Number of those without a date, which are in no period."""
    archive: tuple[date, date] | None
    """The first and the last day of which the archive has an article; None if none has a date."""
    warnings: tuple[Warning, ...]
    """Warnings about the query."""
    took_ms: float
    """Duration in milliseconds."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of an answer in `--json` and the API."""
        return {
            "query": self.query,
            "by": self.step,
            "zone": "UTC",
            "total": self.total,
            "undated": self.undated,
            "archive": [day.isoformat() for day in self.archive] if self.archive else None,
            "took_ms": round(self.took_ms, 3),
            "warnings": [
                {"message": w.message, "start": w.span[0], "end": w.span[1]} for w in self.warnings
            ],
            "periods": [
                {
                    "start": period.start.isoformat(),
                    "end": period.end.isoformat(),
                    "articles": period.count.articles,
                    "all_articles": period.count.all_articles,
                    "share": round(period.count.share, 6),
                }
                for period in self.periods
            ],
            "peaks": [
                {
                    "start": self.periods[peak.place].start.isoformat(),
                    "words": list(peak.about.words),
                    "headline": peak.about.headline,
                    "id": peak.about.article_id,
                }
                for peak in self.peaks
            ],
        }


class AttentionCounter:
    """Counts articles by period. Safe in threads."""

    def __init__(self, engine: Engine, clock: Clock, seconds: float) -> None:
        """seconds: time budget of one answer."""
        self._engine = engine
        self._clock = clock
        self._seconds = seconds
        self._archive = _Archive(-1, {})

    def count(
        self, request: Request, by: Step | None = None, most: int = MOST_PERIODS
    ) -> Attention:
        """Return the articles that a request finds, by period.

        by: the length of the periods, by default one that suits their span.
        most: maximum number of periods; if there were more, they are longer, with a warning.

        When the time budget is spent, peaks are not described, with a warning. Raises IndexMissing,
        IndexDamaged and IndexOutdated, and ValueError for an invalid request.
        """
        begin = self._clock.monotonic()
        now = self._clock.now()
        query = request.validated(now).parsed(now)
        with self._engine.snapshot() as snapshot:
            search = Search(query, limit=0, seconds=self._seconds, facets=(DAY,))
            ranking = snapshot.search(search)
            days, archive = ranking.facets[DAY], self._archive_of(snapshot)
            periods, step = _periods(days, archive, by, most)
            found = peaks([period.count for period in periods], archive.total)
            reader = _PeakReader(snapshot, query, ranking, self._clock, begin + self._seconds)
            described = reader.describe(periods, found)
        warnings = ranking.warnings
        if by is not None and step != by:
            message = f"there are more than {most:,} periods by {by}; counted by {step}"
            warnings += (Warning(message, (0, 0)),)
        if reader.is_late and BUDGET_SPENT not in warnings:
            warnings += (BUDGET_SPENT,)
        return Attention(
            query=request.query,
            step=step,
            periods=periods,
            peaks=described,
            total=ranking.total,
            undated=ranking.total - sum(days.values()),
            archive=archive.span,
            warnings=warnings,
            took_ms=(self._clock.monotonic() - begin) * 1000,
        )

    def _archive_of(self, snapshot: Snapshot) -> _Archive:
        """Return the numbers of all articles; remembered for the last commit."""
        archive = self._archive
        if archive.generation != snapshot.generation:
            archive = self._archive = _Archive(snapshot.generation, snapshot.facet(DAY))
        return archive


class _Archive:
    """The number of all articles by day and by period. Safe in threads."""

    def __init__(self, generation: int, days: Mapping[str, int]) -> None:
        """generation: of the index. days: the number of its articles by day."""
        self.generation = generation
        self._days = days
        self.total = sum(days.values())
        self.span = _span(days) if days else None
        self._steps: dict[Step, tuple[Calendar, dict[date, int]]] = {}

    def by(self, step: Step) -> tuple[Calendar, dict[date, int]]:
        """Return the periods of its days, and the number of articles in each."""
        if step not in self._steps:
            calendar = Calendar(self._days, step)
            self._steps[step] = (calendar, calendar.sums(self._days))
        return self._steps[step]


def _span(days: Mapping[str, int]) -> tuple[date, date]:
    return date.fromisoformat(min(days)), date.fromisoformat(max(days))


def _periods(
    days: Mapping[str, int], archive: _Archive, by: Step | None, most: int
) -> tuple[tuple[Period, ...], Step]:
    """Return the periods from the first day to the last one, and their step."""
    if not days:
        return (), by or "day"
    first, last = _span(days)
    step = bounded_step(first, last, by or default_step(first, last), most)
    calendar, every = archive.by(step)
    found = calendar.sums(days)
    return tuple(
        Period(start, end_of(start, step), Count(found.get(start, 0), every.get(start, 0)))
        for start in starts_between(first, last, step)
    ), step


class _PeakReader:
    """Reads articles of peaks to describe them."""

    def __init__(
        self, snapshot: Snapshot, query: Query, ranking: Ranking, clock: Clock, deadline: float
    ) -> None:
        """ranking: the result of the query. deadline: time of the clock."""
        self._snapshot = snapshot
        self._query = query
        self._clock = clock
        self._deadline = deadline
        self._ignored = frozenset(
            term
            for pattern in ranking.patterns
            for alternative in pattern.alternatives
            for terms in alternative
            for term in terms
        )
        self.is_late = False
        """Whether the time was up before all peaks were described."""

    def describe(self, periods: Sequence[Period], places: Sequence[int]) -> tuple[Peak, ...]:
        """Return the peaks at these places. Each is compared with the best articles of the other
        peaks, and of all other periods."""
        if not places:
            return ()
        spans = [_published(periods[place]) for place in places]
        inside = [self._best(Clause(Occur.REQUIRED, span)) for span in spans]
        elsewhere = self._best(*(Clause(Occur.EXCLUDED, span) for span in spans))
        about = telling(inside, elsewhere, self._ignored)
        return tuple(Peak(place, words) for place, words in zip(places, about, strict=True))

    def _best(self, *clauses: Clause) -> list[Article]:
        """Return the best articles of the query that match these clauses, too."""
        left = self._deadline - self._clock.monotonic()
        if left <= 0:
            self.is_late = True
            return []
        query = replace(self._query, root=Group((*self._query.root.clauses, *clauses)))
        search = Search(query, limit=_SAMPLE, seconds=left, totals=False)
        return [article for article, _ in self._snapshot.search(search).ranked]


def _published(period: Period) -> Published:
    return Published(_midnight(period.start), _midnight(period.end))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
