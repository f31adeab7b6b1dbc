"""Lemmas by endings: tables of a language's endings and those of their lemmas.

The tables are learned from lists of forms and lemmas by `benchmarks/tables/endings.py`. They know
endings, not words, so that they work for names and new words, and are small. Words are folded, so
that one typed without accents has the same lemma.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TypeAlias

Change: TypeAlias = tuple[int, str]
"""The number of letters that are cut from a word, and what follows then."""

LONGEST = 8
"""Maximum length of an ending in letters, the mark of the beginning included."""
BEGIN = "^"
"""Mark of the beginning of a word."""
_LEAST_WORD = 4
"""Minimum length of a word whose ending is changed. Shorter ones are function words and
abbreviations."""
_LEAST_LEFT = 2
"""Minimum number of letters that a lemma keeps of its word."""
_VOWELS = "aeiouyаеиоуыіїєюяъьйაეიოუ"
"""Letters of endings that are left out after a lemma was found."""
_INFINITIVE = re.compile("(?<=..[^aeiou][aeiou])t$")
"""The end of a verb of Slovak, whose forms without accents look like nouns."""
_LEAST_BARE = 3
"""Minimum number of letters that are left then."""
LISTED = frozenset(
    "bg ca cs da de el et fi gl hu hy is ka lt lv mk nl no pl ro sk sl sq sr sv tr uk".split()
)
"""Languages with a table (ISO 639-1). They are those where a table, and the stemmer for its lemmas,
are better than the stemmer for words, or where there is none.

Of words of lemmas that a table was not learned from, these meet their lemma (by the stemmer alone
in brackets; in most languages fewer lemmas share a stem, too): Ukrainian .86, Polish .90 (.60),
Czech .73 (.56), Slovak .82, Slovenian .76, Croatian .80 (.55), Bulgarian .73, Macedonian .61,
Latvian .58, Lithuanian .88 (.79), Finnish .80 (.44), Estonian .80 (.26), Hungarian .75 (.51),
Turkish .59 (.30), Greek .84 (.68), Romanian .84 (.69), Armenian .72 (.34), Icelandic .56,
Galician .91, Georgian .77, Albanian .72,
German .73 (.64), Dutch .88 (.72), Swedish .94 (.64), Norwegian .94 (.74), Catalan .96 (.79)."""
TABLES = {"bs": "sr", "hr": "sr"}
"""Languages that use the table of another one."""
_CYRILLIC = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dz"}
)
"""Serbian letters in folded Latin ones."""


def has_table(language: str) -> bool:
    """Return whether a language has a table of endings."""
    return language in LISTED or language in TABLES


def in_letters_of_table(folded: str, language: str) -> str:
    """Return a folded word in the letters of its language's table: Serbian in Latin ones."""
    if TABLES.get(language, language) == "sr" and not folded.isascii():
        return folded.translate(_CYRILLIC)
    return folded


def lemma(folded: str, language: str) -> str:
    """Return the lemma of a folded word by the longest ending in the table; Serbian in Latin
    letters."""
    name = TABLES.get(language, language)
    word = in_letters_of_table(folded, language)
    if len(word) < _LEAST_WORD:
        return word
    changes = _table(name)
    marked = BEGIN + word
    for size in range(min(LONGEST, len(marked)), -1, -1):
        change = changes.get(marked[len(marked) - size :])
        if change is not None:
            cut, added = change
            left = len(word) - cut
            return word[:left] + added if not cut or left >= _LEAST_LEFT else word
    return word


def bare(lemma: str) -> str:
    """Return a lemma without the vowels at its end, by which "Zagreb" and "Zagreba" differ where a
    table does not know whether a name is in the nominative. For languages without a stemmer."""
    left = _INFINITIVE.sub("", lemma).rstrip(_VOWELS)
    return left if len(left) >= _LEAST_BARE else lemma


@cache
def _table(language: str) -> dict[str, Change]:
    """Return the change by ending. Read once, cached: 1 to 5 ms."""
    text = (Path(__file__).parent / f"lemmas/endings-{language}.txt").read_text("utf-8")
    rows = (line.split(" ") for line in text.splitlines())
    return {row[0]: (int(row[1]), row[2] if len(row) > 2 else "") for row in rows}
