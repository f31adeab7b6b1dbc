"""Kernels return what their plain references return.

Covers kernels: compiler, names, neighbours, postings, proximity, selection; columnar: proximity, scan,
term_lists; engine.likeness.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher import kernels
from searcher.columnar import gaps
from searcher.columnar.arrays import NO_INTS, ends_of, places_in
from searcher.columnar.proximity import count_pairs, in_order
from searcher.engine.likeness import Likeness
from searcher.engine.memory_vocabulary import edit_distance
from searcher.text.folding import fold
from searcher.text.names import are_spelled_alike

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

documents = st.lists(st.integers(0, 1 << 20), min_size=1, max_size=60, unique=True).map(sorted)
close = st.lists(st.integers(0, 400), min_size=1, max_size=300, unique=True).map(sorted)
lists = documents | close


def packed(numbers):
    data, _, widths = gaps.encode(np.array(numbers, np.int64), np.array([0, len(numbers)]))
    return data, int(widths[0])


@given(lists)
def test_documents_are_decoded(numbers):
    data, width = packed(numbers)
    size = numbers[-1] + 1
    held, touched = np.zeros(size, np.int32), np.zeros(size, np.int32)
    filled = kernels.postings.add_list(
        data, width, np.full(len(numbers), 0x11, np.uint8), 0, NO_INTS, NO_INTS, 0,
        np.empty(0, np.bool_), np.zeros(size, np.uint32), np.ones(1), 1.0, 1,
        np.zeros(size), held, touched, 0,
    )  # fmt: skip
    assert touched[:filled].tolist() == numbers


@given(lists, lists, st.sampled_from([0, 2, 16]))
def test_places_are_found_with_blocks_and_without(numbers, wanted, block):
    data, width = packed(numbers)
    held, asked = np.array(numbers, np.int64), np.array(wanted, np.int64)
    firsts = starts = np.empty(0, np.int64)
    if block:
        sizes = gaps.entry_bytes(held, np.array([0, len(held)]), np.array([width], np.uint8))
        firsts = np.append(0, held[block - 1 : -1 : block] + 1)
        starts = ends_of(sizes)[: len(held) : block].copy()
    found = kernels.postings.places(data, width, firsts, starts, block, asked, 0)
    assert found.tolist() == places_in(held, asked).tolist()


@given(
    arrays(np.int32, 40, elements=st.integers(0, 3)),
    arrays(np.float64, 40, elements=st.floats(0, 9, width=16)),
    st.integers(1, 50),
)
def test_the_best_are_all_that_reach_the_last_of_them(held, sums, count):
    touched = np.flatnonzero(held).astype(np.int32)
    found = kernels.selection.best(touched, len(touched), sums, count, 0.0)
    scores = np.sort(sums[touched])[::-1]
    least = scores[count - 1] if len(scores) > count else -np.inf
    assert set(found.tolist()) == {number for number in touched.tolist() if sums[number] >= least}


def occurrence_lists(most):
    """Return a strategy of ascending occurrences in documents 0 to 3."""
    keys = st.tuples(st.integers(0, 3), st.integers(0, most))
    found = st.sets(keys, max_size=25).map(sorted)
    return found.map(lambda held: np.array([(d << 32) | p for d, p in held], np.int64))


@given(occurrence_lists(30), occurrence_lists(30), st.integers(1, 5), st.integers(2, 9))
def test_pairs_are_counted_as_by_the_plain_code(left, right, gap, window):
    documents = np.arange(4)
    compiled = count_pairs(left, right, gap, window, documents)
    with kernels.using(False):
        plain = count_pairs(left, right, gap, window, documents)
    assert np.array_equal(compiled, plain)


@given(
    st.lists(st.tuples(occurrence_lists(9), st.integers(0, 3)), min_size=1, max_size=3),
    st.integers(1, 9),
)
def test_words_in_order_are_found_as_by_the_plain_code(placed, zone_end):
    placed = [(placed[0][0], 0), *placed]
    compiled = in_order(placed, zone_end, np.arange(4))
    with kernels.using(False):
        assert compiled.tolist() == in_order(placed, zone_end, np.arange(4)).tolist()


@given(st.data())
def test_positions_are_read_with_blocks_and_without(data):
    counts = np.array(data.draw(st.lists(st.integers(1, 20), min_size=1, max_size=80)), np.int64)
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    most = data.draw(st.sampled_from([40, 2000]))
    positions = [np.sort(chance.choice(most, count, replace=False)) for count in counts]
    stored, ends = gaps.encode_bytes(np.concatenate(positions), ends_of(counts))
    halves = np.minimum(counts, 15).astype(np.uint8)
    first = data.draw(st.integers(0, 1))
    halves = np.concatenate([np.zeros(first, np.uint8), halves, np.zeros(1, np.uint8)])
    halves = halves[: len(halves) // 2 * 2]
    large = np.flatnonzero(counts >= 15)
    documents, _, widths = gaps.encode(np.arange(len(counts)), np.array([0, len(counts)]))
    places = np.unique(chance.integers(0, len(counts), 12))
    block = data.draw(st.sampled_from([0, 4]))
    found = kernels.postings.occurrences(
        documents, int(widths[0]), halves[0::2] | halves[1::2] << 4, first, large + first,
        counts[large], NO_INTS, NO_INTS, 1, places + 7, 7, stored,
        ends[:-1:block].copy() if block else NO_INTS, block or 1, np.empty(0, np.uint32), 0,
    )  # fmt: skip
    wanted = [
        ((place + 7) << 32) | int(position)
        for place in places.tolist()
        for position in positions[place]
    ]
    assert found.tolist() == wanted


def end_to_end(terms):
    """Return the bytes of all terms, and where each ends."""
    ends = ends_of(np.array([*map(len, terms)]))
    return np.frombuffer(b"".join(terms), np.uint8), ends.astype(np.uint32)


WORDS = st.text("abcé漢😀", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=1, max_size=60, unique=True), WORDS | st.just(""), st.data())
def test_terms_within_some_edits_of_a_word(words, asked, data):
    terms = sorted(word.encode() for word in words)
    start = data.draw(st.integers(0, len(terms)))
    end = data.draw(st.integers(start, len(terms)))
    blob, ends = end_to_end(terms)
    letters = np.array([*map(ord, asked)], np.uint32)
    for most in (1, 2):
        found = kernels.neighbours.within(blob, ends, start, end, letters, most)
        assert found.tolist() == [
            number
            for number in range(start, end)
            if edit_distance(asked, terms[number].decode()) <= most
        ]


@given(st.lists(st.binary(min_size=1, max_size=4), unique=True).map(sorted), st.binary(max_size=5))
def test_the_place_of_a_term(terms, asked):
    for term in (asked, *terms):
        assert kernels.neighbours.lower(*end_to_end(terms), np.frombuffer(term, np.uint8)) == sum(
            other < term for other in terms
        )


LETTERS = st.sampled_from("abdehijknoprstuvwxyzcqskhtzсцхшщюя漢øß")
ENDS = st.sampled_from(["", "skyj", "sky", "skoi", "off", "tschenko"])
NAMES = st.builds(lambda letters, end: fold("".join(letters) + end), st.lists(LETTERS, min_size=1), ENDS)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.text(LETTERS, max_size=3)), max_size=2)  # fmt: skip


@given(NAMES, st.lists(EDITS, min_size=1, max_size=20))
def test_no_name_that_is_spelled_alike_is_missed(name, changes):
    others = {name + 60 * "sky"}
    for edits in changes:
        other = name
        for at, removed, added in edits:
            other = other[:at] + added + other[at + removed :]
        others.add(fold(other))
    names = sorted(others - {""}, key=str.encode)
    packed = end_to_end([b"key " + other.encode() for other in names])
    found = Likeness(name).among(packed, 0, len(names), 4).tolist()
    assert found == sorted(found)
    assert {names[number] for number in found} >= {
        other for other in names if are_spelled_alike(name, other)
    }


def test_few_names_that_are_not_spelled_alike_are_returned():
    names = ["luhanska", "luhansk", "lugansk", "luganskomu", "lehigh", "luchs"]
    packed = end_to_end([b"l " + name.encode() for name in names])
    assert Likeness("lougansk").among(packed, 0, 6, 2).tolist() == [0, 1, 2]
