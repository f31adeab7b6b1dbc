"""The classes of characters by which `kernels.runs` finds the runs of a text.

They follow from what a token is (`text.tokens`), how it is divided (`text.pieces`) and folded. The
tokens of a text are those of its runs. Runs with one key have the same terms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from searcher import kernels
from searcher.text.folding import fold, forget
from searcher.text.pieces import APOSTROPHES, UNSPACED
from searcher.text.tokens import IN_TOKENS, JOINERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIZE = 0x10000
"""Number of code points with a class. Larger ones are rare."""
_BETWEEN = f'{JOINERS}"'
"""Characters that are only inside tokens."""
_CONTEXTUAL = "Σ"
"""The capital whose small letter depends on its place in the word."""
_COMPOSED = range(0x1100, 0x1200)
"""Code points of Hangul letters, which compose syllables with their neighbours."""
_CONTEXTUAL_KANA = "ウヴァィェォ"
"""Kana that are another sound beside one of the others, in the run or in its folded form."""


@cache
def classes() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return the class of each code point below _SIZE, and its small letter or, for a sign, the one
    that it is looked up by. Cached."""
    import numpy as np

    found = np.full(_SIZE, kernels.runs.SEPARATOR, np.uint8)
    lower = np.arange(_SIZE, dtype=np.uint32)
    chars = re.findall(IN_TOKENS, "".join(map(chr, range(_SIZE))))
    # One text for all of them: folding one by one takes five times as long.
    folded = dict(zip(chars, fold("\n".join(chars)).split("\n"), strict=True))
    forget()
    for char in chars:
        kind = found[ord(char)] = _class(char, folded[char])
        small = char.lower()
        if kind == kernels.runs.SIGN:
            lower[ord(char)] = ord(folded[char])
        capital = kind in (kernels.runs.LETTER, kernels.runs.CAPITAL) and small != char
        if capital and char != _CONTEXTUAL and folded.get(small) == folded[char]:
            lower[ord(char)] = ord(small)
    return found, lower


def _class(char: str, folded: str) -> int:
    """Return the class of a character that can be in a token."""
    runs = kernels.runs
    if char in _BETWEEN and not char.isalnum():
        if char in APOSTROPHES:
            return runs.APOSTROPHE
        return runs.POINT if char in ".," else runs.JOINER
    if not char.isalnum() or not unicodedata.is_normalized("NFKC", char) or char in _BETWEEN:
        return runs.OTHER
    if UNSPACED.match(char):
        single = len(folded) == 1 and ord(folded) < _SIZE
        alone = single and ord(char) not in _COMPOSED and char not in _CONTEXTUAL_KANA
        return runs.SIGN if alone else runs.OTHER
    if char.isascii():
        return runs.DIGIT if char.isdecimal() else runs.CAPITAL if char.isupper() else runs.LETTER
    # The folded form must not depend on the neighbours: no combining mark, and not nothing.
    stable = char.isalpha() and char.casefold().isalpha() and bool(folded)
    return runs.LETTER if stable else runs.OTHER


def code_points(text: str) -> NDArray[np.uint32]:
    """Return a text as code points, in which each sign is the one that it is looked up by."""
    import numpy as np

    points = kernels.letters.code_points(text)
    if text.isascii():
        return points
    kinds, lower = classes()
    known = np.minimum(points, _SIZE - 1)
    signs = kinds[known] == kernels.runs.SIGN
    return np.where(signs & (points < _SIZE), lower[known], points)
