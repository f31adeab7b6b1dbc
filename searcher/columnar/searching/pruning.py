"""The best documents by the sums of their leaves' scores, found without scoring most documents.
Leaves and blocks of postings have upper bounds of their scores. The bounds show which documents
cannot be among the best. The few others are scored exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, Singles, unique
from searcher.columnar.searching.leaf import SLACK, IndexLeaf, kth_largest
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.view import View

_TOUCHED = np.float32(1e-30)
"""A score that only says that a document was found. Larger would change scores."""

_FEW_POSTINGS = 5_000
"""Number of postings. Fewer postings are all scored, which takes less time than pruning."""


def best(
    view: View,
    leaves: Sequence[IndexLeaf],
    count: int,
    allowed: Documents | None,
    silent: Sequence[IndexLeaf] = (),
    finders: Sequence[IndexLeaf] = (),
) -> tuple[Ints, Floats]:
    """Return documents with their exact scores: the `count` best allowed ones that hold one of the
    leaves or finders, all that tie with them, and possibly others.

    allowed: the documents that may be returned; None for all.
    silent: leaves that score, too. Their lists are long, so documents are only looked up in them.
    finders: leaves that do not score.

    The documents are ascending numbers in the index (int64), with one score (float64) each. Raises
    OutOfTime and FileDamaged.
    """
    order, silent = (sorted(some, key=lambda leaf: -leaf.bound) for some in (leaves, silent))
    mask = allowed.as_mask() if allowed is not None else None
    found = [_allowed(leaf.documents, mask) for leaf in finders]
    if sum(leaf.frequency for leaf in order) + sum(map(len, found)) < _FEW_POSTINGS:
        return _best_of_few(view, order, count, mask, silent, found)
    documents = _candidates(view, order, count, mask, silent, found)
    scores = np.zeros(len(documents))
    for leaf in (*leaves, *silent):
        scores += leaf.scores_at(documents, leaf.counts_at(documents))
    return documents, scores


def _allowed(documents: Ints, mask: Bools | None) -> Ints:
    return documents if mask is None else documents[mask[documents]]


def _best_of_few(
    view: View,
    order: Sequence[IndexLeaf],
    count: int,
    mask: Bools | None,
    silent: Sequence[IndexLeaf],
    found: Sequence[Ints],
) -> tuple[Ints, Floats]:
    """Score all postings of the leaves exactly; return as `best`.

    found: the allowed documents of each finder.
    """
    with view.accumulators.of(np.float64) as accumulator:
        sums = accumulator.sums
        touched = list(found)
        for leaf in order:
            documents, counts = leaf.postings()
            if mask is not None:
                kept = mask[documents]
                documents, counts = documents[kept], counts[kept]
            accumulator.touch(documents)
            touched.append(documents)
            np.add.at(sums, documents, leaf.scores_at(documents, counts.astype(np.float64)))
        held = unique(np.concatenate(touched)) if touched else NO_INTS
        accumulator.touch(held)
        for leaf in silent:
            sums[held] += leaf.scores_at(held, leaf.counts_at(held))
        scores = sums[held]
        kept = scores >= kth_largest(scores, count) * (1 - SLACK)
        return held[kept], scores[kept]


def _candidates(
    view: View,
    order: Sequence[IndexLeaf],
    count: int,
    mask: Bools | None,
    silent: Sequence[IndexLeaf],
    found: Sequence[Ints],
) -> Ints:
    """Return the documents (ascending) that can be among the best. The algorithm is MaxScore
    (Turtle and Flood 1995), list by list, with bounds of blocks.

    order, silent: the leaves by descending bound.
    found: the allowed documents of each finder.
    mask: whether each document of the index may be returned; None if all may.
    """
    # `enough`: a score that `count` documents reach. `rest`: what the leaves not yet read add at
    # most, taken together.
    enough = max((leaf.floor(count) for leaf in order), default=0.0) if mask is None else 0.0
    rest = sum(leaf.bound for leaf in (*order, *silent))
    total = rest
    with view.accumulators.of(np.float32) as accumulator:
        sums = accumulator.sums
        touched: list[Ints] = []
        for documents in found:
            touched.append(documents[sums[documents] == 0])
            sums[documents] = _TOUCHED
            accumulator.touch(touched[-1])
        for place, leaf in enumerate(order):
            if enough * (1 - SLACK) > rest:
                return _refined(sums, touched, [*order[place:], *silent], count, enough)
            documents, scores = leaf.impacts(enough * (1 - SLACK) - (total - leaf.bound))
            if mask is not None:
                kept = mask[documents]
                documents, scores = documents[kept], scores[kept]
            before = sums[documents] if touched else None
            if before is not None:
                scores += before
            sums[documents] = scores
            touched.append(documents if before is None else documents[before == 0])
            accumulator.touch(touched[-1])
            enough = max(enough, kth_largest(scores, count))
            rest -= leaf.bound
        return _refined(sums, touched, silent, count, enough)


def _refined(
    sums: Singles, touched: Sequence[Ints], others: Sequence[IndexLeaf], count: int, enough: float
) -> Ints:
    """Return the touched documents whose maximum possible score can still reach the top.

    sums: the score so far of each document of the index.
    touched: arrays of documents with a score so far, none in two of them.
    enough: a score that `count` documents reach.
    """
    rest = sum(leaf.bound for leaf in others)
    chosen = [held[sums[held] >= (enough - rest) * (1 - SLACK)] for held in touched]
    documents = np.concatenate(chosen) if chosen else NO_INTS
    documents.sort()
    scores = sums[documents].astype(np.float64)
    for leaf in others:
        scores += leaf.scores_at(documents, leaf.counts_at(documents))
        rest -= leaf.bound
        enough = max(enough, kth_largest(scores.astype(np.float32), count))
        kept = scores >= (enough - max(rest, 0.0)) * (1 - SLACK)
        documents, scores = documents[kept], scores[kept]
    return documents
