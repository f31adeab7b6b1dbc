"""Plans as what the columnar evaluator asks of an index."""

from __future__ import annotations

from searcher.columnar import nodes
from searcher.columnar.nodes import Node
from searcher.engine.patterns import BODY_START, Pattern, TermSet
from searcher.engine.plan import Plan, PlanEither, PlanGroup, PlanNode, Unknown, scores
from searcher.engine.terms import TEXT
from searcher.query.tree import Language, Published, Region


def beyond(plan: Plan, date: str, half_life: float | None) -> nodes.Beyond:
    """What adds to scores beyond the words; half_life: of being new by the column `date`, in
    seconds."""
    words = tuple(nodes.Placed(_occurs(word.pattern), word.start) for word in plan.words)
    added = tuple((_occurs(pattern), weight) for pattern, weight in plan.added)
    return nodes.Beyond(TEXT, words, BODY_START, date, half_life, added)


def group(plan: PlanGroup) -> nodes.Group:
    """The group as conditions on the documents of an index."""
    return nodes.Group(
        tuple(map(_node, plan.required)),
        tuple(map(_node, plan.wanted)),
        tuple(map(_node, plan.excluded)),
        plan.needs_wanted,
    )


def _node(node: PlanNode) -> Node:
    match node:
        case PlanGroup():
            return group(node)
        case PlanEither():
            return nodes.Either(tuple(map(_node, node.nodes)))
        case Unknown():
            return nodes.Unknown()
        case Language():
            return nodes.OneOf("language", frozenset(node.codes))
        case Published():
            bounds = (
                bound.timestamp() if bound is not None else None for bound in (node.start, node.end)
            )
            return nodes.Within("published", *bounds)
        case Pattern():
            return _occurs(node)


def _occurs(pattern: Pattern) -> nodes.Occurs:
    return nodes.Occurs(
        pattern.field,
        tuple(tuple(map(_encoded, run)) for run in pattern.alternatives),
        pattern.window,
        tuple((term.encode(), weight) for term, weight in pattern.weights),
        BODY_START if pattern.region is Region.BODY else 0,
        BODY_START if pattern.region is Region.HEADLINE else None,
        scores(pattern),
        _is_disjoint(pattern),
    )


def _is_disjoint(pattern: Pattern) -> bool:
    """Whether no article holds two terms of a set: stems of several languages, of which each
    article has one, and the word as it is, which stands for itself only in languages without a
    stemmer."""
    if pattern.field != TEXT:
        return False
    (terms,) = (
        pattern.alternatives[0]
        if len(pattern.alternatives) == 1 == len(pattern.alternatives[0])
        else ((),)
    )
    return len({term.rpartition(":")[0] for term in terms}) == len(terms)


def _encoded(terms: TermSet) -> frozenset[bytes]:
    return frozenset(term.encode("utf-8", "replace") for term in terms)
