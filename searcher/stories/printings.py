"""Printings: articles that print a text again, which say nothing about how rare its words are.

Without that, the names of a story would be the less telling the more often it is printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from searcher.article import Article
from searcher.engine.places import Place, Printed
from searcher.stories.profile import profile_of

_SAMPLE = 4
"""Number of articles of a group of copies whose words are counted for all of it, as some copies are
parts of the text. Larger reads more articles."""

Copies = Mapping[str, Sequence[str]]
"""The copies of articles, by id."""


class Placed(Protocol):
    """A part of `engine.protocol.Snapshot`. Methods raise IndexDamaged."""

    def place(self, article_id: str) -> Place | None:
        """Return the place of an article; None if it has none."""

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""

    def printed(self, least: int, limit: int) -> list[Printed]:
        """Return the groups of at least `least` copies, each with at most `limit` of its
        articles."""


class Reprints:
    """The number of articles that print a text again: of each group of copies all but one."""

    def __init__(self, snapshot: Placed, least: int, copies: Copies) -> None:
        """Count them. Raises IndexDamaged.

        least: minimum number of articles of a group that is counted.
        copies: those of articles that have no place yet.
        """
        self._articles: Counter[str] = Counter()
        self._holding: Counter[str] = Counter()
        held = {group.number: group for group in snapshot.printed(least, _SAMPLE)}
        for group in _arriving(snapshot, held, copies):
            if group.size >= least:
                self._count(group.size, group.articles)
            held.pop(group.number, None)
        for group in held.values():
            self._count(group.size, group.articles)

    def articles(self, language: str) -> int:
        """Return the number of those in a language."""
        return self._articles[language]

    def holding(self, term: str) -> int:
        """Return the number of those with a term of the field of stems, about."""
        return self._holding[term]

    def _count(self, size: int, articles: Sequence[Article]) -> None:
        """Count a group of copies. articles: some of them."""
        profiles = [profile_of(article) for article in articles]
        held = Counter(term for one in profiles for term in (*one.words, *one.figures))
        self._articles[profiles[0].language] += size - 1
        for term, times in held.items():
            self._holding[term] += (size - 1) * times // len(profiles)


def _arriving(snapshot: Placed, held: dict[int, Printed], copies: Copies) -> Iterable[Printed]:
    """Yield the groups of copies of arriving articles, with those that are placed and have become
    one with them; all of these but one are taken from `held`."""
    for ids in _joined(copies):
        places = [place for one in sorted(ids) if (place := snapshot.place(one))]
        numbers = sorted({place.copies for place in places if place.copies in held})
        size = len(ids) - sum(place.copies in held for place in places)
        size += sum(held[number].size for number in numbers)
        articles = [article for number in numbers for article in held[number].articles]
        if not articles:
            found = (snapshot.article(one) for one in sorted(ids)[:_SAMPLE])
            articles = [article for article in found if article]
        for number in numbers[1:]:
            del held[number]
        yield Printed(numbers[0] if numbers else 0, size, articles)


def _joined(copies: Copies) -> Iterable[set[str]]:
    """Return the groups of articles that are linked by copies."""
    links: dict[str, set[str]] = defaultdict(set)
    for one, others in copies.items():
        for other in others:
            links[one].add(other)
            links[other].add(one)
    while links:
        group: set[str] = set()
        near = [next(iter(links))]
        while near:
            one = near.pop()
            if one in links:
                group.add(one)
                near += links.pop(one)
        yield group
