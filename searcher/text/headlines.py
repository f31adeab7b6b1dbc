"""Headlines compared by their words."""

from __future__ import annotations

from searcher.text.folding import fold
from searcher.text.tokens import surfaces

_LETTERS = 4
"""Of a word that tells something, in scripts with small letters."""
_SHARED = 3
"""Headlines of one article share at least one of so many words."""


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that tell what it is about."""
    return frozenset(
        fold(word) for word in surfaces(text) if len(word) >= _LETTERS or not word.isascii()
    )


def are_alike(one: str, other: str) -> bool:
    """Whether two headlines may be of one article; not if one of them has no words."""
    first, second = telling_words(one), telling_words(other)
    return len(first & second) * _SHARED >= max(min(len(first), len(second)), 1)
