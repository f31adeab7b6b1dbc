"""The passages of bodies that show best why they match, and the spans to mark in them.

`search.windows` and `search.snippets` are the plain reference: they define what a passage is. The
bodies follow each other in one text, and all characters are counted in it.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Hashes,
    Ints,
    IntsOut,
    Points,
    kernel,
    part,
)

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

ROW = 6
"""Numbers of a row of `choose`: first character, character behind the last, whether it begins with
a sentence, whether it ends with one, its first span, and the one behind its last."""

BODY = 4
"""Numbers of a body: first character, character behind the last, first match, and the match behind
its last."""

_START, _END, _PATTERNS, _HITS, _OPENS, _CLOSES = range(6)
_FULL_STOP, _BLANK = 46, 32
_MOST_PATTERNS = 64
_MOST = (1 << 31) - 1


@part
def _bits(mask: int) -> int:
    """Return the number of bits that are set."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@kernel
def _first_from(values: Ints, count: int, least: int) -> int:
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
    number = _first_from(paragraphs, len(paragraphs), max(lo, first))
    while number < len(paragraphs) and paragraphs[number] <= min(hi, last):
        place = _first_from(starts, count, paragraphs[number])
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
    at = _first_from(starts, count, limit + 2) - 1
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
def _window(
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
    at = _first_from(starts, count, first + 1) - 1
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
        at = _first_from(starts, count, latest + 1) - 1
        if at >= 0 and starts[at] >= earliest:
            start = starts[at]
        else:
            start = _word_start(points, lo, earliest, latest)
        end = _window_end(points, chars, limits, hi, start, last, starts, count)
    window[_START], window[_END] = start, end
    at = _first_from(starts, count, start)
    window[_OPENS] = at < count and starts[at] == start
    at = _first_from(starts, count, end)
    window[_CLOSES] = end == hi or (at < count and starts[at] <= end + 1)


@kernel
def _count(begins: Ints, ends: Ints, numbers: Ints, first: int, last: int, window: IntsOut) -> None:
    """Count the matches in a passage, of those from `first` to before `last`."""
    patterns = hits = 0
    at = first + _first_from(begins[first:last], last - first, window[_START])
    while at < last and begins[at] < window[_END]:
        if ends[at] <= window[_END]:
            patterns |= 1 << numbers[at]
            hits += 1
        at += 1
    window[_PATTERNS], window[_HITS] = patterns, hits


@kernel
def _look_ahead(
    begins: Ints,
    ends: Ints,
    numbers: Ints,
    first: int,
    end: int,
    reach: int,
    masks: IntsOut,
    hits: IntsOut,
) -> None:
    """Find the patterns within `reach` from each match on, a bit each, and the number of
    matches."""
    counts = np.zeros(_MOST_PATTERNS, np.int64)
    mask = 0
    last = first
    for at in range(first, end):
        while last < end and (last == at or ends[last] <= begins[at] + reach):
            counts[numbers[last]] += 1
            mask |= 1 << numbers[last]
            last += 1
        masks[at], hits[at] = mask, last - at
        counts[numbers[at]] -= 1
        if counts[numbers[at]] == 0:
            mask &= ~(1 << numbers[at])


@kernel
def _worth(window: Ints, shown: int, first: int) -> int:
    """Return the number by which passages are compared; larger is better. It has the new patterns,
    all, whether a sentence begins it, the matches and the place. first: of the body."""
    new = _bits(window[_PATTERNS] & ~shown)
    worth: int = (((new << 6) | _bits(window[_PATTERNS])) << 1) | window[_OPENS]
    hits: int = min(window[_HITS], (1 << 19) - 1)
    before: int = window[_START] - first
    return (((worth << 19) | hits) << 31) | (_MOST - before)


@kernel
def _expect(
    lead_out: int,
    body: Ints,
    begins: Ints,
    ends: Ints,
    masks: Ints,
    hits: Ints,
    other: Ints,
    keys: IntsOut,
) -> None:
    """Find how good a passage from each match of a body on is expected to be: its new patterns,
    all, and its matches; larger is better. keys: -1; matches too near to `other` keep it."""
    first = body[2]
    shown = other[_PATTERNS] if len(other) else 0
    for at in range(first, body[3]):
        apart = True
        if len(other):
            apart = begins[at] >= other[_END] or ends[at] <= other[_START] - lead_out
            apart = apart and (masks[at] & ~shown != 0 or _bits(masks[at]) > 1)
        if apart:
            key = (_bits(masks[at] & ~shown) << 6) | _bits(masks[at])
            keys[at - first] = (key << 19) | min(hits[at], (1 << 19) - 1)


@kernel
def _best(
    points: Points,
    chars: Points,
    abbreviations: Hashes,
    limits: Ints,
    paragraphs: Ints,
    body: Ints,
    begins: Ints,
    ends: Ints,
    numbers: Ints,
    masks: Ints,
    hits: Ints,
    other: Ints,
    starts: IntsOut,
    best: IntsOut,
) -> bool:
    """Find the best passage of a body around one of its matches. Return whether there is one.

    masks, hits: of `_look_ahead`. other: another passage, to which it must be apart and add
    something; empty if there is none. best: gets the passage.
    """
    lo, hi, first, last = body[0], body[1], body[2], body[3]
    shown = other[_PATTERNS] if len(other) else 0
    keys = np.full(last - first, -1, np.int64)
    _expect(limits[LEAD_OUT], body, begins, ends, masks, hits, other, keys)
    window = np.empty(6, np.int64)
    found = -1
    for _ in range(limits[TRIED]):
        place = -1
        for at in range(len(keys)):
            if keys[at] >= 0 and (place < 0 or keys[at] > keys[place]):
                place = at
        if place < 0:
            break
        expected = keys[place] >> 19
        keys[place] = -1
        if found >= 0 and expected < found >> 51:
            break
        _window(
            points,
            chars,
            abbreviations,
            limits,
            paragraphs,
            lo,
            hi,
            begins[first + place],
            ends[first + place],
            starts,
            window,
        )
        if not len(other) or window[_END] <= other[_START] or window[_START] >= other[_END]:
            _count(begins, ends, numbers, first, last, window)
            worth = _worth(window, shown, lo)
            if worth > found:
                found = worth
                best[:] = window
        if found >= 0 and best[_OPENS] and found >> 51 >= expected:
            break
    return found >= 0


@kernel
def _merged(
    begins: Ints, ends: Ints, body: Ints, longest: int, row: Ints, count: int, spans: IntsOut
) -> int:
    """Add the marks of a passage behind `count` spans, each as two characters of the passage.
    Return the new number of spans. row: of `choose`. longest: see LONGEST_MATCH."""
    first = count
    at = body[2] + _first_from(begins[body[2] : body[3]], body[3] - body[2], row[0] - longest)
    while at < body[3] and begins[at] < row[1]:
        start = max(begins[at], row[0]) - row[0]
        end = min(ends[at], row[1]) - row[0]
        if ends[at] > row[0]:
            if count > first and start < spans[2 * count - 1]:
                spans[2 * count - 1] = max(spans[2 * count - 1], end)
            else:
                spans[2 * count], spans[2 * count + 1] = start, end
                count += 1
        at += 1
    return count


@kernel
def choose(
    points: Points,
    chars: Points,
    abbreviations: Hashes,
    limits: Ints,
    paragraphs: Ints,
    bodies: Ints,
    begins: Ints,
    ends: Ints,
    numbers: Ints,
    rows: IntsOut,
    spans: IntsOut,
) -> None:
    """Choose at most two passages of each body.

    points: the text, whose code points are all in `chars`, the table of characters.
    abbreviations: their small letters, 16 bits each.
    limits: LIMITS numbers.
    paragraphs: where the paragraphs of the bodies begin.
    bodies: BODY numbers each; bodies are not empty.
    begins, ends, numbers: the matches, those of each body ascending: first character, character
    behind the last, and number of the pattern, below 64.
    rows: zeros; gets ROW numbers for two passages of each body, in their order. A second passage
    that ends at 0 is none.
    spans: gets the marks of the passages, two numbers each. Has room for two of each match.
    """
    masks, hits = np.empty(len(begins), np.int64), np.empty(len(begins), np.int64)
    starts = np.empty(2 * limits[LONGEST] + 8, np.int64)
    best, second = np.zeros(6, np.int64), np.zeros(6, np.int64)
    count = 0
    for number in range(len(bodies) // BODY):
        body = bodies[number * BODY : (number + 1) * BODY]
        lo, hi, first, last = body[0], body[1], body[2], body[3]
        _look_ahead(begins, ends, numbers, first, last, limits[REACH], masks, hits)
        shown = 1
        if first == last:
            _window(points, chars, abbreviations, limits, paragraphs, lo, hi, lo, lo, starts, best)
        else:
            for chosen in range(2):
                is_found = _best(
                    points,
                    chars,
                    abbreviations,
                    limits,
                    paragraphs,
                    body,
                    begins,
                    ends,
                    numbers,
                    masks,
                    hits,
                    best[: 6 * chosen],
                    starts,
                    second if chosen else best,
                )
                if chosen and is_found:
                    new = second[_PATTERNS] & ~best[_PATTERNS]
                    shown += new != 0 or _bits(second[_PATTERNS]) > 1
        for place in range(shown):
            later = place == 1 if best[_START] < second[_START] else place == 0
            window = second if shown == 2 and later else best
            row = rows[(2 * number + place) * ROW : (2 * number + place + 1) * ROW]
            row[0], row[1] = window[_START], window[_END]
            row[2], row[3] = window[_OPENS], window[_CLOSES]
            row[4] = count
            count = _merged(begins, ends, body, limits[LONGEST_MATCH], row, count, spans)
            row[5] = count
