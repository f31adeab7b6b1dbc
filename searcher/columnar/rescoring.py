"""Rescoring: what the best documents by single words gain by pairs of words, by holding all words,
by their first zone, by added words, and by being new.

Documents only gain, so that those that are not rescored stay below those that are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from searcher.columnar import scoring
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, distinct, places_in
from searcher.columnar.counting import SHIFT, occurrences_of, term_numbers
from searcher.columnar.evaluator import Evaluator
from searcher.columnar.leaf import Leaf
from searcher.columnar.nodes import Rescoring, TermSet
from searcher.columnar.postings import FieldPostings
from searcher.columnar.view import Part, View

SAMPLE = 1024
"""A pair of words is counted in all documents of the rarer one, or in so many of them."""
_RUN = 128
"""A sample is taken in runs of neighbours, which are read together."""


class _Word(NamedTuple):
    """A word that is not common: its leaf, the terms that begin and end it, and where these stand
    in the query."""

    leaf: Leaf
    first: TermSet
    last: TermSet
    start: int
    end: int


class _Pair(NamedTuple):
    """Neighbours among the words, by their numbers. gap: from the first's end to the second's
    beginning."""

    left: int
    right: int
    gap: int


@dataclass(slots=True)
class Gains:
    """What rescoring adds to the scores of some documents, by its kind: one number a document."""

    pairs: Floats
    """For neighbouring words that are side by side or near each other."""
    all_words: Floats
    """For holding all words."""
    first_zone: Floats
    """For a first zone that has the words as the query has."""
    added: Floats
    """For the added words."""
    recency: Floats
    """For being new."""

    def total(self) -> Floats:
        """Return the sum of all kinds, one number a document."""
        found: Floats = self.pairs + self.all_words + self.first_zone + self.added + self.recency
        return found

    def by_kind(self) -> list[tuple[str, Floats]]:
        """Return each kind by its name."""
        return [(kind, getattr(self, kind)) for kind in self.__slots__]


@dataclass(slots=True)
class _Counts:
    """What is counted of the pairs: documents with it and occurrences in the documents at hand,
    ordered and near."""

    spread: Floats
    ordered: Floats
    near: Floats


def no_gains(count: int) -> Gains:
    """Return gains of 0 for `count` documents."""
    return Gains(*(np.zeros(count) for _ in range(5)))


def gains(evaluator: Evaluator, rescoring: Rescoring, documents: Ints, scores: Floats) -> Gains:
    """Return what documents gain.

    documents: ascending numbers.
    scores: their scores by single words.

    Raises OutOfTime and FileDamaged.
    """
    view, weights = evaluator.view, rescoring.weights
    found = no_gains(len(documents))
    words = _telling(evaluator, rescoring)
    if words:
        pairs = [
            _Pair(left, left + 1, words[left + 1].start - words[left].end)
            for left in range(len(words) - 1)
            if words[left].last != words[left + 1].first
            and words[left + 1].start - words[left].end < weights.near_window
        ]
        counts, held, titled = _looked_up(view, rescoring, words, pairs, documents)
        lengths = view.lengths[documents].astype(np.float64)
        for count in counts:
            for weight, spread, frequency in (
                (weights.ordered, count.spread[0], count.ordered),
                (weights.near, count.spread[1], count.near),
            ):
                weight *= scoring.idf(round(spread), view.live_count)
                found.pairs += scoring.bm25(frequency, lengths, view.average_length or 1.0, weight)
        total = sum(word.leaf.weight for word in words)
        if len(words) > 1:
            found.all_words += np.where(held, weights.all_words * total, 0.0)
        found.first_zone += np.where(titled, weights.first_zone * total, 0.0)
    for occurs, weight in rescoring.added:
        leaf = evaluator.leaf(occurs)
        found.added += weight * leaf.scores_at(documents, leaf.counts_at(documents))
    if rescoring.half_life:
        dates, dated = view.numbers(rescoring.date, documents)
        ages = (view.newest(rescoring.date) - np.where(dated, dates, 0)).astype(np.float64)
        fresh = np.where(dated, scoring.freshness(np.maximum(ages, 0.0), rescoring.half_life), 0.0)
        found.recency += weights.recency * fresh * (scores + found.total())
    return found


def _telling(evaluator: Evaluator, rescoring: Rescoring) -> list[_Word]:
    """The words that some document holds and that are not common."""
    weights = rescoring.weights
    most = max(weights.common * evaluator.view.live_count, weights.never_common)
    words = []
    for placed in rescoring.words:
        leaf = evaluator.leaf(placed.occurs)
        leaf.check_time()
        if 0 < leaf.frequency <= most:
            run = placed.occurs.alternatives[0]
            words.append(_Word(leaf, run[0], run[-1], placed.start, placed.start + len(run) - 1))
    return words


def _looked_up(
    view: View,
    rescoring: Rescoring,
    words: Sequence[_Word],
    pairs: Sequence[_Pair],
    documents: Ints,
) -> tuple[list[_Counts], Bools, Bools]:
    """What is counted of each pair; which documents hold all the words; and which have them in
    their headlines."""
    segments = [
        _Segment(part, part.opened.fields[rescoring.field])
        for part in view.parts
        if rescoring.field in part.opened.fields
    ]
    first, last = _edges(view, segments, words, documents)
    counts = []
    near_window = rescoring.weights.near_window
    for pair in pairs:
        ordered, near = _pairs(last[pair.left], first[pair.right], pair.gap, near_window)
        spread = np.zeros(2)
        if len(ordered) or len(near):
            spread = _spread(
                view, segments, words[pair.left], words[pair.right], pair.gap, near_window
            )
        counts.append(
            _Counts(spread, _by_document(ordered, documents), _by_document(near, documents))
        )
    return (
        counts,
        _holding(words, first, documents),
        _in_order(words, first, last, rescoring.first_zone_end, documents),
    )


def _edges(
    view: View, segments: Sequence[_Segment], words: Sequence[_Word], documents: Ints
) -> tuple[list[Ints], list[Ints]]:
    """Where each of the words begins, and where it ends, in these documents (ascending) of all
    segments."""
    inside = {part.base: chosen for part, chosen in view.split(documents)}
    firsts: list[list[Ints]] = [[] for _ in words]
    lasts: list[list[Ints]] = [[] for _ in words]
    for segment in segments:
        if segment.base in inside:
            found = segment.edges(words, documents[inside[segment.base]] - segment.base)
            for parts, edges in zip((firsts, lasts), found, strict=True):
                for part, keys in zip(parts, edges, strict=True):
                    part.append(keys + (segment.base << SHIFT))
    first, last = (
        [np.concatenate(part) if len(part) > 1 else part[0] if part else NO_INTS for part in parts]
        for parts in (firsts, lasts)
    )
    return first, last


def _holding(words: Sequence[_Word], first: Sequence[Ints], documents: Ints) -> Bools:
    """Which documents hold all the words."""
    held = np.ones(len(documents), np.bool_)
    for word, begins in zip(words, first, strict=True):
        if word.leaf.occurs.terms is None:
            held &= word.leaf.holds(documents)
        else:
            held &= places_in(distinct(begins >> SHIFT), documents) >= 0
    return held


def _spread(
    view: View,
    segments: Sequence[_Segment],
    left: _Word,
    right: _Word,
    gap: int,
    near_window: int,
) -> Floats:
    """How many documents hold the pair, ordered and near; remembered."""
    key = (left.last, right.first, gap, near_window)
    spread = view.spreads.get(key)
    if spread is None:
        holding = min(left.leaf, right.leaf, key=lambda leaf: leaf.frequency).documents
        sample = holding
        if len(holding) > SAMPLE:
            starts = np.linspace(0, len(holding) - _RUN, SAMPLE // _RUN).astype(np.int64)
            sample = holding[(starts[:, None] + np.arange(_RUN)).ravel()]
        first, last = _edges(view, segments, (left, right), sample)
        held = [
            len(distinct(starts >> SHIFT)) for starts in _pairs(last[0], first[1], gap, near_window)
        ]
        spread = np.array(held) * (len(holding) / max(len(sample), 1))
        view.spreads.keep(key, spread)
    return spread


class _Segment:
    """The words in one segment; documents are numbered as there, and ascending."""

    def __init__(self, part: Part, postings: FieldPostings) -> None:
        self.base = part.base
        self._postings = postings

    def edges(self, words: Sequence[_Word], documents: Ints) -> tuple[list[Ints], list[Ints]]:
        """Where each of the words begins, and where it ends, in the documents."""
        long = [word for word in words if word.end > word.start]
        sets = [term_numbers(self._postings, word.first) for word in words]
        sets += [term_numbers(self._postings, word.last) for word in long]
        found = occurrences_of(self._postings, sets, documents)
        ends = iter(found[len(words) :])
        first = found[: len(words)]
        return first, [
            next(ends) if word.end > word.start else one
            for word, one in zip(words, first, strict=True)
        ]


def _by_document(starts: Ints, documents: Ints) -> Floats:
    """How many of the occurrences are in each document."""
    found: Floats = np.bincount(
        places_in(documents, starts >> SHIFT), minlength=len(documents)
    ).astype(np.float64)
    return found


def _in_order(
    words: Sequence[_Word], first: Sequence[Ints], last: Sequence[Ints], body: int, documents: Ints
) -> Bools:
    """Which documents have the words in their headlines as they stand in the query."""
    starts = _titled(first[0], body)
    for word, begins, ends in zip(words, first, last, strict=True):
        for found, place in ((begins, word.start), (ends, word.end)) if len(starts) else ():
            inside = _titled(found, body) - (place - words[0].start)
            starts = starts[places_in(inside[inside >= 0], starts) >= 0]
    return places_in(distinct(starts >> SHIFT), documents) >= 0


def _titled(starts: Ints, body: int) -> Ints:
    """Those of the places that are in a headline."""
    found: Ints = starts[(starts & ((1 << SHIFT) - 1)) < body]
    return found


def _pairs(left: Ints, right: Ints, gap: int, near_window: int) -> tuple[Ints, Ints]:
    """Where two words stand as in the query; and where one of them stands with the other not before
    it and within `near_window` positions."""
    if not len(left) or not len(right):
        return NO_INTS, NO_INTS
    ordered = left[places_in(right, left + gap) >= 0]
    starts = np.concatenate([left, right])
    starts.sort()
    starts = distinct(starts)
    for places in (left, right):
        at = np.searchsorted(places, starts)
        at[at == len(places)] = len(places) - 1
        starts = starts[(places[at] >= starts) & (places[at] < starts + near_window)]
    return ordered, starts
