"""Plans evaluated on arrays: an entry for each document of an index, patterns counted from lists of postings."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol

import numpy as np

from searcher.engine.arrays import Bools
from searcher.engine.arrays import Floats
from searcher.engine.arrays import Ints
from searcher.engine.plan import Plan
from searcher.engine.plan import PlanEither
from searcher.engine.plan import PlanGroup
from searcher.engine.plan import PlanNode
from searcher.engine.plan import Unknown
from searcher.engine.plan import scores
from searcher.engine.scoring import bm25
from searcher.engine.scoring import idf
from searcher.engine.terms import FORM
from searcher.patterns import BODY_START
from searcher.patterns import Pattern
from searcher.query import Language
from searcher.query import Published
from searcher.query import Region

_SHIFT = 32
"""An occurrence is one integer: the document in the upper, the position in the lower 32 bits."""
_POSITION = (1 << _SHIFT) - 1


@dataclass(frozen=True, slots=True)
class Documents:
    """The columns of all documents, deleted ones included.

    live: not deleted. length: in words. published: seconds since 1970; dated: whether there is a date. language: an
    index into `languages`. live_count and average_length count live documents only.
    """

    live: Bools
    length: Ints
    published: Ints
    dated: Bools
    language: Ints
    languages: tuple[str, ...]
    live_count: int
    average_length: float


class PostingLists(Protocol):
    """The postings of live documents, by term."""

    def frequencies(self, field: str, term: str) -> tuple[Ints, Floats]:
        """Documents that hold the term, ascending, and how often each does."""

    def occurrences(self, field: str, term: str) -> Ints:
        """Every occurrence of the term, ascending, as document << 32 | position."""


class Result(NamedTuple):
    """For each document: whether it matches, whether it holds all that is wanted, and its score."""

    matches: Bools
    holds_all: Bools
    score: Floats


class _OutOfTime(Exception):
    """The deadline passed while a pattern was counted."""


class Evaluation:
    """One plan on one index.

    A pattern that is not counted by the deadline is unknown: it matches nothing where that finds articles, and
    everything where that excludes them, so that a search cut short finds a part of the true result and nothing else.
    """

    def __init__(self, documents: Documents, postings: PostingLists, deadline: float | None) -> None:
        self.documents = documents
        self.postings = postings
        self.deadline = deadline
        self.cut_short = False
        self._counted: dict[Pattern, Result] = {}
        self._read: dict[tuple[str, str], Ints] = {}

    def run(self, plan: Plan) -> Result:
        """The result for every document; those that do not match have no meaningful score."""
        if plan.is_empty:
            nothing = np.zeros_like(self.documents.live)
            return Result(nothing, nothing, np.zeros(nothing.shape))
        result = self._node(plan.root, unknown=False)
        found = (result.holds_all if plan.match_all else result.matches) & self.documents.live
        return Result(found, result.holds_all & found, result.score)

    def _node(self, node: PlanNode, unknown: bool) -> Result:
        """The result of a node; `unknown` is what an article is taken to do where there was no time to look."""
        match node:
            case PlanGroup():
                return self._group(node, unknown)
            case PlanEither():
                return self._either(node, unknown)
            case Unknown():
                return self._unknown(unknown)
            case Language():
                codes = [code for code, name in enumerate(self.documents.languages) if name in node.codes]
                return self._filter(np.isin(self.documents.language, codes))
            case Published():
                return self._filter(self._in_range(node))
            case Pattern():
                try:
                    return self._pattern(node)
                except _OutOfTime:
                    return self._unknown(unknown)

    def _unknown(self, unknown: bool) -> Result:
        self.cut_short = True
        return self._filter(np.full_like(self.documents.live, unknown))

    def _check_time(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise _OutOfTime

    def _filter(self, matches: Bools) -> Result:
        return Result(matches, matches, np.zeros(matches.shape))

    def _in_range(self, node: Published) -> Bools:
        matches = self.documents.dated.copy()
        if node.start is not None:
            matches &= self.documents.published >= node.start.timestamp()
        if node.end is not None:
            matches &= self.documents.published < node.end.timestamp()
        return matches

    def _group(self, node: PlanGroup, unknown: bool) -> Result:
        everything = np.ones_like(self.documents.live)
        excluded = ~_any((self._node(child, not unknown).matches for child in node.excluded), ~everything)
        required = [self._node(child, unknown) for child in node.required]
        wanted = [self._node(child, unknown) for child in node.wanted]
        matches = _all((result.matches for result in required), everything) & excluded
        if node.needs_wanted:
            matches &= _any((result.matches for result in wanted), ~everything)
        holds_all = _all((result.holds_all for result in (*required, *wanted)), everything) & excluded
        return Result(matches, holds_all, _sum((*required, *wanted), matches))

    def _either(self, node: PlanEither, unknown: bool) -> Result:
        results = [self._node(child, unknown) for child in node.nodes]
        nothing = np.zeros_like(self.documents.live)
        matches = _any((result.matches for result in results), nothing)
        return Result(matches, _any((result.holds_all for result in results), nothing), _sum(results, matches))

    def _pattern(self, pattern: Pattern) -> Result:
        if pattern in self._counted:
            return self._counted[pattern]
        self._check_time()
        ids, frequency = self._count(pattern)
        matches = np.zeros_like(self.documents.live)
        matches[ids] = True
        score = np.zeros(matches.shape)
        if scores(pattern) and len(ids):
            weight = idf(len(ids), self.documents.live_count)
            length = self.documents.length[ids].astype(np.float64)
            score[ids] = bm25(frequency, length, self.documents.average_length, weight)
        self._counted[pattern] = Result(matches, matches, score)
        return self._counted[pattern]

    def _count(self, pattern: Pattern) -> tuple[Ints, Floats]:
        """Documents in which the pattern occurs, and its frequency in each."""
        if pattern.is_one_word and pattern.region is Region.ANYWHERE and not _is_expansion(pattern):
            return self._count_words(pattern)
        if pattern.window:
            starts, weights = self._windows(pattern), None
        elif pattern.weights:
            starts, weights = self._weighted(pattern)
        else:
            starts, weights = self._starts(pattern), None
        if pattern.region is not Region.ANYWHERE:
            kept = ((starts & _POSITION) < BODY_START) == (pattern.region is Region.HEADLINE)
            starts, weights = starts[kept], weights[kept] if weights is not None else None
        total = np.bincount(starts >> _SHIFT, weights, len(self.documents.live)).astype(np.float64)
        ids = np.flatnonzero(total)
        return ids, total[ids]

    def _count_words(self, pattern: Pattern) -> tuple[Ints, Floats]:
        """Counts without positions, unless an article holds two of the terms: they may then share positions."""
        ((terms,),) = pattern.alternatives
        lists = []
        for term in sorted(terms):
            self._check_time()
            lists.append(self.postings.frequencies(pattern.field, term))
        ids = np.concatenate([ids for ids, _ in lists]) if lists else np.empty(0, np.int64)
        total = np.zeros(len(self.documents.live))
        total[ids] = np.concatenate([counts for _, counts in lists]) if lists else 0.0
        found = np.flatnonzero(total)
        if len(found) < len(ids):
            total = np.bincount(self._starts(pattern) >> _SHIFT, None, len(self.documents.live)).astype(np.float64)
        return found, total[found]

    def _occurrences(self, field: str, terms: Iterable[str]) -> Ints:
        lists = []
        for term in sorted(terms):
            if (field, term) not in self._read:
                self._check_time()
                self._read[field, term] = self.postings.occurrences(field, term)
            lists.append(self._read[field, term])
        return _union(lists)

    def _starts(self, pattern: Pattern) -> Ints:
        """Where one of the runs begins."""
        runs = []
        for run in pattern.alternatives:
            starts: Ints | None = None
            for step, terms in enumerate(run):
                if starts is not None and not len(starts):
                    break
                self._check_time()
                shifted = self._occurrences(pattern.field, terms) - step
                starts = shifted if starts is None else np.intersect1d(starts, shifted, assume_unique=True)
            if starts is not None:
                runs.append(starts)
        return _union(runs)

    def _weighted(self, pattern: Pattern) -> tuple[Ints, Floats]:
        """Occurrences of single terms, and what each counts: the most that a term at its position does."""
        lists = [(self._occurrences(pattern.field, (term,)), weight) for term, weight in pattern.weights]
        starts = _union([occurrences for occurrences, _ in lists])
        weights = np.zeros(len(starts))
        for occurrences, weight in lists:
            at = np.searchsorted(starts, occurrences)
            weights[at] = np.maximum(weights[at], weight)
        return starts, weights

    def _windows(self, pattern: Pattern) -> Ints:
        """Positions at which one of the words stands and, from there on, a window that holds each as often as asked."""
        (run,) = pattern.alternatives
        places = {terms: self._occurrences(pattern.field, terms) for terms in set(run)}
        starts = _union(list(places.values()))
        for terms, needed in Counter(run).items():
            first = np.searchsorted(places[terms], starts)
            behind = np.searchsorted(places[terms], starts + pattern.window)
            starts = starts[behind - first >= needed]
        return starts


def _is_expansion(pattern: Pattern) -> bool:
    """Whether the terms are many forms: an article holds several of them, so that only positions count them right."""
    return pattern.field == FORM and len(pattern.alternatives[0][0]) > 1


def _union(lists: list[Ints]) -> Ints:
    if len(lists) == 1:
        return lists[0]
    return np.unique(np.concatenate(lists)) if lists else np.empty(0, np.int64)


def _all(masks: Iterable[Bools], start: Bools) -> Bools:
    result = start.copy()
    for mask in masks:
        result &= mask
    return result


def _any(masks: Iterable[Bools], start: Bools) -> Bools:
    result = start.copy()
    for mask in masks:
        result |= mask
    return result


def _sum(results: Iterable[Result], matches: Bools) -> Floats:
    total = np.zeros(matches.shape)
    for result in results:
        total += result.score
    return np.where(matches, total, 0.0)
