"""Stories of the engine in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from searcher.article import Article
from searcher.engine.places import Member, Place, Printed, Story, printed_key, story_of


class MemoryPlaces:
    """The places of one generation's articles."""

    def __init__(self, articles: Mapping[str, Article], places: Mapping[str, Place]) -> None:
        """
        articles: all articles, by id.
        places: the places of those that have one, by id.
        """
        self._articles = articles
        self.places = places
        """The places, by id."""
        self._sizes = Counter(place.story for place in places.values())

    def are_one_story(self, one: str, other: str) -> bool:
        """Return whether two articles, by id, are of one story, or the same."""
        first, second = self.places.get(one), self.places.get(other)
        return one == other or bool(first and second and first.story == second.story)

    def size(self, article_id: str) -> int:
        """Return the number of articles of an article's story."""
        place = self.places.get(article_id)
        return self._sizes[place.story] if place else 1

    def once(self, articles: Iterable[Article]) -> list[Article]:
        """Return of articles in order the first of each group of copies, and those that have no
        copy."""
        kept: dict[object, Article] = {}
        for article in articles:
            place = self.places.get(article.id)
            kept.setdefault((place.copies if place else 0) or article.id, article)
        return list(kept.values())

    def unplaced(self, count: int) -> list[Article]:
        """Return as `Snapshot.unplaced`."""
        found = [article for key, article in self._articles.items() if key not in self.places]
        return sorted(found, key=printed_key)[:count]

    def stories(
        self, numbers: Iterable[int], limit: int, least: int, once: bool
    ) -> dict[int, Story]:
        """Return as `Snapshot.stories`."""
        wanted = set(numbers)
        members: dict[int, list[Member]] = defaultdict(list)
        for article_id, place in self.places.items():
            if place.story in wanted:
                members[place.story].append(Member(self._articles[article_id], place))
        return {
            number: story_of(held, limit, once)
            for number, held in members.items()
            if len(held) >= least
        }

    def printed(self, least: int, limit: int) -> list[Printed]:
        """Return as `Snapshot.printed`."""
        sizes = Counter(place.copies for place in self.places.values())
        del sizes[0]
        held: dict[int, list[Article]] = defaultdict(list)
        for article_id, place in sorted(self.places.items()):
            held[place.copies].append(self._articles[article_id])
        return [
            Printed(number, size, held[number][:limit])
            for number, size in sorted(sizes.items())
            if size >= least
        ]

    @property
    def last_number(self) -> int:
        """As `Snapshot.last_number`."""
        return max((max(one.story, one.copies) for one in self.places.values()), default=0)
