"""This search engine, from the parsing of the query on."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import Item
from benchmarks.queries import Query
from searcher import kernels
from searcher.article import Article, Origin, Timestamp
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse
from searcher.search.request import Request
from searcher.search.service import SearchService

FACETS = ("language", "source", "month")
"""The facets of a page: those that the others count, too."""

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def article(item: Item) -> Article:
    """Return an article as the indexer passes it to the engine."""
    return Article(
        id=item.id,
        headline=item.title,
        paragraphs=tuple(line.strip() for line in item.body.split("\n") if line.strip()),
        authors=(),
        source=item.source,
        section="",
        language=item.language,
        language_confidence=1.0,
        published=Timestamp(item.date, "second", "corpus"),
        updated=None,
        url="",
        origin=Origin("corpus"),
        format="jsonl",
    )


class Ours:
    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, items: list[Item]) -> list[Article]:
        """Return articles as the parser returns them; the time for this is not measured."""
        return [article(item) for item in items]

    def build(self, items: Iterable[Article], jobs: int) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        with WhooshEngine(self._folder, jobs=jobs).writer() as writer:
            for one in items:
                writer.add(one)

    def open(self) -> None:
        kernels.load()
        self._engine = WhooshEngine(self._folder)
        self._service = SearchService(self._engine)

    @staticmethod
    def text(query: Query) -> str:
        """Return a query as a user types it."""
        words = " ".join(query.words)
        if query.kind == "and":
            return " AND ".join(query.words)
        if query.kind == "phrase":
            return f'"{words}"'
        if query.kind == "prefix":
            return f"{words}*"
        if query.source:
            return f'{words} source:"{query.source}"'
        if query.start and query.end:
            return f"{words} after:{query.start:%Y-%m-%d} before:{query.end:%Y-%m-%d}"
        return words

    def top(self, query: Query) -> list[Any]:
        with self._engine.snapshot() as snapshot:
            return snapshot.best(parse(self.text(query), NOW), 10)

    def page(self, query: Query, size: int = 10) -> Any:
        return self._service.run(Request(self.text(query), size=size, facets=FACETS))

    def commit(self, items: list[Item], query: Query) -> None:
        # As a watch commits: merges come when the articles are found.
        with self._engine.writer(quick=True) as writer:
            for item in items:
                writer.add(article(item))
        self.top(query)

    def settle(self) -> None:
        """Do the short merges that are due, as a watch does after a commit."""
        if self._engine.is_untidy(quick=True):
            with self._engine.writer(quick=True):
                pass


class Plain(Ours):
    """The same without compiled kernels, on an index that another has built."""

    name = "plain"

    def open(self) -> None:
        with kernels.using(False):
            super().open()

    def top(self, query: Query) -> list[Any]:
        with kernels.using(False):
            return super().top(query)

    def page(self, query: Query, size: int = 10) -> Any:
        with kernels.using(False):
            return super().page(query, size)

    def commit(self, items: list[Item], query: Query) -> None:
        with kernels.using(False):
            super().commit(items, query)
