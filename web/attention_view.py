"""The page of attention as its template shows it: a chart in plain numbers, no markup.

Lengths of the chart are percentages of the width and height of its area, so that bars fill any
screen while letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from searcher.clock import Clock, SystemClock
from searcher.query.values import date_range
from searcher.search.attention import Attention, Period
from searcher.search.periods import STEPS, Step
from searcher.search.request import Request
from web.addresses import Value, address, article_address, attention_address, hidden_inputs
from web.results_view import Link, WarningView, warning_view

MOST_BARS = 400
"""Maximum number of bars on the page: a year by day. More are narrower than half a pixel on a
telephone."""
_GAP = 0.15
"""Part of a bar's place that stays empty beside it."""
_LEAST_HEIGHT = 0.8
"""Height of the smallest bar that is not empty, in percent: a pixel or two."""
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


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
    all_articles: int
    """Number of all articles."""
    share: str
    """Share of the articles that match; "" in a period without articles."""
    link: str
    """Address of the articles that match."""
    peak: int
    """The number of the peak, from 1; 0 if it is none."""


@dataclass(frozen=True, slots=True)
class PeakView:
    """A peak in words."""

    bar: Bar
    """Its bar."""
    words: str
    """Its telling words."""
    headline: str
    """Its most typical headline; "" if there is none."""
    article: str
    """Address of the article with the headline."""


@dataclass(frozen=True, slots=True)
class AttentionView:
    """The page of attention. Addresses are "" where there is nothing to link."""

    request: Request
    """The search as asked for."""
    hidden: list[tuple[str, str]]
    """Parameters that the search box keeps."""
    results: str
    """Address of the results of the search."""
    as_json: str
    """Address of the same numbers in the API."""
    as_csv: str
    """The same as CSV."""
    warnings: list[WarningView]
    """Warnings about the query."""
    total: int
    """Number of articles that match."""
    undated: int
    """Number of those without a date."""
    by: str
    """The length of the periods."""
    steps: list[Link]
    """The lengths of periods to choose from."""
    views: list[Link]
    """The values to choose from: numbers or shares."""
    bars: list[Bar]
    """The periods."""
    peaks: list[PeakView]
    """The peaks."""
    highest: str
    """The value of the highest bar."""
    first: str
    """The first period in words."""
    last: str
    """The last one."""
    archive: str
    """The span of the archive in words."""
    has_gaps: bool
    """Whether the archive has no article in one of the periods."""


def attention_view(
    request: Request, found: Attention, by: Step | None, share: bool, clock: Clock | None = None
) -> AttentionView:
    """Return the view of the page.

    by: the length of the periods as asked for. share: whether bars show shares.
    """
    now = (clock or SystemClock()).now()
    bars = _bars(request, found, share, now)
    most = max((_value(period, share) for period in found.periods), default=0.0)
    view: Value = "share" if share else ""
    return AttentionView(
        request=request,
        hidden=hidden_inputs(request),
        results=address(request, page=""),
        as_json="/api/v1" + attention_address(request, by=found.step),
        as_csv="/api/v1" + attention_address(request, by=found.step, format="csv"),
        warnings=[warning_view(found.query, warning) for warning in found.warnings],
        total=found.total,
        undated=found.undated,
        by=found.step,
        steps=[
            Link(step, attention_address(request, by=step, view=view), step == found.step)
            for step in STEPS
        ],
        views=[
            Link("articles", attention_address(request, by=by or ""), not share),
            Link("share of all", attention_address(request, by=by or "", view="share"), share),
        ],
        bars=bars,
        peaks=[
            PeakView(
                bar=bars[peak.place],
                words=", ".join(peak.about.words),
                headline=peak.about.headline,
                article=article_address(peak.about.article_id, request),
            )
            for peak in found.peaks
        ],
        highest=_shown(most, share),
        first=_short(found.periods[0].start, found.step) if found.periods else "",
        last=_short(found.periods[-1].start, found.step) if found.periods else "",
        archive=" to ".join(map(_day, found.archive)) if found.archive else "",
        has_gaps=not all(period.count.all_articles for period in found.periods),
    )


def _bars(request: Request, found: Attention, share: bool, now: datetime) -> list[Bar]:
    numbers = {peak.place: number for number, peak in enumerate(found.peaks, 1)}
    most = max((_value(period, share) for period in found.periods), default=0.0) or 1.0
    room = 100 / max(len(found.periods), 1)
    limits = [
        _limit("after", request.after, now),
        _limit("before", request.before, now),
    ]
    bars = []
    for place, period in enumerate(found.periods):
        height = 100 * _value(period, share) / most
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
                all_articles=count.all_articles,
                share=_shown(count.share, True) if count.all_articles else "",
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


def _value(period: Period, share: bool) -> float:
    return period.count.share if share else period.count.articles


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _shown(value: float, share: bool) -> str:
    """Return a value as its axis shows it. Shares have two digits that count."""
    if not share:
        return f"{value:,.0f}"
    return f"{100 * value:.0f}%" if value >= 0.1 else f"{100 * value:.2g}%"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def in_words(start: date, step: Step) -> str:
    """Return a period in words: "13 May 2024", "13 to 19 May 2024", "May 2024", "2024"."""
    match step:
        case "day":
            return _day(start)
        case "week":
            last = start + timedelta(days=6) if start < date(9999, 12, 25) else date.max
            if (start.year, start.month) == (last.year, last.month):
                return f"{start.day} to {_day(last)}"
            if start.year == last.year:
                return f"{start.day} {_MONTHS[start.month - 1]} to {_day(last)}"
            return f"{_day(start)} to {_day(last)}"
        case "month":
            return f"{_MONTHS[start.month - 1]} {start.year}"
        case "year":
            return f"{start.year}"


def _short(start: date, step: Step) -> str:
    """Return the beginning of a period as an axis shows it: "13 May 2024", "May 2024", "2024"."""
    if step == "year":
        return f"{start.year}"
    month = f"{_MONTHS[start.month - 1][:3]} {start.year}"
    return month if step == "month" else f"{start.day} {month}"
