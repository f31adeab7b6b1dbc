"""The scores of a plan: as a query, by which the cluster orders, and by our own formulas, from the
frequencies that it tells of the best articles.

The cluster's scores are ours in 32 bits. It says for each article of a page how often each pattern
occurs, and from these numbers our formulas score the page anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from searcher.columnar import constants
from searcher.engine import weights
from searcher.engine.formulas import bm25, freshness, idf
from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.frequencies import times
from searcher.engine.opensearch.tokens import ANY
from searcher.engine.opensearch.translate import (
    EVERYTHING,
    NOTHING,
    Conditions,
    begins_headline,
    occurs,
    one_of,
    placed,
)
from searcher.engine.patterns import Pattern, TermSet
from searcher.engine.plan import PlacedWord, Plan, PlanEither, PlanGroup, PlanNode, scores
from searcher.engine.terms import TEXT

_FIELD = f"t_{TEXT}"
_SCRIPT = (
    "double n = params.k * ((1 - params.b) + params.b * doc['length'].value / params.a);"
    " return params.w * (params.k + 1) * _score / (n + _score);"
)
"""`formulas.bm25` of a frequency, which is the score."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring words of the query, outside of parentheses."""

    first: TermSet
    """The last terms of the first word."""
    second: TermSet
    """The first terms of the second."""
    gap: int
    """The distance of their positions."""

    @property
    def ordered(self) -> Json:
        """The spans of both in order and distance."""
        return placed(_FIELD, ((self.first, 0), (self.second, self.gap)))

    @property
    def near(self) -> Json:
        """The condition that both are near each other."""
        ways = ((self.first, self.second),)
        return occurs(Pattern(TEXT, ways, window=weights.NEAR_WINDOW))

    def starts(self) -> Iterator[tuple[str, Json]]:
        """Yield the spans of each word that the other one follows nearby."""
        for name, (one, other) in (
            ("a", (self.first, self.second)),
            ("b", (self.second, self.first)),
        ):
            clauses = [one_of(_FIELD, one), one_of(_FIELD, other)]
            slop = weights.NEAR_WINDOW - 2
            both = {"span_near": {"clauses": clauses, "slop": slop, "in_order": True}}
            yield name, {"span_within": {"little": clauses[0], "big": both}}


