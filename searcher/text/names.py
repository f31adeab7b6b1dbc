"""Spellings of one name, compared by their letters across languages and scripts.

A name is transliterated to Latin letters and simplified to a code, in which letters that
transliterations exchange are one sign. Codes are compared by an edit distance in which likely
exchanges cost little.

Figures in brackets are precision and recall of `python -m benchmarks.names DATA` with half and
twice the value, on 42 pairs of spellings and 121 pairs of different names; they are .804 and .976
with the values here. Where there are none, both stay the same, or the benchmark does not use the
constant.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searcher.text.exonyms import are_known_apart, is_known
from searcher.text.folding import fold
from searcher.text.pieces import TERM_LENGTH

LEAST_LETTERS = 4
"""Minimum length of a name that is compared, in letters. Shorter names are found through the table
only, as too many differ in one letter. (Half: the same, twice: .953 and .976, but names of four to
seven letters would be found through the table only.)"""
ALL_CAPS = "!"
"""The key of words all in capitals, which may be names or not."""
_LIMITS = ((10, 0.11), (6, 0.1), (0, 0.055))
"""Maximum distance of codes for each letter of the longer one, by the minimum length of the shorter
one. (Half: .837 and .976, twice: .695 and .976.)"""
_KNOWN_LIMITS = ((10, 0.09), (0, 0.045))
"""The same if one of the names is in the table, which has its usual spellings. (Half: .851 and
.952, twice: .672 and .976.)"""
_TRANSLITERATED = 0.05
"""Maximum distance for each letter of names that differ in transliteration only."""
_SAME_SOUND = 0.15
"""Maximum cost of an exchange between letters of one sound."""
_KEY = 4
"""Number of consonants in the key by which a name is looked up. More consonants make shorter lists
to compare, and miss more spellings. (Half: the same, twice: .800 and .952.)"""
_MOST_KEYS = 24
"""Maximum number of keys that are looked up for one name."""

_LIKELY = 0.25
"""Maximum cost of an exchange that is likely in the first letter, too."""
_FIRST_LETTER = 1.6
"""Factor on the cost of other exchanges in the first letter, in which spellings rarely differ."""
SWAP = 0.7
"""Cost of two neighbours in the other order."""
VOWEL = 0.55
"""Cost of a vowel that the other name lacks. (Half: .788 and .976, twice: the same.)"""
GLIDE = 0.35
"""The same for y or i beside another vowel. (Half: .745 and .976, twice: the same.)"""
FINAL_E = 0.2
"""The same for an e at the end."""
BREATH = 0.35
"""The same for h or j. (Half: .788 and .976, twice: the same.)"""

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "i",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
    "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "u", "ј": "y", "љ": "l", "њ": "n", "ћ": "ch",
    "ђ": "dj", "џ": "dzh",
    "'": "", "ʼ": "",
}  # fmt: skip
"""Cyrillic letters in Latin ones."""
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "ks", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "i", "φ": "f",
    "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip
"""Greek letters in Latin ones."""
LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, "ß": "ss"})
"""Letters of other scripts in Latin ones."""
ENDINGS = (
    *((f"sk{end}", "ski") for end in ("yj", "ij", "yy", "iy", "yi", "ii", "oi", "y")),
    ("off", "ov"),
)
"""Endings that transliterations spell differently, and one spelling of each."""
_LAST_LETTERS = ("j", "y", "i", "f")
"""The last letters of these endings."""
_REPEATED = re.compile(r"(.)\1+")
"""A letter several times."""
SIGNS = (
    ("schtsch", "Q"), ("shch", "Q"), ("chtch", "Q"), ("szcz", "Q"), ("tsch", "C"), ("tch", "C"),
    ("dsch", "J"),
    ("dzh", "J"), ("dj", "J"), ("sch", "S"), ("sh", "S"), ("sz", "S"), ("cz", "C"), ("ch", "C"),
    ("zh", "Z"),
    ("kh", "X"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ts", "T"), ("tz", "T"),
    ("ck", "k"),
    ("qu", "k"), ("ou", "u"), ("oo", "u"), ("x", "ks"), ("w", "v"),
)  # fmt: skip
"""Groups of letters that spell one sound, the longest first, and their sign."""
_WORD = re.compile(r"[^\W\d_]+")
"""A word."""
_VOWELS = frozenset("aeiouy")
"""Letters of vowels."""
_INFLECTION = re.compile(
    "a|o|i|s|n|an|ian|ia|er|us|ko|ka|ov|ova|ina|ar|ana|ns|ans|ians|ien|iens|es|ese|ish|isch|ski"
)
"""Endings that make another word of a name: Cuban of Cuba, Somalia of Somali, Poltavka of
Poltava."""


def _costs() -> dict[tuple[str, str], float]:
    """Return the cost of an exchange by the two signs, in either order."""
    tables = {
        0.1: "yi Xh qk Ts ck Jj jy Tc", 0.15: "SC CX XC zs ZJ ZS jZ jX jh ji QS QC",
        0.25: "Xk hg zZ cs qg gk Xg qh JC",
        0.3: "ei iy ey ou oa ae Ss yu zT", 0.4: "io eo ia ua ea ya yo ui ue vu vf dt",
        0.6: "bv bp sc",
    }  # fmt: skip
    found = {}
    for cost, pairs in tables.items():
        for pair in pairs.split():
            found[pair[0], pair[1]] = found[pair[1], pair[0]] = cost
    return found


EXCHANGES = _costs()
"""The costs of exchanges below 1."""


def romanised(name: str) -> str:
    """Return a folded name in Latin letters, as far as its script is known."""
    return name if name.isascii() else name.translate(LETTERS)


@lru_cache(1 << 14)
def code(name: str) -> str:
    """Return the code of a name: Latin letters, one sign for each sound; "" for other scripts.
    Cached."""
    latin = romanised(fold(name))
    if not latin.isascii():
        return ""
    if not latin.isalpha():
        latin = re.sub("[^a-z]", "", latin)
    if latin.endswith(_LAST_LETTERS):
        for ending, standard in ENDINGS:
            if latin.endswith(ending):
                latin = latin.removesuffix(ending) + standard
    for letters, sign in SIGNS:
        if letters in latin:
            latin = latin.replace(letters, sign)
    return _REPEATED.sub(r"\1", latin)


def insertion(letters: str, at: int) -> float:
    """Return the cost of a letter that the other name lacks."""
    letter = letters[at]
    if letter in _VOWELS:
        neighbours = letters[at - 1 : at] + letters[at + 1 : at + 2]
        gliding = letter in "yi" and any(other in _VOWELS for other in neighbours)
        last = letter == "e" and at == len(letters) - 1
        return FINAL_E if last else GLIDE if gliding else VOWEL
    return BREATH if letter in "hj" else 1.0


def first_exchange(one: str, other: str) -> float:
    """Return the cost of an exchange of the first letters."""
    cost = 0.0 if one == other else EXCHANGES.get((one, other), 1.0)
    return cost if cost <= _LIKELY else cost * _FIRST_LETTER


def distance(first: str, second: str) -> float:
    """Return the weighted edit distance of two codes (Wagner and Fischer 1974, with swaps of
    neighbours)."""
    rows = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first)):
        rows[i + 1][0] = rows[i][0] + insertion(first, i)
    for j in range(len(second)):
        rows[0][j + 1] = rows[0][j] + insertion(second, j)
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            cost = 0.0 if one == other else EXCHANGES.get((one, other), 1.0)
            if i == j == 0:
                cost = first_exchange(one, other)
            best = min(
                rows[i][j] + cost,
                rows[i][j + 1] + insertion(first, i),
                rows[i + 1][j] + insertion(second, j),
            )
            if i and j and one == second[j - 1] and other == first[i - 1]:
                best = min(best, rows[i - 1][j - 1] + SWAP)
            rows[i + 1][j + 1] = best
    return rows[-1][-1]


def is_same_name(first: str, second: str) -> bool:
    """Return whether two words are likely spellings of one name.

    Two names that are both in the table are spellings of one name only if a line has both.
    """
    return not are_known_apart(first, second) and are_spelled_alike(first, second)


@lru_cache(1 << 14)
def are_spelled_alike(first: str, second: str) -> bool:
    """Return whether the letters of two words are close enough for spellings of one name.
    Cached."""
    one, other = code(first), code(second)
    if not one or not other or min(len(fold(first)), len(fold(second))) < LEAST_LETTERS:
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and _INFLECTION.fullmatch(long[len(short) :]):
        return False
    known = is_known(first) or is_known(second)
    return distance(one, other) <= farthest(len(short), len(long), known)


def farthest(short: int, long: int, known: bool) -> float:
    """Return the maximum distance of codes of two lengths that are spelled alike. known: whether
    one of the names is in the table."""
    limits = _KNOWN_LIMITS if known else _LIMITS
    return long * next(limit for least, limit in limits if short >= least)


_CLASSES = {
    **dict.fromkeys("bp", "p"), **dict.fromkeys("dt", "t"), **dict.fromkeys("gkqXhj", "k"),
    **dict.fromkeys("szcSZCJQT", "s"), **dict.fromkeys("fv", "f"),
}  # fmt: skip
"""Classes of consonants in keys."""
_SILENT = re.compile("h(?![aeiouy])")
"""An h that is not heard."""
_KEYS = str.maketrans({**dict.fromkeys(_VOWELS, ""), **_CLASSES})
"""The class of each letter of a code; nothing for vowels."""
_OTHER_CLASSES = {
    "y": "k",
    "j": ("", "s"),
    "h": ("",),
    "X": ("s",),
    "C": ("k",),
    "g": ("s",),
    "Z": ("k",),
    "c": ("k",),
}
"""Other classes in which the sound of a sign may be written: y as j, ch as kh or sh, j as y or
zh."""


def key(name: str) -> str:
    """Return the key of a name in the index: its first consonants by class. "" if it has none."""
    letters = code(name)
    if "h" in letters:
        letters = _SILENT.sub("", letters)
    return letters.translate(_KEYS)[:_KEY]


def _class(letters: str, at: int) -> str:
    """Return the class of a letter of a code; "" for vowels and silent letters."""
    letter = letters[at]
    if letter in _VOWELS or (letter == "h" and letters[at + 1 : at + 2] not in _VOWELS):
        return ""
    return _CLASSES.get(letter, letter)


@lru_cache(1 << 15)
def name_terms(surface: str) -> tuple[str, ...]:
    """Return the terms of the `name` field for a token: each name in it as "key form".

    The key of a name all in capitals is ALL_CAPS. The first word of a sentence is indexed as a
    name, too; for other words than names that is the smaller part of their occurrences. Cached
    (32,768 tokens).
    """
    if surface.islower():
        return ()
    parts = _WORD.findall(surface.removesuffix("'s").removesuffix("’s"))
    return tuple(term for part in parts if (term := name_term(part, fold(part)[:TERM_LENGTH])))


def name_term(word: str, form: str) -> str:
    """Return the term of the `name` field for a word; "" if it is not written as a name. form: the
    folded word."""
    if len(word) < LEAST_LETTERS or not word[0].isupper():
        return ""
    begin = key(word)
    return f"{ALL_CAPS if word.isupper() else begin} {form}" if begin else ""


@lru_cache(1 << 12)
def keys(name: str) -> frozenset[str]:
    """Return the keys under which other spellings of a name may be indexed. Cached."""
    letters = code(name)
    begun: dict[str, None] = {"": None}
    for at, letter in enumerate(letters):
        classes = (_class(letters, at), *_OTHER_CLASSES.get(letter, ()))
        longer = dict.fromkeys((before + one)[:_KEY] for before in begun for one in classes)
        begun = dict.fromkeys(list(longer)[:_MOST_KEYS])
    return frozenset([key(name), *begun]) - {""}


def is_transliterated(first: str, second: str) -> bool:
    """Return whether two names that are spelled alike differ in transliteration only."""
    one, other = code(first), code(second)
    return distance(one, other) <= _TRANSLITERATED * max(len(one), len(other))


def begin_alike(first: str, second: str) -> bool:
    """Return whether the first letters of two names spell one sound, or may."""
    pair = (code(first)[:1], code(second)[:1])
    return pair[0] == pair[1] or EXCHANGES.get(pair, 1.0) <= _SAME_SOUND
