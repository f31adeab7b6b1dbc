"""Quality of stories: which articles are taken for reports of one event.

python -m benchmarks.stories DATA [--reuters GROUPS] [--orders N]

DATA is a folder with ecb/dev.jsonl and reuters.jsonl.gz, and beside it seeds/. Events of ECB+ have
no dates, so all its articles are compared with each other. Words are weighted by both collections.
The addresses in the first lines of some ECB+ texts, which no body has, are left out.

Stories are found offline (average linkage over all articles) and online, as `searcher index` does:
articles of an index are judged one after the other, in several random orders. Thresholds are chosen
on one half of the topics and shown on the other, both ways, for two divisions into halves. B-cubed
precision, recall and F1: Bagga and Baldwin 1998. With --reuters, stories of Reuters are found
online in the order of publication, and a sample is printed for a person to judge.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from benchmarks.arrivals import arrive
from benchmarks.articles import made
from searcher import kernels
from searcher.article import Article, Timestamp
from searcher.engine.places import printed_key
from searcher.engine.protocol import Snapshot
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.stories.clusters import Limits
from searcher.stories.likeness import likeness
from searcher.stories.linkage import linked
from searcher.stories.profile import Profile, profile_of
from searcher.stories.weights import Counted, Weighted, weigh

_SEED = 19
"""Seed of samples, orders and halves."""

_LEAST = [share / 100 for share in range(38, 64, 2)]
"""Thresholds that are tried for linkage."""

_JOINS = [share / 100 for share in range(8, 22, 3)]
"""Thresholds that are tried for `Limits.joins`."""

_DATE = re.compile(r"\d{1,2}-\w{3}-\d{4}\s+\d\d:\d\d:\d\d")
"""A date of Reuters. Two of them are damaged."""

Groups = Iterable[Sequence[int]]
"""Numbers of articles by story."""


class Score(NamedTuple):
    """B-cubed figures of some articles."""

    precision: float
    """Mean share of an article's story that is on its event."""
    recall: float
    """Mean share of an article's event that is in its story."""
    f1: float
    """Harmonic mean of both."""

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with ecb/ and reuters.jsonl.gz")
    parser.add_argument("--reuters", type=int, default=0, help="number of stories to print")
    parser.add_argument("--seed", type=int, default=_SEED, help="seed of that sample")
    parser.add_argument("--orders", type=int, default=3, help="number of orders of arrival")
    options = parser.parse_args()
    kernels.load()
    reuters = [article for article in _reuters(options.data) if article.published]
    with tempfile.TemporaryDirectory() as folder:
        if options.reuters:
            _judge(reuters, _indexed(reuters, Path(folder)), options.reuters, options.seed)
            return
        profiles = [profile_of(article) for article in reuters]
        _seeds(options.data.parent / "seeds", profiles)
        rows = [json.loads(line) for line in (options.data / "ecb" / "dev.jsonl").open("rb")]
        articles = [made(row["id"], "", _body(row["text"])) for row in rows]
        events = [row["event"] for row in rows]
        print(f"\nECB+: {len(rows)} articles, {len(set(events))} events")
        _offline(articles, events, profiles)
        snapshot = _indexed([*reuters, *articles], Path(folder))
        _online(articles, events, snapshot, options.orders)
        _orders_compared(articles, snapshot)


def _indexed(articles: Iterable[Article], folder: Path) -> Snapshot:
    """Return a snapshot of an index of the articles."""
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for article in articles:
            writer.add(article)
    return engine.snapshot()


def b_cubed(groups: Groups, events: Sequence[str]) -> Score:
    """Return the figures of groups of articles, numbered as in `events`."""
    precision = recall = 0.0
    size = Counter(events)
    count = 0
    for group in groups:
        inside = Counter(events[number] for number in group)
        count += len(group)
        precision += sum(held * held / len(group) for held in inside.values())
        recall += sum(held * held / size[event] for event, held in inside.items())
    precision, recall = precision / count, recall / count
    return Score(precision, recall, 2 * precision * recall / (precision + recall))


def _offline(
    articles: Sequence[Article], events: Sequence[str], background: Sequence[Profile]
) -> None:
    """Print the figures of ECB+ when all articles are known."""
    profiles = [profile_of(article) for article in articles]
    counted = Counted([*background, *profiles])
    scores = _scores([weigh(profile, counted) for profile in profiles])

    def scored(numbers: Sequence[int], least: float) -> list[Score]:
        place = {number: at for at, number in enumerate(numbers)}
        chosen = {
            (place[one], place[other]): score
            for (one, other), score in scores.items()
            if one in place and other in place
        }
        found = linked(len(numbers), chosen, least)
        return [b_cubed(found, [events[number] for number in numbers])]

    print("\noffline")
    _both_ways(events, scored, _LEAST)


