"""A search: how many documents match, the best of them in order, and their distributions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, places_in
from searcher.columnar.columns import Values
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.searching import sets
from searcher.columnar.searching.absence import cannot_match
from searcher.columnar.searching.conditions import (
    Boolean,
    Clauses,
    Occurs,
    Rescoring,
    is_additive,
    roles,
    scoring_leaves,
)
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf import OutOfTime, kth_largest
from searcher.columnar.searching.narrowing import NOT_COUNTED, Chosen, Totals, choose, nothing_found
from searcher.columnar.searching.ordering import Output, lifted, ranked_page
from searcher.columnar.searching.pruning import best
from searcher.columnar.searching.rescoring import Gains, gains, no_gains
from searcher.columnar.searching.scan import scan
from searcher.columnar.searching.scan_plan import ScanPlan, scan_of
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.view import View

_FEW = 2_000
"""Number of documents. At most this many are scored without bounds, because looking up bounds would
take longer."""


@dataclass(slots=True)
class Found:
    """The result of a search."""

    ranked: list[tuple[int, float]]
    """Document numbers in the index and their scores, best first."""
    totals: Totals = NOT_COUNTED
    """Numbers of live documents that match."""
    counts: dict[Values, dict[str, int]] = field(default_factory=dict)
    """Number of documents that count by value."""
    since: tuple[int, ...] = ()
    """Number of documents that count since each time asked for."""
    cut_short: bool = False
    """Whether the deadline passed. Then the result is incomplete."""
    explanations: list[Explanation] = field(default_factory=list)
    """The parts of each ranked document's score, if asked for."""


class Explanation(NamedTuple):
    """The parts of one document's score."""

    clauses: list[float]
    """The part of each clause of the root: the required ones, then the wanted ones."""
    gains: dict[str, float]
    """The gain by each kind of rescoring, by the names in `rescoring.Gains`; empty if the document
    was not rescored."""


def search(
    view: View,
    clauses: Clauses,
    output: Output,
    deadline: float | None,
    rescoring: Rescoring | None = None,
    explain: bool = False,
) -> Found:
    """Search one generation of an index.

    output: what to return.
    deadline: of time.monotonic, in seconds; None if there is none.
    rescoring: extra score of the best documents by single words; None for no extra score.
    explain: whether to return the parts of the scores.

    Raises FileDamaged. When the deadline passes, it returns what it has (`Found.cut_short`).
    """
    evaluator = Evaluator(view, deadline, clauses.b)
    found, rescored, gained = _nothing(output), NO_INTS, no_gains(0)
    plan = scan_of(clauses) if kernels.loaded and clauses.once is None else None
    if plan is not None:
        rescored, gained = _scan(evaluator, clauses, plan, output, rescoring, found)
    elif not cannot_match(view, clauses.found):
        rescored, gained = _evaluate(evaluator, clauses, output, rescoring, found)
    if explain and found.ranked:
        found.explanations = _explain(evaluator, clauses.scored, found.ranked, rescored, gained)
    found.cut_short = evaluator.cut_short
    evaluator.keep_leaves()
    return found


def _nothing(output: Output) -> Found:
    """Return the result of a search that finds nothing."""
    return Found(
        [],
        totals=nothing_found(output),
        counts={values: {} for values in output.counted},
        since=(0,) * len(output.since),
    )


def _evaluate(
    evaluator: Evaluator,
    clauses: Clauses,
    output: Output,
    rescoring: Rescoring | None,
    found: Found,
) -> tuple[Ints, Gains]:
    """Set what `found` has, by one condition after the other. Return as `_rank`."""
    chosen = None
    if _is_counted(output) or clauses.prefers or clauses.once is not None:
        chosen = choose(evaluator, clauses)
        found.totals = chosen.totals(evaluator.view, output)
        found.counts, found.since = chosen.counts(evaluator.view, output)
    if output.end <= output.start:
        return NO_INTS, no_gains(0)
    return _rank(evaluator, clauses, chosen, output, rescoring, found)


def _is_counted(output: Output) -> bool:
    """Return whether the output needs all documents that match."""
    by_relevance = output.order == "relevance"
    return bool(output.totals or output.counted or output.since or not by_relevance)


