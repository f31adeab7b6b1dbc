"""The documents and counts of one field's terms, read from a segment file."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import (
    Array,
    Bytes,
    Ints,
    below,
    distinct,
    ends_of,
    places_in,
    ranges,
)
from searcher.columnar.files import gaps
from searcher.columnar.files.ends import Ends
from searcher.columnar.files.lists import BLOCK, LARGE, LONG
from searcher.columnar.files.segment_file import SegmentFile, VerifiedArray

_SPARSE = 4
"""Factor. Single blocks are read instead of the whole list if there are more than this many blocks
for each wanted document."""
_MANY_BLOCKS = 60
"""Number of blocks. At most this many are copied one by one. More blocks are gathered by the places
of their bytes."""

WIDTH_BITS = np.uint8(3)
"""The bits of a term's flags that give the width of its gaps: 1, 2 or 4 bytes (0, 1, 2)."""
SHARES_BIT = np.uint8(4)
"""The bit of a term's flags that is set if it may share a position with another term."""
_NO_POSITIONS = (0, 0, 1, 1, 0, 1, 0)
"""The columns of a row about positions, before they are looked up."""


class PostingLists:
    """Terms and postings are numbers: of the term in the field, and of the posting in its list.

    Documents are ascending numbers in the segment (int64). Safe in threads. All methods raise
    FileDamaged.
    """

    def __init__(self, file: SegmentFile, name: str) -> None:
        """name: of the field's arrays in the file."""
        self._file = file
        self._name = name
        self.posting_ends = Ends(file, f"{name}.posting_ends")
        """The ends of the lists, in postings: one more than there are terms."""
        self._gaps = file.array(f"{name}.gaps")
        self._counts = file.array(f"{name}.counts")

    def _array(self, array: str) -> VerifiedArray:
        """Return an array of the field by its name."""
        return self._file.array(f"{self._name}.{array}")

    def _whole(self, array: str) -> Array:
        """Return the whole of an array of the field by its name."""
        return self._array(array).whole()

    @cached_property
    def gap_ends(self) -> Ends:
        """The ends of the terms' lists in the bytes of `gaps`."""
        return Ends(self._file, f"{self._name}.gap_ends")

    @cached_property
    def flags(self) -> Bytes:
        """The flags of each term (uint8)."""
        return self._whole("flags")

    @cached_property
    def _flag_view(self) -> memoryview:
        return self.flags.data

    @cached_property
    def _large(self) -> tuple[Array, Array]:
        """The postings whose counts are not in `counts`, numbered through the field, and these
        counts, in the types of the file: converted, they would take memory of each process."""
        return self._whole("large"), self._whole("large_counts")

    @cached_property
    def _blocks(self) -> tuple[Array, memoryview]:
        """The terms that have blocks, ascending, and the ends of their blocks."""
        return self._whole("long_terms"), self._whole("block_ends").data

    def size(self, term: int) -> int:
        """Return the number of postings of a term."""
        start, end = self.posting_ends.of(term)
        return end - start

    def sizes(self, terms: Ints) -> Ints:
        """Return the number of postings of each term."""
        return self.posting_ends[terms + 1] - self.posting_ends[terms]

    def start(self, term: int) -> int:
        """Return the number, through the field, of a term's first posting."""
        return self.posting_ends[term]

    def row(self, term: int, base: int = 0, end: int = 1 << 32, live: int = 0) -> Ints:
        """Return the row of a term's list for `kernels.postings`, without its positions.

        base, end: the numbers in the index of the segment's first document and of the one behind
        its last.
        live: the address of whether each document is live; 0 if all are.
        """
        first, last = self.posting_ends.of(term)
        start, stop = self.gap_ends.of(term)
        gap_address = self._gaps.address(start, stop)
        edges = self.blocks(term) if last - first >= LONG else None
        return np.array(
            (
                gap_address,
                gap_address + stop - start,
                self._flag_view[term] & 3,
                # The half bytes of all postings of the field are counted from its first one.
                self._counts.address(first >> 1, (last + 1) >> 1) - (first >> 1),
                first,
                last - first,
                *self._large_between(first, last),
                base,
                end,
                live,
                *self._block_columns(edges),
                BLOCK,
                *_NO_POSITIONS,
            ),
            np.int64,
        )

    def _large_between(self, first: int, last: int) -> tuple[int, int, int, int, int]:
        """Return the columns of a row about the large counts of the postings [first, last)."""
        numbers, counts = self._array("large"), self._array("large_counts")
        held = numbers.whole().data
        start = bisect_left(held, first)
        end = bisect_left(held, last, start)
        return (
            counts.address(start, end),
            counts.view.itemsize,
            numbers.address(start, end),
            numbers.view.itemsize,
            end - start,
        )

    def _block_columns(self, edges: tuple[int, int] | None) -> tuple[int, int, int, int, int]:
        """Return the columns of a row about the blocks numbered `edges`."""
        if edges is None:
            return 0, 1, 0, 1, 0
        firsts, starts = self._array("block_firsts"), self._array("block_gaps")
        return (
            firsts.address(*edges),
            firsts.view.itemsize,
            starts.address(*edges),
            starts.view.itemsize,
            edges[1] - edges[0],
        )

    def documents(self, term: int) -> Ints:
        """Return the documents of a term."""
        data = self._gaps.slice(*self.gap_ends.of(term))
        return gaps.decode(data, self._flag_view[term] & 3, self.size(term))

    def counts(self, term: int) -> Array:
        """Return the count of each posting of a term: uint8, or int64 if one is large."""
        return self._counts_between(*self.posting_ends.of(term))

    def _counts_between(self, start: int, end: int) -> Array:
        """Return the counts of the postings numbered [start, end) through the field."""
        packed = self._counts.slice(start >> 1, (end + 1) >> 1)
        pairs = np.empty(2 * len(packed), np.uint8)
        np.bitwise_and(packed, 15, out=pairs[0::2])
        np.right_shift(packed, 4, out=pairs[1::2])
        counts: Array = pairs[start & 1 : (start & 1) + end - start]
        large, exact = self._large
        if len(large):
            first, last = (
                below(large, np.array([start - 1, end - 1])).tolist()
                if start
                else (0, int(below(large, end - 1)))
            )
            if first < last:
                counts = counts.astype(np.int64)
                counts[large[first:last].astype(np.int64) - start] = exact[first:last]
        return counts

    def counts_at(self, term: int, postings: Ints) -> Array:
        """Return the counts of these postings of a term."""
        return self.counts_of(postings + self.posting_ends[term])

    def counts_of(self, places: Ints) -> Array:
        """Return the counts of postings that are numbered through the field."""
        nibbles = self._counts.take(places >> 1) >> ((places & 1) << 2).astype(np.uint8)
        counts: Array = nibbles & np.uint8(15)
        large, exact = self._large
        if len(large) and len(hits := np.flatnonzero(counts == LARGE)):
            counts = counts.astype(np.int64)
            counts[hits] = exact[below(large, places[hits]) - 1]
        return counts

    def many(self, terms: Ints) -> tuple[Ints, Array, Ints]:
        """Return the documents and counts of several terms, list after list, and the ends of the
        lists."""
        sizes = self.sizes(terms)
        if len(terms) == 1:
            return self.documents(int(terms[0])), self.counts(int(terms[0])), ends_of(sizes)
        starts = self.gap_ends[terms]
        byte_sizes = self.gap_ends[terms + 1] - starts
        data = self._gaps.take(ranges(starts, byte_sizes))
        documents = gaps.decode_many(
            data, ends_of(byte_sizes), self.flags[terms] & WIDTH_BITS, sizes
        )
        places = ranges(self.posting_ends[terms], sizes)
        return documents, self.counts_of(places), ends_of(sizes)

    def tally(self, terms: Ints, least: int, times: Array, found: Array) -> tuple[Ints, Ints]:
        """Return the documents that at least `least` of some terms have, and the number of these
        terms for each.

        times, found: room for a number of each document (uint16 and int32), which is filled.
        """
        starts, ends = self.gap_ends[terms], self.gap_ends[terms + 1]
        widths = self.flags[terms] & WIDTH_BITS
        if kernels.loaded:
            times.fill(0)
            # All lists are verified at once: to copy those of each call takes longer than to count.
            whole = self._gaps.whole()
            filled = kernels.postings.tally(whole, starts, ends, widths, least, times, found)
            documents = np.sort(found[:filled]).astype(np.int64)
            return documents, times[documents].astype(np.int64)
        sizes = ends - starts
        data = self._gaps.take(ranges(starts, sizes))
        decoded = gaps.decode_many(data, ends_of(sizes), widths, self.sizes(terms))
        each = np.bincount(decoded, minlength=len(times))
        documents = np.flatnonzero(each >= least)
        return documents, each[documents]

    def of_range(self, start: int, end: int) -> tuple[Ints, Ints, Ints]:
        """Return the documents and counts (int64) of the terms numbered [start, end), and the ends
        of their lists."""
        ends = self.posting_ends[start : end + 1]
        bounds = self.gap_ends[start : end + 1]
        data = self._gaps.slice(int(bounds[0]), int(bounds[-1]))
        widths = self.flags[start:end] & WIDTH_BITS
        documents = gaps.decode_many(data, bounds - bounds[0], widths, np.diff(ends))
        counts = self._counts_between(int(ends[0]), int(ends[-1])).astype(np.int64)
        return documents, counts, ends - ends[0]

    def places_of(self, term: int, documents: Ints) -> Ints:
        """Return for each of these documents the term's posting there, or -1."""
        if kernels.loaded:
            found: Ints = kernels.postings.places(self.row(term), documents)
            return found
        edges = self.blocks(term) if len(documents) else None
        if edges is None or len(documents) * _SPARSE > self.size(term) // BLOCK:
            return places_in(self.documents(term), documents)
        firsts = self._array("block_firsts").slice(*edges)
        starts = self._array("block_gaps").slice(*edges)
        blocks = distinct(below(firsts, documents) - 1)
        start, end = self.gap_ends.of(term)
        bounds = np.append(starts, end - start).astype(np.int64)
        data = blocks_bytes(self._gaps, start, bounds, blocks)
        sizes = np.minimum(BLOCK, self.size(term) - blocks * BLOCK)
        held = gaps.decode_blocks(
            data, self._flag_view[term] & 3, sizes, firsts[blocks].astype(np.int64)
        )
        at = places_in(held, documents)
        places = blocks[at // BLOCK] * BLOCK + at % BLOCK
        places[at < 0] = -1
        return places

    def long_number(self, term: int) -> int:
        """Return the number of a term among those that have blocks, or -1."""
        long = self._blocks[0]
        at = int(below(long, term)) - 1
        return at if at >= 0 and long[at] == term else -1

    def blocks(self, term: int) -> tuple[int, int] | None:
        """Return the numbers, through the field, of a term's first block and of the one after its
        last; None if it has no blocks."""
        number = self.long_number(term)
        if number < 0:
            return None
        ends = self._blocks[1]
        return ends[number], ends[number + 1]


def blocks_bytes(stored: VerifiedArray, start: int, bounds: Ints, blocks: Ints) -> Bytes:
    """Return the bytes of some blocks of a list, end to end.

    start: where the list begins in `stored`.
    bounds: the ends of all blocks of the list, from its beginning.
    blocks: the numbers of the blocks, ascending.
    """
    first, last = bounds[blocks] + start, bounds[blocks + 1] + start
    if len(blocks) > _MANY_BLOCKS:
        taken: Bytes = stored.take(ranges(first, last - first))
        return taken
    return np.concatenate(
        [stored.slice(*edges) for edges in zip(first.tolist(), last.tolist(), strict=True)]
    )
