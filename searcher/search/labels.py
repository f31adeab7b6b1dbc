"""Labels of peaks: the telling words, a typical headline and the largest story of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.protocol import Snapshot
from searcher.engine.searches import Ranking, Search
from searcher.query.tree import Clause, Either, Group, Occur, Published, Query
from searcher.search.telling import Telling, telling

_SAMPLE = 60
"""Maximum number of articles by which a peak is described, the best of the query in it. Each takes
a tenth of a millisecond. On eight queries of Reuters 100 gave the same labels, and 40 none for two
of ten peaks."""
_SAMPLES = 200
"""Maximum number of articles that are read for all labels. With several peaks each is described by
fewer articles, as those of the other peaks are compared with it, too. Larger takes longer, .15 ms
an article: by day, 400 gave the same labels for nine of eleven peaks of Reuters, and 120 other ones
for six."""
_FEWEST = 20
"""Minimum number of articles that peaks are compared with. A query about one event has fewer
outside of its peak; then other articles of the same days are added. Larger adds them to queries
that do not need them, whose own words then look telling."""


class PeakStory(NamedTuple):
    """The largest story of a peak."""

    id: str
    """Its id."""
    title: str
    """The title of its first article."""
    articles: int
    """Number of its articles, in the whole index."""


class Label(NamedTuple):
    """The description of a peak."""

    about: Telling
    """Its telling words and its most typical headline."""
    story: PeakStory | None
    """Its largest story; None if no two of its articles are of one story."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a label in `--json` and the API."""
        story = self.story
        return {
            "words": list(self.about.words),
            "headline": self.about.headline,
            "id": self.about.article_id,
            "story": {"id": story.id, "title": story.title, "articles": story.articles}
            if story
            else None,
        }


class PeakReader:
    """Reads articles of peaks to describe them."""

    def __init__(
        self, snapshot: Snapshot, query: Query, ranking: Ranking, clock: Clock, deadline: float
    ) -> None:
        """ranking: the result of the query. deadline: time of the clock."""
        self._snapshot = snapshot
        self._query = query
        self._clock = clock
        self._deadline = deadline
        self._ignored = frozenset(
            term
            for pattern in ranking.patterns
            for alternative in pattern.alternatives
            for terms in alternative
            for term in terms
        )
        self.is_late = False
        """Whether the time was up before all peaks were described."""

    def describe(self, spans: Sequence[tuple[date, date]]) -> list[Label]:
        """Return the labels of peaks, given as the first day of each and the first one after it.
        Each is compared with the best articles of the other peaks, and of all other periods; where
        there are few, also with other articles of the same days."""
        if not spans:
            return []
        size = min(_SAMPLE, _SAMPLES // (len(spans) + 1))
        published = [Published(_midnight(start), _midnight(end)) for start, end in spans]
        inside = [self._best(size, Clause(Occur.REQUIRED, span)) for span in published]
        rest = _articles(self._best(size, *(Clause(Occur.EXCLUDED, span) for span in published)))
        if len(rest) < _FEWEST:
            rest += self._unlike(published, size)
        about = telling([_articles(one) for one in inside], rest, self._ignored)
        return list(map(Label, about, self._stories(inside)))

    def _best(self, size: int, *clauses: Clause) -> Ranking:
        """Return the best articles of the query that match these clauses, too."""
        return self._found(size, (*self._query.root.clauses, *clauses))

    def _unlike(self, published: Sequence[Published], size: int) -> list[Article]:
        """Return articles of the peaks' days that the query does not find."""
        days = published[0] if len(published) == 1 else Either(tuple(published))
        clauses = (Clause(Occur.REQUIRED, days), Clause(Occur.EXCLUDED, self._query.root))
        return _articles(self._found(size, clauses))

    def _found(self, size: int, clauses: tuple[Clause, ...]) -> Ranking:
        left = self._deadline - self._clock.monotonic()
        if left <= 0:
            self.is_late = True
            return Ranking()
        query = replace(self._query, root=Group(clauses))
        return self._snapshot.search(Search(query, limit=size, seconds=left, totals=False))

    def _stories(self, inside: Sequence[Ranking]) -> list[PeakStory | None]:
        """Return for each sample the story with most of its articles, at least two; of equal ones
        the one with the best article."""
        numbers = []
        for ranking in inside:
            times = Counter(number for number in ranking.stories if number)
            number, count = times.most_common(1)[0] if times else (0, 0)
            numbers.append(number if count > 1 else 0)
        found = self._snapshot.stories(filter(None, numbers), 1, 2)
        stories: list[PeakStory | None] = []
        for number in numbers:
            story = found.get(number)
            if story is None:
                stories.append(None)
                continue
            first = story.members[0].article
            stories.append(PeakStory(story.id, first.title, story.size))
        return stories


def _articles(ranking: Ranking) -> list[Article]:
    return [article for article, _ in ranking.ranked]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
