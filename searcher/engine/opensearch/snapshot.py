"""One commit of a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from searcher.article import Article
from searcher.engine.base import BUDGET_SPENT
from searcher.engine.common_words import CommonWords
from searcher.engine.keeping import SharedSnapshot
from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.counting import Counts
from searcher.engine.opensearch.finding import Finding, Known, empty
from searcher.engine.opensearch.mapping import FORMAT
from searcher.engine.opensearch.ranking import Row
from searcher.engine.opensearch.scoring import Statistics
from searcher.engine.opensearch.tokens import codes_of, place_of, value_of
from searcher.engine.opensearch.view import Budget, Spent, View, any_of, but, column, either, every
from searcher.engine.opensearch.vocabulary import ClusterVocabulary
from searcher.engine.places import Member, Place, Printed, Story, story_of
from searcher.engine.plan import Plan
from searcher.engine.planner import make_plan
from searcher.engine.searches import Listed, Listing, Ranking, Search
from searcher.engine.stored import unpack, unpack_any
from searcher.errors import IndexOutdated
from searcher.query.tree import Group, Query
from searcher.text.sketches import FEWEST, Sketch, expected, needed

_AT_ONCE = 500
"""Number of articles that are read at once."""
_LIKELIEST = 10_000
"""Maximum number of articles whose sketches are compared with one, those with the most codes in
common."""
_BY_PUBLICATION: list[Json] = [
    {"published": {"order": "asc", "missing": "_last"}},
    {"key": "asc"},
]


class ClusterSnapshot(SharedSnapshot):
    """One commit."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self.generation = view.head.generation
        self.vocabulary = ClusterVocabulary(view.cluster, view.head)
        self._known = Known()
        self._facets: dict[str, dict[str, int]] = {}

    def release(self) -> None:
        self.view.close()

    @property
    def count(self) -> int:
        return self._numbers.articles

    @cached_property
    def _sums(self) -> Json:
        asked = {
            "length": {"sum": {"field": "length"}},
            "articles": {"value_count": {"field": "number"}},
            **{name: {"max": {"field": name}} for name in ("published", "story", "copies")},
        }
        body = {"query": self.view.visible, "size": 0, "track_total_hits": False, "aggs": asked}
        found = self.view.search(body)["aggregations"]
        return {name: one["value"] for name, one in found.items()}

    @cached_property
    def _numbers(self) -> Statistics:
        sums = self._sums
        articles = int(sums["articles"])
        average = sums["length"] / articles if articles else 0.0
        return Statistics(articles, average or 1.0, int(sums["published"] or 0))

    @cached_property
    def _words(self) -> CommonWords:
        return CommonWords(self.facet("language"), self.vocabulary)

    def facet(self, name: str) -> dict[str, int]:
        if name not in self._facets:
            counts = Counts(self.view, Budget(None))
            self._facets |= counts.facets({name: self.view.visible})
        return dict(self._facets[name])

    def _finding(self, search: Search, plan: Plan | None = None) -> Finding:
        deadline = time.monotonic() + search.seconds if search.seconds is not None else None
        return Finding(
            self.view,
            plan or make_plan(search.query, self._words, deadline),
            search,
            self._numbers,
            self._known,
            self._story_of,
            self._sizes,
            deadline,
        )

    def search(self, search: Search) -> Ranking:
        finding = self._finding(search)
        found = empty(finding.plan, search)
        if finding.plan.is_empty:
            return found
        values: dict[str, Any] = {"facets": dict(found.facets)}
        rows: list[Row] = []
        articles: dict[int, Article] = {}
        parts: tuple[Any, ...] = ()
        try:
            finding.prepare()
            finding.add_numbers(values)
            if search.limit:
                rows = list(islice(finding.rows(), search.offset, search.offset + search.limit))
                articles = self._articles([row.number for row in rows], finding.budget)
                rows = [row for row in rows if row.number in articles]
            if search.explain:
                parts = tuple(finding.ranked.parts(row) for row in rows)
        except Spent:
            rows = []
        return replace(
            found,
            **values,
            ranked=tuple((articles[row.number], row.total) for row in rows),
            stories=tuple(row.story for row in rows),
            parts=parts,
            warnings=finding.warnings(),
        )

    def listing(self, search: Search) -> Listing:
        whole = replace(search, limit=0, totals=True, facets=(), since=(), explain=False)
        finding = self._finding(whole)
        finding.plan = replace(finding.plan, leads=True)
        ranking = empty(finding.plan, whole)
        if finding.plan.is_empty:
            return Listing(ranking, 0, iter(()), True)
        values: dict[str, Any] = {"facets": {}}
        try:
            finding.prepare()
            finding.add_numbers(values)
        except Spent:
            return Listing(replace(ranking, warnings=finding.warnings()), 0, iter(()), False)
        ranking = replace(ranking, **values, warnings=finding.warnings())
        counted = ranking.total_stories if search.by_story else ranking.total
        count = max(0, counted - search.offset)
        # Articles are taken as slowly as their reader likes.
        finding.take_any_time()
        rows = finding.rows()
        listed = self._listed(islice(rows, search.offset, search.offset + count))
        return Listing(ranking, count, listed, BUDGET_SPENT not in ranking.warnings)

    def _listed(self, rows: Iterator[Row]) -> Iterator[Listed]:
        while some := list(islice(rows, _AT_ONCE)):
            held = {hit["_source"]["number"]: hit["_source"] for hit in self._sources(some)}
            for row in some:
                source = held[row.number]
                yield Listed(self._unpacked(source), row.total, place_of(source.get("place")))

    def _sources(self, rows: Sequence[Row]) -> list[Json]:
        return list(self._hits([row.number for row in rows], ["article", "place", "number"]))

    def _hits(
        self, numbers: Sequence[int], source: Sequence[str], budget: Budget | None = None
    ) -> Iterator[Json]:
        if numbers:
            query = either(list(any_of("number", numbers)))
            yield from self.view.rows(query, [], [], budget, len(numbers) + 1, source)

    def _articles(self, numbers: Sequence[int], budget: Budget | None = None) -> dict[int, Article]:
        hits = self._hits(numbers, ["article", "number"], budget)
        return {hit["_source"]["number"]: self._unpacked(hit["_source"]) for hit in hits}

    def _unpacked(self, source: Json, read: Callable[[Any], Article] = unpack) -> Article:
        try:
            return read(source["article"])
        except ValueError as error:
            found = f"was written by another version ({error})"
            where = self.view.cluster.address
            raise IndexOutdated(where, found, f"format {FORMAT}") from error

    def _held(self, article_id: str) -> Json | None:
        """Return the source of an article; None if there is none."""
        query = every(self.view.visible, {"term": {"key": value_of(article_id)}})
        hit = next(self.view.rows(query, [], [], first=1, source=["article", "place"]), None)
        return hit["_source"] if hit else None

    def article(self, article_id: str) -> Article | None:
        source = self._held(article_id)
        return self._unpacked(source) if source else None

    def place(self, article_id: str) -> Place | None:
        source = self._held(article_id)
        return place_of(source.get("place")) if source else None

    def _story_of(self, article_id: str) -> int | None:
        source = self._held(article_id)
        if source is None:
            return None
        place = place_of(source.get("place"))
        return place.story if place else 0

    def _sizes(self, low: int, high: int | None) -> list[int]:
        groups = self.view.groups(self.view.visible, "story")
        return [
            one.value for one in groups if low <= one.size and (high is None or one.size <= high)
        ]

    def unplaced(self, count: int) -> list[Article]:
        query = but(self.view.visible, {"exists": {"field": "story"}})
        hits = self.view.rows(
            query, _BY_PUBLICATION, [], first=min(count, _AT_ONCE), source=["article"]
        )
        return [self._unpacked(hit["_source"]) for hit in islice(hits, count)]

    def stories(
        self, numbers: Iterable[int], limit: int, least: int = 1, *, once: bool = False
    ) -> dict[int, Story]:
        wanted = sorted(set(numbers) - {0})
        if not wanted:
            return {}
        query = every(self.view.visible, either(list(any_of("story", wanted))))
        held: dict[int, list[Member]] = {}
        for hit in self.view.rows(query, _BY_PUBLICATION, [], source=["article", "place"]):
            place = place_of(hit["_source"]["place"])
            assert place is not None
            held.setdefault(place.story, []).append(Member(self._unpacked(hit["_source"]), place))
        return {
            number: story_of(members, limit, once)
            for number, members in held.items()
            if len(members) >= least
        }

    def printed(self, least: int, limit: int) -> list[Printed]:
        groups = self.view.groups(self.view.visible, "copies")
        found = []
        for group in sorted(
            (one for one in groups if one.size >= least), key=lambda one: one.value
        ):
            query = every(self.view.visible, either(list(any_of("copies", [group.value]))))
            hits = islice(self.view.rows(query, [], [], first=limit, source=["article"]), limit)
            held = [self._unpacked(hit["_source"]) for hit in hits]
            found.append(Printed(group.value, group.size, held))
        return found

    @property
    def last_number(self) -> int:
        return int(max(self._sums[name] or 0 for name in ("story", "copies")))

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        codes = codes_of(sketch)
        if not codes:
            return []
        shared: list[Json] = [
            {"constant_score": {"filter": {"term": {"codes": code}}}} for code in codes
        ]
        query = {
            "bool": {
                "filter": [self.view.visible],
                "should": shared,
                "minimum_should_match": min(FEWEST, len(codes)),
            }
        }
        order: list[Json] = [{"_score": "desc"}, {"key": "asc"}]
        columns = ["number", "key", "shingles"]
        rows = self.view.rows(query, order, columns, first=1_000, scored=True)
        found = []
        for hit in islice(rows, _LIKELIEST):
            score, size = round(hit["_score"]), column(hit, "shingles")
            if score >= needed(sketch.size, size):
                likely = score / expected(sketch.size, size)
                found.append((-likely, column(hit, "key"), column(hit, "number")))
        best = [number for _, _, number in sorted(found)[:limit]]
        articles = self._articles(best)
        return [articles[number] for number in best]

    def first_of(self, plan: Plan, limit: int) -> list[tuple[str, float]]:
        search = Search(Query("", Group(())), limit=limit, totals=False)
        finding = self._finding(search, plan)
        if plan.is_empty:
            return []
        finding.prepare()
        rows = list(islice(finding.rows(rescored=False), limit))
        return [(column(row.hit, "key"), row.score) for row in rows]

    def articles(self, read: Callable[[Any], Article] = unpack) -> Iterator[Article]:
        """Yield all articles. read: makes an article of its stored form."""
        for hit in self.view.rows(self.view.visible, [], [], first=_AT_ONCE, source=["article"]):
            yield self._unpacked(hit["_source"], read)

    def stored(self) -> Iterator[Article]:
        """Yield all articles, also those of another format."""
        return self.articles(unpack_any)

    def check(self) -> Iterator[str]:
        from searcher.engine.opensearch.checking import faults

        return faults(self.view, self.vocabulary)
