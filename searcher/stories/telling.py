"""The words and names by which articles are searched that may be of one story with another."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest

from searcher.stories.weights import Weighted

MOST = 20
"""Maximum number of articles that are compared with one. More take more time: 50 us each."""

_WORDS = 16
"""Number of words that articles are searched by. More find no others that are alike."""

_NAMES = 12
"""Number of names that articles in other languages are searched by."""


def telling_words(article: Weighted) -> list[str]:
    """Return the most telling words of an article, as terms of the field of stems."""
    return _heaviest(article.words, _WORDS)


def telling_names(article: Weighted) -> list[str]:
    """Return the most telling rare names of an article, folded, in their standard spelling."""
    return _heaviest({name: article.names.get(name, 0.0) for name in article.rare}, _NAMES)


def _heaviest(weights: Mapping[str, float], most: int) -> list[str]:
    """Return the words with the `most` largest weights; among equals the first in the alphabet."""
    return nlargest(most, sorted(weights), key=weights.__getitem__)
