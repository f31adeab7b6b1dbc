"""Patterns: the leaves of a query resolved against one index, down to the terms that count as an
occurrence."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searcher.query.tree import Region

BODY_START = 1024
"""The position of the body's first word; the headline's words are numbered from 0 and are fewer
than this."""

PARAGRAPH_GAP = 10
"""Positions left free between paragraphs, so that no phrase runs across."""

TermSet = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for in one field of an article.

    alternatives: runs of term sets; a run occurs at position p when for each i one of its i-th
    terms is at p + i. window: if not 0, there is one alternative, whose sets occur in any order
    within so many positions. weights: what an occurrence counts by the term that it begins with, if
    given for all of these; else 1. An article's term frequency for the pattern is the sum over its
    distinct positions of occurrence.
    """

    field: str
    alternatives: tuple[tuple[TermSet, ...], ...]
    region: Region = Region.ANYWHERE
    window: int = 0
    weights: tuple[tuple[str, float], ...] = ()


class Occurrence(NamedTuple):
    """One place where a pattern occurs: what it counts, and the terms that make it up, each with
    its position."""

    start: int
    weight: float
    terms: tuple[tuple[str, int], ...]


def occurrences(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    """Where `pattern` occurs in the field of one article, by its definition; a start may come more
    than once."""
    found = _windows(pattern, postings) if pattern.window else _runs(pattern, postings)
    return (occurrence for occurrence in found if _in_region(occurrence.start, pattern.region))


def frequency(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> float:
    """The pattern's term frequency in the field of one article: the sum over its distinct
    starts."""
    starts: dict[int, float] = {}
    for occurrence in occurrences(pattern, postings):
        starts[occurrence.start] = max(occurrence.weight, starts.get(occurrence.start, 0.0))
    return sum(starts.values())


def _runs(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    weights = dict(pattern.weights)
    for run in pattern.alternatives:
        places = [
            {term: frozenset(postings[term]) for term in terms & postings.keys()} for terms in run
        ]
        for first in sorted(places[0]) if run else ():
            for start in postings[first]:
                terms = [(first, start)]
                for step, others in enumerate(places[1:], 1):
                    terms.extend(
                        (term, start + step)
                        for term in sorted(others)
                        if start + step in others[term]
                    )
                if len({position for _, position in terms}) == len(run):
                    yield Occurrence(start, weights.get(first, 1.0), tuple(terms))


def _windows(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    """Positions at which one of the words stands and, from there on, a window that holds each as
    often as asked."""
    (run,) = pattern.alternatives
    needed = Counter(run)
    words = sorted(
        (at, term) for terms in needed for term in terms for at in postings.get(term, ())
    )
    places = {
        terms: sorted({at for term in terms for at in postings.get(term, ())}) for terms in needed
    }
    for start in sorted({at for at, _ in words}):
        end = start + pattern.window
        counts = {
            terms: bisect_left(places[terms], end) - bisect_left(places[terms], start)
            for terms in needed
        }
        if all(counts[terms] >= needed[terms] for terms in needed):
            held = words[bisect_left(words, (start, "")) : bisect_left(words, (end, ""))]
            yield Occurrence(start, 1.0, tuple((term, at) for at, term in held))


def _in_region(position: int, region: Region) -> bool:
    if region is Region.ANYWHERE:
        return True
    return (position < BODY_START) == (region is Region.HEADLINE)
