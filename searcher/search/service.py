"""The only read path: from what was typed to a page of hits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from searcher.article import Article, Version
from searcher.clock import Clock, SystemClock
from searcher.engine.protocol import FACETS, Engine, Ranking, Search, Snapshot, Sort
from searcher.query.parser import parse
from searcher.query.tree import (
    Clause,
    Field,
    Group,
    Language,
    Node,
    Occur,
    Published,
    Query,
    Word,
    leaves,
)
from searcher.query.values import date_range, language_codes
from searcher.search.advice import diagnose
from searcher.search.corrections import corrected
from searcher.search.feedback import FEEDBACK_ARTICLES, relevance_model, telling_words
from searcher.search.highlight import Highlighter
from searcher.search.hits import DEEPEST_HIT, Advice, Correction, Hit, Hits, Marked
from searcher.search.snippets import snippets
from searcher.search.suggestions import QueryLog, suggest
from searcher.settings import Settings
from searcher.text.folding import fold

LARGEST_PAGE = 100
_LONGEST_SUGGESTED = 100
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Request:
    """A search as a user asks for it, in strings: nothing of it is parsed, and only its own limits
    are checked. `search` makes the engine's value of it, `engine.protocol.Search`. The filters
    narrow the query as if they were typed into it; "" means no filter.

    page counts from 1. size is the number of hits on a page. facets: by what all that match is to
    be counted. recency: whether being new counts. broaden: whether to rank by words of the best
    articles, too. without: spellings and words that are not to be added. verbatim: never to search
    for something else. explain: whether to say what scores are made of.
    """

    query: str
    sort: Sort = "relevance"
    page: int = 1
    size: int = 10
    lang: str = ""
    source: str = ""
    after: str = ""
    before: str = ""
    match_all: bool = False
    facets: tuple[str, ...] = ()
    recency: bool = True
    broaden: bool = False
    without: tuple[str, ...] = ()
    verbatim: bool = False
    explain: bool = False

    def validated(self, now: datetime) -> Request:
        """This request. Raises ValueError for a filter that cannot be read and a page that cannot
        be reached."""
        if not 1 <= self.size <= LARGEST_PAGE:
            raise ValueError(f"a page holds 1 to {LARGEST_PAGE} articles, not {self.size}")
        if not 1 <= self.page <= -(-DEEPEST_HIT // self.size):
            raise ValueError(
                f"page {self.page} is out of reach: pages end at article {DEEPEST_HIT}"
            )
        if unknown := set(self.facets).difference(FACETS):
            raise ValueError(f"facets are {', '.join(FACETS)}, not {min(unknown)!r}")
        if self.lang and (language_codes(self.lang)[1] or not language_codes(self.lang)[0]):
            raise ValueError(f"{self.lang!r} is not a language code such as en, fr or zh")
        for name, value in (("after", self.after), ("before", self.before)):
            if value and date_range(name, value, now) is None:
                raise ValueError(
                    f"{value!r} is not a date such as 2022-06-01, 2022-06, 2022, today or 7d"
                )
        return self

    def search(self, query: Query, seconds: float, half_life: float) -> Search:
        """Return the Search for the page asked for.

        query: the parsed query with the filters of this request; see SearchService.read_query.
        seconds: time budget in seconds.
        half_life: age in seconds at which recency counts half as much.
        """
        offset = (self.page - 1) * self.size
        return Search(
            query,
            sort=self.sort,
            offset=offset,
            limit=min(self.size, DEEPEST_HIT - offset),
            seconds=seconds,
            facets=self.facets,
            half_life=half_life if self.recency else None,
            explain=self.explain,
        )

    def filters(self, now: datetime) -> Iterator[Node]:
        if self.lang:
            yield Language(language_codes(self.lang)[0])
        if self.source:
            yield Field("source", self.source)
        for name, value in (("after", self.after), ("before", self.before)):
            if value and (bounds := date_range(name, value, now)):
                yield Published(*bounds)


@dataclass(frozen=True, slots=True)
class VersionRead:
    """A version of an article, counted from 1, and its text, if that could be read."""

    number: int
    version: Version
    article: Article | None

    def to_json(self) -> dict[str, Any]:
        found = self.article
        return {
            "number": self.number,
            "seen": self.version.to_json()["seen"],
            "changed": list(self.version.changed),
            "title": found.title if found else self.version.headline,
            "body": list(found.paragraphs) if found else None,
        }


class SearchService:
    """Searches an engine. Safe in threads."""

    def __init__(
        self, engine: Engine, clock: Clock | None = None, settings: Settings | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()
        self._settings = settings or Settings()
        self._log = QueryLog()

    @property
    def half_life(self) -> float:
        """Days in which being new comes to count half as much."""
        return self._settings.half_life

    def run(self, query: str | Request) -> Hits:
        """The hits of a query. Raises IndexMissing or IndexDamaged, and ValueError for an invalid
        Request."""
        begin = self._clock.monotonic()
        request = (Request(query) if isinstance(query, str) else query).validated(self._clock.now())
        with self._engine.snapshot() as snapshot:
            ranking, added, correction = self._corrected(snapshot, request)
            advice: tuple[Advice, ...] = ()
            if ranking.total == 0:
                advice = diagnose(self.read_query(request), partial(self._count, snapshot, request))
        hits = tuple(self._hits(ranking, begin + self._settings.time_budget, request.explain))
        plain = request == Request(request.query, facets=request.facets)
        if hits and plain and self._settings.remember_queries:
            self._log.note(request.query)
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
            facets={name: _by_count(counts) for name, counts in ranking.facets.items()},
            also=ranking.also,
            added=added,
            correction=correction,
            advice=advice,
        )

    def _corrected(
        self, snapshot: Snapshot, request: Request
    ) -> tuple[Ranking, tuple[str, ...], Correction | None]:
        """What a request finds, or, if that is nothing, what was probably meant does; and the words
        that were added."""
        query = self.read_query(request)
        ranking, added = self._ranking(snapshot, query, request)
        if request.verbatim or (request.page > 1 and ranking.total):
            return ranking, added, None
        names = {name.word for name in ranking.also}
        meant = corrected(query, snapshot.vocabulary, snapshot.facet("language"), names)
        if meant is None:
            return ranking, added, None
        if ranking.total:
            return ranking, added, Correction(meant.text, applied=False)
        again = replace(request, query=meant.text)
        better, more = self._ranking(snapshot, self.read_query(again), again)
        if better.total and meant.certain:
            return better, more, Correction(meant.text, applied=True)
        return ranking, added, Correction(meant.text, applied=False) if better.total else None

    def _ranking(
        self, snapshot: Snapshot, query: Query, request: Request
    ) -> tuple[Ranking, tuple[str, ...]]:
        """What a query finds, and the words by which it was broadened."""
        budget = self._settings.time_budget
        if request.broaden and request.sort == "relevance":
            first = Search(query, limit=FEEDBACK_ARTICLES, seconds=budget, totals=False)
            best = snapshot.search(first).ranked
            without = set(map(fold, request.without))
            typed = _typed(query)
            words = (
                relevance_model(best, typed, snapshot.vocabulary, snapshot.facet("language"))
                if typed
                else ()
            )
            query = replace(query, added=tuple(word for word in words if word.text not in without))
        ranking = snapshot.search(request.search(query, budget, self._settings.half_life * _DAY))
        return ranking, tuple(word.text for word in query.added)

    def _count(
        self, snapshot: Snapshot, request: Request, query: str | Query, filtered: bool
    ) -> int:
        """How many articles match a query, or what is typed instead of the request's, with its
        filters or without."""
        if isinstance(query, str):
            query = self.read_query(replace(request, query=query) if filtered else Request(query))
        seconds = self._settings.time_budget / 4
        return snapshot.search(Search(query, limit=0, seconds=seconds)).total

    def similar(
        self, article_id: str, size: int = 10
    ) -> tuple[tuple[Hit, ...], tuple[str, ...]] | None:
        """Articles like the one with this id, the most similar first, and the words by which they
        were found; None if there is no such article."""
        budget = self._settings.time_budget
        deadline = self._clock.monotonic() + budget
        with self._engine.snapshot() as snapshot:
            article = snapshot.article(article_id)
            if article is None:
                return None
            words = telling_words(article, snapshot.vocabulary, snapshot.facet("language"))
            clauses = [Clause(Occur.WANTED, Word(word)) for word in words]
            if article.language != "und":
                # Stems mean nothing in other languages: "sea" is the French "ses".
                clauses.append(Clause(Occur.REQUIRED, Language((article.language,))))
            query = Query(" ".join(words), Group(tuple(clauses)))
            ranking = snapshot.search(Search(query, limit=size + 1, seconds=budget, totals=False))
        others = tuple((one, score) for one, score in ranking.ranked if one.id != article_id)[:size]
        return tuple(self._hits(replace(ranking, ranked=others), deadline)), words

    def suggest(self, text: str) -> tuple[str, ...]:
        """What a query that is being typed may become, the likeliest first."""
        with self._engine.snapshot() as snapshot:
            return suggest(
                text[:_LONGEST_SUGGESTED], snapshot.vocabulary, snapshot.count, self._log
            )

    def _hits(self, ranking: Ranking, deadline: float, explain: bool = False) -> Iterator[Hit]:
        """What to show of the articles found; when time is up, without looking for the query's
        words in them."""
        highlighter, plain = Highlighter(ranking.patterns), Highlighter(())
        explained = ranking.parts if explain else (None,) * len(ranking.ranked)
        for (article, score), parts in zip(ranking.ranked, explained, strict=True):
            chosen = highlighter if self._clock.monotonic() <= deadline else plain
            yield Hit(article, score, chosen.mark_title(article), snippets(article, chosen), parts)

    def read_query(self, request: Request) -> Query:
        """The request's query with its filters."""
        now = self._clock.now()
        query = parse(request.query, now)
        filters = tuple(Clause(Occur.REQUIRED, node) for node in request.filters(now))
        return replace(
            query,
            root=Group((*query.root.clauses, *filters)),
            match_all=query.match_all or request.match_all,
            without=request.without,
        )

    def newest(self, size: int = 10) -> tuple[Article, ...]:
        """The articles published last."""
        # Everything is what is left when the articles in none of no languages are excluded.
        everything = Query("", Group((Clause(Occur.EXCLUDED, Language(())),)))
        with self._engine.snapshot() as snapshot:
            ranking = snapshot.search(
                Search(
                    everything,
                    sort="newest",
                    limit=size,
                    seconds=self._settings.time_budget,
                    totals=False,
                )
            )
        return tuple(article for article, _ in ranking.ranked)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or that had it before."""
        with self._engine.snapshot() as snapshot:
            found = snapshot.article(article_id)
            if found is None and article_id.strip():
                query = Query("", Group((Clause(Occur.REQUIRED, Field("former", article_id)),)))
                budget = self._settings.time_budget
                ranked = snapshot.search(
                    Search(query, sort="newest", seconds=budget, totals=False)
                ).ranked
                found = next((one for one, _ in ranked if article_id in one.former), None)
            return found

    def version(self, article: Article, number: int) -> Article | None:
        """One of an article's versions, counted from 0, as the archive in raw/ has it; None if it
        is not there."""
        from searcher.reading.articles import read_version
        from searcher.reading.raw_store import RawFile, RawStore

        store = RawStore(self._settings.raw, self._settings.max_file_bytes)
        version = article.versions[number]
        file = next(store.files([store.path_of(version.origin.file)]), None)
        return (
            read_version(file, version, self._clock.now())
            if isinstance(file, RawFile) and file.is_archive
            else None
        )

    def versions(self, article: Article) -> tuple[VersionRead, ...]:
        """An article's versions, the first first, each with its text if the archive has it."""
        last = len(article.versions) - 1
        return tuple(
            VersionRead(
                number + 1, version, article if number == last else self.version(article, number)
            )
            for number, version in enumerate(article.versions)
        )

    def marked(self, article: Article, request: Request) -> tuple[Marked, tuple[Marked, ...]]:
        """The article's title and paragraphs with the words of the request's query marked."""
        with self._engine.snapshot() as snapshot:
            parsed = self.read_query(request)
            patterns = snapshot.search(
                Search(parsed, limit=0, seconds=self._settings.time_budget, totals=False)
            ).patterns
        highlighter = Highlighter(patterns)
        return highlighter.mark_title(article), highlighter.mark_body(article)

    def count(self) -> int:
        with self._engine.snapshot() as snapshot:
            return snapshot.count

    def facet(self, name: str) -> dict[str, int]:
        """How many articles there are by "language" or "source", the most frequent first."""
        with self._engine.snapshot() as snapshot:
            counts = snapshot.facet(name)
        return _by_count(counts)


def _typed(query: Query) -> tuple[str, ...]:
    """The words that a query wants."""
    wanted = (
        leaf
        for leaf in leaves(query.root, excluded=False)
        if not isinstance(leaf, Field | Language | Published)
    )
    return tuple(word for leaf in wanted for word in leaf.text.split())


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
