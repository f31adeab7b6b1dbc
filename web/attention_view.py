"""The page of attention as its template shows it: plain values, no markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from searcher.clock import Clock, SystemClock
from searcher.search.attention import Attention
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
from web.chart_view import Bar, ShareView, Shown, bars_of, shares_of, value_of, value_text
from web.languages import day_text, gettext
from web.period_words import short_period
from web.query_view import Link, WarningView, warning_view

_SHOWN: tuple[Shown, ...] = ("articles", "stories", "share")
MOST_BARS = 400
"""Maximum number of bars on the page: a year by day. More are narrower than half a pixel on a
telephone."""


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
    shares: list[ShareView]
    """The sources with the most articles; empty if there is one, or if sources are chosen."""
    others: int
    """Number of articles of other sources."""


def attention_view(
    request: Request,
    found: Attention,
    by: Step | None,
    shown: Shown,
    sources: Mapping[str, int],
    clock: Clock | None = None,
) -> AttentionView:
    """Return the view of the page.

    by: the length of the periods as asked for. shown: the value that bars show. sources: number of
    articles by source, the most frequent first.
    """
    is_open = len(sources) > 1 and not request.source
    shares, others = shares_of(request, sources if is_open else {}, found.total)
    now = (clock or SystemClock()).now()
    bars = bars_of(request, found, shown, now)
    most = max((value_of(period, shown) for period in found.periods), default=0.0)
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
        highest=value_text(most, shown),
        first=short_period(found.periods[0].start, found.step) if found.periods else "",
        last=short_period(found.periods[-1].start, found.step) if found.periods else "",
        archive=_span(found.archive) if found.archive else "",
        has_gaps=not all(period.count.all_articles for period in found.periods),
        shares=shares,
        others=others if shares else 0,
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
