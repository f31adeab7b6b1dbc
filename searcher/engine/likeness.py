"""Names among many that may be spelled like a name, found by a kernel (see `kernels.names`).

`names.are_spelled_alike` decides. The kernel leaves out most names that are not spelled alike, and
none that is.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.text.exonyms import is_known
from searcher.text.names import (
    ENDINGS,
    EXCHANGES,
    LETTERS,
    SIGNS,
    SWAP,
    code,
    farthest,
    first_exchange,
    insertion,
)

_SURE = 1e-9
"""Added to limits, because sums of costs are rounded. Larger returns more names that are not
near."""
_ALL_SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The signs that codes may have."""


class _Tables(NamedTuple):
    """The constant arguments of the kernel; see `kernels.names.alike`."""

    latin: NDArray[np.uint8]
    """Latin letters of code points."""
    rules: NDArray[np.uint8]
    """Endings and groups of letters, with what replaces them."""
    sets: NDArray[np.int64]
    """Sets of the letters of both."""
    costs: NDArray[np.float64]
    """Costs of exchanges, and least costs of letters that the word lacks. Those of exchanges of the
    first letters are to be filled in."""


class Likeness:
    """Finds names that may be spelled like one name. Needs kernels. Safe in threads."""

    def __init__(self, name: str) -> None:
        sought = code(name)
        self._word = np.frombuffer(sought.encode(), np.uint8)
        self._own = np.array([insertion(sought, at) for at in range(len(sought))], np.float64)
        self._costs = _costs(sought[:1])
        self._limits = _limits(len(sought), is_known(name))

    def among(
        self,
        packed: tuple[NDArray[np.uint8], NDArray[np.uint32]],
        start: int,
        end: int,
        skipped: int,
    ) -> NDArray[np.int64]:
        """Return the numbers, ascending, of the terms among [start, end) whose names are spelled
        alike, and of some others.

        packed: all terms in UTF-8, end to end, and where they end.
        skipped: number of bytes of a term before its name.
        """
        tables = _tables()
        return kernels.names.alike(
            *packed, start, end, skipped, tables.latin, tables.rules, tables.sets, len(ENDINGS),
            self._word, self._own, self._costs, SWAP, self._limits,
        )  # fmt: skip


@cache
def _costs(first: str) -> NDArray[np.float64]:
    """Return the costs for a code that begins with this sign. Cached."""
    costs = _tables().costs.copy()
    for sign in _ALL_SIGNS:
        costs[kernels.names.FIRST + _number(sign)] = first_exchange(sign, first)
    return costs


def _number(sign: str) -> int:
    """Return the number of a sign."""
    return ord(sign) % kernels.names.SIGNS


def _least_insertion(sign: str) -> float:
    """Return the least cost of a letter that the other name lacks, wherever it is."""
    return min(insertion(sign, 0), insertion(f"{sign}a", 0))


@lru_cache(1 << 10)
def _limits(length: int, known: bool) -> NDArray[np.float64]:
    """Return the maximum distance by the length of a code; -1 for lengths too different from
    `length`. Cached."""
    least = min(map(_least_insertion, _ALL_SIGNS))
    found = [_SURE]
    while True:
        short, long = sorted((len(found), length))
        limit = farthest(short, long, known)
        if least * (long - short) <= limit:
            found.append(limit + _SURE)
        elif len(found) < length:
            found.append(-1.0)
        else:
            return np.array(found)


@cache
def _tables() -> _Tables:
    """Return the tables. Made once, cached."""
    names = kernels.names
    latin = np.zeros((names.POINTS, names.LATIN), np.uint8)
    latin[128:, 0] = names.UNKNOWN
    letters = {letter: letter for letter in _ALL_SIGNS if letter.islower()}
    for point, spelled in {**str.maketrans(letters), **LETTERS}.items():
        latin[point] = 0
        latin[point, : len(spelled)] = [*spelled.encode()]
    rules = np.zeros((len(ENDINGS) + len(SIGNS), names.RULE), np.uint8)
    sets = []
    for row, (before, after) in zip(rules, (*ENDINGS, *SIGNS), strict=True):
        row[: len(before)] = [*before.encode()]
        row[names.RULE_RESULT :][: len(after)] = [*after.encode()]
        sets += [sum(1 << _number(letter) for letter in set(part)) for part in (before, after)]
    costs = np.ones(names.FIRST + names.SIGNS)
    for sign in _ALL_SIGNS:
        costs[_number(sign) * (names.SIGNS + 1)] = 0.0
        costs[names.ADDED + _number(sign)] = _least_insertion(sign)
    for (one, other), cost in EXCHANGES.items():
        costs[_number(one) * names.SIGNS + _number(other)] = cost
    return _Tables(latin.reshape(-1), rules.reshape(-1), np.array(sets), costs)
