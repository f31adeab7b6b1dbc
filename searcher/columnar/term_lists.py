"""The lists of terms in all segments of an index, cached for a generation.

A query looks each of its terms up in every segment, and compiled kernels need to know where its
lists are mapped. Both are found once and kept, so that later queries pay for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Ints
from searcher.columnar.conditions import AnyTerm
from searcher.columnar.open_segment import OpenSegment
from searcher.columnar.posting_lists import SHARES_BIT
from searcher.columnar.postings import FieldPostings

_MOST_TERMS = 20_000
"""Maximum number of terms in the cache. A full cache is emptied. With about 500 bytes for a list,
and three to eight segments, they take at most 80 MB."""
_MOST_SETS = 10_000
"""Maximum number of sets of terms in the cache. A full cache is emptied. A set takes 250 bytes and
up to 500 for a list."""


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
    """The postings of a term in one segment. Safe in threads. Methods raise FileDamaged."""

    __slots__ = ("_placed", "_row", "number", "part", "postings", "size")

    def __init__(self, part: Part, postings: FieldPostings, number: int) -> None:
        self.part = part
        """The segment."""
        self.postings = postings
        """The field of the term."""
        self.number = number
        """The number of the term in the field."""
        self.size = postings.lists.size(number)
        """The number of postings, deleted documents included."""
        self._row: Ints | None = None
        self._placed: Ints | None = None

    def row(self) -> Ints:
        """Return the row of the list for kernels (see `kernels.stored`), without positions."""
        if self._row is None:
            live = self.part.live.ctypes.data if self.part.live is not None else 0
            self._row = self.postings.lists.row(self.number, self.part.base, self.part.end, live)
        return self._row

    def placed_row(self) -> Ints:
        """Return the row of the list with its positions, which the field has."""
        if self._placed is None:
            assert self.postings.positions is not None
            self._placed = self.postings.positions.complete(self.row(), self.number)
        return self._placed

    def shares(self) -> bool:
        """Return whether the term may share a position with another one."""
        return bool(self.postings.lists.flags[self.number] & SHARES_BIT)


class SetLists:
    """The lists of a set of terms in all segments, in the order of the segments. Safe in threads.
    Methods raise FileDamaged."""

    __slots__ = ("_live_size", "_placed", "_rows", "are_apart", "lists", "peak", "size", "terms")

    def __init__(self, held: Sequence[tuple[bytes, TermList]]) -> None:
        """held: the lists with their terms."""
        self.terms = [term for term, _ in held]
        """The term of each list."""
        self.lists = [one for _, one in held]
        """The lists."""
        self.size = sum(one.size for one in self.lists)
        """The number of postings, deleted documents included."""
        self.are_apart = len({one.part.base for one in self.lists}) == len(self.lists)
        """Whether each segment has at most one of the lists."""
        self.peak: float | None = None
        """Upper bound of the saturation of all postings; None if it was not computed yet."""
        self._live_size: int | None = None
        self._rows: Ints | None = None
        self._placed: Ints | None = None

    def rows(self) -> Ints:
        """Return the rows of the lists for kernels (see `kernels.stored`), without positions."""
        if self._rows is None:
            self._rows = _joined([one.row() for one in self.lists])
        return self._rows

    def placed_rows(self) -> Ints:
        """Return the rows of the lists with their positions, which the field has."""
        if self._placed is None:
            self._placed = _joined([one.placed_row() for one in self.lists])
        return self._placed

    def live_size(self) -> int:
        """Return the number of live postings, by a compiled kernel."""
        if self._live_size is None:
            deleted = any(one.part.live is not None for one in self.lists)
            self._live_size = kernels.postings.live_size(self.rows()) if deleted else self.size
        return self._live_size


class TermLists:
    """The lists of terms in all segments. Safe in threads."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._known: dict[tuple[str, bytes], tuple[TermList, ...]] = {}
        self._sets: dict[tuple[str, AnyTerm], SetLists] = {}

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

    def of_any(self, field: str, terms: AnyTerm) -> SetLists:
        """Return the lists of some terms. Raises FileDamaged."""
        found = self._sets.get((field, terms))
        if found is None:
            held = [(term, one) for term in terms for one in self.of(field, term)]
            held.sort(key=lambda pair: pair[1].part.base)
            found = SetLists(held)
            if len(self._sets) >= _MOST_SETS:
                self._sets = {}
            self._sets[field, terms] = found
        return found


def _joined(rows: Sequence[Ints]) -> Ints:
    return np.concatenate(rows) if rows else NO_INTS
