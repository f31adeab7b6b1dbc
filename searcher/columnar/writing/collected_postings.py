"""Postings collected one by one, as Whoosh's field types give them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
from whoosh.fields import FieldType
from whoosh.formats import Existence

from searcher.columnar.arrays import Bools, Ints, distinct, ends_of
from searcher.columnar.fields import CODE_BYTES, Codes, has_counts, has_positions
from searcher.columnar.files.lists import Lists

_COUNT_BYTES = 4
"""Bytes of a value that is a count."""
POSTING_BYTES = 150
"""Bytes of memory that a posting takes, about, until its segment is written, the sort included. An
estimate: too small lets a writer take more memory than it may."""
_TERM_BYTES = 250
"""Bytes of memory that a distinct term takes, about, besides three times its own length. An
estimate, as POSTING_BYTES."""


_CODE_BYTES = 40
"""Bytes of memory that a posting of a Codes field takes, about, the sort included."""


class Rows:
    """The postings of one field, in any order. A later posting of the same term and document
    replaces the earlier one."""

    def __init__(self, field: FieldType) -> None:
        self._format = field.format
        self._kind = (
            "positions" if has_positions(field) else "counts" if has_counts(field) else "values"
        )
        self._numbers: dict[bytes, int] = {}
        self._terms = array("I")
        self._documents = array("I")
        self._weights = array("f")
        self._values: list[bytes] = []
        self.bytes = 0
        """Bytes of memory taken, about, including the sort."""

    def add(self, term: bytes, document: int, weight: float, value: bytes) -> None:
        """Add a posting. value: in the field's format."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._numbers)
            self.bytes += _TERM_BYTES + 3 * len(term)
        self._terms.append(number)
        self._documents.append(document)
        self._weights.append(weight)
        if self._kind == "values" or self._format.__class__ is not Existence:
            self._values.append(value)
            self.bytes += 3 * len(value)
        self.bytes += POSTING_BYTES

    def lists(self) -> Lists:
        """Return all postings as lists."""
        names = sorted(self._numbers)
        ranks = np.empty(len(names), np.int64)
        ranks[[self._numbers[name] for name in names]] = np.arange(len(names))
        terms = ranks[np.frombuffer(self._terms, np.uint32)]
        documents = np.frombuffer(self._documents, np.uint32).astype(np.int64)
        order = np.lexsort((documents, terms))
        terms, documents = terms[order], documents[order]
        last = np.ones(len(order), np.bool_)
        last[:-1] = (terms[1:] != terms[:-1]) | (documents[1:] != documents[:-1])
        order, terms, documents = order[last], terms[last], documents[last]
        ends = ends_of(np.bincount(terms, minlength=len(names)))
        lists = Lists(names, ends, documents, np.ones(len(order), np.int64))
        self._fill(lists, order)
        return lists

    def _fill(self, lists: Lists, order: Ints) -> None:
        """Set the counts, positions, values and weights of the lists. order: for each posting its
        place in the order of adding."""
        values = [self._values[number] for number in order.tolist()] if self._values else []
        if self._kind == "values":
            blob = np.frombuffer(b"".join(values), np.uint8)
            lists.values = ends_of(np.fromiter(map(len, values), np.int64, len(values))), blob
        elif self._kind == "positions":
            decoded = [self._format.decode_positions(value) if value else [] for value in values]
            lists.counts = np.fromiter(map(len, decoded), np.int64, len(decoded))
            lists.positions = np.array([place for places in decoded for place in places], np.int64)
            lists.shares = _shares(lists)
        elif values:
            # Whoosh adds the words of a spelling field with the values of the field that has them.
            frequency = self._format.decode_frequency
            counts = (frequency(value) if len(value) == _COUNT_BYTES else 1 for value in values)
            lists.counts = np.fromiter(counts, np.int64, len(values))
        weights = np.frombuffer(self._weights, np.float32)[order]
        if self._kind == "values" or not np.array_equal(weights, lists.counts):
            lists.weights = weights


class CodeRows:
    """The postings of a Codes field, in any order; the fast way of `Rows`."""

    def __init__(self) -> None:
        self._codes = array("B")
        self._documents = array("I")
        self.bytes = 0
        """Bytes of memory taken, about, including the sort."""

    def add(self, term: bytes, document: int, weight: float, value: bytes) -> None:
        """Add a posting."""
        self.add_all(term, document)

    def add_all(self, codes: bytes, document: int) -> None:
        """Add the postings of a document. codes: as in a CodeSet."""
        self._codes.frombytes(codes)
        self._documents.extend([document] * (len(codes) // CODE_BYTES))
        self.bytes = len(self._documents) * _CODE_BYTES

    def lists(self) -> Lists:
        """Return all postings as lists."""
        codes = np.frombuffer(self._codes, f">u{CODE_BYTES}").astype(np.int64)
        keys = codes << 32 | np.frombuffer(self._documents, np.uint32)
        keys.sort()
        keys = distinct(keys)
        codes, documents = keys >> 32, keys & 0xFFFFFFFF
        held = distinct(codes)
        ends = np.append(codes.searchsorted(held), len(codes))
        terms = [code.to_bytes(CODE_BYTES, "big") for code in held.tolist()]
        return Lists(terms, ends, documents, np.ones(len(documents), np.int64))


def rows_of(field: FieldType) -> Rows | CodeRows:
    """Return an empty collection for the postings of a field."""
    return CodeRows() if isinstance(field, Codes) else Rows(field)


def _shares(lists: Lists) -> Bools:
    """Return whether each term shares a position with another term, except one term of each
    position."""
    assert lists.positions is not None
    shares = np.zeros(len(lists.terms), np.bool_)
    keys = np.repeat(lists.documents << 32, lists.counts) | lists.positions
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    terms = np.repeat(np.repeat(np.arange(len(lists.terms)), np.diff(lists.ends)), lists.counts)
    shares[terms[order[same + 1]]] = True
    return shares


def add_all(
    rows: dict[str, Rows | CodeRows],
    schema: Any,
    items: Iterable[tuple[str, bytes, int, float, bytes]],
) -> None:
    """Add postings as Whoosh's pools give them: field, term, document, weight, value. The document
    -1 means that a field has no postings."""
    for name, term, document, weight, value in items:
        if document >= 0:
            found = rows.get(name)
            if found is None:
                found = rows[name] = rows_of(schema[name])
            found.add(term, document, weight, value or b"")
