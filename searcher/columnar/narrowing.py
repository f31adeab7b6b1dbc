"""Counts of documents by value that ignore one of the conditions which narrow a search.

A reader who chose one language still sees how many articles each other one has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import Bools, Ints
from searcher.columnar.columns import Values
from searcher.columnar.conditions import Boolean
from searcher.columnar.distributions import Distribution, count_numbers
from searcher.columnar.evaluator import Evaluator
from searcher.columnar.ordering import SINCE, Output
from searcher.columnar.view import View


class Narrowed(NamedTuple):
    """Documents before they are narrowed, and the conditions that each of them matches."""

    names: tuple[str, ...]
    """The names of the conditions."""
    documents: Ints
    """The live documents that match all but, perhaps, these conditions, ascending."""
    passed: tuple[Bools, ...]
    """For each condition whether each document matches it."""

    def ignoring(self, name: str) -> Ints:
        """Return the documents that match all conditions, apart from the one with this name."""
        kept = np.ones(len(self.documents), np.bool_)
        for one, passed in zip(self.names, self.passed, strict=True):
            if one != name:
                kept &= passed
        return self.documents[kept]


def narrowed(
    evaluator: Evaluator, conditions: Sequence[tuple[str, Boolean]], documents: Ints
) -> Narrowed:
    """Return documents (live, ascending) with the conditions by which they are narrowed."""
    return Narrowed(
        tuple(name for name, _ in conditions),
        documents,
        tuple(evaluator.matching(condition).as_mask()[documents] for _, condition in conditions),
    )


def is_open(output: Output, conditions: Sequence[tuple[str, Boolean]]) -> bool:
    """Return whether a count that is asked for ignores one of the conditions."""
    ignored = {output.ignoring.get(values, "") for values in output.counted}
    ignored |= {SINCE} if output.since else set()
    return any(name in ignored for name, _ in conditions)


def count_open(
    view: View, output: Output, held: Narrowed
) -> tuple[dict[Values, Distribution], tuple[int, ...]]:
    """Return the counts that ignore a condition: by value, and since the times of `output`; none of
    these if none of the conditions is on dates."""
    counts: dict[Values, Distribution] = {}
    for name in held.names:
        values = [one for one in output.counted if output.ignoring.get(one) == name]
        if values:
            counts |= count_numbers(view, held.ignoring(name), values)
    if SINCE not in held.names:
        return counts, ()
    return counts, count_since(view, output, lambda: held.ignoring(SINCE))


def count_since(view: View, output: Output, documents: Callable[[], Ints]) -> tuple[int, ...]:
    """Return the number of documents since each time that `output` asks for.

    documents: returns them, ascending; called only if a document of the index is as new.
    """
    if not output.since or min(output.since) > view.newest(output.date):
        return (0,) * len(output.since)
    values, given = view.numbers(output.date, documents())
    times = values[given]
    return tuple(int(np.count_nonzero(times >= since)) for since in output.since)
