"""The passages of bodies that show best why they match, and the spans to mark in them.

`search.windows` and `search.snippets` are the plain reference: they define what a passage is.
`sentences` says where one begins and ends. The bodies follow each other in one text, and all
characters are counted in it.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import Hashes, Ints, IntsOut, Points, kernel, part
from searcher.kernels.sentences import (
    CLOSES,
    END,
    HITS,
    LEAD_OUT,
    LONGEST,
    LONGEST_MATCH,
    OPENS,
    PATTERNS,
    REACH,
    START,
    TRIED,
    find_window,
    first_from,
)

ROW = 6
"""Numbers of a row of `choose`: first character, character behind the last, whether it begins with
a sentence, whether it ends with one, its first span, and the one behind its last."""

BODY = 4
"""Numbers of a body: first character, character behind the last, first match, and the match behind
its last."""

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
def _count(begins: Ints, ends: Ints, numbers: Ints, first: int, last: int, window: IntsOut) -> None:
    """Count the matches in a passage, of those from `first` to before `last`."""
    patterns = hits = 0
    at = first + first_from(begins[first:last], last - first, window[START])
    while at < last and begins[at] < window[END]:
        if ends[at] <= window[END]:
            patterns |= 1 << numbers[at]
            hits += 1
        at += 1
    window[PATTERNS], window[HITS] = patterns, hits


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
    new = _bits(window[PATTERNS] & ~shown)
    worth: int = (((new << 6) | _bits(window[PATTERNS])) << 1) | window[OPENS]
    hits: int = min(window[HITS], (1 << 19) - 1)
    before: int = window[START] - first
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
    shown = other[PATTERNS] if len(other) else 0
    for at in range(first, body[3]):
        apart = True
        if len(other):
            apart = begins[at] >= other[END] or ends[at] <= other[START] - lead_out
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
    shown = other[PATTERNS] if len(other) else 0
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
        find_window(
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
        if not len(other) or window[END] <= other[START] or window[START] >= other[END]:
            _count(begins, ends, numbers, first, last, window)
            worth = _worth(window, shown, lo)
            if worth > found:
                found = worth
                best[:] = window
        if found >= 0 and best[OPENS] and found >> 51 >= expected:
            break
    return found >= 0


@kernel
def _merged(
    begins: Ints, ends: Ints, body: Ints, longest: int, row: Ints, count: int, spans: IntsOut
) -> int:
    """Add the marks of a passage behind `count` spans, each as two characters of the passage.
    Return the new number of spans. row: of `choose`. longest: see LONGEST_MATCH."""
    first = count
    at = body[2] + first_from(begins[body[2] : body[3]], body[3] - body[2], row[0] - longest)
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
            find_window(
                points, chars, abbreviations, limits, paragraphs, lo, hi, lo, lo, starts, best
            )
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
                    new = second[PATTERNS] & ~best[PATTERNS]
                    shown += new != 0 or _bits(second[PATTERNS]) > 1
        for place in range(shown):
            later = place == 1 if best[START] < second[START] else place == 0
            window = second if shown == 2 and later else best
            row = rows[(2 * number + place) * ROW : (2 * number + place + 1) * ROW]
            row[0], row[1] = window[START], window[END]
            row[2], row[3] = window[OPENS], window[CLOSES]
            row[4] = count
            count = _merged(begins, ends, body, limits[LONGEST_MATCH], row, count, spans)
            row[5] = count
