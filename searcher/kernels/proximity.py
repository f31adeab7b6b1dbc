"""Comparisons of occurrences: words that are near each other or in order.

An occurrence is one whole number: the document in the upper 32 bits, the position in the lower 32.
Lists of occurrences ascend.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    FlagsOut,
    Ints,
    IntsOut,
    Points,
    Reals,
    RealsOut,
    kernel,
)
from searcher.kernels.postings import POSITION, SHIFT


@kernel
def pairs(
    left: Ints,
    right: Ints,
    gap: int,
    window: int,
    documents: Ints,
    ordered: RealsOut,
    near: RealsOut,
) -> None:
    """Count in each document the pairs of two words: in the query's order and distance, and near.

    left, right: the occurrences of the last terms of the first word, and of the first terms of the
    second one, in these documents.
    gap: positions from the one to the other in the query.
    ordered: is set to the number of occurrences of `left` that are followed by `right` at `gap`.
    near: is set to the number of occurrences of either at which a window of `window` positions
    begins that has both.
    """
    ordered[:] = 0.0
    near[:] = 0.0
    if len(left) == 0 or len(right) == 0:
        return
    first = second = behind = at = 0
    while first < len(left) or second < len(right):
        # Both may begin here; the window is counted once.
        if second == len(right) or (first < len(left) and left[first] <= right[second]):
            start = left[first]
        else:
            start = right[second]
        while documents[at] < start >> SHIFT:
            at += 1
        is_left = first < len(left) and left[first] == start
        if is_left:
            while behind < len(right) and right[behind] < start + gap:
                behind += 1
            if behind < len(right) and right[behind] == start + gap:
                ordered[at] += 1.0
        if (
            first < len(left)
            and second < len(right)
            and left[first] < start + window
            and right[second] < start + window
        ):
            near[at] += 1.0
        if is_left:
            first += 1
        if second < len(right) and right[second] == start:
            second += 1


@kernel
def keep_holding(occurrences: Ints, documents: Ints, held: FlagsOut) -> None:
    """Set `held` to False for each document without an occurrence."""
    at = 0
    for number in range(len(documents)):
        while at < len(occurrences) and occurrences[at] >> SHIFT < documents[number]:
            at += 1
        if at == len(occurrences) or occurrences[at] >> SHIFT != documents[number]:
            held[number] = False


@kernel
def followed(starts: Ints, occurrences: Ints, distance: int, end: int) -> IntsOut:
    """Return those of `starts` that an occurrence follows at this distance.

    end: the position from which on occurrences do not count.
    """
    found = np.empty(len(starts), np.int64)
    filled = at = 0
    for number in range(len(starts)):
        wanted = starts[number] + distance
        while at < len(occurrences) and occurrences[at] < wanted:
            at += 1
        if (
            at < len(occurrences)
            and occurrences[at] == wanted
            and wanted & POSITION < end
            and starts[number] & POSITION < end
        ):
            found[filled] = starts[number]
            filled += 1
    return found[:filled].copy()


@kernel
def add_scores(
    frequencies: Reals,
    documents: Ints,
    lengths: Points,
    norms: Reals,
    factor: float,
    found: RealsOut,
) -> None:
    """Add BM25 scores to `found`, one a document. The other parameters are as in
    `postings.add_list`."""
    for number in range(len(documents)):
        frequency = frequencies[number]
        if frequency > 0.0:
            norm = norms[lengths[documents[number]]]
            found[number] += factor * frequency / (frequency + norm)
