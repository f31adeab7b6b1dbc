"""Choosing among the documents that `postings.add_list` touched: matches, the best, counts.

A document's `held` is the number of wanted leaves that it holds, plus REQUIRED for each required
one.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Codes,
    Flags,
    IntsOut,
    Reals,
    RealsOut,
    SmallInts,
    SmallIntsOut,
    kernel,
)

REQUIRED = 1 << 16
"""The unit of a required leaf in `held`. A search has fewer wanted leaves than this."""


@kernel
def select(
    touched: SmallIntsOut,
    filled: int,
    held: SmallIntsOut,
    sums: RealsOut,
    allowed: Flags,
    least: int,
    every: int,
) -> tuple[int, int]:
    """Move the documents that match to the front of `touched`, and set the others to 0 in `held`
    and `sums`. Return the number of those that match, and of those that hold all leaves.

    allowed: whether each document of the index may match; empty if all may.
    least: a document matches if `held` is at least this.
    every: `held` of a document that holds all leaves.
    """
    kept = whole = 0
    for at in range(filled):
        number = touched[at]
        if held[number] >= least and (len(allowed) == 0 or allowed[number]):
            whole += held[number] == every
            touched[kept] = number
            kept += 1
        else:
            held[number] = 0
            sums[number] = 0.0
    return kept, whole


@kernel
def best(touched: SmallInts, filled: int, sums: Reals, count: int, slack: float) -> IntsOut:
    """Return the `count` documents with the largest sums, those at most `slack` below, and no
    others. The documents are in no order.
    """
    least = -np.inf
    if filled > count:
        # A heap of the largest sums so far, the smallest of them at its root.
        heap = np.full(count, -np.inf)
        for at in range(filled):
            value = sums[touched[at]]
            if value <= heap[0]:
                continue
            hole = 0
            while 2 * hole + 1 < count:
                child = 2 * hole + 1
                if child + 1 < count and heap[child + 1] < heap[child]:
                    child += 1
                if heap[child] >= value:
                    break
                heap[hole] = heap[child]
                hole = child
            heap[hole] = value
        least = heap[0] - slack
    chosen = 0
    for at in range(filled):
        chosen += sums[touched[at]] >= least
    found = np.empty(chosen, np.int64)
    chosen = 0
    for at in range(filled):
        number = touched[at]
        if sums[number] >= least:
            found[chosen] = number
            chosen += 1
    return found


@kernel
def clear(touched: SmallInts, filled: int, held: SmallIntsOut, sums: RealsOut) -> None:
    """Set the touched documents to 0."""
    for at in range(filled):
        held[touched[at]] = 0
        sums[touched[at]] = 0.0


@kernel
def count_codes(touched: SmallInts, filled: int, codes: Codes, kinds: int) -> IntsOut:
    """Return the number of touched documents with each code.

    codes: the code of each document of the index, less than `kinds`.
    """
    counts = np.zeros(kinds, np.int64)
    for at in range(filled):
        counts[codes[touched[at]]] += 1
    return counts
