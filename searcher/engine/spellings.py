"""The other spellings of a name that an index holds: by a table of names, and by their letters."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from searcher.protocols import Vocabulary
from searcher.text.exonyms import Spelling
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import is_same_name
from searcher.text.names import keys
from searcher.text.names import romanised
from searcher.text.tokens import lookups
from searcher.text.tokens import surfaces

MOST_SPELLINGS = 12
NAME_SHARE = 0.7
"""A word is a name when it is written with a capital in this share of the places where it stands."""
_FARTHEST = 0.6
"""Names of which more letters differ are not compared closely."""


def other_spellings(word: str, names: Vocabulary) -> tuple[Spelling, ...]:
    """The spellings, other than as typed, of the name that `word` is; the table's first, then the most frequent.

    None of a word that the index holds and that is mostly not written as a name.
    """
    form = fold(word)
    looked_up = keys(word)
    if looked_up and names.holding(form) and not _is_name(form, names):
        return ()
    found: dict[str, Spelling] = {}
    for spelling in spellings(word):
        if _occurs(spelling.text, names):
            # "Island" is a country in German texts only, but "Zajárova" is a name wherever it is written as one.
            languages = () if _is_name(fold(spelling.text), names) else spelling.languages
            found[fold(spelling.text)] = spelling._replace(languages=languages)
    for other in _alike(form, names, looked_up):
        found.setdefault(other, Spelling(other[0].upper() + other[1:], ()))
    return tuple(found.values())[:MOST_SPELLINGS]


def _alike(form: str, names: Vocabulary, looked_up: frozenset[str]) -> list[str]:
    """The names that are likely the same as `form` by their letters, the most frequent first."""
    candidates = dict(names.listed(looked_up)) if looked_up else {}
    latin = {other: romanised(other) for other in candidates if other != form}
    near = process.extract(
        romanised(form), latin, scorer=Levenshtein.normalized_distance, score_cutoff=_FARTHEST, limit=None
    )
    alike = [other for _, _, other in near if is_same_name(form, other) and _is_name(other, names)]
    return sorted(alike, key=lambda other: (-candidates[other], other))


def _is_name(form: str, names: Vocabulary) -> bool:
    return names.name_share(form) >= NAME_SHARE


def _occurs(text: str, names: Vocabulary) -> bool:
    """Whether the index holds the words of `text`, be it side by side or not."""
    runs = [run for surface in surfaces(text) for run in lookups(surface)[:1]]
    return bool(runs) and all(names.holding(piece.form) for run in runs for piece in run)
