"""The lists of terms in all segments of an index, cached for a generation.

A query looks each of its terms up in every segment, and compiled kernels need the stored bytes of
its lists. Both are found once and kept, so that later queries pay for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from searcher import kernels
from searcher.columnar.arrays import Bools, Floats, Ints
from searcher.columnar.conditions import AnyTerm
from searcher.columnar.open_segment import OpenSegment
from searcher.columnar.position_lists import PackedPositions, read_occurrences
from searcher.columnar.posting_lists import BlockStarts, PackedList
from searcher.columnar.postings import FieldPostings

_MOST_TERMS = 50_000
"""Maximum number of terms in the cache. A full cache is emptied. With about 600 bytes each they
take at most 30 MB."""


class Part(NamedTuple):
    """A segment in its place in the index."""

    opened: OpenSegment
    """Its file."""
    base: int
    """The number in the index of its first document."""
    live: Bools | None
    """Whether each of its documents is live; None if all are."""

    @property
    def end(self) -> int:
        """The number in the index after its last document."""
        return self.base + self.opened.count


class TermList:
    """The postings of a term in one segment. Documents are ascending numbers in the index. Safe in
    threads. Methods raise FileDamaged."""

    __slots__ = ("_packed", "_positions", "_starts", "number", "part", "postings", "size")

    def __init__(self, part: Part, postings: FieldPostings, number: int) -> None:
        self.part = part
        """The segment."""
        self.postings = postings
        """The field of the term."""
        self.number = number
        """The number of the term in the field."""
        self.size = postings.lists.size(number)
        """The number of postings, deleted documents included."""
        self._packed: PackedList | None = None
        self._starts: BlockStarts | None = None
        self._positions: PackedPositions | None = None

    def packed(self) -> PackedList:
        """Return the postings as they are stored."""
        if self._packed is None:
            self._packed = self.postings.lists.packed(self.number)
        return self._packed

    def _block_starts(self) -> BlockStarts:
        """Return where the blocks of the postings begin."""
        if self._starts is None:
            self._starts = self.postings.lists.block_starts(self.number)
        return self._starts

    def add_counts(self, documents: Ints, found: Floats) -> None:
        """Add to `found` the count of the term in each of these documents of the segment, by a
        compiled kernel."""
        kernels.postings.add_counts(
            *self.packed(), *self._block_starts(), documents, self.part.base, found
        )

    def occurrences(self, documents: Ints) -> Ints:
        """Return the occurrences (see `counting`) of the term in these documents of the segment, by
        a compiled kernel. The field has positions."""
        if self._positions is None:
            assert self.postings.positions is not None
            self._positions = self.postings.positions.packed(self.number)
        return read_occurrences(
            self.packed(), self._block_starts(), self._positions, documents, self.part.base
        )


class TermLists:
    """The lists of terms in all segments. Safe in threads."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._known: dict[tuple[str, bytes], tuple[TermList, ...]] = {}

    def of(self, field: str, term: bytes) -> tuple[TermList, ...]:
        """Return the lists of a term, in the order of the segments; none for those that lack it.
        Raises FileDamaged."""
        found = self._known.get((field, term))
        if found is None:
            found = tuple(
                TermList(part, postings, number)
                for part in self._parts
                if (postings := part.opened.fields.get(field)) is not None
                and (number := postings.dictionary.lookup(term)) >= 0
            )
            if len(self._known) >= _MOST_TERMS:
                self._known = {}
            self._known[field, term] = found
        return found

    def of_any(self, field: str, terms: AnyTerm) -> list[TermList]:
        """Return the lists of some terms, in the order of the segments. Raises FileDamaged."""
        found = [one for term in terms for one in self.of(field, term)]
        found.sort(key=_base)
        return found


def _base(one: TermList) -> int:
    return one.part.base
