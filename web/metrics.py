"""Metrics for Prometheus: of the server's processes, the index, and the feeds.

Only searches and replaced workers are counted in processes; their counters are on the board, where
every process reads the sums. Everything else is read from the index and the state of the feeds, and
so is the same whichever process answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from searcher.clock import SystemClock
from searcher.errors import SearcherError
from searcher.feeds.state import FeedState
from searcher.search.service import SearchService
from web.board import Board

blueprint = Blueprint("metrics", __name__)

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper bounds of the histogram of search durations, in seconds. Most searches take milliseconds;
the time budget ends the others at 2 seconds."""
_SECONDS = len(_BUCKETS) + 1
"""Counter of the board with the sum of the durations. The ones before it count the searches of each
bucket, the last of which has no upper bound."""
_REPLACED = _SECONDS + 1
"""Counter of the board with the number of workers that ended unasked and were replaced."""
_HEALTH = ("new", "ok", "failing", "gone")
"""Values of `Subscription.health`."""
_COUNTERS = {
    "articles_added": "Articles that refreshes added to the index",
    "articles_updated": "Articles that refreshes updated in the index",
    "records": "Records written to the archive",
    "bytes": "Bytes written to the archive",
}
"""Counters in the state of the feeds, with their descriptions."""


class Metrics:
    """The metrics, collected anew for each request."""

    def __init__(self, service: SearchService, state: Path, board: Board) -> None:
        """
        state: the file with the state of the feeds; it need not exist.
        board: the counters of all processes.
        """
        self._service = service
        self._state = state
        self._board = board
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def count_search(self, seconds: float) -> None:
        """Count a search that took so long."""
        self._board.add(((bisect_left(_BUCKETS, seconds), 1.0), (_SECONDS, seconds)))

    def count_replaced(self) -> None:
        """Count a worker that ended unasked."""
        self._board.add(((_REPLACED, 1.0),))

    def describe(self) -> list[Any]:
        """Return nothing: registering must not read the index."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield the metrics of the index and of the feeds. Of an index or a state that cannot be
        read, only that is reported."""
        sums = self._board.sums()
        yield _durations(sums[:_SECONDS], sums[_SECONDS])
        yield CounterMetricFamily(
            "searcher_workers_replaced",
            "Processes of the server that ended unasked",
            sums[_REPLACED],
        )
        try:
            count = self._service.articles.count()
        except SearcherError:
            count = None
        yield GaugeMetricFamily(
            "searcher_index_up", "Whether the index can be searched", int(count is not None)
        )
        if count is not None:
            yield GaugeMetricFamily("searcher_articles", "Articles in the index", count)
        if self._state.exists():
            try:
                with FeedState(self._state) as state:
                    yield from _of_feeds(state)
            except (SearcherError, OSError):
                yield GaugeMetricFamily(
                    "searcher_feeds_up", "Whether the state of the feeds can be read", 0
                )


def _durations(counts: Sequence[float], seconds: float) -> Any:
    """Return the histogram of the searches: their number in each bucket, and their sum."""
    bounds = (*map(str, _BUCKETS), "+Inf")
    return HistogramMetricFamily(
        "searcher_query_seconds",
        "How long searches took",
        list(zip(bounds, accumulate(counts), strict=True)),
        seconds,
    )


def _of_feeds(state: FeedState) -> Iterator[Any]:
    now = SystemClock().now()
    subscriptions = state.subscriptions.all()
    health: Counter[str] = Counter(one.health for one in subscriptions)
    feeds = GaugeMetricFamily(
        "searcher_feeds", "Feeds that are followed, by their health", labels=["health"]
    )
    for name in _HEALTH:
        feeds.add_metric([name], health[name])
    yield GaugeMetricFamily("searcher_feeds_up", "Whether the state of the feeds can be read", 1)
    yield feeds
    succeeded = [one.succeeded for one in subscriptions if one.succeeded and not one.gone]
    if succeeded:
        age = (now - max(succeeded)).total_seconds()
        yield GaugeMetricFamily(
            "searcher_last_feed_age_seconds", "Since a feed was last received", age
        )
    late = max(
        ((now - one.next_try).total_seconds() for one in subscriptions if not one.gone), default=0.0
    )
    yield GaugeMetricFamily(
        "searcher_feeds_late_seconds", "How late the refresh of feeds is", max(late, 0.0)
    )
    yield GaugeMetricFamily(
        "searcher_pages_waiting", "Pages still to be received", state.pages.count_waiting()
    )
    counters = state.counters.all()
    for name, description in _COUNTERS.items():
        yield CounterMetricFamily(f"searcher_{name}", description, counters.get(name, 0.0))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return all metrics in the text format of Prometheus."""
    found: Metrics = current_app.extensions["metrics"]
    return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)
