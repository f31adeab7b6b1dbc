"""Ascending lists of numbers as gaps, in entries of 1, 2 or 4 bytes, whichever makes a list
shortest.

An entry is the distance from the number before, at least 1; the first one's is from -1. A distance
that is too large for an entry is preceded by entries of 0. Each of them adds the largest value of
an entry and ends no number.

Lists are laid end to end. Numbers are int64, entries are little-endian and given as bytes (uint8).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from searcher.columnar.arrays import Array, Bools, Bytes, Ints, ends_of, ranges

_TYPES: tuple[np.dtype[Any], ...] = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"))
"""The entry types, by width code: 0, 1, 2."""
_LARGEST = tuple(int(np.iinfo(kind).max) for kind in _TYPES)
"""The largest value of an entry, by width code."""


def _distances(values: Ints, heads: Ints) -> Ints:
    """Return the distance from each value to the one before in its list; of the first values, which
    are at the places `heads`, from -1."""
    found = np.diff(values, prepend=0)
    found[heads] = values[heads] + 1
    return found


def _entries(distances: Ints, kind: np.dtype[Any], most: int) -> tuple[Array, Ints]:
    """Return distances as entries of the type `kind`, and the end of each distance's entries.

    most: the largest value of an entry.
    """
    skips = (distances - 1) // most
    after = np.cumsum(skips + 1)
    entries = np.zeros(int(after[-1]) if len(after) else 0, kind)
    entries[after - 1] = distances - skips * most
    return entries, after


def _sums(entries: Array, most: int) -> tuple[Ints, Bools]:
    """Return for each entry the sum of all distances up to it (int64), and whether it ends a
    value."""
    real = entries != 0
    steps = entries.astype(np.int64)
    steps[~real] = most
    return steps.cumsum(), real


def encode(documents: Ints, ends: Ints) -> tuple[Bytes, Ints, Bytes]:
    """Return the bytes of all lists, the ends of the lists in bytes (int64), and the width code of
    each list (uint8).

    documents: the lists, none of them empty.
    ends: the ends of the lists, in documents.
    """
    if not len(documents):
        return np.empty(0, np.uint8), np.zeros(1, np.int64), np.empty(0, np.uint8)
    heads = ends[:-1]
    gaps = _distances(documents, heads)
    sizes = np.stack([np.add.reduceat((gaps - 1) // most + 1, heads) for most in _LARGEST])
    costs = sizes * np.array([[1], [2], [4]])
    widths = costs.argmin(0).astype(np.uint8)
    byte_ends = ends_of(costs.min(0))
    blob = np.empty(byte_ends[-1], np.uint8)
    for code, (kind, most) in enumerate(zip(_TYPES, _LARGEST, strict=True)):
        lists = np.flatnonzero(widths == code)
        if not len(lists):
            continue
        chosen = gaps[ranges(heads[lists], ends[lists + 1] - heads[lists])]
        entries, _ = _entries(chosen, kind, most)
        blob[ranges(byte_ends[lists], costs[code, lists])] = entries.view(np.uint8)
    return blob, byte_ends, widths


def encode_bytes(values: Ints, ends: Ints) -> tuple[Bytes, Ints]:
    """Return the bytes and ends of lists, as `encode`, with entries of one byte. Lists may be empty
    or contain a value twice. An entry is one more than the distance."""
    heads = ends[:-1][np.diff(ends) > 0]
    entries, after = _entries(_distances(values, heads) + 1, _TYPES[0], _LARGEST[0])
    return entries, np.concatenate([[0], after])[ends]


def decode_bytes(data: Bytes, counts: Ints) -> Ints:
    """Return the values of lists that `encode_bytes` encoded.

    counts: the number of values of each list.
    """
    sums, real = _sums(data, _LARGEST[0])
    values = sums[real]
    values -= np.arange(1, len(values) + 1)
    ends = ends_of(counts)
    before = np.concatenate([[0], values])[ends[:-1]]
    values -= np.repeat(before + 1, counts)
    return values


def decode(data: Bytes, width: int, count: int) -> Ints:
    """Return the `count` documents of one list from its bytes. width: its width code."""
    entries = data.view(_TYPES[width])
    if len(entries) == count:
        documents: Ints = entries.cumsum(dtype=np.int64)
    else:
        sums, real = _sums(entries, _LARGEST[width])
        documents = sums[real]
    documents -= 1
    return documents


def entry_bytes(documents: Ints, ends: Ints, widths: Bytes) -> Ints:
    """Return the number of bytes that each document takes.

    ends: the ends of the lists, in documents.
    widths: the width code of each list.
    """
    gaps = _distances(documents, ends[:-1])
    codes = np.repeat(widths, np.diff(ends))
    sizes: Ints = ((gaps - 1) // np.array(_LARGEST)[codes] + 1) << codes
    return sizes


def decode_blocks(data: Bytes, width: int, counts: Ints, firsts: Ints) -> Ints:
    """Return the documents of some blocks of one list.

    data: the bytes of the blocks.
    width: the width code of the list.
    counts: the number of documents of each block.
    firsts: number of the last document before each block, plus 1.
    """
    sums, real = _sums(data.view(_TYPES[width]), _LARGEST[width])
    documents = sums[real]
    ends = ends_of(counts)
    before = np.concatenate([[0], documents])[ends[:-1]]
    documents += np.repeat(firsts - 1 - before, counts)
    return documents


def decode_many(data: Bytes, byte_ends: Array, widths: Bytes, counts: Ints) -> Ints:
    """Return the documents of several lists.

    data: the bytes of the lists.
    byte_ends: the ends of the lists in it.
    widths: the width code of each list.
    counts: the number of documents of each list.
    """
    found = np.empty(int(counts.sum()), np.int64)
    starts = ends_of(counts)[:-1]
    for code, (kind, most) in enumerate(zip(_TYPES, _LARGEST, strict=True)):
        lists = np.flatnonzero(widths == code)
        if not len(lists):
            continue
        sizes = (byte_ends[lists + 1] - byte_ends[lists]).astype(np.int64)
        whole = len(lists) == len(widths)
        entries = (data if whole else data[ranges(byte_ends[lists], sizes)]).view(kind)
        documents, real = _sums(entries, most)
        entry_ends = np.cumsum(sizes // kind.itemsize)
        before = np.concatenate([[0], documents[entry_ends[:-1] - 1]]) + 1
        documents -= np.repeat(before, sizes // kind.itemsize)
        if whole:
            kept: Ints = documents[real]
            return kept
        found[ranges(starts[lists], counts[lists])] = documents[real]
    return found
