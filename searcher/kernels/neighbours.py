"""Terms near a word, found by a descent of the sorted terms as of a tree; and the place of a term.

A dictionary is given as in its segment: `terms` holds its terms in UTF-8, ascending and end to end,
and term i is at [ends[i], ends[i + 1]).

Terms with a common beginning are neighbours, so they are a node of the tree. A node has a row of
edit distances (Wagner and Fischer 1974) between its beginning and those of the word. It is left as
soon as no distance of its row is small enough.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher.kernels.compiler import Bytes, IntsOut, Points, kernel, part

Table: TypeAlias = NDArray[np.int64]
"""Two dimensions, between the parts of a kernel."""

_NO_CHARACTER = 1 << 30
"""A number above all code points."""
_FEW = 64
"""Number of terms for which there is room at first."""


@part
def _character(terms: Bytes, at: int, end: int) -> int:
    """Return the code point that begins at byte `at` of a term, or -1 at its end."""
    if at >= end:
        return -1
    first = np.int64(terms[at])
    if first < 0x80:
        return first
    if first < 0xE0:
        return ((first & 31) << 6) | (np.int64(terms[at + 1]) & 63)
    if first < 0xF0:
        return (
            ((first & 15) << 12)
            | ((np.int64(terms[at + 1]) & 63) << 6)
            | (np.int64(terms[at + 2]) & 63)
        )
    return (
        ((first & 7) << 18)
        | ((np.int64(terms[at + 1]) & 63) << 12)
        | ((np.int64(terms[at + 2]) & 63) << 6)
        | (np.int64(terms[at + 3]) & 63)
    )


@part
def _width(character: int) -> int:
    """Return the number of bytes of a code point."""
    return 1 + (character >= 0x80) + (character >= 0x800) + (character >= 0x10000)


@part
def _next_child(
    terms: Bytes, ends: Points, start: int, end: int, offset: int, character: int
) -> int:
    """Return the first of the terms [start, end) whose character at byte `offset` is not less than
    `character`; `end` if there is none. It is searched for near `start` first."""
    low, high, at, step = start, end, start, 1
    while at < high:
        if _character(terms, np.int64(ends[at]) + offset, np.int64(ends[at + 1])) >= character:
            high = at
            break
        low = at + 1
        at += step
        step *= 2
    while low < high:
        middle = (low + high) >> 1
        if (
            _character(terms, np.int64(ends[middle]) + offset, np.int64(ends[middle + 1]))
            >= character
        ):
            high = middle
        else:
            low = middle + 1
    return low


@part
def _distances(
    rows: Table, level: int, word: Points, before: int, character: int, most: int
) -> int:
    """Set the row of a node below one at `level`, and return the smallest distance in it.

    Distances further than `most` from the diagonal are too large, and are not computed.
    before: the character before `character`; -1 if there is none.
    """
    row, length, far = level + 1, len(word), most + 1
    low, high = max(row - most, 0), min(row + most, length)
    smallest = far
    for place in range(low, high + 1):
        distance = far
        if place == 0:
            distance = min(row, far)
        else:
            distance = min(distance, rows[level, place - 1] + (word[place - 1] != character))
            if place > low:
                distance = min(distance, rows[row, place - 1] + 1)
            if place > 1 and word[place - 2] == character and word[place - 1] == before:
                distance = min(distance, rows[level - 1, place - 2] + 1)
        if place < row + most:
            distance = min(distance, rows[level, place] + 1)
        rows[row, place] = distance
        smallest = min(smallest, distance)
    return smallest


@part
def _continuation(
    rows: Table, level: int, word: Points, before: int, character: int, most: int
) -> int:
    """Return the first character, not less than `character`, that can follow a node without an edit
    to spare; _NO_CHARACTER if there is none. before: the last character of the node."""
    found = _NO_CHARACTER
    for place in range(max(level - most, 0), min(level + most + 1, len(word))):
        if rows[level, place] == most and character <= word[place] < found:
            found = np.int64(word[place])
        swapped = place > 0 and level > 0 and word[place] == before
        if swapped and rows[level - 1, place - 1] < most and character <= word[place - 1] < found:
            found = np.int64(word[place - 1])
    return found


@kernel
def lower(terms: Bytes, ends: Points, term: Bytes) -> int:
    """Return the number of the first term that is not less than `term`."""
    low, high, length = 0, len(ends) - 1, len(term)
    while low < high:
        middle = (low + high) >> 1
        at, end, place = np.int64(ends[middle]), np.int64(ends[middle + 1]), 0
        while place < length and at < end and terms[at] == term[place]:
            at += 1
            place += 1
        if place < length and (at == end or terms[at] < term[place]):
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def places(terms: Bytes, ends: Points, wanted: Bytes, wanted_ends: Points, found: IntsOut) -> None:
    """Fill `found` with the number of each wanted term, -1 for a term that is not among the terms.

    wanted, wanted_ends: the wanted terms, ascending, given as the terms are.
    """
    low, count = 0, len(ends) - 1
    for number in range(len(wanted_ends) - 1):
        start, length = np.int64(wanted_ends[number]), np.int64(wanted_ends[number + 1])
        length -= start
        high = count
        found[number] = -1
        while low < high:
            middle = (low + high) >> 1
            at, end, place = np.int64(ends[middle]), np.int64(ends[middle + 1]), 0
            while place < length and at < end and terms[at] == wanted[start + place]:
                at += 1
                place += 1
            if place == length and at == end:
                found[number] = low = high = middle
            elif place < length and (at == end or terms[at] < wanted[start + place]):
                low = middle + 1
            else:
                high = middle


@kernel
def within(terms: Bytes, ends: Points, start: int, end: int, word: Points, most: int) -> IntsOut:
    """Return the numbers, ascending, of the terms among [start, end) that are at most `most` edits
    from a word.

    word: its code points. An edit inserts, deletes or replaces a character or swaps two neighbours,
    and no part is edited twice.
    """
    length, levels = len(word), len(word) + most + 2
    rows = np.empty((levels, length + 1), np.int64)
    # By level: the terms of the node that are still to be visited, the byte at which they go on,
    # the node's last character, and the smallest distance in its row.
    first, after, offset, last, spent = np.empty((5, levels), np.int64)
    found, filled = np.empty(_FEW, np.int64), 0
    rows[0] = np.minimum(np.arange(length + 1), most + 1)
    level, first[0], after[0], offset[0], last[0], spent[0] = 0, start, end, 0, -1, 0
    while level >= 0:
        number, at = first[level], offset[level]
        if number >= after[level]:
            level -= 1
            continue
        character = _character(terms, np.int64(ends[number]) + at, np.int64(ends[number + 1]))
        if character < 0:
            if length <= level + most and rows[level, length] <= most:
                if filled == len(found):
                    found = np.append(found, np.empty(filled, np.int64))
                found[filled] = number
                filled += 1
            first[level] += 1
            continue
        if spent[level] == most:
            wanted = _continuation(rows, level, word, last[level], character, most)
            if wanted > character:
                first[level] = _next_child(terms, ends, number + 1, after[level], at, wanted)
                continue
        beyond = _next_child(terms, ends, number + 1, after[level], at, character + 1)
        first[level] = beyond
        if level < length + most:
            smallest = _distances(rows, level, word, last[level], character, most)
            if smallest <= most:
                level += 1
                first[level], after[level], offset[level] = number, beyond, at + _width(character)
                last[level], spent[level] = character, smallest
    return found[:filled]
