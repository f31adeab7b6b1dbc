"""Spellings of one name: in how much two words differ that different languages and scripts write
differently.

A name is written in Latin letters, simplified to a code in which what transliterations spell
differently is one sign, and codes are compared by an edit distance in which likely exchanges are
cheap.
"""

from __future__ import annotations

import re
from functools import lru_cache

from searcher.text.exonyms import are_known_apart, is_known
from searcher.text.folding import fold
from searcher.text.tokens import TERM_LENGTH

LEAST_LETTERS = 4
"""Shorter names are only found through the table: too many are a letter apart."""
SHOUTED = "!"
"""In place of a key: what is written in capitals only, as in some headlines, may be a name or
not."""
_LIMITS = ((10, 0.11), (6, 0.1), (0, 0.055))
"""How far codes may be apart for each letter of the longer one, by the letters that the shorter one
has at least."""
_KNOWN_LIMITS = ((10, 0.09), (0, 0.045))
"""The same where one of them is in the table: its usual spellings are there, too."""
_TRANSLITERATED = 0.05
_SAME_SOUND = 0.15
_KEY = 4
"""Consonants in the key under which a name is looked up."""
_MOST_KEYS = 24

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
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "ks", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "i", "φ": "f",
    "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip
_LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, "ß": "ss"})
_ENDINGS = ((re.compile("sk(?:yj|ij|yy|iy|yi|ii|oi|y|i)$"), "ski"), (re.compile("off$"), "ov"))
_SIGNS = (
    ("schtsch", "Q"), ("shch", "Q"), ("chtch", "Q"), ("szcz", "Q"), ("tsch", "C"), ("tch", "C"),
    ("dsch", "J"),
    ("dzh", "J"), ("dj", "J"), ("sch", "S"), ("sh", "S"), ("sz", "S"), ("cz", "C"), ("ch", "C"),
    ("zh", "Z"),
    ("kh", "X"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ts", "T"), ("tz", "T"),
    ("ck", "k"),
    ("qu", "k"), ("ou", "u"), ("oo", "u"), ("x", "ks"), ("w", "v"),
)  # fmt: skip
"""What several letters spell as one sound, the longest first."""
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouy")
_INFLECTION = re.compile(
    "a|o|i|s|n|an|ian|ia|er|us|ko|ka|ov|ova|ina|ar|ana|ns|ans|ians|ien|iens|es|ese|ish|isch|ski"
)
"""What makes another word of a name: Cuban of Cuba, Somalia of Somali, Poltavka of Poltava."""


def _costs() -> dict[tuple[str, str], float]:
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


_SUBSTITUTES = _costs()


def romanised(name: str) -> str:
    """A folded name in Latin letters, as far as its script is known."""
    return name if name.isascii() else name.translate(_LETTERS)


@lru_cache(1 << 14)
def code(name: str) -> str:
    """A name, folded or not, in Latin letters, with one sign for each sound; "" for other
    scripts."""
    latin = romanised(fold(name))
    if not latin.isascii():
        return ""
    if not latin.isalpha():
        latin = re.sub("[^a-z]", "", latin)
    for ending, standard in _ENDINGS:
        latin = ending.sub(standard, latin)
    for letters, sign in _SIGNS:
        if letters in latin:
            latin = latin.replace(letters, sign)
    return "".join(
        letter for letter, before in zip(latin, " " + latin, strict=False) if letter != before
    )


def _insertion(letters: str, at: int) -> float:
    letter = letters[at]
    if letter in _VOWELS:
        neighbours = letters[at - 1 : at] + letters[at + 1 : at + 2]
        gliding = letter in "yi" and any(other in _VOWELS for other in neighbours)
        last = letter == "e" and at == len(letters) - 1
        return 0.2 if last else 0.35 if gliding else 0.55
    return 0.35 if letter in "hj" else 1.0


def distance(first: str, second: str) -> float:
    """A weighted edit distance (Wagner and Fischer 1974, with swaps of neighbours) between two
    codes."""
    rows = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first)):
        rows[i + 1][0] = rows[i][0] + _insertion(first, i)
    for j in range(len(second)):
        rows[0][j + 1] = rows[0][j] + _insertion(second, j)
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            cost = 0.0 if one == other else _SUBSTITUTES.get((one, other), 1.0)
            if i == j == 0 and cost > 0.25:
                cost *= 1.6
            best = min(
                rows[i][j] + cost,
                rows[i][j + 1] + _insertion(first, i),
                rows[i + 1][j] + _insertion(second, j),
            )
            if i and j and one == second[j - 1] and other == first[i - 1]:
                best = min(best, rows[i - 1][j - 1] + 0.7)
            rows[i + 1][j + 1] = best
    return rows[-1][-1]


