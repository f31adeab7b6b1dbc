"""Everything that a user waits for, on articles of real length, beside Tantivy and SQLite FTS5:

python -m benchmarks.targets DATA [--articles 80000] [--folder F] [--rows page,index] [--seed 1]

DATA holds reuters.jsonl.gz, time and fundus, of which benchmarks.real makes a corpus of any size.
With --folder the corpus and the indexes are kept there and used again; remove an index to build it
again. Each row has our figure, those of the others, and ours divided by theirs; of times the median
and the 95th percentile.

The others do honest work, and less of it: the docstrings of benchmarks.peers.tantivy_peer and
benchmarks.peers.fts5 say where. With --cpu times are those of the process on its processors, which
a busy machine disturbs less; otherwise they are of the wall clock. `--engines plain,tantivy` runs
ours without compiled kernels.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from benchmarks import commands, corpus_file, measuring
from benchmarks.measuring import Figures
from benchmarks.peers import engine, size_of
from benchmarks.peers.ours import Ours
from benchmarks.real import Maker

_BATCHES, _BATCH = 40, 50
"""Commits that are measured, and new articles of each."""
_LONG, _LONG_WORDS, _BESIDE = 5, 100_000, 1_000
"""Number of long articles, words of each, and articles of usual length in their index."""
_PORTS = count(8700)


@dataclass(frozen=True)
class Run:
    """The data, the engines and the folder of one run."""

    data: Path
    """Folder with the texts."""
    folder: Path
    """Folder of the corpus and the indexes."""
    articles: int
    """Number of articles."""
    names: tuple[str, ...]
    """Names of the engines; the first is compared with the others."""
    queries: measuring.Queries
    """The queries."""
    maker: Maker
    """Makes the articles."""
    clock: Callable[[], float]
    """The clock of queries."""
    connections: int
    """Number of connections over HTTP."""
    seconds: float
    """Duration of that load."""

    @cached_property
    def corpus(self) -> Path:
        return corpus_file.made(self.data, self.folder, self.articles)

    def index(self, name: str) -> Path:
        """Return the folder of an engine's index, which is built if it is not there."""
        path = self._path(name)
        if not path.exists():
            took = commands.build(name, self.corpus, path)
            self._note(name).write_text(json.dumps(took))
        return path

    def built_in(self, name: str) -> float | None:
        """Return the seconds in which an index was built; None if it was brought."""
        self.index(name)
        return json.loads(self._note(name).read_text()) if self._note(name).exists() else None

    def _path(self, name: str) -> Path:
        """Return the folder of an index: ours is the same with and without kernels."""
        return self.folder / f"{'ours' if name in commands.OURS else name}-{self.articles}"

    def _note(self, name: str) -> Path:
        return self._path(name).with_suffix(".seconds")

    def texts(self) -> list[str]:
        """Return queries as users type them."""
        return [Ours.text(query) for query in self.queries.set(4)]


def _page(run: Run) -> Iterator[tuple[str, Figures]]:
    engines = {name: engine(name)(run.index(name)) for name in run.names}
    for peer in engines.values():
        peer.open()
    rows = measuring.searching(engines, run.queries, run.clock)
    for name, figures in rows.items():
        yield f"{name}, ms", figures


def _long(run: Run) -> Iterator[tuple[str, Figures]]:
    items = [run.maker.article(number, _LONG_WORDS) for number in range(_LONG)]
    beside = [run.maker.article(number) for number in range(_LONG, _LONG + _BESIDE)]
    engines = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in run.names:
            engines[name] = engine(name)(Path(temporary) / name)
            prepare = getattr(engines[name], "prepare", list)
            engines[name].build(prepare([*items, *beside]), 1)
            engines[name].open()
        figures = measuring.long_bodies(engines, items, run.clock)
    yield f"page with {_LONG_WORDS:,} words in a hit, ms", figures


def _index(run: Run) -> Iterator[tuple[str, Figures]]:
    took = {name: run.built_in(name) for name in run.names}
    rates = {name: (run.articles / seconds,) for name, seconds in took.items() if seconds}
    yield "indexing, whole command, two processes, articles/s", rates
    yield "index, MB", {name: (size_of(run.index(name)) / 1e6,) for name in run.names}


def _html(run: Run) -> Iterator[tuple[str, Figures]]:
    seconds, pages = commands.html_pages(run.data)
    yield "indexing pages of HTML, whole command, pages/s", {"ours": (pages / seconds,)}


