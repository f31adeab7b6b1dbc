"""The inverted lists of one field, read from a segment file."""

from __future__ import annotations

from typing import Any

import numpy as np

from searcher.columnar.arrays import Bytes
from searcher.columnar.files.bounds import ScoreBounds
from searcher.columnar.files.dictionary import Dictionary
from searcher.columnar.files.lists import Lists
from searcher.columnar.files.position_lists import PositionLists
from searcher.columnar.files.posting_lists import SHARES_BIT, PostingLists
from searcher.columnar.files.segment_file import SegmentFile, VerifiedArray


class FieldPostings:
    """One field of a segment: its parts. Safe in threads. Methods raise FileDamaged."""

    def __init__(self, file: SegmentFile, name: str, meta: dict[str, Any]) -> None:
        """name: of the field's arrays in the file, such as "postings.text".
        meta: the field's entry in the directory of the file.
        """
        self._file = file
        self._name = name
        self.field = name.partition(".")[2]
        """The field's name in the schema."""
        self.term_count = int(meta["terms"])
        """Number of terms."""
        self.dictionary = Dictionary(file, name, self.term_count)
        """The terms."""
        self.lists = PostingLists(file, name)
        """Documents and counts by term."""
        self.bounds = ScoreBounds(file, name, meta)
        """Bounds of scores by term."""
        self.positions = (
            PositionLists(file, name, self.lists, int(meta["split"]))
            if self.has("positions")
            else None
        )
        """Positions by term; None if the field has none."""

    def has(self, array: str) -> bool:
        """Return whether the field has an array, such as "weights"."""
        return f"{self._name}.{array}" in self._file

    def array(self, array: str) -> VerifiedArray:
        """Return an array of the field by its name."""
        return self._file.array(f"{self._name}.{array}")

    def block_peaks(self, term: int) -> Bytes | None:
        """Return the peak of each block of a term's postings (uint8); None if it has no blocks."""
        edges = self.lists.blocks(term)
        return self.bounds.block_peaks(*edges) if edges is not None else None

    def range_lists(self, start: int, end: int, positions: bool = True) -> Lists:
        """Return the whole lists of the terms numbered [start, end).

        positions: whether to read the positions, if the field has any.
        """
        documents, counts, ends = self.lists.of_range(start, end)
        lists = Lists(self.dictionary.terms(start, end), ends, documents, counts)
        first, last = self.lists.start(start), self.lists.start(end)
        if positions and self.positions is not None:
            lists.positions = self.positions.of_range(start, end, documents, counts)
            lists.shares = self.lists.flags[start:end] & SHARES_BIT != 0
        if self.has("weights"):
            lists.weights = self.array("weights").slice(first, last)
        if self.has("values"):
            value_ends = self.array("value_ends").whole()[first : last + 1].astype(np.int64)
            data = self.array("values").slice(int(value_ends[0]), int(value_ends[-1]))
            lists.values = value_ends - value_ends[0], data
        return lists

    def entries_before(self, term: int) -> int:
        """Return the approximate number of terms, postings and positions (or bytes of values)
        before this term. It measures the memory for reading them."""
        start = self.lists.start(term)
        found = term + start
        if self.positions is not None:
            found += self.positions.bytes_before(term)
        if self.has("values"):
            found += int(self.array("value_ends").whole()[start])
        return found
