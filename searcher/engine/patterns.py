"""Patterns: the leaves of a plan, which define the terms that count as an occurrence."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from searcher.query.tree import Region

BODY_START = 1024
"""Position of the body's first word. The headline's words have the positions from 0 and are fewer:
a headline has at most 500 characters."""

PARAGRAPH_GAP = 10
"""Number of unused positions between paragraphs, so that no phrase matches across them."""

TermSet = frozenset[str]
"""Terms that may be at a position."""

Alternative: TypeAlias = tuple[TermSet, ...]
"""Term sets of adjacent positions."""


class Pattern(NamedTuple):
    """Terms to match in one field of an article.

    An article's frequency of a pattern is the sum of the weights over its distinct positions of
    occurrence.
    """

    field: str
    """The field of terms; see `terms.FIELDS`."""
    alternatives: tuple[Alternative, ...]
    """Alternatives. One occurs at position p if for each i one of its i-th terms is at p + i."""
    region: Region = Region.ANYWHERE
    """The part of the text in which an occurrence has to begin."""
    window: int = 0
    """If not 0, there is one alternative, and its term sets occur in any order within this number
    of positions."""
    weights: tuple[tuple[str, float], ...] = ()
    """Weight of an occurrence by its first term; 1 for terms that are not listed."""
    factor: float = 1.0
    """Factor of its score."""


class Occurrence(NamedTuple):
    """One place where a pattern occurs."""

    start: int
    """Its first position."""
    weight: float
    """Weight that it adds to the pattern's frequency."""
    terms: tuple[tuple[str, int], ...]
    """The terms that it is made of, each with its position."""


def occurrences(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    """Yield the occurrences of `pattern` in the field of one article; several may have the same
    start.

    postings: the positions of the field by term, ascending.
    """
    found = _windows(pattern, postings) if pattern.window else _sequences(pattern, postings)
    return (occurrence for occurrence in found if _in_region(occurrence.start, pattern.region))


def frequency(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> float:
    """Return the frequency of `pattern` in the field of one article. Of occurrences with the same
    start, only the largest weight counts."""
    starts: dict[int, float] = {}
    for occurrence in occurrences(pattern, postings):
        starts[occurrence.start] = max(occurrence.weight, starts.get(occurrence.start, 0.0))
    return sum(starts.values())


def _sequences(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    weights = dict(pattern.weights)
    for sequence in pattern.alternatives:
        places = [
            {term: frozenset(postings[term]) for term in terms & postings.keys()}
            for terms in sequence
        ]
        for first in sorted(places[0]) if sequence else ():
            for start in postings[first]:
                terms = [(first, start)]
                for step, others in enumerate(places[1:], 1):
                    terms.extend(
                        (term, start + step)
                        for term in sorted(others)
                        if start + step in others[term]
                    )
                if len({position for _, position in terms}) == len(sequence):
                    yield Occurrence(start, weights.get(first, 1.0), tuple(terms))


def _windows(pattern: Pattern, postings: Mapping[str, Sequence[int]]) -> Iterator[Occurrence]:
    """Yield the windows that begin with one of the terms and contain each term set as often as the
    pattern does."""
    (asked,) = pattern.alternatives
    needed = Counter(asked)
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
