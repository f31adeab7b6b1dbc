"""More like this: articles that share the distinctive words of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from searcher.clock import Clock
from searcher.engine.protocol import Engine
from searcher.engine.searches import Search
from searcher.query.tree import Clause, Group, Language, Occur, Query, Word
from searcher.search.hits import Hit
from searcher.search.relevance_model import distinctive_words
from searcher.search.snippets import hits_of


class Similar(NamedTuple):
    """Articles like another one."""

    hits: tuple[Hit, ...]
    """The articles, the most similar first, without the one they are compared with."""
    words: tuple[str, ...]
    """The distinctive words by which they were found, the most distinctive first."""


class SimilarArticles:
    """Finds articles like another one. Safe in threads."""

    def __init__(self, engine: Engine, clock: Clock, seconds: float) -> None:
        """seconds: time budget of one search."""
        self._engine = engine
        self._clock = clock
        self._seconds = seconds

    def find(self, article_id: str, size: int = 10) -> Similar | None:
        """Return at most `size` articles like the one with this id; None without such an article.

        Raises IndexMissing, IndexDamaged and IndexOutdated.
        """
        deadline = self._clock.monotonic() + self._seconds
        with self._engine.snapshot() as snapshot:
            article = snapshot.article(article_id)
            if article is None:
                return None
            words = distinctive_words(article, snapshot.vocabulary, snapshot.facet("language"))
            query = _any_of(words, article.language)
            # One more than asked for: the article is like itself.
            search = Search(query, limit=size + 1, seconds=self._seconds, totals=False)
            ranking = snapshot.search(search)
        others = tuple(found for found in ranking.ranked if found[0].id != article_id)[:size]
        ranking = replace(ranking, ranked=others)
        return Similar(tuple(hits_of(ranking, self._clock, deadline)), words)


def _any_of(words: Sequence[str], language: str) -> Query:
    clauses = [Clause(Occur.WANTED, Word(word)) for word in words]
    if language != "und":
        # A stem means something else in another language: "sea" is also the French "ses".
        clauses.append(Clause(Occur.REQUIRED, Language((language,))))
    return Query(" ".join(words), Group(tuple(clauses)), match_any=True)
