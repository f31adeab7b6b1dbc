"""Candidates: the search for articles that may be of one story with an arriving one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple, Protocol

from searcher.stories.likeness import WINDOW
from searcher.stories.profile import Profile
from searcher.stories.weights import Weighted

WORDS = 16
"""Number of the most telling words that candidates are searched by."""

NAMES = 12
"""Number of the most telling names that candidates are searched by."""

MOST = 20
"""Maximum number of candidates."""


class Telling(NamedTuple):
    """Words and names that are looked for in articles which may be of one story, with weights."""

    words: Mapping[str, float]
    """Weight by term of the field of stems."""
    names: Mapping[str, float]
    """Weight by folded name in its standard spelling. It finds articles in other languages."""


class Candidates(Protocol):
    """Finds articles that may be of one story with an arriving one."""

    def near(self, article: Weighted) -> Sequence[Profile]:
        """Return at most MOST articles, published within WINDOW of `article`, that have most of
        what `telling` returns for it, by weight; without the article itself."""


def telling(article: Weighted) -> Telling:
    """Return the most telling words and names of an article."""
    return Telling(_heaviest(article.words, WORDS), _heaviest(article.names, NAMES))


def _heaviest(weights: Mapping[str, float], most: int) -> dict[str, float]:
    """Return the `most` largest weights; among equals the first word in the alphabet."""
    return dict(nlargest(most, sorted(weights.items()), key=lambda item: item[1]))


class MemoryCandidates:
    """Candidates among the articles that were added. Not safe in threads."""

    def __init__(self) -> None:
        self._profiles: list[Profile] = []
        self._words: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[int]] = defaultdict(list)

    def add(self, profile: Profile) -> None:
        """Add an article that can be found from now on."""
        number = len(self._profiles)
        self._profiles.append(profile)
        for term in profile.words:
            self._words[term].append(number)
        for name in profile.names:
            self._names[name].append(number)

    def near(self, article: Weighted) -> Sequence[Profile]:
        """As in Candidates."""
        words, names = telling(article)
        scores: dict[int, float] = defaultdict(float)
        for weights, held in ((words, self._words), (names, self._names)):
            for term, weight in weights.items():
                for number in held.get(term, ()):
                    scores[number] += weight
        within = (
            (score, -number) for number, score in scores.items() if self._is_near(number, article)
        )
        return [self._profiles[-number] for _, number in nlargest(MOST, within)]

    def _is_near(self, number: int, article: Weighted) -> bool:
        """Return whether an article is another one, and was published at about the same time."""
        profile = self._profiles[number]
        if profile.article == article.article:
            return False
        if profile.time is None or article.time is None:
            return True
        return abs(profile.time - article.time) <= WINDOW
