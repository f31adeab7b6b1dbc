"""The catalogue: which files were read, which articles each gave, and which of them the index has.

A SQLite database in the index folder, which belongs to one generation of the index. It is a cache:
if it is missing or belongs to another generation, it is made again from the index, and the files
are read again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from searcher.article import Article
from searcher.indexing.catalogue_tables import HELD, LAYOUT, OLDER_FILES, SCHEMA, UNUSED, connect
from searcher.reading.normalise import address_id
from searcher.reading.raw_store import RawFile
from searcher.text.urls import address_key

FILE_NAME = "catalogue.sqlite"
"""The name of the database in the index folder."""


class Held(NamedTuple):
    """An article of the index: a row of the table `articles`."""

    id: str
    """The id of the article."""
    file: str
    """The file that it came from, by its name in raw/."""

    part: int
    """Its part of the file; in an archive, the byte at which its record begins."""

    hash: str
    """The hash of its content (Article.content_hash)."""

    version: float | None
    """The time that orders its versions (Article.version_time), in seconds since 1970."""

    anonymous: bool
    """Whether its id was made from its content, so that changed content has another id."""

    partial: bool = False
    """Whether it is a feed's entry whose page has not been fetched."""

    @classmethod
    def of(cls, article: Article) -> Held:
        """Return the row of an article."""
        moment = article.version_time
        origin = article.origin
        version = moment.timestamp() if moment else None
        return cls(
            article.id,
            origin.file,
            origin.part,
            article.content_hash,
            version,
            article.is_anonymous,
            article.partial,
        )


