"""The read path: from a request to a page of hits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple, cast

from searcher.article import Article
from searcher.clock import Clock, SystemClock
from searcher.engine.places import Place, Story
from searcher.engine.protocol import Engine, Snapshot
from searcher.engine.searches import Ranking, Search
from searcher.query.tree import Added, Copies, Filter, Query, leaves
from searcher.search.advice import diagnose
from searcher.search.attention import AttentionCounter
from searcher.search.corrections import corrected
from searcher.search.highlight import Highlighter
from searcher.search.hits import Advice, Correction, Hit, Hits, Marked
from searcher.search.listing import Lister
from searcher.search.lookup import ArticleLookup, by_count
from searcher.search.relevance_model import FEEDBACK_ARTICLES, relevance_model
from searcher.search.request import PRESETS, Request
from searcher.search.similar import SimilarArticles
from searcher.search.snippets import hits_of
from searcher.search.suggestions import QueryLog, Suggester
from searcher.search.timeline import StoryTimelines
from searcher.search.versions import MemoryArchive, VersionArchive, VersionHistory
from searcher.settings import Settings
from searcher.text.folding import fold

_DAY = 86_400
"""Seconds in a day."""
_MEMBERS = 5
"""Maximum number of articles of a story that are read for a hit. Larger makes a page slower."""
_ADVICE_SHARE = 1 / 4
"""Share of the time budget that all searches for advice may take; see `search.advice`. Larger finds
advice for slower queries, and lets a user wait for it longer."""


class _Found(NamedTuple):
    """The result of a request before it is presented."""

    ranking: Ranking
    """Ranking of the articles."""
    added: tuple[str, ...]
    """Words by which the query was broadened."""
    correction: Correction | None = None
    """Correction of the query, if one was found."""


class _Fixed:
    """An engine with one snapshot, for searches alone."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def snapshot(self) -> Snapshot:
        return self._snapshot.shared()


