"""Rescoring: extra score for the best documents, for word pairs, all words, the first zone (the
headline) and recency.

Extra score is never negative, so documents that are not rescored stay below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from searcher import kernels
from searcher.columnar import constants, scoring
from searcher.columnar.arrays import Bools, Floats, Ints
from searcher.columnar.searching import listed_leaf
from searcher.columnar.searching.conditions import AnyTerm, Rescoring
from searcher.columnar.searching.counting import SHIFT, occurrences_of, term_numbers, united
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf import IndexLeaf
from searcher.columnar.searching.norms import Norms
from searcher.columnar.searching.proximity import count_pairs, in_order, keep_holding
from searcher.columnar.searching.view import View

SAMPLE = 1024
"""Maximum number of documents in which a pair of words is counted to estimate its document
frequency. Larger makes the estimate better, and the first search for a pair slower."""
_SAMPLE_STRETCH = 128
"""Number of neighbouring documents in each part of a sample. They are read together. SAMPLE is a
multiple of it."""


class _Word(NamedTuple):
    """A word of the query that counts for rescoring."""

    leaf: IndexLeaf
    """Its leaf."""
    first: AnyTerm
    """The terms that begin it."""
    last: AnyTerm
    """The terms that end it."""
    start: int
    """The position in the query of its first term."""
    end: int
    """The position in the query of its last term."""


class _Pair(NamedTuple):
    """Two neighbours among the words."""

    left: int
    """The number of the first word."""
    right: int
    """The number of the second word."""
    gap: int
    """Positions from the end of the first word to the beginning of the second."""


@dataclass(slots=True)
class Gains:
    """Scores that rescoring adds to some documents, by kind: one number per document."""

    pairs: Floats
    """Scores of neighbouring query words that are side by side or near each other."""
    all_words: Floats
    """Scores of documents that contain all words."""
    first_zone: Floats
    """Scores of documents whose first zone has the words in the query's order and distances."""
    recency: Floats
    """Scores of recency."""

    def total(self) -> Floats:
        """Return the sum of all kinds, one number a document."""
        found: Floats = self.pairs + self.all_words + self.first_zone + self.recency
        return found

    def by_kind(self) -> list[tuple[str, Floats]]:
        """Return each kind by its name."""
        return [(kind, getattr(self, kind)) for kind in self.__slots__]


@dataclass(slots=True)
class _Counts:
    """The frequencies of a pair, as it is ordered in the query and as its words are near."""

    documents: Floats
    """Document frequency of the ordered and of the near pair: two numbers."""
    ordered: Floats
    """Occurrences of the ordered pair, one number a document."""
    near: Floats
    """Occurrences of the near pair, one number a document."""


def no_gains(count: int) -> Gains:
    """Return gains of 0 for `count` documents."""
    return Gains(*(np.zeros(count) for _ in range(4)))


def gains(evaluator: Evaluator, rescoring: Rescoring, documents: Ints, scores: Floats) -> Gains:
    """Return the gains of documents.

    documents: ascending numbers.
    scores: their scores by single words.

    Raises OutOfTime and FileDamaged.
    """
    view, weights = evaluator.view, rescoring.weights
    found = no_gains(len(documents))
    words = _counting_words(evaluator, rescoring)
    if words:
        pairs = [
            _Pair(left, left + 1, words[left + 1].start - words[left].end)
            for left in range(len(words) - 1)
            if words[left].last != words[left + 1].first
            and words[left + 1].start - words[left].end < weights.near_window
        ]
        counts, held, in_first_zone = _looked_up(view, rescoring, words, pairs, documents)
        for count in counts:
            for weight, matching, frequency in (
                (weights.ordered, count.documents[0], count.ordered),
                (weights.near, count.documents[1], count.near),
            ):
                weight *= scoring.idf(round(matching), view.live_count)
                _add_scores(evaluator.norms, documents, frequency, weight, found.pairs)
        total = sum(word.leaf.weight for word in words)
        if len(words) > 1:
            found.all_words += np.where(held, weights.all_words * total, 0.0)
        found.first_zone += np.where(in_first_zone, weights.first_zone * total, 0.0)
    if rescoring.half_life:
        dates, dated = view.numbers(rescoring.date, documents)
        ages = (view.newest(rescoring.date) - np.where(dated, dates, 0)).astype(np.float64)
        fresh = np.where(dated, scoring.freshness(np.maximum(ages, 0.0), rescoring.half_life), 0.0)
        found.recency += weights.recency * fresh * (scores + found.total())
    return found


