"""Choosing among the documents that `postings.add_list` touched: matches, the best, counts.

A document's `held` has a bit for each leaf that it holds. A group is a set of leaves, as their
bits; a document has a group if it holds one of them.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Codes,
    Flags,
    Ints,
    IntsOut,
    Reals,
    RealsOut,
    SmallInts,
    SmallIntsOut,
    kernel,
)


@kernel
def select(
    touched: SmallIntsOut,
    filled: int,
    held: SmallIntsOut,
    sums: RealsOut,
    allowed: Flags,
    required: Ints,
    wanted: int,
) -> int:
    """Move the documents that match to the front of `touched`, and set the others to 0 in `held`
    and `sums`. Return the number of those that match.

    allowed: whether each document of the index may match; empty if all may.
    required: groups that a document has to have, all of them.
    wanted: a group that a document has to have; 0 if there is none.
    """
    kept = 0
    for at in range(filled):
        number = touched[at]
        holds = np.int64(held[number])
        matches = wanted == 0 or holds & wanted != 0
        for group in range(len(required)):
            matches = matches and holds & required[group] != 0
        if matches and (len(allowed) == 0 or allowed[number]):
            touched[kept] = number
            kept += 1
        else:
            held[number] = 0
            sums[number] = 0.0
    return kept


@kernel
def having_first(
    touched: SmallIntsOut, filled: int, held: SmallInts, groups: Ints, codes: Codes, excused: Ints
) -> int:
    """Move the touched documents that have all groups to the front of `touched`. Return their
    number.

    codes: the code of each document of the index; empty if there are none.
    excused: by code, the groups that a document with it need not have: bit n for the n-th group.
    """
    found = 0
    for at in range(filled):
        number = touched[at]
        holds = np.int64(held[number])
        needless = excused[codes[number]] if len(codes) > 0 else np.int64(0)
        has_all = True
        for group in range(len(groups)):
            if holds & groups[group] == 0 and needless >> group & 1 == 0:
                has_all = False
                break
        if has_all:
            touched[at] = touched[found]
            touched[found] = number
            found += 1
    return found


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


@kernel
def count_groups(touched: SmallInts, filled: int, groups: SmallInts, most: int) -> int:
    """Return the number of groups of touched documents. groups, most: as for `count_first`."""
    found = 0
    seen = np.zeros(most + 1, np.uint8)
    for at in range(filled):
        group = groups[touched[at]]
        found += group == 0 or seen[group] == 0
        seen[group] = 1
    return found


@kernel
def count_first(
    touched: SmallInts, filled: int, codes: Codes, groups: SmallInts, most: int, kinds: int
) -> IntsOut:
    """Return how often each code is the smallest one of a group of touched documents.

    codes: the code of each document of the index, less than `kinds`; 0 is no code.
    groups: the group of each document, at most `most`; a document of group 0 is one of its own.
    """
    counts = np.zeros(kinds, np.int64)
    smallest = np.full(most + 1, kinds, np.int32)
    for at in range(filled):
        code = np.int64(codes[touched[at]])
        group = groups[touched[at]]
        if code == 0 or (group > 0 and code >= smallest[group]):
            continue
        if group > 0:
            if smallest[group] < kinds:
                counts[smallest[group]] -= 1
            smallest[group] = code
        counts[code] += 1
    return counts