def _online(
    articles: Sequence[Article], events: Sequence[str], snapshot: Snapshot, orders: int
) -> None:
    """Print the figures of ECB+ when its articles arrive one after the other."""

    def scored(numbers: Sequence[int], joins: float) -> list[Score]:
        found = []
        for seed in range(orders):
            order = random.Random(_SEED + seed).sample(numbers, len(numbers))
            arrived = arrive([articles[number] for number in order], snapshot, Limits(joins))
            found.append(b_cubed(arrived.groups, [events[number] for number in order]))
        return found

    print("\nonline")
    _both_ways(events, scored, _JOINS)


def _both_ways(
    events: Sequence[str],
    scored: Callable[[Sequence[int], float], list[Score]],
    tried: Sequence[float],
) -> None:
    """Print the figures of each half with the threshold chosen on the other, and their mean."""
    shown = []
    for division in range(2):
        topics = sorted({event.removesuffix("plus") for event in events}, key=int)
        random.Random(division).shuffle(topics)
        first = set(topics[::2])
        halves: tuple[list[int], list[int]] = ([], [])
        for number, event in enumerate(events):
            halves[event.removesuffix("plus") not in first].append(number)
        for here, there in (halves, halves[::-1]):
            best = max(tried, key=lambda least: _mean(scored(here, least)).f1)
            shown.append(_mean(scored(there, best)))
            print(f"chosen on the other half: {best:.2f}: {shown[-1]}", flush=True)
    print(f"mean: {_mean(shown)}")


def _mean(scores: Sequence[Score]) -> Score:
    return Score(*(mean(column) for column in zip(*scores, strict=True)))


def _orders_compared(articles: Sequence[Article], snapshot: Snapshot) -> None:
    """Print how many pairs of articles are one story in one order of arrival and not in another."""
    pairs = []
    for seed in range(3):
        order = random.Random(seed).sample(articles, len(articles)) if seed else articles
        begin = time.process_time()
        arrived = arrive(order, snapshot)
        spent = (time.process_time() - begin) / len(articles) * 1000
        ids = [[order[number].id for number in group] for group in arrived.groups]
        pairs.append({frozenset((one, other)) for group in ids for one in group for other in group})
        print(f"order {seed}: {arrived.actions}, {spent:.2f} ms an article")
    for one, other in ((0, 1), (0, 2), (1, 2)):
        differ = len(pairs[one] ^ pairs[other]) / len(pairs[one] | pairs[other])
        print(f"orders {one} and {other}: {differ:.1%} of the pairs in one story differ")


def _scores(weighted: Sequence[Weighted]) -> dict[tuple[int, int], float]:
    """Return the likeness of all pairs that have any."""
    return {
        (one, other): score
        for other in range(len(weighted))
        for one in range(other)
        if (score := likeness(weighted[one], weighted[other]).score)
    }


def _seeds(folder: Path, background: list[Profile]) -> None:
    """Print the likeness of the two seeds, among Reuters and alone."""
    profiles = [
        profile_of(made(path.name, "", path.read_text("utf-8").split("\n")))
        for path in sorted(folder.glob("*.txt"))
    ]
    for name, others in (("among Reuters", background), ("alone", [])):
        counted = Counted([*others, *profiles])
        found = likeness(*(weigh(profile, counted) for profile in profiles))
        print(f"seeds, {name}: score {found.score:.2f}: {found}")


def _judge(articles: Sequence[Article], snapshot: Snapshot, count: int, seed: int) -> None:
    """Print a sample of the stories of Reuters, which arrive in the order of publication."""
    order = sorted(articles, key=printed_key)
    begin = time.process_time()
    arrived = arrive(order, snapshot)
    spent = (time.process_time() - begin) / len(order) * 1000
    stories = [group for group in arrived.groups if len(group) > 1]
    print(f"{len(order)} articles, {len(stories)} stories of several, {spent:.2f} ms an article")
    for number, group in enumerate(random.Random(seed).sample(stories, count)):
        print(f"\n{number}: {len(group)} articles")
        for place in group[:8]:
            article = order[place]
            if article.published:
                print(f"  {article.published.value:%d %H:%M} {article.headline}")


def _reuters(folder: Path) -> Iterable[Article]:
    """Yield the articles of Reuters."""
    with gzip.open(folder / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            stated = _DATE.search(row["date"])
            date = " ".join(stated.group().split()) if stated else ""
            moment = datetime.strptime(date, "%d-%b-%Y %H:%M:%S") if date else None
            paragraphs = re.split(r"\n\s{2,}", row["body"] or "")
            yield made(
                row["id"],
                row["title"],
                [" ".join(text.split()) for text in paragraphs],
                Timestamp(moment.replace(tzinfo=UTC), "second", "file") if moment else None,
            )


def _body(text: str) -> list[str]:
    """Return the paragraphs of an ECB+ text."""
    lines = text.split("\n")
    return lines[1:] if lines[0].startswith("http :") else lines


if __name__ == "__main__":
    main()
