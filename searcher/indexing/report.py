"""What an indexing run tells: how it gets on, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """What a run did, in articles; `skipped` are files or parts of files, each with its reason."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    removed: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.added + self.updated + self.unchanged + self.older


class Progress:
    """Told how a run gets on; this one keeps quiet."""

    def start(self, size: int) -> None:
        """The run will read `size` bytes."""

    def read(self, size: int) -> None:
        """So many more bytes were read."""

    def article(self) -> None:
        """One more article was dealt with."""

    def finish(self) -> None:
        """The run is over."""
