"""Beginnings of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from searcher import kernels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STOPS, _WIDE_STOPS = ".!?…", "。！？"
_CLOSERS, _WIDE_CLOSERS = r"\"'”’»)\]", "」』”"
_SIZE = 0x10000
"""Number of characters in the table. Larger takes memory: 4 bytes each."""
_END = re.compile(
    rf"[{_STOPS}{_WIDE_STOPS}](?:(?<=[{_STOPS}])[{_STOPS}]*[{_CLOSERS}]*\s+"
    rf"|(?<=[{_WIDE_STOPS}])[{_WIDE_STOPS}]*[{_WIDE_CLOSERS}]*)"
)
"""The end of a sentence. It begins with a set of characters, for which `re` skips the text in
between five times as fast as for alternatives."""
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st lt col gen sen rep gov prof vs no inc ltd corp co jan feb mar apr jun jul aug "
    "sep sept oct nov dec bzw usw ca nr sr sra ст г им".split()
)
"""Abbreviations, whose full stop ends no sentence. That of a single letter does not, either."""
LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
"""Length of the longest abbreviation, in characters."""


def _is_abbreviated(text: str, stop: int) -> bool:
    """Return whether the full stop at `stop` belongs to an abbreviation."""
    start = stop
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
        if stop - start > LONGEST_ABBREVIATION:
            return False
    word = text[start:stop]
    return (len(word) == 1 and word.isalpha()) or word.lower() in _ABBREVIATIONS


def sentence_starts(text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield the offsets at which sentences of `text` begin, ascending: 0, and those behind an end
    of a sentence in text[start:end]."""
    if text and start == 0:
        yield 0
    for match in _END.finditer(text, start, len(text) if end is None else end):
        at = match.end()
        stop = match.start()
        if at < len(text) and not (text[stop] == "." and _is_abbreviated(text, stop)):
            yield at


@cache
def table() -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    """Return the characters below _SIZE, as bits and small letters, and the abbreviations, as
    `kernels.passages` wants them. Cached."""
    import numpy as np

    bits = kernels.sentences
    # Σ and İ are in no abbreviation; their small letters depend on neighbours or are two.
    every = "".join(map(chr, range(_SIZE)))
    found = kernels.letters.code_points(every.replace("İ", "_").lower()).copy()
    for pattern, bit in (
        (f"[{_STOPS}]", bits.STOP),
        (f"[{_WIDE_STOPS}]", bits.WIDE_STOP),
        (f"[{_CLOSERS}]", bits.CLOSER),
        (f"[{_WIDE_CLOSERS}]", bits.WIDE_CLOSER),
        (r"\s", bits.SPACE),
        (r"\w", bits.WORD),
    ):
        found[[ord(char) for char in re.findall(pattern, every)]] |= bit
    found[[ord(char) for char in every if char.isalpha()]] |= bits.ALPHA
    packed = [
        sum(ord(char) << 16 * at for at, char in enumerate(reversed(word)))
        for word in _ABBREVIATIONS
    ]
    return found, np.array(packed, np.uint64)
