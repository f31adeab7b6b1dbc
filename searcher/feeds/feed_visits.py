"""Visits to feeds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from searcher.clock import Clock
from searcher.errors import FetchFailed, UnreadableFile
from searcher.feeds.archive import digest
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.entries import EntryBook, ends, last_is_whole
from searcher.feeds.landing import (
    HTML,
    MOST_REDIRECTS,
    Landing,
    Tally,
    asked_to_wait,
    conditions,
    host_of,
    is_known,
    is_permanent,
    is_unchanged,
    recorded,
    redirected,
)
from searcher.feeds.schedule import interval, max_age, next_try
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Subscription
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.exchange import Exchange
from searcher.fetching.pool import Order, Result
from searcher.logs import log
from searcher.sources.feed import Feed, feed_addresses
from searcher.text.urls import sendable_url, shown_url, with_credentials

LARGEST = 16 << 20
"""Bytes of a feed on the wire, and twice as many without its content encoding."""
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)
_GONE, _OK = 410, 200
_MOST_CANDIDATES = 5
"""Feeds of a page that are tried, one after the other."""


@dataclass(frozen=True, slots=True)
class FeedTask:
    """A visit to a feed.

    url: what is asked for; hops: what was on the way to it. home: the address that the subscription
    is to have: the last one to which all redirects were meant for good, or that was named by the
    page which it was to. others: addresses to try if there is no feed at this one, where that page
    names several.
    """

    subscription: Subscription
    url: str
    home: str
    hops: tuple[str, ...] = ()
    others: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an answer: its content, the feed in it if there is one, and what was
    wrong."""

    data: bytes
    feed: Feed | None
    problem: str


