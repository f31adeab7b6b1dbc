"""Articles that share much of a text are found by their sketches, on every engine.

Covers engine: resembling; columnar: sharing.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from contract import fill
from fakes import make_article

from searcher import kernels
from searcher.columnar.files import gaps
from searcher.columnar.searching import sharing
from searcher.engine.memory import MemoryEngine
from searcher.engine.terms import sketch_of

CHANCE = random.Random(17)
WORDS = [f"word{number}" for number in range(3000)]


def text(count):
    return " ".join(CHANCE.choices(WORDS, k=count))


LONG, OTHER = text(600), text(500)
TRIMMED = " ".join(LONG.split()[:250])
ARTICLES = [
    make_article("long", "A headline", LONG),
    make_article("trimmed", "Another headline", TRIMMED),
    make_article("framed", "", f"{text(20)}\n\n{TRIMMED}\n\n{text(30)}"),
    make_article("other", "A headline", OTHER),
    make_article("brief", "Brief", text(30)),
    make_article("empty", "Nothing", ""),
    *(make_article(str(number), "", text(300)) for number in range(30)),
]
PRINTS = {"long", "trimmed", "framed"}


def resembling(engine, article, limit=50):
    with engine.snapshot() as snapshot:
        return [one.id for one in snapshot.resembling(sketch_of(article), limit)]


def test_articles_with_much_in_common_find_each_other(engine):
    fill(engine, ARTICLES)
    found = {article.id: set(resembling(engine, article)) for article in ARTICLES}
    for name in PRINTS:
        assert found[name] == PRINTS
    assert found["other"] == {"other"}
    assert found["empty"] == set()
    for name, others in found.items():
        assert all(name in found[other] for other in others)


def test_the_likeliest_come_first(engine):
    fill(engine, ARTICLES)
    assert resembling(engine, ARTICLES[0], 1) == ["long"]
    assert set(resembling(engine, ARTICLES[1], 2)) == {"trimmed", "framed"}


def test_what_was_replaced_or_deleted_is_not_found(engine):
    fill(engine, ARTICLES)
    with engine.writer() as writer:
        writer.delete("long")
        writer.add(make_article("trimmed", "Another headline", OTHER))
    assert set(resembling(engine, ARTICLES[0])) == {"framed"}
    assert set(resembling(engine, ARTICLES[3])) == {"other", "trimmed"}
    with engine.snapshot() as snapshot:
        assert list(snapshot.check()) == []


def test_engines_find_the_same(engine):
    fill(engine, ARTICLES[:9])
    fill(engine, ARTICLES[9:])
    oracle = fill(MemoryEngine(), ARTICLES)
    for article in ARTICLES:
        assert set(resembling(engine, article)) == set(resembling(oracle, article))


def test_the_longest_lists_are_left_out_beyond_a_bound(engine, monkeypatch):
    monkeypatch.setattr(sharing, "_MOST_POSTINGS", 10)
    fill(engine, [*ARTICLES, *(make_article(f"c{number}", "", LONG) for number in range(9))])
    assert len(resembling(engine, ARTICLES[0], 4)) == 4


@pytest.mark.parametrize("width", [300, 70_000])
def test_lists_are_tallied_as_by_the_plain_code(width):
    if not kernels.load():
        pytest.skip("numba is not installed")
    chance = np.random.default_rng(3)
    lists = [np.unique(chance.integers(0, width, size)) for size in (1, 40, 400, 3)]
    sizes = [len(one) for one in lists]
    data, ends, widths = gaps.encode(np.concatenate(lists), np.append(0, np.cumsum(sizes)))
    times, found = np.zeros(width, np.uint16), np.empty(width, np.int32)
    filled = kernels.postings.tally(
        data, ends[:-1].copy(), ends[1:].copy(), widths, 2, times, found
    )
    expected = np.bincount(np.concatenate(lists), minlength=width)
    assert times.tolist() == expected.tolist()
    assert sorted(found[:filled].tolist()) == np.flatnonzero(expected >= 2).tolist()
