"""The inverted lists of one field, in memory and then written as arrays of a segment file.

Lists are in the order of their terms. A list has the documents of its term; each posting, a term in
a document, has a count, and positions or a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from searcher.columnar.arrays import (
    NO_BYTES,
    Array,
    Bools,
    Bytes,
    Ints,
    Singles,
    ends_of,
    ranges,
)
from searcher.columnar.constants import bound_constants
from searcher.columnar.files import gaps
from searcher.columnar.files.bounds import PEAK_SCALE
from searcher.columnar.files.ends import write_narrow
from searcher.columnar.files.segment_file import SegmentFileWriter, Spool
from searcher.columnar.scoring import saturation

BLOCK = 128
"""Number of postings of a block. A block has a bound and can be read without the postings before
it. Smaller prunes better and takes more room. Part of the format."""
PLACES = 32
"""Number of postings of a block of positions. It can be read without the postings before it.
Smaller reads fewer bytes for a few documents and takes more room. Part of the format."""
LARGE = 15
"""The smallest count that does not fit into four bits. Such counts are stored separately. Part of
the format."""
LONG = 2 * BLOCK
"""Minimum number of postings of a list with blocks. Part of the format."""

_NARROW = frozenset(
    (
        "term_ends", "posting_ends", "gap_ends", "place_ends", "value_ends",
        "large", "large_counts", "block_ends", "block_places", "long_terms", "place_blocks",
        "block_gaps",
        "block_firsts",
    )
)  # fmt: skip
"""Arrays that are written in the smallest type for their largest number. The type is known only
when all numbers are."""
_ENDS = frozenset(("posting_ends", "gap_ends", "place_ends"))
"""Those of them that have an element for each term, and are written as `ends` says."""


@dataclass(slots=True)
class Lists:
    """The lists of some terms of a field, in memory, one list after the other."""

    terms: list[bytes]
    """The terms, ascending."""
    ends: Ints
    """The ends of the lists, in postings: one more than there are terms."""
    documents: Ints
    """The document of each posting, ascending within a list."""
    counts: Ints
    """The number of occurrences of each posting."""
    positions: Ints | None = None
    """The positions of all postings, ascending within each, `counts` of them a posting."""
    shares: Bools | None = None
    """Whether each term may share a position with a term that is not marked. Of the terms that
    share a position, at most one is not marked."""
    weights: Singles | None = None
    """The weight of each posting, if weights are not the counts."""
    values: tuple[Ints, Bytes] | None = None
    """The ends, in bytes, and the bytes of the postings' values, in a format that only the field
    knows."""
    position_batches: Iterator[tuple[int, Ints]] | None = None
    """In place of `positions`: batches, each with a number of postings and their positions."""


class Zones(NamedTuple):
    """The two zones of the texts of all documents.

    Positions of the second zone are stored as if it began at the end of the first one. So the
    distance between most positions fits into a byte.
    """

    start: int
    """The position at which the second zone begins, the same in all documents."""
    lengths: Array
    """For each document the number of positions of its first zone plus 1."""

    def joined(self, positions: Ints, documents: Ints) -> Ints:
        """Return positions as they are stored. documents: one for each position."""
        return np.where(
            positions < self.start, positions, positions - self.start + self.lengths[documents]
        )

    def apart(self, positions: Ints, documents: Ints) -> Ints:
        """Return the positions in texts, from stored ones: the inverse of `joined`."""
        lengths = self.lengths[documents].astype(np.int64)
        return np.where(positions < lengths, positions, positions - lengths + self.start)


class ListsWriter:
    """Writes the lists of one field, some terms at a time, in order. Methods raise OSError."""

    def __init__(
        self, file: SegmentFileWriter, name: str, lengths: Array | None, zones: Zones | None = None
    ) -> None:
        """name: of the field's arrays in the file, such as "postings.text".
        lengths: of each document in this field, to make bounds with; None if it has no lengths.
        zones: of the documents' texts; None if they have one zone.
        """
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
        """Append to an array of the field, which is of the type `dtype`."""
        if name not in self._spools:
            self._spools[name] = self._file.spool(dtype)
        self._spools[name].append(array)

    def _put_sizes(self, name: str, sizes: Array) -> None:
        """Append cumulative sizes. They continue from the last size of the terms before."""
        total = self._totals.get(name)
        if total is None:
            self._put(name, np.zeros(1), np.uint64)
            total = 0
        ends = np.cumsum(sizes, dtype=np.int64) + total
        self._put(name, ends, np.uint64)
        self._totals[name] = int(ends[-1]) if len(ends) else total

    def write(self, lists: Lists) -> None:
        """Write the lists of terms that come after all terms so far."""
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
        if lists.positions is not None or lists.position_batches is not None:
            self._write_positions(lists, sizes)
        if lists.values is not None:
            self._put_sizes("value_ends", np.diff(lists.values[0]))
            self._put("values", lists.values[1], np.uint8)
        self._write_blocks(lists, np.flatnonzero(sizes >= LONG), widths & np.uint8(3))
        if self._lengths is not None and len(lists.documents):
            self._write_bounds(lists, sizes)
        self._postings += len(lists.documents)
        self.terms += len(lists.terms)

    def _write_blocks(self, lists: Lists, long: Ints, widths: Bytes) -> None:
        """Write the start of each block: the document before it plus 1, and the place of its gaps.

        long: the places in `lists` of the terms that have blocks.
        widths: the width code of each list.
        """
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
        """Write counts of at most 15, two in a byte, the first in its lower half. An odd one is
        kept for the next call."""
        counts = np.concatenate([self._odd, counts])
        self._odd = counts[len(counts) & ~1 :]
        self._put(
            "counts",
            counts[0 : len(counts) & ~1 : 2] | counts[1::2][: len(counts) // 2] << 4,
            np.uint8,
        )

    def _write_positions(self, lists: Lists, sizes: Ints) -> None:
        """Write the positions. sizes: the postings of each list."""
        whole = [(len(lists.documents), lists.positions)] if lists.positions is not None else []
        first = 0
        ends = [np.zeros(1, np.int64)]
        batches = lists.position_batches if lists.position_batches is not None else whole
        for count, positions in batches:
            counts = lists.counts[first : first + count]
            if self._zones is not None:
                positions = self._zones.joined(
                    positions, np.repeat(lists.documents[first : first + count], counts)
                )
            data, batch_ends = gaps.encode_bytes(positions, ends_of(counts))
            self._put("positions", data, np.uint8)
            ends.append(batch_ends[1:] + ends[-1][-1])
            first += count
        byte_ends = np.concatenate(ends)
        self._put_sizes("place_ends", np.diff(byte_ends[lists.ends]))
        long = np.flatnonzero(sizes >= LONG)
        starts, blocks = _block_starts(lists.ends, long, PLACES)
        self._put(
            "block_places",
            byte_ends[starts] - np.repeat(byte_ends[lists.ends[long]], blocks),
            np.uint64,
        )
        self._put_sizes("place_blocks", blocks)

    def _write_bounds(self, lists: Lists, sizes: Ints) -> None:
        """Write the peaks of the lists and of their blocks, made from counts and lengths. sizes:
        the postings of each list."""
        assert self._lengths is not None
        reached = saturation(lists.counts, self._lengths[lists.documents], self._average)
        self._put("peaks", _bound(np.maximum.reduceat(reached, lists.ends[:-1])), np.uint8)
        long = np.flatnonzero(sizes >= LONG)
        starts, blocks = _block_starts(lists.ends, long, BLOCK)
        if len(starts):
            # reduceat goes on to the next start, too far where a list without blocks follows.
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
                write_narrow(self._file, f"{self._name}.{name}", spool, name in _ENDS)
            else:
                self._file.add_spool(f"{self._name}.{name}", spool)
        if self._zones is not None:
            self._file.add(f"{self._name}.zones", self._zones.lengths)
        split = self._zones.start if self._zones is not None else 0
        entry = {"terms": self.terms, "average": self._average, "split": split}
        return entry if self._lengths is None else {**entry, "bounds": bound_constants()}


def _block_starts(ends: Ints, long: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the start of every block, in postings, and the number of blocks of each list.

    ends: the ends of all lists, in postings.
    long: the places of the lists that have blocks.
    size: the postings of a block.
    """
    blocks = -(-(ends[long + 1] - ends[long]) // size)
    return np.repeat(ends[long], blocks) + ranges(
        np.zeros(len(long), np.int64), blocks
    ) * size, blocks


def _bound(peaks: Singles) -> Bytes:
    """Return saturations as peaks (see `bounds.ScoreBounds`), rounded up. The margin is larger than
    the rounding error of single precision.
    """
    bounds: Bytes = np.minimum(
        np.ceil(peaks * np.float32(PEAK_SCALE * (1 + 1e-6))), PEAK_SCALE
    ).astype(np.uint8)
    return bounds
