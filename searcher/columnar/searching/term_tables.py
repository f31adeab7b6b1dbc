"""Where the lists of a field are mapped in all segments, for `kernels.rows`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bytes, Ints
from searcher.columnar.files.lists import BLOCK, LONG, PLACES
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import PAGE_BYTES, VerifiedArray

_ARRAYS = (
    "gaps",
    "counts",
    "large_counts",
    "block_firsts",
    "block_gaps",
    "positions",
    "block_places",
)
"""The arrays that are verified page by page, in the order of `kernels.rows.RANGES`."""


class TermTables:
    """One field in all segments that have it. Safe in threads. Methods raise FileDamaged."""

    def __init__(self, held: Sequence[tuple[Part, FieldPostings]]) -> None:
        """held: the segments, in order, and their postings of the field."""
        self.segments = held
        """The segments, in order, and their postings of the field."""
        self._arrays: list[list[VerifiedArray | None]] = []
        self._tables: Ints | None = None

    def find(self, terms: Sequence[bytes]) -> Ints:
        """Return the lists of some terms, in the order of the segments: for each the number of its
        segment, of the term among `terms`, of the term in the segment, and of its postings."""
        if kernels.loaded and self.segments:
            tables = self._table()
            if tables is not None:
                ends = np.array([len(term) for term in terms], np.int64).cumsum()
                held = np.empty(kernels.rows.HELD * len(terms) * len(self.segments), np.int64)
                joined = np.frombuffer(b"".join(terms), np.uint8)
                found = kernels.rows.find(tables, joined, ends, held)
                return held[: kernels.rows.HELD * found].copy().reshape(-1, kernels.rows.HELD)
        rows = [
            (segment, asked, number, postings.lists.size(number))
            for segment, (_, postings) in enumerate(self.segments)
            for asked, term in enumerate(terms)
            if (number := postings.dictionary.lookup(term)) >= 0
        ]
        return np.array(rows, np.int64).reshape(-1, 4)

    def rows(self, held: Ints) -> tuple[Ints, Ints, Bytes]:
        """Return the rows of lists that `find` found, and what `verify` needs: the elements of each
        of them, and its bits (see `kernels.rows.fill`)."""
        rows = np.empty(kernels.stored.COLUMNS * len(held), np.int64)
        ranges = np.empty(2 * kernels.rows.ARRAYS * len(held), np.int64)
        bits = np.empty(len(held), np.uint8)
        tables = self._table()
        if len(held) and tables is not None:
            kernels.rows.fill(tables, held.ravel(), rows, ranges, bits)
        return rows, ranges, bits

    def verify(self, held: Ints, ranges: Ints, chosen: Ints, placed: bool) -> None:
        """Verify the pages of some lists. chosen: their places in `held`. placed: whether those of
        the positions; else those of the documents and counts."""
        first = kernels.rows.IN_POSITIONS
        edges = ranges.reshape(-1, kernels.rows.ARRAYS, 2)[chosen]
        # One by one: a call of numpy would take longer than most of these.
        for segment, inside in zip(held[chosen, 0].tolist(), edges.tolist(), strict=True):
            arrays = self._arrays[segment]
            for number in range(first, len(arrays)) if placed else range(first):
                array, (start, end) = arrays[number], inside[number]
                if array is not None and start < end:
                    array.address(start, end)

    def _table(self) -> Ints | None:
        """Return the tables; None if a kernel cannot read a dictionary."""
        if self._tables is None:
            if any(postings.dictionary.packed is None for _, postings in self.segments):
                return None
            self._arrays = [
                [postings.array(name) if postings.has(name) else None for name in _ARRAYS]
                for _, postings in self.segments
            ]
            found = [
                _columns(part, postings, arrays)
                for (part, postings), arrays in zip(self.segments, self._arrays, strict=True)
            ]
            self._tables = np.array(found, np.int64).ravel() if found else NO_INTS
        return self._tables


def _columns(
    part: Part, postings: FieldPostings, arrays: Sequence[VerifiedArray | None]
) -> list[int]:
    """Return the columns of a table."""
    assert postings.dictionary.packed is not None
    terms, ends = postings.dictionary.packed
    lists, positions = postings.lists, postings.positions
    zones = positions.zones if positions is not None else None
    held = [
        terms.ctypes.data,
        ends.ctypes.data,
        postings.term_count,
        *lists.posting_ends.columns(),
        *lists.gap_ends.columns(),
        *(positions.place_ends.columns() if positions is not None else (0, 1, 0, 0)),
        lists.flags.ctypes.data,
        postings.array("counts").view.ctypes.data,
        *_whole(postings, "large"),
        postings.array("large_counts").view.itemsize,
        *_whole(postings, "long_terms"),
        *_whole(postings, "block_ends")[:2],
        *(_whole(postings, "place_blocks") if positions is not None else (0, 1))[:2],
        LONG,
        BLOCK,
        PLACES,
        *((zones.lengths.ctypes.data, zones.lengths.itemsize, zones.start) if zones else (0, 1, 0)),
        part.base,
        part.end,
        part.live.ctypes.data if part.live is not None else 0,
        PAGE_BYTES,
    ]
    for array in arrays:
        held.extend(array.columns() if array is not None else (0, 1, 0))
    return held


def _whole(postings: FieldPostings, array: str) -> tuple[int, int, int]:
    """Return the address of an array that is verified, the size of an element, and its length."""
    found = postings.array(array).whole()
    return found.ctypes.data, found.itemsize, len(found)
