"""From a plan and a Search to the nodes and values that the columnar evaluator takes."""

from __future__ import annotations

from functools import lru_cache

from searcher.columnar.columns import Values
from searcher.columnar.searching import conditions
from searcher.columnar.searching.conditions import Condition
from searcher.columnar.searching.ordering import Output
from searcher.engine import weights
from searcher.engine.patterns import BODY_START, Pattern, TermSet
from searcher.engine.plan import Plan, PlanEither, PlanGroup, PlanNode, Unresolved, scores
from searcher.engine.searches import DAY, MONTH, NARROWED_BY, STORY_DAY, STORY_MONTH, YEAR, Search
from searcher.engine.terms import TEXT
from searcher.engine.whoosh_schema import (
    AGENCY,
    COPIES,
    KEY,
    KIND,
    LANGUAGE,
    PUBLISHED,
    SECTION,
    SOURCE,
    STORY,
)
from searcher.query.tree import (
    Copies,
    HasValue,
    Language,
    OfStory,
    Published,
    Region,
    StorySize,
)

FACET_VALUES = {
    "language": Values(LANGUAGE),
    "source": Values(SOURCE),
    "section": Values(SECTION),
    "agency": Values(AGENCY),
    "kind": Values(KIND),
    YEAR: Values(PUBLISHED, "year"),
    MONTH: Values(PUBLISHED, "month"),
    DAY: Values(PUBLISHED, "day"),
    STORY_MONTH: Values(PUBLISHED, "month", STORY),
    STORY_DAY: Values(PUBLISHED, "day", STORY),
}
"""The values that each facet counts."""

_MOST_PATTERNS = 1 << 12
"""Maximum number of patterns whose translations are cached: those of the last queries. The trees of
a plan share most patterns."""


def output(search: Search) -> Output:
    """Return the page and the counts that a Search needs from the columns."""
    return Output(
        date=PUBLISHED,
        key=KEY,
        order=search.sort,
        start=search.offset,
        end=search.offset + search.limit,
        totals=search.totals,
        counted=[FACET_VALUES[name] for name in search.facets],
        ignoring={FACET_VALUES[name]: field for name, field in NARROWED_BY.items()},
        since=[moment.timestamp() for moment in search.since],
        group=STORY if search.by_story else "",
        repeated=COPIES,
    )


def rescoring(plan: Plan, half_life: float | None) -> conditions.Rescoring:
    """Return the rescoring of the best articles by single words.

    half_life: age in seconds at which recency adds half as much; None ignores dates.
    """
    return conditions.Rescoring(
        field=TEXT,
        words=tuple(conditions.Placed(_occurs(word.pattern), word.start) for word in plan.words),
        first_zone_end=BODY_START,
        date=PUBLISHED,
        weights=_weights(),
        window=weights.WINDOW,
        half_life=half_life,
    )


def _weights() -> conditions.Weights:
    return conditions.Weights(
        ordered=weights.ORDERED,
        near=weights.NEAR,
        near_window=weights.NEAR_WINDOW,
        common=weights.COMMON,
        never_common=weights.ALWAYS_TELLING,
        all_words=weights.ALL_WORDS,
        first_zone=weights.HEADLINE,
        recency=weights.RECENCY,
    )


def clauses(plan: Plan) -> conditions.Clauses:
    """Return the clauses of a query as conditions on the documents of an index."""
    return conditions.Clauses(
        _group(plan.root),
        _group(plan.finds),
        _group(plan.every),
        tuple((field, _group(group)) for field, group in plan.narrowed),
        plan.prefers,
        conditions.Once(COPIES, PUBLISHED, KEY) if plan.copies is Copies.HIDE else None,
        plan.b,
        plan.leads,
    )


def _group(plan: PlanGroup) -> conditions.Boolean:
    return conditions.Boolean(
        required=tuple(map(_node, plan.required)),
        wanted=tuple(map(_node, plan.wanted)),
        excluded=tuple(map(_node, plan.excluded)),
        needs_wanted=plan.needs_wanted,
    )


def _node(node: PlanNode) -> Condition:
    match node:
        case PlanGroup():
            return _group(node)
        case PlanEither():
            return conditions.AnyOf(tuple(map(_node, node.nodes)))
        case Unresolved():
            return conditions.NotEvaluated()
        case Language():
            return conditions.ColumnIn(LANGUAGE, frozenset(node.codes))
        case Published():
            bounds = (
                bound.timestamp() if bound is not None else None for bound in (node.start, node.end)
            )
            return conditions.ColumnRange(PUBLISHED, *bounds)
        case OfStory():
            term = node.article_id.encode("utf-8", "replace")
            return conditions.Sharing(STORY, KEY, term)
        case StorySize():
            return conditions.SharedBy(STORY, node.low, node.high)
        case HasValue():
            return conditions.ColumnIn(FACET_VALUES[node.facet].column, frozenset(node.values))
        case Pattern():
            return _occurs(node)


@lru_cache(_MOST_PATTERNS)
def _occurs(pattern: Pattern) -> conditions.Occurs:
    return conditions.Occurs(
        field=pattern.field,
        alternatives=tuple(tuple(map(_encoded, run)) for run in pattern.alternatives),
        window=pattern.window,
        weights=tuple((term.encode(), weight) for term, weight in pattern.weights),
        start=BODY_START if pattern.region is Region.BODY else 0,
        end=BODY_START if pattern.region is Region.HEADLINE else None,
        scores=scores(pattern),
        factor=pattern.factor,
        disjoint=_is_disjoint(pattern),
    )


def _is_disjoint(pattern: Pattern) -> bool:
    """Return whether no article contains two terms of a set. That is true for the stems of a word:
    a stem belongs to one language, and an article has one language. The form itself is only a term
    of languages without a stemmer.
    """
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
