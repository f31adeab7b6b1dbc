"""Articles and counts that need no query."""

from __future__ import annotations

from collections.abc import Mapping

from searcher.article import Article
from searcher.engine.protocol import Engine
from searcher.engine.searches import Search
from searcher.query.tree import Clause, Field, Group, Language, Occur, Query

_EVERYTHING = Query("", Group((Clause(Occur.EXCLUDED, Language(())),)))
"""A query that matches every article: it excludes the articles in an empty list of languages."""


class ArticleLookup:
    """Looks up articles and counts. Safe in threads.

    All methods raise IndexMissing, IndexDamaged and IndexOutdated.
    """

    def __init__(self, engine: Engine, seconds: float) -> None:
        """seconds: time budget of one look-up."""
        self._engine = engine
        self._seconds = seconds

    def get(self, article_id: str) -> Article | None:
        """Return the article with this id, or the one that had it before."""
        with self._engine.snapshot() as snapshot:
            found = snapshot.article(article_id)
            if found is not None or not article_id.strip():
                return found
            query = Query("", Group((Clause(Occur.REQUIRED, Field("former", article_id)),)))
            search = Search(query, sort="newest", seconds=self._seconds, totals=False)
            ranked = snapshot.search(search).ranked
            return next((one for one, _ in ranked if article_id in one.former), None)

    def newest(self, size: int = 10) -> tuple[Article, ...]:
        """Return the articles with the latest dates of publication, at most `size`."""
        search = Search(_EVERYTHING, sort="newest", limit=size, seconds=self._seconds, totals=False)
        with self._engine.snapshot() as snapshot:
            return tuple(article for article, _ in snapshot.search(search).ranked)

    def count(self) -> int:
        """Return the number of articles."""
        with self._engine.snapshot() as snapshot:
            return snapshot.count

    def state(self) -> tuple[int, int]:
        """Return the number of the index's commit, and the number of articles."""
        with self._engine.snapshot() as snapshot:
            return snapshot.generation, snapshot.count

    def stories(self) -> int:
        """Return the number of stories; an article without a place is one of its own."""
        search = Search(_EVERYTHING, limit=0, seconds=self._seconds, by_story=True)
        with self._engine.snapshot() as snapshot:
            return snapshot.search(search).total_stories

    def facet(self, name: str) -> dict[str, int]:
        """Return the number of articles by "language" or "source", the most frequent first."""
        with self._engine.snapshot() as snapshot:
            return by_count(snapshot.facet(name))


def by_count(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts in descending order, and equal ones by name."""
    # The sort by count keeps the order of equal ones.
    names = sorted(sorted(counts), key=counts.__getitem__, reverse=True)
    return {name: counts[name] for name in names}
