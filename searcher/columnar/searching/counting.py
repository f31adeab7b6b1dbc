"""The occurrences of a leaf in one segment.

An occurrence is one int64: the document in the upper 32 bits, the position in the lower 32. So
ascending occurrences are in order of document and position. Documents are ascending numbers in the
segment; terms are numbers in the field's dictionary.

check_time, a parameter of most functions, raises an error when the time is up. All functions raise
FileDamaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import (
    NO_INTS,
    Array,
    Floats,
    Ints,
    distinct,
    ends_of,
    places_in,
    unique,
)
from searcher.columnar.files.position_lists import PositionLists
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.searching.conditions import AnyTerm, Occurs, TermSequence

SHIFT = 32
"""Number of bits of an occurrence that hold the position."""
POSITION = (1 << SHIFT) - 1
"""The bits of an occurrence that hold the position."""


class Counted(NamedTuple):
    """The postings of a leaf in one segment."""

    documents: Ints
    """The documents in which it occurs."""
    counts: Array
    """Its count in each, of any number type: a float where occurrences have weights."""


NO_MATCHES = Counted(NO_INTS, np.empty(0, np.int64))
"""The postings of a leaf that does not occur."""


def term_numbers(postings: FieldPostings, terms: AnyTerm) -> Ints:
    """Return the numbers (ascending) of the terms that are in the segment."""
    found = [number for number in map(postings.dictionary.find, terms) if number >= 0]
    found.sort()
    return np.array(found, np.int64)


def count(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Counted:
    """Return the postings of a leaf, deleted documents included."""
    check_time()
    if leaf.terms is not None:
        return _count_terms(postings, leaf, term_numbers(postings, leaf.terms), check_time)
    starts = (
        _windows(postings, leaf, check_time)
        if leaf.window
        else _sequences(postings, leaf, check_time)
    )
    weights = _weights(postings, leaf, starts, check_time) if leaf.weights else None
    if leaf.start or leaf.end is not None:
        positions = starts & POSITION
        kept = positions >= leaf.start
        if leaf.end is not None:
            kept &= positions < leaf.end
        starts, weights = starts[kept], weights[kept] if weights is not None else None
    return by_document(starts, weights)


def by_document(starts: Ints, weights: Floats | None) -> Counted:
    """Return the sum of the occurrences of each document.

    starts: distinct ascending occurrences.
    weights: weight of each; None for 1 each.
    """
    if not len(starts):
        return NO_MATCHES
    documents = starts >> SHIFT
    first = np.flatnonzero(np.concatenate([[True], documents[1:] != documents[:-1]]))
    if weights is None:
        return Counted(documents[first], np.diff(np.append(first, len(documents))))
    return Counted(documents[first], np.add.reduceat(weights, first))


def _count_terms(
    postings: FieldPostings, leaf: Occurs, numbers: Ints, check_time: Callable[[], None]
) -> Counted:
    """Return the postings of a leaf whose terms are occurrences by themselves: sums of the terms'
    counts. Positions are read only where terms may share them."""
    if not len(numbers):
        return NO_MATCHES
    weights = dict(leaf.weights)
    if len(numbers) == 1 and not weights:
        number = int(numbers[0])
        return Counted(postings.lists.documents(number), postings.lists.counts(number))
    documents, counts, ends = postings.lists.many(numbers)
    if weights:
        each = np.array([weights[postings.dictionary.term(int(number))] for number in numbers])
        counts = counts * np.repeat(each, np.diff(ends))
    order = np.argsort(documents, kind="stable")
    documents = documents[order]
    first = np.concatenate([[True], documents[1:] != documents[:-1]])
    if first.all():
        return Counted(documents, counts[order])
    starts = np.flatnonzero(first)
    found = Counted(documents[starts], np.add.reduceat(counts[order].astype(np.float64), starts))
    if postings.positions is None:
        return found
    shares = postings.positions.shares(numbers)
    if shares.any():
        # Documents that hold two of the terms, perhaps at one position.
        share = np.repeat(shares, np.diff(ends))[order]
        several = np.diff(np.append(starts, len(documents))) > 1
        doubtful = np.logical_or.reduceat(share, starts) & several
        if doubtful.any():
            check_time()
            inside = np.repeat(doubtful, np.diff(np.append(starts, len(documents))))
            held = unique(np.repeat(np.arange(len(numbers)), np.diff(ends))[order][inside])
            doubtful_documents = found.documents[doubtful]
            _recount(
                postings, postings.positions, numbers[held], weights, doubtful_documents, found
            )
    return found


def _recount(
    postings: FieldPostings,
    position_lists: PositionLists,
    numbers: Ints,
    weights: dict[bytes, float],
    documents: Ints,
    found: Counted,
) -> None:
    """Correct the counts in `found` of some documents: each position counts once, with the largest
    weight of its terms."""
    keys, values = [], []
    for number in numbers.tolist():
        places, positions = position_lists.of_term(number, documents)
        keys.append((places << SHIFT) | positions)
        weight = weights.get(postings.dictionary.term(number), 1.0) if weights else 1.0
        values.append(np.full(len(places), weight))
    key, value = np.concatenate(keys), np.concatenate(values)
    order = np.lexsort((-value, key))
    key, value = key[order], value[order]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    totals = np.bincount(key[first] >> SHIFT, value[first], len(documents))
    found.counts[places_in(found.documents, documents)] = totals


def _documents(postings: FieldPostings, numbers: Ints) -> Ints:
    """Return the documents that hold at least one of these terms."""
    if len(numbers) == 1:
        return postings.lists.documents(int(numbers[0]))
    return unique(postings.lists.many(numbers)[0])


def occurrences(postings: FieldPostings, numbers: Ints, documents: Ints) -> Ints:
    """Return the occurrences (ascending, distinct) of any of the terms in these documents."""
    if postings.positions is None:
        return NO_INTS
    found = []
    for number in numbers.tolist():
        places, positions = postings.positions.of_term(number, documents)
        found.append((documents[places] << SHIFT) | positions)
    return united(found)


def occurrences_of(postings: FieldPostings, sets: Sequence[Ints], documents: Ints) -> list[Ints]:
    """Return for each set of terms what `occurrences` returns."""
    if not len(documents) or postings.positions is None:
        return [NO_INTS] * len(sets)
    edges = ends_of(np.array([len(numbers) for numbers in sets]))
    found = [
        (documents[places] << SHIFT) | positions
        for places, positions in postings.positions.of_terms(np.concatenate(sets), documents)
    ]
    return [united(found[start:end]) for start, end in pairwise(edges.tolist())]


def united(found: list[Ints]) -> Ints:
    """Return the occurrences (ascending, distinct) in any of the arrays, each of which is
    ascending."""
    filled = [keys for keys in found if len(keys)]
    if len(filled) < 2:
        return filled[0] if filled else NO_INTS
    keys = np.concatenate(filled)
    keys.sort()
    return distinct(keys)


def _holding_all(postings: FieldPostings, sets: list[Ints], check_time: Callable[[], None]) -> Ints:
    """Return the documents that hold at least one term of each set. Rare sets are read first."""
    sizes = [int(postings.lists.sizes(numbers).sum()) for numbers in sets]
    held: Ints | None = None
    for place in sorted(range(len(sets)), key=sizes.__getitem__):
        check_time()
        numbers = sets[place]
        if held is None:
            held = _documents(postings, numbers)
        elif len(numbers) == 1:
            held = held[postings.lists.places_of(int(numbers[0]), held) >= 0]
        else:
            held = held[places_in(_documents(postings, numbers), held) >= 0]
        if not len(held):
            break
    return held if held is not None else NO_INTS


def _sequences(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Ints:
    """Return the occurrences (ascending, distinct) at which one of the alternatives begins."""
    found = [_sequence(postings, terms, check_time) for terms in leaf.alternatives if terms]
    if len(found) == 1:
        return found[0]
    return unique(np.concatenate(found)) if found else NO_INTS


def _sequence(
    postings: FieldPostings, sequence: TermSequence, check_time: Callable[[], None]
) -> Ints:
    """Return the occurrences (ascending, distinct) at which a sequence begins."""
    sets = [term_numbers(postings, terms) for terms in sequence]
    if not all(map(len, sets)):
        return NO_INTS
    documents = _holding_all(
        postings, list({numbers.tobytes(): numbers for numbers in sets}.values()), check_time
    )
    sizes = [int(postings.lists.sizes(numbers).sum()) for numbers in sets]
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
    """Return the weight of each occurrence: the largest weight of a term at its position."""
    found = np.zeros(len(starts))
    documents = distinct(starts >> SHIFT)
    for term, weight in leaf.weights:
        number = postings.dictionary.find(term)
        if number >= 0:
            check_time()
            at = places_in(starts, occurrences(postings, np.array([number]), documents))
            at = at[at >= 0]
            found[at] = np.maximum(found[at], weight)
    return found


def _windows(postings: FieldPostings, leaf: Occurs, check_time: Callable[[], None]) -> Ints:
    """Return the occurrences (ascending, distinct) of any of the sets at which a matching window
    begins. A window matches if it contains each set as often as the leaf does."""
    (sequence,) = leaf.alternatives
    needed = Counter(sequence)
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
    starts = unique(np.concatenate(list(places.values())))
    for terms, times in needed.items():
        first = np.searchsorted(places[terms], starts)
        behind = np.searchsorted(places[terms], starts + leaf.window)
        starts = starts[behind - first >= times]
    return starts
