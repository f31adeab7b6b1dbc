"""The engine in memory. It checks every article, and tests compare other engines with it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Self

from searcher.article import Article
from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine import resembling
from searcher.engine.base import BUDGET_SPENT, Committing, FindingByTerms
from searcher.engine.capabilities import EVERY, Capability
from searcher.engine.common_words import CommonWords
from searcher.engine.memory_evaluation import Evaluation
from searcher.engine.memory_places import MemoryPlaces
from searcher.engine.memory_vocabulary import MemoryVocabulary, TermEntries
from searcher.engine.places import Place, Printed, Story, printed_key
from searcher.engine.plan import Plan
from searcher.engine.planner import make_plan
from searcher.engine.protocol import Prepared, Snapshot
from searcher.engine.searches import (
    DAY,
    MONTH,
    NARROWED_BY,
    STORY_DAY,
    STORY_MONTH,
    YEAR,
    Listed,
    Listing,
    Ranking,
    Search,
    Sort,
    facet_value,
)
from searcher.engine.terms import terms_of
from searcher.errors import IndexLocked, IndexMissing
from searcher.text.sketches import Sketch

_DATES = {
    YEAR: len("2024"),
    MONTH: len("2024-05"),
    STORY_MONTH: len("2024-05"),
    DAY: len("2024-05-17"),
    STORY_DAY: len("2024-05-17"),
}
"""Facets of the date, and the length of their values in ISO 8601."""


class MemoryEngine:
    """Articles in a dict. A commit replaces the dict, so a snapshot is a reference to one of
    them."""

    def __init__(self) -> None:
        self._current: MemorySnapshot | None = None
        self._lock = threading.Lock()

    @property
    def capabilities(self) -> frozenset[Capability]:
        return EVERY - {Capability.FOLDER}

    @property
    def where(self) -> str:
        return "memory"

    def stored_bytes(self) -> int:
        return 0

    def exists(self) -> bool:
        return self._current is not None

    def snapshot(self) -> MemorySnapshot:
        if self._current is None:
            raise IndexMissing("there is no index in memory yet")
        return self._current

    def renew(self, prepare: Callable[[Snapshot], None]) -> None:
        """Do nothing: opening a snapshot costs nothing."""

    def stored_articles(self) -> Iterator[Article]:
        return self.snapshot().articles()

    def close(self) -> None:
        """Do nothing: the articles are kept in this object alone."""

    def is_untidy(self, quick: bool = False) -> bool:
        return False

    @property
    def prepare(self) -> Callable[[Article], Prepared]:
        return prepared

    def writer(self, wait: float = 10.0, afresh: bool = False, quick: bool = False) -> MemoryWriter:
        if not self._lock.acquire(timeout=wait):
            raise IndexLocked("the index in memory is being written by this process")
        if self._current is None:
            self._current = MemorySnapshot(0, {})
        return MemoryWriter(self, afresh)


def prepared(article: Article) -> Prepared:
    """Return an article with its terms."""
    return Prepared(article.id, (article, terms_of(article)))


class MemoryWriter(Committing):
    """The writer. It changes a copy of the dict; the commit replaces the dict by the copy."""

    def __init__(self, engine: MemoryEngine, afresh: bool) -> None:
        self._engine = engine
        current = engine.snapshot()
        self._generation = current.generation + 1
        self._entries = {} if afresh else dict(current.entries)
        self._places = {} if afresh else dict(current.places.places)
        self._placed: dict[str, Place] = {}

    def add(self, article: Article | Prepared) -> None:
        self._places.pop(article.id, None)
        self._entries[article.id] = (
            article.document if isinstance(article, Prepared) else prepared(article).document
        )

    def delete(self, article_id: str) -> None:
        self._entries.pop(article_id, None)
        self._places.pop(article_id, None)

    def place(self, article_id: str, place: Place) -> None:
        self._placed[article_id] = place

    def commit(self) -> int:
        held = {one: place for one, place in self._placed.items() if one in self._entries}
        places = {one: place for one, place in (self._places | held).items() if place.story}
        self._engine._current = MemorySnapshot(self._generation, self._entries, places)
        self._engine._lock.release()
        return self._generation

    def cancel(self) -> None:
        self._engine._lock.release()


class MemorySnapshot(FindingByTerms):
    """One generation of the articles."""

    def __init__(
        self,
        generation: int,
        entries: TermEntries,
        places: Mapping[str, Place] = MappingProxyType({}),
    ) -> None:
        """
        generation: the number of the commit.
        entries: the articles and their terms, by id.
        places: the places of articles among the stories, by id.
        """
        self.generation = generation
        self.entries = entries
        self.places = MemoryPlaces({key: article for key, (article, _) in entries.items()}, places)
        """The stories."""

    def shared(self) -> Self:
        return self

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def vocabulary(self) -> MemoryVocabulary:
        return MemoryVocabulary(self.entries)

    def search(self, search: Search) -> Ranking:
        return self._search(search)

    def _search(self, search: Search, leads: bool = False) -> Ranking:
        """Search. leads: whether articles that count come before all others in any case."""
        deadline = time.monotonic() + search.seconds if search.seconds is not None else None
        plan = make_plan(search.query, CommonWords(self._languages(), self.vocabulary), deadline)
        if leads:
            plan = replace(plan, leads=True)
        evaluation = Evaluation(plan, self.entries, self.places, deadline)
        base = evaluation.matching()
        every = [article for article in base if evaluation.matches(plan.every, article)]
        prefers = plan.prefers and bool(every)
        counted = every if prefers else base
        first = frozenset(article.id for article in counted)
        mixed = plan.mixes(search.sort)
        leading = frozenset() if mixed else first
        matched = evaluation.shown(evaluation.narrowed(base), first)
        found = [(article, evaluation.score(plan.root, article)) for article in matched]
        counting = [article for article in matched if article.id in first]
        total = len(counting)

        def counting_for(ignored: str | None) -> list[Article]:
            return evaluation.shown(evaluation.narrowed(counted, ignored), first)

        gains: dict[str, dict[str, float]] = {}
        if search.sort == "relevance" and not evaluation.cut_short:
            gains = evaluation.gains(found, leading, search.half_life)
            found = [
                (article, score + sum(gains.get(article.id, {}).values()))
                for article, score in found
            ]
        found.sort(
            key=lambda pair: (pair[0].id not in leading, _rank_key(pair[0], pair[1], search.sort))
        )
        entries = self._first_of_each_story(found) if search.by_story else found
        page = entries[search.offset : search.offset + search.limit] if not plan.is_empty else []
        explained = page if search.explain else []
        return Ranking(
            total=total if search.totals else -1,
            total_some=len(found) - total if search.totals else -1,
            total_all=len(evaluation.shown(evaluation.narrowed(every), first))
            if search.totals
            else -1,
            total_stories=len(self._first_of_each_story([(one, 0) for one in counting]))
            if search.totals and search.by_story
            else -1,
            total_copies=total - len(self.places.once(counting)) if search.totals else -1,
            entries=len(entries) if search.totals else -1,
            mixed=mixed,
            ranked=tuple(page),
            stories=tuple(map(self._story_number, (one for one, _ in page))),
            patterns=tuple(plan.patterns(scoring_only=True)),
            warnings=plan.warnings + ((BUDGET_SPENT,) if evaluation.cut_short else ()),
            facets={
                name: dict(Counter(self._values(name, counting_for(NARROWED_BY.get(name)))))
                for name in search.facets
            },
            since=tuple(
                sum(_is_since(one, moment) for one in counting_for("date"))
                for moment in search.since
            ),
            also=plan.also,
            common=plan.common,
            parts=tuple(evaluation.parts(one, gains.get(one.id, {})) for one, _ in explained),
        )

    def listing(self, search: Search) -> Listing:
        whole = replace(search, limit=self.count, totals=True, facets=(), since=(), explain=False)
        found = self._search(whole, leads=True)
        counted = found.total_stories if search.by_story else found.total
        ranked = found.ranked[: max(0, counted - search.offset)]
        return Listing(
            replace(found, ranked=(), stories=()),
            len(ranked),
            (Listed(one, score, self.place(one.id)) for one, score in ranked),
            BUDGET_SPENT not in found.warnings,
        )

    def _story_number(self, article: Article) -> int:
        place = self.place(article.id)
        return place.story if place else 0

    def _first_of_each_story(
        self, found: Sequence[tuple[Article, float]]
    ) -> list[tuple[Article, float]]:
        """Return of articles in order the first of each story, and those without a place."""
        kept: dict[object, tuple[Article, float]] = {}
        for article, score in found:
            kept.setdefault(self._story_number(article) or article.id, (article, score))
        return list(kept.values())

    def _values(self, facet: str, articles: Iterable[Article]) -> Iterator[str]:
        """Return the values that a facet counts: of all articles, or of the first of each story."""
        if facet in (STORY_DAY, STORY_MONTH):
            dated = sorted((one for one in articles if one.published), key=printed_key)
            articles = (one for one, _ in self._first_of_each_story([(one, 0) for one in dated]))
        return _values(facet, articles)

    def place(self, article_id: str) -> Place | None:
        return self.places.places.get(article_id)

    def unplaced(self, count: int) -> list[Article]:
        return self.places.unplaced(count)

    def stories(
        self, numbers: Iterable[int], limit: int, least: int = 1, *, once: bool = False
    ) -> dict[int, Story]:
        return self.places.stories(numbers, limit, least, once)

    def printed(self, least: int, limit: int) -> list[Printed]:
        return self.places.printed(least, limit)

    @property
    def last_number(self) -> int:
        return self.places.last_number

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        return [self.entries[one][0] for one in resembling.in_memory(self.entries, sketch, limit)]

    def article(self, article_id: str) -> Article | None:
        entry = self.entries.get(article_id)
        return entry[0] if entry else None

    def first_of(self, plan: Plan, limit: int) -> list[tuple[str, float]]:
        evaluation = Evaluation(plan, self.entries, self.places, None)
        found = [(one, evaluation.score(plan.root, one)) for one in evaluation.matching()]
        found.sort(key=lambda pair: _rank_key(pair[0], pair[1], "relevance"))
        return [(article.id, score) for article, score in found[:limit]]

    def articles(self) -> Iterator[Article]:
        return (article for article, _ in self.entries.values())

    def facet(self, name: str) -> dict[str, int]:
        return dict(Counter(_values(name, self.articles())))

    def _languages(self) -> Mapping[str, int]:
        """Return the number of articles by language, of which shares of articles are taken."""
        return self.facet("language")

    def check(self) -> Iterator[str]:
        for article_id, (article, terms) in self.entries.items():
            if article.id != article_id or terms != terms_of(article):
                yield f"article {article_id}: its terms are not those of its text"

    def close(self) -> None:
        """Do nothing: there are no resources."""


def _values(facet: str, articles: Iterable[Article]) -> Iterator[str]:
    """Yield the values of a facet; articles without a date have no day, month or year."""
    for article in articles:
        if facet not in _DATES:
            yield facet_value(article, facet)
        elif article.published:
            yield article.published.value.astimezone(UTC).isoformat()[: _DATES[facet]]


def _is_since(article: Article, moment: datetime) -> bool:
    return article.published is not None and article.published.value >= moment


def _rank_key(article: Article, score: float, sort: Sort) -> tuple[float, float, float, str]:
    """Return the sort key of an article, the best first: by score or date, then by date (the later
    first, no date last), then by id."""
    dated = article.published is not None
    seconds = article.published.value.timestamp() if article.published else 0.0
    by_date = seconds if sort == "oldest" else -seconds
    by_score = -round(score, SCORE_DIGITS) if sort == "relevance" else 0.0
    return (by_score, 0.0 if dated else 1.0, by_date if dated else 0.0, article.id)
