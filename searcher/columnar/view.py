"""A generation of an index as the evaluator sees it: its segments one after the other, their
documents numbered through."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from searcher.columnar.arrays import Array, Bools, Floats, Ints
from searcher.columnar.postings import FieldPostings
from searcher.columnar.segment import ColumnarSegment, OpenSegment

_MOST_PAIRS = 20_000
"""So many pairs are remembered."""


class OtherCodec(Exception):
    """A segment was written by another codec; the next commit of a `ColumnarWriter` converts it."""


class Part(NamedTuple):
    """A segment: its file, the number of its first document, and which are live (None: all)."""

    opened: OpenSegment
    base: int
    live: Bools | None

    @property
    def end(self) -> int:
        return self.base + self.opened.count


class Spreads:
    """How many documents hold a pair of words, ordered and near, for pairs that were counted. Safe
    in threads."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Floats] = {}

    def get(self, pair: Hashable) -> Floats | None:
        return self._known.get(pair)

    def keep(self, pair: Hashable, counted: Floats) -> None:
        if len(self._known) >= _MOST_PAIRS:
            self._known = {}
        self._known[pair] = counted


class View:
    """What all queries on one generation share. Safe in threads.

    field: the field whose lengths count for the score.
    """

    def __init__(self, reader: Any, field: str) -> None:
        """reader: Whoosh's. Raises OtherCodec unless all of its segments are of our codec."""
        self._field = field
        self._schema = reader.schema
        self.parts: list[Part] = []
        for leaf, base in reader.leaf_readers():
            if leaf.doc_count_all():
                segment = leaf.segment()
                if not isinstance(segment, ColumnarSegment):
                    raise OtherCodec(
                        f"segment {segment.segment_id()} is of another codec; a commit converts it"
                    )
                self.parts.append(Part(leaf._perdoc.opened, base, segment.live))
        self.count = self.parts[-1].end if self.parts else 0
        self._scratch = threading.local()
        self.spreads = Spreads()
        self._newest: dict[str, int] = {}

    @cached_property
    def live(self) -> Bools | None:
        """Which documents are live; None if all are."""
        if all(part.live is None for part in self.parts):
            return None
        live = np.ones(self.count, np.bool_)
        for part in self.parts:
            if part.live is not None:
                live[part.base : part.end] = part.live
        return live

    @cached_property
    def live_count(self) -> int:
        return sum(
            part.opened.count if part.live is None else int(part.live.sum()) for part in self.parts
        )

    @cached_property
    def lengths(self) -> Array:
        """The lengths of all documents, in the smallest type that holds them."""
        held = [part.opened.lengths(self._field) for part in self.parts]
        parts = [
            stored.whole() if stored else np.zeros(part.opened.count, np.uint8)
            for stored, part in zip(held, self.parts, strict=True)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.uint8)

    def has_bounds(self, part: Part, postings: FieldPostings) -> bool:
        """Return whether the bounds of these postings are bounds of the scores of this view: they
        were made with today's constants, and with lengths equal to those that count here."""
        return postings.has_current_bounds and (
            postings.field == self._field or part.opened.same_lengths(postings.field, self._field)
        )

    @cached_property
    def average_length(self) -> float:
        """The mean length of live documents."""
        total = sum(part.opened.length_sums.get(self._field, 0) for part in self.parts)
        for part in self.parts:
            if part.live is not None:
                total -= int(self.lengths[part.base : part.end][~part.live].sum(dtype=np.int64))
        return total / self.live_count if self.live_count else 0.0

    def column(self, part: Part, name: str) -> Any:
        """The reader of a column of ours in a segment."""
        return part.opened.column_reader(name, self._schema[name].column_type)

    def split(self, documents: Ints) -> Iterator[tuple[Part, slice]]:
        """The segments that hold some of `documents` (ascending), and which of them they hold."""
        edges = np.searchsorted(
            documents, [part.base for part in self.parts] + [self.count]
        ).tolist()
        for part, start, end in zip(self.parts, edges, edges[1:], strict=False):
            if start < end:
                yield part, slice(start, end)

    def numbers(self, name: str, documents: Ints) -> tuple[Ints, Bools]:
        """The values of an IntColumn for some documents, ascending, and whether each has one."""
        values = np.zeros(len(documents), np.int64)
        given = np.zeros(len(documents), np.bool_)
        for part, chosen in self.split(documents):
            values[chosen], given[chosen] = self.column(part, name).take(
                documents[chosen] - part.base
            )
        return values, given

    def newest(self, name: str) -> int:
        """The greatest value of an IntColumn among live documents, or 0 if none has one."""
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
        """The stored fields of a document. Raises FileDamaged."""
        part = next(part for part in self.parts if document < part.end)
        return part.opened.stored.fields(document - part.base)

    def scratch(self, kind: Any) -> Array:
        """Zeros, one for each document, of this thread's own; to be given back as zeros."""
        kinds: dict[Any, Array] = self._scratch.__dict__
        found = kinds.get(kind.__name__)
        if found is None:
            found = kinds[kind.__name__] = np.zeros(self.count, kind)
        return found
