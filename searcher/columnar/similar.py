"""Terms that may be within some edits of a word: told by their length and letters, without reading
most of them."""

from __future__ import annotations

import numpy as np

from searcher.columnar.arrays import Array, Ints
from searcher.columnar.postings import FieldPostings

_FOREIGN = np.uint32(1 << 31)
"""Marks a term with bytes beyond ASCII, whose letters are not told apart."""


def candidates(postings: FieldPostings, word: str, distance: int) -> Ints:
    """The numbers of all terms at most `distance` edits from `word`, and of some that are not.

    An edit changes the length by one character, which is at most four bytes, and the set of letters
    by two.
    """
    signatures, lengths = postings.signatures
    data = word.encode()
    mark = signature(np.frombuffer(data, np.uint8), np.array([0]))[0] if data else np.uint32(0)
    if mark & _FOREIGN:
        return np.flatnonzero(np.abs(lengths - len(data)) <= 4 * distance)
    differing = np.bitwise_count(signatures ^ mark)
    near = (np.abs(lengths - len(data)) <= distance) & (differing <= 2 * distance)
    foreign = (signatures & _FOREIGN != 0) & (np.abs(lengths - len(data)) <= 4 * distance)
    return np.flatnonzero(near | foreign)


def signature(blob: Array, starts: Array) -> Array:
    """For each term, which begin at `starts` in the blob and are not empty, a set of its letters in
    32 bits."""
    bits = np.uint32(1) << (blob & 31).astype(np.uint32) % np.uint32(31)
    bits = np.where(blob < 128, bits, _FOREIGN)
    return np.bitwise_or.reduceat(bits, starts)
