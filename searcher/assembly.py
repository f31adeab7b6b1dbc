"""What the commands about feeds run: a refresher by the settings, stopped by signals, and the
delivery of alerts."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from searcher.errors import UnknownFeed
from searcher.settings import Settings
from searcher.text.urls import bare_url, shown_url

if TYPE_CHECKING:
    from searcher.feeds.refresher import Refresher
    from searcher.feeds.state import FeedState
    from searcher.feeds.subscription import Subscription
    from searcher.indexing.indexer import Indexer
    from searcher.indexing.report import Progress


def _agent(settings: Settings) -> str:
    from importlib.metadata import version

    return settings.agent or f"news-searcher/{version('news-searcher')}"


def poster(settings: Settings) -> Any:
    """What sends to webhooks."""
    from searcher.alerts.delivery import POST_SECONDS
    from searcher.clock import SystemClock
    from searcher.fetching.http import HttpFetcher

    return HttpFetcher(SystemClock(), _agent(settings), POST_SECONDS, settings.allow_private).post


@contextlib.contextmanager
def indexer_of(
    settings: Settings, progress: Progress, engine: Any = None, quick: bool = False
) -> Iterator[Indexer]:
    """The indexer of these settings, which tells alerts of fetched articles that are news, whoever
    runs it.

    engine, quick: as for the Indexer.
    """
    from searcher.clock import SystemClock
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.indexing.indexer import Indexer
    from searcher.reading.raw_store import RawStore

    store = RawStore(settings.raw, settings.max_file_bytes)
    engine = engine or WhooshEngine(settings.index, settings.memory, settings.jobs)
    with contextlib.ExitStack() as stack:
        witness = None
        if settings.feed_state.exists():
            from searcher.alerts.matching import Watchman
            from searcher.feeds.state import FeedState

            state = stack.enter_context(FeedState(settings.feed_state))
            witness = Watchman(state.alerts, engine, SystemClock()).see
        yield Indexer(
            engine,
            store,
            settings.index,
            None,
            progress,
            settings.lock_wait,
            settings.jobs,
            witness,
            quick,
        )


@contextlib.contextmanager
def state_of(settings: Settings, begun: bool = False) -> Iterator[FeedState]:
    """The state of the feeds; if it has to be `begun`, raises UnknownFeed where nothing is followed
    yet."""
    from searcher.feeds.state import FeedState

    if begun and not settings.feed_state.exists():
        raise UnknownFeed(
            f"there are no feeds or alerts in {settings.feed_state}; “searcher feeds add” follows "
            "one"
        )
    with FeedState(settings.feed_state) as state:
        yield state


@contextlib.contextmanager
def refresher(settings: Settings, state: FeedState, quick: bool = False) -> Iterator[Refresher]:
    """The refresher of these settings. quick: as for the Indexer. Raises AlreadyRefreshing and
    WriteFailed."""
    from searcher.clock import SystemClock
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.feeds.archive import Archive
    from searcher.feeds.refresher import Manners, Refresher
    from searcher.fetching.http import HttpFetcher
    from searcher.indexing.report import Progress

    clock = SystemClock()
    engine = WhooshEngine(settings.index, settings.memory, settings.jobs)
    agent = _agent(settings)
    fetcher = HttpFetcher(clock, agent, allow_private=settings.allow_private)
    with (
        indexer_of(settings, Progress(), engine, quick) as indexer,
        Archive(settings.raw, clock) as archive,
    ):
        manners = Manners(agent.partition("/")[0], settings.pause)
        found = Refresher(archive, state, fetcher, indexer, clock, manners)
        try:
            yield found
        finally:
            found.close()
            engine.close()


@contextlib.contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that is set when the process is asked to end; asked again, it ends at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def asked(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, asked)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def refresh_named(settings: Settings, state: FeedState, urls: Sequence[str]) -> Any:
    """Refreshes these feeds, or all that are due, and delivers alerts. Raises UnknownFeed."""
    from searcher.alerts.delivery import deliver
    from searcher.clock import SystemClock

    clock = SystemClock()
    named = [followed(state, url) for url in urls]
    with stoppable() as stop, refresher(settings, state) as found:
        tally = found.refresh(named if urls else state.subscriptions.due(clock.now()), stop)
    deliver(state.alerts, clock, poster(settings))
    return tally


def followed(state: FeedState, url: str) -> Subscription:
    """The subscription with this address, which may lack its name and password. Raises
    UnknownFeed."""
    found = state.subscriptions.get(url)
    if found is None:
        alike = [one for one in state.subscriptions.all() if bare_url(one.url) == bare_url(url)]
        found = alike[0] if len(alike) == 1 else None
    if found is None:
        raise UnknownFeed(f"{shown_url(url)} is not followed; “searcher feeds list” shows what is")
    return found
