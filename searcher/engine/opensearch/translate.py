"""From a plan to the conditions of the cluster: which articles match.

A pattern is looked for by spans, whose positions are ours. So the same query matches the same
articles as in the other engines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby

from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.tokens import term_of, value_of
from searcher.engine.opensearch.view import any_of, but, either, every
from searcher.engine.patterns import BODY_START, Alternative, Pattern, TermSet
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode, Unresolved
from searcher.query.tree import (
    HasValue,
    Language,
    OfStory,
    Published,
    Region,
    StorySize,
)

NOTHING: Json = {"match_none": {}}
"""The condition that no article meets."""
EVERYTHING: Json = {"match_all": {}}
"""The condition that every article meets."""

Sizes = Callable[[int, int | None], list[int]]
"""Returns the numbers of the stories whose numbers of articles are between two, both included; None
is no upper end."""
StoryOf = Callable[[str], int | None]
"""Returns the number of an article's story: 0 without one, None if there is no such article."""


class Conditions:
    """Translates the nodes of one plan."""

    def __init__(self, story_of: StoryOf, sizes: Sizes) -> None:
        self._story_of = cache(story_of)
        self._sizes = cache(sizes)
        self.unresolved = False
        """Whether a leaf was not looked up in time."""

    def of(self, node: PlanNode, unknown: bool = False) -> Json:
        """Return the condition of a node. unknown: whether a leaf that was not looked up counts as
        matched, as below an excluded node."""
        match node:
            case PlanGroup():
                return self._group(node, unknown)
            case PlanEither():
                return either([self.of(child, unknown) for child in node.nodes])
            case Unresolved():
                self.unresolved = True
                return EVERYTHING if unknown else NOTHING
            case Language():
                return {"terms": {"v_language": list(node.codes)}}
            case Published():
                return _published(node)
            case OfStory():
                return self._of_story(node.article_id)
            case StorySize():
                return self._of_size(node)
            case HasValue():
                return {"terms": {f"v_{node.facet}": [value_of(one) for one in node.values]}}
            case Pattern():
                return occurs(node)

    def _group(self, group: PlanGroup, unknown: bool) -> Json:
        needed = [self.of(child, unknown) for child in group.required]
        if group.needs_wanted:
            needed.append(either([self.of(child, unknown) for child in group.wanted]))
        excluded = [self.of(child, not unknown) for child in group.excluded]
        if not needed and not excluded:
            return EVERYTHING
        return but(every(*needed) if needed else EVERYTHING, *excluded)

    def _of_story(self, article_id: str) -> Json:
        number = self._story_of(article_id)
        if number is None:
            return NOTHING
        own: Json = {"term": {"key": value_of(article_id)}}
        return either([own, {"term": {"story": number}}]) if number else own

    def _of_size(self, size: StorySize) -> Json:
        """Return the condition that the number of a story's articles is in a range. An article
        without a place is a story of one."""
        alone: list[Json] = []
        low = size.low
        if low <= 1 and (size.high is None or size.high >= 1):
            alone = [but(EVERYTHING, {"exists": {"field": "story"}})]
        if low <= 1 and size.high is None:
            return EVERYTHING
        if low <= 1 and size.high is not None:
            if size.high < 1:
                return NOTHING
            larger = self._sizes(size.high + 1, None)
            return but(EVERYTHING, *any_of("story", larger))
        return either([*alone, *any_of("story", self._sizes(low, size.high))])


def _published(node: Published) -> Json:
    bounds: Json = {}
    if node.start is not None:
        bounds["gte"] = node.start.timestamp()
    if node.end is not None:
        bounds["lt"] = node.end.timestamp()
    return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


def occurs(pattern: Pattern) -> Json:
    """Return the condition that a pattern occurs."""
    field = f"t_{pattern.field}"
    ways = [way for way in pattern.alternatives if way and all(way)]
    if not ways:
        return NOTHING
    if pattern.window:
        return _near(field, pattern)
    if pattern.region is Region.ANYWHERE:
        single = sorted({term for way in ways if len(way) == 1 for term in _terms(way[0])})
        longer = [run(field, way) for way in ways if len(way) > 1]
        return either([*any_of(field, single), *longer])
    return either([_within(field, run(field, way), pattern.region) for way in ways])


