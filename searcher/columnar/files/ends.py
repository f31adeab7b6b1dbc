"""The ends of a field's lists, one for each term, in two bytes each.

An array has the lower 16 bits of each end. Its "turns" are, for each multiple of 65,536 up to the
last end, the number of the first end that reaches it. As ends ascend, the upper part of an end is
the number of turns up to its own number. Short arrays, and those with small numbers, have whole
ends and no turns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import overload

import numpy as np

from searcher.columnar.arrays import Array, Ints, narrow
from searcher.columnar.files.segment_file import SegmentFile, SegmentFileWriter, Spool

_BITS = 16
"""Number of bits of an end in the array. Part of the format. 8 would take about 1.4 bytes an end
with its turns, instead of 2.0, and a binary search among 256 times as many turns."""
_TURN_BYTES = 4
"""Bytes of a turn."""
_READ = 1 << 20
"""Bytes read at a time from a temporary file."""


class Ends:
    """The ends of some lists: n + 1 ascending numbers, the first of them 0. Safe in threads."""

    def __init__(self, file: SegmentFile, name: str) -> None:
        """name: of the array in the file. Raises FileDamaged."""
        self._low = file.array(name).whole()
        # Single elements are read from views and lists: that takes a third of the time.
        self._view = self._low.data
        turns = f"{name}.turns"
        self._turns = file.array(turns).whole() if turns in file else None
        self._sorted: list[int] = self._turns.tolist() if self._turns is not None else []

    def __len__(self) -> int:
        return len(self._low)

    @overload
    def __getitem__(self, lists: int) -> int: ...

    @overload
    def __getitem__(self, lists: Ints | slice) -> Ints: ...

    def __getitem__(self, lists: int | Ints | slice) -> int | Ints:
        """Return the end before a list, or before each list of an array or a slice (int64)."""
        if isinstance(lists, int):
            end: int = self._view[lists]
            return end + (bisect_right(self._sorted, lists) << _BITS) if self._sorted else end
        ends = self._low[lists].astype(np.int64)
        if self._turns is not None:
            at = np.arange(*lists.indices(len(self))) if isinstance(lists, slice) else lists
            ends += self._turns.searchsorted(at.astype(self._turns.dtype), "right") << _BITS
        return ends

    def columns(self) -> tuple[int, int, int, int]:
        """Return the columns of ends of `kernels.rows`. They are valid as long as the ends are
        referred to."""
        if self._turns is None:
            return self._low.ctypes.data, self._low.itemsize, 0, 0
        turns = self._turns
        return self._low.ctypes.data, self._low.itemsize, turns.ctypes.data, len(turns)

    def of(self, one: int) -> tuple[int, int]:
        """Return the first end of a list, and its last."""
        start, end = self._view[one], self._view[one + 1]
        if not self._sorted:
            return start, end
        before = bisect_right(self._sorted, one)
        after = bisect_right(self._sorted, one + 1, before)
        return start + (before << _BITS), end + (after << _BITS)


def write_narrow(file: SegmentFileWriter, name: str, spool: Spool, with_turns: bool) -> None:
    """Write whole numbers in the smallest unsigned type that holds them.

    spool: the numbers (uint64). It is closed.
    with_turns: whether they are ends that `Ends` reads: they get turns if that takes less room.

    Raises OSError.
    """
    with spool.file:
        largest = max((int(part.max()) for part in _parts(spool)), default=0)
        whole = narrow(np.array([largest])).dtype
        turn_bytes = _TURN_BYTES * (largest >> _BITS)
        if with_turns and 2 * spool.count + turn_bytes < whole.itemsize * spool.count:
            low = file.spool(np.uint16)
            for part in _parts(spool):
                low.append(part & np.uint64((1 << _BITS) - 1))
            file.add_spool(f"{name}.turns", _turns(file, spool))
        else:
            low = file.spool(whole)
            for part in _parts(spool):
                low.append(part)
    file.add_spool(name, low)


def _turns(file: SegmentFileWriter, spool: Spool) -> Spool:
    """Return the turns of some ends."""
    found = file.spool(np.uint32)
    number = upper = 0
    for part in _parts(spool):
        uppers = (part >> np.uint64(_BITS)).astype(np.int64)
        numbers = np.arange(number, number + len(part))
        found.append(np.repeat(numbers, np.diff(uppers, prepend=upper)))
        number, upper = number + len(part), int(uppers[-1])
    return found


def _parts(spool: Spool) -> Iterator[Array]:
    """Yield the numbers of a spool, some at a time."""
    spool.file.seek(0)
    while data := spool.file.read(_READ):
        yield np.frombuffer(data, spool.dtype)
