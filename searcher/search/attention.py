"""Attention: how many articles of each period a query finds, and what its peaks are about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from searcher.clock import Clock
from searcher.engine.base import BUDGET_SPENT
from searcher.engine.protocol import Engine, Snapshot
from searcher.engine.searches import DAY, MONTH, STORY_DAY, STORY_MONTH, Ranking, Search
from searcher.query.tree import Query, Warning
from searcher.search.labels import Label, PeakReader
from searcher.search.peaks import Count, peaks
from searcher.search.periods import (
    Calendar,
    Step,
    bounded_step,
    default_step,
    end_of,
    start_of,
    starts_between,
)
from searcher.search.request import Request
from searcher.wording import said

MOST_PERIODS = 10_000
"""Maximum number of periods of an answer: 27 years by day. More would make answers of megabytes of
zeros for a few articles with dates far apart."""


class Period(NamedTuple):
    """A period and its articles."""

    start: date
    """Its first day."""
    end: date
    """The first day after it."""
    count: Count  # type: ignore[assignment]
    """Numbers of articles."""
    stories: int
    """Number of stories whose first article that matches is in it."""


class Peak(NamedTuple):
    """A period that stands out, and what it is about."""

    place: int
    """Its place among the periods, from 0."""
    label: Label
    """Its label."""


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
    total_stories: int
    """Number of their stories; an article without a place among them is one of its own."""
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
            "total_stories": self.total_stories,
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
                    "stories": period.stories,
                }
                for period in self.periods
            ],
            "peaks": [
                {
                    "start": self.periods[peak.place].start.isoformat(),
                    **peak.label.to_json(),
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
            archive = self._archive_of(snapshot)
            counted = _counted(snapshot, query, by, archive, self._seconds)
            ranking = counted.ranking
            periods, step = _periods(counted, archive, by, most)
            found = peaks([period.count for period in periods], archive.total)
            reader = PeakReader(snapshot, query, ranking, self._clock, begin + self._seconds)
            labels = reader.describe([(periods[at].start, periods[at].end) for at in found])
        warnings = ranking.warnings
        if by is not None and step != by:
            message = said(
                "there are more than %(most)s periods by %(by)s; counted by %(step)s",
                most=most,
                by=by,
                step=step,
            )
            warnings += (Warning(message, (0, 0)),)
        if reader.is_late and BUDGET_SPENT not in warnings:
            warnings += (BUDGET_SPENT,)
        return Attention(
            query=request.query,
            step=step,
            periods=periods,
            peaks=tuple(map(Peak, found, labels)),
            total=ranking.total,
            total_stories=ranking.total_stories,
            undated=ranking.total - sum(counted.articles.values()),
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
        self._steps: dict[Step, _Steps] = {}

    def by(self, step: Step) -> _Steps:
        """Return its periods of a step."""
        if step not in self._steps:
            first, last = self.span or (date.min, date.min)
            is_short = bounded_step(first, last, step, MOST_PERIODS) == step
            starts = list(starts_between(first, last, step)) if is_short else []
            calendar = Calendar(self._days, step)
            self._steps[step] = _Steps(starts, calendar, calendar.sums(self._days))
        return self._steps[step]


class _Steps(NamedTuple):
    """The periods of an archive."""

    starts: list[date]
    """Their first days, ascending; none if there are very many."""
    calendar: Calendar
    """The period of each of its days."""
    articles: dict[date, int]
    """Number of all articles by period."""

    def between(self, first: date, last: date, step: Step) -> list[date]:
        """Return the first days of the periods from that of one day to that of another."""
        end = bisect_right(self.starts, start_of(last, step))
        found = self.starts[bisect_left(self.starts, start_of(first, step)) : end]
        return found or list(starts_between(first, last, step))


def _span(days: Mapping[str, int]) -> tuple[date, date]:
    return date.fromisoformat(min(days)), date.fromisoformat(max(days))


class _Counted(NamedTuple):
    """The articles and stories that a query finds by day, or by the first day of their month."""

    ranking: Ranking
    """The result of the search, without articles."""
    articles: Mapping[str, int]
    """Number of articles by day."""
    stories: Mapping[str, int]
    """Number of stories."""
    by_month: bool
    """Whether the days are those of months."""


def _counted(
    snapshot: Snapshot, query: Query, by: Step | None, archive: _Archive, seconds: float
) -> _Counted:
    """Count the articles and stories of a query by month where periods are not shorter, else by
    day, which takes twice as long to add up."""
    if by in ("month", "year") or (by is None and archive.span and _in_months(*archive.span)):
        ranking = snapshot.search(
            Search(query, limit=0, seconds=seconds, facets=(MONTH, STORY_MONTH), by_story=True)
        )
        articles, stories = (
            {f"{month}-01": count for month, count in ranking.facets[name].items()}
            for name in (MONTH, STORY_MONTH)
        )
        if by or not articles or _in_months(*_span(articles)):
            return _Counted(ranking, articles, stories, True)
    ranking = snapshot.search(
        Search(query, limit=0, seconds=seconds, facets=(DAY, STORY_DAY), by_story=True)
    )
    return _Counted(ranking, ranking.facets[DAY], ranking.facets[STORY_DAY], False)


def _in_months(first: date, last: date) -> bool:
    """Return whether the default step from one day or month to another is a month or a year."""
    return default_step(end_of(start_of(first, "month"), "month"), last) in ("month", "year")


def _periods(
    counted: _Counted, archive: _Archive, by: Step | None, most: int
) -> tuple[tuple[Period, ...], Step]:
    """Return the periods from the first day to the last one, and their step."""
    if not counted.articles:
        return (), by or "day"
    first, last = _span(counted.articles)
    step = bounded_step(first, last, by or default_step(first, last), most)
    steps = archive.by(step)
    calendar = Calendar(counted.articles, step) if counted.by_month else steps.calendar
    articles, stories = calendar.sums(counted.articles), calendar.sums(counted.stories)
    starts = steps.between(first, last, step)
    ends = [*starts[1:], end_of(starts[-1], step)]
    # By functions in C, as there may be thousands of days.
    found, every, held = (
        map(counts.get, starts, repeat(0)) for counts in (articles, steps.articles, stories)
    )
    return tuple(map(Period, starts, ends, map(Count, found, every), held)), step
