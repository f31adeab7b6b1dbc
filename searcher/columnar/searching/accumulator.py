"""Arrays with a place for each document, which searches reuse."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from searcher.columnar.arrays import Ints

Number = TypeVar("Number", bound=np.floating[Any])


class Accumulator(Generic[Number]):
    """An array in which scores are summed, with a 0 for each document of an index. As a context
    manager it is cleared at the end: the touched elements are set to 0 again, which takes less time
    than a new array for each search."""

    def __init__(self, count: int, kind: type[Number]) -> None:
        """count: the documents of the index. kind: the element type."""
        self.sums: NDArray[Number] = np.zeros(count, kind)
        self._touched: list[Ints] = []

    def touch(self, documents: Ints) -> None:
        """Note that elements of these documents may differ from 0. A document may be noted several
        times."""
        self._touched.append(documents)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for documents in self._touched:
            self.sums[documents] = 0
        self._touched.clear()


class Accumulators:
    """The accumulators of an index: one of each type for each thread. Safe in threads."""

    def __init__(self, count: int) -> None:
        """count: the documents of the index."""
        self._count = count
        self._own = threading.local()

    def of(self, kind: type[Number]) -> Accumulator[Number]:
        """Return this thread's accumulator of a type. It must not be in use."""
        own = self._own.__dict__
        found: Accumulator[Number] | None = own.get(kind.__name__)
        if found is None:
            found = own[kind.__name__] = Accumulator(self._count, kind)
        return found

    def matched(self) -> NDArray[np.int32]:
        """Return this thread's array for the documents that match. It must not be in use."""
        own = self._own.__dict__
        found: NDArray[np.int32] | None = own.get("matched")
        if found is None:
            found = own["matched"] = np.empty(self._count, np.int32)
        return found
