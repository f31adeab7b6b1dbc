"""Names that languages spell too differently for their letters to tell: a table in names.txt."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from searcher.text.folding import fold


class Spelling(NamedTuple):
    """A spelling of a name, and the languages (ISO 639-1) in which it is usual."""

    text: str
    languages: tuple[str, ...]


@cache
def _table() -> dict[str, tuple[tuple[Spelling, ...], ...]]:
    """For each spelling, folded, the names that it is a spelling of, with all of theirs."""
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
    """The other spellings of a name in the table, the same in every folding left out."""
    known = {fold(name)}
    found = []
    for spelling in (spelling for one in _table().get(fold(name), ()) for spelling in one):
        if fold(spelling.text) not in known:
            known.add(fold(spelling.text))
            found.append(spelling)
    return tuple(found)


def is_known(name: str) -> bool:
    return fold(name) in _table()


def are_known_apart(first: str, second: str) -> bool:
    """Whether both are in the table, and none of the names of one is one of the other's."""
    table = _table()
    one, other = table.get(fold(first)), table.get(fold(second))
    return one is not None and other is not None and not set(one) & set(other)
