"""Stored lists are read by kernels as by the plain code, in several segments at once.

Covers kernels: compiler, postings, rows, sequences, stored; columnar: known_leaves, listed_leaf,
term_lists, term_tables.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_lists import TERMS, index_of, plain_counts, segment

from searcher import kernels
from searcher.columnar.searching.conditions import Occurs
from searcher.columnar.searching.counting import SHIFT, occurrences, term_numbers
from searcher.columnar.searching.known_leaves import KnownLeaves
from searcher.columnar.searching.listed_leaf import ListedLeaf, occurrences_of
from searcher.columnar.searching.term_lists import TermLists

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

sets = st.sets(st.sampled_from(TERMS), min_size=1).map(frozenset)


@given(st.integers(0, 2**32), st.booleans(), st.booleans(), st.lists(sets, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_leaves_are_counted_as_by_the_plain_code(seed, deleted, zoned, sequence):
    chance = np.random.default_rng(seed)
    parts = index_of(chance, deleted, zoned)
    view = SimpleNamespace(
        parts=parts,
        term_lists=TermLists(parts),
        known_leaves=KnownLeaves(),
        live_count=71_000,
        derived={},
    )
    leaf = Occurs("f", (tuple(sequence), (frozenset((b"b",)),)[: seed % 2 + 1]))
    for occurs in (leaf, Occurs("f", (tuple(sequence),)), leaf._replace(start=20, end=310)):
        compiled = ListedLeaf(view, occurs, None)
        wanted = plain_counts(parts, occurs)
        documents, counts = compiled.counted
        assert dict(zip(documents.tolist(), counts.tolist(), strict=True)) == wanted
        assert compiled.documents.tolist() == sorted(wanted)
        assert compiled.frequency == len(wanted)
        asked = np.unique(chance.integers(0, 71_000, 200))
        live = np.ones(71_000, np.bool_)
        for part in parts:
            live[part.base : part.end] = True if part.live is None else part.live
        asked = np.unique(np.concatenate([asked, sorted(wanted)[:50]])).astype(np.int64)
        asked = asked[live[asked]]
        wanted_counts = [wanted.get(one, 0) for one in asked.tolist()]
        assert compiled.counts_at(asked).tolist() == wanted_counts
        factor = compiled.factor
        compiled.keep()
        later = ListedLeaf(view, occurs, None)
        assert (later.frequency, later.factor) == (len(wanted), factor)
        assert later.counts_at(asked).tolist() == wanted_counts
        assert later.documents.tolist() == sorted(wanted)


def test_few_counts_are_kept():
    known, leaf = KnownLeaves(), Occurs("f", ((frozenset((b"a",)),),))
    known.keep(leaf, {"factor": 1.0}, 1 << 20)
    assert not known.of(leaf)
    for number in range(1000):
        known.keep(leaf._replace(start=number), {"factor": 1.0}, 1 << 16)
    kept = [number for number in range(1000) if known.of(leaf._replace(start=number))]
    assert kept == list(range(kept[0], 1000))
    assert len(kept) << 16 <= 16 << 20


@given(st.integers(0, 2**32), st.booleans(), st.lists(sets, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_occurrences_are_read_as_by_the_plain_code(seed, zoned, asked):
    chance = np.random.default_rng(seed)
    parts = index_of(chance, deleted=False, zoned=zoned)
    lists = TermLists(parts)
    dense = np.arange(0, 71_000, 3)
    for documents in (dense, np.unique(chance.integers(0, 71_000, 30)), dense[:0]):
        found = occurrences_of([lists.of_any("f", terms) for terms in asked], documents)
        for terms, keys in zip(asked, found, strict=True):
            wanted = []
            for part in parts:
                inside = documents[(documents >= part.base) & (documents < part.end)] - part.base
                postings = part.opened.fields["f"]
                numbers = term_numbers(postings, terms)
                wanted.extend(occurrences(postings, numbers, inside) + (part.base << SHIFT))
            assert keys.tolist() == wanted


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_places_are_found_as_by_the_plain_code(seed):
    chance = np.random.default_rng(seed)
    lists = segment(chance, 70_000, zoned=False).lists
    for term in range(len(TERMS)):
        documents = np.unique(chance.integers(0, 70_000, 500))
        documents = np.union1d(documents, chance.choice(lists.documents(term), 5))
        compiled = lists.places_of(term, documents)
        with kernels.using(False):
            assert compiled.tolist() == lists.places_of(term, documents).tolist()
