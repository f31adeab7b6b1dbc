"""Other spellings of a name that an index has: by a table of names, and by similarity."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from searcher.engine.protocol import Vocabulary
from searcher.text.exonyms import Spelling, is_known, spellings
from searcher.text.folding import fold
from searcher.text.names import (
    are_spelled_alike,
    begin_alike,
    is_same_name,
    is_transliterated,
    keys,
    romanised,
)
from searcher.text.tokens import lookups, surfaces

MOST_SPELLINGS = 12
"""Maximum number of other spellings of a word. Each is matched, and shown to the user."""

NAME_SHARE = 0.7
"""A word is a name if at least this share of its occurrences is capitalised. A smaller value treats
common words as names, which often begin sentences or headlines."""

KNOWN_SHARE = 0.5
"""The same share for a word that is in names.txt."""

_MISPRINTS = 2
"""Maximum number of articles with a name that may be a misprint of a similar one."""

_TIMES = 5
"""Minimum ratio of the articles with the right name to those with its misprint."""

_LONG = 10
"""Minimum length at which similarity alone makes two names the same, in letters. Short names are
similar by chance."""

_FARTHEST = 0.6
"""Maximum normalised Levenshtein distance of romanised names that are compared by `is_same_name`.
Larger compares more names, which takes longer."""


def other_spellings(word: str, names: Vocabulary) -> tuple[Spelling, ...]:
    """Return the other spellings of the name `word`, in descending order of frequency; those of the
    table come first. The result is empty if most occurrences of the word in the index are not a
    name.
    """
    form = fold(word)
    least = KNOWN_SHARE if is_known(form) else NAME_SHARE
    if keys(form) and names.holding(form) and names.name_share(form) < least:
        return ()
    found: dict[str, Spelling] = {}
    for spelling in spellings(word):
        if _occurs(spelling.text, names):
            other = fold(spelling.text)
            # "Island" is a country in German texts only, but "Zajárova" is Zakharova wherever it is
            # written as a name.
            everywhere = are_spelled_alike(form, other) and _is_name(other, names)
            found[other] = spelling._replace(languages=()) if everywhere else spelling
    for other in _alike(form, names):
        found.setdefault(other, Spelling(other[0].upper() + other[1:], ()))
    return tuple(found.values())[:MOST_SPELLINGS]


def _alike(form: str, names: Vocabulary) -> list[str]:
    """Return the names that are likely the same as `form` by similarity, the most frequent
    first."""
    candidates = dict(names.listed(form))
    latin = {other: romanised(other) for other in candidates if other != form}
    near = process.extract(
        romanised(form),
        latin,
        scorer=Levenshtein.normalized_distance,
        score_cutoff=_FARTHEST,
        limit=None,
    )
    held = names.holding(form)
    alike = [
        other
        for _, _, other in near
        if is_same_name(form, other)
        and _is_likely(form, other, held, names.holding(other))
        # The last, as it reads the counts of two lists.
        and _is_name(other, names)
    ]
    return sorted(alike, key=lambda other: (-candidates[other], other))


def _is_likely(form: str, other: str, held: int, other_held: int) -> bool:
    """Return whether two similar names are the same. They are if they are in different scripts, or
    long. Otherwise they have to be transliterations of one name, or one has to be rare enough for a
    misprint: Bentsen and Benson are two names.

    held, other_held: number of articles with `form` and with `other`.
    """
    if form.isascii() != other.isascii() or min(len(form), len(other)) >= _LONG:
        return True
    rare, frequent = sorted((held, other_held))
    misspelled = rare <= _MISPRINTS and (frequent <= _MISPRINTS or frequent >= _TIMES * rare)
    return begin_alike(form, other) and (misspelled or is_transliterated(form, other))


def _is_name(form: str, names: Vocabulary) -> bool:
    return names.name_share(form) >= NAME_SHARE


def _occurs(text: str, names: Vocabulary) -> bool:
    """Return whether the index has all words of `text`, adjacent or not."""
    runs = [run for surface in surfaces(text) for run in lookups(surface)[:1]]
    return bool(runs) and all(names.holding(piece.form) for run in runs for piece in run)
