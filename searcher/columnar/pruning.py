"""The best documents by the sums of their leaves' scores, found without scoring most of them.

Upper bounds of what each leaf, and each block of its postings, can add to a score tell what cannot
be among the best; the few that remain are scored exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, Singles
from searcher.columnar.leaf import SLACK, Leaf, kth_largest
from searcher.columnar.sets import Documents
from searcher.columnar.view import View

_FEW_POSTINGS = 5_000
"""So few are all looked at: choosing among them would take longer."""


def best(
    view: View, leaves: Sequence[Leaf], count: int, allowed: Documents | None
) -> tuple[Ints, Floats]:
    """Documents, ascending, with their scores, which are the sums of the leaves' scores. Among them
    are the `count` best of the allowed and all that tie with them. Raises OutOfTime."""
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
    view: View, order: Sequence[Leaf], count: int, mask: Bools | None
) -> tuple[Ints, Floats]:
    """All that the leaves have is scored, exactly."""
    sums = view.scratch(np.float64)
    touched: list[Ints] = []
    try:
        for leaf in order:
            documents, counts = leaf.postings()
            if mask is not None:
                kept = mask[documents]
                documents, counts = documents[kept], counts[kept]
            touched.append(documents)
            np.add.at(sums, documents, leaf.scores_at(documents, counts.astype(np.float64)))
        enough = max((kth_largest(sums[documents], count) for documents in touched), default=0.0)
        chosen = [documents[sums[documents] >= enough * (1 - SLACK)] for documents in touched]
        found = np.unique(np.concatenate(chosen)) if chosen else NO_INTS
        return found, sums[found]
    finally:
        for documents in touched:
            sums[documents] = 0.0


def _candidates(view: View, order: Sequence[Leaf], count: int, mask: Bools | None) -> Ints:
    """The documents that can be among the best. MaxScore (Turtle and Flood 1995), a list at a time,
    with bounds of blocks."""
    enough = max((leaf.floor(count) for leaf in order), default=0.0) if mask is None else 0.0
    rest = sum(leaf.bound for leaf in order)
    total = rest
    sums = view.scratch(np.float32)
    touched: list[Ints] = []
    try:
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
            enough = max(enough, kth_largest(scores, count))
            rest -= leaf.bound
        return _refined(sums, touched, [], count, enough)
    finally:
        for documents in touched:
            sums[documents] = 0.0


def _refined(
    sums: Singles, touched: Sequence[Ints], others: Sequence[Leaf], count: int, enough: float
) -> Ints:
    """Those of the documents touched that can be among the best when the other leaves are looked up
    for them."""
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
