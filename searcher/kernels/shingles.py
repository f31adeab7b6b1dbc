"""The words of a text as hashes, in one pass over its code points.

A table says what each code point is: 0 for one between words, SKIPPED for one that is left out, and
else a folded code point with flags (see `word_kinds`). Code points behind the table are between
words. A character that is ALONE is a word of its own. `text.shingles` makes the table and has the
plain reference.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import BytesOut, HashesOut, Points, kernel, part
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


@part
def _mixed(value: int) -> int:
    """Return a hash with its bits mixed: the finaliser of MurmurHash3 (Austin Appleby, 2008)."""
    value = (value ^ (value >> np.uint64(33))) * np.uint64(MIXING[0])
    value = (value ^ (value >> np.uint64(33))) * np.uint64(MIXING[1])
    return value ^ (value >> np.uint64(33))


@kernel
def words(points: Points, table: Points, hashes: HashesOut, kinds: BytesOut) -> int:
    """Find the words of a text. Return their number.

    hashes, kinds: get the hash and the kinds of each word; as long as `points`.
    """
    found = -1
    inside = False
    power = np.uint64(1)
    for at in range(len(points)):
        point = points[at]
        entry = table[point] if point < len(table) else np.uint32(0)
        if entry & SKIPPED:
            continue
        if entry == 0:
            inside = False
            continue
        alone = entry & ALONE != 0
        if not inside or alone:
            found += 1
            hashes[found] = 0
            kinds[found] = BEGINS_CAPITAL if entry & CAPITAL else 0
            power = np.uint64(1)
        hashes[found] += np.uint64(entry & POINT) * power
        power *= np.uint64(FACTOR)
        if entry & DIGIT:
            kinds[found] |= HAS_DIGIT
        inside = not alone
    found += 1
    for number in range(found):
        hashes[number] = _mixed(hashes[number])
    return found
