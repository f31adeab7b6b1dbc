"""Kernels return what their plain references return.

Covers kernels: compiler, names, neighbours, postings, proximity, selection; columnar: proximity,
term_lists; engine.likeness.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher import kernels
from searcher.columnar.arrays import ends_of
from searcher.columnar.searching.proximity import count_pairs, in_order
from searcher.engine.likeness import Likeness
from searcher.engine.memory_vocabulary import edit_distance
from searcher.text.folding import fold
from searcher.text.names import are_spelled_alike

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

documents = st.lists(st.integers(0, 1 << 20), min_size=1, max_size=60, unique=True).map(sorted)
close = st.lists(st.integers(0, 400), min_size=1, max_size=300, unique=True).map(sorted)
lists = documents | close


@given(
    arrays(np.uint16, 40, elements=st.integers(0, 5)),
    arrays(np.int32, 40, elements=st.integers(0, 4)),
    st.permutations(range(40)),
    st.integers(0, 40),
)
def test_groups_count_once_by_their_smallest_code(codes, groups, order, filled):
    touched = np.array(order, np.int32)
    held = [(int(groups[one]), int(codes[one])) for one in order[:filled] if codes[one]]
    smallest: dict[int, int] = {}
    for group, code in held:
        if group:
            smallest[group] = min(code, smallest.get(group, code))
    alone = (code for group, code in held if not group)
    expected = Counter([*smallest.values(), *alone])
    found = kernels.selection.count_first(touched, filled, codes, groups, 4, 6)
    assert {code: int(count) for code, count in enumerate(found) if count} == expected
    members = groups[touched[:filled]].tolist()
    counted = kernels.selection.count_groups(touched, filled, groups, 4)
    assert counted == members.count(0) + len(set(members) - {0})


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


@given(
    st.lists(st.binary(min_size=1, max_size=4), unique=True).map(sorted),
    st.lists(st.binary(max_size=5), unique=True),
    st.data(),
)
def test_the_places_of_many_terms(terms, others, data):
    known = data.draw(st.lists(st.sampled_from(terms), unique=True)) if terms else []
    asked = sorted({*known, *others})
    found = np.zeros(len(asked), np.int64)
    kernels.neighbours.places(*end_to_end(terms), *end_to_end(asked), found)
    assert found.tolist() == [terms.index(one) if one in terms else -1 for one in asked]


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
