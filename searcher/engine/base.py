"""Base classes of writers and snapshots, and a warning, that all engines share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from searcher.query.tree import Warning

BUDGET_SPENT = Warning(
    "the search took too long and was cut short: the result is not complete", (0, 0)
)
"""Warning of a search that spent its time budget."""


class Committing(ABC):
    """A writer that commits at the end of a `with` block, or cancels if it ends by an
    exception."""

    @abstractmethod
    def commit(self) -> int: ...

    @abstractmethod
    def cancel(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.cancel()


class Closing(ABC):
    """A resource that is closed at the end of a `with` block."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
