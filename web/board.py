"""Memory that the processes of a server share: what each has counted, and the queries that it
remembers.

Each process writes a row of its own and reads all rows, so that nothing is locked between
processes: one that is killed cannot leave a lock behind. A row outlives its process; the next owner
continues it, so counters never fall.
"""

from __future__ import annotations

import mmap
import struct
import threading
from collections.abc import Iterator, Sequence

_COUNTERS = 32
"""Number of counters in a row, which are 8 bytes each."""
_RING = 32 << 10
"""Bytes of a row for queries. When more are written, they replace the oldest. A process that has
not read those yet never learns them. A new process knows no older ones."""
_HEAD = struct.Struct("=Q")
"""The number of bytes that were ever written to the ring, in front of it."""
_ROW = _COUNTERS * 8 + _HEAD.size + _RING


class Board:
    """A row for each process of a server. Safe in threads and after fork."""

    def __init__(self, rows: int = 1) -> None:
        """rows: maximum number of processes. They are forked from the one that calls this."""
        self._memory = mmap.mmap(-1, rows * _ROW)
        self._rows = rows
        self._own = 0
        self._lock = threading.Lock()
        self._read = [0] * rows

    def take(self, row: int) -> None:
        """Make a row this process's own. No other process may have it."""
        self._own = row

    def add(self, amounts: Sequence[tuple[int, float]]) -> None:
        """Add to counters of this process, each given as its number and the amount."""
        with self._lock:
            for number, amount in amounts:
                place = self._own * _ROW + number * 8
                (before,) = struct.unpack_from("=d", self._memory, place)
                struct.pack_into("=d", self._memory, place, before + amount)

    def clear(self) -> None:
        """Set the counters of this process to 0."""
        place = self._own * _ROW
        self._memory[place : place + _COUNTERS * 8] = bytes(_COUNTERS * 8)

    def sums(self) -> list[float]:
        """Return the counters, each summed over all processes."""
        form = struct.Struct(f"={_COUNTERS}d")
        rows = [form.unpack_from(self._memory, row * _ROW) for row in range(self._rows)]
        return [sum(column) for column in zip(*rows, strict=True)]

    def send(self, text: str) -> None:
        """Show a text without line breaks to the other processes."""
        data = text.encode("utf-8", "replace") + b"\n"
        if self._rows == 1 or len(data) > _RING // 2:
            return
        with self._lock:
            place = self._own * _ROW + _COUNTERS * 8
            (end,) = _HEAD.unpack_from(self._memory, place)
            at, ring = end % _RING, place + _HEAD.size
            first = data[: _RING - at]
            self._memory[ring + at : ring + at + len(first)] = first
            rest = data[len(first) :]
            self._memory[ring : ring + len(rest)] = rest
            # Readers look at this number first, so they see whole texts only.
            _HEAD.pack_into(self._memory, place, end + len(data))
            if self._read[self._own] == end:
                self._read[self._own] = end + len(data)

    def received(self) -> Iterator[str]:
        """Yield the texts that other processes, or earlier owners of this row, have sent since the
        last call."""
        if self._rows > 1:
            for row in range(self._rows):
                with self._lock:
                    data = self._unread(row)
                if data:
                    yield from data.decode("utf-8", "replace").split("\n")[:-1]

    def _unread(self, row: int) -> bytes:
        """Return the unread texts of a row, and take them as read."""
        place = row * _ROW + _COUNTERS * 8
        (end,) = _HEAD.unpack_from(self._memory, place)
        start = max(self._read[row], end - _RING)
        if start == end:
            return b""
        ring = self._memory[place + _HEAD.size : place + _HEAD.size + _RING]
        # Its owner may have written more meanwhile, over the oldest.
        (later,) = _HEAD.unpack_from(self._memory, place)
        kept = max(start, later - _RING)
        is_cut = kept > self._read[row] or kept > start
        at, size = kept % _RING, max(end - kept, 0)
        data = (ring[at:] + ring[:at])[:size]
        self._read[row] = end
        return data.partition(b"\n")[2] if is_cut else data
