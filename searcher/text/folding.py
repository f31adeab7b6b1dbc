"""Folding: a word without case, accents and typographic variants, the form in which it is looked
up."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_ARABIC_VARIANTS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
    "ک": "ك", "ڪ": "ك", "ہ": "ه", "ۃ": "ه", "ە": "ه", "ھ": "ه", "ۂ": "ه",
    "ۀ": "ه", "ۓ": "ے",
}  # fmt: skip
"""Arabic letters that are often written for each other, in Arabic, Persian or Urdu."""
_LATIN_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ə": "e",
}  # fmt: skip
"""Latin letters that Unicode does not decompose."""
_INDIC_LETTERS = {
    "ँ": "ं", "ॅ": "े", "ॉ": "ो", "ऍ": "ए", "ऑ": "ओ", "\u093c": "", "ऩ": "न", "ऱ": "र", "ऴ": "ळ",
    "ৎ": "ত্", "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്",
}  # fmt: skip
"""Signs of Indian scripts that are often written for each other. Those of Hindi are as in Lucene's
HindiNormalizer; the others were two characters in older versions of Unicode."""
INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Characters without a shape, as the inside of a character class: hyphens that are not printed,
joiners and marks of direction."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")
"""One of them."""
_LETTERS = {
    **_ARABIC_VARIANTS, **_LATIN_LETTERS, **_INDIC_LETTERS, "ё": "е", "ґ": "г",
    "\N{ARABIC TATWEEL}": "", "ʼ": "",
}  # fmt: skip
"""Letters and their folded form."""
_DROPPED = (
    (0xAD, 0xAD), (0x300, 0x36F), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
    (0x6D6, 0x6DC), (0x6DF, 0x6E8), (0x6EA, 0x6ED), (0x200B, 0x200F), (0x2060, 0x2060),
    (0xFEFF, 0xFEFF),
)  # fmt: skip
"""Ranges of accents, vowel signs of Arabic and Hebrew, and invisible characters."""
_DECOMPOSED = ((0xC0, 0x24F), (0x370, 0x3FF), (0x1E00, 0x1FFF))
"""Ranges of letters whose accents are dropped."""
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Ranges of Chinese characters."""
_IOTA = re.compile("[\u0345\u1f80-\u1fff]")
"""A letter of ancient Greek that may have an iota below it, which in capitals is a letter."""
_NASAL = re.compile(
    "ङ\u094d(?=[क-घ])|ञ\u094d(?=[च-झ])|ण\u094d(?=[ट-ढ])|न\u094d(?=[त-ध])|म\u094d(?=[प-भ])"
)
"""A nasal of Hindi before a consonant of its place, which may be written as a dot instead."""
_SARA_AM = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])(?=[\u0e32\u0eb2])")
"""Signs of a vowel of Thai and Lao in the other order."""
_VOICED = str.maketrans({"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ"})
"""The syllable of ヴ with a small vowel, by the vowel."""
_SMALL_VOWEL = re.compile("[ァィゥェォ]")
_SMALL = str.maketrans("ァィゥェォ", "アイウエオ")
"""Small vowels of Japanese, which are typed for large ones in foreign words: ウィスキー is
ウイスキー."""


def _in(codepoint: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Return whether a code point is in one of the ranges, both ends included."""
    return any(low <= codepoint <= high for low, high in ranges)


def is_han(char: str) -> bool:
    """Return whether a character is Chinese."""
    return _in(ord(char), _HAN)


@cache
def _han() -> dict[str, str]:
    """Return the character by which each variant of it is looked up. Read once, cached."""
    text = Path(__file__).with_name("han.txt").read_text("utf-8")
    pairs = "".join(line for line in text.splitlines() if line[0] != "#")
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


class _Folding(dict[int, str]):
    """The folded form of each character, computed when it is first looked up.

    Accents are dropped from Latin and Greek letters only. In other scripts a combining mark is a
    vowel, or makes another letter, as in Cyrillic й and ї.
    """

    def __missing__(self, codepoint: int) -> str:
        char = chr(codepoint)
        folded = _LETTERS.get(char, char)
        if _in(codepoint, _DROPPED):
            folded = ""
        elif _in(codepoint, _DECOMPOSED) and char not in _LETTERS:
            decomposed = unicodedata.normalize("NFKD", char)
            folded = "".join(_LETTERS.get(c, c) for c in decomposed if not unicodedata.combining(c))
        elif _in(codepoint, _HAN):
            folded = _han().get(char, char)
        elif char.isdecimal():
            folded = str(unicodedata.digit(char))
        self[codepoint] = folded
        return folded


_FOLDING = _Folding()
"""Grows by one entry for each different character: at most the 1.1 million of Unicode, in practice
some thousand."""


def forget() -> None:
    """Give back the memory of characters that were folded, after nearly all of them were: 8 MB."""
    _FOLDING.clear()
    _han.cache_clear()
    _folded.cache_clear()


def fold(word: str) -> str:
    """Return `word` without case, accents and variant letters; idempotent."""
    return word.lower() if word.isascii() else _folded(word)


@lru_cache(1 << 15)
def _folded(word: str) -> str:
    """Return a word that is not all ASCII as `fold` does.

    The order is fixed (NFKC, case, NFC, letters, syllables): case folding may compose or decompose
    letters, and compatibility forms may be upper case. Cached (32,768 words), as texts repeat their
    words; to look up a word in ASCII would take as long as to fold it.
    """
    visible = _UNSEEN.sub("", word)
    if _IOTA.search(visible):
        visible = unicodedata.normalize("NFD", visible).replace("\u0345", "")
    cased = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    folded = unicodedata.normalize("NFC", cased.translate(_FOLDING))
    if "\u094d" in folded:
        folded = _NASAL.sub("\u0902", folded)
    if "ヴ" in folded:
        folded = re.sub(
            "ヴ([ァィェォ]?)", lambda sound: sound[1].translate(_VOICED) or "ブ", folded
        )
    if _SMALL_VOWEL.search(folded):
        folded = folded.translate(_SMALL)
    if "եւ" in folded:
        # The ligature և, which capitals spell in either way.
        folded = folded.replace("եւ", "եվ")
    if "\u0e4d" in folded or "\u0ecd" in folded:
        folded = _SARA_AM.sub(r"\2\1", folded)
    return folded
