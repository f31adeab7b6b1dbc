"""The engines that are compared, behind one interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
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


_ENGINES = {
    "ours": "ours.Ours",
    "plain": "ours.Plain",
    "whoosh": "stock.StockWhoosh",
    "fts5": "fts5.Fts5",
    "tantivy": "tantivy_peer.Tantivy",
    "bm25s": "bm25s_peer.Bm25s",
    "xapian": "xapian_peer.Xapian",
}
"""Module and class of each engine; ours first. "plain" is ours without compiled kernels."""


def engine(name: str) -> Callable[[Path], Peer]:
    """Return the engine of this name, which takes its folder. Raises ImportError if it is not
    installed."""
    module, _, kind = _ENGINES[name].partition(".")
    found: Callable[[Path], Peer] = getattr(import_module(f"benchmarks.peers.{module}"), kind)
    return found


def peers() -> dict[str, Callable[[Path], Peer]]:
    """Return the engines that are installed, by name; ours first."""
    found: dict[str, Callable[[Path], Peer]] = {}
    for name in _ENGINES:
        if name == "plain":
            continue
        with suppress(ImportError):
            found[name] = engine(name)
    return found
