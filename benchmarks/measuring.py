"""Times of queries and commits on several engines, in turns in one process.

Each query is asked once of each engine, one engine after the other, so that noise of the machine
meets all of them alike, and no engine answers from what it remembers of that query. Before, each
engine answers other queries of the same words.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import real_queries
from benchmarks.corpus import Item
from benchmarks.peers import Peer
from benchmarks.queries import Query

Figures = dict[str, tuple[float, ...]]
"""One or two numbers for each engine."""

_HUNDREDTH = 5
"""Number of queries of which one is asked for a page of 100 hits. Larger measures fewer of these
pages."""


class Queries:
    """The queries of one run: a set of its own for each measurement."""

    def __init__(self, article: Callable[[int], Item], articles: int, count: int, seed: int):
        self._draw = partial(real_queries.draw, article, articles, count)
        self._seed = seed

    def set(self, number: int) -> list[Query]:
        """Return the set of this number, 0 to 9; no two sets share an article by design."""
        return self._draw(self._seed * 10 + number)


def quantiles(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def searching(
    engines: Mapping[str, Peer], queries: Queries, clock: Callable[[], float]
) -> dict[str, Figures]:
    """Return the times of pages and of the ten best articles alone, in milliseconds."""
    first, pages, tops = (queries.set(number) for number in range(3))
    rows = {"page, in a process that has just started": _timed(engines, "page", first, clock)}
    for peer in engines.values():
        for query in real_queries.regrouped([*pages, *tops], seed=1):
            peer.page(query)
    rows["page: top 10, snippets, count, 3 facets"] = _timed(engines, "page", pages, clock)
    rows["top 10 alone"] = _timed(engines, "top", tops, clock)
    hundreds = queries.set(3)[::_HUNDREDTH]
    rows["page of 100 hits"] = _timed(engines, "page", hundreds, clock, size=100)
    return rows


def _timed(
    engines: Mapping[str, Peer],
    method: str,
    queries: Sequence[Query],
    clock: Callable[[], float],
    **options: Any,
) -> Figures:
    times: dict[str, list[float]] = {name: [] for name in engines}
    gc.collect()
    for query in queries:
        for name, peer in engines.items():
            begin = clock()
            getattr(peer, method)(query, **options)
            times[name].append((clock() - begin) * 1000)
    return {name: quantiles(found) for name, found in times.items()}


def long_bodies(
    engines: Mapping[str, Peer], items: Sequence[Item], clock: Callable[[], float]
) -> Figures:
    """Return the time of a page with one of these articles among its hits, in milliseconds."""
    queries = []
    for item in items:
        name = item.title.split()[-1].lower()
        common = [word for word in item.body.split()[:400] if word.isalpha()]
        queries += [Query("or", (name, *common[at : at + 2])) for at in range(0, 20, 2)]
    for peer in engines.values():
        peer.page(queries[0])
    return _timed(engines, "page", queries[1:], clock)


def commits(
    engines: Mapping[str, Peer],
    batches: Sequence[list[Item]],
    clock: Callable[[], float] = time.perf_counter,
) -> Figures:
    """Return the time from a batch of new articles until a query finds them, in milliseconds.

    It is that of the wall clock where writing waits for the disk. Merges that an engine does
    afterwards are not a part of it; Tantivy's run in threads of its own.
    """
    # The garbage collector would walk the articles of all batches during commits.
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in engines}
    for batch in batches:
        name_of_one = Query("or", (batch[-1].title.split()[-1].lower(),))
        for name, peer in engines.items():
            begin = clock()
            peer.commit(batch, name_of_one)
            times[name].append((clock() - begin) * 1000)
            settle = getattr(peer, "settle", None)
            if settle is not None:
                settle()
    gc.unfreeze()
    return {name: quantiles(found) for name, found in times.items()}


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of an index that may be written.

    Files that engines write once are shared by hard links; a database is copied.
    """

    def copy(source: str, target: str) -> None:
        if source.endswith(".sqlite"):
            shutil.copy2(source, target)
        else:
            os.link(source, target)

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, copy_function=copy)
    return to
