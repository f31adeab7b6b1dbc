"""The leaves of a search as tables that a kernel reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import NO_INTS, Floats, Ints
from searcher.columnar.searching.conditions import Occurs
from searcher.columnar.searching.counting import Counted
from searcher.columnar.searching.evaluator import Evaluator
from searcher.columnar.searching.leaf import OutOfTime
from searcher.columnar.searching.listed_leaf import ListedLeaf
from searcher.columnar.searching.scan_plan import ScanPlan

_NO_COUNTS = Counted(NO_INTS, np.empty(0))


class LeafTables(NamedTuple):
    """The leaves of a search as `kernels.ranking` takes them: first those that find documents."""

    rows: Ints
    """The rows of their lists."""
    leaves: Ints
    """Where each has its lists, or its documents and counts."""
    factors: Floats
    """Factor of each from saturations to scores."""
    bounds: Floats
    """The most that each adds to a score."""
    counted: Counted
    """The documents of the leaves without lists."""
    holding: int
    """Bits of the leaves with postings."""
    size: int
    """Number of postings of all."""


def leaf_tables(evaluator: Evaluator, plan: ScanPlan) -> LeafTables:
    """Return the leaves of a plan. Those for which the time is up have no postings."""
    tables = _Tables()
    for occurs, bit in plan.bits.items():
        tables.add(evaluator, occurs, plan.times.get(occurs, 0), bit)
    for occurs, times in plan.times.items():
        if occurs not in plan.bits:
            tables.add(evaluator, occurs, times, 0)
    return tables.joined()


class _Tables:
    """Leaf tables that grow."""

    def __init__(self) -> None:
        self._rows: list[Ints] = []
        self._leaves: list[int] = []
        self._factors: list[float] = []
        self._bounds: list[float] = []
        self._counted: list[Counted] = []
        self._row = self._document = self._holding = self._size = 0

    def add(self, evaluator: Evaluator, occurs: Occurs, times: int, bit: int) -> None:
        """Append a leaf. times: how often it scores. bit: its bit, if it finds documents."""
        leaf = evaluator.leaf(occurs)
        assert isinstance(leaf, ListedLeaf)
        size, factor, bound = 0, 0.0, 0.0
        try:
            leaf.check_time()
            lists = leaf.lists
            if lists is not None:
                rows, size = lists.rows(), lists.size
                factor, bound = leaf.factor * times, leaf.bound * times
            else:
                factor = bound = leaf.factor * times
                counted, size = leaf.counted, len(leaf.counted.documents)
        except OutOfTime:
            evaluator.cut_short, size = True, 0
        if not size:
            self._leaves.extend((0, 0, 0, 0))
            factor = bound = 0.0
        elif lists is not None:
            self._rows.append(rows)
            self._leaves.extend((1, self._row, self._row + lists.count, size))
            self._row += lists.count
        else:
            self._counted.append(counted)
            self._leaves.extend((0, self._document, self._document + size, size))
            self._document += size
        self._factors.append(factor)
        self._bounds.append(bound)
        self._size += size
        self._holding |= bit if size else 0

    def joined(self) -> LeafTables:
        """Return the tables."""
        counted = self._counted or [_NO_COUNTS]
        if len(counted) > 1:
            counted = [Counted(*map(np.concatenate, zip(*counted, strict=True)))]
        rows = self._rows or [NO_INTS]
        return LeafTables(
            rows[0] if len(rows) == 1 else np.concatenate(rows),
            np.array(self._leaves, np.int64),
            np.array(self._factors, np.float64),
            np.array(self._bounds, np.float64),
            counted[0],
            self._holding,
            self._size,
        )
