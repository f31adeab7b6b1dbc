"""A leaf of a query: where it occurs, and what it can add to a score at most."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from searcher.columnar import constants
from searcher.columnar.arrays import NO_INTS, Array, Bools, Floats, Ints, Singles, places_in, ranges
from searcher.columnar.counting import Counted, count
from searcher.columnar.lists import BLOCK
from searcher.columnar.nodes import Occurs
from searcher.columnar.postings import FieldPostings
from searcher.columnar.scoring import bm25, idf, saturation
from searcher.columnar.view import Part, View

SLACK = 1e-4
"""Approximate scores are of single precision: what is this close to a bound, as a part of it, is
scored exactly."""
_MOST_BLOCKS = 0.8
"""When more of the blocks are needed, all of the postings are taken: that is faster than
choosing."""


class OutOfTime(Exception):
    """The deadline passed while a leaf was counted."""


class Run:
    """Postings of one segment in which a leaf occurs, in order of documents.

    size: how many. peak: the most that K1 + 1 and the leaf's weight can be multiplied with in one
    of them.
    """

    __slots__ = ("_bounded", "_counted", "_number", "_postings", "_view", "part", "peak", "size")

    def __init__(
        self, view: View, part: Part, postings: FieldPostings, number: int, counted: Counted | None
    ) -> None:
        """counted: the postings, if they are not those of the term with this number."""
        self.part = part
        self._bounded = (
            number >= 0 and postings.peaks is not None and view.has_bounds(part, postings)
        )
        self._view = view
        self._postings = postings
        self._number = number
        self._counted = counted
        self.peak = 1.0
        if counted is None and part.live is None:
            self.size = postings.size(number)
        else:
            self.size = len(self.counted().documents)
        if self._bounded and postings.peaks is not None:
            self.peak = min(1.0, postings.peaks[number] / 255 * max(1.0, self.drift()))

    def counted(self) -> Counted:
        """Live documents, by the segment's numbers, with their counts."""
        found = self._counted
        if found is None:
            found = Counted(
                self._postings.documents(self._number), self._postings.counts(self._number)
            )
            if self.part.live is not None:
                kept = self.part.live[found.documents]
                found = Counted(found.documents[kept], found.counts[kept])
            self._counted = found
        return found

    def places(self, documents: Ints) -> Ints:
        """For each of these documents (ascending, by the segment's numbers) its place among the
        postings, or -1."""
        if self._counted is None and self.part.live is None:
            return self._postings.postings_of(self._number, documents)
        return places_in(self.counted().documents, documents)

    def counts_at(self, places: Ints) -> Array:
        """The counts of these postings."""
        if self._counted is None and self.part.live is None:
            return self._postings.counts_at(self._number, places)
        return self.counted().counts[places]

    def drift(self) -> float:
        """How the mean length has changed since the bounds of the segment were written."""
        average = self._postings.average
        return self._view.average_length / average if average else 1.0

    def blocks(self) -> Singles | None:
        """As `peak`, for each block of the postings; None if they have no blocks."""
        if not self._bounded or self.part.live is not None or self.size < 2 * BLOCK:
            return None
        peaks = self._postings.block_peaks(self._number)
        return (
            peaks.astype(np.float32) * np.float32(max(1.0, self.drift()) / 255)
            if peaks is not None
            else None
        )

    def floors(self, blocks: Singles) -> Singles:
        """What at least one posting of each block reaches, where `blocks` is what none exceeds."""
        drift = self.drift()
        step = np.float32(max(1.0, drift) / 255)
        floors: Singles = (blocks - step) * np.float32(min(1.0, drift) / max(1.0, drift))
        return floors


