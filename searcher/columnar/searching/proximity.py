"""Comparisons of occurrences (see `counting`) in some documents: pairs of words, words in order.

Each is compiled where kernels are loaded. The plain code beside it returns the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, distinct, places_in
from searcher.columnar.searching.counting import POSITION, SHIFT


def keep_holding(occurrences: Ints, documents: Ints, held: Bools) -> None:
    """Set `held` to False for each document without an occurrence."""
    if kernels.loaded:
        kernels.proximity.keep_holding(occurrences, documents, held)
    else:
        held &= places_in(distinct(occurrences >> SHIFT), documents) >= 0


def in_order(placed: Sequence[tuple[Ints, int]], zone_end: int, documents: Ints) -> Bools:
    """Return for each document whether its first zone has all of some words at given distances.

    placed: the occurrences of each word, and its distance in positions from the first one.
    zone_end: the position at which the first zone has ended.
    """
    starts = placed[0][0]
    for found, distance in placed:
        if kernels.loaded:
            starts = kernels.proximity.followed(starts, found, distance, zone_end)
        else:
            inside = _in_first_zone(found, zone_end) - distance
            starts = _in_first_zone(starts, zone_end)
            starts = starts[places_in(inside[inside >= 0], starts) >= 0]
        if not len(starts):
            return np.zeros(len(documents), np.bool_)
    held = np.ones(len(documents), np.bool_)
    keep_holding(starts, documents, held)
    return held


def _in_first_zone(starts: Ints, zone_end: int) -> Ints:
    """Return the occurrences that are in the first zone of a text."""
    found: Ints = starts[(starts & POSITION) < zone_end]
    return found


def count_pairs(
    left: Ints, right: Ints, gap: int, near_window: int, documents: Ints
) -> tuple[Floats, Floats]:
    """Return the number in each document of the pairs of two words: in the query's order and
    distance, and near.

    left, right: the occurrences in these documents of the last terms of the first word, and of the
    first terms of the second one.
    gap: positions from the one to the other in the query.
    near_window: number of positions within which they are near. Windows that begin with either
    word are counted.
    """
    if kernels.loaded:
        ordered, near = np.empty(len(documents)), np.empty(len(documents))
        kernels.proximity.pairs(left, right, gap, near_window, documents, ordered, near)
        return ordered, near
    following, close = _pairs(left, right, gap, near_window)
    return _by_document(following, documents), _by_document(close, documents)


def _by_document(starts: Ints, documents: Ints) -> Floats:
    """Return the number of these occurrences in each document."""
    found: Floats = np.bincount(
        places_in(documents, starts >> SHIFT), minlength=len(documents)
    ).astype(np.float64)
    return found


def _pairs(left: Ints, right: Ints, gap: int, near_window: int) -> tuple[Ints, Ints]:
    """Return two arrays: the occurrences of two words in the query's order and distance, and the
    occurrences of either word at which a window of `near_window` positions with both words begins.

    left, right: ascending occurrences of the last terms of the first word, and of the first terms
    of the second.
    """
    if not len(left) or not len(right):
        return NO_INTS, NO_INTS
    ordered = left[places_in(right, left + gap) >= 0]
    starts = np.concatenate([left, right])
    starts.sort()
    starts = distinct(starts)
    for places in (left, right):
        at = np.searchsorted(places, starts)
        at[at == len(places)] = len(places) - 1
        starts = starts[(places[at] >= starts) & (places[at] < starts + near_window)]
    return ordered, starts
