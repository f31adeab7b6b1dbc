"""Names near a name: those of a sorted list of terms whose codes are a small weighted edit distance
apart. The loop of `engine.likeness`, which makes the tables; codes and distances are those of
`text.names`.

A term is a key of ASCII letters, which is skipped, and a name in UTF-8. Signs of a code are ASCII
letters, and a sign's number is its lower six bits.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.kernels.compiler import Bytes, BytesOut, Ints, IntsOut, Points, Reals, kernel, part

Table: TypeAlias = NDArray[np.float64]
"""Two dimensions, between the parts of a kernel."""

POINTS = 0x500
"""Number of code points with Latin letters in the table; the later ones have none."""
LATIN = 4
"""Maximum number of Latin letters for a code point."""
UNKNOWN = 255
"""The first entry of a code point without Latin letters."""
RULE = 10
"""Bytes of a rule: letters, then from RULE_RESULT on those that replace them, both with zeros
behind."""
RULE_RESULT = 7
"""Maximum number of letters that a rule replaces."""
SIGNS = 64
"""Number of signs."""
ADDED = SIGNS * SIGNS
"""Where the costs of letters that the word lacks begin in the table of costs."""
FIRST = ADDED + SIGNS
"""Where those of exchanges of the first letters begin."""
_ROOM = 1024
"""Number of letters for which there is room while a code is made."""
_LONGEST = _ROOM // (2 * LATIN)
"""Maximum length of a name whose code is made, in bytes: a rule may double its Latin letters."""
_FEW = 64
"""Number of terms for which there is room at first."""


@part
def _latin_letters(
    terms: Bytes, at: int, end: int, latin: Bytes, letters: BytesOut
) -> tuple[int, int]:
    """Set the Latin letters of a name. Return their number and their set as bits; -1 for other
    scripts.

    at, end: the bytes of the name in `terms`.
    """
    length, held = 0, 0
    while at < end:
        point = np.int64(terms[at])
        at += 1
        if point >= 0x80:
            point &= 0x3F if point < 0xE0 else 0xFFFF
            while at < end and (terms[at] & 0xC0) == 0x80:
                point = (point << 6) | (np.int64(terms[at]) & 0x3F)
                at += 1
        if point >= POINTS or latin[point * LATIN] == UNKNOWN:
            return -1, 0
        for place in range(point * LATIN, point * LATIN + LATIN):
            if latin[place] == 0:
                break
            letters[length] = latin[place]
            held |= 1 << (np.int64(latin[place]) & 63)
            length += 1
    return length, held


@part
def _ruled(letters: BytesOut, length: int, rules: Bytes, rule: int, at_end: bool) -> int:
    """Apply a rule to letters, from left to right, and return their new number.

    rule: where its letters begin in `rules`. at_end: whether it is for the last letters only.
    """
    size, result = 0, 0
    while size < RULE_RESULT and rules[rule + size]:
        size += 1
    while result < RULE - RULE_RESULT and rules[rule + RULE_RESULT + result]:
        result += 1
    at = max(length - size, 0) if at_end else 0
    while at + size <= length:
        same = 0
        while same < size and letters[at + same] == rules[rule + same]:
            same += 1
        if same < size:
            at += 1
            continue
        if result > size:
            for place in range(length - 1, at + size - 1, -1):
                letters[place + result - size] = letters[place]
        else:
            for place in range(at + size, length):
                letters[place + result - size] = letters[place]
        length += result - size
        for place in range(result):
            letters[at + place] = rules[rule + RULE_RESULT + place]
        at += result
    return length


@part
def _code(letters: BytesOut, length: int, held: int, rules: Bytes, sets: Ints, endings: int) -> int:
    """Replace Latin letters by their code, and return its length. held: the set of the letters."""
    for number in range(len(sets) // 2):
        if (sets[2 * number] & ~held) == 0:
            length = _ruled(letters, length, rules, number * RULE, number < endings)
            held |= sets[2 * number + 1]
    kept = 0
    for place in range(length):
        if kept == 0 or letters[place] != letters[kept - 1]:
            letters[kept] = letters[place]
            kept += 1
    return kept


@part
def _distance(
    code: BytesOut, length: int, word: Bytes, own: Reals, costs: Reals, swap: float, most: float,
    rows: Table,
) -> float:  # fmt: skip
    """Return the least distance of a code to the word; infinity if it is more than `most`. rows:
    room for three rows of distances."""
    wide, before = len(word), np.inf
    rows[2, 0] = 0.0
    for other in range(wide):
        rows[2, other + 1] = rows[2, other] + own[other]
    smallest = 0.0
    for place in range(length):
        letter = np.int64(code[place]) & 63
        row, above, top = place % 3, (place + 2) % 3, (place + 1) % 3
        added = costs[ADDED + letter]
        rows[row, 0] = rows[above, 0] + added
        before, smallest = smallest, rows[row, 0]
        for other in range(wide):
            at = FIRST + letter if place == other == 0 else letter << 6 | np.int64(word[other]) & 63
            best = min(rows[above, other] + costs[at], rows[above, other + 1] + added)
            best = min(best, rows[row, other] + own[other])
            if (
                place
                and other
                and code[place] == word[other - 1]
                and code[place - 1] == word[other]
            ):
                best = min(best, rows[top, other - 1] + swap)
            rows[row, other + 1] = best
            smallest = min(smallest, best)
        if min(smallest, before + swap) > most:
            return np.inf
    distance: float = rows[(length + 2) % 3, wide]
    return distance


@kernel
def alike(
    terms: Bytes, ends: Points, start: int, end: int, skipped: int, latin: Bytes, rules: Bytes,
    sets: Ints, endings: int, word: Bytes, own: Reals, costs: Reals, swap: float, limits: Reals,
) -> IntsOut:  # fmt: skip
    """Return the numbers, ascending, of the terms among [start, end) that are near a word, and of
    some others.

    skipped: number of bytes of a term before its name.
    latin: LATIN Latin letters for each code point below POINTS, with zeros behind.
    rules: of RULE bytes each; the first `endings` are for the end of a name only.
    sets: for each rule the set of its letters, and of those that replace them: bits by the numbers
    of the letters.
    word: the code that names are compared with.
    own: for each of its letters the cost of one that the other code lacks.
    costs: of exchanges, by sign of a code and sign of the word (of 64 each); then of letters that
    the word lacks, by sign; then of exchanges of the first letters, by sign of the code.
    swap: cost of two neighbours in the other order.
    limits: maximum distance by the length of a code; longer codes are not near.
    """
    found, filled = np.empty(_FEW, np.int64), 0
    letters, rows = np.empty(_ROOM, np.uint8), np.empty((3, len(word) + 1), np.float64)
    most = limits.max()
    for number in range(start, end):
        first, last = np.int64(ends[number]) + skipped, np.int64(ends[number + 1])
        near = last - first > _LONGEST
        if not near:
            length, held = _latin_letters(terms, first, last, latin, letters)
            length = _code(letters, length, held, rules, sets, endings)
            if 0 < length < len(limits) and limits[length] >= 0:
                distance = _distance(letters, length, word, own, costs, swap, most, rows)
                near = distance <= limits[length]
        if near:
            if filled == len(found):
                found = np.append(found, np.empty(filled, np.int64))
            found[filled] = number
            filled += 1
    return found[:filled]
