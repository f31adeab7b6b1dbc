"""Names that two texts spell differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from searcher.stories.summary import Pair
from searcher.stories.words import ComparedText, without_possessive
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import LEAST_LETTERS, is_same_name, key, keys

_MOST_NAMES = 3_000
"""Maximum number of different names of a text that are compared. More take more time: 50 us each.
An article of 10,000 words has some 700."""
_MOST_COMPARED = 30
"""Maximum number of names of the other text that one name is compared with, by its letters."""


@dataclass(frozen=True, slots=True)
class NameSpellings:
    """The names that two texts spell differently."""

    forms: tuple[dict[str, str], dict[str, str]]
    """For each text the forms of names that the other lacks, and the form that is compared
    instead."""
    pairs: tuple[Pair, ...]
    """The spellings of each name, as first written."""


def name_spellings(first: ComparedText, second: ComparedText) -> NameSpellings:
    """Return the names that two texts spell differently.

    A name is a word with a capital that neither text has without one.
    """
    (ours, lower), (theirs, their_lower) = _names(first), _names(second)
    lower |= their_lower
    ours, theirs = (
        {form: surface for form, surface in names.items() if form not in lower}
        for names in (ours, theirs)
    )
    found = _found(ours, theirs)
    pairs = [Pair(ours[form], theirs[match]) for form, match in found.items()]
    others = {
        form: match
        for form, match in _found(theirs, ours).items()
        if form not in set(found.values())
    }
    pairs += [Pair(ours[match], theirs[form]) for form, match in others.items()]
    turned = {form: found.get(match, match) for form, match in others.items()}
    return NameSpellings((_with_possessives(found), _with_possessives(turned)), tuple(pairs))


def _with_possessives(forms: dict[str, str]) -> dict[str, str]:
    return forms | {f"{form}'s": f"{match}'s" for form, match in forms.items()}


def _found(ours: dict[str, str], theirs: dict[str, str]) -> dict[str, str]:
    """Return the form in `theirs` of each name of `ours` that is there in another spelling only."""
    by_key: dict[str, list[str]] = {}
    for form, surface in theirs.items():
        by_key.setdefault(key(surface), []).append(form)
    found = {}
    for form, surface in ours.items():
        if form not in theirs:
            match = next(_matches(surface, theirs, by_key, ours), None)
            if match:
                found[form] = match
    return found


def _matches(
    name: str, theirs: dict[str, str], by_key: dict[str, list[str]], ours: dict[str, str]
) -> Iterator[str]:
    """Yield the forms of `theirs` that are spellings of a name; those of the table first, then
    those that the text of the name lacks."""
    for spelling in spellings(name):
        if fold(spelling.text) in theirs:
            yield fold(spelling.text)
    near = [form for one in sorted(keys(name)) for form in by_key.get(one, ())]
    near.sort(key=lambda form: form in ours)
    for form in near[:_MOST_COMPARED]:
        if is_same_name(name, theirs[form]) and not _are_of_two_sexes(name, theirs[form]):
            yield form


def _are_of_two_sexes(one: str, other: str) -> bool:
    """Return whether two names are alike but for the ending that makes a given name a man's or a
    woman's: "Patricio" and "Patricia". Where one replaces the other a person was mistaken."""
    ours, theirs = fold(one), fold(other)
    return ours[:-1] == theirs[:-1] and {ours[-1], theirs[-1]} == {"a", "o"}


def _names(text: ComparedText) -> tuple[dict[str, str], set[str]]:
    """Return the words with a capital by their forms, in their first spelling; and the forms of
    words without one. Words of scripts without capitals are among the first."""
    found: dict[str, str] = {}
    lower: set[str] = set()
    for number, word in enumerate(text.words):
        form = word.form
        if len(form) < LEAST_LETTERS or form in lower or word.size != 1:
            continue
        if text.texts[word.paragraph][word.start].islower():
            lower.add(without_possessive(form))
        elif form not in found and form[0].isalpha() and len(found) < _MOST_NAMES:
            form = without_possessive(form)
            if len(form) >= LEAST_LETTERS:
                found.setdefault(form, without_possessive(text.surface(number)))
    return found, lower
