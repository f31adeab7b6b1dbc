"""The inverted lists of one field while they are made: in memory, and as arrays of a segment file.

Term-major: the terms in order; for each term its documents; for each posting its count, and its
positions or its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from searcher.columnar import gaps
from searcher.columnar.arrays import (
    NO_BYTES,
    Array,
    Bools,
    Bytes,
    Ints,
    Singles,
    ends_of,
    narrow,
    ranges,
)
from searcher.columnar.constants import bound_constants
from searcher.columnar.scoring import saturation
from searcher.columnar.segment_file import SegmentFileWriter, Spool

BLOCK = 128
"""Postings that share a bound, and can be read without those before."""
PLACES = 32
"""Postings whose positions can be read without those before."""
LARGE = 15
"""Counts take four bits; one that is not less than this is kept elsewhere."""
_LONG = 2 * BLOCK
"""Lists of fewer postings have one bound for all."""
_MOST = 255


@dataclass(slots=True)
class Lists:
    """The lists of some terms of a field, in memory.

    terms: ascending. ends: where each term's postings begin and end. documents, counts: for each
    posting. positions: those of all postings, ascending within each, as many as counted. shares: of
    the terms that have a position in common at least all but one. weights: where they are not the
    counts. values: of formats not known here. pieces: in place of positions, those of so many
    postings at a time.
    """

    terms: list[bytes]
    ends: Ints
    documents: Ints
    counts: Ints
    positions: Ints | None = None
    shares: Bools | None = None
    weights: Singles | None = None
    values: tuple[Ints, Bytes] | None = None
    pieces: Iterator[tuple[int, Ints]] | None = None


def _bound(peaks: Singles) -> Bytes:
    """Saturations as bytes that are not below them."""
    bounds: Bytes = np.minimum(np.ceil(peaks * np.float32(_MOST * (1 + 1e-6))), _MOST).astype(
        np.uint8
    )
    return bounds


_NARROW = frozenset(
    (
        "term_ends", "posting_ends", "gap_ends", "place_ends", "value_ends",
        "large", "large_counts", "block_ends", "block_places", "long_terms", "place_blocks",
        "block_gaps",
        "block_firsts",
    )
)  # fmt: skip
"""Arrays of whole numbers of which only the end tells how many bytes they need."""


class Zones(NamedTuple):
    """Where the texts of documents go on after a first zone: at position `start`, which is the same
    for all.

    lengths: for each document the positions of its first zone and one more. What follows is stored
    as if it began there, so that most positions fit into a byte.
    """

    start: int
    lengths: Array

    def joined(self, positions: Ints, documents: Ints) -> Ints:
        """Positions as they are stored."""
        return np.where(
            positions < self.start, positions, positions - self.start + self.lengths[documents]
        )

    def apart(self, positions: Ints, documents: Ints) -> Ints:
        """The inverse of `joined`."""
        lengths = self.lengths[documents].astype(np.int64)
        return np.where(positions < lengths, positions, positions - lengths + self.start)


class ListsWriter:
    """Writes the lists of one field, some terms at a time, in order."""

    def __init__(
        self, file: SegmentFileWriter, name: str, lengths: Array | None, zones: Zones | None = None
    ) -> None:
        """lengths: of all documents in this field, where it has any: the bounds on scores are made
        with them. zones: of the documents' positions, if their texts have two."""
        self._file = file
        self._name = name
        self._lengths = lengths
        self._zones = zones
        self._odd = NO_BYTES
        self._average = float(lengths.mean()) if lengths is not None and len(lengths) else 0.0
        self._spools: dict[str, Spool] = {}
        self._ends: dict[str, list[Array]] = {}
        self._totals: dict[str, int] = {}
        self._postings = 0
        self.terms = 0

    def _put(self, name: str, array: Array, dtype: Any) -> None:
        if name not in self._spools:
            self._spools[name] = self._file.spool(dtype)
        self._spools[name].append(array)

    def _put_sizes(self, name: str, sizes: Array) -> None:
        """Cumulative sizes, which go on where the terms before ended."""
        total = self._totals.get(name)
        if total is None:
            self._put(name, np.zeros(1), np.uint64)
            total = 0
        ends = np.cumsum(sizes, dtype=np.int64) + total
        self._put(name, ends, np.uint64)
        self._totals[name] = int(ends[-1]) if len(ends) else total

    def write(self, lists: Lists) -> None:
        """Adds the lists of terms that come after all those before. Raises OSError."""
        sizes = np.diff(lists.ends)
        self._put("terms", np.frombuffer(b"".join(lists.terms), np.uint8), np.uint8)
        self._put_sizes("term_ends", np.fromiter(map(len, lists.terms), np.int64, len(lists.terms)))
        self._put_sizes("posting_ends", sizes)
        blob, byte_ends, widths = gaps.encode(lists.documents, lists.ends)
        self._put("gaps", blob, np.uint8)
        self._put_sizes("gap_ends", np.diff(byte_ends))
        if lists.shares is not None:
            widths |= lists.shares.astype(np.uint8) << np.uint8(2)
        self._put("flags", widths, np.uint8)
        self._put_counts(np.minimum(lists.counts, LARGE).astype(np.uint8))
        large = np.flatnonzero(lists.counts >= LARGE)
        self._put("large", large + self._postings, np.uint64)
        self._put("large_counts", lists.counts[large], np.uint64)
        if lists.weights is not None:
            self._put("weights", lists.weights, np.float32)
        if lists.positions is not None or lists.pieces is not None:
            self._write_positions(lists, sizes)
        if lists.values is not None:
            self._put_sizes("value_ends", np.diff(lists.values[0]))
            self._put("values", lists.values[1], np.uint8)
        self._write_blocks(lists, np.flatnonzero(sizes >= _LONG), widths & np.uint8(3))
        if self._lengths is not None and len(lists.documents):
            self._write_bounds(lists, sizes)
        self._postings += len(lists.documents)
        self.terms += len(lists.terms)

    def _write_blocks(self, lists: Lists, long: Ints, widths: Bytes) -> None:
        """What is needed to read a block of a long list without those before: one more than the
        document before, and where its gaps begin."""
        starts, blocks = _block_starts(lists.ends, long, BLOCK)
        self._put("long_terms", long + self.terms, np.uint32)
        self._put_sizes("block_ends", blocks)
        first = ranges(np.zeros(len(long), np.int64), blocks) == 0
        self._put("block_firsts", np.where(first, 0, lists.documents[starts - 1] + 1), np.uint32)
        sizes = lists.ends[long + 1] - lists.ends[long]
        held = ranges(lists.ends[long], sizes)
        entries = gaps.entry_bytes(lists.documents[held], ends_of(sizes), widths[long])
        before = ends_of(entries)[
            ends_of(sizes)[:-1].repeat(blocks) + starts - lists.ends[long].repeat(blocks)
        ]
        self._put("block_gaps", before - before[ends_of(blocks)[:-1]].repeat(blocks), np.uint64)

    def _put_counts(self, counts: Bytes) -> None:
        """Two in a byte, the first in its lower half; an odd one waits for the next."""
        counts = np.concatenate([self._odd, counts])
        self._odd = counts[len(counts) & ~1 :]
        self._put(
            "counts",
            counts[0 : len(counts) & ~1 : 2] | counts[1::2][: len(counts) // 2] << 4,
            np.uint8,
        )

    def _write_positions(self, lists: Lists, sizes: Ints) -> None:
        whole = [(len(lists.documents), lists.positions)] if lists.positions is not None else []
        first = 0
        ends = [np.zeros(1, np.int64)]
        for count, positions in lists.pieces if lists.pieces is not None else whole:
            counts = lists.counts[first : first + count]
            if self._zones is not None:
                positions = self._zones.joined(
                    positions, np.repeat(lists.documents[first : first + count], counts)
                )
            data, piece_ends = gaps.encode_bytes(positions, ends_of(counts))
            self._put("positions", data, np.uint8)
            ends.append(piece_ends[1:] + ends[-1][-1])
            first += count
        byte_ends = np.concatenate(ends)
        self._put_sizes("place_ends", np.diff(byte_ends[lists.ends]))
        long = np.flatnonzero(sizes >= _LONG)
        starts, blocks = _block_starts(lists.ends, long, PLACES)
        self._put(
            "block_places",
            byte_ends[starts] - np.repeat(byte_ends[lists.ends[long]], blocks),
            np.uint64,
        )
        self._put_sizes("place_blocks", blocks)

    def _write_bounds(self, lists: Lists, sizes: Ints) -> None:
        assert self._lengths is not None
        reached = saturation(lists.counts, self._lengths[lists.documents], self._average)
        self._put("peaks", _bound(np.maximum.reduceat(reached, lists.ends[:-1])), np.uint8)
        long = np.flatnonzero(sizes >= _LONG)
        starts, blocks = _block_starts(lists.ends, long, BLOCK)
        if len(starts):
            # A block of reduceat runs to the next start: where a list that has no blocks follows,
            # that is too far.
            stops = np.minimum(starts + BLOCK, np.repeat(lists.ends[long + 1], blocks))
            edges = np.stack([starts, stops], 1).reshape(-1)
            if edges[-1] == len(reached):
                edges = edges[:-1]
            self._put("block_peaks", _bound(np.maximum.reduceat(reached, edges)[::2]), np.uint8)
        else:
            self._put("block_peaks", np.empty(0), np.uint8)

    def finish(self) -> dict[str, Any]:
        """Write the arrays to the file. Return the directory's entry for the field, which records
        the constants that its bounds were made with, if it has bounds."""
        if len(self._odd):
            self._put_counts(np.zeros(1, np.uint8))
        for name, spool in sorted(self._spools.items()):
            if name in _NARROW:
                self._add_narrow(name, spool)
            else:
                self._file.add_spool(f"{self._name}.{name}", spool)
        if self._zones is not None:
            self._file.add(f"{self._name}.zones", self._zones.lengths)
        split = self._zones.start if self._zones is not None else 0
        entry = {"terms": self.terms, "average": self._average, "split": split}
        return entry if self._lengths is None else {**entry, "bounds": bound_constants()}

    def _add_narrow(self, name: str, spool: Spool) -> None:
        """Writes integers in the smallest type that holds them."""
        with spool.file as file:
            file.seek(0)
            largest = 0
            while data := file.read(1 << 20):
                largest = max(largest, int(np.frombuffer(data, spool.dtype).max()))
            smallest = self._file.spool(narrow(np.array([largest])).dtype)
            file.seek(0)
            while data := file.read(1 << 20):
                smallest.append(np.frombuffer(data, spool.dtype))
        self._file.add_spool(f"{self._name}.{name}", smallest)


def _block_starts(ends: Ints, long: Ints, size: int) -> tuple[Ints, Ints]:
    """Where the blocks of these lists begin, and how many each list has."""
    blocks = -(-(ends[long + 1] - ends[long]) // size)
    return np.repeat(ends[long], blocks) + ranges(
        np.zeros(len(long), np.int64), blocks
    ) * size, blocks
