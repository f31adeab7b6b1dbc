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

WORD = 5
"""The numbers of a word for `compare`."""


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
    """Add BM25 scores to `found`, one a document. factor: idf (K1 + 1). lengths, norms: as in
    `ranking.collect`."""
    for number in range(len(documents)):
        frequency = frequencies[number]
        if frequency > 0.0:
            norm = norms[lengths[documents[number]]]
            found[number] += factor * frequency / (frequency + norm)


@kernel
def compare(
    found: Ints, ends: Ints, words: Ints, pairs_of: Ints, window: int, zone_end: int,
    documents: Ints, ordered: RealsOut, near: RealsOut, held: FlagsOut, in_zone: FlagsOut,
) -> None:  # fmt: skip
    """Compare the words of a query in some documents.

    found, ends: occurrences of sets of terms in these documents, one set after the other, and the
    end of each.
    words: WORD numbers for each: the sets that begin and end it, its first and last position, and
    whether a document that has the first of these sets has the word.
    pairs_of: for each pair the words, and the positions from the one to the other; see `pairs`.
    ordered, near: are set to the counts of each pair in each document.
    held: is set to False for documents without one of the words, as far as their sets say it.
    in_zone: is set to whether a document has the words in order before the position `zone_end`.
    """
    count = len(documents)
    for pair in range(len(pairs_of) // 3):
        left, right = words[WORD * pairs_of[3 * pair] + 1], words[WORD * pairs_of[3 * pair + 1]]
        at = pair * count
        pairs(
            found[(ends[left - 1] if left > 0 else 0) : ends[left]],
            found[(ends[right - 1] if right > 0 else 0) : ends[right]],
            pairs_of[3 * pair + 2], window, documents, ordered[at : at + count],
            near[at : at + count],
        )  # fmt: skip
    first = words[0]
    starts = found[(ends[first - 1] if first > 0 else 0) : ends[first]]
    for word in range(len(words) // WORD):
        for edge in range(2):
            one = words[WORD * word + edge]
            occurrences = found[(ends[one - 1] if one > 0 else 0) : ends[one]]
            if edge == 0 and words[WORD * word + 4] != 0:
                keep_holding(occurrences, documents, held)
            if len(starts) > 0:
                distance = words[WORD * word + 2 + edge] - words[2]
                starts = followed(starts, occurrences, distance, zone_end)
    in_zone[:] = len(starts) > 0
    keep_holding(starts, documents, in_zone)
