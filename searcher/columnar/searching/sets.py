"""Sets of documents: small ones as ascending numbers, large ones as a mask."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from searcher.columnar.arrays import NO_INTS, Bools, Ints, places_in, unique

_SPARSE = 16
"""Factor. Numbers are searched for one by one if the other set is this many times larger; otherwise
a mask is used."""


class Documents:
    """A set of documents of an index."""

    __slots__ = ("mask", "numbers", "size")

    def __init__(self, size: int, numbers: Ints | None = None, mask: Bools | None = None) -> None:
        """size: the number of documents of the index.
        numbers: the documents of the set, ascending and distinct.
        mask: whether each document of the index is in the set.

        Exactly one of `numbers` and `mask` is given.
        """
        self.size = size
        self.numbers = numbers
        self.mask = mask

    def __len__(self) -> int:
        return (
            len(self.numbers) if self.numbers is not None else int(np.count_nonzero(self.as_mask()))
        )

    def as_numbers(self) -> Ints:
        """Return the documents, ascending (int64)."""
        return self.numbers if self.numbers is not None else np.flatnonzero(self.as_mask())

    def as_mask(self) -> Bools:
        """Return for each document of the index whether it is in the set. The array must not be
        changed."""
        if self.mask is not None:
            return self.mask
        mask = np.zeros(self.size, np.bool_)
        mask[self.numbers] = True
        return mask

    def __and__(self, other: Documents) -> Documents:
        few, many = (self, other) if other.numbers is None else (other, self)
        if few.numbers is None:
            return Documents(self.size, mask=few.as_mask() & many.as_mask())
        if many.numbers is None:
            assert many.mask is not None
            return Documents(self.size, few.numbers[many.mask[few.numbers]])
        few, many = (few, many) if len(few) <= len(many) else (many, few)
        assert few.numbers is not None
        assert many.numbers is not None
        if len(few) * _SPARSE < len(many):
            return Documents(self.size, few.numbers[places_in(many.numbers, few.numbers) >= 0])
        return Documents(self.size, few.numbers[many.as_mask()[few.numbers]])

    def __sub__(self, other: Documents) -> Documents:
        if self.numbers is None:
            assert self.mask is not None
            if other.mask is not None:
                return Documents(self.size, mask=self.mask & ~other.mask)
            mask = self.mask.copy()
            mask[other.numbers] = False
            return Documents(self.size, mask=mask)
        if other.numbers is not None and len(self) * _SPARSE < len(other):
            return Documents(self.size, self.numbers[places_in(other.numbers, self.numbers) < 0])
        return Documents(self.size, self.numbers[~other.as_mask()[self.numbers]])


def nothing(size: int) -> Documents:
    """Return the empty set."""
    return Documents(size, NO_INTS)


def everything(size: int) -> Documents:
    """Return the set of all documents."""
    return Documents(size, mask=np.ones(size, np.bool_))


def union(size: int, sets: Iterable[Documents]) -> Documents:
    """Return the documents that are in at least one of the sets."""
    found = [held for held in sets if held.numbers is None or len(held.numbers)]
    if len(found) < 2:
        return found[0] if found else nothing(size)
    few = [held.numbers for held in found if held.numbers is not None]
    if len(few) == len(found) and sum(map(len, few)) * _SPARSE * 2 < size:
        return Documents(size, unique(np.concatenate(few)))
    mask = np.zeros(size, np.bool_)
    for held in found:
        if held.numbers is not None:
            mask[held.numbers] = True
        else:
            mask |= held.as_mask()
    return Documents(size, mask=mask)


def intersection(size: int, sets: Iterable[Documents]) -> Documents:
    """Return the documents that are in all of the sets; all documents if there is no set."""
    found: Documents | None = None
    # Small sets first: later ones are then looked up for few documents.
    for held in sorted(
        sets, key=lambda held: len(held.numbers) if held.numbers is not None else size
    ):
        found = held if found is None else found & held
    return found if found is not None else everything(size)
