"""The engines that are compared, behind one interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from benchmarks.corpus import Item
from benchmarks.queries import Query


class Peer(Protocol):
    """An engine and its index in a folder. A method that it cannot support raises
    NotImplementedError."""

    name: str

    def build(self, items: Iterable[Item], jobs: int) -> None:
        """Build a new index with `jobs` processes or threads, with all merges."""

    def open(self) -> None:
        """Open the index for searching."""

    def top(self, query: Query) -> list[Any]:
        """Return the ten best articles, in the engine's own numbers."""

    def page(self, query: Query, size: int = 10) -> Any:
        """Return a page of results.

        It has the `size` best articles with two snippets each, the number that match, and their
        distribution over languages, sources and months.
        """

    def commit(self, items: list[Item], query: Query) -> None:
        """Add articles in place of those with the same ids, commit durably, and answer a query with
        them."""


def size_of(folder: Path) -> int:
    """Return the number of bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peers() -> dict[str, Callable[[Path], Peer]]:
    """Return the engines that are installed, by name; ours first."""
    from benchmarks.peers.fts5 import Fts5
    from benchmarks.peers.ours import Ours
    from benchmarks.peers.stock import StockWhoosh

    found: dict[str, Callable[[Path], Peer]] = {"ours": Ours, "whoosh": StockWhoosh, "fts5": Fts5}
    try:
        from benchmarks.peers.tantivy_peer import Tantivy

        found["tantivy"] = Tantivy
    except ImportError:
        pass
    try:
        from benchmarks.peers.bm25s_peer import Bm25s

        found["bm25s"] = Bm25s
    except ImportError:
        pass
    try:
        from benchmarks.peers.xapian_peer import Xapian

        found["xapian"] = Xapian
    except ImportError:
        pass
    return found
