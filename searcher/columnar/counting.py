"""Where and how often something occurs: a leaf of a query counted in every segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import NO_INTS, Array, Floats, Ints, distinct, ends_of, places_in
from searcher.columnar.nodes import Occurs, Run, TermSet
from searcher.columnar.postings import FieldPostings

SHIFT = 32
"""An occurrence is one number: the document in the upper, the position in the lower 32 bits."""
_POSITION = (1 << SHIFT) - 1


class Counted(NamedTuple):
    """The documents of a segment in which a leaf occurs, ascending, and its count in each."""

    documents: Ints
    counts: Array


NOTHING = Counted(NO_INTS, np.empty(0, np.int64))


def term_numbers(postings: FieldPostings, terms: TermSet) -> Ints:
    """The numbers of those terms that the segment has, ascending."""
    found = [number for number in map(postings.find, terms) if number >= 0]
    found.sort()
    return np.array(found, np.int64)


def count(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Counted:
    """Counts a leaf in one segment, deleted documents included. check_time may raise, to give
    up."""
    check_time()
    if leaf.terms is not None:
        return _count_terms(postings, leaf, term_numbers(postings, leaf.terms), check_time)
    starts = (
        _windows(postings, leaf, check_time) if leaf.window else _runs(postings, leaf, check_time)
    )
    weights = _weights(postings, leaf, starts, check_time) if leaf.weights else None
    if leaf.start or leaf.end is not None:
        positions = starts & _POSITION
        kept = positions >= leaf.start
        if leaf.end is not None:
            kept &= positions < leaf.end
        starts, weights = starts[kept], weights[kept] if weights is not None else None
    return _by_document(starts, weights)


def _by_document(starts: Ints, weights: Floats | None) -> Counted:
    """Distinct occurrences, ascending, summed up for each document."""
    if not len(starts):
        return NOTHING
    documents = starts >> SHIFT
    first = np.flatnonzero(np.concatenate([[True], documents[1:] != documents[:-1]]))
    if weights is None:
        return Counted(documents[first], np.diff(np.append(first, len(documents))))
    return Counted(documents[first], np.add.reduceat(weights, first))


def _count_terms(
    postings: FieldPostings, leaf: Occurs, numbers: Ints, check_time: Callable[[], None]
) -> Counted:
    """Counts from the counts of the terms; positions are looked at only where terms may share
    them."""
    if not len(numbers):
        return NOTHING
    weights = dict(leaf.weights)
    if len(numbers) == 1 and not weights:
        return Counted(postings.documents(int(numbers[0])), postings.counts(int(numbers[0])))
    documents, counts, ends = postings.many(numbers)
    if weights:
        each = np.array([weights[postings.term(int(number))] for number in numbers])
        counts = counts * np.repeat(each, np.diff(ends))
    order = np.argsort(documents, kind="stable")
    documents = documents[order]
    first = np.concatenate([[True], documents[1:] != documents[:-1]])
    if first.all():
        return Counted(documents, counts[order])
    starts = np.flatnonzero(first)
    found = Counted(documents[starts], np.add.reduceat(counts[order].astype(np.float64), starts))
    shares = (
        postings.shares(numbers) if postings.has("positions") else np.zeros(len(numbers), np.bool_)
    )
    if shares.any():
        # Documents that hold two of the terms, of which one may stand where the other does.
        share = np.repeat(shares, np.diff(ends))[order]
        several = np.diff(np.append(starts, len(documents))) > 1
        doubtful = np.logical_or.reduceat(share, starts) & several
        if doubtful.any():
            check_time()
            inside = np.repeat(doubtful, np.diff(np.append(starts, len(documents))))
            held = np.unique(np.repeat(np.arange(len(numbers)), np.diff(ends))[order][inside])
            _recount(postings, numbers[held], weights, found.documents[doubtful], found)
    return found


def _recount(
    postings: FieldPostings,
    numbers: Ints,
    weights: dict[bytes, float],
    documents: Ints,
    found: Counted,
) -> None:
    """Corrects the counts of these documents: each position counts once, as the heaviest of the
    terms there."""
    keys, values = [], []
    for number in numbers.tolist():
        places, positions = postings.positions(number, documents)
        keys.append((places << SHIFT) | positions)
        values.append(
            np.full(len(places), weights.get(postings.term(number), 1.0) if weights else 1.0)
        )
    key, value = np.concatenate(keys), np.concatenate(values)
    order = np.lexsort((-value, key))
    key, value = key[order], value[order]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    totals = np.bincount(key[first] >> SHIFT, value[first], len(documents))
    found.counts[places_in(found.documents, documents)] = totals


def _documents(postings: FieldPostings, numbers: Ints) -> Ints:
    """The documents that hold one of these terms."""
    if len(numbers) == 1:
        return postings.documents(int(numbers[0]))
    return np.unique(postings.many(numbers)[0])


def occurrences(postings: FieldPostings, numbers: Ints, documents: Ints) -> Ints:
    """Where one of the terms stands in these documents (ascending)."""
    found = []
    for number in numbers.tolist():
        places, positions = postings.positions(number, documents)
        found.append((documents[places] << SHIFT) | positions)
    return _united(found)


def occurrences_of(postings: FieldPostings, sets: Sequence[Ints], documents: Ints) -> list[Ints]:
    """For each of these sets of terms where one of them stands in the documents (ascending)."""
    if not len(documents):
        return [NO_INTS] * len(sets)
    edges = ends_of(np.array([len(numbers) for numbers in sets]))
    found = [
        (documents[places] << SHIFT) | positions
        for places, positions in postings.positions_of(np.concatenate(sets), documents)
    ]
    return [_united(found[start:end]) for start, end in pairwise(edges.tolist())]


def _united(found: list[Ints]) -> Ints:
    """The occurrences in any of the lists."""
    filled = [keys for keys in found if len(keys)]
    if len(filled) < 2:
        return filled[0] if filled else NO_INTS
    keys = np.concatenate(filled)
    keys.sort()
    return distinct(keys)


def _holding_all(postings: FieldPostings, sets: list[Ints], check_time: Callable[[], None]) -> Ints:
    """The documents that hold one term of each set, the rarest first."""
    sizes = [int(postings.sizes(numbers).sum()) for numbers in sets]
    held: Ints | None = None
    for place in sorted(range(len(sets)), key=sizes.__getitem__):
        check_time()
        numbers = sets[place]
        if held is None:
            held = _documents(postings, numbers)
        elif len(numbers) == 1:
            held = held[postings.postings_of(int(numbers[0]), held) >= 0]
        else:
            held = held[places_in(_documents(postings, numbers), held) >= 0]
        if not len(held):
            break
    return held if held is not None else NO_INTS


def _runs(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Ints:
    """Where one of the runs begins."""
    found = [_run(postings, run, check_time) for run in leaf.alternatives if run]
    if len(found) == 1:
        return found[0]
    return np.unique(np.concatenate(found)) if found else NO_INTS


def _run(postings: FieldPostings, run: Run, check_time: Callable[[], None]) -> Ints:
    sets = [term_numbers(postings, terms) for terms in run]
    if not all(map(len, sets)):
        return NO_INTS
    documents = _holding_all(
        postings, list({numbers.tobytes(): numbers for numbers in sets}.values()), check_time
    )
    sizes = [int(postings.sizes(numbers).sum()) for numbers in sets]
    starts: Ints | None = None
    for step in sorted(range(len(sets)), key=sizes.__getitem__):
        if not len(documents):
            return NO_INTS
        check_time()
        places = occurrences(postings, sets[step], documents) - step
        starts = places if starts is None else starts[places_in(places, starts) >= 0]
        documents = distinct(starts >> SHIFT)
    return starts if starts is not None else NO_INTS


def _weights(
    postings: FieldPostings, leaf: Occurs, starts: Ints, check_time: Callable[[], None]
) -> Floats:
    """What each occurrence counts: the most that a term at its position does."""
    found = np.zeros(len(starts))
    documents = distinct(starts >> SHIFT)
    for term, weight in leaf.weights:
        number = postings.find(term)
        if number >= 0:
            check_time()
            at = places_in(starts, occurrences(postings, np.array([number]), documents))
            at = at[at >= 0]
            found[at] = np.maximum(found[at], weight)
    return found


def _windows(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Ints:
    """Positions at which one of the words stands and, from there on, a window that holds each as
    often as asked."""
    (run,) = leaf.alternatives
    needed = Counter(run)
    sets = {terms: term_numbers(postings, terms) for terms in needed}
    if not all(map(len, sets.values())):
        return NO_INTS
    documents = _holding_all(postings, list(sets.values()), check_time)
    if not len(documents):
        return NO_INTS
    places = {}
    for terms, numbers in sets.items():
        check_time()
        places[terms] = occurrences(postings, numbers, documents)
    starts = np.unique(np.concatenate(list(places.values())))
    for terms, times in needed.items():
        first = np.searchsorted(places[terms], starts)
        behind = np.searchsorted(places[terms], starts + leaf.window)
        starts = starts[behind - first >= times]
    return starts