def _add_scores(
    norms: Norms, documents: Ints, frequencies: Floats, weight: float, found: Floats
) -> None:
    """Add to `found` the BM25 scores of a pair with these frequencies in the documents."""
    if kernels.loaded:
        factor = weight * (constants.K1 + 1)
        kernels.proximity.add_scores(frequencies, documents, *norms.arrays, factor, found)
        return
    found += scoring.bm25(frequencies, norms.of(documents), weight)


def _counting_words(evaluator: Evaluator, rescoring: Rescoring) -> list[_Word]:
    """Return the words that occur in the index and are not common."""
    weights = rescoring.weights
    most = max(weights.common * evaluator.view.live_count, weights.never_common)
    words = []
    for placed in rescoring.words:
        leaf = evaluator.leaf(placed.occurs)
        leaf.check_time()
        if 0 < leaf.frequency <= most:
            terms = placed.occurs.alternatives[0]
            end = placed.start + len(terms) - 1
            words.append(_Word(leaf, terms[0], terms[-1], placed.start, end))
    return words


def _looked_up(
    view: View,
    rescoring: Rescoring,
    words: Sequence[_Word],
    pairs: Sequence[_Pair],
    documents: Ints,
) -> tuple[list[_Counts], Bools, Bools]:
    """Return the counts of each pair, and for each document whether it holds all words, and whether
    it has them in its first zone."""
    compare = _compared if kernels.loaded else _plainly_compared
    occurring, held, in_zone = compare(view, rescoring, words, pairs, documents)
    near_window = rescoring.weights.near_window
    counts = []
    for pair, (ordered, near) in zip(pairs, occurring, strict=True):
        if ordered.any() or near.any():
            frequencies = _pair_frequencies(
                view, rescoring.field, words[pair.left], words[pair.right], pair.gap, near_window
            )
            counts.append(_Counts(frequencies, ordered, near))
    for word in words:
        if word.leaf.occurs.terms is None:
            held &= word.leaf.holds(documents)
    return counts, held, in_zone


def _compared(
    view: View,
    rescoring: Rescoring,
    words: Sequence[_Word],
    pairs: Sequence[_Pair],
    documents: Ints,
) -> tuple[list[tuple[Floats, Floats]], Bools, Bools]:
    """Return the counts of each pair in order and near each other, and as `_looked_up`, where only
    words of one term need be held."""
    numbers: dict[AnyTerm, int] = {}
    placed: list[int] = []
    for word in words:
        first = numbers.setdefault(word.first, len(numbers))
        last = numbers.setdefault(word.last, len(numbers))
        alone = word.leaf.occurs.terms is not None
        placed.extend((first, last, word.start, word.end, alone))
    lists = [view.term_lists.of_any(rescoring.field, terms) for terms in numbers]
    found, ends = listed_leaf.all_occurrences(lists, documents)
    count = len(documents)
    ordered, near = np.empty((len(pairs), count)), np.empty((len(pairs), count))
    held, in_zone = np.ones(count, np.bool_), np.empty(count, np.bool_)
    kernels.proximity.compare(
        found,
        ends,
        np.array(placed, np.int64),
        np.array(pairs, np.int64).ravel(),
        rescoring.weights.near_window,
        rescoring.first_zone_end,
        documents,
        ordered.ravel(),
        near.ravel(),
        held,
        in_zone,
    )
    return list(zip(ordered, near, strict=True)), held, in_zone


