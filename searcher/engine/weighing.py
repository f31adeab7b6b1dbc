"""Words of a query that weigh less than others: common words that are set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from searcher.engine.common_words import CommonWord
from searcher.engine.patterns import Pattern
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.weights import ASIDE


def weighed(
    group: PlanGroup, common: Mapping[Pattern, CommonWord], found: Collection[Pattern]
) -> PlanGroup:
    """Return the clauses that score, with common words that find nothing weighing less.

    found: the patterns that find articles. A common word among them counts in full.
    """
    required, wanted = (
        tuple(_weighed(node, common, found) for node in nodes)
        for nodes in (group.required, group.wanted)
    )
    return group._replace(required=required, wanted=wanted)


def _weighed(
    node: PlanNode, common: Mapping[Pattern, CommonWord], found: Collection[Pattern]
) -> PlanNode:
    if isinstance(node, PlanGroup):
        return weighed(node, common, found)
    if isinstance(node, PlanEither):
        return PlanEither(tuple(_weighed(one, common, found) for one in node.nodes))
    # Parts of compounds have a factor of their own.
    if not isinstance(node, Pattern) or node not in common or node in found or node.factor != 1:
        return node
    telling = common[node].finds
    if telling is None:
        return node._replace(factor=ASIDE)
    rest = _apart(node, telling)
    if rest is None:
        return node
    return PlanGroup((), (telling, rest._replace(factor=ASIDE)), (), needs_wanted=True)


def _apart(pattern: Pattern, telling: PlanNode) -> Pattern | None:
    """Return the pattern without its telling terms, which are those of another language; None if
    they are not terms by themselves."""
    if not isinstance(telling, Pattern) or telling.field != pattern.field:
        return None
    (way,), (part,) = pattern.alternatives[:1], telling.alternatives[:1]
    if len(pattern.alternatives) > 1 or len(telling.alternatives) > 1 or len(way) > 1:
        return None
    left = way[0] - part[0]
    weights = tuple(one for one in pattern.weights if one[0] in left)
    return pattern._replace(alternatives=((left,),), weights=weights)
