"""Inversion of texts: each distinct chunk is analysed once, and all occurrences are sorted together
by term, document and position.

Chunks, documents and terms are numbers. Arrays of occurrences are parallel: one element each.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Array, Ints, ends_of, narrow, ranges
from searcher.columnar.fields import Analysed, Analysis
from searcher.columnar.files.lists import Lists, Zones
from searcher.columnar.writing.chunks import ChunkTable, ChunkTerms

_TOKEN_BYTES = 14
"""Bytes of memory that an occurrence of a chunk takes, about, when the segment is written. An
estimate: too small lets a writer take more memory than it may."""
_CHUNK_BYTES = 400
"""Bytes of memory that a distinct chunk takes, about. An estimate, as _TOKEN_BYTES."""
_SORTED_BYTES = 512
"""Bytes of memory a writer has for each occurrence sorted at once. A sort takes about a quarter of
them. Larger sorts fewer at once."""
_VOCABULARY_SHARE = 0.25
"""Part of a writer's memory. If the chunks take more when a segment is written, chunks that
occurred once in it are forgotten. Larger leaves less memory for occurrences."""
_LONG_TEXT = 200
"""Minimum length of a text whose chunks are looked up by a kernel, in characters. A call takes as
long as the plain code takes for about this many."""
_SLICE = 1 << 18
"""Number of occurrences handled by one numpy operation. Larger takes more memory, because numpy
makes copies of 8 bytes an element."""


class _Occurrences(NamedTuple):
    """Occurrences of chunks, in the order of the texts: by ascending document."""

    chunks: NDArray[np.uint32]
    """The chunk of each occurrence."""
    documents: NDArray[np.uint32]
    """Its document."""
    positions: NDArray[np.uint32]
    """The position of the chunk's first term."""


