"""The leaves of a search by what they do, for a search in one pass (`scan`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from searcher.columnar.searching.conditions import (
    AnyOf,
    Boolean,
    Clauses,
    ColumnIn,
    Condition,
    Occurs,
    is_additive,
    scoring_leaves,
)

_MOST_LEAVES = 31
"""Maximum number of leaves that find documents: the bits of a number."""


class ScanPlan(NamedTuple):
    """The leaves of a search by what they do. A group is a set of leaves, as their bits."""

    bits: dict[Occurs, int]
    """The leaves that find documents, with the bit of each."""
    required: list[int]
    """Groups that a document has to have."""
    wanted: int
    """A group that a document has to have; 0 if there is none."""
    filters: Boolean
    """Conditions that the documents have to match, too: required and excluded ones."""
    times: dict[Occurs, int]
    """The leaves that score, and how often."""
    every: list[tuple[int, ColumnIn | None]] | None
    """Groups of a document that has all that is wanted, each with the values of a column that
    excuse a document from it; None if `every` of the clauses is something else."""


def scan_of(clauses: Clauses) -> ScanPlan | None:
    """Return how a search is done by one pass; None if it cannot be.

    It can if every document that is found holds a leaf, all other conditions of the root are
    filters, and the scores of leaves are added up.
    """
    found, scored = clauses.found, clauses.scored
    if not all(map(is_additive, (*scored.required, *scored.wanted))):
        return None
    groups = _Groups()
    required = [(child, groups.of(child)) for child in found.required]
    wanted = [groups.of(child) for child in found.wanted]
    filters = [child for child, group in required if not group]
    held = [group for _, group in required if group]
    if any(map(scoring_leaves, filters)) or not all(wanted):
        return None
    if not (held or found.needs_wanted) or len(groups.bits) > _MOST_LEAVES:
        return None
    return ScanPlan(
        groups.bits,
        held,
        reduce(or_, wanted, 0) if found.needs_wanted else 0,
        Boolean(tuple(filters), (), found.excluded, False),
        Counter(scoring_leaves(scored)),
        groups.excusing(clauses.every, filters, found.excluded),
    )


class _Groups:
    """Gives bits to leaves."""

    def __init__(self) -> None:
        self.bits: dict[Occurs, int] = {}
        """The bit of each leaf."""

    def of(self, condition: Condition) -> int:
        """Return the leaves any of which matches the condition as a group; 0 if it is none."""
        leaves = _alternatives(condition)
        for occurs in leaves:
            self.bits.setdefault(occurs, 1 << len(self.bits))
        return reduce(or_, (self.bits[occurs] for occurs in leaves), 0)

    def excusing(
        self, every: Boolean, filters: Sequence[Condition], excluded: Sequence[Condition]
    ) -> list[tuple[int, ColumnIn | None]] | None:
        """Return `ScanPlan.every`, whose leaves have bits already."""
        if every.wanted or set(every.excluded) != set(excluded):
            return None
        found: list[tuple[int, ColumnIn | None]] = []
        columns: set[str] = set()
        for child in every.required:
            if child in filters:
                continue
            parts = child.conditions if isinstance(child, AnyOf) else (child,)
            excuses = [part for part in parts if isinstance(part, ColumnIn)]
            leaves = [_alternatives(part) for part in parts if not isinstance(part, ColumnIn)]
            known = [self.bits.get(occurs, 0) for held in leaves for occurs in held]
            columns.update(excuse.column for excuse in excuses)
            if not all(leaves) or not all(known) or len(excuses) > 1 or len(columns) > 1:
                return None
            found.append((reduce(or_, known, 0), excuses[0] if excuses else None))
        return found


def _alternatives(condition: Condition) -> list[Occurs]:
    """Return leaves any of which matches the condition; none if it has other conditions."""
    if isinstance(condition, Occurs):
        return [condition]
    children: tuple[Condition, ...] = ()
    if isinstance(condition, AnyOf):
        children = condition.conditions
    elif isinstance(condition, Boolean) and condition.needs_wanted:
        children = () if condition.required or condition.excluded else condition.wanted
    found = [_alternatives(child) for child in children]
    return [occurs for held in found for occurs in held] if all(found) else []
