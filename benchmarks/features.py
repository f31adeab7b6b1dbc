"""Time of each part of a page:

python -m benchmarks.features DATA [--articles N] [--folder F]

DATA is a folder with reuters.jsonl.gz, which is grown as in benchmarks.speed. With --folder the
index is kept there and used again. The table has the median and the 95th percentile over the
queries, in milliseconds. Each query is asked once, after the first ten; caches between queries of
one index are emptied before each.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.corpus import grow, read
from benchmarks.peers.ours import NOW, Ours
from benchmarks.queries import draw
from searcher.columnar.searching.view import PairFrequencies
from searcher.engine.searches import FACETS
from searcher.engine.spellings import other_spellings
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.search.request import Request
from searcher.search.service import SearchService

_NAMES = (
    "khomeini gorbachev reagan gaddafi peking rangoon teheran mitterrand aquino shevardnadze "
    "nakasone texaco "
    "kuwait nicaragua zimbabwe thatcher volcker bangladesh argentina"
).split()
_ERRORS = (
    "goverment exchagne dividned quaterly comapny tresury petrolium merchent announcment"
    " agricultral"
).split()
_TYPED = (
    "co",
    "gra",
    "unit",
    "trade d",
    "japan",
    "oil pr",
    "stock s",
    "bank of e",
    "cent",
    "the pre",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with reuters.jsonl.gz")
    parser.add_argument(
        "--articles", type=int, default=0, help="number of articles to grow the corpus to"
    )
    parser.add_argument("--folder", type=Path, help="folder to keep the index in, or with an index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "index"
        base = read(options.data)
        if not folder.exists():
            _build(folder, base, options.articles or len(base))
        _measure(
            folder,
            [" ".join(query.words) for query in draw(list(grow(base, len(base))), 200)["or"]],
        )


def _build(folder: Path, base: list[tuple[str, str, str]], count: int) -> None:
    engine, items = Ours(folder), grow(base, count)
    engine.build(
        (
            one
            for batch in iter(lambda: list(islice(items, 5000)), [])
            for one in engine.prepare(batch)
        ),
        2,
    )


def _measure(folder: Path, queries: list[str]) -> None:
    engine = WhooshEngine(folder)
    service = SearchService(engine)
    with engine.snapshot() as snapshot:
        view, vocabulary = snapshot._view, snapshot.vocabulary

        def afresh(action: Callable[[str], Any]) -> Callable[[str], Any]:
            def measured(text: str) -> Any:
                view.pair_frequencies = PairFrequencies()
                return action(text)

            return measured

        ids = [
            snapshot._stored(number).id for number in range(0, snapshot.count, snapshot.count // 60)
        ][:60]
        print(f"{snapshot.count:,} articles\n\n| what | ms, median | 95% |\n| --- | --- | --- |")
        for name, action, texts in (
            (
                "ten best by words alone",
                lambda text: snapshot.best(parse(text, NOW), 10, dependence=False),
                queries,
            ),
            ("ten best", lambda text: snapshot.best(parse(text, NOW), 10), queries),
            ("ten best, pairs known", lambda text: snapshot.best(parse(text, NOW), 10), queries),
            ("page with facets", lambda text: service.run(Request(text, facets=FACETS)), queries),
            (
                "page, explained",
                lambda text: service.run(Request(text, facets=FACETS, explain=True)),
                queries,
            ),
            (
                "page, broadened",
                lambda text: service.run(Request(text, facets=FACETS, broaden=True)),
                queries,
            ),
            ("spellings of a name", lambda text: other_spellings(text, vocabulary), _NAMES),
            ("page for a name", lambda text: service.run(Request(text, facets=FACETS)), _NAMES),
            ("page for an error", lambda text: service.run(Request(text, facets=FACETS)), _ERRORS),
            (
                "page that finds nothing",
                lambda text: service.run(f"+{text} +xqzwy before:1980"),
                queries,
            ),
            ("suggestions", service.suggestions.complete, _TYPED * 4),
            ("more like this", service.similar.find, ids),
        ):
            _show(name, action if name.endswith("known") else afresh(action), texts)


def _show(name: str, action: Callable[[str], Any], texts: Iterable[str]) -> None:
    texts = list(texts)
    for text in texts[:10]:
        action(text)
    times = []
    for text in texts:
        begin = time.perf_counter()
        action(text)
        times.append(time.perf_counter() - begin)
    times.sort()
    print(
        f"| {name} | {times[len(times) // 2] * 1000:.2f} | "
        f"{times[int(len(times) * 0.95)] * 1000:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
