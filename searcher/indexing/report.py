"""The result of an indexing run, and its progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run, or of a part of it. Parts are added up with `total`."""

    added: int = 0
    """Number of articles that the index did not have."""

    updated: int = 0
    """Number of articles whose content replaced that of the index."""

    unchanged: int = 0
    """Number of articles that the index had as they were."""

    older: int = 0
    """Number of versions that were left out because the index has a later one."""

    removed: int = 0
    """Number of articles that were taken out of the index."""

    skipped: tuple[str, ...] = ()
    """Files, or parts of files, that could not be read: "name: reason" each."""

    rebuilt: str = ""
    """Why the index had to be rebuilt first, in words for the user; "" if it had not."""

    @property
    def read(self) -> int:
        """Number of articles and versions in the files."""
        return self.added + self.updated + self.unchanged + self.older

    @classmethod
    def total(cls, reports: Iterable[Report]) -> Report:
        """Return the sum of reports; the skipped parts in their order."""
        parts = tuple(reports)
        return cls(
            added=sum(one.added for one in parts),
            updated=sum(one.updated for one in parts),
            unchanged=sum(one.unchanged for one in parts),
            older=sum(one.older for one in parts),
            removed=sum(one.removed for one in parts),
            skipped=tuple(chain.from_iterable(one.skipped for one in parts)),
            rebuilt=next((one.rebuilt for one in parts if one.rebuilt), ""),
        )


def pruned(removed: int, heirs: Report) -> Report:
    """Return the report of pruning.

    removed: articles whose file no longer gives them. heirs: the report of reading the other files
    that give some of them. An article that another file gave again was neither removed nor added.
    """
    return replace(heirs, added=0, removed=heirs.removed + removed - heirs.added)


def renewed(rebuilt: Report, update: Report, difference: str) -> Report:
    """Return the report of an update that had to rebuild an outdated index first.

    difference: how the old index differed, as IndexOutdated has it. The update finds the articles
    of the rebuilt index unchanged: to the caller they were added.
    """
    return replace(
        update,
        added=update.added + rebuilt.added,
        unchanged=max(0, update.unchanged - rebuilt.added),
        removed=update.removed + rebuilt.removed,
        skipped=tuple(dict.fromkeys((*rebuilt.skipped, *update.skipped))),
        rebuilt=f"the old index {difference}; it was rebuilt",
    )


def lost(broken: Iterable[str]) -> Report:
    """Return the report of files that cannot be read, nor their articles in the old index."""
    reason = "the articles that it gave before could not be read in the old index"
    return Report(skipped=tuple(f"{name}: {reason}" for name in sorted(broken)))


class Progress:
    """Receives the progress of a run. This one ignores it; a progress bar inherits from it."""

    def start(self, size: int) -> None:
        """The run will read `size` bytes."""

    def read(self, size: int) -> None:
        """`size` more bytes were read."""

    def article(self) -> None:
        """One more article was processed."""

    def placed(self, count: int) -> None:
        """`count` more articles were placed among the stories."""

    def finish(self) -> None:
        """The run is over."""
