"""The refresher: asks what is due, several hosts at a time, and sees that nothing of it is lost.

One thread decides, archives, notes and indexes; others only fetch. What was received is on the disk
in the archive before the state says so, and the state says so before the index has it: after a
crash in between, more is asked or read again, and found to be known.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from searcher.clock import Clock
from searcher.errors import FetchFailed, IndexLocked, SearcherError
from searcher.feeds.archive import Archive
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.feed_visits import FeedTask, FeedVisits
from searcher.feeds.landing import Landing, Tally, recorded
from searcher.feeds.page_visits import PageTask, PageVisits, RobotsTask, RobotsVisits
from searcher.feeds.schedule import LONGEST_RETRY_AFTER
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Subscription
from searcher.fetching.exchange import Exchange, Fetcher
from searcher.fetching.hosts import Hosts
from searcher.fetching.pool import FetchPool, Order, Result
from searcher.fetching.robots import delay, may_fetch, origin_of
from searcher.indexing.indexer import Indexer
from searcher.logs import log
from searcher.text.urls import shown_url

THREADS = 16
_MOST_PAGES, _OF_A_HOST = 2000, 20
"""Pages that wait in memory, of all hosts and of one; the others wait in the state."""
_TICK = 1.0
"""Seconds between two looks at what is due."""
_INDEX_AFTER = 0.3
"""Seconds for which what was received may be gathered before it is indexed."""
_IDLE = 30.0
"""Seconds without anything to do after which the index is tidied; what comes meanwhile waits for
some seconds."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How servers are treated. agent: what robots.txt calls us. pause: seconds between two requests
    to one host."""

    agent: str
    pause: float = 1.0


class Refresher:
    """Refreshes feeds. One at a time has the archive. Not safe in threads."""

    def __init__(
        self,
        archive: Archive,
        state: FeedState,
        fetcher: Fetcher,
        indexer: Indexer,
        clock: Clock,
        manners: Manners,
        chance: Callable[[], float] = random.random,
        threads: int = THREADS,
    ) -> None:
        """indexer: brings the index up to date with the archive. chance: random numbers from 0 to
        1."""
        self._archive = archive
        self._state = state
        self._indexer = indexer
        self._clock = clock
        self._manners = manners
        self._hosts: Hosts[Order] = Hosts(manners.pause)
        self.tally = Tally()
        self._reader = BoundedReader()
        self._feeds = FeedVisits(state, clock, chance, self.tally, self._reader)
        self._pool = FetchPool(fetcher, threads, self._feeds.read)
        self._pages = PageVisits(state, clock, self.tally)
        self._robots = RobotsVisits(state, clock)
        self._parked: dict[str, list[Order]] = {}
        """By server, requests that wait for its robots.txt."""
        self._active: set[str] = set()
        """The feeds and pages that are being asked for, or wait for it in memory."""
        self._unindexed_since: float | None = None

    def close(self) -> None:
        self._pool.close()
        self._reader.close()

    def refresh(self, feeds: Sequence[Subscription], stop: threading.Event) -> Tally:
        """Asks for these feeds, those that are added meanwhile, and all pages that are due, until
        nothing is left to ask for or `stop` is set.

        Raises WriteFailed, IndexLocked and IndexDamaged; what was archived until then is indexed by
        the next refresh.
        """
        self._index()
        begun = self._clock.now()
        for feed in feeds:
            self._submit(self._feeds.order(feed))
        self._submit_pages()
        looked = self._clock.monotonic()
        while self._active and not stop.is_set():
            self._step()
            now = self._clock.monotonic()
            if not self._active or now - looked >= _TICK:
                looked = now
                for feed in self._state.subscriptions.due(self._clock.now()):
                    if feed.added >= begun:
                        self._submit(self._feeds.order(feed))
                self._submit_pages()
        self._index()
        return self.tally

    def watch(self, stop: threading.Event) -> None:
        """Refreshes what becomes due, until `stop` is set, and tidies the index when there is
        nothing else to do.

        Raises WriteFailed and IndexDamaged; the next watch goes on where this one was.
        """
        self._index()
        looked = float("-inf")
        busy_at = self._clock.monotonic()
        while not stop.is_set():
            now = self._clock.monotonic()
            if now - looked >= _TICK:
                looked = now
                for feed in self._state.subscriptions.due(self._clock.now()):
                    self._submit(self._feeds.order(feed))
                self._submit_pages()
            self._step()
            if self._active or self._unindexed_since is not None:
                busy_at = now
            elif now - busy_at >= _IDLE:
                busy_at = now
                self._tidy()
        self._index()

    def _tidy(self) -> None:
        try:
            if self._indexer.tidy():
                log("index tidied")
        except IndexLocked as error:
            log("index locked", logging.WARNING, reason=str(error))

    def _submit_pages(self) -> None:
        room = _MOST_PAGES - len(self._active)
        if room > 0:
            for page in self._state.pages.due(self._clock.now(), _MOST_PAGES, _OF_A_HOST):
                self._submit(self._pages.order(page))

    def _submit(self, order: Order) -> None:
        """Puts the request for a feed or a page in the line, unless it is there."""
        name = _name(order)
        if name not in self._active:
            self._active.add(name)
            self._line_up(order)

    def _line_up(self, order: Order) -> None:
        """Puts a request in the line of its host, unless that wants to be left alone; that for a
        page only when robots.txt allows it."""
        task = order.task
        held = self._state.hosts.held_until(order.host, self._clock.now())
        if held is not None:
            self._postpone(order, held)
            return
        if isinstance(task, PageTask):
            origin = origin_of(order.url)
            known, rules = self._robots.known(origin)
            if not known:
                self._park(origin, order)
                return
            if rules is None:
                with self._state.transaction():
                    self._pages.unasked(task.page)
                self._active.discard(_name(order))
                return
            if not may_fetch(rules, order.url, self._manners.agent):
                with self._state.transaction():
                    self._pages.forbidden(task.page)
                self._active.discard(_name(order))
                return
            self._hosts.slow_down(order.host, delay(rules, self._manners.agent))
        self._hosts.put(order.host, order, soon=not isinstance(task, PageTask))

    def _park(self, origin: str, order: Order) -> None:
        """Has a request wait until the robots.txt of its server is known."""
        waiting = self._parked.setdefault(origin, [])
        waiting.append(order)
        if len(waiting) == 1:
            self._line_up(self._robots.order(origin))

    def _postpone(self, order: Order, until: datetime) -> None:
        """Has a feed or a page wait until then; for a robots.txt, the pages that wait for it."""
        if isinstance(order.task, RobotsTask):
            for waiting in self._parked.pop(order.task.origin, ()):
                self._postpone(waiting, until)
            return
        with self._state.transaction():
            if isinstance(order.task, PageTask):
                self._pages.postponed(order.task.page, until)
            else:
                self._feeds.postponed(order.task.subscription, until)
        self._active.discard(_name(order))

    def _step(self) -> None:
        """Sends out what may be sent, takes in what came back, and indexes it when it is time."""
        while self._hosts.busy < self._pool.threads and (
            taken := self._hosts.take(self._clock.monotonic())
        ):
            self._pool.order(taken[1])
        results = self._pool.results(self._patience())
        if results:
            self._land(results)
        now = self._clock.monotonic()
        if self._unindexed_since is not None and now - self._unindexed_since >= _INDEX_AFTER:
            self._index()
        self._hosts.forget_idle(now)

    def _patience(self) -> float:
        """Seconds to wait for an answer before there is something else to do."""
        now = self._clock.monotonic()
        times = [_TICK]
        next_at = self._hosts.next_at()
        if next_at is not None and self._hosts.busy < self._pool.threads:
            times.append(next_at - now)
        if self._unindexed_since is not None:
            times.append(self._unindexed_since + _INDEX_AFTER - now)
        return max(min(times), 0.0)

    def _land(self, results: Sequence[Result]) -> None:
        """Archives answers, then notes them, then sends out what follows from them."""
        landings = []
        for result in results:
            self._hosts.done(result.order.host, self._clock.monotonic())
            landings.append(self._landing(result))
        records = [record for landing in landings for record in landing.records]
        size = self._archive.append(records) if records else 0
        with self._state.transaction():
            for landing in landings:
                for change in landing.changes:
                    change()
            self._state.counters.add(records=len(records), bytes=size)
        if records and self._unindexed_since is None:
            self._unindexed_since = self._clock.monotonic()
        for result, landing in zip(results, landings, strict=True):
            self._follow_up(result.order, landing)

    def _landing(self, result: Result) -> Landing:
        """What an answer comes to. What nobody foresaw in one is a failure of that one."""
        visits: dict[type, Any] = {
            FeedTask: self._feeds,
            PageTask: self._pages,
            RobotsTask: self._robots,
        }
        visit = visits[type(result.order.task)]
        try:
            landing: Landing = visit.land(result)
        except (SearcherError, OSError, sqlite3.Error):
            raise
        except Exception as error:
            log("answer not understood", logging.ERROR, error, url=shown_url(result.order.url))
            reason = f"cannot be read ({type(error).__name__})"
            landing = visit.land(result._replace(outcome=FetchFailed(result.order.url, reason)))
            if isinstance(result.outcome, Exchange):
                landing.records.append(recorded(result.outcome, "", "")[0])
        return landing

    def _follow_up(self, order: Order, landing: Landing) -> None:
        for following in landing.orders:
            self._line_up(following)
        if landing.orders:
            return
        self._active.discard(_name(order))
        if landing.hold:
            self._leave_alone(order.host, landing.hold)
        if isinstance(order.task, RobotsTask):
            for waiting in self._parked.pop(order.task.origin, ()):
                self._line_up(waiting)

    def _leave_alone(self, host: str, seconds: float) -> None:
        """Has what is wanted of a host wait, as it asked for."""
        until = self._clock.now() + min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)
        with self._state.transaction():
            self._state.hosts.hold(host, until)
        for order in self._hosts.give_up(host):
            self._postpone(order, until)

    def _index(self) -> None:
        """Brings the index up to date with the archive; another process that writes to it is waited
        for."""
        self._unindexed_since = None
        try:
            report = self._indexer.update([self._archive.folder])
        except IndexLocked as error:
            log("index locked", logging.WARNING, reason=str(error))
            self._unindexed_since = self._clock.monotonic() + _TICK * 10
            return
        self.tally.added += report.added
        self.tally.updated += report.updated
        if report.added or report.updated:
            with self._state.transaction():
                self._state.counters.add(
                    articles_added=report.added, articles_updated=report.updated
                )
            log("indexed", added=report.added, updated=report.updated)


def _name(order: Order) -> str:
    """The feed or page that a request is made for."""
    task = order.task
    if isinstance(task, PageTask):
        return f"page {task.page.key}"
    return (
        f"feed {task.subscription.url}" if isinstance(task, FeedTask) else f"robots {task.origin}"
    )
