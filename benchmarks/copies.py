"""How many copies are found, and at what cost: python -m benchmarks.copies DATA [--articles 4000]

DATA is a folder as for benchmarks.real. Articles of real length are indexed, and of some of them
prints, as other outlets would print them: trimmed, with another beginning and end, reworded. A
print counts as long as at least .8 of the shorter text is in both. The same DATA and number of
articles give the same prints.

With --reuters N, N pairs of copies among the Reuters notes are printed instead, to be judged by
reading: of all pairs, so that each is as likely as another.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.corpus import Item
from benchmarks.peers.ours import article
from benchmarks.real import articles
from searcher import kernels
from searcher.article import Article
from searcher.engine.protocol import Snapshot
from searcher.engine.terms import sketch_of
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.stories.bodies import COPIED, body_of, compared
from searcher.stories.copies import verdicts

_EVERY = 10
"""An article in this many is printed again."""
_SEED = 17

Words = list[str]
Change = Callable[[Words, Words, random.Random], Words]
"""Makes the words of a print from those of an article and of an unrelated one."""


def _part(words: Words, share: float, chance: random.Random) -> Words:
    """Return a part of a text: its beginning in half of the cases, else from the middle."""
    size = int(len(words) * share)
    start = chance.choice((0, chance.randrange(len(words) - size + 1)))
    return words[start : start + size]


def _framed(words: Words, other: Words) -> Words:
    """Return a text with another beginning and end."""
    return [*other[:12], *words, *other[-15:]]


def _reworded(words: Words, other: Words, every: int, chance: random.Random) -> Words:
    """Return a text in which one plain word in `every` is replaced by another: neither a name nor a
    figure."""
    plain = [word for word in other if word.isalpha() and word.islower()]
    return [
        chance.choice(plain)
        if word.isalpha() and word.islower() and chance.random() < 1 / every
        else word
        for word in words
    ]


PRINTS: dict[str, Change] = {
    "whole": lambda words, other, chance: words,
    "half": lambda words, other, chance: _part(words, 1 / 2, chance),
    "a third": lambda words, other, chance: _part(words, 1 / 3, chance),
    "a quarter": lambda words, other, chance: _part(words, 1 / 4, chance),
    "another beginning and end": lambda words, other, chance: _framed(words, other),
    "half, with another beginning and end": lambda words, other, chance: _framed(
        _part(words, 1 / 2, chance), other
    ),
    "one word in 40 replaced": lambda words, other, chance: _reworded(words, other, 40, chance),
    "one word in 20 replaced": lambda words, other, chance: _reworded(words, other, 20, chance),
    "half, one word in 40 replaced": lambda words, other, chance: _reworded(
        _part(words, 1 / 2, chance), other, 40, chance
    ),
}
"""The kinds of prints."""


def prints(held: Sequence[Article]) -> Iterator[tuple[str, Article, Article]]:
    """Yield prints: their kind, the article printed, and the print, of another outlet."""
    chance = random.Random(_SEED)
    for number in range(0, len(held), _EVERY):
        original = held[number]
        other = chance.choice(held)
        words, others = (" ".join(one.paragraphs).split() for one in (original, other))
        for kind, change in PRINTS.items():
            text = " ".join(change(words, others, chance))
            yield (
                kind,
                original,
                replace(
                    original,
                    id=f"{original.id} {kind}",
                    headline=other.headline,
                    source="Print",
                    paragraphs=(text,),
                ),
            )


def measure(held: Sequence[Article], folder: Path) -> None:
    """Print what is found of each kind of print, and the cost."""
    made = list(prints(held))
    snapshot = _indexed((*held, *(copy for _, _, copy in made)), folder)
    counted, found = Counter[str](), Counter[str]()
    for kind, original, copy in made:
        if compared(body_of(original), body_of(copy)).share >= COPIED:
            counted[kind] += 1
            found[kind] += any(one.article_id == original.id for one in verdicts(copy, snapshot))
    print("| print | prints | found, % |\n| --- | --- | --- |")
    for kind in PRINTS:
        share = f"{100 * found[kind] / counted[kind]:.1f}" if counted[kind] else "-"
        print(f"| {kind} | {counted[kind]} | {share} |")
    ids = {one.id for one in held}
    related = sum(
        one.article_id in ids for original in held for one in verdicts(original, snapshot)
    )
    print(f"\n{related} verdicts on unrelated articles of {len(held):,}\n")
    _costs(held, snapshot)


def _costs(held: Sequence[Article], snapshot: Snapshot) -> None:
    """Print the time of each step for the articles, in microseconds of the processor."""
    steps: dict[str, Callable[[Article], object]] = {
        "sketch": sketch_of,
        "sketch and articles that resemble": lambda one: snapshot.resembling(sketch_of(one), 64),
        "verdicts": lambda one: verdicts(one, snapshot),
    }
    for name, step in steps.items():
        begin = time.process_time()
        for one in held:
            step(one)
        print(f"{name}: {1e6 * (time.process_time() - begin) / len(held):.0f} us an article")


def _indexed(held: Iterable[Article], folder: Path) -> Snapshot:
    """Return a snapshot of an index of the articles."""
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for one in held:
            writer.add(one)
    return engine.snapshot()


def reuters(data: Path) -> list[Article]:
    """Return the Reuters notes with their dates; their sources are not told."""
    with gzip.open(data / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = list(map(json.loads, lines))
    return [
        article(Item(row["id"], row["title"], row["body"], _moment(row["date"]), "", "en"))
        for row in rows
    ]


def _moment(text: str) -> datetime:
    """Return the moment of a note; one has an hour that is none, and gets the beginning of its
    day."""
    day, _, clock = text.strip().partition(" ")
    moment = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC)
    with suppress(ValueError):
        time_of_day = datetime.strptime(clock[:8], "%H:%M:%S")
        return moment.replace(hour=time_of_day.hour, minute=time_of_day.minute)
    return moment


def sample(data: Path, folder: Path, count: int) -> None:
    """Print some pairs of copies among the Reuters notes, with the reasons."""
    held = reuters(data)
    snapshot = _indexed(held, folder)
    known = {one.id: one for one in held}
    pairs = sorted(
        {
            (*sorted((one.id, verdict.article_id)), verdict.share)
            for one in held
            for verdict in verdicts(one, snapshot)
        }
    )
    print(f"{len(pairs)} pairs of copies among {len(held):,} notes")
    for first, second, share in random.Random(_SEED).sample(pairs, min(count, len(pairs))):
        print(f"\n{share}%")
        for one in (known[first], known[second]):
            moment = one.published.value if one.published else ""
            print(f"  {one.id} {moment} {one.headline}\n    {' '.join(one.paragraphs)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder as for benchmarks.real")
    parser.add_argument("--articles", type=int, default=4000, help="number of articles")
    parser.add_argument("--reuters", type=int, metavar="N", help="print N pairs of copies")
    arguments = parser.parse_args()
    kernels.load()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.reuters:
            sample(arguments.data, Path(folder), arguments.reuters)
        else:
            made = islice(articles(arguments.data, arguments.articles), arguments.articles)
            measure([article(item) for item in made], Path(folder))


if __name__ == "__main__":
    main()