def _plainly_compared(
    view: View,
    rescoring: Rescoring,
    words: Sequence[_Word],
    pairs: Sequence[_Pair],
    documents: Ints,
) -> tuple[list[tuple[Floats, Floats]], Bools, Bools]:
    """The same as `_compared`."""
    first, last = _edges(view, rescoring.field, words, documents)
    counts = [
        count_pairs(
            last[pair.left],
            first[pair.right],
            pair.gap,
            rescoring.weights.near_window,
            documents,
        )
        for pair in pairs
    ]
    held = np.ones(len(documents), np.bool_)
    for word, begins in zip(words, first, strict=True):
        if word.leaf.occurs.terms is not None:
            keep_holding(begins, documents, held)
    placed = _placed(words, first, last)
    return counts, held, in_order(placed, rescoring.first_zone_end, documents)


def _edges(
    view: View, field: str, words: Sequence[_Word], documents: Ints
) -> tuple[list[Ints], list[Ints]]:
    """Return for each word the occurrences (see `counting`) of its first and of its last terms in
    these documents. All documents are numbers in the index here."""
    sets = list(dict.fromkeys(terms for word in words for terms in (word.first, word.last)))
    if kernels.loaded:
        lists = [view.term_lists.of_any(field, terms) for terms in sets]
        all_of = dict(zip(sets, listed_leaf.occurrences_of(lists, documents), strict=True))
    else:
        all_of = _plain_occurrences(view, field, sets, documents)
    return [all_of[word.first] for word in words], [all_of[word.last] for word in words]


def _plain_occurrences(
    view: View, field: str, sets: Sequence[AnyTerm], documents: Ints
) -> dict[AnyTerm, Ints]:
    """Return the occurrences of each set of terms in these documents of the index."""
    found: dict[AnyTerm, list[Ints]] = {terms: [] for terms in sets}
    for part, chosen in view.split(documents):
        postings = part.opened.fields.get(field)
        if postings is not None:
            numbers = [term_numbers(postings, terms) for terms in sets]
            local = documents[chosen] - part.base
            for terms, keys in zip(sets, occurrences_of(postings, numbers, local), strict=True):
                found[terms].append(keys + (part.base << SHIFT))
    return {terms: united(keys) for terms, keys in found.items()}


def _placed(
    words: Sequence[_Word], first: Sequence[Ints], last: Sequence[Ints]
) -> list[tuple[Ints, int]]:
    """Return the occurrences of each word's first terms and of its last terms, with their distance
    in the query from the first word."""
    begin = words[0].start
    return [
        placed
        for word, begins, ends in zip(words, first, last, strict=True)
        for placed in ((begins, word.start - begin), (ends, word.end - begin))
    ]


def _pair_frequencies(
    view: View,
    field: str,
    left: _Word,
    right: _Word,
    gap: int,
    near_window: int,
) -> Floats:
    """Return the number of documents with the ordered pair and with the near one: two numbers. They
    are estimated on a sample if the rarer word is frequent. The view caches them."""
    key = (left.last, right.first, gap, near_window)
    frequencies = view.pair_frequencies.get(key)
    if frequencies is None:
        holding = min(left.leaf, right.leaf, key=lambda leaf: leaf.frequency).documents
        sample = holding
        if len(holding) > SAMPLE:
            starts = np.linspace(
                0, len(holding) - _SAMPLE_STRETCH, SAMPLE // _SAMPLE_STRETCH
            ).astype(np.int64)
            sample = holding[(starts[:, None] + np.arange(_SAMPLE_STRETCH)).ravel()]
        both = _holding_both(view, field, left, right, sample)
        first, last = _edges(view, field, (left, right), both)
        held = [
            np.count_nonzero(times)
            for times in count_pairs(last[0], first[1], gap, near_window, both)
        ]
        share = len(holding) / max(len(sample), 1)
        frequencies = np.array(held, np.float64) * share
        view.pair_frequencies.keep(key, frequencies)
    return frequencies


def _holding_both(view: View, field: str, left: _Word, right: _Word, documents: Ints) -> Ints:
    """Return those of the documents that may have the pair of two words, of which they have one. No
    positions are read."""
    if not kernels.loaded or not len(documents):
        return documents
    lists = [view.term_lists.of_any(field, terms) for terms in (left.last, right.first)]
    frequent = max(lists, key=lambda held: held.size)
    counts = np.zeros(len(documents))
    kernels.postings.add_counts(frequent.rows(), documents, counts)
    held: Ints = documents[counts > 0]
    return held
