"""The engines that are compared, each behind the same few functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from benchmarks.corpus import Item
from benchmarks.queries import Query


class Peer(Protocol):
    """An engine and its index in a folder. What it cannot do raises NotImplementedError."""

    name: str

    def build(self, items: Iterable[Item], jobs: int) -> None:
        """Makes the index anew with `jobs` processes or threads, down to its last merge."""

    def open(self) -> None:
        """Makes ready to search."""

    def top(self, query: Query) -> list[Any]:
        """The ten best, as the engine numbers them."""

    def page(self, query: Query, size: int = 10) -> Any:
        """A result page: the `size` best articles with two snippets each, how many match, and how
        these are distributed over languages, sources and months."""

    def commit(self, items: list[Item], query: Query) -> None:
        """Adds articles in place of any with their ids, commits durably, and answers a query with
        them in."""


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peers() -> dict[str, Callable[[Path], Peer]]:
    """The engines that are installed here, by name; ours first."""
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
