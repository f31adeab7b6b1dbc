"""Other spellings of a name that an index has: by a table of names, and by similarity."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from searcher.engine.protocol import Vocabulary
from searcher.engine.related import prefixed_forms
from searcher.text.analyzer import query_terms
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
from searcher.text.pieces import Piece
from searcher.text.scripts import LATIN, is_written_in, languages_written_in, script_of
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

_DECLINING = frozenset(
    "az be bn bs cs el et eu fi gu hr hu hy is ka kk lt lv ml mr pl ru sk sl sq sr ta te tr"
    " uk".split()
)
"""Languages (ISO 639-1) in which a name has cases, so that a text may have it in none of the forms
that a table lists: "w Krakowie". In others the stem of a name finds other words."""


def other_spellings(
    word: str, names: Vocabulary, languages: tuple[str, ...] = ()
) -> tuple[Spelling, ...]:
    """Return the other spellings of the name `word`, in descending order of frequency; those of the
    table come first. The result is empty if most occurrences of the word in the index are not a
    name.

    languages: those in which names of the table are also found in their cases.
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
            spoken = spelling.languages and (*spelling.languages, *_without_name(word, other))
            found[other] = spelling._replace(languages=() if everywhere else spoken)
        elif any(map(names.holding, prefixed_forms(spelling.text))):
            found[fold(spelling.text)] = spelling
        elif spoken := _declined_in(spelling, names, languages):
            found[fold(spelling.text)] = spelling._replace(languages=spoken)
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


def _pieces(text: str) -> list[Piece]:
    """Return the words of a spelling."""
    return [piece for surface in surfaces(text) for run in lookups(surface)[:1] for piece in run]


def _occurs(text: str, names: Vocabulary) -> bool:
    """Return whether the index has all words of `text`, adjacent or not."""
    words = _pieces(text)
    return bool(words) and all(names.holding(piece.form) for piece in words)


def _without_name(word: str, other: str) -> tuple[str, ...]:
    """Return the languages of the script of another spelling of a name, other than Latin, that the
    tables have no name for. They likely use this one: "کراچی" is listed as Persian, and in Urdu."""
    script = script_of(other)
    if script in (LATIN, script_of(word)):
        return ()
    listed = {language for spelling in spellings(word) for language in spelling.languages}
    return tuple(one for one in languages_written_in(script) if one not in listed)


def _declined_in(
    spelling: Spelling, names: Vocabulary, languages: tuple[str, ...]
) -> tuple[str, ...]:
    """Return those of some languages with cases in which a spelling may be found, if the index has
    it in one of them."""
    script = script_of(spelling.text)
    spoken = tuple(
        language
        for language in languages
        if language in _DECLINING
        and (language in spelling.languages if script == LATIN else is_written_in(language, script))
    )
    return spoken if spoken and _occurs_declined(spelling.text, names, spoken) else ()


def _occurs_declined(text: str, names: Vocabulary, languages: tuple[str, ...]) -> bool:
    """Return whether the index has all words of `text` in some case, adjacent or not."""
    words = _pieces(text)
    return bool(words) and all(
        any(names.stems(sorted(query_terms(piece.lower, piece.form, languages)))) for piece in words
    )