def one_of(field: str, terms: TermSet | Sequence[str]) -> Json:
    """Return the spans of these terms."""
    clauses: list[Json] = [{"span_term": {field: term}} for term in _terms(terms)]
    return clauses[0] if len(clauses) == 1 else {"span_or": {"clauses": clauses}}


def run(field: str, way: Alternative) -> Json:
    """Return the spans of term sets at adjacent positions."""
    return placed(field, [(terms, place) for place, terms in enumerate(way)])


def placed(field: str, sets: Iterable[tuple[TermSet, int]]) -> Json:
    """Return the spans of term sets at fixed distances.

    sets: term sets with their places, ascending.
    """
    clauses: list[Json] = []
    before: int | None = None
    for terms, place in sets:
        if before is not None and place - before > 1:
            clauses.append({"span_gap": {field: place - before - 1}})
        clauses.append(one_of(field, terms))
        before = place
    if len(clauses) == 1:
        return clauses[0]
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def begins_headline(spans: Json) -> Json:
    """Return those of the spans that end in the headline."""
    return {"span_first": {"match": spans, "end": BODY_START}}


def _within(field: str, spans: Json, region: Region) -> Json:
    """Return those of the spans that begin in a region. No word of a headline is within a phrase of
    the body: they are far apart."""
    if region is Region.HEADLINE:
        return begins_headline(spans)
    if region is Region.BODY:
        return {"span_not": {"include": spans, "exclude": begins_headline(spans)}}
    return spans


def _near(field: str, pattern: Pattern) -> Json:
    """Return the condition that term sets are within a window in any order."""
    (asked,) = pattern.alternatives
    counts = Counter(asked)
    if len(counts) == 1 and len(asked) == 1:
        return _within(field, one_of(field, asked[0]), pattern.region)
    if max(counts.values()) == 1:
        clauses = [one_of(field, terms) for terms in asked]
        slop = pattern.window - len(clauses)
        spans = {"span_near": {"clauses": clauses, "slop": slop, "in_order": False}}
        return _within(field, spans, pattern.region)
    # Spans of the same terms may be one word; intervals in order are not.
    rules = [_times(terms, number) for terms, number in counts.items()]
    together: Json = rules[0]
    if len(rules) > 1:
        together = {"all_of": {"intervals": rules, "mode": "unordered"}}
    fits = f"interval.end - interval.start < {pattern.window}"
    return {"intervals": {field: in_region(together, pattern.region, fits)}}


def in_region(rule: Json, region: Region, fits: str = "") -> Json:
    """Return those of the intervals of a rule that begin in a region.

    fits: another condition on an interval, in the language of scripts.
    """
    begins = {
        Region.ANYWHERE: "",
        Region.HEADLINE: f"interval.start < {BODY_START}",
        Region.BODY: f"interval.start >= {BODY_START}",
    }[region]
    source = " && ".join(one for one in (fits, begins) if one)
    ((kind, inner),) = rule.items()
    return {kind: {**inner, "filter": {"script": {"source": source}}}} if source else rule


def elsewhere(rule: Json, others: Sequence[Json]) -> Json:
    """Return those of the intervals of a rule that have no place in common with others."""
    if not others:
        return rule
    taken = {"any_of": {"intervals": list(others)}}
    return {"any_of": {"intervals": [rule], "filter": {"not_overlapping": taken}}}


def _times(terms: TermSet, number: int) -> Json:
    """Return the intervals that have one of these terms a number of times."""
    if number == 1:
        return interval(terms)
    return {"all_of": {"intervals": [interval(terms)] * number, "mode": "ordered"}}


def interval(terms: TermSet) -> Json:
    """Return the intervals of these terms, one for each position."""
    return {"any_of": {"intervals": [{"match": {"query": term}} for term in _terms(terms)]}}


def sequence(way: Alternative) -> Json:
    """Return the intervals of term sets at adjacent positions."""
    if len(way) == 1:
        return interval(way[0])
    steps = [interval(terms) for terms in way]
    return {"all_of": {"intervals": steps, "mode": "ordered", "max_gaps": 0}}


def by_language(terms: TermSet) -> list[list[str]]:
    """Return terms by their language: an article has one, so it has terms of one group."""
    ordered = sorted(terms, key=lambda term: (term.rpartition(":")[0], term))
    return [list(held) for _, held in groupby(ordered, lambda term: term.rpartition(":")[0])]


def _terms(terms: TermSet | Sequence[str]) -> list[str]:
    return sorted(map(term_of, terms))
