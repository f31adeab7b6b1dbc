"""The terms of runs, with their characters.

A run is a part of a text that is analysed by itself: a chunk, or a part of one without separators.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from searcher.search.body import Match
from searcher.text.analyzer import piece_terms
from searcher.text.tokens import tokenize

_LONGEST_CACHED = 40
"""Maximum length of a run whose terms are kept, in characters. Longer ones rarely recur."""


class Piece(NamedTuple):
    """A term in a run."""

    field: str
    """Field of the term, "text" or "form"."""
    term: str
    """The term."""
    offset: int
    """Positions after the run's first."""
    start: int
    """First character of the run that belongs to the piece."""
    end: int
    """Character after the last."""


class Pieces(NamedTuple):
    """The wanted terms of a run."""

    matches: tuple[Match, ...]
    """The matches of single terms, by characters of the run."""
    parts: tuple[Piece, ...]
    """Terms of patterns that need several."""


class KnownPieces(dict[str, Pieces]):
    """The wanted terms of runs, found when they are first asked for."""

    def __init__(self, find: Callable[[str], Pieces]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, run: str) -> Pieces:
        found = self[run] = self._find(run)
        return found


def run_terms(run: str, language: str) -> tuple[Piece, ...]:
    """Return the terms of a run. Cached (16,384 short runs), as queries ask for the same words."""
    return _cached(run, language) if len(run) <= _LONGEST_CACHED else _analysed(run, language)


def _analysed(run: str, language: str) -> tuple[Piece, ...]:
    found = []
    at = 0
    for token in tokenize(run):
        for piece in token.pieces:
            span = (at + piece.offset, token.start + piece.start, token.start + piece.end)
            found += [Piece("text", term, *span) for term in piece_terms(piece, language)]
            found.append(Piece("form", piece.form, *span))
        at += token.width
    return tuple(found)


_cached = lru_cache(1 << 14)(_analysed)
