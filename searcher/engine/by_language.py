"""Words weigh by how rare they are among the articles of their own language.

A mixed index then ranks the articles of each language as an index of that language alone would.
"""

from __future__ import annotations

from math import log

from searcher.engine.common_words import FEW, MOST_KNOWN, CommonWords, language_of
from searcher.engine.formulas import idf
from searcher.engine.patterns import Pattern
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.terms import TEXT

_NEAR = 0.1
"""Part of a weight. A language in which a word weighs that much more or less is set apart. Smaller
sets more languages apart, each of which is one more list to read."""


def by_language(group: PlanGroup, words: CommonWords) -> PlanGroup:
    """Return the clauses with words divided by language, where they weigh differently."""
    return group._replace(
        required=tuple(_divided(node, words) for node in group.required),
        wanted=tuple(_divided(node, words) for node in group.wanted),
        excluded=group.excluded,
    )


def _divided(node: PlanNode, words: CommonWords) -> PlanNode:
    if isinstance(node, PlanGroup):
        return by_language(node, words)
    if isinstance(node, PlanEither):
        return PlanEither(tuple(_divided(one, words) for one in node.nodes))
    if not isinstance(node, Pattern) or node.field != TEXT or node.window:
        return node
    if len(node.alternatives) != 1 or len(node.alternatives[0]) != 1:
        return node
    known = words.divided
    found = known.get(node)
    if found is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        found = known[node] = _by_factor(node, words)
    return found


def _by_factor(pattern: Pattern, words: CommonWords) -> PlanNode:
    """Return the pattern, or one for each factor that its terms have by their languages."""
    held: dict[str, set[str]] = {}
    for term in pattern.alternatives[0][0]:
        language = language_of(term)
        apart = words.counts.get(language, 0) >= FEW
        held.setdefault(language if apart else "", set()).add(term)
    factors: dict[float, set[str]] = {}
    for language, terms in held.items():
        factors.setdefault(_factor(language, terms, words), set()).update(terms)
    if factors.keys() == {1.0}:
        return pattern
    weights = dict(pattern.weights)
    parts = [
        pattern._replace(
            alternatives=((frozenset(terms),),),
            weights=tuple(sorted((term, weights[term]) for term in terms if term in weights)),
            factor=pattern.factor * factor,
        )
        for factor, terms in sorted(factors.items())
    ]
    return parts[0] if len(parts) == 1 else PlanEither(tuple(parts))


def _factor(language: str, terms: set[str], words: CommonWords) -> float:
    """Return the weight of a word among the articles of a language, divided by that among all. The
    rarest words weigh the same in all languages."""
    own, every = words.counts.get(language, 0), sum(words.counts.values())
    if not language or own == every:
        return 1.0
    found = min(sum(words.vocabulary.stems(sorted(terms))), own)
    if not found:
        return 1.0
    ratio = idf(found, own) / idf(found, every) * log(every) / log(own)
    return 1.0 if abs(ratio - 1) < _NEAR else round(ratio, 3)
