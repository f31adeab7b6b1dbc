"""Places of articles as late columns of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from searcher.article import Article
from searcher.columnar.arrays import Ints
from searcher.columnar.searching.ordering import Output, ranked_page
from searcher.columnar.searching.shared_values import SharedValues, shared_values
from searcher.columnar.searching.view import View
from searcher.engine.places import RELATIONS, Member, Place, Printed, Story
from searcher.engine.whoosh_schema import COPIES, KEY, PUBLISHED, SOURCE, STORY


def late_values(place: Place) -> dict[str, int]:
    """Return a place as the values of late columns."""
    return {**place._asdict(), "relation": RELATIONS.index(place.relation)}


class WhooshPlaces:
    """The places of one generation's articles. Methods raise FileDamaged and IndexOutdated."""

    def __init__(self, view: View, article: Callable[[int], Article]) -> None:
        """article: returns the article of a document."""
        self._view = view
        self._article = article

    def place(self, document: int) -> Place | None:
        """Return the place of a document; None if it has none."""
        values = {
            name: int(shared_values(self._view, name).values[document]) for name in Place._fields
        }
        if not values[STORY]:
            return None
        relation = RELATIONS[values["relation"]]
        return Place(**{**values, "relation": relation})  # type: ignore[arg-type]

    def numbers(self, documents: Sequence[int]) -> list[int]:
        """Return the number of the story of each document; 0 for those without a place."""
        found: list[int] = self._stories.values[np.array(documents, np.int64)].tolist()
        return found

    @property
    def _stories(self) -> SharedValues:
        return shared_values(self._view, STORY)

    @property
    def last_number(self) -> int:
        """As `Snapshot.last_number`."""
        held = (shared_values(self._view, name).values for name in (STORY, COPIES))
        return max(int(values.max(initial=0)) for values in held)

    def unplaced(self, count: int) -> list[Article]:
        """Return as `Snapshot.unplaced`."""
        missing = self._stories.values == 0
        if self._view.live is not None:
            missing &= self._view.live
        return [self._article(one) for one in self._in_order(np.flatnonzero(missing), count)]

    def stories(
        self, numbers: Iterable[int], limit: int, least: int, once: bool
    ) -> dict[int, Story]:
        """Return as `Snapshot.stories`."""
        sizes = self._stories.sizes
        wanted = np.array(
            [one for one in sorted(set(numbers)) if 0 < one < len(sizes) and sizes[one] >= least],
            np.int64,
        )
        if not len(wanted):
            return {}
        documents = self._stories.having(wanted)
        # All in order at once: that takes as long as those of one story.
        ordered = np.array(self._in_order(documents, len(documents)), np.int64)
        values = self._stories.values[ordered]
        found = {}
        for number in wanted.tolist():
            held = ordered[values == number]
            members = [
                Member(self._article(one), place)
                for one in self._listed(held.tolist(), limit, once)
                if (place := self.place(one)) is not None
            ]
            outlets = self._outlets(np.sort(held))
            found[number] = Story(number, len(held), outlets, tuple(members))
        return found

    def printed(self, least: int, limit: int) -> list[Printed]:
        """Return as `Snapshot.printed`."""
        copies = shared_values(self._view, COPIES)
        numbers = np.flatnonzero(copies.sizes >= max(least, 1))
        found = []
        for number in numbers[numbers > 0].tolist():
            held = copies.having(np.array([number], np.int64))
            articles = [self._article(one) for one in held[:limit].tolist()]
            found.append(Printed(number, len(held), articles))
        return found

    def _listed(self, in_order: list[int], limit: int, once: bool) -> list[int]:
        """Return the first `limit` of documents, in order, as `Snapshot.stories` lists them."""
        if not once:
            return in_order[:limit]
        groups = shared_values(self._view, COPIES).values
        kept = {int(groups[one]) or -one - 1: one for one in reversed(in_order)}
        return [one for one in in_order if kept[int(groups[one]) or -one - 1] == one][:limit]

    def _outlets(self, documents: Ints) -> int:
        """Return the number of different outlets of documents (ascending)."""
        names: set[str] = set()
        for part, chosen in self._view.split(documents):
            reader = self._view.column(part, SOURCE)
            names.update(reader[int(one)] for one in documents[chosen] - part.base)
        return len(names)

    def _in_order(self, documents: Ints, count: int) -> list[int]:
        """Return the first `count` of the documents (ascending) in the order of publication."""
        output = Output(PUBLISHED, KEY, "oldest", end=count)
        scores = np.zeros(len(documents))
        return [one for one, _ in ranked_page(self._view, documents, scores, output)]
