"""Exonyms: spellings of a name that are too different to compare by letters, from two tables.

names.txt is written by hand; each of its lines is a name. name_rows.txt has each spelling, folded,
with the bytes of names.txt at which its lines begin, and is written by
`benchmarks/tables/name_rows.py`. exonyms.txt has other names of places, and is written by
`benchmarks/tables/exonyms.py`; each of its rows is one of

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
def _rows(name: str) -> mmap:
    """Return a file of this folder."""
    return rows_of(Path(__file__).with_name(name))


@lru_cache(1 << 15)
def lines_with(folded: str) -> tuple[int, ...]:
    """Return the bytes of names.txt at which the lines with a folded spelling begin. Cached (32,768
    names)."""
    row = row_of(_key(folded), _rows("name_rows.txt"))
    return tuple(map(int, row[1:])) if row is not None else ()


def _line(at: int) -> str:
    """Return the line of names.txt that begins at a byte."""
    names = _rows("names.txt")
    return names[at : names.find(b"\n", at)].decode()


def _key(folded: str) -> bytes:
    """Return a folded name as in the first column of a row."""
    return folded.replace(" ", "_").encode("utf-8", "surrogatepass")


def _row(folded: str) -> list[bytes] | None:
    """Return the row of a folded name in exonyms.txt, or None."""
    return row_of(_key(folded), _rows("exonyms.txt"))


def _name(at: int) -> Iterator[Spelling]:
    """Yield the spellings of the line of names.txt that begins at a byte."""
    for part in _line(at).split("; "):
        text, _, languages = part.rpartition(": ")
        yield Spelling(text, tuple(languages.split()))


def _place(first: str) -> Iterator[Spelling]:
    """Yield the spellings that exonyms.txt has of a place. first: its first name, folded."""
    row = _row(first)
    if row is not None and row[1] == b"=":
        for column in row[2:]:
            text, _, languages = column.decode().replace("_", " ").partition(":")
            yield Spelling(text, tuple(languages.split(",")) if languages else ())


def first_of(at: int) -> str:
    """Return the first spelling of the line of names.txt that begins at a byte, folded."""
    return fold(_line(at).partition(": ")[0])


def _listed(folded: str) -> Iterator[Spelling]:
    """Yield the spellings of a folded name in both tables."""
    lines = lines_with(folded)
    firsts = [first_of(at) for at in lines]
    if not lines and (row := _row(folded)) is not None:
        firsts = [folded if row[1] == b"=" else row[1].decode().replace("_", " ")]
        lines = lines_with(firsts[0])
    for at in lines:
        yield from _name(at)
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
    lines = lines_with(folded)
    if not lines:
        return folded
    first = first_of(lines[0])
    return first if " " not in first else folded


def has_spellings(name: str) -> bool:
    """Return whether a name is in one of the tables."""
    return is_known(name) or _row(fold(name)) is not None


def is_known(name: str) -> bool:
    """Return whether a name is in names.txt."""
    return bool(lines_with(fold(name)))


def are_known_apart(first: str, second: str) -> bool:
    """Return whether both names are in names.txt, and in no line together."""
    one, other = lines_with(fold(first)), lines_with(fold(second))
    return bool(one) and bool(other) and not set(one) & set(other)