def is_same_name(first: str, second: str) -> bool:
    """Whether two words are likely two spellings of one name, by their letters; known names of
    others never are."""
    return not are_known_apart(first, second) and are_alike(first, second)


@lru_cache(1 << 14)
def are_alike(first: str, second: str) -> bool:
    """Whether the letters of two words are close enough for spellings of one name, whatever names
    there are."""
    one, other = code(first), code(second)
    if not one or not other or min(len(fold(first)), len(fold(second))) < LEAST_LETTERS:
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and _INFLECTION.fullmatch(long[len(short) :]):
        return False
    limits = _KNOWN_LIMITS if is_known(first) or is_known(second) else _LIMITS
    limit = next(limit for least, limit in limits if len(short) >= least)
    return distance(one, other) <= limit * len(long)


_CLASSES = {
    **dict.fromkeys("bp", "p"), **dict.fromkeys("dt", "t"), **dict.fromkeys("gkqXhj", "k"),
    **dict.fromkeys("szcSZCJQT", "s"), **dict.fromkeys("fv", "f"),
}  # fmt: skip
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
"""What else the sound of a sign may be written with: y as j, ch as kh or sh, j as y or zh."""


def key(name: str) -> str:
    """The first consonants of a name, by classes: an index lists names under it. "" where there are
    none."""
    letters = code(name)
    return "".join(_class(letters, at) for at in range(len(letters)))[:_KEY]


def _class(letters: str, at: int) -> str:
    letter = letters[at]
    if letter in _VOWELS or (letter == "h" and letters[at + 1 : at + 2] not in _VOWELS):
        return ""
    return _CLASSES.get(letter, letter)


@lru_cache(1 << 15)
def listed(surface: str) -> tuple[str, ...]:
    """Under what a token of a text is listed: as a name by its key and itself folded, or, all in
    capitals, by SHOUTED.

    What begins a sentence is listed as a name, too, but of other words that is the lesser part.
    """
    if surface.islower():
        return ()
    found = []
    for part in _WORD.findall(surface.removesuffix("'s").removesuffix("’s")):
        if len(part) >= LEAST_LETTERS and part[0].isupper() and (begin := key(part)):
            found.append(f"{SHOUTED if part.isupper() else begin} {fold(part)[:TERM_LENGTH]}")
    return tuple(found)


def keys(name: str) -> frozenset[str]:
    """The keys under which other spellings of a name may be listed."""
    letters = code(name)
    begun: dict[str, None] = {"": None}
    for at, letter in enumerate(letters):
        classes = (_class(letters, at), *_OTHER_CLASSES.get(letter, ()))
        longer = dict.fromkeys((before + one)[:_KEY] for before in begun for one in classes)
        begun = dict.fromkeys(list(longer)[:_MOST_KEYS])
    return frozenset([key(name), *begun]) - {""}


def is_transliterated(first: str, second: str) -> bool:
    """Whether two names that are alike differ in nothing but what transliterations spell
    differently."""
    one, other = code(first), code(second)
    return distance(one, other) <= _TRANSLITERATED * max(len(one), len(other))


def begin_alike(first: str, second: str) -> bool:
    """Whether the first letters of two names are, or may spell, one sound."""
    pair = (code(first)[:1], code(second)[:1])
    return pair[0] == pair[1] or _SUBSTITUTES.get(pair, 1.0) <= _SAME_SOUND
