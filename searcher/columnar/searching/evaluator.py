"""Conditions evaluated on arrays: which documents match, and their scores by single words."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from searcher import kernels
from searcher.columnar import constants
from searcher.columnar.arrays import Floats, Ints, places_in
from searcher.columnar.searching import sets
from searcher.columnar.searching.conditions import (
    AnyOf,
    Boolean,
    ColumnIn,
    ColumnRange,
    Condition,
    LateCondition,
    NotEvaluated,
    Occurs,
    SharedBy,
    Sharing,
)
from searcher.columnar.searching.leaf import IndexLeaf, OutOfTime
from searcher.columnar.searching.listed_leaf import ListedLeaf
from searcher.columnar.searching.norms import norms_of
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.view import View

_FEWER = 4
"""Factor. A leaf is looked up document by document if it has more than this many times the
documents to be checked. Smaller looks up more often, which costs more for each document."""


class Evaluator:
    """Evaluates one query on one view.

    A leaf that is not counted by the deadline is not evaluated. It adds no document to the result.
    An excluded one removes all documents. So a search that is cut short finds a part of the true
    result.
    """

    def __init__(self, view: View, deadline: float | None, b: float = constants.B) -> None:
        """deadline: of time.monotonic, in seconds; None if there is none. b: BM25's b."""
        self.view = view
        self.norms = norms_of(view, b)
        self.cut_short = False
        self._deadline = deadline
        self._leaves: dict[Occurs, IndexLeaf] = {}

    def leaf(self, occurs: Occurs) -> IndexLeaf:
        """Return the leaf of this condition, the same for equal conditions."""
        found = self._leaves.get(occurs)
        if found is None:
            kind = ListedLeaf if kernels.loaded else IndexLeaf
            found = self._leaves[occurs] = kind(self.view, occurs, self._deadline, self.norms)
        return found

    def is_late(self) -> bool:
        """Return whether the deadline has passed."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def keep_leaves(self) -> None:
        """Keep the computed values of the leaves for later searches."""
        for leaf in self._leaves.values():
            leaf.keep()

    def matching(self, condition: Condition, default: bool = False) -> Documents:
        """Return the documents that match. Deleted ones may be among them.

        default: whether documents match a leaf that is not evaluated for lack of time.
        """
        size = self.view.count
        if isinstance(condition, Occurs):
            try:
                return Documents(size, self.leaf(condition).documents)
            except OutOfTime:
                return self._not_evaluated(default)
        if isinstance(condition, Boolean):
            return self._boolean(condition, default)
        if isinstance(condition, AnyOf):
            return sets.union(
                size, [self.matching(child, default) for child in condition.conditions]
            )
        if isinstance(condition, NotEvaluated):
            return self._not_evaluated(default)
        return self._filter(condition)

    def _not_evaluated(self, default: bool) -> Documents:
        self.cut_short = True
        return sets.everything(self.view.count) if default else sets.nothing(self.view.count)

    def _boolean(self, condition: Boolean, default: bool) -> Documents:
        size = self.view.count
        found = self._meeting(condition.required, default)
        if condition.needs_wanted:
            wanted = sets.union(size, [self.matching(child, default) for child in condition.wanted])
            found = found & wanted if condition.required else wanted
        return self.without_excluded(found, condition, default)

    def _meeting(self, conditions: Sequence[Condition], default: bool) -> Documents:
        """Return the documents that match all of the conditions."""
        size = self.view.count
        try:
            leaves = sorted(
                (self.leaf(child) for child in conditions if isinstance(child, Occurs)),
                key=lambda leaf: leaf.frequency,
            )
            if len(leaves) < 2:
                return sets.intersection(
                    size, [self.matching(child, default) for child in conditions]
                )
            others = [
                self.matching(child, default)
                for child in conditions
                if not isinstance(child, Occurs)
            ]
            found = sets.intersection(size, [Documents(size, leaves[0].documents), *others])
            for leaf in leaves[1:]:
                numbers = found.as_numbers()
                if len(numbers) * _FEWER < leaf.frequency:
                    found = Documents(size, numbers[leaf.holds(numbers)])
                else:
                    found = found & Documents(size, leaf.documents)
            return found
        except OutOfTime:
            return sets.intersection(size, [self.matching(child, default) for child in conditions])

    def without_excluded(
        self, found: Documents, condition: Boolean, default: bool = False
    ) -> Documents:
        """Return `found` without the documents that the condition excludes."""
        for child in condition.excluded:
            found = found - self.matching(child, not default)
        return found

    def _filter(self, condition: ColumnRange | ColumnIn | LateCondition) -> Documents:
        if isinstance(condition, Sharing | SharedBy):
            shared = shared_values(self.view, condition.column)
            return Documents(self.view.count, mask=shared.matching(condition))
        mask = np.zeros(self.view.count, np.bool_)
        for part in self.view.parts:
            reader = self.view.column(part, condition.column)
            if isinstance(condition, ColumnRange):
                mask[part.base : part.end] = reader.between(condition.low, condition.high)
            else:
                chosen = np.array([name in condition.names for name in reader.names])
                mask[part.base : part.end] = chosen[reader.packed]
        return Documents(self.view.count, mask=mask)

    def scores(self, condition: Condition, documents: Ints) -> Floats:
        """Return the exact scores of documents that match: the sum over the scoring leaves in those
        parts of the tree that match.

        documents: ascending numbers in the index. The result has one score a document.
        """
        if isinstance(condition, Occurs):
            return self._leaf_scores(condition, documents)
        total = np.zeros(len(documents))
        children: tuple[Condition, ...] = ()
        if isinstance(condition, Boolean):
            children = (*condition.required, *condition.wanted)
        elif isinstance(condition, AnyOf):
            children = condition.conditions
        for child in children:
            if isinstance(child, Boolean):
                at = np.flatnonzero(places_in(self.matching(child).as_numbers(), documents) >= 0)
                total[at] += self.scores(child, documents[at])
            else:
                total += self.scores(child, documents)
        return total

    def _leaf_scores(self, occurs: Occurs, documents: Ints) -> Floats:
        """Return the exact score of a leaf in each document, or zeros if the deadline has
        passed."""
        if not occurs.scores:
            return np.zeros(len(documents))
        leaf = self.leaf(occurs)
        try:
            return leaf.scores_at(documents, leaf.counts_at(documents))
        except OutOfTime:
            self.cut_short = True
            return np.zeros(len(documents))
