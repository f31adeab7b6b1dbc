"""The page of a story over time as its template shows it: plain values, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.article import Timestamp
from searcher.search.request import Request
from searcher.search.timeline import Event, Printing, Timeline
from web.addresses import (
    address,
    api_address,
    article_address,
    comparison_address,
    story_address,
    versions_address,
)
from web.article_view import ArticleFacts, article_facts, long_date, part_names
from web.languages import gettext, say


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another article of the story, as a sentence names it."""

    before: str
    """The words of the sentence before its name."""
    number: int
    """Its number in the timeline, from 1."""
    name: str
    """Its outlet, or its title."""
    behind: str
    """The words behind its name."""
    comparison: str
    """Address of both articles side by side."""


@dataclass(frozen=True, slots=True)
class EventView:
    """The publication of an article, or of a revision of it."""

    date: str
    """When it was, in words."""
    datetime: str
    """The same, ISO 8601; "" if it is not known."""
    number: int
    """The number of its article, from 1."""
    title: str
    """The article's title."""
    link: str
    """Address of the article; of a revision, of the list of its versions."""
    facts: ArticleFacts
    """The article's metadata."""
    byline: str
    """Agency and place of the report."""
    changed: str
    """Parts that a revision changed; "" for a publication."""
    other: OtherView | None
    """The article whose text it has, or the reason for which it is of the story."""


@dataclass(frozen=True, slots=True)
class OutletView:
    """An outlet's part of the story."""

    name: str
    """Its name; "" if it is not known."""
    articles: int
    """Number of its articles."""
    revisions: int
    """Number of their revisions."""
    first: EventView
    """Its first article."""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """The page of a story over time."""

    title: str
    """The title of its first article."""
    lang: str
    """The language of that."""
    size: int
    """Number of its articles."""
    outlets: int
    """Number of their outlets."""
    revisions: int
    """Number of revisions."""
    span: str
    """The dates of the first and the last event; "" if none has one."""
    first: EventView | None
    """The first article; None if which was first cannot be told."""
    events: list[EventView]
    """Publications and revisions by time."""
    by_outlet: list[OutletView]
    """The outlets by the time of their first article; empty if there is only one."""
    unlisted: int
    """Number of articles of the story that are not on the page."""
    results: str
    """Address of the results that are all its articles."""
    as_json: str
    """Address of the same in the API."""


def timeline_page(found: Timeline) -> TimelinePage:
    """Return the page of a timeline."""
    events = [_event_view(found, event) for event in found.events]
    published = [one for one in events if not one.changed]
    dates = [one.date for one in events if one.datetime]
    first = found.printings[0].article
    return TimelinePage(
        title=first.title,
        lang=published[0].facts.lang,
        size=found.size,
        outlets=found.outlets,
        revisions=found.revisions,
        span=_span(dates),
        first=published[0] if found.first_is_certain else None,
        events=events,
        by_outlet=_by_outlet(events),
        unlisted=found.size - len(found.printings),
        results=address(Request(f"story:{found.id}", sort="oldest", by_story=False)),
        as_json=api_address(story_address(found.id)),
    )


def _span(dates: Sequence[str]) -> str:
    """Return the first and the last of dates in words; "" if there is none."""
    if not dates or dates[0] == dates[-1]:
        return dates[0] if dates else ""
    return gettext("%(first)s to %(last)s", first=dates[0], last=dates[-1])


def _event_view(found: Timeline, event: Event) -> EventView:
    printing = found.printings[event.printing]
    article, facts = printing.article, article_facts(printing.article)
    date, moment = facts.date, facts.datetime
    if event.revision and event.at is not None:
        stamp = Timestamp(event.at, "minute", "archive")
        date, moment = long_date(stamp), stamp.to_json()["value"]
    return EventView(
        date=date,
        datetime=moment,
        number=event.printing + 1,
        title=article.title,
        link=versions_address(article) if event.revision else article_address(article.id),
        facts=facts,
        byline=printing.byline,
        changed=part_names(event.changed) if event.revision else "",
        other=None if event.revision else _other(found.printings, printing),
    )


def _other(printings: Sequence[Printing], one: Printing) -> OtherView | None:
    told = one.told()
    if told is None:
        return None
    other = printings[told.at].article
    return OtherView(
        before=say(told.before),
        number=told.at + 1,
        name=other.source or other.title,
        behind=say(told.behind),
        comparison=comparison_address(other.id, one.article.id),
    )


def _by_outlet(events: Sequence[EventView]) -> list[OutletView]:
    """Return the outlets by the time of their first article; none if there is only one."""
    held: dict[str, list[EventView]] = {}
    for one in events:
        held.setdefault(one.facts.source, []).append(one)
    if len(held) < 2:
        return []
    return [
        OutletView(
            name=name,
            articles=sum(1 for one in own if not one.changed),
            revisions=sum(1 for one in own if one.changed),
            first=next(one for one in own if not one.changed),
        )
        for name, own in held.items()
    ]
