"""The other spellings of a name that an index holds: by a table of names, and by their letters."""

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
NAME_SHARE = 0.7
"""A word is a name when it is written with a capital in this share of the places where it
stands."""
KNOWN_SHARE = 0.5
"""The same for a word that is in the table of names."""
_MISPRINTS = 2
_TIMES = 5
"""A name that so many articles hold, or fewer, may be another one misspelled that so many times
more hold."""
_LONG = 10
"""Names of so many letters that are alike are one."""
_FARTHEST = 0.6
"""Names of which more letters differ are not compared closely."""


def other_spellings(word: str, names: Vocabulary) -> tuple[Spelling, ...]:
    """The spellings, other than as typed, of the name that `word` is; the table's first, then the
    most frequent.

    None of a word that the index holds and that is mostly not written as a name.
    """
    form = fold(word)
    looked_up = keys(word)
    least = KNOWN_SHARE if is_known(form) else NAME_SHARE
    if looked_up and names.holding(form) and names.name_share(form) < least:
        return ()
    found: dict[str, Spelling] = {}
    for spelling in spellings(word):
        if _occurs(spelling.text, names):
            other = fold(spelling.text)
            # "Island" is a country in German texts only, but "Zajárova" is Zakharova wherever it is
            # written as a name.
            everywhere = are_spelled_alike(form, other) and _is_name(other, names)
            found[other] = spelling._replace(languages=()) if everywhere else spelling
    for other in _alike(form, names, looked_up):
        found.setdefault(other, Spelling(other[0].upper() + other[1:], ()))
    return tuple(found.values())[:MOST_SPELLINGS]


def _alike(form: str, names: Vocabulary, looked_up: frozenset[str]) -> list[str]:
    """The names that are likely the same as `form` by their letters, the most frequent first."""
    candidates = dict(names.listed(looked_up)) if looked_up else {}
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
        and _is_name(other, names)
        and _is_likely(form, other, held, names.holding(other))
    ]
    return sorted(alike, key=lambda other: (-candidates[other], other))


def _is_likely(form: str, other: str, held: int, other_held: int) -> bool:
    """Whether two names that are alike, and that so many articles hold, are one, not two that
    resemble each other.

    Between scripts, and if they are long, they are. Else, as Bentsen and Benson are two, one that
    is not merely transliterated otherwise has to be so rare that it may be misspelled.
    """
    if form.isascii() != other.isascii() or min(len(form), len(other)) >= _LONG:
        return True
    rare, frequent = sorted((held, other_held))
    misspelled = rare <= _MISPRINTS and (frequent <= _MISPRINTS or frequent >= _TIMES * rare)
    return begin_alike(form, other) and (misspelled or is_transliterated(form, other))


def _is_name(form: str, names: Vocabulary) -> bool:
    return names.name_share(form) >= NAME_SHARE


def _occurs(text: str, names: Vocabulary) -> bool:
    """Whether the index holds the words of `text`, be it side by side or not."""
    runs = [run for surface in surfaces(text) for run in lookups(surface)[:1]]
    return bool(runs) and all(names.holding(piece.form) for run in runs for piece in run)
