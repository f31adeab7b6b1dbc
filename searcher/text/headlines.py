"""Headlines compared by their words, to tell whether two are of one article."""

from __future__ import annotations

from searcher.text.folding import fold
from searcher.text.tokens import surfaces

_LETTERS = 4
"""Minimum length of a content word in ASCII, in letters. Shorter ones are mostly function words."""
_SHARED = 3
"""Headlines of one article share at least one content word in this number. A larger number takes
more headlines for alike."""


def content_words(text: str) -> frozenset[str]:
    """Return the folded words of a text that carry its content."""
    return frozenset(
        fold(word) for word in surfaces(text) if len(word) >= _LETTERS or not word.isascii()
    )


def are_alike(one: str, other: str) -> bool:
    """Return whether two headlines may be of one article; false if one has no content words."""
    first, second = content_words(one), content_words(other)
    return len(first & second) * _SHARED >= max(min(len(first), len(second)), 1)
