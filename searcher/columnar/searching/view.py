"""A generation of an index: its segments in order, with documents numbered through all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.columnar.arrays import Array, Bools, Floats, Ints
from searcher.columnar.columns import Values
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import VerifiedArray
from searcher.columnar.late_columns import late_columns
from searcher.columnar.searching.accumulator import Accumulators
from searcher.columnar.searching.known_leaves import KnownLeaves
from searcher.columnar.searching.term_lists import TermLists
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.whoosh_private import documents_reader

_MOST_CODES = 1 << 16
"""Maximum number of values of a column that are counted by code: those of 16 bits."""
_MOST_PAIRS = 20_000
"""Maximum number of word pairs in the cache of frequencies. A full cache is emptied."""


class OtherCodec(Exception):
    """A segment was written by another codec. The next commit of a `ColumnarWriter` converts it."""


class PairFrequencies:
    """The cached document frequencies of word pairs: two numbers each, of the ordered and of the
    near pair. Safe in threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Floats] = {}

    def get(self, pair: Hashable) -> Floats | None:
        """Return the two frequencies, or None if they were not counted."""
        return self._known.get(pair)

    def keep(self, pair: Hashable, counted: Floats) -> None:
        """Remember the two frequencies."""
        if len(self._known) >= _MOST_PAIRS:
            self._known = {}
        self._known[pair] = counted


