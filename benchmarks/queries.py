"""Queries drawn from a corpus with a fixed seed, frequent and rare words mixed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.corpus import Item

KINDS = ("or", "and", "phrase", "prefix", "dated")
"""The kinds of queries."""
COMMON = frozenset(
    "the a an of to in and for on at by as is it its be are was were with from that this has had "
    "have not but or will "
    "he said his which would they their been also than more after up out one two over about some "
    "other new no".split()
)
"""Words that are left out of queries typed as keywords."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, before it is written in the language of an engine."""

    kind: str
    """Any word ("or", "dated", "source"), all words ("and"), all in a row ("phrase"), or words with
    this prefix ("prefix")."""
    words: tuple[str, ...]
    """The words; for "prefix" the first letters of one."""
    start: datetime | None = None
    """First moment of publication in "dated" queries."""
    end: datetime | None = None
    """First moment after the period of publication."""
    source: str = ""
    """The outlet in "source" queries; "" for any."""


def draw(items: list[Item], count: int, seed: int = 11) -> dict[str, list[Query]]:
    """Return `count` queries of each kind."""
    chance = random.Random(seed)
    titles = [words for item in items if len(words := _words(item.title)) >= 3]
    types = sorted({word for words in titles for word in words})

    def title() -> tuple[str, ...]:
        words = chance.choice(titles)
        return tuple(chance.sample(words, min(len(words), chance.choice((2, 3, 4)))))

    def mixed() -> tuple[str, ...]:
        size, found = chance.choice((2, 3, 4)), set[str]()
        while len(found) < size:
            found.add(
                chance.choice(types)
                if chance.random() < 0.5
                else chance.choice(chance.choice(titles))
            )
        return tuple(sorted(found))

    def some() -> tuple[str, ...]:
        return title() if chance.random() < 0.5 else mixed()

    def dated() -> Query:
        start = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(3200))
        return Query("dated", some(), start, start + timedelta(days=chance.choice((30, 90, 365))))

    def prefix() -> str:
        while len(word := chance.choice(types)) < 6:
            pass
        return word[:4]

    return {
        "or": [Query("or", some()) for _ in range(count)],
        "and": [Query("and", title()[:3]) for _ in range(count)],
        "phrase": [Query("phrase", _phrase(items, chance)) for _ in range(count)],
        "prefix": [Query("prefix", (prefix(),)) for _ in range(count)],
        "dated": [dated() for _ in range(count)],
    }


def _words(title: str) -> list[str]:
    return [
        word for word in dict.fromkeys(re.findall("[a-z]{3,}", title.lower())) if word not in COMMON
    ]


def _phrase(items: list[Item], chance: random.Random) -> tuple[str, ...]:
    """Return two or three words in a row of a line, at least one of them not common.

    None is at the edge of the line, where words may be cut.
    """
    while True:
        runs = re.findall(
            "[a-z]+(?: [a-z]+)+", chance.choice(chance.choice(items).body.split("\n"))
        )
        if not runs:
            continue
        words, size = chance.choice(runs).split(), chance.choice((2, 3))
        if len(words) < size + 2:
            continue
        at = chance.randrange(1, len(words) - size)
        found = tuple(words[at : at + size])
        if not COMMON.issuperset(found):
            return found
