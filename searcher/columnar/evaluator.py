"""Queries evaluated on arrays: which documents match, and what they score.

Only what can matter is computed: of a union the best documents are found by upper bounds of what each leaf, and each
block of its postings, can add to a score; the few that remain are scored exactly.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.columnar import sets
from searcher.columnar.arrays import NO_INTS
from searcher.columnar.arrays import Floats
from searcher.columnar.arrays import Ints
from searcher.columnar.arrays import Singles
from searcher.columnar.arrays import places_in
from searcher.columnar.arrays import ranges
from searcher.columnar.counting import NOTHING
from searcher.columnar.counting import Counted
from searcher.columnar.counting import count
from searcher.columnar.counting import term_numbers
from searcher.columnar.nodes import Either
from searcher.columnar.nodes import Group
from searcher.columnar.nodes import Node
from searcher.columnar.nodes import Occurs
from searcher.columnar.nodes import OneOf
from searcher.columnar.nodes import Unknown
from searcher.columnar.nodes import Within
from searcher.columnar.postings import BLOCK
from searcher.columnar.postings import saturation
from searcher.columnar.scoring import K1
from searcher.columnar.scoring import bm25
from searcher.columnar.scoring import idf
from searcher.columnar.sets import Documents
from searcher.columnar.view import Part
from searcher.columnar.view import View

_SLACK = 1e-4
"""Approximate scores are of single precision: what is this close to a bound, as a part of it, is scored exactly."""


class OutOfTime(Exception):
    """The deadline passed while a leaf was counted."""


class Leaf:
    """A leaf of a query on one view, counted when it is first asked for."""

    def __init__(self, view: View, occurs: Occurs, deadline: float | None) -> None:
        self.occurs = occurs
        self._view = view
        self._deadline = deadline
        self._parts: dict[int, Counted] = {}

    def check_time(self) -> None:
        """Raises OutOfTime."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise OutOfTime

    def part(self, number: int) -> Counted:
        """Live documents of one segment, by its own numbers, with their counts. Raises OutOfTime."""
        found = self._parts.get(number)
        if found is None:
            part = self._view.parts[number]
            postings = part.opened.fields.get(self.occurs.field)
            found = count(postings, self.occurs, self.check_time) if postings is not None else NOTHING
            if part.live is not None and len(found.documents):
                kept = part.live[found.documents]
                found = Counted(found.documents[kept], found.counts[kept])
            self._parts[number] = found
        return found

    @cached_property
    def documents(self) -> Ints:
        """All live documents in which the leaf occurs, ascending."""
        parts = [self.part(number).documents + part.base for number, part in enumerate(self._view.parts)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else NO_INTS

    @cached_property
    def _numbers(self) -> list[Ints]:
        """In each segment the numbers of the terms, of a leaf of terms."""
        terms = self.occurs.terms or frozenset()
        fields = (part.opened.fields.get(self.occurs.field) for part in self._view.parts)
        return [term_numbers(postings, terms) if postings is not None else NO_INTS for postings in fields]

    @cached_property
    def frequency(self) -> int:
        """How many live documents hold it."""
        if self.occurs.terms is not None and self._view.live is None and all(len(n) < 2 for n in self._numbers):
            return sum(
                int(part.opened.fields[self.occurs.field].sizes(numbers)[0])
                for part, numbers in zip(self._view.parts, self._numbers, strict=True)
                if len(numbers)
            )
        return len(self.documents)

    @cached_property
    def weight(self) -> float:
        """Its inverse document frequency."""
        return idf(self.frequency, self._view.live_count)

    @property
    def _factor(self) -> float:
        return self.weight * (K1 + 1)

    @cached_property
    def bound(self) -> float:
        """What it adds to a score at most."""
        if self.occurs.terms is None or self.occurs.weights:
            return self._factor
        most = 0.0
        for part, numbers in zip(self._view.parts, self._numbers, strict=True):
            postings = part.opened.fields.get(self.occurs.field)
            if postings is None or not len(numbers):
                continue
            if not postings.has("peaks"):
                return self._factor
            peak = float(postings.peaks[numbers].sum()) / 255
            most = max(most, peak * max(1.0, self._drift(part)))
        return self._factor * min(1.0, most)

    def _drift(self, part: Part) -> float:
        """How the mean length has changed since the bounds of a segment were written."""
        average = part.opened.fields[self.occurs.field].average
        return self._view.average_length / average if average else 1.0

    def _blocks(self, number: int) -> Singles | None:
        """In units of the score, an upper bound for each block of a segment's postings; None if there are no blocks."""
        part, numbers = self._view.parts[number], self._numbers[number]
        if self.occurs.terms is None or self.occurs.weights or part.live is not None or len(numbers) != 1:
            return None
        postings = part.opened.fields[self.occurs.field]
        peaks = postings.block_peaks(int(numbers[0])) if postings.has("block_peaks") else None
        if peaks is None:
            return None
        return peaks.astype(np.float32) * np.float32(self._factor / 255 * max(1.0, self._drift(part)))

    def floor(self, count: int) -> float:
        """A score that at least `count` documents reach by this leaf alone, by the bounds of its blocks; or 0."""
        found = []
        for number, part in enumerate(self._view.parts):
            blocks = self._blocks(number)
            if blocks is not None:
                drift = self._drift(part)
                step = np.float32(self._factor / 255 * max(1.0, drift))
                found.append((blocks - step) * np.float32(min(1.0, drift) / max(1.0, drift)))
        peaks = np.concatenate(found) if found else np.empty(0, np.float32)
        return max(0.0, kth_largest(peaks, count) * (1 - _SLACK))

    def impacts(self, needed: float) -> tuple[Ints, Singles]:
        """Documents and what it adds to their scores, about; those of blocks that add less than `needed` are left
        out."""
        documents, scores = [], []
        for number, part in enumerate(self._view.parts):
            found = self.part(number)
            blocks = self._blocks(number) if needed > 0 else None
            if blocks is not None:
                kept = np.flatnonzero(blocks >= needed)
                if len(kept) < 0.8 * len(blocks):
                    starts = kept * BLOCK
                    at = ranges(starts, np.minimum(BLOCK, len(found.documents) - starts))
                    found = Counted(found.documents[at], found.counts[at])
            if len(found.documents):
                held = found.documents + part.base
                documents.append(held)
                scores.append(saturation(found.counts, self._view.lengths[held], self._view.average_length))
        if not documents:
            return NO_INTS, np.empty(0, np.float32)
        scored = np.concatenate(scores) * np.float32(self._factor)
        return np.concatenate(documents), scored

    def counts_at(self, documents: Ints) -> Floats:
        """Its count in each of these documents (ascending), 0 where it does not occur."""
        counts = np.zeros(len(documents))
        for part, chosen in self._view.split(documents):
            found = self.part(self._view.parts.index(part))
            at = places_in(found.documents, documents[chosen] - part.base)
            held = np.flatnonzero(at >= 0)
            counts[chosen.start + held] = found.counts[at[held]]
        return counts

    def scores_at(self, documents: Ints, counts: Floats) -> Floats:
        """Its exact score in documents with these counts."""
        lengths = self._view.lengths[documents].astype(np.float64)
        average = self._view.average_length or 1.0
        return np.where(counts > 0, bm25(counts, lengths, average, self.weight), 0.0)


def kth_largest(values: Singles, count: int) -> float:
    """The value that `count` of the values reach, or 0 if there are fewer values."""
    if len(values) < count or not count:
        return 0.0
    return float(np.partition(values, len(values) - count)[len(values) - count])


class Evaluator:
    """One query on one view.

    A leaf that is not counted by the deadline (of time.monotonic) is unknown: it matches nothing where that finds
    documents, and everything where that excludes them, so that a search cut short finds a part of the true result.
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
        """The documents that match, dead ones perhaps among them. unknown: what a document is taken to do where there
        was no time to look."""
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
        found = sets.intersection(size, [self.matching(child, unknown) for child in node.required])
        if node.needs_wanted:
            wanted = sets.union(size, [self.matching(child, unknown) for child in node.wanted])
            found = found & wanted if node.required else wanted
        return self.without(found, node, unknown)

    def without(self, found: Documents, node: Group, unknown: bool = False) -> Documents:
        """What is left of `found` without the documents that the group excludes."""
        for child in node.excluded:
            found = found - self.matching(child, not unknown)
        return found

    def holding_all(self, node: Node) -> Documents:
        """The documents that hold everything, the wanted too."""
        size = self.view.count
        if isinstance(node, Group):
            held = sets.intersection(size, [self.holding_all(child) for child in (*node.required, *node.wanted)])
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
        """The exact scores of documents (ascending) that match: the sum over the leaves, of those parts that match."""
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
                    at = np.flatnonzero(places_in(self.matching(child).as_numbers(), documents) >= 0)
                    total[at] += self.scores(child, documents[at])
                else:
                    total += self.scores(child, documents)
        return total

    def best(self, leaves: Sequence[Occurs], count: int, allowed: Documents | None) -> Ints:
        """Documents, ascending, among which are the `count` best of the allowed by the sum of the leaves' scores, and
        all that tie with them. MaxScore (Turtle and Flood 1995), a list at a time, with bounds of blocks. Raises
        OutOfTime."""
        order = sorted((self.leaf(occurs) for occurs in leaves), key=lambda leaf: -leaf.bound)
        mask = allowed.as_mask() if allowed is not None else None
        enough = max((leaf.floor(count) for leaf in order), default=0.0) if mask is None else 0.0
        rest = sum(leaf.bound for leaf in order)
        total = rest
        sums = self.view.scratch()
        touched: list[Ints] = []
        try:
            for place, leaf in enumerate(order):
                if enough * (1 - _SLACK) > rest:
                    return self._refined(sums, touched, order[place:], count, enough)
                documents, scores = leaf.impacts(enough * (1 - _SLACK) - (total - leaf.bound))
                if mask is not None:
                    kept = mask[documents]
                    documents, scores = documents[kept], scores[kept]
                if touched:
                    np.add.at(sums, documents, scores)
                    scores = sums[documents]
                else:
                    sums[documents] = scores
                touched.append(documents)
                enough = max(enough, kth_largest(scores, count))
                rest -= leaf.bound
            return self._refined(sums, touched, [], count, enough)
        finally:
            for documents in touched:
                sums[documents] = 0.0

    def _refined(
        self, sums: Singles, touched: Sequence[Ints], others: Sequence[Leaf], count: int, enough: float
    ) -> Ints:
        """Those of the documents touched that can be among the best when the other leaves are looked up for them."""
        rest = sum(leaf.bound for leaf in others)
        chosen = [held[sums[held] >= (enough - rest) * (1 - _SLACK)] for held in touched]
        documents = chosen[0] if len(chosen) == 1 else np.unique(np.concatenate(chosen)) if chosen else NO_INTS
        scores = sums[documents].astype(np.float64)
        for leaf in others:
            scores += leaf.scores_at(documents, leaf.counts_at(documents))
            rest -= leaf.bound
            enough = max(enough, kth_largest(scores.astype(np.float32), count))
            kept = scores >= (enough - max(rest, 0.0)) * (1 - _SLACK)
            documents, scores = documents[kept], scores[kept]
        return documents
