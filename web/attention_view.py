"""The page of attention as its template shows it: a chart in plain numbers, no markup.

Lengths of the chart are percentages of the width and height of its area, so that bars fill any
screen while letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, TypeAlias

from searcher.clock import Clock, SystemClock
from searcher.query.values import date_range
from searcher.search.attention import Attention, Period
from searcher.search.labels import Label
from searcher.search.periods import STEPS, Step
from searcher.search.request import Request
from searcher.wording import said
from web.addresses import (
    Value,
    address,
    api_address,
    article_address,
    attention_address,
    hidden_inputs,
    story_address,
)
from web.languages import day_text, gettext, number, percent_text
from web.period_words import in_words, short_period
from web.results_view import Link, WarningView, warning_view

Shown: TypeAlias = Literal["articles", "stories", "share"]
"""A value that bars show."""

_SHOWN: tuple[Shown, ...] = ("articles", "stories", "share")
MOST_BARS = 400
"""Maximum number of bars on the page: a year by day. More are narrower than half a pixel on a
telephone."""
_GAP = 0.15
"""Part of a bar's place that stays empty beside it."""
_LEAST_HEIGHT = 0.8
"""Height of the smallest bar that is not empty, in percent: a pixel or two."""


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
    story: str
    """The title of its largest story; "" if there is none."""
    story_articles: int
    """Number of articles of that story."""
    timeline: str
    """Address of that story over time."""


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
    total_stories: int
    """Number of their stories."""
    undated: int
    """Number of those without a date."""
    by: str
    """The length of the periods."""
    steps: list[Link]
    """The lengths of periods to choose from."""
    views: list[Link]
    """The values to choose from: numbers of articles or stories, or shares."""
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
    request: Request, found: Attention, by: Step | None, shown: Shown, clock: Clock | None = None
) -> AttentionView:
    """Return the view of the page.

    by: the length of the periods as asked for. shown: the value that bars show.
    """
    now = (clock or SystemClock()).now()
    bars = _bars(request, found, shown, now)
    most = max((_value(period, shown) for period in found.periods), default=0.0)
    view: Value = shown if shown != "articles" else ""
    return AttentionView(
        request=request,
        hidden=hidden_inputs(request),
        results=address(request, page=""),
        as_json=api_address(attention_address(request, by=found.step)),
        as_csv=api_address(attention_address(request, by=found.step, format="csv")),
        warnings=[warning_view(found.query, warning) for warning in found.warnings],
        total=found.total,
        total_stories=found.total_stories,
        undated=found.undated,
        by=step_labels()[found.step],
        steps=[
            Link(label, attention_address(request, by=step, view=view), step == found.step)
            for step, label in step_labels().items()
        ],
        views=[
            Link(
                label,
                attention_address(request, by=by or "", view=name if name != "articles" else ""),
                name == shown,
            )
            for name, label in _shown_labels().items()
        ],
        bars=bars,
        peaks=[_peak_view(request, bars[peak.place], peak.label) for peak in found.peaks],
        highest=_shown(most, shown),
        first=short_period(found.periods[0].start, found.step) if found.periods else "",
        last=short_period(found.periods[-1].start, found.step) if found.periods else "",
        archive=_span(found.archive) if found.archive else "",
        has_gaps=not all(period.count.all_articles for period in found.periods),
    )


def step_labels() -> dict[Step, str]:
    """Return the names of the lengths of periods, the shortest first."""
    texts = (gettext("day"), gettext("week"), gettext("month"), gettext("year"))
    return dict(zip(STEPS, texts, strict=True))


def _shown_labels() -> dict[Shown, str]:
    texts = (gettext("articles"), gettext("stories"), gettext("share of all"))
    return dict(zip(_SHOWN, texts, strict=True))


def _span(days: tuple[date, date]) -> str:
    first, last = map(day_text, days)
    return gettext("%(first)s to %(last)s", first=first, last=last)


def _peak_view(request: Request, bar: Bar, label: Label) -> PeakView:
    about, story = label
    return PeakView(
        bar=bar,
        words=", ".join(about.words),
        headline=about.headline,
        article=article_address(about.article_id, request),
        story=story.title if story else "",
        story_articles=story.articles if story else 0,
        timeline=story_address(story.id) if story else "",
    )


def _bars(request: Request, found: Attention, shown: Shown, now: datetime) -> list[Bar]:
    numbers = {peak.place: number for number, peak in enumerate(found.peaks, 1)}
    most = max((_value(period, shown) for period in found.periods), default=0.0) or 1.0
    room = 100 / max(len(found.periods), 1)
    limits = [
        _limit("after", request.after, now),
        _limit("before", request.before, now),
    ]
    bars = []
    for place, period in enumerate(found.periods):
        height = 100 * _value(period, shown) / most
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
                share=_shown(count.share, "share") if count.all_articles else "",
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


def _value(period: Period, shown: Shown) -> float:
    match shown:
        case "share":
            return period.count.share
        case "stories":
            return period.stories
        case "articles":
            return period.count.articles


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _shown(value: float, shown: Shown) -> str:
    """Return a value as its axis shows it. Shares have two digits that count."""
    if shown != "share":
        return number(int(value))
    return percent_text(value, 2)


def shown_value(view: str) -> Shown:
    """Return the value that a parameter asks for, by default the number of articles. Raises
    ValueError."""
    for known in _SHOWN:
        if known == (view or "articles"):
            return known
    raise ValueError(
        said(
            "%(name)s is one of %(known)s, not %(given)s",
            name="view",
            known=", ".join(_SHOWN),
            given=repr(view[:20]),
        )
    )
