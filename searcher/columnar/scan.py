"""A search as one pass over the lists of its leaves, by compiled kernels.

All postings are read and added, each once. That finds the documents that match, their number and
their exact scores together. It serves queries whose root holds leaves and filters, which nearly all
do; the collector evaluates the others, and all of them where kernels are not loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from searcher import kernels
from searcher.columnar.accumulator import Touched
from searcher.columnar.arrays import Bools, Floats, Ints
from searcher.columnar.conditions import Boolean, Clauses, Condition, Occurs, scoring_leaves
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.distributions import count_touched
from searcher.columnar.evaluator import Evaluator
from searcher.columnar.leaf import IndexLeaf, OutOfTime, kth_largest
from searcher.columnar.ordering import Output
from searcher.columnar.sets import Documents
from searcher.columnar.view import View

_TIE = 2 * 10.0**-SCORE_DIGITS
"""Part of a score. Two scores that are rounded to one may be this far apart."""
_NO_DOCUMENTS: Bools = np.empty(0, np.bool_)


class Scanned(NamedTuple):
    """The result of a scan."""

    total: int
    """Number of live documents that match."""
    total_all: int
    """Number of these that hold all leaves."""
    documents: Ints
    """The best of them that were asked for and all that tie with them, ascending; all that match if
    the order is not by relevance."""
    scores: Floats
    """Their exact scores; 0 if the order is not by relevance."""
    counts: dict[str, dict[str, int]]
    """Number of matching documents by column and value."""


class ScanPlan(NamedTuple):
    """The leaves of a search by what they do."""

    units: dict[Occurs, int]
    """The leaves that find documents: what each adds to `held` (see `kernels.selection`)."""
    least: int
    """A document is found if its `held` is at least this."""
    filters: Boolean
    """Conditions that the documents have to match, too: required and excluded ones."""
    times: dict[Occurs, int]
    """The leaves that score, and how often."""
    every: Boolean | None
    """Documents that have all that is wanted; None if these are those that hold all of `units`."""


def scan_of(clauses: Clauses) -> ScanPlan | None:
    """Return how a search is done by one pass; None if it cannot be.

    It can if every document that is found holds a leaf of the root, all other conditions of the
    root are filters, and the scores of leaves are added up.
    """
    found, scored = clauses.found, clauses.scored
    required, filters = _split(found.required)
    wanted, others = _split(found.wanted)
    scoring, rest = _split((*scored.required, *scored.wanted))
    if (
        others
        or any(map(scoring_leaves, (*filters, *rest)))
        or not (required or found.needs_wanted)
    ):
        return None
    units: Counter[Occurs] = Counter(wanted)
    for occurs in required:
        units[occurs] += kernels.selection.REQUIRED
    least = len(required) * kernels.selection.REQUIRED + found.needs_wanted
    times = Counter(occurs for occurs in scoring if occurs.scores)
    same = _holds_all(clauses.every, units, filters, found.excluded)
    return ScanPlan(
        units,
        least,
        Boolean(tuple(filters), (), found.excluded, False),
        times,
        None if same else clauses.every,
    )


def _split(conditions: Iterable[Condition]) -> tuple[list[Occurs], list[Condition]]:
    """Return the leaves among some conditions, and the others."""
    leaves: list[Occurs] = []
    others: list[Condition] = []
    for one in conditions:
        if isinstance(one, Occurs):
            leaves.append(one)
        else:
            others.append(one)
    return leaves, others


def _holds_all(
    every: Boolean,
    units: Mapping[Occurs, int],
    filters: Sequence[Condition],
    excluded: Sequence[Condition],
) -> bool:
    """Return whether the documents that match `every` are those found that hold all leaves."""
    leaves, others = _split(every.required)
    return (
        not every.wanted
        and set(leaves) == units.keys()
        and set(others) == set(filters)
        and set(every.excluded) == set(excluded)
    )


def scan(evaluator: Evaluator, plan: ScanPlan, output: Output, count: int) -> Scanned:
    """Search by a plan.

    count: number of the best documents to return.

    A leaf for which the time is up adds nothing. Raises FileDamaged.
    """
    view = evaluator.view
    allowed = _allowed(evaluator, plan.filters)
    with view.accumulators.touched() as touched:
        for occurs, unit in plan.units.items():
            _add(evaluator, occurs, plan.times.get(occurs, 0), unit, touched)
        touched.filled, total_all = kernels.selection.select(
            touched.documents,
            touched.filled,
            touched.held,
            touched.sums,
            allowed,
            plan.least,
            sum(plan.units.values()),
        )
        if output.totals and plan.every is not None:
            total_all = len(evaluator.matching(plan.every) & _numbers(view, touched))
        if output.order == "relevance":
            documents, scores = _best(evaluator, plan, touched, count)
        else:
            documents = _numbers(view, touched).as_numbers()
            scores = np.zeros(len(documents))
        counts = count_touched(view, touched, output.texts, output.months)
        return Scanned(touched.filled, total_all, documents, scores, counts)


def _numbers(view: View, touched: Touched) -> Documents:
    """Return the touched documents as a set."""
    return Documents(view.count, np.sort(touched.documents[: touched.filled]).astype(np.int64))


def _best(
    evaluator: Evaluator, plan: ScanPlan, touched: Touched, count: int
) -> tuple[Ints, Floats]:
    """Return the `count` best of the touched documents and all that tie with them, ascending, with
    their exact scores.

    Leaves that only score are looked up for the documents that can still be among the best (as the
    non-essential lists of MaxScore: Turtle and Flood 1995).
    """
    others = [evaluator.leaf(occurs) for occurs in plan.times if occurs not in plan.units]
    try:
        others.sort(key=lambda leaf: -leaf.bound)
        rest = sum(leaf.bound * plan.times[leaf.occurs] for leaf in others)
    except OutOfTime:
        evaluator.cut_short, others, rest = True, [], 0.0
    documents = kernels.selection.best(
        touched.documents, touched.filled, touched.sums, count, rest + _TIE
    )
    documents.sort()
    scores = touched.sums[documents]
    for leaf in others:
        try:
            scores += leaf.scores_at(documents, leaf.counts_at(documents)) * plan.times[leaf.occurs]
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


def _add(evaluator: Evaluator, occurs: Occurs, times: int, unit: int, touched: Touched) -> None:
    """Add the postings of a leaf. times: how often it scores. unit: added to `held`."""
    leaf = evaluator.leaf(occurs)
    try:
        leaf.check_time()
        factor = leaf.factor * times
        _add_lists(evaluator.view, leaf, factor, unit, touched)
    except OutOfTime:
        evaluator.cut_short = True


def _add_lists(view: View, leaf: IndexLeaf, factor: float, unit: int, touched: Touched) -> None:
    lengths, norms = view.norms
    sums, held = touched.sums, touched.held
    for one in leaf.segments:
        packed, base = one.packed(), one.part.base
        if packed is not None:
            live = one.part.live if one.part.live is not None else _NO_DOCUMENTS
            touched.filled = kernels.postings.add_list(
                *packed, base, live, lengths, norms, factor, unit,
                sums, held, touched.documents, touched.filled,
            )  # fmt: skip
        else:
            documents, counts = one.counted()
            touched.filled = kernels.postings.add_counted(
                documents, counts.astype(np.float64), base, lengths, norms, factor, unit,
                sums, held, touched.documents, touched.filled,
            )  # fmt: skip
