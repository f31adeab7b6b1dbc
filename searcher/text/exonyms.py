"""Exonyms: spellings of a name that are too different to compare by letters, from the table
names.txt."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from searcher.text.folding import fold


class Spelling(NamedTuple):
    """A spelling of a name."""

    text: str
    """The spelling, as written."""
    languages: tuple[str, ...]
    """The languages (ISO 639-1) in which it is usual."""


@cache
def _lines() -> list[str]:
    """Return the lines of the table, each a name. Read once, cached."""
    # importlib.resources takes longer to import than the table to read.
    text = Path(__file__).with_name("names.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and line[0] != "#"]


@cache
def _table() -> dict[str, tuple[int, ...]]:
    """Return by folded spelling the numbers of the lines that have it. Made once, cached."""
    found: dict[str, tuple[int, ...]] = {}
    # Folding the table at once takes a third of the time of folding each spelling.
    for number, line in enumerate(fold("\n".join(_lines())).split("\n")):
        for part in line.split("; "):
            folded = part.rpartition(": ")[0]
            found[folded] = (*found.get(folded, ()), number)
    return found


def _name(number: int) -> Iterator[Spelling]:
    """Yield the spellings of a line."""
    for part in _lines()[number].split("; "):
        text, _, languages = part.rpartition(": ")
        yield Spelling(text, tuple(languages.split()))


def spellings(name: str) -> tuple[Spelling, ...]:
    """Return the other spellings of a name in the table, without those that fold alike."""
    known = {fold(name)}
    found = []
    for number in _table().get(fold(name), ()):
        for spelling in _name(number):
            if fold(spelling.text) not in known:
                known.add(fold(spelling.text))
                found.append(spelling)
    return tuple(found)


@lru_cache(1 << 15)
def standard(folded: str) -> str:
    """Return the folded spelling by which the table lists a folded name first, so that all its
    spellings have one; the name itself if the table lacks it, or lists it first by several words.
    Cached (32,768 names)."""
    numbers = _table().get(folded)
    if not numbers:
        return folded
    first = fold(next(_name(numbers[0])).text)
    return first if " " not in first else folded


def is_known(name: str) -> bool:
    """Return whether a name is in the table."""
    return fold(name) in _table()


def are_known_apart(first: str, second: str) -> bool:
    """Return whether both names are in the table, and in no line together."""
    table = _table()
    one, other = table.get(fold(first)), table.get(fold(second))
    return one is not None and other is not None and not set(one) & set(other)
