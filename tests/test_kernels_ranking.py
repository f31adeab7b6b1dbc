"""A search in one call of a kernel finds what brute force finds, in windows, segments and turns.

Covers kernels: candidates, ranking, windows; columnar: leaf_tables, scan, scan_plan.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_lists import TERMS, index_of, plain_counts

from searcher import kernels
from searcher.columnar.searching import scan
from searcher.columnar.searching.conditions import Occurs
from searcher.columnar.searching.term_lists import TermLists

if not kernels.load():
    pytest.skip("numba is not installed", allow_module_level=True)

COUNT = 71_000
SLACK = scan._TIE
NO_MASK = np.empty(0, np.bool_)


def tables(parts, chance, kinds):
    """Return the arguments of `collect` for leaves of one term each, and their counts by
    document."""
    lists = TermLists(parts)
    rows, leaves, documents, counts, plain = [], [], [], [], []
    row = place = 0
    for listed, term in kinds:
        found = plain_counts(parts, Occurs("f", ((frozenset((term,)),),)))
        plain.append(found)
        held = lists.of_any("f", frozenset((term,)))
        if listed:
            rows.append(held.rows())
            leaves.extend((1, row, row + held.count, held.size))
            row += held.count
        else:
            documents.extend(sorted(found))
            counts.extend(found[one] for one in sorted(found))
            leaves.extend((0, place, place + len(found), len(found)))
            place += len(found)
    factors = chance.choice([0.0, 0.5, 1.0, 3.0], len(kinds))
    arguments = (
        np.concatenate([np.empty(0, np.int64), *rows]),
        np.array(leaves, np.int64),
        factors,
        factors.copy(),
        np.array(documents, np.int64),
        np.array(counts, np.float64),
    )
    return arguments, plain


def has(bits, groups):
    return all(bits & group for group in groups)


@given(
    st.integers(0, 2**32),
    st.booleans(),
    st.lists(st.tuples(st.booleans(), st.sampled_from(TERMS)), min_size=1, max_size=5),
    st.data(),
)
@settings(max_examples=20, deadline=None)
def test_the_best_are_those_of_brute_force(seed, deleted, kinds, data):
    chance = np.random.default_rng(seed)
    parts = index_of(chance, deleted, zoned=False)
    leaves, plain = tables(parts, chance, kinds)
    finders = data.draw(st.integers(1, len(kinds)))
    group = st.integers(1, (1 << finders) - 1)
    required = data.draw(st.lists(group, max_size=2))
    every = data.draw(st.lists(group, max_size=3))
    wanted = data.draw(group) if not required else 0
    prefers, whole = data.draw(st.booleans()), data.draw(st.booleans())
    best = data.draw(st.sampled_from([1, 10, 100, 3000]))
    codes = chance.integers(0, 2, COUNT).astype(np.uint16)
    excused = np.array([0, data.draw(st.integers(0, 7))], np.int64)
    allowed = chance.random(COUNT) < 0.8 if data.draw(st.booleans()) else NO_MASK
    narrowed = chance.random(COUNT) < 0.5 if whole and data.draw(st.booleans()) else NO_MASK
    lengths = chance.integers(0, 9, COUNT).astype(np.uint32)
    norms = 1.0 + np.arange(9)
    heaps, matched = np.full(2 * best, -np.inf), np.empty(COUNT, np.int32)
    totals = np.zeros(kernels.candidates.TOTALS, np.int64)
    turns = data.draw(st.sampled_from([[[0, 1000, COUNT]], [[0, 1000], [1000, COUNT]]]))
    found = [
        kernels.ranking.collect(
            *leaves,
            np.array(edges, np.int64),
            np.array([finders, wanted, prefers, best, whole], np.int64),
            np.array(required, np.int64),
            np.array(every, np.int64),
            excused,
            codes,
            allowed,
            narrowed,
            lengths,
            norms,
            SLACK,
            heaps,
            matched,
            totals,
        )
        for edges in turns
    ]
    documents, scores, first = scan._best(
        np.concatenate(found), heaps, int(totals[kernels.candidates.FIRSTS]), best, prefers
    )

    bits, sums = {}, {}
    for leaf, counts in enumerate(plain):
        for one, count in counts.items():
            bits[one] = bits.get(one, 0) | (1 << leaf if leaf < finders else 0)
            score = leaves[2][leaf] * count / (count + norms[lengths[one]])
            sums[one] = sums.get(one, 0.0) + score
    matches = [
        one
        for one, held in bits.items()
        if held and has(held, required) and (not wanted or held & wanted)
        if not len(allowed) or allowed[one]
    ]
    complete = {
        one
        for one in matches
        if all(bits[one] & part or excused[codes[one]] >> n & 1 for n, part in enumerate(every))
    }
    if whole:
        front, back = totals[:2].tolist()
        assert set(matched[:front].tolist()) == complete
        assert set(matched[COUNT - back :].tolist() if back else []) == set(matches) - complete
    left = [one for one in matches if not len(narrowed) or narrowed[one]]
    ranked = sorted(left, key=lambda one: (prefers and one not in complete, -sums[one]))
    top = ranked[:best]
    assert set(top) - set(documents.tolist()) <= ties(ranked, best, sums)
    assert len(documents) >= len(top)
    assert scores.tolist() == pytest.approx([sums[one] for one in documents.tolist()])
    assert set(documents.tolist()) <= set(left)
    if first is not None:
        assert first.tolist() == [one in complete for one in documents.tolist()]
    if prefers and len(complete & set(left)) >= best:
        assert set(documents.tolist()) <= complete


def ties(ranked, best, sums):
    """Return the documents whose score is that of the last of the best but for rounding."""
    last = sums[ranked[min(best, len(ranked)) - 1]] if ranked else 0.0
    return {one for one in ranked if abs(sums[one] - last) < 1e-12}
