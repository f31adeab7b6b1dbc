"""Sums of the rows of a matrix for the n-grams of words: the loops of `text.profiles`.

Sums are added in the order in which numpy adds them in the plain code, so that both give the same.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Bytes,
    FlagsOut,
    Hashes,
    Ints,
    IntsOut,
    Points,
    Reals,
    RealsOut,
    SmallInts,
    SmallIntsOut,
    SmallReals,
    SmallRealsOut,
    kernel,
    part,
)

_UPPER, _HARD, _CASES = 1, 4, 7
"""Kinds of characters, and all that tell of case; see `letters`."""
_VOWELS = (97, 101, 105, 111, 117, 121)
"""The code points of the small letters a, e, i, o, u and y."""
LONGEST = 60
"""Maximum number of letters of a word that are scored."""
_SHORTEST_IN_CAPITALS = 4
"""Minimum length of a word in capitals that is scored, in letters."""


@part
def _is_caseless(point: int) -> bool:
    """Return whether a code point behind the tables is certainly no letter with case."""
    return 0x2E80 <= point <= 0xA63F or 0xAC00 <= point <= 0xD7FF


@part
def _is_consonant(point: int) -> bool:
    """Return whether a code point is an ASCII consonant."""
    lower = point | 0x20
    return point >= 0x41 and 0x61 <= lower <= 0x7A and lower not in _VOWELS


@part
def _slot(key: int, mask: int) -> int:
    """Return the first slot in which a key may be."""
    value = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64((value >> np.uint64(32)) & np.uint64(mask))


@kernel
def fill(keys: Hashes, slots: SmallIntsOut) -> None:
    """Fill the empty `slots` with the n-grams, by their keys (`packed`)."""
    mask = len(slots) - 1
    for row in range(len(keys)):
        slot = _slot(keys[row], mask)
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = row + 1


@part
def _row(key: int, keys: Hashes, slots: SmallInts) -> int:
    """Return the row of an n-gram, or -1."""
    mask = len(slots) - 1
    slot = _slot(key, mask)
    while slots[slot]:
        row = int(slots[slot]) - 1
        if keys[row] == key:
            return row
        slot = (slot + 1) & mask
    return -1


@part
def _sum(
    matrix: SmallReals,
    rows: SmallInts,
    first: int,
    count: int,
    width: int,
    out: SmallRealsOut,
    at: int,
) -> None:
    """Write the sum of `count` rows (at most 128) to `out`, added pairwise as numpy does."""
    if count < 8:
        for column in range(width):
            out[at + column] = np.float32(0)
        for number in range(first, first + count):
            row = np.int64(rows[number]) * width
            for column in range(width):
                out[at + column] += matrix[row + column]
        return
    partial = np.zeros(8 * width, np.float32)
    whole = count - count % 8
    for number in range(whole):
        row = np.int64(rows[first + number]) * width
        to = (number % 8) * width
        for column in range(width):
            partial[to + column] += matrix[row + column]
    for column in range(width):
        out[at + column] = (
            (partial[column] + partial[width + column])
            + (partial[2 * width + column] + partial[3 * width + column])
        ) + (
            (partial[4 * width + column] + partial[5 * width + column])
            + (partial[6 * width + column] + partial[7 * width + column])
        )
    for number in range(first + whole, first + count):
        row = np.int64(rows[number]) * width
        for column in range(width):
            out[at + column] += matrix[row + column]


@part
def _kind(point: int, kinds: Bytes) -> int:
    """Return the kind of a code point as far as it tells of case; _HARD if it is not known."""
    if point < len(kinds):
        return np.int64(kinds[point]) & _CASES
    return 0 if _is_caseless(point) else _HARD


@kernel
def learn(
    letters: Points,
    bounds: Ints,
    first: int,
    end: int,
    kinds: Bytes,
    lowers: Points,
    keys: Hashes,
    slots: SmallInts,
    matrix: SmallReals,
    width: int,
    scores: SmallRealsOut,
    hard: FlagsOut,
) -> int:
    """Compute the scores of the words numbered [first, end): for each size of n-grams the sums of
    their rows, then the number of n-grams of each size. Return the number of words that are left to
    the plain code, which are marked in `hard`.

    letters, bounds: the words; see `words.Words`.
    kinds, lowers: the tables of `letters`.
    keys, slots: the n-grams of the matrix.
    matrix: its rows, one after the other, of `width` elements.
    scores: of all words, one after the other.
    """
    padded = np.zeros(LONGEST + 2, np.int64)
    rows = np.zeros(LONGEST + 2, np.int32)
    left = 0
    for word in range(first, end):
        start = bounds[word]
        size = bounds[word + 1] - start
        base = word * (3 * width + 3)
        for at in range(base, base + 3 * width + 3):
            scores[at] = np.float32(0)
        seen = 0
        consonants = True
        for at in range(start, start + size):
            point = np.int64(letters[at])
            seen |= _kind(point, kinds)
            consonants = consonants and _is_consonant(point)
        if seen & _HARD:
            hard[word - first] = True
            left += 1
            continue
        if consonants and size >= 2:
            continue
        lowered = seen == _UPPER and size >= _SHORTEST_IN_CAPITALS
        size = min(size, LONGEST)
        padded[0] = 0x20
        padded[size + 1] = 0x20
        capitals = False
        for at in range(size):
            point = np.int64(letters[start + at])
            if lowered and point < len(lowers):
                point = np.int64(lowers[point])
            padded[at + 1] = point
            capitals = capitals or (
                at > 0 and point < len(lowers) and np.int64(lowers[point]) != point
            )
        for length in range(1, 4):
            count = 0
            for stop in range(max(length, 2), size + 3 - (length == 1)):
                if (
                    capitals
                    and _kind(padded[stop - 1], kinds) == _UPPER
                    and _kind(padded[stop - 2], kinds) == _UPPER
                ):
                    continue
                key = padded[stop - 1]
                if length > 1:
                    key |= padded[stop - 2] << 21
                if length > 2:
                    key |= padded[stop - 3] << 42
                row = _row(np.uint64(key), keys, slots)
                if row >= 0:
                    rows[count] = row
                    count += 1
            _sum(matrix, rows, 0, count, width, scores, base + (length - 1) * width)
            scores[base + 3 * width + length - 1] = np.float32(count)
    return left


@kernel
def total(
    numbers: SmallInts,
    scores: SmallReals,
    width: int,
    seen: SmallIntsOut,
    mark: int,
    out: SmallRealsOut,
) -> int:
    """Write the sum of the scores of the distinct words to `out`, in the order of the words. Return
    the number of distinct words.

    seen: for each word `mark`, if an earlier one was that word; is updated.
    """
    distinct = 0
    for number in numbers:
        if seen[number] == mark:
            continue
        seen[number] = mark
        row = np.int64(number) * width
        for column in range(width):
            if distinct:
                out[column] += scores[row + column]
            else:
                out[column] = scores[row + column]
        distinct += 1
    return distinct


@kernel
def leads(
    numbers: SmallInts,
    ends: Ints,
    scores: SmallReals,
    width: int,
    handicaps: Reals,
    own: int,
    found: RealsOut,
    columns: IntsOut,
) -> None:
    """Find for each text the column of the largest sum, and by how much that is larger than the sum
    of the column `own`. A text without words has a lead of -inf.

    ends: the number of words up to the end of each text, which has at most 128 words.
    handicaps: what is added to the sums of each column.
    found: is filled with the lead of each text. columns: with its column.
    """
    first = 0
    rest = np.zeros(width, np.float32)
    for text in range(len(ends)):
        found[text] = -np.inf
        columns[text] = 0
        if ends[text] > first:
            row = np.int64(numbers[first]) * width
            _sum(scores, numbers, first + 1, ends[text] - first - 1, width, rest, 0)
            most = -np.inf
            for column in range(width):
                value = np.float64(scores[row + column] + rest[column]) + handicaps[column]
                if value > most:
                    most = value
                    columns[text] = column
            found[text] = most - (np.float64(scores[row + own] + rest[own]) + handicaps[own])
        first = ends[text]
