"""Tokens: the words of a text, and the ways in which those of a query may occur in one.

A *token* is a run of word characters with single joiners in it ("Al-Qaeda's", "AT&T", "3.5",
"U.S"). `pieces` divides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from searcher.text.folding import INVISIBLE
from searcher.text.marks import marks
from searcher.text.pieces import (
    ACRONYM,
    APOSTROPHES,
    ENDS_COMPOUND,
    HYPHENS,
    SIGNS,
    Piece,
    decompose,
)

_LETTER = rf"[^\W_{APOSTROPHES}]"
"""A letter or digit."""
_MARK = f"[{marks()}{INVISIBLE}]"
"""A mark on a letter, or an invisible character, inside a word."""
JOINERS = f"{HYPHENS}{APOSTROPHES}&._·״׳,"
"""Characters between the parts of a token."""
_HEBREW_QUOTE = '(?<=[א-ת])"(?=[א-ת])'
"""A quotation mark inside a Hebrew abbreviation."""
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?![^\W_])|"
    rf"[{SIGNS}]?{_LETTER}+(?:{_MARK}+{_LETTER}*)*"
    rf"(?:(?:[{JOINERS}]|{_HEBREW_QUOTE})(?:{_LETTER}+|{_MARK}+)+)*%?"
)
"""A token. Runs of one set of characters take `re` a third less time than runs of either of two."""
_ASCII_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}(?![A-Za-z0-9])|"
    rf"[{SIGNS}]?[A-Za-z0-9]+(?:[{JOINERS}][A-Za-z0-9]+)*%?"
)
"""The same in a text in ASCII, in half the time."""
IN_TOKENS = rf"\w|[{JOINERS}\"{SIGNS}%{marks()}{INVISIBLE}]"
"""A character that can be in a token, as an expression. All others separate tokens."""


class Token(NamedTuple):
    """A token in a text."""

    start: int
    """The character of the text at which it begins."""
    end: int
    """The character of the text behind it."""
    pieces: tuple[Piece, ...]
    """Its pieces, in the order of their positions."""
    width: int
    """The number of positions that it takes."""


def surfaces(text: str) -> list[str]:
    """Return the tokens of `text` as written, for callers that need no spans."""
    if text.isalnum() and text.isascii():
        return [text]
    found: list[str] = _expression(text).findall(text)
    return found


def _expression(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


def token_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each token of `text` begins, and the character behind it, in order."""
    return map(re.Match.span, _expression(text).finditer(text))


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of `text` in order. Takes time linear in its length."""
    for match in _expression(text).finditer(text):
        surface = match.group()
        pieces, width = decompose(surface)
        yield Token(match.start(), match.end(), pieces, width)


def lookups(surface: str, *, whole: bool = False) -> list[tuple[Piece, ...]]:
    """Return the ways in which a query's token may occur in a text, each as pieces at consecutive
    positions.

    - A token of which folding leaves nothing has none.
    - A token with a sign or dots ("$10bn", "3.5%", "@name", "U.S") is looked up with them.
    - A token with an ampersand is looked up joined.
    - Another compound is looked up in its parts and joined.
    - The last character of an unspaced run is part of the bigram before it, unless the token is
      looked up `whole`: then the run ends there in the text, too.
    """
    pieces, _ = decompose(surface)
    mains = [piece for piece in pieces if not piece.extra]
    if not mains:
        return []
    overlaps = len(mains) > 1 and mains[-1].start < mains[-2].end == mains[-1].end
    if overlaps and not whole:
        mains.pop()
    wholes = [
        piece
        for piece in pieces
        if piece.extra
        and piece.start == 0
        and piece.end >= mains[-1].end
        and piece.form[0] != ENDS_COMPOUND
    ]
    if "&" in surface and wholes:
        return [(whole,) for whole in wholes]
    signed = (
        surface[0] in SIGNS
        or surface[-1] == "%"
        or bool(ACRONYM.fullmatch(surface.removesuffix(".")))
    )
    if signed and wholes:
        return [(wholes[-1],)]
    if len(mains) == 1 and surface.isalpha():
        return [tuple(mains)]
    return [tuple(mains), *((whole,) for whole in wholes)]
