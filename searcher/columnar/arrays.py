"""Array types, and what numpy lacks for lists of lists laid end to end."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Bools: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Array: TypeAlias = NDArray[Any]

_MOST = {
    np.dtype(kind): int(np.iinfo(kind).max)
    for kind in (np.uint8, np.uint16, np.uint32, np.uint64, np.int64)
}

_FEW = 1000
_LOOKUPS = 12
"""One search in an ascending list takes the time of putting so many numbers into a table, and that
of as many zeros."""

NO_INTS: Ints = np.empty(0, np.int64)
NO_BYTES: Bytes = np.empty(0, np.uint8)


def ends_of(sizes: Array) -> Ints:
    """Where lists of these sizes begin and end when laid end to end: their cumulative sum, from
    0."""
    ends = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    return ends


def ranges(starts: Array, sizes: Array) -> Ints:
    """The integers start, start + 1, … of each range, one range after the other."""
    ends = ends_of(sizes)
    return np.repeat(starts - ends[:-1], sizes) + np.arange(ends[-1])


def narrow(values: Array) -> Array:
    """Non-negative integers in the smallest unsigned type that holds them all."""
    largest = int(values.max()) if len(values) else 0
    for kind in (np.uint8, np.uint16, np.uint32):
        if largest <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.uint64)


def distinct(values: Ints) -> Ints:
    """The different ones of ascending values."""
    if len(values) < 2:
        return values
    new = np.empty(len(values), np.bool_)
    new[0] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]


def below(ascending: Array, values: Array | int) -> Ints:
    """For each value how many of the ascending numbers are not greater."""
    # Unless both are of one type, numpy converts all of the longer one first.
    found: Ints = ascending.searchsorted(
        np.minimum(values, _MOST[ascending.dtype]).astype(ascending.dtype), "right"
    )
    return found


def places_in(haystack: Array, needles: Array) -> Ints:
    """For each needle its index in the ascending `haystack`, or -1. Neither holds negative
    numbers."""
    if not len(haystack):
        return np.full(len(needles), -1)
    span = int(haystack[-1]) + 1
    if len(needles) > _FEW and len(needles) * _LOOKUPS > span // _LOOKUPS + len(haystack):
        table = np.full(span + 1, -1, np.int32)
        table[haystack] = np.arange(len(haystack), dtype=np.int32)
        found: Ints = table[np.minimum(needles, span)].astype(np.int64)
        return found
    at = haystack.searchsorted(needles)
    at[at == len(haystack)] = 0
    at[haystack[at] != needles] = -1
    return at
