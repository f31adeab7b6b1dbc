"""Kinds of characters, in tables that kernels look up, and texts as code points."""

from __future__ import annotations

from functools import cache

import numpy as np

from searcher.kernels.compiler import Bytes, Points

UPPER = 1
"""The kind of a capital."""
LOWER = 2
"""The kind of another letter with case."""
HARD = 4
"""The kind of a letter whose other case depends on its neighbours, is several letters, or does not
lead back to the letter."""
LETTER = 8
"""The kind of a letter: all characters that `[^\\W\\d_]` matches."""
SIZE = 0x2100
"""Number of code points, from 0, whose kind is in the tables: those of alphabets and punctuation of
Europe and the Near East. Larger takes longer to make: a microsecond each."""


@cache
def tables() -> tuple[Bytes, Points]:
    """Return for each code point below SIZE its kinds and its small letter. Cached."""
    kinds, lowers = np.zeros(SIZE, np.uint8), np.arange(SIZE, dtype=np.uint32)
    for point in range(SIZE):
        char = chr(point)
        kind = LETTER if char.isalnum() and not char.isdecimal() else 0
        if char.isupper():
            kind |= UPPER
        elif char.islower() or char.istitle():
            kind |= LOWER
        lower = char.lower()
        if len(lower) > 1 or char.title().lower() != lower or char in "Σς":
            kind |= HARD
        else:
            lowers[point] = ord(lower)
        kinds[point] = kind
    return kinds, lowers


def code_points(text: str) -> Points:
    """Return a text as code points (uint32), which cannot be changed."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
