"""Periods of the calendar in UTC, and the counts of days added up by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, TypeAlias

Step: TypeAlias = Literal["day", "week", "month", "year"]

STEPS: tuple[Step, ...] = ("day", "week", "month", "year")
"""Lengths of periods, the shortest first. A week begins on Monday (ISO 8601)."""

_LONGEST: tuple[tuple[Step, int], ...] = (("day", 92), ("week", 2 * 366), ("month", 12 * 366))
"""Maximum span of a default step, in days: a quarter by day, two years by week, twelve by month.
Each gives at most some 150 bars, of which two pixels each fit on a telephone."""
_ONE_DAY = timedelta(days=1)


def default_step(first: date, last: date) -> Step:
    """Return the step that suits the span from one day to another."""
    days = (last - first).days + 1
    return next((step for step, longest in _LONGEST if days <= longest), "year")


def bounded_step(first: date, last: date, step: Step, most: int) -> Step:
    """Return the shortest step, not shorter than `step`, that has at most `most` periods."""
    longer = STEPS[STEPS.index(step) :]
    return next((one for one in longer if _estimate(first, last, one) <= most), "year")


def _estimate(first: date, last: date, step: Step) -> int:
    days = (last - first).days + 1
    return days // {"day": 1, "week": 7, "month": 28, "year": 365}[step] + 2 * (step != "day")


def start_of(day: date, step: Step) -> date:
    """Return the first day of the period that a day is in."""
    match step:
        case "day":
            return day
        case "week":
            # The first Monday of the calendar is its first day.
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)


def end_of(start: date, step: Step) -> date:
    """Return the first day after a period; the last day of the calendar where there is none."""
    try:
        match step:
            case "day":
                return start + _ONE_DAY
            case "week":
                return start + 7 * _ONE_DAY
            case "month":
                return start_of(start + 31 * _ONE_DAY, "month")
            case "year":
                return start.replace(year=start.year + 1)
    except (OverflowError, ValueError):
        return date.max


def starts_between(first: date, last: date, step: Step) -> Iterator[date]:
    """Yield the first day of each period from that of one day to that of another, without gaps."""
    start = start_of(first, step)
    while start <= last:
        yield start
        end = end_of(start, step)
        if end == date.max:
            return
        start = end


class Calendar:
    """The periods of some days, in which the counts of days are added up."""

    def __init__(self, days: Iterable[str], step: Step) -> None:
        """days: in ISO 8601, as the counts have them."""
        self._places: dict[str, int] = {}
        self._starts: dict[date, int] = {}
        for day in days:
            start = start_of(date.fromisoformat(day), step)
            self._places[day] = self._starts.setdefault(start, len(self._starts))

    def sums(self, days: Mapping[str, int]) -> dict[date, int]:
        """Return the sums of the counts of days, by the first day of their period."""
        # Adding up by places takes half of the time of adding up by dates.
        sums = [0] * len(self._starts)
        places = self._places
        for day, count in days.items():
            sums[places[day]] += count
        return dict(zip(self._starts, sums, strict=True))
