"""The only read path: from what was typed to a page of hits."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from searcher.article import Article
from searcher.clock import SystemClock
from searcher.config import Settings
from searcher.highlight import Highlighter
from searcher.hits import DEEPEST_HIT
from searcher.hits import FACETS
from searcher.hits import Hit
from searcher.hits import Hits
from searcher.hits import Marked
from searcher.hits import Sort
from searcher.protocols import Clock
from searcher.protocols import Engine
from searcher.protocols import Ranking
from searcher.query import Clause
from searcher.query import Field
from searcher.query import Group
from searcher.query import Language
from searcher.query import Node
from searcher.query import Occur
from searcher.query import Published
from searcher.query import Query
from searcher.query_parser import parse
from searcher.query_values import date_range
from searcher.query_values import language_codes
from searcher.snippets import snippets

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Request:
    """A search as asked for. The filters narrow the query as if they were typed into it; "" means no filter.

    page counts from 1. size is the number of hits on a page. facets: by what all that match is to be counted.
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

    def validated(self, now: datetime) -> Request:
        """This request. Raises ValueError for a filter that cannot be read and a page that cannot be reached."""
        if not 1 <= self.size <= LARGEST_PAGE:
            raise ValueError(f"a page holds 1 to {LARGEST_PAGE} articles, not {self.size}")
        if not 1 <= self.page <= -(-DEEPEST_HIT // self.size):
            raise ValueError(f"page {self.page} is out of reach: pages end at article {DEEPEST_HIT}")
        if unknown := set(self.facets).difference(FACETS):
            raise ValueError(f"facets are {', '.join(FACETS)}, not {min(unknown)!r}")
        if self.lang and (language_codes(self.lang)[1] or not language_codes(self.lang)[0]):
            raise ValueError(f"{self.lang!r} is not a language code such as en, fr or zh")
        for name, value in (("after", self.after), ("before", self.before)):
            if value and date_range(name, value, now) is None:
                raise ValueError(f"{value!r} is not a date such as 2022-06-01, 2022-06, 2022, today or 7d")
        return self

    def filters(self, now: datetime) -> Iterator[Node]:
        if self.lang:
            yield Language(language_codes(self.lang)[0])
        if self.source:
            yield Field("source", self.source)
        for name, value in (("after", self.after), ("before", self.before)):
            if value and (bounds := date_range(name, value, now)):
                yield Published(*bounds)


class SearchService:
    """Searches an engine. Safe in threads."""

    def __init__(self, engine: Engine, clock: Clock | None = None, settings: Settings | None = None) -> None:
        self._engine = engine
        self._clock = clock or SystemClock()
        self._settings = settings or Settings()

    def run(self, query: str | Request) -> Hits:
        """The hits of a query. Raises IndexMissing or IndexDamaged, and ValueError for an invalid Request."""
        now, begin = self._clock.now(), self._clock.monotonic()
        request = (Request(query) if isinstance(query, str) else query).validated(now)
        parsed = self.read_query(request)
        offset = (request.page - 1) * request.size
        size = min(request.size, DEEPEST_HIT - offset)
        with self._engine.snapshot() as snapshot:
            budget = self._settings.time_budget
            ranking = snapshot.search(parsed, request.sort, offset, size, budget, facets=request.facets)
        hits = tuple(self._hits(ranking, begin + self._settings.time_budget))
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
        )

    def _hits(self, ranking: Ranking, deadline: float) -> Iterator[Hit]:
        """What to show of the articles found; when time is up, without looking for the query's words in them."""
        highlighter, plain = Highlighter(ranking.patterns), Highlighter(())
        for article, score in ranking.ranked:
            chosen = highlighter if self._clock.monotonic() <= deadline else plain
            yield Hit(article, score, chosen.mark_title(article), snippets(article, chosen))

    def read_query(self, request: Request) -> Query:
        """The request's query with its filters."""
        now = self._clock.now()
        query = parse(request.query, now)
        filters = tuple(Clause(Occur.REQUIRED, node) for node in request.filters(now))
        root = Group((*query.root.clauses, *filters))
        return Query(query.text, root, query.match_all or request.match_all, query.warnings)

    def newest(self, size: int = 10) -> tuple[Article, ...]:
        """The articles published last."""
        # Everything is what is left when the articles in none of no languages are excluded.
        everything = Query("", Group((Clause(Occur.EXCLUDED, Language(())),)))
        with self._engine.snapshot() as snapshot:
            ranking = snapshot.search(everything, "newest", 0, size, self._settings.time_budget, totals=False)
        return tuple(article for article, _ in ranking.ranked)

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        with self._engine.snapshot() as snapshot:
            return snapshot.article(article_id)

    def marked(self, article: Article, request: Request) -> tuple[Marked, tuple[Marked, ...]]:
        """The article's title and paragraphs with the words of the request's query marked."""
        with self._engine.snapshot() as snapshot:
            parsed = self.read_query(request)
            patterns = snapshot.search(parsed, "relevance", 0, 0, self._settings.time_budget, totals=False).patterns
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


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