class Leaf:
    """A leaf of a query on one view, counted when it is first asked for."""

    def __init__(self, view: View, occurs: Occurs, deadline: float | None) -> None:
        self.occurs = occurs
        self._view = view
        self._deadline = deadline

    def check_time(self) -> None:
        """Raises OutOfTime."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise OutOfTime

    @cached_property
    def runs(self) -> list[Run]:
        """Its postings, segment by segment; those of one segment have no document in common. Raises
        OutOfTime."""
        found: list[Run] = []
        for part in self._view.parts:
            postings = part.opened.fields.get(self.occurs.field)
            if postings is not None:
                found.extend(self._runs_of(part, postings))
        return found

    def _runs_of(self, part: Part, postings: FieldPostings) -> Iterator[Run]:
        terms = self.occurs.terms
        if terms is not None and not self.occurs.weights:
            numbers = [number for number in map(postings.find, terms) if number >= 0]
            if self.occurs.disjoint or len(numbers) < 2:
                yield from (Run(self._view, part, postings, number, None) for number in numbers)
                return
        counted = count(postings, self.occurs, self.check_time)
        if part.live is not None:
            kept = part.live[counted.documents]
            counted = Counted(counted.documents[kept], counted.counts[kept])
        yield Run(self._view, part, postings, -1, counted)

    @cached_property
    def documents(self) -> Ints:
        """All live documents in which it occurs, ascending."""
        self.check_time()
        parts: list[Ints] = []
        sorted_to = -1
        ascending = True
        for run in self.runs:
            ascending = ascending and run.part.base > sorted_to
            sorted_to = run.part.base
            parts.append(run.counted().documents + run.part.base)
        if len(parts) < 2:
            return parts[0] if parts else NO_INTS
        found = np.concatenate(parts)
        if not ascending:
            found.sort(kind="stable")
        return found

    def holds(self, documents: Ints) -> Bools:
        """In which of these documents (ascending) it occurs."""
        self.check_time()
        found = np.zeros(len(documents), np.bool_)
        for run, chosen in self._split(documents):
            found[chosen] |= run.places(documents[chosen] - run.part.base) >= 0
        return found

    def _split(self, documents: Ints) -> Iterator[tuple[Run, slice]]:
        """The runs in segments that hold some of `documents` (ascending), and which of them these
        are."""
        if len(self._view.parts) == 1:
            yield from ((run, slice(0, len(documents))) for run in self.runs)
            return
        inside = {part.base: chosen for part, chosen in self._view.split(documents)}
        for run in self.runs:
            if run.part.base in inside:
                yield run, inside[run.part.base]

    @cached_property
    def frequency(self) -> int:
        """How many live documents hold it."""
        return sum(run.size for run in self.runs)

    @cached_property
    def weight(self) -> float:
        """Its inverse document frequency."""
        return idf(self.frequency, self._view.live_count)

    @cached_property
    def factor(self) -> float:
        """What a saturation is multiplied with to make a score."""
        return self.weight * (constants.K1 + 1)

    @cached_property
    def bound(self) -> float:
        """What it adds to a score at most."""
        return self.factor * max((run.peak for run in self.runs), default=0.0)

    def floor(self, count: int) -> float:
        """A score that at least `count` documents reach by this leaf alone, by the bounds of its
        blocks; or 0."""
        found = [run.floors(blocks) for run in self.runs if (blocks := run.blocks()) is not None]
        if not found:
            return 0.0
        floors = np.concatenate(found) if len(found) > 1 else found[0]
        return max(0.0, kth_largest(floors, count) * self.factor * (1 - SLACK))

    def postings(self) -> tuple[Ints, Array]:
        """All live documents in which it occurs, and its count in each."""
        self.check_time()
        found = [(run.counted(), run.part.base) for run in self.runs]
        if not found:
            return NO_INTS, NO_INTS
        documents = [counted.documents + base for counted, base in found]
        return np.concatenate(documents), np.concatenate([counted.counts for counted, _ in found])

    def impacts(self, needed: float) -> tuple[Ints, Singles]:
        """Documents and what it adds to their scores, about; those of blocks that add less than
        `needed` are left out."""
        self.check_time()
        documents, counts = [], []
        for run in self.runs:
            if run.peak * self.factor < needed or not run.size:
                continue
            found = run.counted()
            blocks = run.blocks() if needed > 0 else None
            if blocks is not None:
                kept = (blocks >= needed / self.factor).nonzero()[0]
                if len(kept) < _MOST_BLOCKS * len(blocks):
                    starts = kept * BLOCK
                    at = ranges(starts, np.minimum(BLOCK, len(found.documents) - starts))
                    found = Counted(found.documents[at], found.counts[at])
            documents.append(found.documents + run.part.base if run.part.base else found.documents)
            counts.append(found.counts)
        if not documents:
            return NO_INTS, np.empty(0, np.float32)
        held = documents[0] if len(documents) == 1 else np.concatenate(documents)
        times = counts[0] if len(counts) == 1 else np.concatenate(counts)
        scores = saturation(times, self._view.lengths[held], self._view.average_length)
        scores *= np.float32(self.factor)
        return held, scores

    def counts_at(self, documents: Ints) -> Floats:
        """Its count in each of these documents (ascending), 0 where it does not occur."""
        self.check_time()
        counts = np.zeros(len(documents))
        for run, chosen in self._split(documents):
            at = run.places(documents[chosen] - run.part.base)
            held = (at >= 0).nonzero()[0]
            if len(held):
                counts[chosen.start + held] = run.counts_at(at[held])
        return counts

    def scores_at(self, documents: Ints, counts: Floats) -> Floats:
        """Its exact score in documents with these counts."""
        lengths = self._view.lengths[documents].astype(np.float64)
        return bm25(counts, lengths, self._view.average_length or 1.0, self.weight)


def kth_largest(values: Singles | Floats, count: int) -> float:
    """The value that `count` of the values reach, or 0 if there are fewer values."""
    if len(values) < count or not count:
        return 0.0
    return float(np.partition(values, len(values) - count)[len(values) - count])
