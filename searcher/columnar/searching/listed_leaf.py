"""A leaf of a search that compiled kernels read in all segments at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, distinct, places_in, unique
from searcher.columnar.searching.conditions import AnyTerm, Occurs, TermSequence
from searcher.columnar.searching.counting import NO_MATCHES, POSITION, SHIFT, Counted, by_document
from searcher.columnar.searching.leaf import IndexLeaf
from searcher.columnar.searching.norms import Norms
from searcher.columnar.searching.term_lists import LIST_BYTES, SetLists
from searcher.columnar.searching.view import View

_KEPT = ("lists", "frequency", "weight", "factor")
"""Names of the cached properties that are kept for the searches of a generation."""


class ListedLeaf(IndexLeaf):
    """The same as IndexLeaf, which is its plain reference."""

    def __init__(
        self, view: View, occurs: Occurs, deadline: float | None, norms: Norms | None = None
    ) -> None:
        super().__init__(view, occurs, deadline, norms)
        known = view.known_leaves.of(occurs)
        self._is_known = bool(known)
        self.__dict__.update(known)

    def keep(self) -> None:
        """Keep what was computed for later searches."""
        computed = self.__dict__
        if not self._is_known and "factor" in computed:
            values = {name: computed[name] for name in _KEPT}
            if self.lists is not None:
                size = self.lists.count * LIST_BYTES
            else:
                values["counted"] = self.counted
                size = self.counted.documents.nbytes + self.counted.counts.nbytes
            self._view.known_leaves.keep(self.occurs, values, size)

    @cached_property
    def lists(self) -> SetLists | None:
        """The stored lists of the leaf if no document is in two of them; None if the documents have
        to be counted."""
        terms, field = self.occurs.terms, self.occurs.field
        if terms is None or self.occurs.weights:
            return None
        held = self._view.term_lists.of_any(field, terms)
        return held if self.occurs.disjoint or held.are_apart else None

    @cached_property
    def counted(self) -> Counted:
        """All live documents in which the leaf occurs, ascending, and its count in each
        (float64)."""
        self.check_time()
        if self.lists is not None:
            return _in_order(*_postings(self.lists, np.ones(self.lists.count)))
        terms = self.occurs.terms
        found = None
        if terms is not None:
            found = self._united(self._view.term_lists.of_any(self.occurs.field, terms))
        elif not self.occurs.window:
            found = self._sequences()
        if found is None:
            documents, counts = super().postings()
            found = Counted(documents, counts.astype(np.float64))
        return found

    def _united(self, held: SetLists) -> Counted | None:
        """Return the sums of the counts of all terms; None if two of them that have weights may
        share a position, and a document has them."""
        weights = dict(self.occurs.weights)
        each = np.array([weights[term] if weights else 1.0 for term in held.terms], np.float64)
        documents, counts = _in_order(*_postings(held, each))
        new = np.ones(len(documents), np.bool_)
        new[1:] = documents[1:] != documents[:-1]
        if new.all():
            return Counted(documents, counts)
        first = new.nonzero()[0]
        found = Counted(documents[first], np.add.reduceat(counts, first))
        if held.shares():
            if weights:
                return None
            # Each position counts once, though several terms have it.
            several = np.diff(np.append(first, len(documents))) > 1
            (starts,) = occurrences_of([held], found.documents[several])
            found.counts[several] = by_document(starts, None).counts
        return found

    def _sequences(self) -> Counted:
        """Return the documents in which one of the alternatives occurs."""
        found = []
        for sequence in self.occurs.alternatives:
            self.check_time()
            found.append(self._starts(sequence))
        starts = found[0] if len(found) == 1 else unique(np.concatenate([NO_INTS, *found]))
        starts = self._inside(starts)
        weights = self._weights(starts) if self.occurs.weights and len(starts) else None
        counted = by_document(starts, weights)
        return Counted(counted.documents, counted.counts.astype(np.float64))

    def _starts(self, sequence: TermSequence) -> Ints:
        """Return the occurrences (ascending, distinct) at which a sequence begins."""
        sets = [self._set(terms) for terms in sequence]
        if not sets or not all(held.count for held in sets):
            return NO_INTS
        return kernels.sequences.starts(*placed(sets))

    def _set(self, terms: AnyTerm) -> SetLists:
        return self._view.term_lists.of_any(self.occurs.field, terms)

    def _inside(self, starts: Ints) -> Ints:
        """Return the occurrences between the leaf's first and last position."""
        if not self.occurs.start and self.occurs.end is None:
            return starts
        positions = starts & POSITION
        kept = positions >= self.occurs.start
        if self.occurs.end is not None:
            kept &= positions < self.occurs.end
        return starts[kept]

    def _weights(self, starts: Ints) -> Floats:
        """Return the weight of each occurrence: the largest weight of a term at its position."""
        found = np.zeros(len(starts))
        documents = distinct(starts >> SHIFT)
        sets = [self._set(frozenset((term,))) for term, _ in self.occurs.weights]
        for held, (_, weight) in zip(
            occurrences_of(sets, documents), self.occurs.weights, strict=True
        ):
            at = places_in(starts, held)
            at = at[at >= 0]
            found[at] = np.maximum(found[at], weight)
        return found

    @cached_property
    def documents(self) -> Ints:
        return self.counted.documents

    def holds(self, documents: Ints) -> Bools:
        found: Bools = self.counts_at(documents) > 0
        return found

    @cached_property
    def frequency(self) -> int:
        return self.lists.live_size() if self.lists is not None else len(self.counted.documents)

    @cached_property
    def bound(self) -> float:
        if self.lists is None:
            return self.factor if self.frequency else 0.0
        peaks = self.lists.peaks
        if self._norms.b not in peaks:
            peaks[self._norms.b] = max((leaf.peak for leaf in self.segments), default=0.0)
        return self.factor * peaks[self._norms.b]

    def postings(self) -> tuple[Ints, Floats]:
        return self.counted

    def counts_at(self, documents: Ints) -> Floats:
        self.check_time()
        counts = np.zeros(len(documents))
        if self.lists is not None:
            kernels.postings.add_counts(self.lists.rows(), documents, counts)
            return counts
        places = places_in(self.counted.documents, documents)
        held = places >= 0
        counts[held] = self.counted.counts[places[held]]
        return counts


