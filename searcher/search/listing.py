"""All articles of a search, read one after the other: for exports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.places import Relation
from searcher.engine.protocol import Engine, Snapshot
from searcher.engine.searches import Listed
from searcher.errors import SearchCutShort
from searcher.search.request import Request

LISTING_SECONDS = 30.0
"""Maximum time in which all articles of a search have to be found, in seconds. Reading them takes
longer. Larger lets a query of many rare words occupy a thread of the server for longer."""
_BATCH = 256
"""Number of articles whose stories are looked up together. Larger takes more memory, and looks up
fewer stories twice."""


class StoryOf(NamedTuple):
    """The story of an article, and its place in it."""

    id: str
    """Id of the story: that of its first article."""
    articles: int
    """Number of articles of the story in the whole index."""
    outlets: int
    """Number of different outlets among these."""
    relation: Relation
    """How the article came into the story."""


class Row(NamedTuple):
    """An article of a listing."""

    rank: int
    """Its rank, from 1."""
    article: Article
    """The article."""
    score: float
    """Its score; only the order of scores means something."""
    story: StoryOf | None
    """Its story, if that has further articles."""


@dataclass(frozen=True, slots=True)
class Head:
    """The facts about a listing that its reader has to know to cite it or make it again."""

    request: Request
    """The search as asked for. `sort`, `match_all` and `by_story` say what is listed."""
    generation: int
    """Number of the index's commit. All articles are of this one, whatever is indexed meanwhile."""
    at: datetime
    """When the search was run."""
    indexed: int
    """Number of articles of the index."""
    total: int
    """Number of articles that the search finds."""
    count: int
    """Number of articles listed: stories instead if they are one article each, and at most the
    number asked for."""
    warnings: tuple[str, ...]
    """Warnings about the query."""


class WholeResult(NamedTuple):
    """A listing and its articles."""

    head: Head
    """The facts about it."""
    rows: Iterator[Row]
    """The articles in order, each read when it is taken."""


class Lister:
    """Lists all articles of a search. Safe in threads."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    @contextmanager
    def open(self, request: Request, most: int | None = None) -> Iterator[WholeResult]:
        """Yield all articles of a search, from one snapshot of the index.

        request: its page, size, facets and corrections do not matter.
        most: maximum number of articles; None lists all.

        Raises ValueError for a filter that cannot be read, SearchCutShort, IndexMissing,
        IndexDamaged and IndexOutdated.
        """
        now = self._clock.now()
        request = replace(request, page=1, facets=(), broaden=False, explain=False).validated(now)
        query = request.parsed(now)
        request = replace(request, match_all=query.match_all, match_any=query.match_any)
        # Recency depends on what else is in the index, and would change ranks with each commit.
        search = replace(request, recency=False).search(query, LISTING_SECONDS, 0.0, now)
        with self._engine.snapshot() as snapshot:
            found = snapshot.listing(search)
            if not found.is_complete:
                raise SearchCutShort(
                    f"the search did not end in {LISTING_SECONDS:g} seconds; a narrower one will"
                )
            count = found.count if most is None else min(most, found.count)
            head = Head(
                request=request,
                generation=snapshot.generation,
                at=now,
                indexed=snapshot.count,
                total=found.ranking.total,
                count=count,
                warnings=tuple(warning.message for warning in found.ranking.warnings),
            )
            yield WholeResult(head, _rows(snapshot, islice(found.articles, count)))


def _rows(snapshot: Snapshot, articles: Iterator[Listed]) -> Iterator[Row]:
    rank = 0
    while batch := list(islice(articles, _BATCH)):
        numbers = {place.story for _, _, place in batch if place}
        stories = snapshot.stories(numbers, limit=1, least=2)
        for article, score, place in batch:
            rank += 1
            story = stories.get(place.story) if place else None
            about = (
                StoryOf(story.id, story.size, story.outlets, place.relation)
                if story and place
                else None
            )
            yield Row(rank, article, score, about)
