"""Queries evaluated on arrays: which documents match, and what they score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher.columnar import sets
from searcher.columnar.arrays import Floats, Ints, places_in
from searcher.columnar.leaf import Leaf, OutOfTime
from searcher.columnar.nodes import Either, Group, Node, Occurs, OneOf, Unknown, Within
from searcher.columnar.sets import Documents
from searcher.columnar.view import View

_FEWER = 4
"""A condition is looked up for the documents at hand when they are so many times fewer than its
own."""


class Evaluator:
    """One query on one view.

    A leaf that is not counted by the deadline (of time.monotonic) is unknown: it matches nothing
    where that finds documents, and everything where that excludes them, so that a search cut short
    finds a part of the true result.
    """

    def __init__(self, view: View, deadline: float | None) -> None:
        self.view = view
        self.cut_short = False
        self._deadline = deadline
        self._leaves: dict[Occurs, Leaf] = {}

    def leaf(self, occurs: Occurs) -> Leaf:
        found = self._leaves.get(occurs)
        if found is None:
            found = self._leaves[occurs] = Leaf(self.view, occurs, self._deadline)
        return found

    def matching(self, node: Node, unknown: bool = False) -> Documents:
        """The documents that match, dead ones perhaps among them. unknown: what a document is taken
        to do where there was no time to look."""
        size = self.view.count
        if isinstance(node, Occurs):
            try:
                return Documents(size, self.leaf(node).documents)
            except OutOfTime:
                return self._unknown(unknown)
        if isinstance(node, Group):
            return self._group(node, unknown)
        if isinstance(node, Either):
            return sets.union(size, [self.matching(child, unknown) for child in node.nodes])
        if isinstance(node, Unknown):
            return self._unknown(unknown)
        return self._filter(node)

    def _unknown(self, unknown: bool) -> Documents:
        self.cut_short = True
        return sets.everything(self.view.count) if unknown else sets.nothing(self.view.count)

    def _group(self, node: Group, unknown: bool) -> Documents:
        size = self.view.count
        found = self._meeting(node.required, unknown)
        if node.needs_wanted:
            wanted = sets.union(size, [self.matching(child, unknown) for child in node.wanted])
            found = found & wanted if node.required else wanted
        return self.without(found, node, unknown)

    def _meeting(self, conditions: Sequence[Node], unknown: bool) -> Documents:
        """The documents that meet all of the conditions."""
        size = self.view.count
        try:
            leaves = sorted(
                (self.leaf(child) for child in conditions if isinstance(child, Occurs)),
                key=lambda leaf: leaf.frequency,
            )
            if len(leaves) < 2:
                return sets.intersection(
                    size, [self.matching(child, unknown) for child in conditions]
                )
            others = [
                self.matching(child, unknown)
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
            return sets.intersection(size, [self.matching(child, unknown) for child in conditions])

    def without(self, found: Documents, node: Group, unknown: bool = False) -> Documents:
        """What is left of `found` without the documents that the group excludes."""
        for child in node.excluded:
            found = found - self.matching(child, not unknown)
        return found

    def holding_all(self, node: Node) -> Documents:
        """The documents that hold everything, the wanted too."""
        size = self.view.count
        if isinstance(node, Group):
            children = (*node.required, *node.wanted)
            if all(isinstance(child, Occurs | Within | OneOf) for child in children):
                held = self._meeting(children, unknown=False)
            else:
                held = sets.intersection(size, [self.holding_all(child) for child in children])
            return self.without(held, node)
        if isinstance(node, Either):
            return sets.union(size, [self.holding_all(child) for child in node.nodes])
        return self.matching(node)

    def _filter(self, node: Within | OneOf) -> Documents:
        mask = np.zeros(self.view.count, np.bool_)
        for part in self.view.parts:
            reader = self.view.column(part, node.column)
            if isinstance(node, Within):
                mask[part.base : part.end] = reader.between(node.low, node.high)
            else:
                chosen = np.array([name in node.names for name in reader.names])
                mask[part.base : part.end] = chosen[reader.packed]
        return Documents(self.view.count, mask=mask)

    def scores(self, node: Node, documents: Ints) -> Floats:
        """The exact scores of documents (ascending) that match: the sum over the leaves, of those
        parts that match."""
        if isinstance(node, Occurs):
            if not node.scores:
                return np.zeros(len(documents))
            leaf = self.leaf(node)
            try:
                return leaf.scores_at(documents, leaf.counts_at(documents))
            except OutOfTime:
                self.cut_short = True
                return np.zeros(len(documents))
        total = np.zeros(len(documents))
        if isinstance(node, Group | Either):
            children = (*node.required, *node.wanted) if isinstance(node, Group) else node.nodes
            for child in children:
                if isinstance(child, Group):
                    at = np.flatnonzero(
                        places_in(self.matching(child).as_numbers(), documents) >= 0
                    )
                    total[at] += self.scores(child, documents[at])
                else:
                    total += self.scores(child, documents)
        return total
