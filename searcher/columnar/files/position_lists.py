"""The positions of one field's terms, read from a segment file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from searcher.columnar.arrays import (
    NO_INTS,
    Array,
    Bools,
    Ints,
    distinct,
    ends_of,
    places_in,
    ranges,
)
from searcher.columnar.files import gaps
from searcher.columnar.files.ends import Ends
from searcher.columnar.files.lists import PLACES, Zones
from searcher.columnar.files.posting_lists import (
    SHARES_BIT,
    PostingLists,
    blocks_bytes,
)
from searcher.columnar.files.segment_file import SegmentFile

_TOGETHER = 4096
"""Number of postings. Lists with at most this many are read whole and together if the positions of
several terms are needed."""


class PositionLists:
    """Terms and postings are numbered as in PostingLists; so are documents, which are ascending.

    Safe in threads. All methods raise FileDamaged.
    """

    def __init__(self, file: SegmentFile, name: str, lists: PostingLists, split: int) -> None:
        """name: of the field's arrays in the file.
        lists: the documents and counts of the same field.
        split: the position at which the second zone of texts begins; 0 if they have one zone.
        """
        self._file = file
        self._name = name
        self._lists = lists
        self._split = split
        self._stored = file.array(f"{name}.positions")

    def _whole(self, array: str) -> Array:
        """Return an array of the field by its name."""
        return self._file.array(f"{self._name}.{array}").whole()

    @cached_property
    def place_ends(self) -> Ends:
        """The ends of the terms' lists, in bytes."""
        return Ends(self._file, f"{self._name}.place_ends")

    @cached_property
    def _block_ends(self) -> memoryview:
        """The ends of the lists of blocks of PLACES postings, of each term that has blocks."""
        return self._whole("place_blocks").data

    @cached_property
    def zones(self) -> Zones | None:
        """The zones of the documents' texts; None if they have one zone."""
        return Zones(self._split, self._whole("zones")) if self._split else None

    def bytes_before(self, term: int) -> int:
        """Return the number of bytes of the positions of all terms before this one: about the
        number of positions."""
        return self.place_ends[term]

    def shares(self, terms: Ints) -> Bools:
        """Return whether each term may share a position with a term that is not marked."""
        shares: Bools = self._lists.flags[terms] & SHARES_BIT != 0
        return shares

    def of_term(self, term: int, documents: Ints) -> tuple[Ints, Ints]:
        """Return the positions of a term in some documents.

        The first array has for each position the place of its document in `documents`, the second
        one the position.
        """
        at = self._lists.places_of(term, documents)
        places = np.flatnonzero(at >= 0)
        if not len(places):
            return NO_INTS, NO_INTS
        counts, found = self._of_postings(term, at[places])
        return np.repeat(places, counts), self._apart(found, documents[places], counts)

    def of_terms(self, terms: Ints, documents: Ints) -> list[tuple[Ints, Ints]]:
        """Return for each term what `of_term` returns. Short lists are read together."""
        found = [(NO_INTS, NO_INTS)] * len(terms)
        short = np.flatnonzero(self._lists.sizes(terms) <= _TOGETHER)
        if len(short):
            together = self._together(terms[short], documents)
            for number, one in zip(short.tolist(), together, strict=True):
                found[number] = one
        for number in np.flatnonzero(self._lists.sizes(terms) > _TOGETHER).tolist():
            found[number] = self.of_term(int(terms[number]), documents)
        return found

    def _together(self, terms: Ints, documents: Ints) -> list[tuple[Ints, Ints]]:
        """Return as `of_terms`, reading the whole lists of all terms at once."""
        held, counts, ends = self._lists.many(terms)
        counts = counts.astype(np.int64)
        places = places_in(documents, held)
        chosen = np.flatnonzero(places >= 0)
        starts = self.place_ends[terms]
        sizes = self.place_ends[terms + 1] - starts
        data = self._stored.take(ranges(starts, sizes))
        tokens, counts = ends_of(counts)[chosen], counts[chosen]
        positions = self._apart(_decoded(data, tokens, counts), held[chosen], counts)
        bounds = ends_of(counts)[np.searchsorted(chosen, ends)].tolist()
        repeated = np.repeat(places[chosen], counts)
        return [(repeated[start:end], positions[start:end]) for start, end in pairwise(bounds)]

    def of_posting(self, term: int, posting: int) -> list[int]:
        """Return the positions of one posting of a term."""
        _, found = self._of_postings(term, np.array([posting]))
        documents = self._lists.documents(term)[posting : posting + 1]
        positions: list[int] = self._apart(found, documents, np.array([len(found)])).tolist()
        return positions

    def of_range(self, start: int, end: int, documents: Ints, counts: Ints) -> Ints:
        """Return all positions of the terms numbered [start, end), whose postings have these
        documents and counts."""
        stored = self._stored.slice(self.place_ends[start], self.place_ends[end])
        return self._apart(gaps.decode_bytes(stored, counts), documents, counts)

    def batches(self, term: int, size: int) -> Iterator[tuple[Ints, Array, Ints]]:
        """Yield the documents, counts and positions of a term's postings in batches of about `size`
        positions, but at least PLACES postings."""
        start, end = self.place_ends.of(term)
        documents = self._lists.documents(term)
        counts = self._lists.counts(term).astype(np.int64)
        bounds, step = np.array([0, end - start]), len(documents)
        places = self._block_places(term)
        if places is not None:
            step = max(size * len(documents) // max(end - start, 1) // PLACES, 1) * PLACES
            bounds = np.append(places[:: step // PLACES].astype(np.int64), end - start)
        for first, (begin, stop) in zip(
            range(0, len(documents), step), pairwise(bounds.tolist()), strict=True
        ):
            held, times = documents[first : first + step], counts[first : first + step]
            positions = gaps.decode_bytes(self._stored.slice(start + begin, start + stop), times)
            yield held, times, self._apart(positions, held, times)

    def _block_places(self, term: int) -> Array | None:
        """Return the start of each block of PLACES postings of a term, in bytes from the term's
        first; None if it has no blocks."""
        number = self._lists.long_number(term)
        if number < 0:
            return None
        edges = self._block_ends[number], self._block_ends[number + 1]
        return self._file.array(f"{self._name}.block_places").slice(*edges)

    def _of_postings(self, term: int, postings: Ints) -> tuple[Ints, Ints]:
        """Return the counts of some postings of a term (ascending), and their positions as they are
        stored."""
        start, end = self.place_ends.of(term)
        size = self._lists.size(term)
        places = self._block_places(term)
        if places is None or len(postings) * PLACES > size:
            counts = self._lists.counts(term).astype(np.int64)
            tokens, data = ends_of(counts)[postings], self._stored.slice(start, end)
            counts = counts[postings]
        else:
            # Only the blocks with postings that are asked for are read.
            blocks, place = _distinct_places(postings // PLACES)
            bounds = np.append(places, end - start).astype(np.int64)
            data = blocks_bytes(self._stored, start, bounds, blocks)
            sizes = np.minimum(PLACES, size - blocks * PLACES)
            around = self._lists.counts_at(term, ranges(blocks * PLACES, sizes)).astype(np.int64)
            inside = postings - (blocks * PLACES - ends_of(sizes)[:-1])[place]
            tokens, counts = ends_of(around)[inside], around[inside]
        return counts, _decoded(data, tokens, counts)

    def _apart(self, positions: Ints, documents: Ints, counts: Ints) -> Ints:
        """Return the positions in texts of positions as they are stored. documents, counts: one
        each a posting."""
        if self.zones is None:
            return positions
        return self.zones.apart(positions, np.repeat(documents, counts))


def _decoded(data: Array, tokens: Ints, counts: Ints) -> Ints:
    """Return the positions of some postings.

    data: the bytes of these postings and of others.
    tokens: the number of positions in `data` before each of the postings.
    counts: the number of positions of each.
    """
    # An entry that is not 0 ends a position: so the bytes of a posting are found without reading
    # the others.
    after = np.append(-1, data.nonzero()[0]) + 1
    first, last = after[tokens], after[tokens + counts]
    return gaps.decode_bytes(data[ranges(first, last - first)], counts)


def _distinct_places(values: Ints) -> tuple[Ints, Ints]:
    """Return the distinct ones of ascending values, and for each value its place among these."""
    found = distinct(values)
    place = np.zeros(len(values), np.int64)
    np.cumsum(values[1:] != values[:-1], out=place[1:])
    return found, place