class FeedVisits:
    """Makes requests for feeds and reads the answers."""

    def __init__(
        self,
        state: FeedState,
        clock: Clock,
        chance: Callable[[], float],
        tally: Tally,
        reader: BoundedReader,
    ) -> None:
        """chance: random numbers from 0 to 1."""
        self._reader = reader
        self._state = state
        self._clock = clock
        self._chance = chance
        self._tally = tally
        self._entries = EntryBook(state, tally)

    def order(self, subscription: Subscription) -> Order:
        """The request for a feed, which its server need not answer at length if nothing changed."""
        return self._order(FeedTask(subscription, subscription.url, subscription.url))

    def _order(self, task: FeedTask) -> Order:
        headers = {
            "Accept": _ACCEPT,
            **conditions(task.subscription.etag, task.subscription.modified),
        }
        return Order(task.url, headers, LARGEST, host_of(task.url), task)

    def read(self, order: Order, exchange: Exchange) -> Reading | None:
        """The feed in an answer, if it is one to a request for a feed that has changed. Safe in
        threads."""
        task = order.task
        if not isinstance(task, FeedTask) or exchange.status != _OK:
            return None
        if is_known(exchange, task.subscription.digest, task.subscription.record):
            return None
        data, problem = _content(exchange)
        try:
            feed = self._reader.read(data, exchange.url, exchange.header("Content-Type"))
        except UnreadableFile as error:
            return Reading(data, None, problem or error.reason)
        if problem and ends(data):
            # Its server told a length that it has not.
            problem = ""
        if problem and feed.entries and not last_is_whole(data):
            feed = replace(feed, entries=feed.entries[:-1])
        return Reading(data, feed, problem)

    def land(self, result: Result) -> Landing:
        """What the answer comes to."""
        task: FeedTask = result.order.task
        if isinstance(result.outcome, FetchFailed):
            return self._failed(Landing(), task, result.outcome.reason)
        exchange = result.outcome
        landing = Landing()
        known = task.subscription
        if is_unchanged(exchange, result.order):
            return self._unchanged(landing, task, exchange)
        payload = digest(exchange.body)
        record, identifier, same = recorded(exchange, known.digest, known.record)
        landing.records.append(record)
        target = redirected(exchange)
        if target is not None:
            return self._redirected(landing, task, exchange, target)
        if exchange.status == _GONE and task.url == task.home and not task.others:
            return self._gone(landing, task)
        if exchange.status != _OK:
            wait = asked_to_wait(exchange)
            landing.hold = wait.total_seconds() if wait else 0.0
            return self._failed(landing, task, f"the server answered {exchange.status}", wait)
        if same:
            return self._unchanged(landing, task, exchange)
        known = replace(known, digest=payload, record=identifier)
        return self._received(landing, task, exchange, known, cast(Reading, result.finished))

    def _redirected(
        self, landing: Landing, task: FeedTask, exchange: Exchange, target: str
    ) -> Landing:
        if not target:
            return self._failed(landing, task, "a redirect that leads nowhere")
        target = with_credentials(target, task.url)
        hops = (*task.hops, task.url)
        if len(hops) > MOST_REDIRECTS or target in hops:
            return self._failed(landing, task, "redirects that do not end")
        home = target if task.url == task.home and is_permanent(exchange) else task.home
        landing.orders.append(self._order(replace(task, url=target, home=home, hops=hops)))
        return landing

    def _received(
        self,
        landing: Landing,
        task: FeedTask,
        exchange: Exchange,
        known: Subscription,
        reading: Reading,
    ) -> Landing:
        feed, problem = reading.feed, reading.problem
        if feed is None:
            if order := self._discovered(task, exchange, reading.data):
                landing.orders.append(order)
                return landing
            return self._failed(landing, task, problem)
        found = self._moved(landing, task, known)
        if found is None:
            return landing
        if not feed.entries and (problem or feed.problem):
            return self._failed(landing, task, problem or feed.problem)
        self._entries.take(landing, task.subscription, feed, exchange, known.record)
        known = replace(found, title=feed.title or known.title, site=feed.site or known.site)
        if problem:
            known = replace(known, digest="", record="", etag="", modified="")
            # With these entries it is the feed, whatever else the page named.
            found_here = replace(task, subscription=known, others=None)
            return self._failed(landing, found_here, problem, was=task.subscription.url)
        known = replace(
            known, etag=exchange.header("ETag"), modified=exchange.header("Last-Modified")
        )
        return self._succeeded(landing, task, known, exchange, feed)

    def _moved(self, landing: Landing, task: FeedTask, known: Subscription) -> Subscription | None:
        """What is known of a feed, at the address to which it has moved for good; None if that one
        is followed already, so that the two become one."""
        was = task.subscription
        if task.home == was.url:
            return known
        followed = self._state.subscriptions.get(task.home)
        if followed is not None and followed.url != was.url:
            # Its entries are noted as those of the other one.
            landing.changes.append(lambda: self._merge(was, followed))
            return None
        return replace(
            known, url=task.home, moved_from=tuple(dict.fromkeys((*known.moved_from, was.url)))
        )

    def _discovered(self, task: FeedTask, exchange: Exchange, data: bytes) -> Order | None:
        """The request for the feed that a page names, when the subscription is to that page."""
        is_page = exchange.header("Content-Type").partition(";")[0].strip().lower() in HTML
        if task.subscription.succeeded is not None or task.others is not None or not is_page:
            return None
        named = [
            address for one in feed_addresses(data, exchange.url) if (address := sendable_url(one))
        ]
        if not named:
            return None
        log(
            "feed found on page",
            page=shown_url(exchange.url),
            feed=shown_url(named[0]),
            others=len(named) - 1,
        )
        first, *others = (
            with_credentials(address, task.url) for address in named[:_MOST_CANDIDATES]
        )
        return self._order(FeedTask(task.subscription, first, first, (task.url,), tuple(others)))

    def _unchanged(self, landing: Landing, task: FeedTask, exchange: Exchange) -> Landing:
        self._tally.unchanged += 1
        known = task.subscription
        etag, modified = (
            exchange.header("ETag") or known.etag,
            exchange.header("Last-Modified") or known.modified,
        )
        moved = self._moved(landing, task, replace(known, etag=etag, modified=modified))
        return self._succeeded(landing, task, moved, exchange, None) if moved else landing

    def postponed(self, subscription: Subscription, until: datetime) -> None:
        """Has a feed wait whose host does not want to be asked."""
        # When the clock was set back, this is when it was asked last.
        checked = min(subscription.checked, self._clock.now()) if subscription.checked else None
        self._save(replace(subscription, next_try=until, checked=checked), subscription.url)

    def _succeeded(
        self,
        landing: Landing,
        task: FeedTask,
        known: Subscription,
        exchange: Exchange,
        feed: Feed | None,
    ) -> Landing:
        now = exchange.received
        self._tally.feeds += 1

        def change() -> None:
            was = task.subscription.url
            pause = max(
                timedelta(minutes=feed.pause) if feed else timedelta(),
                max_age(exchange.header("Cache-Control")),
            )
            own = interval(
                [moment for _, moment in self._state.entries.appearances(was, now)], pause, now
            )
            done = replace(
                known,
                checked=now,
                succeeded=now,
                failures=0,
                gone=False,
                problem=feed.problem if feed else known.problem,
                # What a feed says of its pauses stands in its content, which was not sent again.
                interval=own.total_seconds() if feed else max(known.interval, own.total_seconds()),
            )
            if feed:
                done = replace(
                    done,
                    skip_hours=tuple(sorted(feed.skip_hours)),
                    skip_days=tuple(sorted(feed.skip_days)),
                )
            self._save(replace(done, next_try=next_try(done, now, self._chance())), was)

        landing.changes.append(change)
        log(
            "feed received" if feed else "feed unchanged",
            feed=shown_url(known.url),
            bytes=len(exchange.raw),
        )
        return landing

    def _failed(
        self,
        landing: Landing,
        task: FeedTask,
        problem: str,
        wait: timedelta | None = None,
        was: str = "",
    ) -> Landing:
        if task.others and wait is None:
            url, *others = task.others
            landing.orders.append(
                self._order(replace(task, url=url, home=url, hops=(), others=tuple(others)))
            )
            return landing
        now = self._clock.now()
        known = task.subscription
        self._tally.failed += 1
        failed = replace(known, checked=now, failures=known.failures + 1, problem=problem)
        failed = replace(failed, next_try=next_try(failed, now, self._chance(), wait))
        landing.changes.append(lambda: self._save(failed, was or known.url))
        log(
            "feed failed",
            logging.WARNING,
            feed=shown_url(known.url),
            reason=problem,
            failures=failed.failures,
        )
        return landing

    def _gone(self, landing: Landing, task: FeedTask) -> Landing:
        now = self._clock.now()
        known = task.subscription
        self._tally.gone += 1
        gone = replace(
            known, checked=now, gone=True, problem="the server says that it is gone for good (410)"
        )
        landing.changes.append(lambda: self._save(gone, known.url))
        log("feed gone", logging.WARNING, feed=shown_url(known.url))
        return landing

    def _save(self, known: Subscription, was: str) -> None:
        """Writes what is known of a feed, unless it was unsubscribed meanwhile; its mode may have
        been changed, and others may have become it."""
        now = self._state.subscriptions.get(was)
        if now is not None and now.added == known.added:
            moved_from = tuple(dict.fromkeys((*now.moved_from, *known.moved_from)))
            self._state.subscriptions.save(
                replace(known, mode=now.mode, moved_from=moved_from), was
            )

    def _merge(self, subscription: Subscription, other: Subscription) -> None:
        """Has a subscription become another one, which its address leads to for good."""
        log(
            "feed is followed already", feed=shown_url(subscription.url), other=shown_url(other.url)
        )
        now = self._state.subscriptions.get(other.url)
        if now is None or self._state.subscriptions.get(subscription.url) is None:
            return
        # The first of its addresses is what the entries of the other one go by.
        known = (*(now.moved_from or (now.url,)), *subscription.moved_from, subscription.url)
        self._state.subscriptions.save(
            replace(now, moved_from=tuple(dict.fromkeys(known))), subscription.url
        )


def _content(exchange: Exchange) -> tuple[bytes, str]:
    """The content of an answer as far as it came, and what was wrong with it."""
    problem = {
        "": "",
        "length": f"larger than {LARGEST >> 20} MiB",
        "time": "did not end in time",
        "disconnect": "cut off by its server",
    }[exchange.truncated]
    try:
        data = decoded(exchange.body, exchange.header("Content-Encoding"), 2 * LARGEST)
    except EncodingDamaged as error:
        return error.begun, problem or f"its content encoding is {error}"
    if len(data) > 2 * LARGEST:
        return data, f"larger than {2 * LARGEST >> 20} MiB"
    return data, problem