class SearchService:
    """Runs searches on an engine. Safe in threads.

    Its parts answer everything that is not a query.
    """

    articles: ArticleLookup
    """Single articles, the newest ones, and counts."""
    similar: SimilarArticles
    """More like this."""
    suggestions: Suggester
    """Completions of a query."""
    versions: VersionHistory
    """Earlier versions of articles."""
    timelines: StoryTimelines
    """Stories over time."""
    attention: AttentionCounter
    """Articles by period."""
    listings: Lister
    """All articles of a search."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None = None,
        settings: Settings | None = None,
        archive: VersionArchive | None = None,
        log: QueryLog | None = None,
    ) -> None:
        """
        settings: limits; see Settings.
        archive: texts of earlier versions, if there are any.
        log: the queries that are remembered, if other processes share them.
        """
        self._engine = engine
        self._clock = clock or SystemClock()
        self._settings = settings or Settings()
        self._log = log or QueryLog()
        seconds = self._settings.time_budget
        self.articles = ArticleLookup(engine, seconds)
        self.similar = SimilarArticles(engine, self._clock, seconds)
        self.suggestions = Suggester(engine, self._log)
        self.versions = VersionHistory(archive or MemoryArchive())
        self.attention = AttentionCounter(engine, self._clock, seconds)
        self.timelines = StoryTimelines(engine, self.articles)
        self.listings = Lister(engine, self._clock)

    @property
    def half_life(self) -> float:
        """Age in days at which an article gains half as much for being recent."""
        return self._settings.half_life

    def now(self) -> datetime:
        """Return the time from which relative dates count."""
        return self._clock.now()

    def renew(self, prepare: Callable[[SearchService], None]) -> None:
        """Open the newest commit for later searches, unless it is open already.

        prepare: called with a service on this commit before others search it; what it searches is
        not remembered. See `Engine.renew`.
        """
        forgetful = replace(self._settings, remember_queries=False)

        def search_on(snapshot: Snapshot) -> None:
            prepare(SearchService(cast(Engine, _Fixed(snapshot)), self._clock, forgetful))

        self._engine.renew(search_on)

    def close(self) -> None:
        """Release the commit that is kept for the next search, which opens the newest one."""
        self._engine.close()

    def run(self, query: str | Request) -> Hits:
        """Return the hits of a query.

        Raises IndexMissing, IndexDamaged and IndexOutdated, and ValueError for an invalid Request.
        """
        begin = self._clock.monotonic()
        request = Request(query) if isinstance(query, str) else query
        request.validated(self._clock.now())
        with self._engine.snapshot() as snapshot:
            found = self._corrected(snapshot, request)
            ranking = found.ranking
            advice = self._advice(snapshot, request) if ranking.entries == 0 else ()
            once = self._parsed(request).copies is Copies.HIDE
            numbers = ranking.stories if request.by_story else ()
            stories = snapshot.stories(numbers, _MEMBERS, 2, once=once)
            places = [snapshot.place(article.id) if once else None for article, _ in ranking.ranked]
        deadline = begin + self._settings.time_budget
        hits = tuple(
            _in_story(hit, story, place) if (story := stories.get(number)) else hit
            for hit, number, place in zip(
                hits_of(ranking, self._clock, deadline, request.explain),
                ranking.stories,
                places,
                strict=True,
            )
        )
        if hits:
            self._remember(request)
        return Hits(
            query=request.query,
            total=ranking.total,
            total_all=ranking.total_all,
            hits=hits,
            warnings=ranking.warnings,
            sort=request.sort,
            page=request.page,
            size=request.size,
            took_ms=(self._clock.monotonic() - begin) * 1000,
            facets={
                name: by_count(ranking.facets[name])
                if name in ranking.facets
                else dict(zip(PRESETS, ranking.since, strict=True))
                for name in request.facets
            },
            also=ranking.also,
            common=ranking.common,
            added=found.added,
            correction=found.correction,
            advice=advice,
            total_stories=ranking.total_stories,
            total_copies=max(0, ranking.total_copies),
            generation=snapshot.generation,
            total_some=ranking.total_some,
            mixed=ranking.mixed,
            entries=ranking.entries,
        )

    def _remember(self, request: Request) -> None:
        """Log the query for suggestions, unless that is turned off. Queries with filters, other
        pages and the like are not logged."""
        plain = request == Request(request.query, facets=request.facets)
        if plain and self._settings.remember_queries:
            self._log.note(request.query)

    def _corrected(self, snapshot: Snapshot, request: Request) -> _Found:
        """Search for the query, or for its correction if the query finds nothing."""
        query = self._parsed(request)
        found = self._ranked(snapshot, query, request)
        total = found.ranking.entries
        if request.verbatim or (request.page > 1 and total):
            return found
        # Where nothing was found, a word whose other forms were looked for may be an error.
        names = {name.word for name in found.ranking.also} if total else set()
        better = corrected(query, snapshot.vocabulary, snapshot.facet("language"), names)
        if better is None:
            return found
        offered = Correction(better.text, applied=False)
        if total:
            return found._replace(correction=offered)
        again = replace(request, query=better.text)
        instead = self._ranked(snapshot, self._parsed(again), again)
        if not instead.ranking.entries:
            return found
        if not better.certain:
            return found._replace(correction=offered)
        return instead._replace(correction=Correction(better.text, applied=True))

    def _parsed(self, request: Request) -> Query:
        return request.parsed(self._clock.now())

    def _ranked(self, snapshot: Snapshot, query: Query, request: Request) -> _Found:
        """Search for a query, broadened if the request asks for it."""
        if request.broaden and request.sort == "relevance":
            query = replace(query, added=self._added(snapshot, query, request))
        half_life = self._settings.half_life * _DAY
        budget, now = self._settings.time_budget, self._clock.now()
        ranking = snapshot.search(request.search(query, budget, half_life, now))
        return _Found(ranking, tuple(word.text for word in query.added))

    def _added(self, snapshot: Snapshot, query: Query, request: Request) -> tuple[Added, ...]:
        """Return the words by which the query's best articles broaden it."""
        typed = _typed(query)
        if not typed:
            return ()
        budget = self._settings.time_budget
        search = Search(query, limit=FEEDBACK_ARTICLES, seconds=budget, totals=False)
        best = snapshot.search(search).ranked
        ignored = set(map(fold, request.without))
        words = relevance_model(best, typed, snapshot.vocabulary, snapshot.facet("language"))
        return tuple(word for word in words if word.text not in ignored)

    def _advice(self, snapshot: Snapshot, request: Request) -> tuple[Advice, ...]:
        deadline = self._clock.monotonic() + self._settings.time_budget * _ADVICE_SHARE
        return diagnose(self._parsed(request), partial(self._count, snapshot, request, deadline))

    def _count(
        self,
        snapshot: Snapshot,
        request: Request,
        deadline: float,
        query: str | Query,
        filtered: bool,
    ) -> int:
        """Return the number of articles that match a query; 0 after the deadline.

        deadline: of the clock's monotonic time, in seconds.
        query: a parsed query, or a text instead of the request's. filtered: whether the filters of
        the request apply to such a text.
        """
        if isinstance(query, str):
            query = self._parsed(replace(request, query=query) if filtered else Request(query))
        seconds = deadline - self._clock.monotonic()
        if seconds <= 0:
            return 0
        found = snapshot.search(Search(query, limit=0, seconds=seconds))
        return found.total or found.total_some

    def marked(self, article: Article, request: Request) -> tuple[Marked, tuple[Marked, ...]]:
        """Return the article's title and paragraphs with the words of the query marked.

        Raises IndexMissing, IndexDamaged and IndexOutdated.
        """
        query = self._parsed(request)
        search = Search(query, limit=0, seconds=self._settings.time_budget, totals=False)
        with self._engine.snapshot() as snapshot:
            highlighter = Highlighter(snapshot.search(search).patterns)
        return highlighter.mark_article(article)


def _in_story(hit: Hit, story: Story, place: Place | None) -> Hit:
    """Return a hit with its story. place: that of the hit, if its copies are hidden."""
    group = place.copies if place else 0
    versions = tuple(
        one
        for one in story.members
        if not group or one.place.copies != group or one.article.id == hit.article.id
    )
    return replace(hit, story=story, versions=versions)


def _typed(query: Query) -> tuple[str, ...]:
    """Return the words that a query wants or requires in the text."""
    wanted = (leaf for leaf in leaves(query.root, excluded=False) if not isinstance(leaf, Filter))
    return tuple(word for leaf in wanted for word in leaf.text.split())
