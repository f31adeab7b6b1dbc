"""The terms of one field of a segment: numbered in their order, found by binary search."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import numpy as np

from searcher.columnar.arrays import Array, Ints
from searcher.columnar.segment_file import SegmentFile

_CACHED_TERMS = 20_000
_FEW = 100
"""Terms are looked up one by one when they are fewer than one in so many."""


class Dictionary:
    """Safe in threads."""

    def __init__(self, file: SegmentFile, name: str, term_count: int) -> None:
        self._file = file
        self.name = name
        self.field = name.partition(".")[2]
        self.term_count = term_count
        self._found: dict[bytes, int] = {}

    def has(self, array: str) -> bool:
        """Whether the field has, say, "positions"."""
        return f"{self.name}.{array}" in self._file

    def _read(self, array: str) -> Array:
        return self._file.array(f"{self.name}.{array}").whole()

    @cached_property
    def _dictionary(self) -> tuple[memoryview, memoryview]:
        ends = self._read("term_ends")
        terms = self._read("terms")
        return terms.data.cast("B") if len(terms) else memoryview(b""), ends.data

    @cached_property
    def signatures(self) -> tuple[Array, Ints]:
        """For each term a set of its letters, and its length in bytes; see `similar`."""
        from searcher.columnar.similar import signature

        ends = self._read("term_ends").astype(np.int64)
        return signature(self._read("terms"), ends[:-1]), np.diff(ends)

    def term(self, number: int) -> bytes:
        terms, ends = self._dictionary
        return bytes(terms[ends[number] : ends[number + 1]])

    def terms(self, start: int, end: int) -> list[bytes]:
        """The terms numbered [start, end)."""
        blob, ends = self._dictionary
        bounds = ends[start : end + 1].tolist() if start < end else []
        return [bytes(blob[first:last]) for first, last in pairwise(bounds)]

    def lower(self, term: bytes) -> int:
        """The number of the first term that is not less than `term`."""
        terms, ends = self._dictionary
        low, high = 0, self.term_count
        while low < high:
            middle = (low + high) >> 1
            if bytes(terms[ends[middle] : ends[middle + 1]]) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int:
        """The number of a term, or -1."""
        number = self._found.get(term)
        if number is None:
            number = self.lower(term)
            if number == self.term_count or self.term(number) != term:
                number = -1
            if len(self._found) >= _CACHED_TERMS:
                self._found = {}
            self._found[term] = number
        return number

    def numbers(self, terms: Iterable[bytes]) -> Ints:
        """The numbers of those of many terms that there are, ascending."""
        wanted = list(terms)
        if len(wanted) * _FEW < self.term_count:
            found = [(self.lower(term), term) for term in wanted]
        else:
            hashes, order = self._hashes
            asked = np.array([zlib.crc32(term) for term in wanted], np.uint32)
            first, last = np.searchsorted(hashes, asked), np.searchsorted(hashes, asked, "right")
            hits = np.flatnonzero(first < last).tolist()
            found = [
                (int(order[at]), wanted[hit]) for hit in hits for at in range(first[hit], last[hit])
            ]
        held = {
            number
            for number, term in found
            if number < self.term_count and self.term(number) == term
        }
        return np.array(sorted(held), np.int64)

    @cached_property
    def _hashes(self) -> tuple[Array, Ints]:
        """A checksum of each term, ascending, and whose it is."""
        hashes = np.array([zlib.crc32(term) for term in self.terms(0, self.term_count)], np.uint32)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order.astype(np.int32)

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """The numbers of the terms that begin with `prefix`, as a range."""
        after = prefix.rstrip(b"\xff")
        end = self.lower(after[:-1] + bytes([after[-1] + 1])) if after else self.term_count
        return self.lower(prefix), end
