"""A leaf of a search: its occurrences in the index, and the maximum that it adds to a score."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from searcher.columnar import constants
from searcher.columnar.arrays import NO_INTS, Array, Bools, Floats, Ints, Singles, places_in, ranges
from searcher.columnar.files.bounds import PEAK_SCALE
from searcher.columnar.files.lists import BLOCK
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.scoring import bm25, idf
from searcher.columnar.searching.conditions import Occurs
from searcher.columnar.searching.counting import Counted, count
from searcher.columnar.searching.norms import Norms, norms_of
from searcher.columnar.searching.term_lists import TermList
from searcher.columnar.searching.view import View

SLACK = 1e-4
"""Part of a score. Scores of single precision that are this close to a bound are computed again in
double precision. It is far larger than the error of single precision (6e-8 for each step), so no
document is lost. Larger costs time."""
_MOST_BLOCKS = 0.8
"""Part of the blocks of a list. If more blocks are needed, all postings are read, which is then
faster."""


class OutOfTime(Exception):
    """The deadline passed before a leaf was counted."""


class SegmentLeaf:
    """The postings of one segment in which a leaf occurs, in order of documents.

    Places are indices into these postings. Documents are ascending numbers in the segment.
    """

    __slots__ = ("_counted", "_list", "_lists", "_norms", "_postings", "_view", "part")

    def __init__(
        self,
        view: View,
        part: Part,
        postings: FieldPostings,
        held: TermList | Counted,
        norms: Norms,
    ) -> None:
        """held: the list of one term, or the postings of what else occurs."""
        self.part = part
        self._view = view
        self._norms = norms
        self._postings = postings
        self._lists = postings.lists
        self._list = held if isinstance(held, TermList) else None
        self._counted = held if isinstance(held, Counted) else None

    @property
    def size(self) -> int:
        """The number of live documents."""
        if self._list is not None and self.part.live is None:
            return self._list.size
        return len(self.counted().documents)

    @property
    def peak(self) -> float:
        """Upper bound of the saturation of all postings."""
        peaks = self._postings.bounds.peaks
        if self._list is None or peaks is None or not self._has_bounds():
            return 1.0
        return min(1.0, peaks[self._list.number] / PEAK_SCALE * self._drift()[1])

    def _has_bounds(self) -> bool:
        """Return whether the stored bounds of the field are valid."""
        return self._view.has_bounds(self.part, self._postings)

    def counted(self) -> Counted:
        """Return the live documents and their counts."""
        found = self._counted
        if found is None:
            assert self._list is not None
            number = self._list.number
            found = Counted(self._lists.documents(number), self._lists.counts(number))
            if self.part.live is not None:
                kept = self.part.live[found.documents]
                found = Counted(found.documents[kept], found.counts[kept])
            self._counted = found
        return found

    def stored(self) -> TermList | None:
        """Return the list of the leaf as it is stored; None if the leaf is not one list or was
        counted already."""
        return self._list if self._counted is None else None

    def places(self, documents: Ints) -> Ints:
        """Return for each document its place among the postings, or -1."""
        if self._list is not None and self._counted is None:
            return self._lists.places_of(self._list.number, documents)
        return places_in(self.counted().documents, documents)

    def add_counts(self, documents: Ints, found: Floats) -> None:
        """Add to `found` the count in each of these documents of the index."""
        stored = self.stored()
        places = self.places(documents - self.part.base)
        held = (places >= 0).nonzero()[0]
        if not len(held):
            return
        if stored is not None:
            found[held] += self._lists.counts_at(stored.number, places[held])
        else:
            found[held] += self.counted().counts[places[held]]

    def _drift(self) -> tuple[float, float]:
        """Return as `Norms.drift` for the bounds of the field."""
        return self._norms.drift(self._postings.bounds.average)

    def block_peaks(self) -> Singles | None:
        """Return upper bounds of the saturations in each block of postings; None if there are no
        blocks."""
        if self._list is None or self.part.live is not None or self.size < 2 * BLOCK:
            return None
        if not self._has_bounds():
            return None
        peaks = self._postings.block_peaks(self._list.number)
        if peaks is None:
            return None
        return peaks.astype(np.float32) * np.float32(self._drift()[1] / PEAK_SCALE)

    def block_floors(self, peaks: Singles) -> Singles:
        """Return saturations that at least one posting of each block reaches.

        peaks: as `block_peaks` returns them. They were rounded up by less than one step.
        """
        least, most = self._drift()
        floors: Singles = (peaks - np.float32(most / PEAK_SCALE)) * np.float32(least / most)
        return floors


class IndexLeaf:
    """A leaf in all segments of an index. It is counted when it is first used.

    Documents are ascending numbers in the index (int64). All methods raise OutOfTime, if the
    deadline has passed, and FileDamaged.
    """

    def __init__(
        self, view: View, occurs: Occurs, deadline: float | None, norms: Norms | None = None
    ) -> None:
        """deadline: of time.monotonic, in seconds; None if there is none. norms: those of scores;
        None for the b of `constants`."""
        self.occurs = occurs
        self._view = view
        self._norms = norms or norms_of(view, constants.B)
        self._deadline = deadline

    def keep(self) -> None:
        """Keep for later searches what was computed; nothing here."""

    def check_time(self) -> None:
        """Raise OutOfTime if the deadline has passed."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise OutOfTime

    @cached_property
    def segments(self) -> list[SegmentLeaf]:
        """The leaf in each segment. A segment is repeated for each term if no document contains two
        of the terms."""
        terms, field = self.occurs.terms, self.occurs.field
        if terms is not None and not self.occurs.weights:
            held = self._view.term_lists.of_any(field, terms)
            if self.occurs.disjoint or held.are_apart:
                return [
                    SegmentLeaf(self._view, one.part, one.postings, one, self._norms)
                    for one in held.lists
                ]
        return [
            self._in_segment(part, postings)
            for part in self._view.parts
            if (postings := part.opened.fields.get(field)) is not None
        ]

    def _in_segment(self, part: Part, postings: FieldPostings) -> SegmentLeaf:
        counted = count(postings, self.occurs, self.check_time)
        if part.live is not None:
            kept = part.live[counted.documents]
            counted = Counted(counted.documents[kept], counted.counts[kept])
        return SegmentLeaf(self._view, part, postings, counted, self._norms)

    @cached_property
    def documents(self) -> Ints:
        """All live documents in which the leaf occurs."""
        self.check_time()
        found = [leaf.counted().documents + leaf.part.base for leaf in self.segments]
        if len(found) < 2:
            return found[0] if found else NO_INTS
        documents = np.concatenate(found)
        bases = [leaf.part.base for leaf in self.segments]
        if len(set(bases)) < len(bases):
            documents.sort(kind="stable")
        return documents

    def holds(self, documents: Ints) -> Bools:
        """Return for each document whether the leaf occurs in it."""
        self.check_time()
        found = np.zeros(len(documents), np.bool_)
        for leaf, chosen in self._split(documents):
            found[chosen] |= leaf.places(documents[chosen] - leaf.part.base) >= 0
        return found

    def _split(self, documents: Ints) -> Iterator[tuple[SegmentLeaf, slice]]:
        """Yield the leaf in each segment that holds some of the documents, with the slice of
        `documents` that the segment holds."""
        if len(self._view.parts) == 1:
            yield from ((leaf, slice(0, len(documents))) for leaf in self.segments)
            return
        inside = {part.base: chosen for part, chosen in self._view.split(documents)}
        for leaf in self.segments:
            if leaf.part.base in inside:
                yield leaf, inside[leaf.part.base]

    @cached_property
    def frequency(self) -> int:
        """The document frequency: the number of live documents in which the leaf occurs."""
        return sum(leaf.size for leaf in self.segments)

    @cached_property
    def weight(self) -> float:
        """The inverse document frequency, times the factor of the leaf."""
        return idf(self.frequency, self._view.live_count) * self.occurs.factor

    @cached_property
    def factor(self) -> float:
        """The factor from a saturation to a score."""
        return self.weight * (constants.K1 + 1)

    @cached_property
    def bound(self) -> float:
        """Upper bound of the leaf's scores."""
        return self.factor * max((leaf.peak for leaf in self.segments), default=0.0)

    def floor(self, count: int) -> float:
        """Return a score that at least `count` documents reach by this leaf alone, by the bounds of
        its blocks; 0 if none is known."""
        found = [
            leaf.block_floors(peaks)
            for leaf in self.segments
            if (peaks := leaf.block_peaks()) is not None
        ]
        if not found:
            return 0.0
        floors = np.concatenate(found) if len(found) > 1 else found[0]
        return max(0.0, kth_largest(floors, count) * self.factor * (1 - SLACK))

    def postings(self) -> tuple[Ints, Array]:
        """Return all live documents in which the leaf occurs, segment by segment, and the count in
        each."""
        self.check_time()
        found = [(leaf.counted(), leaf.part.base) for leaf in self.segments]
        if not found:
            return NO_INTS, NO_INTS
        documents = [counted.documents + base for counted, base in found]
        return np.concatenate(documents), np.concatenate([counted.counts for counted, _ in found])

    def impacts(self, needed: float) -> tuple[Ints, Singles]:
        """Return documents and their scores by the leaf, in single precision. Blocks of postings
        that add less than `needed` are skipped."""
        self.check_time()
        documents, counts = [], []
        for leaf in self.segments:
            if leaf.peak * self.factor < needed or not leaf.size:
                continue
            found = leaf.counted()
            peaks = leaf.block_peaks() if needed > 0 else None
            if peaks is not None:
                kept = (peaks >= needed / self.factor).nonzero()[0]
                if len(kept) < _MOST_BLOCKS * len(peaks):
                    starts = kept * BLOCK
                    at = ranges(starts, np.minimum(BLOCK, len(found.documents) - starts))
                    found = Counted(found.documents[at], found.counts[at])
            base = leaf.part.base
            documents.append(found.documents + base if base else found.documents)
            counts.append(found.counts)
        if not documents:
            return NO_INTS, np.empty(0, np.float32)
        held = documents[0] if len(documents) == 1 else np.concatenate(documents)
        times = counts[0] if len(counts) == 1 else np.concatenate(counts)
        scores: Singles = times.astype(np.float32)
        scores /= scores + self._norms.of(held).astype(np.float32)
        scores *= np.float32(self.factor)
        return held, scores

    def counts_at(self, documents: Ints) -> Floats:
        """Return the leaf's count in each document, 0 where it does not occur."""
        self.check_time()
        counts = np.zeros(len(documents))
        for leaf, chosen in self._split(documents):
            leaf.add_counts(documents[chosen], counts[chosen])
        return counts

    def scores_at(self, documents: Ints, counts: Floats) -> Floats:
        """Return the leaf's exact score in each document, given its count there."""
        return bm25(counts, self._norms.of(documents), self.weight)


def kth_largest(values: Singles | Floats, count: int) -> float:
    """Return the largest value that at least `count` of the values reach, or 0 if there are fewer
    values."""
    if len(values) < count or not count:
        return 0.0
    return float(np.partition(values, len(values) - count)[len(values) - count])
