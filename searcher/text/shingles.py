"""Shingles: the runs of three words of a text, as hashes, by which texts are compared.

A word is a longest run of letters and digits, folded character by character. Hyphens, apostrophes
and points divide words, so that texts typeset differently have the same words. Each character of a
script without spaces is a word. Hashes are the same in every process, as indexes contain them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from searcher import kernels
from searcher.kernels.word_kinds import (
    ALONE,
    BEGINS_CAPITAL,
    CAPITAL,
    DIGIT,
    FACTOR,
    HAS_DIGIT,
    MIXING,
    POINT,
    SKIPPED,
)
from searcher.text.folding import fold, is_han
from searcher.text.marks import marks
from searcher.text.pieces import UNSPACED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Bytes = NDArray[np.uint8]
    Points = NDArray[np.uint32]

WIDTH = 3
"""Number of words of a shingle. Larger loses more shingles for each word that an editor changed;
smaller are in unrelated texts by chance."""
_SIZE = 0x10000
"""Number of code points in the table. Larger ones, such as emoji, are between words."""
_JOINING = "\u00ad\u200c\u200d"
"""Invisible characters inside words."""


class Words(NamedTuple):
    """The words of a text, in order."""

    hashes: Hashes
    """The hash of each."""
    kinds: Bytes
    """Its kinds: some of HAS_DIGIT and BEGINS_CAPITAL."""


@cache
def table() -> Points:
    """Return the entry of each code point, as `kernels.shingles` describes it. Cached."""
    import re

    import numpy as np

    found = np.zeros(_SIZE, np.uint32)
    chars = re.findall(r"[^\W_]", "".join(map(chr, range(_SIZE))))
    # A text in the other script of Chinese is no copy.
    han = np.array([ord(char) for char in chars if UNSPACED.match(char) and is_han(char)])
    found[han] = han | ALONE
    others = [char for char in chars if not found[ord(char)]]
    # One text for all of them: folding one by one takes five times as long.
    for char, folded in zip(others, fold("\n".join(others)).split("\n"), strict=True):
        entry = ord(folded[0]) if folded else SKIPPED
        if char.isdecimal():
            entry |= DIGIT
        elif char.isupper():
            entry |= CAPITAL
        if UNSPACED.match(char):
            entry |= ALONE
        found[ord(char)] = entry
    for char in re.findall(f"[{marks()}{_JOINING}]", "".join(map(chr, range(_SIZE)))):
        found[ord(char)] = SKIPPED
    return found


def hashed_words(text: str) -> Words:
    """Return the words of a text."""
    import numpy as np

    points = _points(text)
    if not kernels.loaded:
        return _plain_words(points)
    hashes, kinds = np.empty(len(points), np.uint64), np.empty(len(points), np.uint8)
    count = kernels.shingles.words(points, table(), hashes, kinds)
    return Words(hashes[:count], kinds[:count])


def _plain_words(points: Points) -> Words:
    """Return the words of a text, given as code points, without a kernel."""
    import numpy as np

    entries, at, first = _entries(points)
    if not len(at):
        return Words(np.empty(0, np.uint64), np.empty(0, np.uint8))
    places = np.arange(len(at)) - np.repeat(first, np.diff(np.append(first, len(at))))
    powers = np.full(int(places.max()) + 1, FACTOR, np.uint64)
    powers[0] = 1
    powers = np.cumprod(powers)
    held = entries[at]
    hashes = np.add.reduceat((held & np.uint32(POINT)).astype(np.uint64) * powers[places], first)
    digits = np.bitwise_or.reduceat(held & np.uint32(DIGIT), first) != 0
    capitals = held[first] & np.uint32(CAPITAL) != 0
    return Words(_mixed(hashes), (digits * HAS_DIGIT + capitals * BEGINS_CAPITAL).astype(np.uint8))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text are, as [start, end), in the order of `hashed_words`."""
    import numpy as np

    _, at, first = _entries(_points(text))
    last = np.append(first[1:], len(at))[: len(first)] - 1
    return list(zip(at[first].tolist(), (at[last] + 1).tolist(), strict=True))


def _points(text: str) -> Points:
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _entries(points: Points) -> tuple[Points, NDArray[np.int64], NDArray[np.int64]]:
    """Return the entry of each code point, the places of those that are in words, and which of
    these begin a word."""
    import numpy as np

    held = table()
    entries = np.where(points < _SIZE, held[np.minimum(points, _SIZE - 1)], np.uint32(0))
    kept = np.flatnonzero(entries & SKIPPED == 0)
    seen = entries[kept]
    alone = seen & ALONE != 0
    inside = seen != 0
    begins = inside & ~(np.append(False, (inside & ~alone)[:-1]) & ~alone)
    return entries, kept[inside], np.flatnonzero(begins[inside])


def _mixed(hashes: Hashes) -> Hashes:
    """Return hashes with their bits mixed: the finaliser of MurmurHash3 (Austin Appleby, 2008)."""
    import numpy as np

    half = np.uint64(33)
    for factor in MIXING:
        hashes = (hashes ^ (hashes >> half)) * np.uint64(factor)
    return hashes ^ (hashes >> half)


def shingles(hashes: Hashes) -> Hashes:
    """Return the hash of each run of WIDTH words, in order, from the hashes of the words."""
    import numpy as np

    count = max(len(hashes) - WIDTH + 1, 0)
    found = np.zeros(count, np.uint64)
    for place in range(WIDTH):
        found = found * np.uint64(FACTOR) + hashes[place : place + count]
    return _mixed(found)


def distinct(found: Hashes) -> Hashes:
    """Return distinct shingles in ascending order."""
    import numpy as np

    ordered = np.sort(found)
    kept = np.ones(len(ordered), np.bool_)
    kept[1:] = ordered[1:] != ordered[:-1]
    return ordered[kept]
