"""Base classes of writers and snapshots, and a warning, that all engines share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from searcher.engine.plan import Plan, plan_of_names, plan_of_terms
from searcher.query.tree import Warning
from searcher.wording import said

BUDGET_SPENT = Warning(
    said("the search took too long and was cut short: the result is not complete"), (0, 0)
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


class FindingByTerms(Closing):
    """A snapshot that finds articles by terms, as `protocol.Snapshot` states."""

    @abstractmethod
    def first_of(self, plan: Plan, limit: int) -> list[tuple[str, float]]:
        """Return the first articles of a plan by BM25, as ids with their scores."""

    def having_terms(
        self, terms: Sequence[str], start: datetime | None, end: datetime | None, limit: int
    ) -> list[tuple[str, float]]:
        return self.first_of(plan_of_terms(terms, start, end), limit)

    def having_names(
        self,
        names: Sequence[Collection[str]],
        language: str,
        dates: tuple[datetime | None, datetime | None],
        limit: int,
    ) -> list[tuple[str, float]]:
        return self.first_of(plan_of_names(names, language, *dates), limit)
