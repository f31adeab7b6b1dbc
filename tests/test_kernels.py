"""Kernels return what their plain references return.

Covers kernels: compiler, postings, selection.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher import kernels
from searcher.columnar import gaps
from searcher.columnar.arrays import ends_of, places_in

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
    assert kernels.postings.documents(data, width, len(numbers)).tolist() == numbers


@given(lists, lists, st.sampled_from([0, 2, 16]))
def test_places_are_found_with_blocks_and_without(numbers, wanted, block):
    data, width = packed(numbers)
    held, asked = np.array(numbers, np.int64), np.array(wanted, np.int64)
    firsts = starts = np.empty(0, np.int64)
    if block:
        sizes = gaps.entry_bytes(held, np.array([0, len(held)]), np.array([width], np.uint8))
        firsts = np.append(0, held[block - 1 : -1 : block] + 1)
        starts = ends_of(sizes)[: len(held) : block].copy()
    found = kernels.postings.places(data, width, asked, firsts, starts, block)
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
