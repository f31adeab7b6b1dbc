"""Whoosh with its own codec, fields and queries."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import analysis, fields, index
from whoosh import query as queries
from whoosh.qparser import OrGroup, QueryParser

from benchmarks.corpus import Item
from benchmarks.queries import Query


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True),
        text=fields.TEXT(analyzer=analysis.StemmingAnalyzer(stoplist=None, minsize=1)),
        form=fields.TEXT(analyzer=analysis.StandardAnalyzer(stoplist=None, minsize=1)),
        date=fields.DATETIME(sortable=True),
        language=fields.ID(sortable=True),
        source=fields.ID(sortable=True),
        json=fields.STORED,
    )


class StockWhoosh:
    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, items: Iterable[Item], jobs: int) -> None:
        if jobs > 1:
            raise NotImplementedError
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        writer = index.create_in(str(self._folder), _schema()).writer(limitmb=256)
        for item in items:
            writer.add_document(**self._fields(item))
        writer.commit()

    def _fields(self, item: Item) -> dict[str, Any]:
        date, text = item.date.replace(tzinfo=None), item.text
        return {
            "id": item.id, "text": text, "form": text, "date": date, "language": item.language,
            "source": item.source,
            "json": item.as_json(),
        }  # fmt: skip

    def open(self) -> None:
        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def _query(self, query: Query) -> queries.Query:
        if query.kind == "phrase":
            return QueryParser("form", self._index.schema).parse(f'"{" ".join(query.words)}"')
        if query.kind == "prefix":
            return queries.Prefix("form", query.words[0])
        group = {} if query.kind == "and" else {"group": OrGroup}
        return QueryParser("text", self._index.schema, **group).parse(" ".join(query.words))

    def _dates(self, query: Query) -> queries.Query | None:
        if query.start is None or query.end is None:
            return None
        start, end = query.start.replace(tzinfo=None), query.end.replace(tzinfo=None)
        return queries.DateRange("date", start, end, endexcl=True)

    def top(self, query: Query) -> list[Any]:
        return [
            hit.docnum
            for hit in self._searcher.search(
                self._query(query), limit=10, filter=self._dates(query)
            )
        ]

    def page(self, query: Query, size: int = 10) -> Any:
        found = self._searcher.search(
            self._query(query), limit=size, groupedby=["language", "source"]
        )
        shown = []
        for hit in found:
            article = json.loads(hit["json"])
            shown.append((article, hit.highlights("text", text=article["body"], top=2)))
        return shown, len(found), [found.groups("language"), found.groups("source")]

    def commit(self, items: list[Item], query: Query) -> None:
        writer = self._index.writer()
        for item in items:
            writer.update_document(**self._fields(item))
        writer.commit()
        self._searcher = self._index.searcher()
        self.top(query)
