"""The charts of the pages in plain numbers, no markup: bars of periods, and shares of sources.

Lengths are percentages of the width and height of the chart's area, so that bars fill any screen
while letters keep their size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Literal, TypeAlias

from searcher.query.values import date_range
from searcher.search.attention import Attention, Period
from searcher.search.request import Request
from web.addresses import Value, address
from web.languages import number, percent_text
from web.period_words import in_words, short_period

Shown: TypeAlias = Literal["articles", "stories", "share"]
"""A value that bars show."""
_GAP = 0.15
"""Part of a bar's place that stays empty beside it."""
_LEAST_HEIGHT = 0.8
"""Height of the smallest bar that is not empty, in percent: a pixel or two."""
_MOST_SOURCES = 10
"""Maximum number of sources in the chart of shares. Smaller ones are told together."""
_MOST_MONTHS = 120
"""Maximum number of bars of a small chart, which has about two pixels for each. Of more months than
these it shows years."""
_LEAST_BARS = 3
"""Minimum number of bars of a small chart. Fewer say no more than the dates of the hits."""
_TALL = 24
"""Height of a small chart, in units of its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A period of the chart and of the table."""

    left: str
    """Its left edge, in percent."""
    width: str
    """Its width, in percent."""
    place: str
    """The left edge of the place that it stands in, which is clicked, in percent."""
    room: str
    """The width of that place, in percent."""
    top: str
    """Its upper edge, in percent."""
    height: str
    """Its height, in percent; "" for a period without articles."""
    middle: str
    """Its middle, in percent."""
    period: str
    """The period in words."""
    articles: int
    """Number of articles that match."""
    stories: int
    """Number of stories that begin in it."""
    all_articles: int
    """Number of all articles."""
    share: str
    """Share of the articles that match; "" in a period without articles."""
    link: str
    """Address of the articles that match."""
    peak: int
    """The number of the peak, from 1; 0 if it is none."""


@dataclass(frozen=True, slots=True)
class ShareView:
    """A source and its share of the articles."""

    source: str
    """Its name."""
    articles: int
    """Number of its articles that match."""
    share: str
    """Their share of all that match."""
    width: str
    """The same as the width of a bar, in percent of the longest."""
    link: str
    """Address of the results from this source only."""


@dataclass(frozen=True, slots=True)
class SmallChart:
    """The numbers of articles by month, or by year, as one shape."""

    bars: int
    """Number of bars, each as wide as one unit."""
    shape: str
    """The bars as a path of SVG."""
    first: str
    """The first period in words."""
    last: str
    """The last one."""


def bars_of(request: Request, found: Attention, shown: Shown, now: datetime) -> list[Bar]:
    """Return the bars of the periods. now: the time that dates of the request count from."""
    numbers = {peak.place: number for number, peak in enumerate(found.peaks, 1)}
    most = max((value_of(period, shown) for period in found.periods), default=0.0) or 1.0
    room = 100 / max(len(found.periods), 1)
    limits = [
        _limit("after", request.after, now),
        _limit("before", request.before, now),
    ]
    bars = []
    for place, period in enumerate(found.periods):
        height = 100 * value_of(period, shown) / most
        height = max(height, _LEAST_HEIGHT) if height else 0.0
        count = period.count
        bars.append(
            Bar(
                left=_percent((place + _GAP / 2) * room),
                width=_percent((1 - _GAP) * room),
                place=_percent(place * room),
                room=_percent(room),
                top=_percent(100 - height),
                height=_percent(height) if height else "",
                middle=_percent((place + 0.5) * room),
                period=in_words(period.start, found.step),
                articles=count.articles,
                stories=period.stories,
                all_articles=count.all_articles,
                share=value_text(count.share, "share") if count.all_articles else "",
                link=address(request, sort="", page="", **_within(period, request, limits)),
                peak=numbers.get(place, 0),
            )
        )
    return bars


def _limit(name: str, value: str, now: datetime) -> datetime | None:
    """Return the moment of a filter of dates; None if there is none."""
    bounds = date_range(name, value, now) if value else None
    return (bounds[0] or bounds[1]) if bounds else None


def _within(
    period: Period, request: Request, limits: Sequence[datetime | None]
) -> dict[str, Value]:
    """Return the filters of the articles of a period. A filter of the search that is narrower
    stays."""
    after, before = limits
    start, end = (
        datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (period.start, period.end)
    )
    keeps_after = after is not None and after > start
    keeps_before = before is not None and before < end
    return {
        "after": request.after if keeps_after else period.start.isoformat(),
        "before": request.before if keeps_before else period.end.isoformat(),
    }


def value_of(period: Period, shown: Shown) -> float:
    """Return the value of a period that bars show."""
    match shown:
        case "share":
            return period.count.share
        case "stories":
            return period.stories
        case "articles":
            return period.count.articles


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def value_text(value: float, shown: Shown) -> str:
    """Return a value as its axis shows it. Shares have two digits that count."""
    if shown != "share":
        return number(int(value))
    return percent_text(value, 2)


def shares_of(
    request: Request, counts: Mapping[str, int], total: int
) -> tuple[list[ShareView], int]:
    """Return the sources with the most articles, and the number of articles of the others.

    counts: number of articles by source, the most frequent first. total: number of all articles.
    """
    named = {source: count for source, count in counts.items() if source}
    most = max(named.values(), default=1)
    views = [
        ShareView(
            source=source,
            articles=count,
            share=value_text(count / total, "share"),
            width=_percent(100 * count / most),
            link=address(request, source=(f"={source}",), sort="", page=""),
        )
        for source, count in islice(named.items(), _MOST_SOURCES)
    ]
    return views, total - sum(one.articles for one in views)


def small_chart(months: Mapping[str, int]) -> SmallChart | None:
    """Return a chart of the numbers of articles by month ("2024-05"); None if it would say
    nothing."""
    step: Literal["month", "year"] = "month"
    counts = {12 * int(month[:4]) + int(month[5:]) - 1: count for month, count in months.items()}
    if counts and max(counts) - min(counts) >= _MOST_MONTHS:
        step, by_month, counts = "year", counts, {}
        for month, count in by_month.items():
            counts[month // 12] = counts.get(month // 12, 0) + count
    first, last = min(counts, default=0), max(counts, default=0)
    if not _LEAST_BARS <= last - first + 1 <= _MOST_MONTHS:
        return None
    most = max(counts.values())
    bars = (
        f"M{place - first} {_TALL}v-{max(_TALL * count / most, 1):.1f}h.8V{_TALL}"
        for place, count in sorted(counts.items())
    )
    names = (
        short_period(date(place, 1, 1) if step == "year" else _month(place), step)
        for place in (first, last)
    )
    return SmallChart(last - first + 1, "".join(bars), *names)


def _month(number: int) -> date:
    """Return the first day of a month by its number since the year 0."""
    return date(number // 12, number % 12 + 1, 1)