def _memory(run: Run) -> Iterator[tuple[str, Figures]]:
    served = (name for name in run.names if name != "fts5")
    texts = run.texts()
    figures = {name: (commands.memory(name, run.index(name), texts),) for name in served}
    yield "anonymous memory of a process that serves pages, MB", figures


def _start(run: Run) -> Iterator[tuple[str, Figures]]:
    words = ("oil", "prices", "minister")
    figures = {
        name: commands.starts(name, run.index(name), words) for name in run.names if name != "plain"
    }
    yield "a search as a command, s (wall clock / processor)", figures


def _commit(run: Run) -> Iterator[tuple[str, Figures]]:
    engines, copies = {}, run.folder / "copies"
    for name in run.names:
        engines[name] = engine(name)(measuring.copied(run.index(name), copies / name))
        engines[name].open()
    fresh = map(run.maker.article, count(run.articles))
    batches = [[next(fresh) for _ in range(_BATCH)] for _ in range(_BATCHES)]
    yield f"commit of {_BATCH} new articles until found, ms", measuring.commits(engines, batches)
    commands.removed(copies)


def _http(run: Run) -> Iterator[tuple[str, Figures]]:
    rates, times = {}, {}
    for name in (one for one in run.names if one != "fts5"):
        command, env = commands.server(name, run.index(name), port := next(_PORTS))
        address = f"http://127.0.0.1:{port}"
        texts, load = run.texts(), (run.connections, run.seconds)
        found = commands.under_load(command, address, env, texts, *load)
        print(f"{name}: {found}", file=sys.stderr)
        rates[name] = (len(found.took) / found.seconds, float(len(found.errors)))
        times[name] = measuring.quantiles(found.took)
    yield f"HTTP, {run.connections} connections, pages/s / errors", rates
    yield f"HTTP, {run.connections} connections, s", times


ROWS: dict[str, Callable[[Run], Iterator[tuple[str, Figures]]]] = {
    "index": _index,
    "page": _page,
    "long": _long,
    "memory": _memory,
    "start": _start,
    "commit": _commit,
    "html": _html,
    "http": _http,
}
"""The measurements, in their order."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=80_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1, help="of the queries")
    parser.add_argument("--folder", type=Path, help="keep the corpus and the indexes here")
    parser.add_argument("--engines", default="ours,tantivy,fts5", metavar="NAME,...")
    parser.add_argument("--rows", default=",".join(ROWS), metavar="NAME,...")
    parser.add_argument("--cpu", action="store_true", help="time of the processor for queries")
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    try:
        maker = Maker(options.data)
    except OSError as error:
        parser.error(f"{options.data} is no data folder: {error}")
    with tempfile.TemporaryDirectory() as temporary:
        run = Run(
            data=options.data,
            folder=options.folder or Path(temporary),
            articles=options.articles,
            names=tuple(options.engines.split(",")),
            queries=measuring.Queries(
                maker.article, options.articles, options.queries, options.seed
            ),
            maker=maker,
            clock=time.process_time if options.cpu else time.perf_counter,
            connections=options.connections,
            seconds=options.seconds,
        )
        show(run, options.rows.split(","))


def show(run: Run, rows: list[str]) -> None:
    """Measure and print a table: a row for each figure, and ours divided by each other's."""
    others = run.names[1:]
    busy = os.getloadavg()[0]
    print(f"{run.articles:,} articles; load of the machine at the start: {busy:.1f}\n")
    print("| |", " | ".join([*run.names, *(f"{run.names[0]} / {name}" for name in others)]), "|")
    print("| --- |", " --- |" * (len(run.names) + len(others)))
    for row in rows:
        for label, figures in ROWS[row](run):
            cells = [_shown(figures.get(name)) for name in run.names]
            cells += [_ratio(figures, run.names[0], name) for name in others]
            print(f"| {label} |", " | ".join(cells), "|", flush=True)


def _shown(figure: tuple[float, ...] | None) -> str:
    return (
        " / ".join(f"{part:,.3g}" if part < 100 else f"{part:,.0f}" for part in figure or ()) or "–"
    )


def _ratio(figures: Figures, ours: str, other: str) -> str:
    pairs = zip(figures.get(ours, ()), figures.get(other, ()), strict=False)
    return " / ".join(f"{mine / theirs:.2g}" if theirs else "–" for mine, theirs in pairs) or "–"


if __name__ == "__main__":
    main()
