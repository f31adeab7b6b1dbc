"""Speed and size of the engines that are installed, in one run: `python -m benchmarks.speed DATA
[--articles N]`.

DATA is a folder that holds reuters.jsonl.gz: a JSON object with id, title and body a line. With
--articles the corpus is grown by shuffled copies in which some words are varied. Its articles are
short; benchmarks.targets has those of real length. Every engine gets the same parsed articles,
keeps them whole, and answers words by stems and phrases by forms. Of each query the best of three
runs counts; shown are the median and the 95th percentile over all queries, in milliseconds, and the
ratio of the medians to ours.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.corpus import Item, grow, read
from benchmarks.peers import Peer, peers, size_of
from benchmarks.queries import KINDS, Query, draw

_RUNS = 3
_COMMITS = 40
_AT_ONCE = 20_000


class Corpus:
    """The articles and queries of one run, the same for every engine."""

    def __init__(self, data: Path, count: int, queries: int) -> None:
        """Raises OSError where `data` is no data folder."""
        self._base = read(data)
        self.count = count or len(self._base)
        base = list(grow(self._base, min(self.count, len(self._base))))
        self.queries = draw(base, queries)
        self.pages = self.queries["or"]
        """Queries for measuring whole pages."""

    def items(self) -> Iterator[Item]:
        """Yield the articles, the same ones at each call."""
        return grow(self._base, self.count)


class Timed:
    """An iterator of articles that measures the time spent on making them, to subtract it."""

    def __init__(self, items: Any, prepare: Callable[[list[Item]], Sequence[Any]]) -> None:
        self._items = iter(items)
        self._prepare = prepare
        self.spent = 0.0
        self.count = 0

    def __iter__(self) -> Any:
        while True:
            begin = time.perf_counter()
            batch = self._prepare(list(islice(self._items, _AT_ONCE)))
            gc.collect()
            # So that the garbage collector does not scan waiting articles in an engine's time.
            gc.freeze()
            self.spent += time.perf_counter() - begin
            if not batch:
                return
            self.count += len(batch)
            yield from batch


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--articles", type=int, default=0, help="number of articles (default: those of the corpus)"
    )
    parser.add_argument("--queries", type=int, default=200, help="queries of each kind")
    parser.add_argument(
        "--only", default="", help="engines, separated by commas (default: all installed)"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep the indexes here, and use those that are there"
    )
    options = parser.parse_args()
    try:
        corpus = Corpus(options.data, options.articles, options.queries)
    except OSError as error:
        parser.error(f"{options.data} is no data folder: {error}")
    chosen = options.only.split(",") if options.only else list(peers())
    print(f"{corpus.count:,} articles, {options.queries} queries", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = options.folder or Path(temporary)
        results = {name: measure(name, root / f"{name}-{corpus.count}", corpus) for name in chosen}
    show(results)


def measure(
    name: str,
    folder: Path,
    corpus: Corpus,
) -> dict[str, Any]:
    """Measure one engine. Return its figures by name, without those it does not support."""
    results: dict[str, Any] = {}
    for jobs in (2, 1):
        if folder.exists():
            break
        peer = peers()[name](folder)
        items = Timed(corpus.items(), getattr(peer, "prepare", lambda batch: batch))
        begin = time.perf_counter()
        try:
            peer.build(items, jobs)
        except NotImplementedError:
            continue
        results[f"articles/s, {jobs} at once"] = (
            items.count / (time.perf_counter() - begin - items.spent),
            None,
        )
        results["MB"] = (size_of(folder) / 1e6, None)
        if jobs == 2:
            _remove(folder)
    peer = peers()[name](folder)
    peer.open()
    for kind in KINDS:
        _try(results, f"top 10, {kind}", lambda kind=kind: timed(peer.top, corpus.queries[kind]))
    pages = corpus.pages
    _try(results, "page", lambda: timed(peer.page, pages))
    _try(results, "page of 100", lambda: timed(partial(peer.page, size=100), pages[::10]))
    _try(results, "commit of 10 and query", lambda: commits(peer, corpus, pages))
    if name == "ours":
        results["anonymous MB, serving"] = (serving_memory(folder, pages), None)
    print(name, {key: _shown(value) for key, value in results.items()}, flush=True)
    return results


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()


def _try(results: dict[str, Any], name: str, action: Callable[[], Any]) -> None:
    with suppress(NotImplementedError):
        results[name] = action()


def timed(action: Callable[[Query], Any], queries: list[Query]) -> tuple[float, float]:
    """Return the median and the 95th percentile of each query's best time, in milliseconds."""
    for query in queries:
        action(query)
    best = []
    for query in queries:
        times = []
        for _ in range(_RUNS):
            begin = time.perf_counter()
            action(query)
            times.append(time.perf_counter() - begin)
        best.append(min(times))
    return _quantiles(best)


def _quantiles(times: list[float]) -> tuple[float, float]:
    times = sorted(times)
    return times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000


def commits(peer: Peer, corpus: Corpus, queries: list[Query]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the time to commit ten articles and query the
    index with them, in milliseconds."""
    items = [item._replace(id=f"new-{item.id}") for item in islice(corpus.items(), _COMMITS * 10)]
    times = []
    for number in range(_COMMITS):
        begin = time.perf_counter()
        peer.commit(items[number * 10 : number * 10 + 10], queries[number % len(queries)])
        times.append(time.perf_counter() - begin)
    return _quantiles(times)


_SERVE = """
import sys
from pathlib import Path
from searcher.settings import Settings
from web import create_app
client = create_app(Settings(index=Path(sys.argv[1]))).test_client()
for line in sys.stdin:
    assert client.get("/search", query_string={"q": line.strip()}).status_code == 200
lines = open("/proc/self/status")
print(next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000)
"""


def serving_memory(folder: Path, queries: list[Query]) -> float:
    """Return the anonymous memory, in MB, of a process after it served these queries as pages."""
    text = "\n".join(" ".join(query.words) for query in queries)
    command = [sys.executable, "-c", _SERVE, str(folder)]
    return float(
        subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    )


def _shown(value: tuple[float, float | None]) -> str:
    first, second = value
    if second is None:
        return f"{first:,.0f}"
    return f"{first:.3g} / {second:.3g}"


def show(results: dict[str, dict[str, Any]]) -> None:
    """Return the table: a row for each figure, a column for each engine, and each ratio to ours."""
    rows = list(dict.fromkeys(row for figures in results.values() for row in figures))
    ours = results.get("ours", {})
    print("| |", " | ".join(results), "|")
    print("| --- |", " --- |" * len(results))
    for row in rows:
        cells = []
        for name, figures in results.items():
            cell = _shown(figures[row]) if row in figures else "–"
            if name != "ours" and row in figures and row in ours:
                cell += f" ({figures[row][0] / ours[row][0]:.2g}×)"
            cells.append(cell)
        print(f"| {row} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
