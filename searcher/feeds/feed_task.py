"""The task of fetching a feed, and the decision on its answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.entry_changes import (
    ChangedEntry,
    appeared,
    changed_entries,
    entry_record,
    page_of,
)
from searcher.feeds.feed_answers import (
    LARGEST_FEED,
    FeedAnswer,
    FeedAttempt,
    FeedElsewhere,
    FeedFailure,
    FeedReceived,
    Gone,
    classify_feed,
    parse,
)
from searcher.feeds.http_answers import OK, Unchanged, conditions, end_of_hold, host_of, is_known
from searcher.feeds.intents import EntryMark, MergeFeeds, SaveEntries, SaveFeed, WantedPage
from searcher.feeds.schedule import interval, max_age, next_try
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Subscription
from searcher.feeds.tasks import Event, Outcome, ParsedFeed, Request, Result
from searcher.fetching.exchange import Exchange
from searcher.sources.feed import Feed
from searcher.text.urls import shown_url

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class FeedTask:
    """Fetch a feed."""

    attempt: FeedAttempt
    """The request, with the requests that led to it."""

    is_urgent: ClassVar[bool] = True
    obeys_robots: ClassVar[bool] = False

    @property
    def name(self) -> str:
        return f"feed {self.attempt.subscription.url}"

    def request(self) -> Request:
        """Return a conditional request: the server need not send unchanged content."""
        url, known = self.attempt.url, self.attempt.subscription
        headers = {"Accept": _ACCEPT, **conditions(known.etag, known.modified)}
        return Request(url, headers, LARGEST_FEED, host_of(url), self)

    def parse(self, exchange: Exchange, reader: BoundedReader) -> ParsedFeed | None:
        known = self.attempt.subscription
        if exchange.status != OK or is_known(exchange, known.digest, known.record):
            return None
        return parse(exchange, reader)

    def outcome(self, result: Result, state: FeedState, now: datetime, chance: float) -> Outcome:
        answer, records = classify_feed(self.attempt, result)
        known = _known(self.attempt, answer, state)
        found = decide_feed(self.attempt, answer, known, now, chance)
        return replace(found, records=(*records, *found.records))

    def postponed(self, until: datetime, now: datetime) -> Outcome:
        feed = self.attempt.subscription
        # If the clock was set back, the stored time of the last try is in the future, and would
        # make the feed due at once.
        checked = min(feed.checked, now) if feed.checked else None
        saved = replace(feed, next_try=until, checked=checked)
        return Outcome(intents=(SaveFeed(feed, saved, "postponed"),))


def feed_task(subscription: Subscription) -> FeedTask:
    """Return the task of fetching a feed at its address."""
    return FeedTask(FeedAttempt(subscription, subscription.url, subscription.url))


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """The part of the state that the decision on an answer needs."""

    entries: Mapping[str, str]
    """Marks of the feed's entries by their keys."""
    appearances: Sequence[tuple[str, datetime]]
    """Keys and times of the entries that appeared lately."""
    merges_into: str = ""
    """Address of another subscription that already follows the feed's new address, or ""."""


def _known(attempt: FeedAttempt, answer: FeedAnswer, state: FeedState) -> KnownFeed:
    """Read the part of the state that the decision needs."""
    url = attempt.subscription.url
    if not isinstance(answer, (Unchanged, FeedReceived)):
        return KnownFeed({}, ())
    other = state.subscriptions.get(attempt.home) if attempt.home != url else None
    entries = state.entries.known(url) if isinstance(answer, FeedReceived) else {}
    appearances = state.entries.appearances(url, answer.exchange.received)
    return KnownFeed(entries, appearances, other.url if other and other.url != url else "")


def decide_feed(
    attempt: FeedAttempt, answer: FeedAnswer, known: KnownFeed, now: datetime, chance: float
) -> Outcome:
    """Return the outcome of an answer.

    chance: a random number from 0 to 1.
    """
    feed = attempt.subscription
    match answer:
        case Unchanged() | FeedReceived() if known.merges_into:
            # The entries are found by the subscription that stays.
            return _merged(feed, known.merges_into)
        case FeedElsewhere():
            return _elsewhere(attempt, answer)
        case FeedFailure(wait=None) if attempt.others:
            url, *others = attempt.others
            following = replace(attempt, url=url, home=url, hops=(), others=tuple(others))
            return Outcome(requests=(FeedTask(following).request(),))
        case FeedFailure():
            return _failed(feed, feed, answer, now, chance)
        case Gone():
            return _gone(feed, now)
        case Unchanged(exchange):
            return _unchanged(attempt, exchange, known, chance)
        case FeedReceived(feed=content, problem=problem):
            if not content.entries and (problem or content.problem):
                return decide_feed(
                    attempt, FeedFailure(problem or content.problem), known, now, chance
                )
            return _received(attempt, answer, known, now, chance)


def _elsewhere(attempt: FeedAttempt, answer: FeedElsewhere) -> Outcome:
    events: tuple[Event, ...] = ()
    if answer.named:
        fields = {
            "page": shown_url(attempt.url),
            "feed": shown_url(answer.following.url),
            "others": answer.named - 1,
        }
        events = (Event("feed found on page", fields),)
    return Outcome(requests=(FeedTask(answer.following).request(),), events=events)


def _merged(feed: Subscription, into: str) -> Outcome:
    fields = {"feed": shown_url(feed.url), "other": shown_url(into)}
    return Outcome(
        intents=(MergeFeeds(feed, into),), events=(Event("feed merged into another", fields),)
    )


