"""Where time goes, as shares: of a page, of a request, of an indexed article, and of a command's
start:

python -m benchmarks.profile DATA [--parts page,request,article,start] [--articles 20000] [--plain]

DATA, --articles and --folder are those of benchmarks.targets, whose index is used. The processor's
time is sampled every millisecond. A sample counts for the innermost function of this program, of
its templates or of its web framework; time in numpy, compiled kernels and other libraries counts
for the function that called them. --plain does without compiled kernels.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks import commands, corpus_file, measuring
from benchmarks.alone import application
from benchmarks.peers.ours import Ours
from benchmarks.real import Maker
from searcher import kernels
from searcher.assembly import open_indexer
from searcher.indexing.report import Progress
from searcher.settings import Settings

_EVERY = 0.001
"""Seconds of the processor's time between two samples."""
_LEAST = 0.01
"""Share of the samples below which a function is not shown."""
_INDEXED = 2_000
"""Articles whose indexing is profiled."""
_STARTS = 7
_ROOTS = ("searcher", "web", "whoosh", "flask", "werkzeug", "jinja2")
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


class Sampler:
    """Counts in which function the processor's time of this process is spent."""

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()
        self.seconds = 0.0

    def __enter__(self) -> Sampler:
        self.seconds = -time.process_time()
        signal.signal(signal.SIGPROF, self._note)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.seconds += time.process_time()

    def _note(self, _: int, frame: FrameType | None) -> None:
        while frame is not None:
            code, name = frame.f_code, frame.f_globals.get("__name__", "")
            if code.co_filename.endswith((".html", ".txt", ".xml")):
                self.found["web.templates", Path(code.co_filename).name] += 1
                return
            if name.partition(".")[0] in _ROOTS:
                self.found[name, code.co_qualname] += 1
                return
            frame = frame.f_back
        self.found["other", ""] += 1

    def show(self, title: str, times: int) -> None:
        """Print the shares: of each module, then of its functions."""
        total = self.found.total() or 1
        print(f"\n{title}: {self.seconds / times * 1000:.2f} ms of the processor each\n")
        print("| share | module | functions |\n| --- | --- | --- |")
        modules: Counter[str] = Counter()
        for (module, _), samples in self.found.items():
            modules[module] += samples
        for module, samples in modules.most_common():
            if samples < total * _LEAST:
                break
            functions = Counter({key[1]: n for key, n in self.found.items() if key[0] == module})
            most = [
                f"{name} {n / total:.0%}"
                for name, n in functions.most_common(4)
                if n >= total * _LEAST
            ]
            print(f"| {samples / total:.0%} | {module} | {', '.join(most)} |", flush=True)


def each(action: Callable[[Any], Any], values: Iterable[Any], title: str) -> None:
    """Profile an action on each value."""
    values = list(values)
    with Sampler() as sampler:
        for value in values:
            action(value)
    sampler.show(title, len(values))


def article(corpus: Path) -> None:
    """Profile the indexing of articles in one process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        part = folder / "part.jsonl"
        with corpus.open("rb") as lines:
            part.write_bytes(b"".join(islice(lines, _INDEXED)))
        settings = Settings(index=folder / "index", raw=folder / "raw", jobs=1)
        with Sampler() as sampler, open_indexer(settings, Progress()) as indexer:
            indexer.update((part,))
    sampler.show("an indexed article", _INDEXED)


def start(index: Path) -> None:
    """Profile a search as a command: the modules that it imports, by their package."""
    words = ["searcher", "search", "oil", "prices", "minister"]
    command = [sys.executable, "-X", "importtime", "-m", *words]
    env = commands.environment(index)
    best: dict[str, int] = {}
    for _ in range(_STARTS):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        for took, name in _IMPORT.findall(done.stderr):
            best[name] = min(int(took), best.get(name, sys.maxsize))
    wall, worked = commands.starts("ours", index, words[2:])
    shares: Counter[str] = Counter()
    for name, took in best.items():
        root, _, rest = name.partition(".")
        own = f"{root}.{rest.partition('.')[0]}" if root == "searcher" and rest else root
        shares[own] += took
    print(f"\na search as a command: {wall * 1000:.0f} ms, {worked * 1000:.0f} of the processor\n")
    print("| ms | importing |\n| --- | --- |")
    for name, took in shares.most_common(20):
        print(f"| {took / 1000:.1f} | {name} |")
    print(f"| {shares.total() / 1000:.1f} | all of {len(best)} modules |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--parts", default="page,request,article,start", metavar="NAME,...")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1, help="of the queries")
    parser.add_argument("--folder", type=Path, help="keep the corpus and the index here")
    parser.add_argument("--plain", action="store_true", help="without compiled kernels")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        corpus = corpus_file.made(options.data, folder, options.articles)
        index = folder / f"ours-{options.articles}"
        if not index.exists():
            commands.build("ours", corpus, index)
        queries = measuring.Queries(
            Maker(options.data).article, options.articles, options.queries, options.seed
        )
        parts = options.parts.split(",")
        if "start" in parts:
            start(index)
        if not options.plain:
            kernels.load()
        with kernels.using(not options.plain):
            _profile(parts, index, corpus, queries)


def _profile(parts: list[str], index: Path, corpus: Path, queries: measuring.Queries) -> None:
    if "page" in parts:
        peer = Ours(index)
        peer.open()
        for query in queries.set(0):
            peer.page(query)
        each(peer.page, queries.set(1), "a page")
    if "request" in parts:
        client = application("ours", index).test_client()
        texts = [Ours.text(query) for query in (*queries.set(2), *queries.set(3))]

        def ask(text: str) -> None:
            client.get("/search", query_string={"q": text})

        for text in texts[len(texts) // 2 :]:
            ask(text)
        each(ask, texts[: len(texts) // 2], "a request")
    if "article" in parts:
        article(corpus)


if __name__ == "__main__":
    main()
