"""SQLite FTS5: a table of stems and a table of forms, beside a table of articles."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpus import Item
from benchmarks.queries import Query


class Fts5:
    name = "fts5"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._folder / "articles.sqlite")
        connection.execute("PRAGMA cache_size = -262144")
        return connection

    def build(self, items: Iterable[Item], jobs: int) -> None:
        if jobs > 1:
            raise NotImplementedError
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        base = self._connect()
        base.execute(
            "CREATE TABLE article "
            "(number INTEGER PRIMARY KEY, id TEXT UNIQUE, date INT, language TEXT, source TEXT, "
            "json TEXT)"
        )
        base.execute(
            "CREATE VIRTUAL TABLE text USING fts5 (t, content='', tokenize='porter unicode61')"
        )
        base.execute(
            "CREATE VIRTUAL TABLE form USING fts5 (t, content='', tokenize='unicode61', prefix='4')"
        )
        with base:
            for number, item in enumerate(items, 1):
                row = (
                    number,
                    item.id,
                    int(item.date.timestamp()),
                    item.language,
                    item.source,
                    item.as_json(),
                )
                base.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?)", row)
                base.execute("INSERT INTO text (rowid, t) VALUES (?, ?)", (number, item.text))
                base.execute("INSERT INTO form (rowid, t) VALUES (?, ?)", (number, item.text))
        with base:
            for table in ("text", "form"):
                base.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            base.execute("CREATE INDEX dates ON article (date)")
        base.close()

    def open(self) -> None:
        self._base = self._connect()
        self._base.execute("PRAGMA mmap_size = 8000000000")

    def _match(self, query: Query) -> tuple[str, str]:
        """Return the table to search, and the expression to match in it."""
        if query.kind == "phrase":
            return "form", f'"{" ".join(query.words)}"'
        if query.kind == "prefix":
            return "form", f'"{query.words[0]}"*'
        return "text", (" AND " if query.kind == "and" else " OR ").join(
            f'"{word}"' for word in query.words
        )

    def top(self, query: Query, size: int = 10) -> list[Any]:
        table, match = self._match(query)
        if query.start is None or query.end is None:
            asked = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rank LIMIT ?"
            return self._base.execute(asked, (match, size)).fetchall()
        asked = (
            "SELECT number FROM text JOIN article ON number = text.rowid "
            "WHERE text MATCH ? AND date >= ? AND date < ? ORDER BY rank LIMIT ?"
        )
        return self._base.execute(
            asked, (match, query.start.timestamp(), query.end.timestamp(), size)
        ).fetchall()

    def page(self, query: Query, size: int = 10) -> Any:
        # A table without content has no snippets, so they come from the table of articles.
        table, match = self._match(query)
        matching = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        rows = [
            json.loads(
                self._base.execute("SELECT json FROM article WHERE number = ?", row).fetchone()[0]
            )
            for row in self.top(query, size)
        ]
        counts = [
            self._base.execute(
                f"SELECT {value}, count(*) FROM article WHERE number IN ({matching}) GROUP BY 1",
                (match,),
            ).fetchall()
            for value in ("language", "source", "strftime('%Y-%m', date, 'unixepoch')")
        ]
        return (
            rows,
            self._base.execute(f"SELECT count(*) FROM ({matching})", (match,)).fetchone(),
            counts,
        )

    def commit(self, items: list[Item], query: Query) -> None:
        raise NotImplementedError("a table without content cannot replace rows")
