"""Whoosh's matchers over our lists, for Whoosh's own queries.

They turn blocks of postings into Python lists. Methods whose names are Whoosh's are described in
`whoosh.matching`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.formats import Frequency
from whoosh.matching import LeafMatcher, ReadTooFar

from searcher.columnar.arrays import Floats
from searcher.columnar.files.lists import BLOCK
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import VerifiedArray


def weights_of(postings: FieldPostings, term: int) -> Floats:
    """Return the weight of each posting of a term, as Whoosh counts them. Raises FileDamaged."""
    if postings.has("weights"):
        start, end = postings.lists.start(term), postings.lists.start(term + 1)
        weights: Floats = postings.array("weights").slice(start, end).astype(np.float64)
        return weights
    return postings.lists.counts(term).astype(np.float64)


def _value_of(postings: FieldPostings, term: int, posting: int) -> bytes:
    """Return the value of one posting of a term, in the field's own format. Raises FileDamaged."""
    at = postings.lists.start(term) + posting
    first, last = postings.array("value_ends").whole()[at : at + 2].tolist()
    return bytes(postings.array("values").slice(first, last))


class ColumnarMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term, in order of documents."""

    def __init__(
        self,
        postings: FieldPostings,
        number: int,
        term: Any,
        field: Any,
        lengths: VerifiedArray | None,
        scorer: Any,
    ) -> None:
        """number: of the term.
        term: the field and the term, as Whoosh has them.
        field: Whoosh's format of the values.
        lengths: of all documents in the field, one each; None if it has none.
        scorer: Whoosh's, or None.
        """
        self._postings = postings
        self._number = number
        self._term = term
        self.format = field
        self._lengths = lengths
        self.scorer = scorer
        self._documents = postings.lists.documents(number)
        self._weights = weights_of(postings, number)
        self.reset()

    def copy(self) -> ColumnarMatcher:
        twin = ColumnarMatcher(
            self._postings, self._number, self._term, self.format, self._lengths, self.scorer
        )
        twin._go(self._start, self._at)
        return twin

    def reset(self) -> None:
        self._go(0)

    def _go(self, start: int, at: int = 0) -> None:
        self._start, self._at = start, at
        end = start + BLOCK
        self._ids: list[int] = self._documents[start:end].tolist()
        self._block_weights: list[float] = self._weights[start:end].tolist()

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def id(self) -> int:
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._documents[self._start + self._at :].tolist())

    def weight(self) -> float:
        return self._block_weights[self._at]

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        if self._at == len(self._ids):
            self._go(self._start + BLOCK)
            return True
        return False

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        if id <= self._ids[self._at]:
            return
        if id > self._ids[-1]:
            place = int(np.searchsorted(self._documents, id))
            self._go(
                place // BLOCK * BLOCK if place < len(self._documents) else len(self._documents)
            )
        self._at = bisect_left(self._ids, id, self._at)

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._go(self._start + BLOCK)
            skipped += 1
        return skipped

    def block_min_id(self) -> int:
        return self._ids[0]

    def block_max_id(self) -> int:
        return self._ids[-1]

    def block_max_weight(self) -> float:
        return max(self._block_weights, default=0.0)

    def _block_lengths(self) -> Any:
        return (
            self._lengths.take(self._documents[self._start : self._start + BLOCK])
            if self._lengths
            else None
        )

    def block_min_length(self) -> int:
        lengths = self._block_lengths()
        return int(lengths.min()) if lengths is not None and len(lengths) else 0

    def block_max_length(self) -> int:
        lengths = self._block_lengths()
        return int(lengths.max()) if lengths is not None and len(lengths) else 0

    def value(self) -> bytes:
        posting = self._start + self._at
        if self._postings.has("values"):
            return _value_of(self._postings, self._number, posting)
        positions = self._postings.positions
        if positions is not None:
            encoded = self.format.encode(positions.of_posting(self._number, posting))
            return encoded if isinstance(encoded, bytes) else bytes(encoded)
        if isinstance(self.format, Frequency):
            return int(self._postings.lists.counts(self._number)[posting]).to_bytes(4, "big")
        return b""

    def value_as(self, astype: str) -> Any:
        positions = self._postings.positions
        if astype == "positions" and positions is not None:
            return positions.of_posting(self._number, self._start + self._at)
        return super().value_as(astype)


class VectorMatcher(LeafMatcher):  # type: ignore[misc]
    """The vector of one document: its postings, whose ids are the terms."""

    def __init__(self, postings: FieldPostings, number: int, format_: Any) -> None:
        self.format = format_
        self.scorer = None
        self._term = None
        self._at = 0
        count = postings.lists.size(number)
        packed = [_value_of(postings, number, posting) for posting in range(count)]
        weights = weights_of(postings, number).tolist()
        self._items = [
            (*_unpacked(data), weight) for data, weight in zip(packed, weights, strict=True)
        ]

    def is_active(self) -> bool:
        return self._at < len(self._items)

    def id(self) -> Any:
        return self._items[self._at][0]

    def all_ids(self) -> Iterator[Any]:
        return (text for text, _, _ in self._items[self._at :])

    def weight(self) -> float:
        return float(self._items[self._at][2])

    def value(self) -> bytes:
        return self._items[self._at][1]

    def next(self) -> bool:
        self._at += 1
        return True

    def skip_to(self, id: Any) -> None:
        while self.is_active() and self._items[self._at][0] < id:
            self._at += 1

    def reset(self) -> None:
        self._at = 0


def _unpacked(data: bytes) -> tuple[Any, bytes]:
    """Return a term of a vector and its value, as `SegmentBuilder.add_vector` packs them."""
    head = int.from_bytes(data[:4], "little")
    term, value = data[4 : 4 + head // 2], data[4 + head // 2 :]
    return term.decode() if head & 1 else term, value
