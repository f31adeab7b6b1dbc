"""Where sentences and passages begin and end, for `kernels.passages`.

`text.sentences` and `search.windows` are the plain reference. The bodies follow each other in one
text, and all characters are counted in it.

After a change of this module the compiled code of `kernels.passages` has to be removed.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import Hashes, Ints, IntsOut, Points, kernel

STOP, WIDE_STOP, CLOSER, WIDE_CLOSER, SPACE, WORD, ALPHA = (
    1 << 16,
    1 << 17,
    1 << 18,
    1 << 19,
    1 << 20,
    1 << 21,
    1 << 22,
)
"""Bits of a character in the table, above its small letter. STOP: it ends a sentence if CLOSERs and
a SPACE follow. WIDE_STOP: it ends one of a script without spaces. WORD: a letter, a number or _.
ALPHA: a letter."""

SHORTEST, LONGEST, LEAD_IN, LEAD_OUT, REACH, TRIED, BEFORE, LONGEST_MATCH, ABBREVIATED, LIMITS = (
    range(10)
)
"""Places of the limits, which `search.windows`, `search.body` and `search.snippets` declare, and of
the length of the longest abbreviation. The last is their number."""

START, END, PATTERNS, HITS, OPENS, CLOSES = range(6)
"""The numbers of a passage: first character, character behind the last, its patterns as bits, its
number of matches, whether it begins with a sentence, and whether it ends with one."""
_FULL_STOP, _BLANK = 46, 32


@kernel
def first_from(values: Ints, count: int, least: int) -> int:
    """Return the place of the first of `count` ascending values that is at least `least`."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if values[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _is_abbreviated(
    points: Points, chars: Points, abbreviations: Hashes, longest: int, first: int, stop: int
) -> bool:
    """Return whether the full stop at `stop` belongs to an abbreviation. first: of the body."""
    start = stop
    while start > first and chars[points[start - 1]] & WORD:
        start -= 1
        if stop - start > longest:
            return False
    if stop - start == 1 and chars[points[start]] & ALPHA:
        return True
    packed = np.uint64(0)
    for at in range(start, stop):
        packed = (packed << np.uint64(16)) | np.uint64(chars[points[at]] & 0xFFFF)
    found = False
    for known in abbreviations:
        found = found or packed == known
    return found


@kernel
def _sentence_end(points: Points, chars: Points, at: int, end: int) -> tuple[int, int]:
    """Return the first STOP or WIDE_STOP in [at, end) that ends a sentence, and the character
    behind what follows it; `end` twice without one."""
    while at < end:
        kind = chars[points[at]]
        stop = at
        at += 1
        if kind & STOP:
            while at < end and chars[points[at]] & STOP:
                at += 1
            last = at
            while at < end and chars[points[at]] & CLOSER:
                at += 1
            behind = at
            while at < end and chars[points[at]] & SPACE:
                at += 1
            if at > behind:
                return stop, at
            at = last
        elif kind & WIDE_STOP:
            while at < end and chars[points[at]] & WIDE_STOP:
                at += 1
            while at < end and chars[points[at]] & WIDE_CLOSER:
                at += 1
            return stop, at
    return end, end


@kernel
def _sentences(
    points: Points,
    chars: Points,
    abbreviations: Hashes,
    limits: Ints,
    paragraphs: Ints,
    lo: int,
    hi: int,
    first: int,
    last: int,
    starts: IntsOut,
) -> int:
    """Find where paragraphs or sentences of the body [lo, hi) begin, from `first` to `last`. Return
    their number. starts: gets the characters, ascending; has room for those of a passage."""
    count = 0
    at = max(lo, first - limits[BEFORE])
    end = min(hi, last + 1)
    if at == lo >= first:
        starts[0] = lo
        count = 1
    while at < end:
        stop, at = _sentence_end(points, chars, at, end)
        ends = stop < end and at < hi and first <= at <= last
        if ends and not (
            points[stop] == _FULL_STOP
            and _is_abbreviated(points, chars, abbreviations, limits[ABBREVIATED], lo, stop)
        ):
            starts[count] = at
            count += 1
    number = first_from(paragraphs, len(paragraphs), max(lo, first))
    while number < len(paragraphs) and paragraphs[number] <= min(hi, last):
        place = first_from(starts, count, paragraphs[number])
        if place == count or starts[place] != paragraphs[number]:
            for later in range(count, place, -1):
                starts[later] = starts[later - 1]
            starts[place] = paragraphs[number]
            count += 1
        number += 1
    return count


@kernel
def _word_start(points: Points, lo: int, at: int, latest: int) -> int:
    """Return the first beginning of a word from `at` to `latest`; `at` without a space."""
    if at == lo:
        return lo
    for space in range(at - 1, latest):
        if points[space] == _BLANK:
            return space + 1
    return at


@kernel
def _window_end(
    points: Points,
    chars: Points,
    limits: Ints,
    hi: int,
    start: int,
    needed: int,
    starts: Ints,
    count: int,
) -> int:
    """Return the end of a passage. starts, count: where sentences begin near it."""
    limit: int = start + limits[LONGEST]
    if limit >= hi:
        return hi
    at = first_from(starts, count, limit + 2) - 1
    if at >= 0:
        end: int = max(start, starts[at])
        while end > start and chars[points[end - 1]] & SPACE:
            end -= 1
        if limits[SHORTEST] <= end - start <= limits[LONGEST] and end >= needed:
            return end
    least = max(start, min(needed, start + limits[SHORTEST]))
    for space in range(limit, least - 1, -1):
        if points[space] == _BLANK:
            return space if space > start else limit
    return limit


@kernel
def find_window(
    points: Points,
    chars: Points,
    abbreviations: Hashes,
    limits: Ints,
    paragraphs: Ints,
    lo: int,
    hi: int,
    first: int,
    last: int,
    starts: IntsOut,
    window: IntsOut,
) -> None:
    """Find the passage around the match [first, last). window: gets all but its matches."""
    longest = limits[LONGEST]
    left, right = last - longest, first + longest + 1
    count = _sentences(
        points, chars, abbreviations, limits, paragraphs, lo, hi, left, right, starts
    )
    at = first_from(starts, count, first + 1) - 1
    if at >= 0 and last - starts[at] <= longest - limits[LEAD_OUT]:
        start = starts[at]
    else:
        start = _word_start(points, lo, max(lo, first - limits[LEAD_IN]), first)
    end = _window_end(points, chars, limits, hi, start, last, starts, count)
    if end - start < limits[SHORTEST] and start > lo:
        left, right = end - longest, end + longest + 1
        count = _sentences(
            points, chars, abbreviations, limits, paragraphs, lo, hi, left, right, starts
        )
        latest, earliest = max(lo, end - limits[SHORTEST]), max(lo, end - longest)
        at = first_from(starts, count, latest + 1) - 1
        if at >= 0 and starts[at] >= earliest:
            start = starts[at]
        else:
            start = _word_start(points, lo, earliest, latest)
        end = _window_end(points, chars, limits, hi, start, last, starts, count)
    window[START], window[END] = start, end
    at = first_from(starts, count, start)
    window[OPENS] = at < count and starts[at] == start
    at = first_from(starts, count, end)
    window[CLOSES] = end == hi or (at < count and starts[at] <= end + 1)
