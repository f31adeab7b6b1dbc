"""The refresher: fetches the feeds and pages that are due, and indexes what was archived.

An answer is in the archive before the index has it, so after a crash in between the next refresh
indexes it.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from searcher.clock import Clock
from searcher.errors import IndexLocked
from searcher.feeds.archive import Archive
from searcher.feeds.dispatcher import Dispatcher, Politeness
from searcher.feeds.feed_task import feed_task
from searcher.feeds.intents import Statistics
from searcher.feeds.page_task import page_task
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Subscription
from searcher.fetching.exchange import Fetcher
from searcher.indexing.indexer import Indexer
from searcher.logs import log

AroundUpdate = Callable[[], AbstractContextManager[object]]
"""Returns what is entered for an update of the index."""

THREADS = 16
"""Number of requests at a time, each to another host. Larger is faster. Each request needs one
thread and twice the maximum feed size in memory."""

_MOST_PAGES = 2000
"""Number of tasks in memory above which no pages are added. Other pages wait in the state. It
bounds memory when thousands of entries arrive at once."""

_OF_A_HOST = 20
"""Maximum number of pages of one host that are taken into memory at a time, so that a host with
many pages leaves room for the others."""

_TICK = 1.0
"""Seconds between two queries of the state for what is due. A shorter time reads the disk more
often; a longer one delays feeds that another process added."""

_INDEX_AFTER = 0.3
"""Seconds for which answers are gathered before they are indexed. A shorter time makes more
commits, which slow fetching; a longer one delays the articles (`make bench-feeds` shows both)."""

_INDEX_AGAIN = 10.0
"""Seconds until indexing is tried again while another process writes to the index."""

_IDLE = 30.0
"""Seconds of idleness after which the index is merged. A merge takes some seconds, during which new
answers wait. A longer time keeps searches slow for longer."""


class Refresher:
    """Refreshes feeds. Only one process at a time can open the archive. Not safe in threads."""

    def __init__(
        self,
        archive: Archive,
        state: FeedState,
        fetcher: Fetcher,
        indexer: Indexer,
        clock: Clock,
        politeness: Politeness,
        chance: Callable[[], float] = random.random,
        threads: int = THREADS,
        around_update: AroundUpdate = nullcontext,
    ) -> None:
        """indexer: brings the index up to date with the archive.

        chance: returns random numbers from 0 to 1.
        threads: maximum number of requests at a time.
        around_update: is entered for each update of the index, and left when its articles are
        placed among the stories.
        """
        self._around_update = around_update
        self._archive = archive
        self._state = state
        self._indexer = indexer
        self._clock = clock
        self._dispatcher = Dispatcher(archive, state, fetcher, clock, politeness, chance, threads)
        self._indexed = Statistics()
        self._index_at: float | None = None
        """Monotonic time of the next indexing, if the archive grew since the last one."""

    @property
    def statistics(self) -> Statistics:
        """Counts of the work so far."""
        return self._dispatcher.statistics + self._indexed

    def close(self) -> None:
        """End the threads and processes."""
        self._dispatcher.close()

    def refresh(self, feeds: Sequence[Subscription], stop: threading.Event) -> Statistics:
        """Fetch these feeds, feeds that are added meanwhile, and all pages that are due, until
        nothing is left or `stop` is set.

        Raises WriteFailed, IndexLocked and IndexDamaged. What was archived before is indexed by the
        next refresh.
        """
        self._index()
        begun = self._clock.now()
        for feed in feeds:
            self._dispatcher.submit(feed_task(feed))
        self._submit_pages()
        looked = self._clock.monotonic()
        while self._dispatcher.active and not stop.is_set():
            self._step()
            now = self._clock.monotonic()
            if not self._dispatcher.active or now - looked >= _TICK:
                looked = now
                self._submit_feeds(lambda feed: feed.added >= begun)
                self._submit_pages()
        self._index()
        return self.statistics

    def watch(self, stop: threading.Event) -> None:
        """Fetch feeds and pages as they become due, until `stop` is set. Merge the index when idle.

        Raises WriteFailed and IndexDamaged. The next watch continues from there.
        """
        self._index()
        looked = float("-inf")
        busy_at = self._clock.monotonic()
        while not stop.is_set():
            now = self._clock.monotonic()
            if now - looked >= _TICK:
                looked = now
                self._submit_feeds(lambda _: True)
                self._submit_pages()
            self._step()
            if self._dispatcher.active or self._index_at is not None:
                busy_at = now
            elif now - busy_at >= _IDLE:
                busy_at = now
                self._tidy()
        self._index()

    def _submit_feeds(self, wanted: Callable[[Subscription], bool]) -> None:
        for feed in self._state.subscriptions.due(self._clock.now()):
            if wanted(feed):
                self._dispatcher.submit(feed_task(feed))

    def _submit_pages(self) -> None:
        if self._dispatcher.active < _MOST_PAGES:
            for page in self._state.pages.due(self._clock.now(), _MOST_PAGES, _OF_A_HOST):
                self._dispatcher.submit(page_task(page))

    def _step(self) -> None:
        """Send requests, wait for an answer or until it is time for something else, and index when
        it is time."""
        patience = _TICK
        if self._index_at is not None:
            patience = min(patience, self._index_at - self._clock.monotonic())
        grew = self._dispatcher.step(patience)
        now = self._clock.monotonic()
        if grew and self._index_at is None:
            self._index_at = now + _INDEX_AFTER
        if self._index_at is not None and now >= self._index_at:
            self._index()

    def _index(self) -> None:
        """Bring the index up to date with the archive. If another process writes to the index, try
        again later."""
        self._index_at = None
        try:
            with self._around_update():
                report = self._indexer.update([self._archive.folder])
        except IndexLocked as error:
            log("index locked", logging.WARNING, reason=str(error))
            self._index_at = self._clock.monotonic() + _INDEX_AGAIN
            return
        if report.rebuilt:
            log("index rebuilt", logging.WARNING, reason=report.rebuilt)
        if report.added or report.updated:
            counts = {"articles_added": report.added, "articles_updated": report.updated}
            with self._state.transaction():
                self._state.counters.add(**counts)
            log("indexed", added=report.added, updated=report.updated)
        self._indexed += Statistics(added=report.added, updated=report.updated)
        # The new articles are found by now. Placing them among the stories may have merged already.
        self._tidy(quick=True)

    def _tidy(self, quick: bool = False) -> None:
        """Do the merges that wait; only short ones if `quick`."""
        try:
            if self._indexer.tidy(quick):
                log("index tidied")
        except IndexLocked as error:
            log("index locked", logging.WARNING, reason=str(error))
