"""A search as one pass over the lists of its leaves, by a compiled kernel.

That finds the documents that match, their number and the best of them together. It serves queries
whose root holds leaves and filters, which nearly all do; the collector evaluates the others, and
all of them where kernels are not loaded.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints
from searcher.columnar.columns import Values
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.searching import sets
from searcher.columnar.searching.conditions import Boolean, Clauses
from searcher.columnar.searching.distributions import (
    Distribution,
    Smalls,
    count_listed,
    numbers,
)
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf_tables import LeafTables, leaf_tables
from searcher.columnar.searching.narrowing import NOT_COUNTED, Chosen, Totals, count_since, totals
from searcher.columnar.searching.ordering import SINCE, Output
from searcher.columnar.searching.scan_plan import ScanPlan
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.view import View

_TIE = 2 * 10.0**-SCORE_DIGITS
"""Part of a score. Two scores that are rounded to one may be this far apart."""
_MOST_POSTINGS = 1 << 21
"""Number of postings. With more, the time is looked at between segments, so that about as many are
read at once, in 5 ms. Larger ends a search later after its deadline; smaller asks the kernel more
often."""
Codes: TypeAlias = NDArray[np.uint16]
_NO_CODES: Codes = np.empty(0, np.uint16)
_NO_MASK: Bools = np.empty(0, np.bool_)
_NO_SMALLS: Smalls = np.empty(0, np.int32)


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


class _Matches(NamedTuple):
    """The documents that match, in no order: those that have all that is wanted come first."""

    documents: Smalls
    """The documents."""
    every: int
    """The number of those that have all that is wanted."""


def scan(
    evaluator: Evaluator, plan: ScanPlan, clauses: Clauses, output: Output, count: int
) -> Scanned | None:
    """Search by a plan of clauses. Return None if nothing matches.

    count: number of the best documents to return; 0 returns none, also of other orders.

    A leaf for which the time is up adds nothing. Raises FileDamaged.
    """
    leaves = leaf_tables(evaluator, plan)
    groups = (*plan.required, plan.wanted) if plan.wanted else plan.required
    if not all(group & leaves.holding for group in groups):
        return None
    passing = tuple(evaluator.matching(condition) for _, condition in clauses.narrowed)
    narrowed = sets.intersection(evaluator.view.count, passing).as_mask() if passing else _NO_MASK
    by_score = count if output.order == "relevance" else 0
    found, heaps, matches, firsts = _collect(
        evaluator, plan, clauses, output, leaves, narrowed, by_score
    )
    splits = clauses.splits(output.order)
    documents, scores, first = _best(found, heaps, firsts, by_score, splits)
    if matches is None:
        return Scanned(NOT_COUNTED, documents, scores, first, {}, ())
    prefers = clauses.prefers and matches.every > 0
    counts, since, matches = _narrow(
        evaluator, clauses, output, passing, narrowed, matches, prefers
    )
    held, every = matches
    counted = held[:every] if prefers else held
    totals_found = NOT_COUNTED
    if output.totals:
        some = len(held) - len(counted)
        groups_of = partial(_groups, evaluator.view, held)
        totals_found = totals(output, len(counted), some, every, groups_of)
    if count and output.order != "relevance":
        documents = numbers(held)
        scores = np.zeros(len(documents))
        if len(counted) < len(held):
            mask = np.zeros(evaluator.view.count, np.bool_)
            mask[counted] = True
            first = mask[documents]
    left = [values for values in output.counted if values not in counts]
    counts |= count_listed(evaluator.view, counted, left)
    if not since:
        since = count_since(evaluator.view, output, lambda: numbers(counted))
    return Scanned(totals_found, documents, scores, first, counts, since)


def _collect(
    evaluator: Evaluator,
    plan: ScanPlan,
    clauses: Clauses,
    output: Output,
    leaves: LeafTables,
    narrowed: Bools,
    best: int,
) -> tuple[Floats, Floats, _Matches | None, int]:
    """Return documents as `kernels.ranking.collect` returns them, the scores of the best, all that
    match if they are needed, and the number of those that come first.

    best: the number of the best documents that are asked for.
    """
    view = evaluator.view
    whole = not best or bool(output.totals or output.counted or output.since or clauses.narrowed)
    every, excused, codes = NO_INTS, NO_INTS, _NO_CODES
    if output.totals or clauses.prefers:
        every, excused, codes = _every(evaluator, plan, clauses.every)
    splits = clauses.splits(output.order)
    options = [len(plan.bits), plan.wanted, int(splits), best, int(whole)]
    allowed = _allowed(evaluator, plan.filters)
    heaps = np.full(2 * best, -np.inf) if best else np.full(1, np.inf)
    matched = view.accumulators.matched() if whole else _NO_SMALLS
    counts = np.zeros(kernels.candidates.TOTALS, np.int64)
    found: list[Floats] = []
    for edges in _edges(view, leaves.size):
        if found and evaluator.is_late():
            evaluator.cut_short = True
            break
        found.append(
            kernels.ranking.collect(
                leaves.rows,
                leaves.leaves,
                leaves.factors,
                leaves.bounds,
                *leaves.counted,
                edges,
                np.array(options, np.int64),
                np.array(plan.required, np.int64),
                every,
                excused,
                codes,
                allowed,
                narrowed,
                *evaluator.norms.arrays,
                _TIE,
                heaps,
                matched,
                counts,
            )
        )
    has_all, others, firsts = counts.tolist()
    joined = found[0] if len(found) == 1 else np.concatenate(found)
    if not whole:
        return joined, heaps, None, firsts
    if others:
        matched[has_all : has_all + others] = matched[len(matched) - others :]
    return joined, heaps, _Matches(matched[: has_all + others], has_all), firsts


def _edges(view: View, size: int) -> list[Ints]:
    """Return the first document of each segment and the one behind the last, in stretches that
    share an edge. size: number of postings to be read."""
    every = view.edges
    turns = min(size // _MOST_POSTINGS + 1, max(len(view.parts), 1))
    if turns == 1:
        return [every]
    cuts = np.linspace(0, len(view.parts), turns + 1).astype(int).tolist()
    return [every[start : end + 1] for start, end in pairwise(cuts)]


def _every(evaluator: Evaluator, plan: ScanPlan, every: Boolean) -> tuple[Ints, Ints, Codes]:
    """Return the groups of all that is wanted, and the codes by which documents are excused from
    some of them: both as `kernels.ranking` takes them."""
    columns = {excuse.column for _, excuse in plan.every or () if excuse}
    coded = evaluator.view.codes(Values(next(iter(columns)))) if columns else (_NO_CODES, [])
    if plan.every is None or coded is None:
        # A group that no document has, and only those that match are excused from it.
        matches = evaluator.matching(every).as_mask()
        return np.zeros(1, np.int64), np.array([0, 1], np.int64), matches.astype(np.uint16)
    groups = np.array([group for group, _ in plan.every], np.int64)
    codes, names = coded
    excused = [
        sum(
            1 << number
            for number, (_, excuse) in enumerate(plan.every)
            if excuse and name in excuse.names
        )
        for name in names
    ]
    return groups, np.array(excused, np.int64), codes


def _best(
    found: Floats, heaps: Floats, firsts: int, count: int, prefers: bool
) -> tuple[Ints, Floats, Bools | None]:
    """Return the documents, their scores and `first` of Scanned. The arguments are as `_collect`
    returns and takes them."""
    if not count:
        return NO_INTS, np.empty(0), None
    best = kernels.candidates.best_of(found, heaps, firsts, count, prefers, _TIE)
    columns = best.reshape(-1, kernels.candidates.FOUND_COLUMNS)
    first = columns[:, 2] == 0 if prefers and 0 < firsts < count else None
    return columns[:, 0].astype(np.int64), columns[:, 1].copy(), first


def _allowed(evaluator: Evaluator, filters: Boolean) -> Bools:
    """Return whether each document passes the filters; an empty array if there are none."""
    if not filters.required and not filters.excluded:
        return _NO_MASK
    return evaluator.matching(filters).as_mask()


def _groups(view: View, documents: Smalls, column: str, count: int) -> int:
    """Return the number of groups of the first `count` of the documents: those that share a value
    of a late column are one."""
    values, most = shared_values(view, column).numbers
    if not most:
        return count
    return kernels.selection.count_groups(documents, count, values, most)


def _narrow(
    evaluator: Evaluator,
    clauses: Clauses,
    output: Output,
    passing: tuple[Documents, ...],
    narrowed: Bools,
    matches: _Matches,
    prefers: bool,
) -> tuple[dict[Values, Distribution], tuple[int, ...], _Matches]:
    """Return the counts that ignore one of the conditions of `clauses.narrowed`, and the matches
    that pass all of them.

    passing, narrowed: the documents that pass each of them, and all.
    prefers: whether only documents with all that is wanted count.
    """
    if not clauses.narrowed:
        return {}, (), matches
    view = evaluator.view
    held, every = matches
    base = Documents(view.count, numbers(held[:every] if prefers else held))
    names = tuple(name for name, _ in clauses.narrowed)
    ignored = [one for one in output.counted if output.ignoring.get(one) in names]
    chosen = Chosen(names, passing, base, base, base, every)
    asked = replace(output, counted=ignored, since=output.since if SINCE in names else ())
    counts, since = chosen.counts(view, asked)
    kept = narrowed[held]
    return counts, since, _Matches(held[kept], int(np.count_nonzero(kept[:every])))