class TextInverter:
    """Collects the texts of documents, and inverts them for the fields of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._table = ChunkTable(analysis)
        self._to_keep: Ints | None = None
        self._clear()

    def _clear(self) -> None:
        """Forget all texts."""
        # The chunks of all texts, one after the other.
        self._tokens = array("I")
        # The document of each text, and the ends of the texts in tokens.
        self._documents = array("I")
        self._document_ends = array("Q")
        # Each zone: its first token, its first position, and the number of jumps before it.
        self._zones: list[tuple[int, int, int]] = []
        # The tokens before which a gap between passages is.
        self._jumps = array("Q")

    @property
    def bytes(self) -> int:
        """Bytes of memory taken, about, the sort included."""
        return len(self._tokens) * _TOKEN_BYTES + len(self._table.widths) * _CHUNK_BYTES

    def add(self, document: int, text: Analysed) -> None:
        """Add the text of a document. Documents are added in ascending order."""
        starts = self._add_passages(
            [passage for zone in text.zones for passage in zone.passages], text.variant
        )
        at = 0
        for zone in text.zones:
            self._zones.append((starts[at], zone.start, len(self._jumps)))
            self._jumps.extend(starts[at + 1 : at + len(zone.passages)])
            at += len(zone.passages)
        self._documents.append(document)
        self._document_ends.append(len(self._tokens))

    def _add_passages(self, passages: Sequence[str], variant: str) -> list[int]:
        """Add the chunks of passages. Return the token at which each begins, and where the last one
        ends."""
        tokens = self._tokens
        starts = [len(tokens)]
        if kernels.loaded and sum(map(len, passages)) >= _LONG_TEXT:
            edges = np.cumsum([len(passage) + 1 for passage in passages]) - 1
            numbers, ends = self._table.compiled(variant).of("\n".join(passages), edges)
            tokens.frombytes(numbers.tobytes())
            return [*starts, *(ends + starts[0]).tolist()]
        number = self._table.of(variant).__getitem__
        for passage in passages:
            tokens.extend(map(number, passage.split()))
            starts.append(len(tokens))
        return starts

    def finish(
        self, count: int, memory: int
    ) -> tuple[dict[str, Iterator[Lists]], Ints, Zones | None]:
        """Return the lists of each field, some terms at a time; the length of each of `count`
        documents; and their zones, or None if texts have one zone. The texts are then forgotten.

        memory: bytes that the writer may take. If the chunks take too much of them, `forget`
        removes the chunks that occurred once.
        """
        lengths = np.zeros(count, np.int64)
        occurrences = self._occurrences(lengths)
        zones = self._second_zones(count, occurrences)
        self._clear()
        lists = {
            name: _invert(occurrences, terms, memory // _SORTED_BYTES)
            for name, terms in zip(self._analysis.fields, self._table.terms, strict=True)
        }
        self._to_keep = None
        if len(self._table.widths) * _CHUNK_BYTES > memory * _VOCABULARY_SHARE:
            self._to_keep = np.flatnonzero(_times(occurrences.chunks, len(self._table.widths)) > 1)
        return lists, lengths, zones

    def forget(self) -> None:
        """Forget the chunks that `finish` chose. Call it after the lists of `finish` were read."""
        if self._to_keep is not None:
            self._table.keep(self._to_keep)
            self._to_keep = None

    def _occurrences(self, lengths: Ints) -> _Occurrences:
        """Return all occurrences. Sets the elements of `lengths` (one a document) to the number of
        positions of each text."""
        tokens = np.frombuffer(self._tokens, np.uint32)
        widths = np.frombuffer(self._table.widths, np.uint32) if self._table.widths else NO_INTS
        documents = np.frombuffer(self._documents, np.uint32)
        document_ends = np.concatenate(
            [[0], np.frombuffer(self._document_ends, np.uint64).astype(np.int64)]
        )
        zones = np.array(self._zones, np.int64).reshape(-1, 3)
        jumps = np.frombuffer(self._jumps, np.uint64).astype(np.int64) if self._jumps else NO_INTS
        positions = np.empty(len(tokens), np.uint32)
        whole = np.zeros(1, np.int64)
        before_zones = np.zeros(len(zones), np.int64)
        before_documents = np.zeros(len(document_ends), np.int64)
        for start in range(0, len(tokens), _SLICE):
            end = min(start + _SLICE, len(tokens))
            before = ends_of(widths[tokens[start:end]]) + whole[-1]
            for places, found in ((zones[:, 0], before_zones), (document_ends, before_documents)):
                here = slice(*np.searchsorted(places, [start, end + (end == len(tokens))]))
                found[here] = before[places[here] - start]
            first = int(zones[:, 0].searchsorted(start, "right")) - 1
            current = np.arange(first, int(zones[:, 0].searchsorted(end)))
            shift = (
                zones[current, 1] - before_zones[current] - self._analysis.gap * zones[current, 2]
            )
            sizes = np.diff(np.append(np.maximum(zones[current, 0], start), end))
            gap_counts = np.searchsorted(jumps, np.arange(start, end), "right") if len(jumps) else 0
            positions[start:end] = (
                before[:-1] + np.repeat(shift, sizes) + self._analysis.gap * gap_counts
            )
            whole = before
        lengths[documents] = np.diff(before_documents)
        return _Occurrences(tokens, np.repeat(documents, np.diff(document_ends)), positions)

    def _second_zones(self, count: int, found: _Occurrences) -> Zones | None:
        """Return the zones of the documents, if second zones begin at the same position in all;
        else None. count: the number of documents."""
        starts = {start for _, start, _ in self._zones if start}
        if len(starts) != 1:
            return None
        (start,) = starts
        lengths = np.zeros(count, np.int64)
        widths = np.frombuffer(self._table.widths, np.uint32) if len(found.chunks) else NO_INTS
        for part in _slices(len(found.chunks)):
            first = np.flatnonzero(found.positions[part] < start) + part.start
            np.maximum.at(
                lengths,
                found.documents[first],
                found.positions[first] + widths[found.chunks[first]],
            )
        return Zones(start, narrow(lengths + 1))


def _slices(count: int) -> Iterator[slice]:
    """Yield slices of at most _SLICE elements that cover `count` elements."""
    return (slice(start, min(start + _SLICE, count)) for start in range(0, count, _SLICE))


def _times(chunks: Array, count: int) -> Ints:
    """Return the number of occurrences of each of `count` chunks. chunks: of the occurrences."""
    found = np.zeros(count, np.int64)
    for part in _slices(len(chunks)):
        found += np.bincount(chunks[part], minlength=count)
    return found


def _invert(found: _Occurrences, chunk_terms: ChunkTerms, most: int) -> Iterator[Lists]:
    """Yield the lists of one field, in groups of terms with about `most` occurrences."""
    ends = np.frombuffer(chunk_terms.ends, np.uint64).astype(np.int64)
    terms = np.frombuffer(chunk_terms.terms, np.uint32) if len(chunk_terms.terms) else NO_INTS
    times = _times(found.chunks, len(ends) - 1)
    count = len(chunk_terms.numbers)
    totals = np.bincount(terms, np.repeat(times, np.diff(ends)), count).astype(np.int64)
    names, used = chunk_terms.ordered(totals > 0)
    if not len(used):
        return
    shares = chunk_terms.sharing[used]
    ranks = np.full(count, -1, np.int64)
    ranks[used] = np.arange(len(used))
    parts = np.cumsum(totals[used]) // max(most, 1)
    long = np.flatnonzero(totals[used] > most)
    edges = np.unique(
        np.concatenate([np.flatnonzero(np.diff(parts, prepend=-1)), long, long + 1, [len(used)]])
    ).tolist()
    for start, end in pairwise(edges):
        chosen = [names[number] for number in used[start:end].tolist()]
        if totals[used[start]] > most:
            yield _long_list(found, chunk_terms, ends, ranks, start, most, chosen[0])
            continue
        terms_there, documents, positions = _between(found, chunk_terms, ends, ranks, start, end)
        first = np.ones(len(terms_there), np.bool_)
        first[1:] = (terms_there[1:] != terms_there[:-1]) | (documents[1:] != documents[:-1])
        starts = np.flatnonzero(first)
        yield Lists(
            encoded(chosen),
            ends_of(np.bincount(terms_there[starts], minlength=len(chosen))),
            documents[starts],
            np.diff(np.append(starts, len(documents))),
            positions,
            shares[start:end],
        )


def encoded(terms: Sequence[str]) -> list[bytes]:
    """Return the bytes of terms in UTF-8."""
    together = "\n".join(terms).encode().split(b"\n")
    return together if len(together) == len(terms) else [term.encode() for term in terms]


def _long_list(
    found: _Occurrences,
    chunk_terms: ChunkTerms,
    ends: Ints,
    ranks: Ints,
    rank: int,
    most: int,
    term: str,
) -> Lists:
    """Return the list of one term, made of about `most` occurrences of chunks at a time.

    ends, ranks: as for `_between`.
    rank: of the term.
    """
    documents, counts, positions = [], [], []
    # Cuts are made between documents.
    cuts = np.searchsorted(found.documents, found.documents[max(most, 1) :: max(most, 1)])
    for first, last in pairwise(
        np.unique(np.concatenate([[0], cuts, [len(found.documents)]])).tolist()
    ):
        part = _Occurrences(*(array[first:last] for array in found))
        _, held, places = _between(part, chunk_terms, ends, ranks, rank, rank + 1)
        if len(held):
            starts = np.flatnonzero(np.diff(held, prepend=-1))
            documents.append(held[starts])
            counts.append(np.diff(np.append(starts, len(held))))
            positions.append(places.astype(np.uint32))
    size = np.array([sum(map(len, documents))])
    merged = Lists(
        [term.encode()], ends_of(size), np.concatenate(documents), np.concatenate(counts)
    )
    merged.shares = chunk_terms.sharing[[chunk_terms.numbers[term]]]
    merged.position_batches = (
        (len(times), places.astype(np.int64))
        for times, places in zip(counts, positions, strict=True)
    )
    return merged


def _between(
    found: _Occurrences, chunk_terms: ChunkTerms, ends: Ints, ranks: Ints, start: int, end: int
) -> tuple[Ints, Ints, Ints]:
    """Return the occurrences of the terms ranked [start, end), each once, sorted: their ranks from
    `start`, documents and positions.

    ends: the ends of the chunks in `chunk_terms.terms`.
    ranks: the rank of each term among those that occur, or -1.
    """
    numbers = ranks[np.frombuffer(chunk_terms.terms, np.uint32)]
    inside = (numbers >= start) & (numbers < end)
    sizes = np.diff(np.concatenate([[0], np.cumsum(inside)])[ends])
    held = np.flatnonzero(inside)
    wanted = sizes > 0
    tokens = np.concatenate(
        [
            np.flatnonzero(wanted[found.chunks[part]]) + part.start
            for part in _slices(len(found.chunks))
        ]
    )
    chunks = found.chunks[tokens]
    at = held[ranges(ends_of(sizes)[chunks], sizes[chunks])]
    documents = np.repeat(found.documents[tokens], sizes[chunks]).astype(np.int64)
    positions = np.repeat(found.positions[tokens], sizes[chunks]).astype(np.int64)
    positions += np.frombuffer(chunk_terms.offsets, np.uint32)[at]
    return _sorted(numbers[at] - start, documents, positions)


def _sorted(terms: Ints, documents: Ints, positions: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the occurrences sorted by term, document and position, each once."""
    if not len(terms):
        return terms, documents, positions
    position_bits = int(positions.max()).bit_length()
    document_bits = int(documents.max()).bit_length()
    if int(terms.max()).bit_length() + document_bits + position_bits > 63:
        order = np.lexsort((positions, documents, terms))
        terms, documents, positions = terms[order], documents[order], positions[order]
        new = np.ones(len(terms), np.bool_)
        new[1:] = (np.diff(terms) != 0) | (np.diff(documents) != 0) | (np.diff(positions) != 0)
        return terms[new], documents[new], positions[new]
    # One number for each occurrence: sorting numbers takes a tenth of the time of sorting places.
    keys = (terms << (document_bits + position_bits)) | (documents << position_bits) | positions
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    rest = keys & ((1 << (document_bits + position_bits)) - 1)
    return (
        keys >> (document_bits + position_bits),
        rest >> position_bits,
        keys & ((1 << position_bits) - 1),
    )
