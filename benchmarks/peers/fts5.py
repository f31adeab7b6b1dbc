"""SQLite FTS5: tables of stems and of forms over a table of articles.

A page does less than ours: a hit has one snippet, of 40 words, as FTS5 makes one, from the text
that it analyses again. The matches are materialised once for the count and the three distributions,
which are counted in a table without texts. There is no way to index with several threads.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.corpus import Item
from benchmarks.queries import Query

_SCHEMA = """
CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, body TEXT, date TEXT);
CREATE TABLE facet
    (number INTEGER PRIMARY KEY, date INT, language TEXT, source TEXT, month INT);
CREATE VIRTUAL TABLE text USING fts5 (title, body, content='article', content_rowid='number',
    tokenize='porter unicode61');
CREATE VIRTUAL TABLE form USING fts5 (title, body, content='article', content_rowid='number',
    tokenize='unicode61', prefix='4');
"""

_COUNTS = """
WITH found AS MATERIALIZED
    (SELECT language, source, month FROM {table} CROSS JOIN facet ON number = {table}.rowid
     WHERE {where})
SELECT 'language', language, count(*) FROM found GROUP BY 2
UNION ALL SELECT 'source', source, count(*) FROM found GROUP BY 2
UNION ALL SELECT 'month', month, count(*) FROM found GROUP BY 2
UNION ALL SELECT 'all', 0, count(*) FROM found
"""


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
        base.executescript(_SCHEMA)
        with base:
            for number, item in enumerate(items, 1):
                _insert(base, number, item)
        with base:
            for table in ("text", "form"):
                base.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            base.execute("CREATE INDEX dates ON facet (date)")
        base.close()

    def open(self) -> None:
        self._base = self._connect()
        self._base.execute("PRAGMA mmap_size = 8000000000")

    def _where(self, query: Query) -> tuple[str, str, list[Any]]:
        """Return the table to search, the condition, and its values."""
        words = " ".join(query.words)
        if query.kind in ("phrase", "prefix"):
            table, match = "form", f'"{words}"' + "*" * (query.kind == "prefix")
        else:
            between = " AND " if query.kind == "and" else " OR "
            table, match = "text", between.join(f'"{word}"' for word in query.words)
        where, values = f"{table} MATCH ?", [match]
        if query.start and query.end:
            where += " AND date >= ? AND date < ?"
            values += [query.start.timestamp(), query.end.timestamp()]
        if query.source:
            where += " AND source = ?"
            values.append(query.source)
        return table, where, values

    def top(self, query: Query, size: int = 10, columns: str = "text.rowid") -> list[Any]:
        table, where, values = self._where(query)
        # The order of a cross join is kept, so that FTS5 sorts by rank and nothing is sorted twice.
        joined = f"{table} CROSS JOIN facet ON number = {table}.rowid"
        source = joined if len(values) > 1 else table
        asked = f"SELECT {columns} FROM {source} WHERE {where} ORDER BY rank LIMIT ?"
        return self._base.execute(asked.replace("text.", f"{table}."), (*values, size)).fetchall()

    def page(self, query: Query, size: int = 10) -> Any:
        table, where, values = self._where(query)
        columns = f"text.rowid, snippet({table}, 1, '<b>', '</b>', '…', 40)"
        hits = [
            (*self._base.execute("SELECT * FROM article WHERE number = ?", (number,)), snippet)
            for number, snippet in self.top(query, size, columns)
        ]
        counts = self._base.execute(_COUNTS.format(table=table, where=where), values).fetchall()
        return hits, counts

    def commit(self, items: list[Item], query: Query) -> None:
        (last,) = self._base.execute("SELECT max(number) FROM article").fetchone()
        with self._base:
            for number, item in enumerate(items, last + 1):
                _insert(self._base, number, item)
        self.top(query)


def _insert(base: sqlite3.Connection, number: int, item: Item) -> None:
    date, texts = item.date, (item.title, item.body)
    facets = (int(date.timestamp()), item.language, item.source, date.year * 100 + date.month)
    row = (number, item.id, *texts, date.isoformat())
    base.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", row)
    base.execute("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", (number, *facets))
    base.execute("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)", (number, *texts))
    base.execute("INSERT INTO form (rowid, title, body) VALUES (?, ?, ?)", (number, *texts))