def _rank(
    evaluator: Evaluator,
    clauses: Clauses,
    chosen: Chosen | None,
    output: Output,
    rescoring: Rescoring | None,
    found: Found,
) -> tuple[Ints, Gains]:
    """Set `found.ranked`. Return the documents that were rescored (ascending), and their gains."""
    window = rescoring.window if rescoring is not None else 0
    enough = replace(output, end=max(output.end, window))
    first, splits = None, clauses.splits(output.order)
    try:
        if chosen is not None and chosen.is_split and splits:
            documents, scores, first = _best_of_both(evaluator, clauses, chosen, enough)
        else:
            matched = chosen.matched if chosen is not None else None
            documents, scores = _best(evaluator, clauses.narrow(), matched, enough)
    except OutOfTime:
        chosen = chosen or choose(evaluator, clauses)
        documents = chosen.matched.as_numbers()
        scores, evaluator.cut_short = evaluator.scores(clauses.scored, documents), True
        first = chosen.counted.as_mask()[documents] if splits else None
    return _ranked(evaluator, clauses, output, rescoring, found, documents, scores, first)


def _best_of_both(
    evaluator: Evaluator, clauses: Clauses, chosen: Chosen, output: Output
) -> tuple[Ints, Floats, Bools]:
    """Return as `_best`, and whether each document comes first. Raises OutOfTime."""
    every = clauses._replace(found=clauses.every).narrow()
    documents, scores = _best(evaluator, every, chosen.counted, output)
    if len(chosen.counted) >= output.end:
        return documents, scores, np.ones(len(documents), np.bool_)
    some = Boolean((clauses.found,), (), (clauses.every,), False)
    rest = chosen.matched - chosen.counted
    others = replace(output, end=output.end - len(chosen.counted))
    more, lower = _best(evaluator, clauses._replace(found=some).narrow(), rest, others)
    order = np.argsort(np.concatenate([documents, more]))
    first = np.repeat([True, False], [len(documents), len(more)])
    return (
        np.concatenate([documents, more])[order],
        np.concatenate([scores, lower])[order],
        first[order],
    )


def _scan(
    evaluator: Evaluator,
    clauses: Clauses,
    plan: ScanPlan,
    output: Output,
    rescoring: Rescoring | None,
    found: Found,
) -> tuple[Ints, Gains]:
    """Set what `found` has by one pass over the lists. Return as `_rank`."""
    window = rescoring.window if rescoring is not None else 0
    best = max(output.end, window) if output.end > output.start else 0
    scanned = scan(evaluator, plan, clauses, output, best)
    if scanned is None:
        return NO_INTS, no_gains(0)
    found.counts, found.since, found.totals = scanned.counts, scanned.since, scanned.totals
    if output.end <= output.start:
        return NO_INTS, no_gains(0)
    held = (scanned.documents, scanned.scores, scanned.first)
    return _ranked(evaluator, clauses, output, rescoring, found, *held)


def _ranked(
    evaluator: Evaluator,
    clauses: Clauses,
    output: Output,
    rescoring: Rescoring | None,
    found: Found,
    documents: Ints,
    scores: Floats,
    first: Bools | None,
) -> tuple[Ints, Gains]:
    """Rescore the best documents and set `found.ranked`; return as `_rank`.

    documents: ascending, with their scores by single words.
    first: whether each of them comes before all others; None if none does.
    """
    view, rescored, gained = evaluator.view, NO_INTS, no_gains(0)
    if rescoring and output.order == "relevance" and not evaluator.cut_short:
        try:
            at, gained = _rescored(evaluator, rescoring, documents, scores, first)
            rescored, scores = documents[at], scores.copy()
            scores[at] += gained.total()
        except OutOfTime:
            evaluator.cut_short = True
    found.ranked = ranked_page(view, documents, scores, output, first)
    if output.order != "relevance" and found.ranked:
        found.ranked = _scored(
            evaluator, clauses.scored, [document for document, _ in found.ranked]
        )
    return rescored, gained


def _live(view: View, found: Documents) -> Documents:
    """Return those of the documents that are live."""
    return found if view.live is None else found & Documents(view.count, mask=view.live)