def _postings(held: SetLists, weights: Floats) -> Counted:
    """Return the live postings of some lists, one after the other. weights: factors of the counts,
    by list."""
    documents, counts = np.empty(held.size, np.int64), np.empty(held.size)
    filled = kernels.postings.postings(held.rows(), weights, documents, counts)
    return Counted(documents[:filled], counts[:filled])


def _in_order(documents: Ints, counts: Floats) -> Counted:
    """Return postings in the order of the documents."""
    if not len(documents):
        return Counted(NO_MATCHES.documents, counts)
    if (documents[1:] >= documents[:-1]).all():
        return Counted(documents, counts)
    order = np.argsort(documents, kind="stable")
    return Counted(documents[order], counts[order])


def placed(sets: Sequence[SetLists]) -> tuple[Ints, Ints]:
    """Return the rows of the lists of some sets with their positions, and the number of lists up to
    the end of each set."""
    rows = np.concatenate([NO_INTS, *(held.placed_rows() for held in sets)])
    return rows, np.array([held.count for held in sets]).cumsum()


def occurrences_of(sets: Sequence[SetLists], documents: Ints) -> list[Ints]:
    """Return for each set of terms its occurrences (ascending, distinct; see `counting`) in these
    documents of the index."""
    found, ends = all_occurrences(sets, documents)
    return [found[start:end] for start, end in pairwise([0, *ends.tolist()])]


def all_occurrences(sets: Sequence[SetLists], documents: Ints) -> tuple[Ints, Ints]:
    """Return what `occurrences_of` returns, set after set, and the end of each."""
    rows, ends = placed(sets)
    set_ends = np.empty(len(sets), np.int64)
    return kernels.postings.occurrences(rows, ends, documents, set_ends), set_ends
