"""The one place that turns settings into the program's parts and chooses their implementations.

No other module chooses an engine. Imports are inside the functions here: a search must not load
modules that fetch, nor “searcher feeds list” modules that search. Other modules import at the top,
except slow libraries that few of their callers need, and modules of our own where a comment or
docstring says why.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from searcher.settings import Settings

if TYPE_CHECKING:
    from searcher.alerts.delivery import Post
    from searcher.engine.opensearch.engine import ClusterEngine
    from searcher.engine.protocol import Engine, Snapshot
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.feeds.refresher import AroundUpdate, Refresher
    from searcher.feeds.state import FeedState
    from searcher.indexing.indexer import Indexer
    from searcher.indexing.report import Progress
    from searcher.indexing.story_finder import StoryFinder
    from searcher.reading.raw_store import RawStore
    from searcher.search.service import SearchService
    from searcher.search.suggestions import QueryLog
    from searcher.stories.judging import StoryJudge


def build_engine(settings: Settings) -> Engine:
    """Return the engine that is set; nothing is opened yet."""
    return _cluster(settings) if settings.engine == "opensearch" else _whoosh(settings)


def _cluster(settings: Settings) -> ClusterEngine:
    from searcher.engine.opensearch.client import Cluster, address_of
    from searcher.engine.opensearch.engine import ClusterEngine
    from searcher.engine.opensearch.mapping import Copying

    certificates = str(settings.opensearch_ca or "")
    address = address_of(settings.opensearch)
    cluster = Cluster(address, settings.opensearch_password, certificates)
    return ClusterEngine(cluster, Copying(settings.opensearch_shards, settings.opensearch_replicas))


def _whoosh(settings: Settings) -> WhooshEngine:
    from searcher.engine.whoosh_engine import WhooshEngine

    # Half of the processes write, as reading an article takes about as long as writing it. Each
    # that writes has to learn the words of the language anew.
    return WhooshEngine(settings.index, settings.memory, (settings.jobs + 1) // 2)


def build_search(settings: Settings, log: QueryLog | None = None) -> SearchService:
    """Return the read path of the index folder.

    log: the queries that are remembered, if other processes share them. Nothing is opened before
    the first search, which raises IndexMissing if there is no index.
    """
    from searcher.clock import SystemClock
    from searcher.reading.version_archive import RawArchive
    from searcher.search.service import SearchService

    clock = SystemClock()
    archive = RawArchive(partial(build_store, settings), clock)
    return SearchService(build_engine(settings), clock, settings, archive, log)


def build_store(settings: Settings) -> RawStore:
    """Return the raw folder."""
    from searcher.reading.raw_store import RawStore

    return RawStore(settings.raw, settings.max_file_bytes)


@contextlib.contextmanager
def open_indexer(
    settings: Settings, progress: Progress, engine: Engine | None = None, quick: bool = False
) -> Iterator[Indexer]:
    """Yield the indexer, which matches new fetched articles against the alerts.

    progress: is called while files are read. engine: the engine to use if the caller has one.
    quick: whether updates leave merges to `Indexer.tidy`.
    """
    from searcher.alerts.matching import AlertMatcher
    from searcher.clock import SystemClock
    from searcher.indexing.indexer import Indexer

    engine = engine or build_engine(settings)
    with contextlib.ExitStack() as stack:
        on_news = None
        if settings.feed_state.exists():
            state = stack.enter_context(open_state(settings))
            on_news = AlertMatcher(state.alerts, engine, SystemClock()).match
        find_stories = None
        if settings.stories:
            find_stories = build_story_finder(settings, engine, progress).run
        yield Indexer(
            engine,
            build_store(settings),
            settings.index,
            progress=progress,
            wait=settings.lock_wait,
            jobs=settings.jobs,
            on_news=on_news,
            quick=quick,
            find_stories=find_stories,
        )


def build_story_finder(
    settings: Settings, engine: Engine, progress: Progress | None = None
) -> StoryFinder:
    """Return the finder of stories of the index folder, which follows the readers' rulings."""
    from searcher.indexing.ruling_file import rulings_of
    from searcher.indexing.story_finder import StoryFinder

    rulings = partial(rulings_of, settings.raw)
    wait = settings.lock_wait
    return StoryFinder(engine, settings.index, _story_judge, progress, wait, rulings)


def _story_judge(snapshot: Snapshot) -> StoryJudge:
    # Most runs of a watch place nothing, and need none of this.
    from searcher.stories.judging import StoryJudge

    return StoryJudge(snapshot)


def open_state(settings: Settings) -> FeedState:
    """Open the state of the feeds, creating its file if there is none.

    Raises StateDamaged and StateNewer.
    """
    from searcher.feeds.state import FeedState

    return FeedState(settings.feed_state)


@contextlib.contextmanager
def open_refresher(
    settings: Settings,
    state: FeedState,
    quick: bool = False,
    around_update: AroundUpdate = contextlib.nullcontext,
) -> Iterator[Refresher]:
    """Yield the refresher, which holds the lock of the archive meanwhile.

    quick: as for `open_indexer`. around_update: as for Refresher. Raises AlreadyRefreshing and
    WriteFailed.
    """
    from searcher.clock import SystemClock
    from searcher.feeds.archive import Archive
    from searcher.feeds.dispatcher import Politeness
    from searcher.feeds.refresher import Refresher
    from searcher.fetching.http import HttpFetcher
    from searcher.indexing.report import Progress

    clock = SystemClock()
    agent = _agent(settings)
    fetcher = HttpFetcher(clock, agent, allow_private=settings.allow_private)
    politeness = Politeness(agent.partition("/")[0], settings.pause)
    with (
        contextlib.closing(build_engine(settings)) as engine,
        open_indexer(settings, Progress(), engine, quick) as indexer,
        Archive(settings.raw, clock) as archive,
        contextlib.closing(
            Refresher(
                archive, state, fetcher, indexer, clock, politeness, around_update=around_update
            )
        ) as refresher,
    ):
        yield refresher


def build_post(settings: Settings) -> Post:
    """Return the function that posts alerts to webhooks."""
    from searcher.alerts.delivery import POST_SECONDS
    from searcher.clock import SystemClock
    from searcher.fetching.http import HttpFetcher

    agent = _agent(settings)
    return HttpFetcher(SystemClock(), agent, POST_SECONDS, settings.allow_private).post


def _agent(settings: Settings) -> str:
    """Return the User-Agent: the one set, else the program's name and version."""
    from importlib.metadata import version

    return settings.agent or f"news-searcher/{version('news-searcher')}"
