"""The lists of terms in all segments of an index, cached for a generation.

A query looks each of its terms up in every segment, and compiled kernels need to know where its
lists are mapped. Both are found once and kept, so that later queries pay for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from searcher import kernels
from searcher.columnar.arrays import Bytes, Ints
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.searching.conditions import AnyTerm
from searcher.columnar.searching.term_tables import TermTables

LIST_BYTES = 350
"""Memory of a list of a set, about."""
_MOST_LISTS = 60_000
"""Maximum number of lists in the cache of sets of terms. A full cache is emptied. They take at most
21 MB."""


class TermList(NamedTuple):
    """The postings of a term in one segment. Safe in threads."""

    part: Part
    """The segment."""
    postings: FieldPostings
    """The field of the term."""
    number: int
    """The number of the term in the field."""
    size: int
    """The number of postings, deleted documents included."""


class SetLists:
    """The lists of a set of terms in all segments, in the order of the segments. Safe in threads.
    Methods raise FileDamaged."""

    __slots__ = (
        "_asked", "_held", "_live_size", "_placed", "_rows", "_tables", "are_apart", "count",
        "peaks", "size",
    )  # fmt: skip

    def __init__(self, tables: TermTables, terms: Sequence[bytes]) -> None:
        self._tables = tables
        self._asked = terms
        self._held = tables.find(terms)
        self.count = len(self._held)
        """The number of lists."""
        self.size = int(self._held[:, 3].sum())
        """The number of postings, deleted documents included."""
        segments = self._held[:, 0]
        self.are_apart = bool((segments[1:] != segments[:-1]).all())
        """Whether each segment has at most one of the lists."""
        self.peaks: dict[float, float] = {}
        """Upper bounds of the saturation of all postings, by BM25's b, as far as computed."""
        self._live_size: int | None = None
        self._rows: tuple[Ints, Ints, Bytes] | None = None
        self._placed = False

    @property
    def terms(self) -> list[bytes]:
        """The term of each list."""
        return [self._asked[asked] for asked in self._held[:, 1].tolist()]

    @property
    def lists(self) -> list[TermList]:
        """The lists."""
        segments = self._tables.segments
        return [
            TermList(part, postings, number, size)
            for segment, _, number, size in self._held.tolist()
            for part, postings in (segments[segment],)
        ]

    def rows(self) -> Ints:
        """Return the rows of the lists for kernels (see `kernels.stored`), whose positions may not
        be read."""
        return self._made()[0]

    def placed_rows(self) -> Ints:
        """Return the rows of the lists with their positions, which the field has."""
        rows, ranges, bits = self._made()
        if not self._placed:
            unplaced = (bits & kernels.rows.UNPLACED).nonzero()[0]
            self._tables.verify(self._held, ranges, unplaced, placed=True)
            self._placed = True
        return rows

    def _made(self) -> tuple[Ints, Ints, Bytes]:
        if self._rows is None:
            made = self._tables.rows(self._held)
            unverified = (made[2] & kernels.rows.UNVERIFIED).nonzero()[0]
            self._tables.verify(self._held, made[1], unverified, placed=False)
            self._rows = made
        return self._rows

    def shares(self) -> bool:
        """Return whether one of the terms may share a position with another one. The kernels are
        loaded."""
        return bool((self._made()[2] & kernels.rows.SHARES).any())

    def live_size(self) -> int:
        """Return the number of live postings, by a compiled kernel."""
        if self._live_size is None:
            deleted = any(part.live is not None for part, _ in self._tables.segments)
            self._live_size = kernels.postings.live_size(self.rows()) if deleted else self.size
        return self._live_size


class TermLists:
    """The lists of terms in all segments. Safe in threads."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._tables: dict[str, TermTables] = {}
        self._sets: dict[tuple[str, AnyTerm], SetLists] = {}
        self._lists = 0

    def of_any(self, field: str, terms: AnyTerm) -> SetLists:
        """Return the lists of some terms. Raises FileDamaged."""
        found = self._sets.get((field, terms))
        if found is None:
            found = SetLists(self._of_field(field), tuple(terms))
            if self._lists >= _MOST_LISTS:
                self._sets, self._lists = {}, 0
            self._lists += found.count + 1
            self._sets[field, terms] = found
        return found

    def _of_field(self, field: str) -> TermTables:
        found = self._tables.get(field)
        if found is None:
            held = [
                (part, postings)
                for part in self._parts
                if (postings := part.opened.fields.get(field)) is not None
            ]
            found = self._tables[field] = TermTables(held)
        return found