def _best(
    evaluator: Evaluator, clauses: Clauses, matched: Documents | None, output: Output
) -> tuple[Ints, Floats]:
    """Return documents (ascending), the best `output.end` among them, and their exact scores.

    matched: the documents that match, if they are known. Raises OutOfTime.
    """
    root, finds = clauses.scored, clauses.found
    same = finds == root
    parts = None if same else roles(clauses)
    scored = scoring_leaves(root) if output.order == "relevance" else []
    additive = all(is_additive(child) for child in (*root.required, *root.wanted))
    allowed = matched
    if matched is None:
        filters_only = all(not scoring_leaves(child) for child in finds.required)
        plain = (same or parts) and all(map(is_additive, finds.wanted))
        if additive and plain and finds.needs_wanted and filters_only:
            allowed = _filters(evaluator, finds)
        else:
            matched = allowed = _live(evaluator.view, evaluator.matching(finds))
    if not scored or (matched is not None and (not additive or len(matched) <= _FEW)):
        documents = matched.as_numbers() if matched is not None else NO_INTS
        return documents, evaluator.scores(root, documents) if scored else np.zeros(len(documents))
    union = bool(same or parts) and _is_union(finds) and clauses.once is None
    if matched is not None and union:
        allowed = None if evaluator.view.live is None else matched
    finding, silent, finders = (
        [evaluator.leaf(occurs) for occurs in leaves] for leaves in parts or (scored, (), ())
    )
    documents, scores = best(evaluator.view, finding, output.end, allowed, silent, finders)
    complete = union and (not same or scored == list(root.wanted))
    if complete or np.count_nonzero(scores) >= output.end:
        return documents, scores
    # Documents that match by conditions without a score come last.
    if matched is None:
        matched = _live(evaluator.view, evaluator.matching(finds))
    found = matched.as_numbers()
    all_scores = np.zeros(len(found))
    places = places_in(found, documents)
    all_scores[places[places >= 0]] = scores[places >= 0]
    return found, all_scores


def _is_union(root: Boolean) -> bool:
    """Return whether every live document with a score matches."""
    return (
        not root.required
        and not root.excluded
        and all(isinstance(child, Occurs) for child in root.wanted)
    )


def _filters(evaluator: Evaluator, root: Boolean) -> Documents | None:
    """Return the live documents that match the required conditions and no excluded one; None if all
    documents do. The required conditions have no score."""
    view = evaluator.view
    if not root.required and not root.excluded and view.live is None:
        return None
    passing = sets.intersection(view.count, [evaluator.matching(child) for child in root.required])
    return _live(view, evaluator.without_excluded(passing, root))


def _scored(evaluator: Evaluator, root: Boolean, documents: list[int]) -> list[tuple[int, float]]:
    """Return the documents, in their order, with their scores by single words."""
    ascending = np.array(sorted(documents))
    scores = dict(zip(ascending.tolist(), evaluator.scores(root, ascending).tolist(), strict=True))
    return [(document, scores[document]) for document in documents]


def _rescored(
    evaluator: Evaluator,
    rescoring: Rescoring,
    documents: Ints,
    scores: Floats,
    first: Bools | None,
) -> tuple[Ints, Gains]:
    """Return the places of the best documents and their gains. Raises OutOfTime."""
    rounded = np.round(scores, SCORE_DIGITS)
    ranks = lifted(rounded, first)
    at = np.flatnonzero((ranks >= kth_largest(ranks, rescoring.window)) & (rounded > 0))
    return at, gains(evaluator, rescoring, documents[at], scores[at]) if len(at) else no_gains(0)


def _explain(
    evaluator: Evaluator,
    root: Boolean,
    ranked: list[tuple[int, float]],
    rescored: Ints,
    gained: Gains,
) -> list[Explanation]:
    """Return the parts of the scores of the ranked documents.

    rescored: the documents (ascending) that have `gained`.
    """
    numbers = np.array([document for document, _ in ranked], np.int64)
    order = np.argsort(numbers)
    clauses = [
        evaluator.scores(Boolean((child,), (), (), False), numbers[order])
        for child in (*root.required, *root.wanted)
    ]
    found = [Explanation([], {}) for _ in ranked]
    for rank, number in enumerate(order.tolist()):
        found[number].clauses.extend(float(scores[rank]) for scores in clauses)
    for number, place in enumerate(places_in(rescored, numbers).tolist()):
        if place >= 0:
            found[number].gains.update(
                (name, float(values[place])) for name, values in gained.by_kind()
            )
    return found