def _gone(feed: Subscription, now: datetime) -> Outcome:
    problem = "the server says that it is gone for good (410)"
    saved = replace(feed, checked=now, gone=True, problem=problem)
    event = Event("feed gone", {"feed": shown_url(feed.url)}, logging.WARNING)
    return Outcome(intents=(SaveFeed(feed, saved, "gone"),), events=(event,))


def _failed(
    asked: Subscription, feed: Subscription, failure: FeedFailure, now: datetime, chance: float
) -> Outcome:
    """Return the outcome of a try that failed.

    feed: the subscription with what was read nevertheless.
    """
    failed = replace(feed, checked=now, failures=feed.failures + 1, problem=failure.problem)
    failed = replace(failed, next_try=next_try(failed, now, chance, failure.wait))
    fields = {
        "feed": shown_url(feed.url),
        "reason": failure.problem,
        "failures": failed.failures,
    }
    return Outcome(
        intents=(SaveFeed(asked, failed, "failed"),),
        hold_until=end_of_hold(failure.wait, now),
        events=(Event("feed failed", fields, logging.WARNING),),
    )


def _moved(attempt: FeedAttempt, feed: Subscription) -> Subscription:
    """Return the subscription at the address to which the feed moved for good."""
    was = attempt.subscription.url
    if attempt.home == was:
        return feed
    moved_from = tuple(dict.fromkeys((*feed.moved_from, was)))
    return replace(feed, url=attempt.home, moved_from=moved_from)


def _unchanged(
    attempt: FeedAttempt, exchange: Exchange, known: KnownFeed, chance: float
) -> Outcome:
    asked, now = attempt.subscription, exchange.received
    pause = max_age(exchange.header("Cache-Control"))
    own = interval([moment for _, moment in known.appearances], pause, now).total_seconds()
    feed = replace(
        _moved(attempt, asked),
        etag=exchange.header("ETag") or asked.etag,
        modified=exchange.header("Last-Modified") or asked.modified,
        # The feed states its ttl in the content, which was not sent again.
        interval=max(asked.interval, own),
    )
    return _succeeded(asked, feed, exchange, "unchanged", chance)


def _received(
    attempt: FeedAttempt, answer: FeedReceived, known: KnownFeed, now: datetime, chance: float
) -> Outcome:
    asked, exchange, content = attempt.subscription, answer.exchange, answer.feed
    changed = changed_entries(asked, content, known.entries)
    entries = _entries_outcome(asked, content, changed, exchange, answer.record)
    feed = replace(
        _moved(attempt, asked),
        title=content.title or asked.title,
        site=content.site or asked.site,
    )
    if answer.problem:
        # The next request must not be conditional, because the rest of the content is missing.
        feed = replace(feed, digest="", record="", etag="", modified="")
        return _joined(entries, _failed(asked, feed, FeedFailure(answer.problem), now, chance))
    received = exchange.received
    new = [appeared(one.entry.document, received) for one in changed if not one.before]
    moments = [*(moment for _, moment in known.appearances), *new]
    pause = max(timedelta(minutes=content.pause), max_age(exchange.header("Cache-Control")))
    feed = replace(
        feed,
        digest=answer.digest,
        record=answer.record,
        etag=exchange.header("ETag"),
        modified=exchange.header("Last-Modified"),
        problem=content.problem,
        interval=interval(moments, pause, received).total_seconds(),
        skip_hours=tuple(sorted(content.skip_hours)),
        skip_days=tuple(sorted(content.skip_days)),
    )
    return _joined(entries, _succeeded(asked, feed, exchange, "received", chance))


def _succeeded(
    asked: Subscription,
    feed: Subscription,
    exchange: Exchange,
    result: Literal["received", "unchanged"],
    chance: float,
) -> Outcome:
    now = exchange.received
    done = replace(feed, checked=now, succeeded=now, failures=0, gone=False)
    done = replace(done, next_try=next_try(done, now, chance))
    fields = {"feed": shown_url(feed.url), "bytes": len(exchange.raw)}
    return Outcome(
        intents=(SaveFeed(asked, done, result),), events=(Event(f"feed {result}", fields),)
    )


def _joined(first: Outcome, second: Outcome) -> Outcome:
    return replace(
        second,
        records=first.records + second.records,
        intents=first.intents + second.intents,
        events=first.events + second.events,
    )


def _entries_outcome(
    feed: Subscription,
    content: Feed,
    changed: Sequence[ChangedEntry],
    exchange: Exchange,
    record: str,
) -> Outcome:
    """Return the notes of the new and changed entries, and the pages to fetch.

    record: identifier of the record in the archive that holds the feed.
    """
    now = exchange.received
    marks = tuple(
        EntryMark(one.entry.key, one.mark, appeared(one.entry.document, now)) for one in changed
    )
    pages = tuple(
        WantedPage(page, bool(one.before))
        for one in changed
        if (page := page_of(one, feed, now)) is not None
    )
    notes = (entry_record(one, feed, now, record) for one in changed if not one.entry.is_link)
    events: tuple[Event, ...] = ()
    if content.rejected:
        fields = {
            "feed": shown_url(feed.url),
            "entries": len(content.rejected),
            "reason": content.rejected[0].reason,
        }
        events = (Event("entries skipped", fields),)
    return Outcome(tuple(notes), (SaveEntries(feed.url, marks, pages),), events=events)
