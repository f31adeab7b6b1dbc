"""The terms of one field of a segment: numbered in byte order, found by binary search."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice, pairwise

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Array, Ints
from searcher.columnar.fields import CODE_BYTES
from searcher.columnar.files.segment_file import SegmentFile

_CACHED_TERMS = 20_000
"""Maximum number of terms in the cache of term numbers. A full cache is emptied."""
_FEW = 100
"""Factor. Terms are looked up one by one if the field has this many times more; else by a table of
checksums, which takes longer to make."""
_FOREIGN = np.uint32(1 << 31)
"""The bit of a signature that marks a term with bytes beyond ASCII. These bytes share this bit."""
_ENDS = np.dtype(np.uint32)
"""The type in which kernels take the ends of terms."""
_MOST_BYTES = 4
"""Maximum number of bytes of a character in UTF-8."""
_KEY_BYTES = 8
"""Number of bytes at the end of a term by which terms are sorted to find them by their endings."""


class Dictionary:
    """The terms of one field. Safe in threads. Methods raise FileDamaged."""

    def __init__(self, file: SegmentFile, name: str, term_count: int) -> None:
        """name: of the field's arrays in the file, such as "postings.text"."""
        self._file = file
        self._name = name
        self.term_count = term_count
        self._found: dict[bytes, int] = {}
        self._by_end: dict[bytes, tuple[Array, Ints]] = {}

    def _read(self, array: str) -> Array:
        """Return an array of the field by its name."""
        return self._file.array(f"{self._name}.{array}").whole()

    @cached_property
    def _terms_and_ends(self) -> tuple[memoryview, memoryview]:
        # Single elements are read from views: that takes a third of the time.
        ends = self._read("term_ends")
        terms = self._read("terms")
        return terms.data.cast("B") if len(terms) else memoryview(b""), ends.data

    @cached_property
    def packed(self) -> tuple[Array, Array] | None:
        """The bytes of all terms end to end, and where each ends, as kernels take them: one more
        end than terms, of type uint32. None if the terms have 4 GiB or more."""
        ends = self._read("term_ends")
        if ends.itemsize > _ENDS.itemsize:
            return None
        return self._read("terms"), ends.astype(_ENDS, copy=False)

    def term(self, number: int) -> bytes:
        """Return the term with this number."""
        terms, ends = self._terms_and_ends
        return bytes(terms[ends[number] : ends[number + 1]])

    def terms(self, start: int, end: int) -> list[bytes]:
        """Return the terms numbered [start, end)."""
        blob, ends = self._terms_and_ends
        bounds = ends[start : end + 1].tolist() if start < end else []
        return [bytes(blob[first:last]) for first, last in pairwise(bounds)]

    def lower(self, term: bytes) -> int:
        """Return the number of the first term that is not less than `term`."""
        if kernels.loaded and self.packed is not None:
            return kernels.neighbours.lower(*self.packed, np.frombuffer(term, np.uint8))
        terms, ends = self._terms_and_ends
        low, high = 0, self.term_count
        while low < high:
            middle = (low + high) >> 1
            if bytes(terms[ends[middle] : ends[middle + 1]]) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int:
        """Return the number of a term, or -1. Cached."""
        number = self._found.get(term)
        if number is None:
            number = self.lookup(term)
            if len(self._found) >= _CACHED_TERMS:
                self._found = {}
            self._found[term] = number
        return number

    def lookup(self, term: bytes) -> int:
        """Return the number of a term, or -1, without the cache of `find`."""
        number = self.lower(term)
        return number if number < self.term_count and self.term(number) == term else -1

    def numbers(self, terms: Iterable[bytes]) -> Ints:
        """Return the numbers (ascending int64) of the terms that are in the field."""
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

    def places(self, terms: Sequence[bytes]) -> Ints:
        """Return the number of each term (ascending), or -1 (int64). Nothing is cached."""
        if not kernels.loaded or self.packed is None:
            return np.array([self.lookup(term) for term in terms], np.int64)
        found = np.empty(len(terms), np.int64)
        ends = np.cumsum([0, *map(len, terms)]).astype(_ENDS)
        wanted = np.frombuffer(b"".join(terms), np.uint8)
        kernels.neighbours.places(*self.packed, wanted, ends, found)
        return found

    @cached_property
    def codes(self) -> Array:
        """The terms of a Codes field as numbers (ascending uint16)."""
        return self._read("terms").view(f">u{CODE_BYTES}").astype(np.uint16)

    @cached_property
    def _hashes(self) -> tuple[Array, Ints]:
        """The CRC-32 of all terms (ascending uint32), and the term's number for each (int32)."""
        hashes = np.array([zlib.crc32(term) for term in self.terms(0, self.term_count)], np.uint32)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order.astype(np.int32)

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """Return the first number of the terms that begin with `prefix`, and the one after the
        last."""
        after = prefix.rstrip(b"\xff")
        end = self.lower(after[:-1] + bytes([after[-1] + 1])) if after else self.term_count
        return self.lower(prefix), end

    def containing(self, part: bytes, prefix: bytes, most: int) -> Ints:
        """Return the numbers (ascending int64) of the terms that begin with `prefix` and contain
        `part`, found by at most `most` places in the terms."""
        start, end = self.prefix_range(prefix)
        blob, ends = self._terms_and_ends
        if start == end:
            return NO_INTS
        first = ends[start]
        found = re.finditer(re.escape(part), blob[first : ends[end]])
        places = np.array([match.start() for match in islice(found, most)], np.int64) + first
        bounds = self._read("term_ends")
        numbers = np.searchsorted(bounds, places, "right") - 1
        inside = places + len(part) <= bounds[numbers + 1]
        return np.unique(numbers[inside])

    def ending(self, end: bytes, prefix: bytes, most: int) -> Ints:
        """Return the numbers (ascending int64) of the terms that begin with `prefix` and end with
        `end`. Without kernels, as `containing`."""
        if kernels.loaded:
            numbers = self._ending(end, prefix)
        else:
            numbers = self.containing(end, prefix, most).tolist()
        return np.array([one for one in numbers if self.term(one).endswith(end)], np.int64)

    def _ending(self, end: bytes, prefix: bytes) -> list[int]:
        """Return the numbers, ascending, of the terms that begin with `prefix` and whose last
        _KEY_BYTES bytes are those of `end`."""
        if prefix not in self._by_end:
            self._by_end[prefix] = self._sorted_by_end(*self.prefix_range(prefix))
        keys, numbers = self._by_end[prefix]
        asked = end[::-1][:_KEY_BYTES]
        low = int.from_bytes(asked.ljust(_KEY_BYTES, b"\0"), "big")
        high = int.from_bytes(asked.ljust(_KEY_BYTES, b"\xff"), "big")
        first, last = np.searchsorted(keys, np.array([low], np.uint64))[0], len(keys)
        if high < (1 << 8 * _KEY_BYTES) - 1:
            last = np.searchsorted(keys, np.array([high], np.uint64), "right")[0]
        return sorted(numbers[first:last].tolist())

    def _sorted_by_end(self, start: int, end: int) -> tuple[Array, Ints]:
        """Return the last _KEY_BYTES bytes of the terms numbered [start, end), read backwards as
        numbers (ascending uint64), and the term's number for each (int32).

        100,000 terms take 10 ms once and 1.2 MB.
        """
        bounds = self._read("term_ends")[start : end + 1].astype(np.int64)
        blob = self._read("terms")
        keys = np.zeros(end - start, np.uint64)
        for place in range(_KEY_BYTES):
            at = bounds[1:] - 1 - place
            letters = np.where(at >= bounds[:-1], blob[np.maximum(at, 0)], 0)
            keys |= letters.astype(np.uint64) << np.uint64(8 * (_KEY_BYTES - 1 - place))
        order = np.argsort(keys, kind="stable")
        return keys[order], (order + start).astype(np.int32)

    def similar(self, word: str, distance: int, beginning: str = "") -> Ints:
        """Return the numbers (ascending int64) of all terms that are at most `distance` edits from
        `word` and start with `beginning`, and of some others.

        An edit inserts, deletes or replaces a character or swaps two neighbours.
        """
        start, end = self.prefix_range(beginning.encode())
        if start == end:
            return NO_INTS
        if kernels.loaded and self.packed is not None:
            letters = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)
            return kernels.neighbours.within(*self.packed, start, end, letters, distance)
        return self._with_similar_letters(word, distance, start, end) + start

    def _with_similar_letters(self, word: str, distance: int, start: int, end: int) -> Ints:
        """Return the places, among the terms numbered [start, end), of all those at most `distance`
        edits from `word`, and of some others.

        An edit changes the length by one character, and the set of letters by at most two. So
        lengths and signatures exclude most terms, which are not read.
        """
        signatures, lengths = (values[start:end] for values in self._signatures)
        data = word.encode()
        own = _signature(np.frombuffer(data, np.uint8), np.array([0]))[0] if data else np.uint32(0)
        length_difference = np.abs(lengths - len(data))
        if own & _FOREIGN:
            return np.flatnonzero(length_difference <= _MOST_BYTES * distance)
        differing = np.bitwise_count(signatures ^ own)
        near = (length_difference <= distance) & (differing <= 2 * distance)
        foreign = (signatures & _FOREIGN != 0) & (length_difference <= _MOST_BYTES * distance)
        return np.flatnonzero(near | foreign)

    @cached_property
    def _signatures(self) -> tuple[Array, Ints]:
        """The signature (uint32) and the length in bytes (int64) of each term."""
        ends = self._read("term_ends").astype(np.int64)
        return _signature(self._read("terms"), ends[:-1]), np.diff(ends)


def _signature(blob: Array, starts: Array) -> Array:
    """Return for each term a set of its letters in 32 bits (uint32).

    blob: the bytes of the terms end to end, none of them empty.
    starts: where each term begins in it.
    """
    bits = np.uint32(1) << (blob & 31).astype(np.uint32) % np.uint32(31)
    bits = np.where(blob < 128, bits, _FOREIGN)
    return np.bitwise_or.reduceat(bits, starts)
