"""Array types, and operations on lists of lists that numpy lacks. The package's docstring states
the conventions."""

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
"""An array of numbers. The docstring gives its type if it matters."""

_MOST = {
    np.dtype(kind): int(np.iinfo(kind).max)
    for kind in (np.uint8, np.uint16, np.uint32, np.uint64, np.int64)
}
"""The largest number of each type."""

_FEW = 1000
"""Number of needles. At most this many are found by binary search."""
_LOOKUPS = 12
"""The time of one binary search, as the number of elements of the haystack that are put into a
table in that time. In the same time, _LOOKUPS times as many elements of the table are set to zero.
Larger makes tables more often."""

NO_INTS: Ints = np.empty(0, np.int64)
NO_BYTES: Bytes = np.empty(0, np.uint8)


def ends_of(sizes: Array) -> Ints:
    """Return the ends of lists of these sizes, laid end to end: n + 1 numbers, from 0 to the sum.

    sizes: n whole numbers.
    """
    ends = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    return ends


def ranges(starts: Array, sizes: Array) -> Ints:
    """Return the integers start, start + 1, … of each range, one range after the other.

    starts, sizes: one number for each range. The result has sum(sizes) elements.
    """
    ends = ends_of(sizes)
    return np.repeat(starts - ends[:-1], sizes) + np.arange(ends[-1])


def narrow(values: Array) -> Array:
    """Return non-negative integers in the smallest unsigned type that holds them all."""
    largest = int(values.max()) if len(values) else 0
    for kind in (np.uint8, np.uint16, np.uint32):
        if largest <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.uint64)


def distinct(values: Ints) -> Ints:
    """Return ascending values without repetitions."""
    if len(values) < 2:
        return values
    new = np.empty(len(values), np.bool_)
    new[0] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]


def unique(values: Array) -> Array:
    """Return the distinct values in ascending order.

    So does np.unique, which imports numpy.ma first: that takes longer than many a search.
    """
    return distinct(np.sort(values))


def below(ascending: Array, values: Array | int) -> Ints:
    """Return for each value the number of ascending numbers that are not greater.

    ascending: of an unsigned type or int64.
    values: non-negative integers of any type.
    """
    # Unless both are of one type, numpy converts all of the longer one first.
    found: Ints = ascending.searchsorted(
        np.minimum(values, _MOST[ascending.dtype]).astype(ascending.dtype), "right"
    )
    return found


def places_in(haystack: Array, needles: Array) -> Ints:
    """Return for each needle its index in the haystack, or -1.

    haystack: distinct ascending non-negative integers.
    needles: non-negative integers in any order.
    """
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
