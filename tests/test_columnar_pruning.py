"""Pruning changes no results: pruned searches equal searches that score all documents.

Covers absence, bounds, collector, conditions, counting, distributions, evaluator, leaf, norms, ordering,
pruning, view, accumulator and the record of BM25's constants.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import NOW, make_article
from whoosh import fields
from whoosh.analysis import LowercaseFilter, PassFilter, RegexTokenizer, TeeFilter
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir

from searcher.columnar import constants
from searcher.columnar.columns import IntColumn, Values
from searcher.columnar.fields import Key
from searcher.columnar.searching.absence import cannot_match
from searcher.columnar.searching.collector import search
from searcher.columnar.searching.conditions import AnyOf, Boolean, Clauses, Occurs
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf import IndexLeaf
from searcher.columnar.searching.ordering import Output
from searcher.columnar.searching.view import View
from searcher.columnar.writing.writer import ColumnarWriter
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse

pytestmark = pytest.mark.usefixtures("loops")

TERMS = [b"w%02d" % number for number in range(40)]
RAMP = list(range(60, 3, -2))
SCHEMA = fields.Schema(
    key=Key(), date=fields.COLUMN(IntColumn()), text=fields.TEXT(analyzer=RegexTokenizer())
)


def texts(chance, count, lengths):
    words = [term.decode() for term in TERMS]
    weights = [1 / (rank + 1) ** 0.7 for rank in range(len(words))]
    for number in range(count):
        # The length changes along the numbers, so that blocks differ.
        length = lengths[number * len(lengths) // count]
        yield " ".join(chance.choices(words, weights, k=chance.randrange(length, 2 * length)))


# Segments with different mean lengths: bounds are computed with the mean of their own segment.
@pytest.mark.parametrize(
    "segments", [[[20]], [[3, 100]], [[50, 75], [2, 4]], [RAMP, [300]], [RAMP, RAMP[::-1], [2]]]
)
def test_pruned_equals_exhaustive(segments):
    chance = random.Random(3)
    index = RamStorage().create_index(SCHEMA)
    number = 0
    for lengths in segments:
        writer = ColumnarWriter(index)
        for text in texts(chance, 6000 // len(segments), lengths):
            writer.add_document(key=f"{number:05}", date=chance.randrange(5), text=text)
            number += 1
        writer.commit(merge=False)
    reader = index.reader()
    view = View(reader, "text")
    every = np.arange(view.count)
    for _ in range(120):
        chosen = chance.sample(TERMS, chance.choice([1, 1, 2, 3, 5]))
        root = Boolean(
            (), tuple(Occurs("text", ((frozenset((term,)),),)) for term in chosen), (), True
        )
        end, b = chance.choice([1, 3, 10, 50]), chance.choice([0.25, 0.5, 0.75])
        scores = Evaluator(view, None, b).scores(root, every)
        dates = view.numbers("date", every)[0]
        order = np.lexsort((every, -dates, -np.round(scores, 9)))[:end]
        found = search(
            view, Clauses(root, root, root, b=b), Output("date", "key", end=end, totals=False), None
        ).ranked
        assert [document for document, _ in found] == [
            place for place in order.tolist() if scores[place] > 0
        ]
        assert [score for _, score in found] == pytest.approx(
            scores[order][scores[order] > 0].tolist(), abs=1e-6
        )
    reader.close()


def either(terms):
    return Occurs("text", ((frozenset(terms),),))


def test_only_what_matches_nothing_cannot_match():
    index = RamStorage().create_index(SCHEMA)
    for texts in (("w00 w01", "w02"), ("w01 w03",)):
        writer = ColumnarWriter(index)
        for text in texts:
            writer.add_document(key=text, date=1, text=text)
        writer.commit(merge=False)
    reader = index.reader()
    view = View(reader, "text")
    chance = random.Random(4)

    def condition(depth):
        kind = chance.randrange(3 if depth else 1)
        if kind == 0:
            return Occurs("text", (tuple(frozenset(chance.choices(TERMS[:6], k=2)) for _ in "ab"),))
        parts = tuple(condition(depth - 1) for _ in range(chance.randrange(3)))
        if kind == 1:
            return AnyOf(parts)
        excluded = (condition(0),) if chance.random() < 0.3 else ()
        return Boolean(parts[:1], parts[1:], excluded, bool(parts[1:]))

    for _ in range(300):
        asked = condition(2)
        if cannot_match(view, asked):
            assert not len(Evaluator(view, None).matching(asked))
    missing = either([TERMS[9]])
    there = either([TERMS[0]])
    for required, wanted in (((there, missing), (there,)), ((), (missing, missing))):
        root = Boolean(required, wanted, (), bool(wanted))
        output = Output("date", "key", counted=[Values("date", "month")])
        found = search(view, Clauses(root, root, root), output, None)
        assert cannot_match(view, root)
        assert (found.ranked, found.totals.counted, found.totals.every) == ([], 0, 0)
        assert found.counts == {Values("date", "month"): {}}
    assert not cannot_match(view, Boolean((there,), (missing,), (), False))
    reader.close()


@pytest.mark.parametrize("lengths", [[20], [3, 100, 30], RAMP])
@pytest.mark.parametrize("deleted", [0, 500])
def test_leaves_that_only_score_find_nothing(lengths, deleted):
    chance = random.Random(9)
    index = RamStorage().create_index(SCHEMA)
    writer = ColumnarWriter(index)
    for number, text in enumerate(texts(chance, 9000, lengths)):
        writer.add_document(key=f"{number:05}", date=chance.randrange(5), text=text)
    writer.commit()
    if deleted:
        writer = ColumnarWriter(index)
        for number in chance.sample(range(9000), deleted):
            writer.delete_document(number)
        writer.commit(merge=False)
    reader = index.reader()
    view = View(reader, "text")
    for _ in range(80):
        common = chance.sample(TERMS[:8], chance.choice([1, 2]))
        rare = chance.sample(TERMS[8:], chance.choice([1, 2, 4]))
        mixed = chance.random() < 0.5
        scored = [
            *map(either, ([term] for term in (*common, *rare[1:]))),
            either([rare[0], common[0]]),
        ]
        found = [*(either([term]) for term in rare[1:]), either([rare[0]])]
        if not mixed:
            scored[-1] = found[-1]
        needed = (either([chance.choice(TERMS)]),) if chance.random() < 0.3 else ()
        required = tuple(one._replace(scores=False) for one in needed)
        clauses = Clauses(
            Boolean(required, tuple(scored), (), True),
            Boolean(required, tuple(found), (), True),
            Boolean((*required, *found), (), (), False),
            b=chance.choice([0.25, 0.5, 0.75]),
        )
        end = chance.choice([1, 3, 10, 200])
        for totals in (False, True):
            output = Output("date", "key", end=end, totals=totals)
            evaluator = Evaluator(view, None, clauses.b)
            matched = evaluator.matching(clauses.found).as_numbers()
            matched = matched if view.live is None else matched[view.live[matched]]
            scores = evaluator.scores(clauses.scored, matched)
            dates = view.numbers("date", matched)[0]
            order = np.lexsort((matched, -dates, -np.round(scores, 9)))[:end]
            best = search(view, clauses, output, None)
            assert [document for document, _ in best.ranked] == matched[order].tolist()
            assert [score for _, score in best.ranked] == pytest.approx(scores[order].tolist())
            if totals:
                assert best.totals.entries == len(matched)
    reader.close()


def test_threads_do_not_share_what_they_add_up(tmp_path):
    chance = random.Random(5)
    engine = WhooshEngine(tmp_path)
    with engine.writer() as writer:
        for number, text in enumerate(texts(chance, 8000, [20])):
            writer.add(make_article(str(number), "", text))
    snapshot = engine.snapshot()
    queries = [
        parse(" ".join(term.decode() for term in chance.sample(TERMS, 3)), NOW) for _ in range(30)
    ]
    expected, wrong = [snapshot.best(query, 10) for query in queries], []

    def read():
        for _ in range(4):
            wrong.extend(
                query
                for query, best in zip(queries, expected, strict=True)
                if snapshot.best(query, 10) != best
            )

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    snapshot.close()
    engine.close()


def test_of_the_terms_at_one_position_the_heaviest_counts():
    both = RegexTokenizer() | TeeFilter(PassFilter(), LowercaseFilter())
    index = RamStorage().create_index(fields.Schema(text=fields.TEXT(analyzer=both)))
    writer = ColumnarWriter(index)
    writer.add_document(text="Sat sat")
    writer.commit()
    reader = index.reader()
    for weights, expected in (
        [((b"Sat", 1.0), (b"sat", 0.5)), 1.5],
        [((b"Sat", 0.25), (b"sat", 1.0)), 2.0],
    ):
        occurs = Occurs("text", ((frozenset((b"Sat", b"sat")),),), weights=weights)
        assert IndexLeaf(View(reader, "text"), occurs, None).counts_at(np.array([0])).tolist() == [
            expected
        ]
    reader.close()


HARBOUR = Boolean((), (Occurs("text", ((frozenset((b"harbour",)),),)),), (), True)


@pytest.fixture(scope="module")
def harbours():
    """Build an index with alternate runs of long and of short documents, so that each block has one
    kind."""
    chance = random.Random(1)
    index = RamStorage().create_index(SCHEMA)
    writer = ColumnarWriter(index)
    for number in range(24_000):
        size = chance.randrange(3, 6) if number // 3000 % 2 else chance.randrange(20, 40)
        text = " ".join(chance.choices(["harbour", "pier", "quay"], [1, 2, 2], k=size))
        writer.add_document(key=f"{number:06}", date=1, text=text)
    writer.commit()
    return index


def best_and_exhaustive(index, end):
    with index.reader() as reader:
        view = View(reader, "text")
        every = np.arange(view.count)
        wanted = Output("date", "key", end=end, totals=False)
        best = search(view, Clauses(HARBOUR, HARBOUR, HARBOUR), wanted, None).ranked
        scores = Evaluator(view, None).scores(HARBOUR, every)
        order = np.lexsort((every, -np.round(scores, 9)))[:end]
        return [number for number, _ in best], order.tolist()


def is_bounded(index):
    with index.reader() as reader:
        view = View(reader, "text")
        return [view.has_bounds(part, part.opened.fields["text"]) for part in view.parts]


@pytest.mark.parametrize(
    ("k1", "b"), [(1.2, 0.5), (1.2, 0.6), (1.2, 0.75), (1.2, 0.0), (2.0, 0.5), (0.9, 0.75)]
)
def test_other_constants_than_the_index_was_written_with_hide_nothing(harbours, monkeypatch, k1, b):
    monkeypatch.setattr(constants, "K1", k1)
    monkeypatch.setattr(constants, "B", b)
    for end in (1, 10, 50):
        best, exhaustive = best_and_exhaustive(harbours, end)
        assert best == exhaustive
    assert is_bounded(harbours) == [(k1, b) == (1.2, 0.5)]


def test_a_segment_written_anew_has_bounds_again(monkeypatch):
    index = RamStorage().create_index(SCHEMA)
    for start in (0, 2000):
        writer = ColumnarWriter(index)
        for number in range(start, start + 2000):
            writer.add_document(key=f"{number:06}", date=1, text="harbour " * (1 + number % 40))
        writer.commit(merge=False)
    monkeypatch.setattr(constants, "B", 0.75)
    assert is_bounded(index) == [False, False]
    ColumnarWriter(index).commit(optimize=True)
    assert is_bounded(index) == [True]
    assert len(set(map(tuple, best_and_exhaustive(index, 10)))) == 1
    monkeypatch.setattr(constants, "B", 0.5)
    assert is_bounded(index) == [False]
    # A single segment is also written again if its bounds cannot be used.
    ColumnarWriter(index).commit(optimize=True)
    assert is_bounded(index) == [True]


def test_bounds_without_a_record_are_those_of_the_first_release(monkeypatch):
    folder = Path(__file__).parent / "data" / "index" / "format_4"
    index = open_dir(str(folder))
    assert is_bounded(index) == [True, True]
    monkeypatch.setattr(constants, "K1", 1.3)
    assert is_bounded(index) == [False, False]
