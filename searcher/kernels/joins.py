"""Whether words of a text may have run together: the loop of `text.joined` over all characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from searcher.kernels.compiler import Bytes, Hashes, Points, kernel, part
from searcher.kernels.letters import HARD, LETTER, LOWER

_SHORTEST_NAME = 4
"""Minimum length of a name in front of another word, in letters; see `text.joined`."""
_CAPITALS = (65, 66, 70, 84, 87)
"""The code points of A, B, F, T and W, with which the words begin that are looked for inside
others."""
_FILTER = 1 << 10
"""Number of words of 64 bits in the filter of names. Fewer find more names that are not there."""


@part
def _after(value: Any, point: int) -> Any:
    """Return the hash of a word that goes on with a code point (FNV-1a)."""
    return (value ^ np.uint64(point)) * np.uint64(0x100000001B3)


@part
def _place(value: Any) -> Any:
    """Return the word of the filter that has the bit of a hash."""
    return (value >> np.uint64(6)) & np.uint64(_FILTER - 1)


@part
def _bit(value: Any) -> Any:
    """Return the bit of a hash in that word."""
    return np.uint64(1) << (value & np.uint64(63))


@kernel
def hashed(points: Points) -> int:
    """Return the hash of a word."""
    value = np.uint64(0xCBF29CE484222325)
    for point in points:
        value = _after(value, point)
    return np.int64(value)


def hashes(words: Sequence[Points]) -> Hashes:
    """Return the hash of each of some words."""
    return np.array([hashed(word) for word in words], np.int64).view(np.uint64)


@part
def _is_ending(points: Points, start: int, end: int, endings: Hashes) -> bool:
    """Return whether the points [start, end) are one of the words with these hashes."""
    value = np.uint64(0xCBF29CE484222325)
    for at in range(start, end):
        value = _after(value, points[at])
    found = False
    for ending in endings:
        found = found or ending == value
    return found


@kernel
def possible(
    points: Points, kinds: Bytes, lowers: Points, endings: Hashes, longest: int, capitals: bool
) -> bool:
    """Return whether the plain code may find a join in a text.

    kinds, lowers: the tables of `letters`. A text with other letters may have joins.
    endings: the hashes of the function words. longest: the length of the longest one.
    capitals: whether a word with one of _CAPITALS inside is a join.
    """
    names = np.zeros(_FILTER, np.uint64)
    size = len(points)
    for search in range(2):
        at = 0
        while at < size:
            point = points[at]
            if point >= len(kinds):
                return True
            kind = kinds[point]
            if not kind & LETTER:
                at += 1
                continue
            start = at
            is_name = not kind & LOWER
            value = np.uint64(0xCBF29CE484222325)
            while at < size and points[at] < len(kinds) and kinds[points[at]] & LETTER:
                point = points[at]
                if kinds[point] & HARD:
                    return True
                if search:
                    if at - start >= _SHORTEST_NAME and names[_place(value)] & _bit(value):
                        stop = at
                        while (
                            stop < size
                            and points[stop] < len(kinds)
                            and kinds[points[stop]] & LETTER
                        ):
                            stop += 1
                        if stop - at <= longest and _is_ending(points, at, stop, endings):
                            return True
                elif (
                    capitals
                    and at - start >= 2
                    and point in _CAPITALS
                    and not 65 <= points[at - 1] <= 90
                    and not 65 <= points[at - 2] <= 90
                ):
                    return True
                value = _after(value, lowers[point])
                at += 1
            if not search and is_name and at - start >= _SHORTEST_NAME:
                names[_place(value)] |= _bit(value)
    return False
