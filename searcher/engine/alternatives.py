"""Alternatives: the sequences of terms by which a text of the query may occur in an article. A
compound such as "F-35" occurs as its adjacent parts or in its joined spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from searcher.engine.patterns import Alternative, TermSet
from searcher.text.pieces import APOSTROPHES, ENDS_COMPOUND, Piece
from searcher.text.tokens import lookups, surfaces

_LONGEST_PHRASE = 10
"""Maximum number of terms of a phrase that is also matched with its compounds spelled otherwise.
Each term adds an alternative to match; a longer phrase is rare enough as typed."""


def exact(piece: Piece) -> TermSet:
    """Return the terms of a piece in the form as typed."""
    return frozenset((piece.form,))


@lru_cache(1 << 10)
def pieces(text: str, adjacent: bool = True) -> tuple[tuple[Piece, ...], ...]:
    """Return the sequences of pieces of `text`: with compounds in parts, and with compounds joined.
    The result is empty if `text` has no token.

    adjacent: whether the words follow each other, so that only the last one may go on in the text.
    """
    words = surfaces(text)
    tokens = [
        ways
        for number, surface in enumerate(words, 1)
        if (ways := lookups(surface, whole=adjacent and number < len(words)))
    ]
    if not tokens:
        return ()
    sequences = [tuple(piece for ways in tokens for piece in ways[0])]
    if any(len(ways) > 1 for ways in tokens):
        sequences.append(tuple(piece for ways in tokens for piece in ways[-1]))
    return tuple(sequences)


def alternatives(
    text: str, terms: Callable[[Piece], TermSet], adjacent: bool = True
) -> tuple[Alternative, ...]:
    """Return the alternatives of `text`; `terms` gives the terms of a piece.

    adjacent: as for `pieces`.
    """
    return tuple(tuple(map(terms, sequence)) for sequence in pieces(text, adjacent))


def parts_of(text: str) -> tuple[Piece, ...]:
    """Return the parts of a compound such as "Iran-Contra" that are words; () if `text` is no
    compound. "wasn't" and "farmer's" are none."""
    found = pieces(text)
    main = [piece for piece in found[0] if not piece.extra] if found else []
    if len(main) < 2 or (len(main[-1].form) == 1 and text.rstrip()[-2:-1] in APOSTROPHES):
        return ()
    return tuple(
        piece for piece in main if piece.lower and len(piece.form) > 1 and piece.form.isalpha()
    )


def across_compounds(found: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Return the alternatives, and each with one of its words written as two parts, so that
    "ceasefire talks" finds "cease-fire talks".

    In an article, the joined spelling has the position of the first part, the marked end of the
    compound that of the second, and the next word the position after that.
    """
    all_ways = dict.fromkeys(found)
    for way in found:
        for at, terms in enumerate(way[:-1] if len(way) <= _LONGEST_PHRASE else ()):
            ends = frozenset(ENDS_COMPOUND + term for term in terms)
            all_ways[(*way[: at + 1], ends, *way[at + 1 :])] = None
    return tuple(all_ways)


def lone_character(text: str) -> str:
    """Return `text` if it is one character of a script without spaces, else "". Such a character
    also matches inside longer words."""
    words: Sequence[str] = surfaces(text)
    if len(words) != 1 or len(words[0]) != 1:
        return ""
    piece = lookups(words[0])[0][0]
    return words[0] if not piece.lower and not words[0].isdigit() else ""
