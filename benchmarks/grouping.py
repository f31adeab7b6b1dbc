"""The costs of stories in a search: a page by story beside one without, attention beside a count:

python -m benchmarks.grouping DATA [--articles 80000] [--folder F] [--queries 100]

DATA, --articles and --folder are those of benchmarks.targets, whose index is used. A copy of it
gets places among stories by chance, as finding them would take hours at a million articles: the
costs depend on their number and size. Times are of the processor; words of a query are known.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import commands, corpus_file, measuring
from benchmarks.peers.ours import FACETS, Ours
from benchmarks.real import Maker
from searcher import kernels
from searcher.engine.places import Place, article_number
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.search.request import Request
from searcher.search.service import SearchService

_ALONE = 0.6
"""Share of the stories that have one article."""
_GROWS = 0.7
"""Probability that a story with several articles has one more than it has so far."""
_COPIES = 0.5
"""Share of the later articles of a story that are copies of the first."""
_STEPS: Sequence[Any] = ("day", "week", "month")

Action = Callable[[str], Any]
"""A search for a text."""


def placed(ids: Sequence[str], chance: random.Random) -> Iterator[tuple[str, Place]]:
    """Yield the id and the place of each article. ids: those of benchmarks.real."""
    order = list(ids)
    chance.shuffle(order)
    story = left = 0
    before = ""
    for one in order:
        place = Place(story, story, "copy", article_number(before), 97)
        if not left:
            story += 1
            left = 1 if chance.random() < _ALONE else 2
            place = Place(story, story if left > 1 else 0)
        elif chance.random() >= _COPIES:
            place = Place(story, 0, "story", article_number(before), 20, 9, 5)
        if left > 1 and chance.random() < _GROWS:
            left += 1
        left -= 1
        before = one
        yield one, place


def _place_all(engine: WhooshEngine, articles: int) -> None:
    ids = [f"r{number}" for number in range(articles)]
    with engine.writer(quick=True) as writer:
        for one, place in placed(ids, random.Random(1)):
            writer.place(one, place)


def _show(title: str, actions: dict[str, Action], texts: Sequence[str]) -> None:
    """Print the times of some actions, and their ratios to the first."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    turns = list(actions.items())
    for text in texts:
        # Once unmeasured, as the first of them would look up the words for all.
        turns[0][1](text)
        turns.append(turns.pop(0))
        for name, action in turns:
            begin = time.process_time()
            action(text)
            times[name].append((time.process_time() - begin) * 1000)
    first = measuring.quantiles(next(iter(times.values())))
    print(f"\n| {title} | ms, p50 / p95 | ratio |\n| --- | --- | --- |")
    for name, found in times.items():
        middle, high = measuring.quantiles(found)
        ratio = f"{middle / first[0]:.2f} / {high / first[1]:.2f}"
        print(f"| {name} | {middle:.2f} / {high:.2f} | {ratio} |", flush=True)


def measure(folder: Path, texts: Sequence[str]) -> None:
    """Print the times of pages and of attention on an index with places."""
    engine = WhooshEngine(folder)
    service = SearchService(engine)

    def page(by_story: bool) -> Action:
        return lambda text: service.run(Request(text, facets=FACETS, by_story=by_story))

    def count(text: str) -> None:
        with engine.snapshot() as snapshot:
            snapshot.search(Search(parse(text, service.now()), limit=0))

    def attention(step: Any) -> Action:
        return lambda text: service.attention.count(Request(text), step)

    _show("a page", {"not grouped": page(False), "by story": page(True)}, texts)
    steps = {f"attention by {step}": attention(step) for step in _STEPS}
    _show("a count", {"the number of articles": count, **steps}, texts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=80_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="folder of the corpus and the index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        index = folder / f"ours-{options.articles}"
        if not index.exists():
            corpus = corpus_file.made(options.data, folder, options.articles)
            commands.build("ours", corpus, index)
        made = Maker(options.data).article
        queries = measuring.Queries(made, options.articles, options.queries, 1).set(5)
        kernels.load()
        copy = folder / "placed"
        if not copy.exists():
            _place_all(WhooshEngine(measuring.copied(index, copy)), options.articles)
        measure(copy, [Ours.text(query) for query in queries])


if __name__ == "__main__":
    main()
