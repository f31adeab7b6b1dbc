"""A search as one pass over the lists of its leaves, by compiled kernels.

All postings are read and added, each once. That finds the documents that match, their number and
their exact scores together. It serves queries whose root holds leaves and filters, which nearly all
do; the collector evaluates the others, and all of them where kernels are not loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial, reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Array, Bools, Floats, Ints
from searcher.columnar.columns import Values
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.searching import sets
from searcher.columnar.searching.accumulator import Touched
from searcher.columnar.searching.conditions import (
    AnyOf,
    Boolean,
    Clauses,
    ColumnIn,
    Condition,
    Occurs,
    is_additive,
    scoring_leaves,
)
from searcher.columnar.searching.distributions import Distribution, count_touched
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf import OutOfTime, kth_largest
from searcher.columnar.searching.listed_leaf import ListedLeaf
from searcher.columnar.searching.narrowing import NOT_COUNTED, Chosen, Totals, count_since, totals
from searcher.columnar.searching.ordering import SINCE, Output
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.term_lists import SetLists
from searcher.columnar.searching.view import View

_TIE = 2 * 10.0**-SCORE_DIGITS
"""Part of a score. Two scores that are rounded to one may be this far apart."""
_MOST_LEAVES = 31
"""Maximum number of leaves that find documents: the bits of a number."""
_MOST_POSTINGS = 1 << 20
"""Number of postings. When more are to be added, they are, before the time is looked at again.
Larger reads a few more leaves in one call, and ends a search later after its deadline: these take
about 5 ms."""
_NO_CODES = np.empty(0, np.uint16)
_NO_DOCUMENTS: Bools = np.empty(0, np.bool_)


class Scanned(NamedTuple):
    """The result of a scan."""

    totals: Totals
    """Numbers of live documents that match."""
    documents: Ints
    """The best of them that were asked for and all that tie with them, ascending; all that match if
    the order is not by relevance."""
    scores: Floats
    """Their exact scores; 0 if the order is not by relevance."""
    first: Bools | None
    """Whether each comes before all others; None if none does."""
    counts: dict[Values, dict[str, int]]
    """Number of documents that count by value."""
    since: tuple[int, ...]
    """Number of documents that count since each time asked for."""


class ScanPlan(NamedTuple):
    """The leaves of a search by what they do. A group is a set of leaves, as their bits."""

    bits: dict[Occurs, int]
    """The leaves that find documents, with the bit of each."""
    required: list[int]
    """Groups that a document has to have."""
    wanted: int
    """A group that a document has to have; 0 if there is none."""
    filters: Boolean
    """Conditions that the documents have to match, too: required and excluded ones."""
    times: dict[Occurs, int]
    """The leaves that score, and how often."""
    every: list[tuple[int, ColumnIn | None]] | None
    """Groups of a document that has all that is wanted, each with the values of a column that
    excuse a document from it; None if `every` of the clauses is something else."""


def scan_of(clauses: Clauses) -> ScanPlan | None:
    """Return how a search is done by one pass; None if it cannot be.

    It can if every document that is found holds a leaf, all other conditions of the root are
    filters, and the scores of leaves are added up.
    """
    found, scored = clauses.found, clauses.scored
    if not all(map(is_additive, (*scored.required, *scored.wanted))):
        return None
    groups = _Groups()
    required = [(child, groups.of(child)) for child in found.required]
    wanted = [groups.of(child) for child in found.wanted]
    filters = [child for child, group in required if not group]
    held = [group for _, group in required if group]
    if any(map(scoring_leaves, filters)) or not all(wanted):
        return None
    if not (held or found.needs_wanted) or len(groups.bits) > _MOST_LEAVES:
        return None
    return ScanPlan(
        groups.bits,
        held,
        reduce(or_, wanted, 0) if found.needs_wanted else 0,
        Boolean(tuple(filters), (), found.excluded, False),
        Counter(scoring_leaves(scored)),
        groups.excusing(clauses.every, filters, found.excluded),
    )


class _Groups:
    """Gives bits to leaves."""

    def __init__(self) -> None:
        self.bits: dict[Occurs, int] = {}
        """The bit of each leaf."""

    def of(self, condition: Condition) -> int:
        """Return the leaves any of which matches the condition as a group; 0 if it is none."""
        leaves = _alternatives(condition)
        for occurs in leaves:
            self.bits.setdefault(occurs, 1 << len(self.bits))
        return reduce(or_, (self.bits[occurs] for occurs in leaves), 0)

    def excusing(
        self, every: Boolean, filters: Sequence[Condition], excluded: Sequence[Condition]
    ) -> list[tuple[int, ColumnIn | None]] | None:
        """Return `ScanPlan.every`, whose leaves have bits already."""
        if every.wanted or set(every.excluded) != set(excluded):
            return None
        found: list[tuple[int, ColumnIn | None]] = []
        columns: set[str] = set()
        for child in every.required:
            if child in filters:
                continue
            parts = child.conditions if isinstance(child, AnyOf) else (child,)
            excuses = [part for part in parts if isinstance(part, ColumnIn)]
            leaves = [_alternatives(part) for part in parts if not isinstance(part, ColumnIn)]
            known = [self.bits.get(occurs, 0) for held in leaves for occurs in held]
            columns.update(excuse.column for excuse in excuses)
            if not all(leaves) or not all(known) or len(excuses) > 1 or len(columns) > 1:
                return None
            found.append((reduce(or_, known, 0), excuses[0] if excuses else None))
        return found


def _alternatives(condition: Condition) -> list[Occurs]:
    """Return leaves any of which matches the condition; none if it has other conditions."""
    if isinstance(condition, Occurs):
        return [condition]
    children: tuple[Condition, ...] = ()
    if isinstance(condition, AnyOf):
        children = condition.conditions
    elif isinstance(condition, Boolean) and condition.needs_wanted:
        children = () if condition.required or condition.excluded else condition.wanted
    found = [_alternatives(child) for child in children]
    return [occurs for held in found for occurs in held] if all(found) else []


def scan(
    evaluator: Evaluator, plan: ScanPlan, clauses: Clauses, output: Output, count: int
) -> Scanned:
    """Search by a plan of clauses.

    count: number of the best documents to return; 0 returns none, also of other orders.

    A leaf for which the time is up adds nothing. Raises FileDamaged.
    """
    view = evaluator.view
    allowed = _allowed(evaluator, plan.filters)
    with view.accumulators.touched() as touched:
        _add(evaluator, plan, touched)
        touched.filled = kernels.selection.select(
            touched.documents,
            touched.filled,
            touched.held,
            touched.sums,
            allowed,
            np.array(plan.required, np.int64),
            plan.wanted,
        )
        every = touched.filled
        if output.totals or clauses.prefers:
            every = _every_first(evaluator, plan, clauses.every, touched)
        prefers = clauses.prefers and every > 0
        counts, since, every = _narrow(evaluator, clauses, output, touched, every, prefers)
        counted = every if prefers else touched.filled
        found = NOT_COUNTED
        if output.totals:
            groups = partial(_groups, view, touched)
            found = totals(output, counted, touched.filled - counted, every, groups)
        leading = counted if clauses.splits(output.order) else touched.filled
        documents, scores, first = _ranked(evaluator, plan, touched, leading, output, count)
        left = [values for values in output.counted if values not in counts]
        counts |= count_touched(view, touched, counted, left)
        if not since:
            since = count_since(view, output, lambda: touched.numbers(counted))
        return Scanned(found, documents, scores, first, counts, since)


def _groups(view: View, touched: Touched, column: str, count: int) -> int:
    """Return the number of groups of the first `count` of the touched documents: those that share a
    value of a late column are one."""
    values, most = shared_values(view, column).numbers
    if not most:
        return count
    return kernels.selection.count_groups(touched.documents, count, values, most)


def _narrow(
    evaluator: Evaluator,
    clauses: Clauses,
    output: Output,
    touched: Touched,
    every: int,
    prefers: bool,
) -> tuple[dict[Values, Distribution], tuple[int, ...], int]:
    """Keep those of the touched documents that match `clauses.narrowed`. Return the counts that
    ignore one of these conditions, and how many of the first `every` documents are kept.

    prefers: whether only these count.
    """
    if not clauses.narrowed:
        return {}, (), every
    view = evaluator.view
    base = Documents(view.count, touched.numbers(every if prefers else touched.filled))
    passing = tuple(evaluator.matching(condition) for _, condition in clauses.narrowed)
    names = tuple(name for name, _ in clauses.narrowed)
    ignored = [one for one in output.counted if output.ignoring.get(one) in names]
    chosen = Chosen(names, passing, base, base, base, every)
    asked = replace(output, counted=ignored, since=output.since if SINCE in names else ())
    counts, since = chosen.counts(view, asked)
    mask = sets.intersection(view.count, passing).as_mask()
    every = int(np.count_nonzero(mask[touched.documents[:every]]))
    touched.filled = kernels.selection.select(
        touched.documents, touched.filled, touched.held, touched.sums, mask, NO_INTS, 0
    )
    return counts, since, every


def _every_first(evaluator: Evaluator, plan: ScanPlan, every: Boolean, touched: Touched) -> int:
    """Move the touched documents that have all that is wanted before the others. Return their
    number."""
    view = evaluator.view
    columns = {excuse.column for _, excuse in plan.every or () if excuse}
    coded = view.codes(Values(next(iter(columns)))) if columns else (_NO_CODES, [])
    if plan.every is None or coded is None:
        held = touched.documents[: touched.filled]
        has_all = evaluator.matching(every).as_mask()[held]
        held[:] = np.concatenate([held[has_all], held[~has_all]])
        return int(np.count_nonzero(has_all))
    codes, names = coded
    excused = np.array(
        [
            sum(
                1 << number
                for number, (_, excuse) in enumerate(plan.every)
                if excuse and name in excuse.names
            )
            for name in names
        ],
        np.int64,
    )
    groups = np.array([group for group, _ in plan.every], np.int64)
    return kernels.selection.having_first(
        touched.documents, touched.filled, touched.held, groups, codes, excused
    )


def _ranked(
    evaluator: Evaluator,
    plan: ScanPlan,
    touched: Touched,
    leading: int,
    output: Output,
    count: int,
) -> tuple[Ints, Floats, Bools | None]:
    """Return the documents, their scores and `first` of Scanned.

    leading: number of the touched documents that come first.
    """
    if not count:
        return NO_INTS, np.empty(0), None
    front, back = touched.documents[:leading], touched.documents[leading : touched.filled]
    if output.order != "relevance":
        documents = touched.numbers()
        scores = np.zeros(len(documents))
        if not len(back):
            return documents, scores, None
        mask = np.zeros(evaluator.view.count, np.bool_)
        mask[front] = True
        return documents, scores, mask[documents]
    documents, scores = _best(evaluator, plan, touched, front, count)
    if len(front) >= count or not len(back):
        return documents, scores, None
    more, lower = _best(evaluator, plan, touched, back, count - len(front))
    both = np.concatenate([documents, more])
    order = both.argsort()
    first = np.arange(len(both)) < len(documents)
    return both[order], np.concatenate([scores, lower])[order], first[order]


def _best(
    evaluator: Evaluator, plan: ScanPlan, touched: Touched, among: Array, count: int
) -> tuple[Ints, Floats]:
    """Return the `count` best of some touched documents and all that tie with them, ascending, with
    their exact scores.

    Leaves that only score are looked up for the documents that can still be among the best (as the
    non-essential lists of MaxScore: Turtle and Flood 1995).
    """
    others = [evaluator.leaf(occurs) for occurs in plan.times if occurs not in plan.bits]
    try:
        others.sort(key=lambda leaf: -leaf.bound)
        rest = sum(leaf.bound * plan.times[leaf.occurs] for leaf in others)
    except OutOfTime:
        evaluator.cut_short, others, rest = True, [], 0.0
    documents = kernels.selection.best(among, len(among), touched.sums, count, rest + _TIE)
    documents.sort()
    scores = touched.sums[documents]
    for leaf in others:
        try:
            factor, counts = leaf.factor * plan.times[leaf.occurs], leaf.counts_at(documents)
            kernels.proximity.add_scores(counts, documents, *evaluator.norms.arrays, factor, scores)
        except OutOfTime:
            evaluator.cut_short = True
            break
        rest -= leaf.bound * plan.times[leaf.occurs]
        kept = scores >= kth_largest(scores, count) - rest - _TIE
        documents, scores = documents[kept], scores[kept]
    return documents, scores


def _allowed(evaluator: Evaluator, filters: Boolean) -> Bools:
    """Return whether each document passes the filters; an empty array if there are none."""
    if not filters.required and not filters.excluded:
        return _NO_DOCUMENTS
    return evaluator.matching(filters).as_mask()


def _add(evaluator: Evaluator, plan: ScanPlan, touched: Touched) -> None:
    """Add the postings of all leaves that find documents."""
    stored: list[tuple[SetLists, float, int]] = []
    waiting = 0
    for occurs, bit in plan.bits.items():
        leaf = evaluator.leaf(occurs)
        assert isinstance(leaf, ListedLeaf)
        try:
            leaf.check_time()
            factor = leaf.factor * plan.times.get(occurs, 0)
            if leaf.lists is None:
                touched.filled = kernels.postings.add_counted(
                    *leaf.counted, factor, bit, *_sums(evaluator, touched)
                )
            elif leaf.lists.size:
                stored.append((leaf.lists, factor, bit))
                waiting += leaf.lists.size
            if waiting > _MOST_POSTINGS:
                _add_lists(evaluator, stored, touched)
                stored, waiting = [], 0
        except OutOfTime:
            evaluator.cut_short = True
    _add_lists(evaluator, stored, touched)


def _add_lists(
    evaluator: Evaluator, stored: Sequence[tuple[SetLists, float, int]], touched: Touched
) -> None:
    """Add leaves, each with its lists, its factor and its bit."""
    if stored:
        touched.filled = kernels.postings.add_lists(
            np.concatenate([held.rows() for held, _, _ in stored]),
            np.array([held.count for held, _, _ in stored]).cumsum(),
            np.array([factor for _, factor, _ in stored]),
            np.array([bit for _, _, bit in stored], np.int64),
            *_sums(evaluator, touched),
        )


def _sums(evaluator: Evaluator, touched: Touched) -> tuple[Any, ...]:
    """Return the last arguments of kernels that add to sums."""
    return *evaluator.norms.arrays, touched.sums, touched.held, touched.documents, touched.filled