class View:
    """The values that all searches on one generation share. Safe in threads."""

    def __init__(self, reader: Any, field: str) -> None:
        """reader: Whoosh's reader of the generation.
        field: the field whose lengths count for the score.

        Raises OSError, FileDamaged, and OtherCodec unless all segments are of our codec.
        """
        self._field = field
        self._schema = reader.schema
        self.parts: list[Part] = []
        self.late_columns: list[dict[str, VerifiedArray]] = []
        """The late columns of each part."""
        for leaf, base in reader.leaf_readers():
            if leaf.doc_count_all():
                segment = leaf.segment()
                if not isinstance(segment, ColumnarSegment):
                    raise OtherCodec(
                        f"segment {segment.segment_id()} is of another codec; a commit converts it"
                    )
                documents = documents_reader(leaf)
                self.parts.append(Part(documents.opened, base, segment.live))
                self.late_columns.append(late_columns(documents.storage, segment))
        self.count = self.parts[-1].end if self.parts else 0
        self.accumulators = Accumulators(self.count)
        self.pair_frequencies = PairFrequencies()
        self.term_lists = TermLists(self.parts)
        self.known_leaves = KnownLeaves()
        self._newest: dict[str, int] = {}
        self.derived: dict[Hashable, Any] = {}
        """Values that other modules compute from this generation and keep for it."""
        self._codes: dict[Values, tuple[NDArray[np.uint16], list[str]] | None] = {}

    @cached_property
    def live(self) -> Bools | None:
        """Whether each document is live; None if all are."""
        if all(part.live is None for part in self.parts):
            return None
        live = np.ones(self.count, np.bool_)
        for part in self.parts:
            if part.live is not None:
                live[part.base : part.end] = part.live
        return live

    @cached_property
    def edges(self) -> Ints:
        """The first document of each segment, and the one behind the last."""
        return np.array([*(part.base for part in self.parts), self.count], np.int64)

    @cached_property
    def live_count(self) -> int:
        """Number of live documents."""
        return sum(
            part.opened.count if part.live is None else int(part.live.sum()) for part in self.parts
        )

    @cached_property
    def lengths(self) -> NDArray[np.uint32]:
        """The length of each document in words."""
        held = [part.opened.lengths(self._field) for part in self.parts]
        parts = [
            stored.whole() if stored else np.zeros(part.opened.count, np.uint8)
            for stored, part in zip(held, self.parts, strict=True)
        ]
        return np.concatenate([np.empty(0, np.uint32), *parts], dtype=np.uint32)

    def codes(self, values: Values) -> tuple[NDArray[np.uint16], list[str]] | None:
        """Return for each document the code of its value, and the values by code. The code 0 means
        no value. None if there are too many values."""
        if values not in self._codes:
            self._codes[values] = self._united_codes(values)
        return self._codes[values]

    def _united_codes(self, values: Values) -> tuple[NDArray[np.uint16], list[str]] | None:
        """Return as `codes`, from the codes of the segments."""
        united = {"": 0}
        found = np.zeros(self.count, np.uint16)
        for part in self.parts:
            codes, names = self.column(part, values.column).codes(values.unit)
            for value in names:
                united.setdefault(value, len(united))
            if len(united) > _MOST_CODES:
                return None
            found[part.base : part.end] = np.array([united[value] for value in names])[codes]
        return found, list(united)

    def has_bounds(self, part: Part, postings: FieldPostings) -> bool:
        """Return whether the bounds of these postings are valid for the scores of this view: they
        were computed with the current constants and with the lengths of this view."""
        field = postings.field
        return postings.bounds.are_current and (
            field == self._field or part.opened.same_lengths(field, self._field)
        )

    @cached_property
    def average_length(self) -> float:
        """The mean length of live documents, in words."""
        total = sum(part.opened.length_sums.get(self._field, 0) for part in self.parts)
        for part in self.parts:
            if part.live is not None:
                total -= int(self.lengths[part.base : part.end][~part.live].sum(dtype=np.int64))
        return total / self.live_count if self.live_count else 0.0

    def column(self, part: Part, name: str) -> Any:
        """Return the reader of a column of ours in a segment."""
        return part.opened.column_reader(name, self._schema[name].column_type)

    def keys(self, field: str, documents: Sequence[int]) -> list[bytes]:
        """Return the term of each document in a field in which every document has one of its own.
        Raises FileDamaged."""
        bases = [part.base for part in self.parts]
        found = []
        for document in documents:
            part = self.parts[bisect_right(bases, document) - 1]
            rank = int(part.opened.ranks(field)[document - part.base])
            found.append(part.opened.fields[field].dictionary.term(rank))
        return found

    def late(self, name: str) -> Array:
        """Return the value of each document in a late column (unsigned), 0 where none was written.
        Raises FileDamaged."""
        parts = [
            late[name].whole() if name in late else np.zeros(part.opened.count, np.uint8)
            for part, late in zip(self.parts, self.late_columns, strict=True)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.uint8)

    def split(self, documents: Ints) -> Iterator[tuple[Part, slice]]:
        """Yield the segments that hold some of the documents, each with the slice of `documents`
        that it holds. documents: ascending numbers in the index."""
        edges = np.searchsorted(
            documents, [part.base for part in self.parts] + [self.count]
        ).tolist()
        for part, start, end in zip(self.parts, edges, edges[1:], strict=False):
            if start < end:
                yield part, slice(start, end)

    def numbers(self, name: str, documents: Ints) -> tuple[Ints, Bools]:
        """Return the column's value for each document, and a mask of documents that have one.

        name: name of an IntColumn.
        documents: ascending numbers in the index.
        """
        values = np.zeros(len(documents), np.int64)
        given = np.zeros(len(documents), np.bool_)
        for part, chosen in self.split(documents):
            values[chosen], given[chosen] = self.column(part, name).take(
                documents[chosen] - part.base
            )
        return values, given

    def newest(self, name: str) -> int:
        """Return the greatest value of an IntColumn among live documents, or 0 if there is none."""
        if name not in self._newest:
            found: list[int] = []
            for part in self.parts:
                live = (
                    np.arange(part.opened.count) if part.live is None else np.flatnonzero(part.live)
                )
                values, given = self.column(part, name).take(live)
                found.extend([int(values[given].max())] if given.any() else [])
            self._newest[name] = max(found, default=0)
        return self._newest[name]

    def stored(self, document: int) -> dict[str, Any]:
        """Return the stored fields of a document. Raises FileDamaged."""
        part = next(part for part in self.parts if document < part.end)
        return part.opened.stored.fields(document - part.base)
