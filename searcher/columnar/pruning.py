"""The best documents by the sums of their leaves' scores, found without scoring most documents.
Leaves and blocks of postings have upper bounds of their scores. The bounds show which documents
cannot be among the best. The few others are scored exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, Singles
from searcher.columnar.leaf import SLACK, IndexLeaf, kth_largest
from searcher.columnar.sets import Documents
from searcher.columnar.view import View

_FEW_POSTINGS = 5_000
"""Number of postings. Fewer postings are all scored, which takes less time than pruning."""


def best(
    view: View, leaves: Sequence[IndexLeaf], count: int, allowed: Documents | None
) -> tuple[Ints, Floats]:
    """Return documents with their exact scores: the `count` best allowed ones, all that tie with
    them, and possibly others.

    allowed: the documents that may be returned; None for all.

    The documents are ascending numbers in the index (int64), with one score (float64) each. Raises
    OutOfTime and FileDamaged.
    """
    order = sorted(leaves, key=lambda leaf: -leaf.bound)
    mask = allowed.as_mask() if allowed is not None else None
    if sum(leaf.frequency for leaf in order) < _FEW_POSTINGS:
        return _best_of_few(view, order, count, mask)
    documents = _candidates(view, order, count, mask)
    scores = np.zeros(len(documents))
    for leaf in leaves:
        scores += leaf.scores_at(documents, leaf.counts_at(documents))
    return documents, scores


def _best_of_few(
    view: View, order: Sequence[IndexLeaf], count: int, mask: Bools | None
) -> tuple[Ints, Floats]:
    """Score all postings of the leaves exactly; return as `best`."""
    with view.accumulators.of(np.float64) as accumulator:
        sums = accumulator.sums
        touched: list[Ints] = []
        for leaf in order:
            documents, counts = leaf.postings()
            if mask is not None:
                kept = mask[documents]
                documents, counts = documents[kept], counts[kept]
            accumulator.touch(documents)
            touched.append(documents)
            np.add.at(sums, documents, leaf.scores_at(documents, counts.astype(np.float64)))
        enough = max((kth_largest(sums[documents], count) for documents in touched), default=0.0)
        chosen = [documents[sums[documents] >= enough * (1 - SLACK)] for documents in touched]
        found = np.unique(np.concatenate(chosen)) if chosen else NO_INTS
        return found, sums[found]


def _candidates(view: View, order: Sequence[IndexLeaf], count: int, mask: Bools | None) -> Ints:
    """Return the documents (ascending) that can be among the best. The algorithm is MaxScore
    (Turtle and Flood 1995), list by list, with bounds of blocks.

    order: the leaves by descending bound.
    mask: whether each document of the index may be returned; None if all may.
    """
    # `enough`: a score that `count` documents reach. `rest`: what the leaves not yet read add at
    # most, taken together.
    enough = max((leaf.floor(count) for leaf in order), default=0.0) if mask is None else 0.0
    rest = sum(leaf.bound for leaf in order)
    total = rest
    with view.accumulators.of(np.float32) as accumulator:
        sums = accumulator.sums
        touched: list[Ints] = []
        for place, leaf in enumerate(order):
            if enough * (1 - SLACK) > rest:
                return _refined(sums, touched, order[place:], count, enough)
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
        return _refined(sums, touched, [], count, enough)


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
