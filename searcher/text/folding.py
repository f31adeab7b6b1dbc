"""Folding: a word without case, accents and typographic variants, the form in which it is looked
up."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ARABIC_VARIANTS = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ئ": "ي",
    "ؤ": "و",
    "ة": "ه",
    "ک": "ك",
}
"""Arabic letters that are often written for each other."""
_LATIN_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n",
}  # fmt: skip
"""Latin letters that Unicode does not decompose."""
_LETTERS = {**_ARABIC_VARIANTS, **_LATIN_LETTERS, "ё": "е", "ґ": "г", "\N{ARABIC TATWEEL}": ""}
"""Letters and their folded form."""


def _in(codepoint: int, *ranges: tuple[int, int]) -> bool:
    """Return whether a code point is in one of the ranges, both ends included."""
    return any(low <= codepoint <= high for low, high in ranges)


class _Folding(dict[int, str]):
    """The folded form of each character, computed when it is first looked up.

    Accents are dropped from Latin and Greek letters only. In other scripts a combining mark is a
    vowel, or makes another letter, as in Cyrillic й and ї.
    """

    def __missing__(self, codepoint: int) -> str:
        char = chr(codepoint)
        folded = _LETTERS.get(char, char)
        if _in(codepoint, (0x300, 0x36F), (0x64B, 0x65F), (0x670, 0x670), (0x591, 0x5C7)):
            folded = ""
        elif (
            _in(codepoint, (0xC0, 0x24F), (0x370, 0x3FF), (0x1E00, 0x1FFF)) and char not in _LETTERS
        ):
            decomposed = unicodedata.normalize("NFKD", char)
            folded = "".join(c for c in decomposed if not unicodedata.combining(c))
        elif char.isdecimal():
            folded = str(unicodedata.digit(char))
        self[codepoint] = folded
        return folded


_FOLDING = _Folding()
"""Grows by one entry for each different character: at most the 1.1 million of Unicode, in practice
some thousand."""


@lru_cache(1 << 15)
def fold(word: str) -> str:
    """Return `word` without case, accents and variant letters; idempotent.

    The order is fixed (NFKC, case, NFC, letters): case folding may compose or decompose letters,
    and compatibility forms may be upper case. Cached (32,768 words), as texts repeat their words.
    """
    if word.isascii():
        return word.lower()
    cased = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return cased.translate(_FOLDING)
