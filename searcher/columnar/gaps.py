"""Ascending lists of document numbers as gaps, in one, two or four bytes each, whichever makes a
list shortest.

An entry is the distance from the document before (of the first: from -1), so at least 1. A distance
beyond what an entry holds is written as entries of 0 in front, each of which stands for the largest
value and for no document.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from searcher.columnar.arrays import Array, Bools, Bytes, Ints, ends_of, ranges

_TYPES: tuple[np.dtype[Any], ...] = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"))
_LARGEST = tuple(int(np.iinfo(kind).max) for kind in _TYPES)


def _distances(values: Ints, heads: Ints) -> Ints:
    """From each value to the one before in its list; from the first ones, which stand at `heads`,
    to -1."""
    found = np.diff(values, prepend=0)
    found[heads] = values[heads] + 1
    return found


def _entries(distances: Ints, kind: np.dtype[Any], most: int) -> tuple[Array, Ints]:
    """Distances as entries, and where each distance's entries end."""
    skips = (distances - 1) // most
    after = np.cumsum(skips + 1)
    entries = np.zeros(int(after[-1]) if len(after) else 0, kind)
    entries[after - 1] = distances - skips * most
    return entries, after


def _sums(entries: Array, most: int) -> tuple[Ints, Bools]:
    """The sum of all distances up to each entry, and which entries stand for a value."""
    real = entries != 0
    steps = entries.astype(np.int64)
    steps[~real] = most
    return steps.cumsum(), real


def encode(documents: Ints, ends: Ints) -> tuple[Bytes, Ints, Bytes]:
    """The bytes of all lists, where each list's end (from 0), and the width code (0, 1, 2) of each.

    documents: the lists one after the other, none of them empty; ends: where they begin and end in
    it.
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
    """As `encode`, with entries of one byte, of lists that may be empty or hold a value twice;
    without the widths. An entry is one more than the distance."""
    heads = ends[:-1][np.diff(ends) > 0]
    entries, after = _entries(_distances(values, heads) + 1, _TYPES[0], _LARGEST[0])
    return entries, np.concatenate([[0], after])[ends]


def decode_bytes(data: Bytes, counts: Ints) -> Ints:
    """The values of lists of these counts, which were encoded in one byte each, one list after the
    other."""
    sums, real = _sums(data, _LARGEST[0])
    values = sums[real]
    values -= np.arange(1, len(values) + 1)
    ends = ends_of(counts)
    before = np.concatenate([[0], values])[ends[:-1]]
    values -= np.repeat(before + 1, counts)
    return values


def decode(data: Bytes, width: int, count: int) -> Ints:
    """The documents of one list of `count` from its bytes."""
    entries = data.view(_TYPES[width])
    if len(entries) == count:
        documents: Ints = entries.cumsum(dtype=np.int64)
    else:
        sums, real = _sums(entries, _LARGEST[width])
        documents = sums[real]
    documents -= 1
    return documents


def entry_bytes(documents: Ints, ends: Ints, widths: Bytes) -> Ints:
    """How many bytes each document takes in lists that have these width codes."""
    gaps = _distances(documents, ends[:-1])
    codes = np.repeat(widths, np.diff(ends))
    sizes: Ints = ((gaps - 1) // np.array(_LARGEST)[codes] + 1) << codes
    return sizes


def decode_blocks(data: Bytes, width: int, counts: Ints, firsts: Ints) -> Ints:
    """The documents of some blocks of one list.

    data: their bytes end to end; counts: how many documents each has; firsts: one more than the
    document before each.
    """
    sums, real = _sums(data.view(_TYPES[width]), _LARGEST[width])
    documents = sums[real]
    ends = ends_of(counts)
    before = np.concatenate([[0], documents])[ends[:-1]]
    documents += np.repeat(firsts - 1 - before, counts)
    return documents


def decode_many(data: Bytes, byte_ends: Array, widths: Bytes, counts: Ints) -> Ints:
    """The documents of several lists, one list after the other.

    data: their bytes end to end; byte_ends: where each begins and ends in it; counts: how many
    documents each has.
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
