"""The documents of a search that count: how many they are, and how they are distributed.

Documents that match all that is wanted may be counted without the others. Counts by value may
ignore one of the conditions that narrow a search: a reader who chose one language still sees how
many articles each other one has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import Ints
from searcher.columnar.columns import Values
from searcher.columnar.searching import sets
from searcher.columnar.searching.conditions import Clauses, Once
from searcher.columnar.searching.distributions import Distribution, count_numbers
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.ordering import SINCE, Output
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.view import View


class Totals(NamedTuple):
    """Numbers of documents; all -1 if they were not asked for."""

    counted: int
    """Documents that count."""
    some: int
    """Documents that match besides."""
    every: int
    """Documents that match all that is wanted."""
    groups: int
    """Groups of the documents that count; -1 if documents are not grouped."""
    entries: int
    """Ranked documents: all or, if they are grouped, one of each group."""
    repeated: int = -1
    """Documents that count and share a value of `Output.repeated` with another one that does,
    without one for each value."""


NOT_COUNTED = Totals(-1, -1, -1, -1, -1)
"""The totals of a search that was not asked for any."""


class Chosen(NamedTuple):
    """The documents of a search."""

    names: tuple[str, ...]
    """The names of the conditions by which it is narrowed."""
    passing: tuple[Documents, ...]
    """The documents that match each of these."""
    base: Documents
    """The documents that would count without these conditions."""
    counted: Documents
    """The documents that count."""
    matched: Documents
    """All that match."""
    every: int
    """Number of documents that match all that is wanted."""
    once: Callable[[Documents], Documents] = lambda found: found
    """Leaves out the documents that `Clauses.once` leaves out of those that match."""

    @property
    def is_split(self) -> bool:
        """Whether some documents match and do not count."""
        return len(self.counted) < len(self.matched)

    def totals(self, view: View, output: Output) -> Totals:
        """Return the totals that the output asks for."""
        if not output.totals:
            return NOT_COUNTED
        counted = len(self.counted)

        def groups(column: str, count: int) -> int:
            documents = self.counted if count == counted else self.matched
            return shared_values(view, column).groups(documents.as_numbers())

        return totals(output, counted, len(self.matched) - counted, self.every, groups)

    def ignoring(self, name: str) -> Ints:
        """Return the documents that count if the condition with this name is ignored."""
        found = self.base
        for one, passing in zip(self.names, self.passing, strict=True):
            if one != name:
                found = found & passing
        return self.once(found).as_numbers()

    def counts(
        self, view: View, output: Output
    ) -> tuple[dict[Values, Distribution], tuple[int, ...]]:
        """Return the counts by value and since times that the output asks for."""
        counts: dict[Values, Distribution] = {}
        for name in (*self.names, ""):
            values = [
                one
                for one in output.counted
                if (output.ignoring.get(one) == name if name else one not in counts)
            ]
            if values:
                counts |= count_numbers(view, self.ignoring(name), values)
        return counts, count_since(view, output, lambda: self.ignoring(SINCE))


def choose(evaluator: Evaluator, clauses: Clauses) -> Chosen:
    """Return the documents of a search, by one condition after the other."""
    live, size = evaluator.view.live, evaluator.view.count
    matched = evaluator.matching(clauses.found)
    if live is not None:
        matched = matched & Documents(len(live), mask=live)
    every = matched
    if clauses.every != clauses.found:
        every = evaluator.matching(clauses.every) & matched
    base = every if clauses.prefers and len(every) else matched
    passing = tuple(evaluator.matching(condition) for _, condition in clauses.narrowed)
    counted, matched, every = (
        sets.intersection(size, [one, *passing]) for one in (base, matched, every)
    )
    names = tuple(name for name, _ in clauses.narrowed)
    if clauses.once is None:
        return Chosen(names, passing, base, counted, matched, len(every))
    shared = shared_values(evaluator.view, clauses.once.column)
    once = _once(evaluator, clauses.once)
    counted, every = once(counted), once(every)
    rest = shared.without_groups_of(matched.as_numbers(), counted.as_numbers())
    matched = sets.union(size, [counted, once(Documents(size, rest))])
    return Chosen(names, passing, base, counted, matched, len(every), once)


def _once(evaluator: Evaluator, order: Once) -> Callable[[Documents], Documents]:
    """Return a function that keeps of documents those that are the first of their group."""
    shared = shared_values(evaluator.view, order.column)

    def once(found: Documents) -> Documents:
        return Documents(evaluator.view.count, shared.once(found.as_numbers(), order))

    return once


def totals(
    output: Output, counted: int, some: int, every: int, groups: Callable[[str, int], int]
) -> Totals:
    """Return totals with the numbers of groups. counted, some, every: see Totals.

    groups: returns by the name of a late column the number of groups of the documents that count,
    given their number, or of all that match, given the number of these.
    """
    repeated = counted - groups(output.repeated, counted) if output.repeated else -1
    if not output.group:
        return Totals(counted, some, every, -1, counted + some, repeated)
    held = groups(output.group, counted)
    entries = groups(output.group, counted + some) if some else held
    return Totals(counted, some, every, held, entries, repeated)


def nothing_found(output: Output) -> Totals:
    """Return the totals of a search that finds nothing."""
    if not output.totals:
        return NOT_COUNTED
    return Totals(0, 0, 0, 0 if output.group else -1, 0, 0 if output.repeated else -1)


def count_since(view: View, output: Output, documents: Callable[[], Ints]) -> tuple[int, ...]:
    """Return the number of documents since each time that `output` asks for.

    documents: returns them, ascending; called only if a document of the index is as new.
    """
    if not output.since or min(output.since) > view.newest(output.date):
        return (0,) * len(output.since)
    values, given = view.numbers(output.date, documents())
    times = values[given]
    return tuple(int(np.count_nonzero(times >= since)) for since in output.since)