class Catalogue:
    """An open catalogue. Changes are made between `begin` and `commit`, by one process at a time.

    Methods raise sqlite3.DatabaseError where the file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        """Open the catalogue in an index folder; replace a file that is not a database."""
        self.path = folder / FILE_NAME
        try:
            self._db = connect(self.path)
        except sqlite3.DatabaseError:
            self.path.unlink()
            self._db = connect(self.path)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._db.in_transaction:
            self._db.rollback()
        self._db.close()

    @property
    def generation(self) -> int:
        """The generation of the index that the catalogue belongs to; -1 for a catalogue that is new
        or has another layout."""
        if self._layout != LAYOUT:
            return -1
        row = self._db.execute("SELECT generation FROM state").fetchone()
        return int(row[0]) if row else -1

    @property
    def _layout(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def begin(self, generation: int, articles: Iterable[Article]) -> None:
        """Begin a change. If the catalogue does not belong to `generation`, make it from
        `articles`, those of the index."""
        self._db.execute("BEGIN IMMEDIATE")
        if self.generation != generation:
            self._clear()
            for article in articles:
                self.hold(Held.of(article))
                self.claim_more(article.origin.file, [article.id])
                if article.versions:
                    self.lead(address_keys(article), article.id)

    def begin_anew(self) -> None:
        """Begin a change with an empty catalogue."""
        self._db.execute("BEGIN IMMEDIATE")
        self._clear()

    def _clear(self) -> None:
        for name in self._tables():
            self._db.execute(f"DROP TABLE {name}")
        for statement in SCHEMA.split(";"):
            self._db.execute(statement)

    def _tables(self) -> list[str]:
        rows = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in rows]

    def commit(self, generation: int) -> None:
        """End a change: the catalogue belongs to `generation` from now on."""
        for statement in UNUSED.split(";"):
            self._db.execute(statement)
        self._db.execute("DELETE FROM state")
        self._db.execute("INSERT INTO state VALUES (?)", (generation,))
        self._db.execute("DELETE FROM scratch.past")
        self._db.execute("COMMIT")

    def follow(self, generation: int, later: int) -> None:
        """Let the catalogue belong to a later generation that has the same articles, if it belongs
        to `generation`."""
        if self._layout == LAYOUT:
            self._db.execute(
                "UPDATE state SET generation = ? WHERE generation = ?", (later, generation)
            )

    def is_unchanged(self, file: RawFile) -> bool:
        """Return whether the file was read to its end, and has not changed since."""
        if file.is_archive:
            return self.read_until(file.name) == file.size
        query = "SELECT 1 FROM files WHERE name = ? AND size = ? AND mtime_ns = ?"
        return self._db.execute(query, (file.name, file.size, file.mtime_ns)).fetchone() is not None

    def read_until(self, file: str) -> int:
        """Return the byte up to which a file was read; 0 for an unknown file."""
        row = self._db.execute("SELECT size FROM files WHERE name = ?", (file,)).fetchone()
        return (row and row[0]) or 0

    def problems(self, file: str) -> list[str]:
        """Return the recorded problems of a file."""
        row = self._db.execute("SELECT problems FROM files WHERE name = ?", (file,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def record(self, file: RawFile, problems: Iterable[str], at: int) -> None:
        """Record that a file was read up to byte `at`, and its problems."""
        row = (at, file.mtime_ns, json.dumps(list(problems)), self._number_of(file.name))
        self._db.execute(
            "UPDATE files SET size = ?, mtime_ns = ?, problems = ? WHERE number = ?", row
        )

    def forget(self, file: str) -> None:
        """Remove a file and its claims; articles of it that the index has stay."""
        number = (self._number_of(file),)
        self._db.execute(
            "UPDATE files SET size = NULL, mtime_ns = NULL, problems = '[]' WHERE number = ?",
            number,
        )
        self._db.execute("DELETE FROM claims WHERE file = ?", number)

    def files(self) -> list[str]:
        """Return the names of all files that were read or gave an article, also of a catalogue of
        layout 0."""
        if not self._tables():
            return []
        query = {0: OLDER_FILES, LAYOUT: "SELECT name FROM files"}.get(self._layout)
        return [name for (name,) in self._db.execute(query)] if query else []

    def _number_of(self, file: str) -> int:
        """Return the number of a file, which gets one if it has none."""
        row = self._db.execute("SELECT number FROM files WHERE name = ?", (file,)).fetchone()
        if row is None:
            return self._db.execute("INSERT INTO files (name) VALUES (?)", (file,)).lastrowid or 0
        return int(row[0])

    def claim(self, file: str, ids: Iterable[str]) -> None:
        """Record the articles that a file gives, in place of those recorded before."""
        self._db.execute("DELETE FROM claims WHERE file = ?", (self._number_of(file),))
        self.claim_more(file, ids)

    def claim_more(self, file: str, ids: Iterable[str]) -> None:
        """Record articles that a file gives, besides those recorded before."""
        number = self._number_of(file)
        given = list(ids)
        self._db.executemany(
            "INSERT OR IGNORE INTO articles (id) VALUES (?)", ((one,) for one in given)
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO claims SELECT ?, number FROM articles WHERE id = ?",
            ((number, one) for one in given),
        )

    def claimed(self, file: str) -> int:
        """Return the number of articles that a file gives."""
        query = "SELECT COUNT(*) FROM claims JOIN files ON number = file WHERE name = ?"
        return int(self._db.execute(query, (file,)).fetchone()[0])

    def claimants(self, article_id: str) -> list[str]:
        """Return the files that give an article, sorted by name."""
        rows = self._db.execute(
            "SELECT name FROM articles JOIN claims ON article = articles.number"
            " JOIN files ON files.number = claims.file WHERE id = ? ORDER BY name",
            (article_id,),
        )
        return [name for (name,) in rows]

    def held(self, article_id: str) -> Held | None:
        """Return the article of the index with this id."""
        row = self._db.execute(f"{HELD} WHERE id = ?", (article_id,)).fetchone()
        return _held(row) if row else None

    def held_from(self, file: str) -> list[Held]:
        """Return the articles of the index that came from a file."""
        return [_held(row) for row in self._db.execute(f"{HELD} WHERE name = ?", (file,))]

    def unclaimed(self) -> Iterator[Held]:
        """Return the articles of the index whose file no longer gives them."""
        query = (
            f"{HELD} WHERE NOT EXISTS (SELECT 1 FROM claims"
            " WHERE claims.file = articles.file AND article = articles.number)"
        )
        return map(_held, self._db.execute(query).fetchall())

    def hold(self, held: Held) -> None:
        """Record an article of the index."""
        article_id, file, part, content, *others = held
        row = (article_id, self._number_of(file), part, bytes.fromhex(content), *others)
        self._db.execute(
            "INSERT INTO articles (id, file, part, hash, version, anonymous, partial)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET (file, part, hash, version, anonymous, partial)"
            " = (excluded.file, excluded.part, excluded.hash, excluded.version,"
            " excluded.anonymous, excluded.partial)",
            row,
        )

    def release(self, article_id: str) -> None:
        """Remove an article that the index no longer has."""
        self._db.execute("UPDATE articles SET file = NULL WHERE id = ?", (article_id,))

    def led_to(self, keys: Iterable[str]) -> list[str]:
        """Return the ids of the articles that these addresses lead to, in order, each once."""
        rows = (
            self._db.execute("SELECT id FROM addresses WHERE key = ?", (_number(key),)).fetchone()
            for key in keys
        )
        return list(dict.fromkeys(row[0] for row in rows if row))

    def lead(self, keys: Iterable[str], article_id: str) -> None:
        """Record that these addresses lead to an article."""
        rows = ((_number(key), article_id) for key in keys)
        self._db.executemany("INSERT OR REPLACE INTO addresses VALUES (?, ?)", rows)

    def keep_past(self, article: Article) -> None:
        """Keep an article, for its next version, until the commit: then the index has it."""
        row = (article.id, json.dumps(article.to_json()))
        self._db.execute("INSERT OR REPLACE INTO scratch.past VALUES (?, ?)", row)

    def past(self, article_id: str) -> Article | None:
        """Return an article that was kept since the last commit."""
        row = self._db.execute(
            "SELECT article FROM scratch.past WHERE id = ?", (article_id,)
        ).fetchone()
        return Article.from_json(json.loads(row[0])) if row else None


def address_keys(article: Article) -> list[str]:
    """Return the keys of the addresses that lead to an article, its own first.

    Empty for a feed's entry that shares its address with other entries.
    """
    if article.partial and article.id != address_id(article.url):
        return []
    return [key for url in (article.url, *article.addresses) if (key := address_key(url))]


def _held(row: tuple[Any, ...]) -> Held:
    """Return the article of a row of HELD."""
    return Held(*row)._replace(hash=row[3].hex())


def _number(key: str) -> int:
    """Return a key's hash of 64 bits, which the table stores in less space than the key."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
