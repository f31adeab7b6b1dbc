"""Weights: how telling the words, names and figures of an article are in an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import log, sqrt
from typing import Protocol

from searcher.stories.profile import Profile
from searcher.text.names import key

RARE = 0.011
"""Maximum share of the articles that contain a rare name. Larger takes names that half the news has
for signs of one story."""

TELLING = 2.0
"""Minimum inverse document frequency of a telling word: it is in less than one of seven articles.
Larger leaves out words that are usual in reports of some kind."""

FEW = 1_000
"""Number of articles that are added to those of an archive, as if they lacked all its words. In a
small archive every word is in a large part of the articles; larger takes these for rare."""

_POWER = 1.5
"""Exponent of idf in the weight of a word. Larger counts rare words more."""


class Frequencies(Protocol):
    """The number of articles in which words occur. Safe in threads as far as the archive is."""

    def articles(self, language: str) -> int:
        """Return the number of articles in a language."""

    def holding(self, terms: Sequence[str]) -> Sequence[int]:
        """Return the number of articles with each of these terms of the field of stems.

        A function word of a small archive is counted as in all articles.
        """


class Counted:
    """Frequencies of profiles in memory: those added so far. Not safe in threads."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self._articles: Counter[str] = Counter()
        self._holding: Counter[str] = Counter()
        for profile in profiles:
            self.add(profile)

    def add(self, profile: Profile) -> None:
        """Count an article."""
        self._articles[profile.language] += 1
        self._holding.update(profile.words.keys())
        self._holding.update(profile.figures)

    def articles(self, language: str) -> int:
        """Return the number of articles in a language that were added."""
        return self._articles[language]

    def holding(self, terms: Sequence[str]) -> Sequence[int]:
        """Return the number of added articles with each term."""
        return [self._holding[term] for term in terms]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A profile with the weights of an archive. The weights of words and those of names are vectors
    of length 1."""

    article: str
    """Id of the article."""
    language: str
    """As in Profile."""
    time: datetime | None
    """As in Profile."""
    words: Mapping[str, float]
    """Weight by term of the telling words."""
    telling: Mapping[str, float]
    """Inverse document frequency by telling word that is no name."""
    names: Mapping[str, float]
    """Weight by name."""
    rare: Mapping[str, float]
    """Inverse document frequency by rare name."""
    keys: Mapping[str, tuple[str, ...]]
    """The rare names by the key of text.names, under which their other spellings are."""
    figures: Mapping[str, float]
    """Inverse document frequency by figure."""
    told: float
    """Sum of `figures`."""
    share: float
    """As in Profile."""


def weigh(profile: Profile, frequencies: Frequencies) -> Weighted:
    """Return a profile with its weights in an archive."""
    total = frequencies.articles(profile.language) + FEW
    terms, figures = list(profile.words), list(profile.figures)
    holding = frequencies.holding(terms + figures)
    held = dict(zip(chain(terms, figures), holding, strict=True))
    # Inverse document frequencies, at least 0; log is called for those above 0 only.
    idf = {
        term: log(total / (articles + 0.5)) if articles + 0.5 < total else 0.0
        for term, articles in held.items()
    }
    words = {
        term: idf[term] ** _POWER if times == 1 else (1 + log(times)) * idf[term] ** _POWER
        for term, times in profile.words.items()
    }
    named = {name: (1 + log(times)) * idf[term] for name, (times, term) in profile.names.items()}
    rare = {
        name: idf[term] for name, (_, term) in profile.names.items() if held[term] <= RARE * total
    }
    called = {term for _, term in profile.names.values()}
    keys: dict[str, tuple[str, ...]] = {}
    for name in sorted(rare):
        if begin := key(name):
            keys[begin] = (*keys.get(begin, ()), name)
    told = {figure: idf[figure] for figure in figures}
    return Weighted(
        profile.article,
        profile.language,
        profile.time,
        _normal(words),
        {term: idf[term] for term in words if term not in called},
        _normal(named),
        rare,
        keys,
        told,
        sum(told.values()),
        profile.share,
    )


def _normal(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights as a vector of length 1, without those that are 0."""
    length = sqrt(sum([weight * weight for weight in weights.values()])) or 1.0
    return {word: weight / length for word, weight in weights.items() if weight}
