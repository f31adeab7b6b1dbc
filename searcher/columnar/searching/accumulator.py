"""Sums by document, in arrays that searches reuse."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import Floats, Ints

Number = TypeVar("Number", bound=np.floating[Any])


class _Reused(ABC):
    """Arrays with a 0 for each document of an index. As a context manager they are cleared at the
    end: the touched elements are set to 0 again, which takes less time than new arrays for each
    search."""

    @abstractmethod
    def clear(self) -> None:
        """Set the touched elements to 0."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()


class Accumulator(_Reused, Generic[Number]):
    """An array in which scores are summed."""

    def __init__(self, count: int, kind: type[Number]) -> None:
        """count: the documents of the index. kind: the element type."""
        self.sums: NDArray[Number] = np.zeros(count, kind)
        self._touched: list[Ints] = []

    def touch(self, documents: Ints) -> None:
        """Note that elements of these documents may differ from 0. A document may be noted several
        times."""
        self._touched.append(documents)

    def clear(self) -> None:
        for documents in self._touched:
            self.sums[documents] = 0
        self._touched.clear()


class Touched(_Reused):
    """The documents that a search touches, for `kernels.selection`."""

    def __init__(self, count: int) -> None:
        """count: the documents of the index."""
        self.sums: Floats = np.zeros(count)
        """The score of each document so far."""
        self.held = np.zeros(count, np.int32)
        """The leaves that each document holds; see `kernels.selection`."""
        self.documents = np.empty(count, np.int32)
        """The documents that hold any, in no order."""
        self.filled = 0
        """The number of these."""

    def numbers(self, count: int | None = None) -> Ints:
        """Return the first `count` of the touched documents, or all, ascending."""
        held = self.documents[: self.filled if count is None else count]
        return np.sort(held).astype(np.int64)

    def clear(self) -> None:
        kernels.selection.clear(self.documents, self.filled, self.held, self.sums)
        self.filled = 0


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

    def touched(self) -> Touched:
        """Return this thread's touched documents. They must not be in use."""
        own = self._own.__dict__
        found: Touched | None = own.get("touched")
        if found is None:
            found = own["touched"] = Touched(self._count)
        return found
