"""How often patterns occur, as scores of queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.tokens import term_of
from searcher.engine.opensearch.translate import (
    NOTHING,
    by_language,
    elsewhere,
    in_region,
    interval,
    occurs,
    sequence,
)
from searcher.engine.patterns import Alternative, Pattern
from searcher.query.tree import Region

_INTERVALS = "return params.w * Math.round(_score / (1.0 - _score));"
"""The frequency f of intervals, whose score is f / (f + 1), times a weight."""


def times(pattern: Pattern) -> Json:
    """Return a query whose score is the frequency of a pattern.

    It is exact for words. Of the alternatives of a compound, which begin at one place, the most
    frequent counts, and a window counts once.
    """
    name = f"t_{pattern.field}"
    ways = [way for way in pattern.alternatives if way and all(way)]
    if not ways:
        return NOTHING
    if pattern.window:
        return {"constant_score": {"filter": occurs(pattern), "boost": 1.0}}
    known = dict(pattern.weights)
    terms = frozenset(term for way in ways for term in way[0])
    is_word = all(len(way) == 1 for way in ways) and pattern.region is Region.ANYWHERE
    if is_word and all(len(group) == 1 for group in by_language(terms)):
        return _total(
            [
                {"term": {name: {"value": term_of(term), "boost": known.get(term, 1.0)}}}
                for term in sorted(terms)
            ]
        )
    return _total(list(_by_weight(name, pattern, ways, known)))


def _by_weight(
    name: str, pattern: Pattern, ways: Sequence[Alternative], known: Mapping[str, float]
) -> Iterator[Json]:
    """Yield the frequency of the occurrences of each weight, the largest first: at one place only
    the largest counts."""
    single: dict[float, set[str]] = {}
    longer: dict[float, list[Json]] = {}
    for way in ways:
        if len(way) == 1:
            for term in way[0]:
                single.setdefault(known.get(term, 1.0), set()).add(term)
        else:
            weight = max(known.get(term, 1.0) for term in way[0])
            longer.setdefault(weight, []).append(in_region(sequence(way), pattern.region))
    before: list[Json] = []
    for weight in sorted({*single, *longer}, reverse=True):
        rules = list(longer.get(weight, ()))
        if weight in single:
            rules.append(in_region(interval(frozenset(single[weight])), pattern.region))
        counted = [_of_intervals(name, elsewhere(rule, before), weight) for rule in rules]
        yield counted[0] if len(counted) == 1 else {"dis_max": {"queries": counted}}
        before += rules


def _of_intervals(name: str, rule: Json, weight: float) -> Json:
    script = {"source": _INTERVALS, "params": {"w": weight}}
    return {"script_score": {"query": {"intervals": {name: rule}}, "script": script}}


def _total(queries: list[Json]) -> Json:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries}}
