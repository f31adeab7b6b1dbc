"""Exonyms: spellings of a name that are too different to compare by letters, from the table
names.txt."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from searcher.text.folding import fold


class Spelling(NamedTuple):
    """A spelling of a name."""

    text: str
    """The spelling, as written."""
    languages: tuple[str, ...]
    """The languages (ISO 639-1) in which it is usual."""


@cache
def _table() -> dict[str, tuple[tuple[Spelling, ...], ...]]:
    """Return by folded spelling the names it is a spelling of, each with all its spellings. Read
    once, cached."""
    found: dict[str, tuple[tuple[Spelling, ...], ...]] = {}
    for line in files("searcher.text").joinpath("names.txt").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            parts = [part.rpartition(": ") for part in line.split("; ")]
            name = tuple(Spelling(text, tuple(languages.split())) for text, _, languages in parts)
            for spelling in name:
                folded = fold(spelling.text)
                found[folded] = (*found.get(folded, ()), name)
    return found


def spellings(name: str) -> tuple[Spelling, ...]:
    """Return the other spellings of a name in the table, without those that fold alike."""
    known = {fold(name)}
    found = []
    for spelling in (spelling for one in _table().get(fold(name), ()) for spelling in one):
        if fold(spelling.text) not in known:
            known.add(fold(spelling.text))
            found.append(spelling)
    return tuple(found)


def is_known(name: str) -> bool:
    """Return whether a name is in the table."""
    return fold(name) in _table()


def are_known_apart(first: str, second: str) -> bool:
    """Return whether both names are in the table, and in no line together."""
    table = _table()
    one, other = table.get(fold(first)), table.get(fold(second))
    return one is not None and other is not None and not set(one) & set(other)
