"""Exonyms: spellings of a name that are too different to compare by letters, from two tables.

names.txt is written by hand, and small enough to be read at once. exonyms.txt has other names of
places, and is written by `benchmarks/tables/exonyms.py`; each of its rows is one of

- `NAME = SPELLING ...`: a place by its first name, and its spellings;
- `NAME FIRST`: another name of a place, and its first one.

Names are folded, spellings are as written, with `:LANGUAGE,...` behind those that are usual in some
languages only; spaces are written as "_". A place whose first name is the first one of a line of
names.txt has the spellings of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from mmap import mmap
from pathlib import Path
from typing import NamedTuple

from searcher.text.folding import fold
from searcher.text.sorted_rows import row_of, rows_of


class Spelling(NamedTuple):
    """A spelling of a name."""

    text: str
    """The spelling, as written."""
    languages: tuple[str, ...]
    """The languages (ISO 639-1) in which it is usual; none if it is read as the name in all."""


@cache
def _lines() -> list[str]:
    """Return the lines of names.txt, each a name. Read once, cached."""
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


@cache
def _rows() -> mmap:
    """Return the rows of exonyms.txt, ascending."""
    return rows_of(Path(__file__).with_name("exonyms.txt"))


def _row(folded: str) -> list[bytes] | None:
    """Return the row of a folded name in exonyms.txt, or None."""
    return row_of(folded.replace(" ", "_").encode("utf-8", "surrogatepass"), _rows())


def _name(number: int) -> Iterator[Spelling]:
    """Yield the spellings of a line of names.txt."""
    for part in _lines()[number].split("; "):
        text, _, languages = part.rpartition(": ")
        yield Spelling(text, tuple(languages.split()))


def _place(first: str) -> Iterator[Spelling]:
    """Yield the spellings that exonyms.txt has of a place. first: its first name, folded."""
    row = _row(first)
    if row is not None and row[1] == b"=":
        for column in row[2:]:
            text, _, languages = column.decode().replace("_", " ").partition(":")
            yield Spelling(text, tuple(languages.split(",")) if languages else ())


def _first(number: int) -> str:
    """Return the first spelling of a line of names.txt, folded."""
    return fold(_lines()[number].partition(": ")[0])


def _listed(folded: str) -> Iterator[Spelling]:
    """Yield the spellings of a folded name in both tables."""
    numbers = _table().get(folded, ())
    firsts = [_first(number) for number in numbers]
    if not numbers and (row := _row(folded)) is not None:
        firsts = [folded if row[1] == b"=" else row[1].decode().replace("_", " ")]
        numbers = _table().get(firsts[0], ())
    for number in numbers:
        yield from _name(number)
    for first in firsts:
        yield from _place(first)


@lru_cache(1 << 12)
def spellings(name: str) -> tuple[Spelling, ...]:
    """Return the other spellings of a name in the tables, without those that fold alike. Cached
    (4,096 names)."""
    folded = fold(name)
    known = {folded}
    found = []
    for spelling in _listed(folded):
        other = fold(spelling.text)
        if other not in known:
            known.add(other)
            found.append(spelling)
    return tuple(found)


@lru_cache(1 << 15)
def standard(folded: str) -> str:
    """Return the folded spelling by which names.txt lists a folded name first, so that all its
    spellings have one; the name itself if the table lacks it, or lists it first by several words.
    Cached (32,768 names)."""
    numbers = _table().get(folded)
    if not numbers:
        return folded
    first = _first(numbers[0])
    return first if " " not in first else folded


def has_spellings(name: str) -> bool:
    """Return whether a name is in one of the tables."""
    return is_known(name) or _row(fold(name)) is not None


def is_known(name: str) -> bool:
    """Return whether a name is in names.txt."""
    return fold(name) in _table()


def are_known_apart(first: str, second: str) -> bool:
    """Return whether both names are in names.txt, and in no line together."""
    table = _table()
    one, other = table.get(fold(first)), table.get(fold(second))
    return one is not None and other is not None and not set(one) & set(other)
