"""The inverted lists of one field as they are read from a segment file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from searcher.columnar import gaps
from searcher.columnar.arrays import (
    NO_INTS,
    Array,
    Bools,
    Bytes,
    Floats,
    Ints,
    below,
    distinct,
    ends_of,
    places_in,
    ranges,
)
from searcher.columnar.constants import UNRECORDED, bound_constants
from searcher.columnar.dictionary import Dictionary
from searcher.columnar.lists import BLOCK, LARGE, PLACES, Lists, Zones
from searcher.columnar.segment_file import SegmentFile, Stored

_SPARSE = 4
"""Blocks are read one by one when they are fewer than one in so many."""
_TOGETHER = 4096
"""Lists of no more than so many postings are read together and whole when positions of several are
wanted."""
_MANY_BLOCKS = 60
"""So many blocks are taken byte by byte, fewer one after the other."""


class FieldPostings(Dictionary):
    """The lists of one field of a segment. Safe in threads."""

    def __init__(self, file: SegmentFile, name: str, meta: dict[str, Any]) -> None:
        super().__init__(file, name, int(meta["terms"]))
        self.average = float(meta["average"])
        self.posting_ends = self._read("posting_ends")
        # Single elements are read from views: that takes a third of the time.
        self._posting_ends = self.posting_ends.data
        self._gaps = file.array(f"{name}.gaps")
        self._counts = file.array(f"{name}.counts")
        self._split = int(meta["split"])
        self._bound_constants = meta.get("bounds", UNRECORDED)

    @cached_property
    def _gap_ends(self) -> Array:
        return self._read("gap_ends")

    @cached_property
    def _gap_view(self) -> memoryview:
        return self._gap_ends.data

    @cached_property
    def _flags(self) -> Bytes:
        return self._read("flags")

    @cached_property
    def _flag_view(self) -> memoryview:
        return self._flags.data

    @cached_property
    def _place_ends(self) -> Array:
        return self._read("place_ends")

    @cached_property
    def zones(self) -> Zones | None:
        """The zones of the documents' positions, where they have two."""
        return Zones(self._split, self._read("zones")) if self._split else None

    @cached_property
    def _large(self) -> tuple[Array, Array]:
        return self._read("large"), self._read("large_counts")

    @cached_property
    def peaks(self) -> memoryview | None:
        """For each term 255 times the greatest saturation of its postings, rounded up; None in a
        field without lengths."""
        return self._read("peaks").data if self.has("peaks") else None

    @property
    def has_current_bounds(self) -> bool:
        """Return whether `peaks` and `block_peaks` were made with the constants that scores are
        made with now. If not, they must not be used."""
        return bool(self._bound_constants == bound_constants())

    @cached_property
    def _blocks(self) -> tuple[Array, memoryview, memoryview]:
        places = self._read("place_blocks").data if self.has("positions") else memoryview(b"")
        return self._read("long_terms"), self._read("block_ends").data, places

    def sizes(self, terms: Ints) -> Ints:
        """How many postings each of these terms has."""
        return (self.posting_ends[terms + 1] - self.posting_ends[terms]).astype(np.int64)

    def documents(self, term: int) -> Ints:
        """The documents of a term, ascending. Raises FileDamaged, as all that follow do."""
        ends = self._gap_view
        data = self._gaps.slice(ends[term], ends[term + 1])
        return gaps.decode(data, self._flag_view[term] & 3, self.size(term))

    def size(self, term: int) -> int:
        """How many postings a term has."""
        ends = self._posting_ends
        size: int = ends[term + 1] - ends[term]
        return size

    def counts(self, term: int) -> Array:
        """How often each of the term's documents holds it."""
        return self._patched(self._posting_ends[term], self._posting_ends[term + 1])

    def _patched(self, start: int, end: int) -> Array:
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

    def range_lists(self, start: int, end: int, positions: bool = True) -> Lists:
        """The whole lists of the terms numbered [start, end), with `positions` or without."""
        ends = self.posting_ends[start : end + 1].astype(np.int64)
        first, last = int(ends[0]), int(ends[-1])
        bounds = self._gap_ends[start : end + 1].astype(np.int64)
        data = self._gaps.slice(int(bounds[0]), int(bounds[-1]))
        flags = self._flags[start:end]
        documents = gaps.decode_many(data, bounds - bounds[0], flags & np.uint8(3), np.diff(ends))
        lists = Lists(
            self.terms(start, end),
            ends - first,
            documents,
            self._patched(first, last).astype(np.int64),
        )
        if positions and self.has("positions"):
            places = self._place_ends[[start, end]]
            stored = self._file.array(f"{self.name}.positions").slice(
                int(places[0]), int(places[1])
            )
            lists.positions = self._apart(
                gaps.decode_bytes(stored, lists.counts), documents, lists.counts
            )
            lists.shares = flags & 4 != 0
        if self.has("weights"):
            lists.weights = self._file.array(f"{self.name}.weights").slice(first, last)
        if self.has("values"):
            value_ends = self._read("value_ends")[first : last + 1].astype(np.int64)
            values = self._file.array(f"{self.name}.values")
            data = values.slice(int(value_ends[0]), int(value_ends[-1]))
            lists.values = value_ends - value_ends[0], data
        return lists

    def many(self, terms: Ints) -> tuple[Ints, Array, Ints]:
        """The documents and counts of several terms, list after list, and where the lists begin and
        end."""
        sizes = self.sizes(terms)
        if len(terms) == 1:
            return self.documents(int(terms[0])), self.counts(int(terms[0])), ends_of(sizes)
        starts = self._gap_ends[terms].astype(np.int64)
        byte_sizes = self._gap_ends[terms + 1].astype(np.int64) - starts
        data = self._gaps.take(ranges(starts, byte_sizes))
        documents = gaps.decode_many(
            data, ends_of(byte_sizes), self._flags[terms] & np.uint8(3), sizes
        )
        places = ranges(self.posting_ends[terms].astype(np.int64), sizes)
        return documents, self._counts_at(places), ends_of(sizes)

    def counts_at(self, term: int, postings: Ints) -> Array:
        """The counts of these postings of a term."""
        return self._counts_at(postings + self._posting_ends[term])

    def _counts_at(self, places: Ints) -> Array:
        counts: Array = (
            self._counts.take(places >> 1) >> ((places & 1) << 2).astype(np.uint8)
        ) & np.uint8(15)
        large, exact = self._large
        if len(large) and len(hits := np.flatnonzero(counts == LARGE)):
            counts = counts.astype(np.int64)
            counts[hits] = exact[below(large, places[hits]) - 1]
        return counts

    def shares(self, terms: Ints) -> Bools:
        """For each of these terms whether it may share a position with another one that is not
        marked."""
        shares: Bools = self._flags[terms] & 4 != 0
        return shares

    def positions(self, term: int, documents: Ints) -> tuple[Ints, Ints]:
        """The places in `documents` (ascending) of those that hold the term, repeated for each of
        its positions there, and these positions."""
        at = self.postings_of(term, documents)
        places = np.flatnonzero(at >= 0)
        if not len(places):
            return NO_INTS, NO_INTS
        chosen = at[places]
        counts, found = self._positions(term, chosen)
        return np.repeat(places, counts), self._apart(found, documents[places], counts)

    def positions_of(self, terms: Ints, documents: Ints) -> list[tuple[Ints, Ints]]:
        """As `positions`, for each of several terms; short lists are read together."""
        found = [(NO_INTS, NO_INTS)] * len(terms)
        short = np.flatnonzero(self.sizes(terms) <= _TOGETHER)
        if len(short):
            for number, one in zip(
                short.tolist(), self._positions_together(terms[short], documents), strict=True
            ):
                found[number] = one
        for number in np.flatnonzero(self.sizes(terms) > _TOGETHER).tolist():
            found[number] = self.positions(int(terms[number]), documents)
        return found

    def _positions_together(self, terms: Ints, documents: Ints) -> list[tuple[Ints, Ints]]:
        held, counts, ends = self.many(terms)
        counts = counts.astype(np.int64)
        places = places_in(documents, held)
        chosen = np.flatnonzero(places >= 0)
        starts = self._place_ends[terms].astype(np.int64)
        stored = self._file.array(f"{self.name}.positions")
        data = stored.take(ranges(starts, self._place_ends[terms + 1].astype(np.int64) - starts))
        tokens, counts = ends_of(counts)[chosen], counts[chosen]
        after = np.append(-1, data.nonzero()[0]) + 1
        first, last = after[tokens], after[tokens + counts]
        positions = gaps.decode_bytes(data[ranges(first, last - first)], counts)
        positions = self._apart(positions, held[chosen], counts)
        bounds = ends_of(counts)[np.searchsorted(chosen, ends)].tolist()
        repeated = np.repeat(places[chosen], counts)
        return [(repeated[start:end], positions[start:end]) for start, end in pairwise(bounds)]

    def _apart(self, positions: Ints, documents: Ints, counts: Ints) -> Ints:
        return (
            self.zones.apart(positions, np.repeat(documents, counts))
            if self.zones is not None
            else positions
        )

    def _positions(self, term: int, postings: Ints) -> tuple[Ints, Ints]:
        """For these postings of a term (ascending) their counts and their positions as stored."""
        start, end = int(self._place_ends[term]), int(self._place_ends[term + 1])
        stored = self._file.array(f"{self.name}.positions")
        size = self.size(term)
        number = self._long_number(term)
        if number < 0 or len(postings) * PLACES > size:
            counts = self.counts(term).astype(np.int64)
            tokens, data = ends_of(counts)[postings], stored.slice(start, end)
            counts = counts[postings]
        else:
            # Only the blocks with postings that are asked for are read.
            edges = self._blocks[2][number], self._blocks[2][number + 1]
            places = self._file.array(f"{self.name}.block_places").slice(*edges)
            blocks, place = _distinct_places(postings // PLACES)
            bounds = np.append(places, end - start).astype(np.int64)
            data = _blocks_bytes(stored, start, bounds, blocks)
            sizes = np.minimum(PLACES, size - blocks * PLACES)
            around = self._counts_at(
                self._posting_ends[term] + ranges(blocks * PLACES, sizes)
            ).astype(np.int64)
            inside = postings - (blocks * PLACES - ends_of(sizes)[:-1])[place]
            tokens, counts = ends_of(around)[inside], around[inside]
        # An entry that is not 0 ends a position: so the bytes of a posting are found without
        # reading the others.
        after = np.append(-1, data.nonzero()[0]) + 1
        first, last = after[tokens], after[tokens + counts]
        return counts, gaps.decode_bytes(data[ranges(first, last - first)], counts)

    def entries(self, number: int) -> int:
        """How many terms there are below this one, and postings and positions (or bytes of values)
        of these, about."""
        found = number + self._posting_ends[number]
        if self.has("positions"):
            found += int(self._place_ends[number])
        if self.has("values"):
            found += int(self._read("value_ends")[self._posting_ends[number]])
        return found

    def position_pieces(self, term: int, size: int) -> Iterator[tuple[Ints, Array, Ints]]:
        """Documents, counts and positions of some postings of a term after the other: of so many
        that they have about `size` positions, but at least of PLACES."""
        start, end = int(self._place_ends[term]), int(self._place_ends[term + 1])
        documents, counts, number = (
            self.documents(term),
            self.counts(term).astype(np.int64),
            self._long_number(term),
        )
        bounds = np.array([0, end - start])
        step = len(documents)
        if number >= 0:
            edges = self._blocks[2][number], self._blocks[2][number + 1]
            places = self._file.array(f"{self.name}.block_places").slice(*edges)
            step = max(size * len(documents) // max(end - start, 1) // PLACES, 1) * PLACES
            bounds = np.append(places[:: step // PLACES].astype(np.int64), end - start)
        stored = self._file.array(f"{self.name}.positions")
        for first, (begin, stop) in zip(
            range(0, len(documents), step), pairwise(bounds.tolist()), strict=True
        ):
            held, times = documents[first : first + step], counts[first : first + step]
            positions = gaps.decode_bytes(stored.slice(start + begin, start + stop), times)
            yield held, times, self._apart(positions, held, times)

    def postings_of(self, term: int, documents: Ints) -> Ints:
        """For each of these documents (ascending) its place among the term's postings, or -1."""
        number = self._long_number(term) if len(documents) else -1
        if number < 0 or len(documents) * _SPARSE > self.size(term) // BLOCK:
            return places_in(self.documents(term), documents)
        edges = self._blocks[1][number], self._blocks[1][number + 1]
        firsts = self._file.array(f"{self.name}.block_firsts").slice(*edges)
        starts = self._file.array(f"{self.name}.block_gaps").slice(*edges)
        blocks = distinct(below(firsts, documents) - 1)
        start, end = self._gap_view[term], self._gap_view[term + 1]
        bounds = np.append(starts, end - start).astype(np.int64)
        data = _blocks_bytes(self._gaps, start, bounds, blocks)
        sizes = np.minimum(BLOCK, self.size(term) - blocks * BLOCK)
        found = gaps.decode_blocks(
            data, self._flag_view[term] & 3, sizes, firsts[blocks].astype(np.int64)
        )
        at = places_in(found, documents)
        places = blocks[at // BLOCK] * BLOCK + at % BLOCK
        places[at < 0] = -1
        return places

    def _long_number(self, term: int) -> int:
        """The number of a term among those that have blocks, or -1."""
        long = self._blocks[0]
        at = int(below(long, term)) - 1
        return at if at >= 0 and long[at] == term else -1

    def weights(self, term: int) -> Floats:
        """The weights of a term's postings as Whoosh counts them."""
        if self.has("weights"):
            stored = self._file.array(f"{self.name}.weights")
            weights: Floats = stored.slice(
                int(self.posting_ends[term]), int(self.posting_ends[term + 1])
            ).astype(float)
            return weights
        return self.counts(term).astype(np.float64)

    def position_list(self, term: int, posting: int) -> list[int]:
        """The positions of one posting of a term."""
        _, found = self._positions(term, np.array([posting]))
        documents = self.documents(term)[posting : posting + 1]
        positions: list[int] = self._apart(found, documents, np.array([len(found)])).tolist()
        return positions

    def value(self, term: int, posting: int) -> bytes:
        """The value of one posting of a term, where the format is not known here."""
        at = int(self.posting_ends[term]) + posting
        first, last = self._read("value_ends")[at : at + 2].tolist()
        return bytes(self._file.array(f"{self.name}.values").slice(first, last))

    def block_peaks(self, term: int) -> Bytes | None:
        """As `peaks`, for each block of the term's postings; None for a list without blocks."""
        number = self._long_number(term)
        if number < 0:
            return None
        edges = self._blocks[1][number], self._blocks[1][number + 1]
        found: Bytes = self._file.array(f"{self.name}.block_peaks").slice(*edges)
        return found


def _distinct_places(values: Ints) -> tuple[Ints, Ints]:
    """The different ones of ascending values, and for each value which of them it is."""
    found = distinct(values)
    place = np.zeros(len(values), np.int64)
    np.cumsum(values[1:] != values[:-1], out=place[1:])
    return found, place


def _blocks_bytes(stored: Stored, start: int, bounds: Ints, blocks: Ints) -> Bytes:
    """The bytes of some blocks of a list that begins at `start`; bounds: where its blocks begin and
    end in it."""
    first, last = bounds[blocks] + start, bounds[blocks + 1] + start
    if len(blocks) > _MANY_BLOCKS:
        taken: Bytes = stored.take(ranges(first, last - first))
        return taken
    return np.concatenate(
        [stored.slice(*edges) for edges in zip(first.tolist(), last.tolist(), strict=True)]
    )