def pairs_of(words: list[PlacedWord]) -> list[Pair]:
    """Return the pairs of neighbouring words that are near enough, as the reference does."""
    found = []
    for left, right in pairwise(words):
        first, second = left.pattern.alternatives[0][-1], right.pattern.alternatives[0][0]
        gap = right.start - left.start - len(left.pattern.alternatives[0]) + 1
        if first != second and gap < weights.NEAR_WINDOW:
            found.append(Pair(first, second, gap))
    return found


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of a commit that scores depend on."""

    articles: int
    """Number of articles."""
    average: float
    """Mean number of words of an article."""
    newest: int
    """When the newest was published, in seconds since 1970."""


@dataclass(slots=True)
class Scoring:
    """The scores of one plan."""

    plan: Plan
    """The plan."""
    numbers: Statistics
    """Those of the commit."""
    found: Mapping[Pattern, int]
    """The number of articles in which each pattern occurs."""
    conditions: Conditions
    """Translates what does not score."""
    pairs: list[tuple[Pair, int, int]] = field(default_factory=list)
    """The pairs of words, each with the number of articles that have it in order and near."""
    _names: dict[Pattern, str] = field(default_factory=dict)
    """The names by which the cluster tells frequencies."""
    _groups: dict[int, str] = field(default_factory=dict)
    """The names by which it tells that a group matches, by the group's identity."""

    @property
    def telling(self) -> list[PlacedWord]:
        """The words of the query that are not common."""
        return telling(self.plan, self.found, self.numbers.articles)

    def query(self) -> Json:
        """Return the query that scores articles. It restricts nothing."""
        self._names.clear()
        self._groups.clear()
        nothing: Json = {"bool": {"filter": [EVERYTHING]}}
        return {"bool": {"must": [nothing], "should": [self._scored(self.plan.root)]}}

    def _scored(self, node: PlanNode) -> Json:
        if isinstance(node, PlanGroup | PlanEither):
            name = self._groups.setdefault(id(node), f"g{len(self._groups)}")
            children = (
                node.nodes if isinstance(node, PlanEither) else (*node.required, *node.wanted)
            )
            matched = {"bool": {"_name": name, "filter": [self.conditions.of(node)]}}
            scored = [self._scored(child) for child in children]
            return {"bool": {"filter": [matched], "should": scored, "minimum_should_match": 0}}
        if isinstance(node, Pattern) and scores(node) and node.alternatives:
            return self._leaf(node)
        return NOTHING

    def _weight(self, pattern: Pattern) -> float:
        found = self.found.get(pattern, 0)
        return pattern.factor * idf(found, self.numbers.articles) if found else 0.0

    def _leaf(self, pattern: Pattern) -> Json:
        name = self._names.setdefault(pattern, f"p{len(self._names)}")
        counted = _named(name, times(pattern))
        parameters = {
            "w": self._weight(pattern),
            "k": constants.K1,
            "b": self.plan.b,
            "a": self.numbers.average,
        }
        script = {"source": _SCRIPT, "params": parameters}
        return {"script_score": {"query": counted, "script": script}}

    def told(self) -> Json:
        """Return a condition that every article meets, and by which the cluster tells of each what
        our formulas need beside frequencies."""
        named: list[Json] = []
        for number, (pair, _, _) in enumerate(self.pairs):
            both = sorted({*pair.first, *pair.second})
            # Spans score once for each of their terms that the index part has. This tells how many.
            every_term = one_of(_FIELD, both)
            none = {"span_not": {"include": every_term, "exclude": every_term}}
            mark = {"span_or": {"clauses": [{"span_term": {_FIELD: ANY}}, none]}}
            named.append(_named(f"n{number}", mark))
            named.append(_named(f"o{number}", pair.ordered))
            named += [_named(f"{side}{number}", spans) for side, spans in pair.starts()]
        if (headline := self._headline()) is not None:
            named.append(_named("h", headline))
        named += [_named(f"w{at}", occurs(one.pattern)) for at, one in enumerate(self.telling)]
        return {"bool": {"must": [EVERYTHING], "should": named}}

    def _headline(self) -> Json | None:
        """Return the spans of the words in their order and distances in a headline."""
        at: dict[int, set[TermSet]] = {}
        for word in self.telling:
            way = word.pattern.alternatives[0]
            at.setdefault(word.start, set()).add(way[0])
            at.setdefault(word.start + len(way) - 1, set()).add(way[-1])
        if (
            not at
            or max(at) - min(at) >= _LONGEST_HEADLINE
            or any(len(one) > 1 for one in at.values())
        ):
            return None
        return begins_headline(
            placed(_FIELD, [(next(iter(at[place])), place) for place in sorted(at)])
        )

    def score(self, hit: Mapping[str, Any]) -> float:
        """Return the score of an article by single patterns."""
        return self._score(self.plan.root, hit)

    def parts(self, hit: Mapping[str, Any]) -> list[float]:
        """Return the score of each clause of the root."""
        return [self._score(one, hit) for one in (*self.plan.root.required, *self.plan.root.wanted)]

    def _score(self, node: PlanNode, hit: Mapping[str, Any]) -> float:
        held = hit.get("matched_queries") or {}
        if isinstance(node, PlanGroup | PlanEither):
            if self._groups.get(id(node)) not in held:
                return 0.0
            children = (
                node.nodes if isinstance(node, PlanEither) else (*node.required, *node.wanted)
            )
            return sum(self._score(child, hit) for child in children)
        if isinstance(node, Pattern) and (name := self._names.get(node)) in held:
            return self._bm25(held[name], hit, self._weight(node))
        return 0.0

    def _bm25(self, counted: float, hit: Mapping[str, Any], weight: float) -> float:
        length = hit["fields"]["length"][0]
        if not counted or not weight:
            return 0.0
        return bm25(counted, length, self.numbers.average, weight, self.plan.b)

    def gains(
        self, hit: Mapping[str, Any], score: float, half_life: float | None
    ) -> dict[str, float]:
        """Return what is added to the score of one of the best articles, by kind."""
        held, found = hit.get("matched_queries") or {}, self.found
        words, articles = self.telling, self.numbers.articles
        idf_sum = sum(idf(found[word.pattern], articles) for word in words)
        all_words = len(words) > 1 and all(f"w{at}" in held for at in range(len(words)))
        gained = {
            "pairs": sum(self._pair(number, hit) for number in range(len(self.pairs))),
            "all_words": weights.ALL_WORDS * idf_sum if all_words else 0.0,
            "first_zone": weights.HEADLINE * idf_sum if "h" in held else 0.0,
        }
        moment = hit["fields"].get("published")
        if half_life and moment:
            fresh = freshness(self.numbers.newest - moment[0], half_life)
            gained["recency"] = weights.RECENCY * fresh * (score + sum(gained.values()))
        return gained

    def _pair(self, number: int, hit: Mapping[str, Any]) -> float:
        held = hit.get("matched_queries") or {}
        _, in_order, nearby = self.pairs[number]
        terms = held.get(f"n{number}", 0) - 1
        if terms < 1:
            return 0.0
        ordered = round(held.get(f"o{number}", 0) / terms)
        near = round((held.get(f"a{number}", 0) + held.get(f"b{number}", 0)) / terms)
        articles = self.numbers.articles
        return weights.ORDERED * self._bm25(
            ordered, hit, idf(in_order, articles)
        ) + weights.NEAR * self._bm25(near, hit, idf(nearby, articles))


_LONGEST_HEADLINE = 500
"""Maximum number of positions of a headline."""


def telling(plan: Plan, found: Mapping[Pattern, int], articles: int) -> list[PlacedWord]:
    """Return the words of a plan that occur and are not common."""
    return [
        word
        for word in plan.words
        if found.get(word.pattern) and not weights.is_common(found[word.pattern], articles)
    ]


def _named(name: str, query: Json) -> Json:
    return {"bool": {"_name": name, "must": [query]}}
