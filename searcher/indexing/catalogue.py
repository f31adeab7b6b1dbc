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
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from searcher.article import Article
from searcher.reading.normalise import address_id
from searcher.reading.raw_store import RawFile
from searcher.text.urls import address_key

FILE_NAME = "catalogue.sqlite"
"""The name of the database in the index folder."""

_BUSY_SECONDS = 30.0
"""Maximum time to wait for another process that has the database locked. The writer's lock keeps
other runs away, so only a reader can be the reason."""

_SCHEMA = """
CREATE TABLE state (generation INTEGER NOT NULL);
CREATE TABLE files (
    name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE claims (file TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (file, id)) WITHOUT ROWID;
CREATE INDEX claims_by_id ON claims (id);
CREATE TABLE held (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, part INTEGER NOT NULL, hash TEXT NOT NULL,
    version REAL,
    anonymous INTEGER NOT NULL, partial INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX held_by_file ON held (file);
CREATE TABLE addresses (key INTEGER PRIMARY KEY, id TEXT NOT NULL);
"""
"""- state: the generation
- files: the files that were read, up to which byte (`size`), and their problems as JSON
- claims: which file gives which article
- held: the articles of the index
- addresses: the key of an address, as a number, and the article that it leads to
"""

_SCRATCH = "CREATE TABLE scratch.past (id TEXT PRIMARY KEY, article TEXT NOT NULL) WITHOUT ROWID"
"""Articles that were written since the last commit, as JSON without their text: the index does not
return them before it."""


class Held(NamedTuple):
    """An article of the index: a row of the table `held`."""

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
            self._db = _connect(self.path)
        except sqlite3.DatabaseError:
            self.path.unlink()
            self._db = _connect(self.path)

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
        """The generation of the index that the catalogue belongs to; -1 for a new catalogue."""
        try:
            row = self._db.execute("SELECT generation FROM state").fetchone()
        except sqlite3.OperationalError:
            return -1
        return int(row[0]) if row else -1

    def begin(self, generation: int, articles: Iterable[Article]) -> None:
        """Begin a change. If the catalogue does not belong to `generation`, make it from
        `articles`, those of the index."""
        self._db.execute("BEGIN IMMEDIATE")
        if self.generation != generation:
            self._clear()
            for article in articles:
                self.hold(Held.of(article))
                self._db.execute(
                    "INSERT OR IGNORE INTO claims VALUES (?, ?)", (article.origin.file, article.id)
                )
                if article.versions:
                    self.lead(address_keys(article), article.id)

    def begin_anew(self) -> None:
        """Begin a change with an empty catalogue."""
        self._db.execute("BEGIN IMMEDIATE")
        self._clear()

    def _clear(self) -> None:
        tables = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            self._db.execute(f"DROP TABLE {name}")
        for statement in _SCHEMA.split(";"):
            self._db.execute(statement)

    def commit(self, generation: int) -> None:
        """End a change: the catalogue belongs to `generation` from now on."""
        self._db.execute("DELETE FROM state")
        self._db.execute("INSERT INTO state VALUES (?)", (generation,))
        self._db.execute("DELETE FROM scratch.past")
        self._db.execute("COMMIT")

    def follow(self, generation: int, later: int) -> None:
        """Let the catalogue belong to a later generation that has the same articles, if it belongs
        to `generation`."""
        with suppress(sqlite3.OperationalError):  # A new catalogue has no tables yet.
            self._db.execute(
                "UPDATE state SET generation = ? WHERE generation = ?", (later, generation)
            )
            self._db.commit()

    def is_unchanged(self, file: RawFile) -> bool:
        """Return whether the file was read to its end, and has not changed since."""
        if file.is_archive:
            return self.read_until(file.name) == file.size
        query = "SELECT 1 FROM files WHERE name = ? AND size = ? AND mtime_ns = ?"
        return self._db.execute(query, (file.name, file.size, file.mtime_ns)).fetchone() is not None

    def read_until(self, file: str) -> int:
        """Return the byte up to which a file was read; 0 for an unknown file."""
        row = self._db.execute("SELECT size FROM files WHERE name = ?", (file,)).fetchone()
        return int(row[0]) if row else 0

    def problems(self, file: str) -> list[str]:
        """Return the recorded problems of a file."""
        row = self._db.execute("SELECT problems FROM files WHERE name = ?", (file,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def record(self, file: RawFile, problems: Iterable[str], at: int) -> None:
        """Record that a file was read up to byte `at`, and its problems."""
        row = (file.name, at, file.mtime_ns, json.dumps(list(problems)))
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)

    def forget(self, file: str) -> None:
        """Remove a file and its claims; articles of it that the index has stay."""
        self._db.execute("DELETE FROM files WHERE name = ?", (file,))
        self._db.execute("DELETE FROM claims WHERE file = ?", (file,))

    def files(self) -> list[str]:
        """Return the names of all files that were read or gave an article."""
        if self.generation < 0:
            return []
        rows = self._db.execute(
            "SELECT name FROM files UNION SELECT file FROM claims UNION SELECT file FROM held"
        )
        return [name for (name,) in rows]

    def claim(self, file: str, ids: Iterable[str]) -> None:
        """Record the articles that a file gives, in place of those recorded before."""
        self._db.execute("DELETE FROM claims WHERE file = ?", (file,))
        self._db.executemany(
            "INSERT INTO claims VALUES (?, ?)", ((file, article_id) for article_id in ids)
        )

    def claim_more(self, file: str, ids: Iterable[str]) -> None:
        """Record articles that a file gives, besides those recorded before."""
        self._db.executemany(
            "INSERT OR IGNORE INTO claims VALUES (?, ?)", ((file, article_id) for article_id in ids)
        )

    def claimed(self, file: str) -> int:
        """Return the number of articles that a file gives."""
        return int(
            self._db.execute("SELECT COUNT(*) FROM claims WHERE file = ?", (file,)).fetchone()[0]
        )

    def claimants(self, article_id: str) -> list[str]:
        """Return the files that give an article, sorted by name."""
        rows = self._db.execute("SELECT file FROM claims WHERE id = ? ORDER BY file", (article_id,))
        return [file for (file,) in rows]

    def held(self, article_id: str) -> Held | None:
        """Return the article of the index with this id."""
        row = self._db.execute("SELECT * FROM held WHERE id = ?", (article_id,)).fetchone()
        return Held(*row) if row else None

    def held_from(self, file: str) -> list[Held]:
        """Return the articles of the index that came from a file."""
        return [
            Held(*row) for row in self._db.execute("SELECT * FROM held WHERE file = ?", (file,))
        ]

    def unclaimed(self) -> Iterator[Held]:
        """Return the articles of the index whose file no longer gives them."""
        query = (
            "SELECT * FROM held WHERE NOT EXISTS"
            " (SELECT 1 FROM claims WHERE file = held.file AND id = held.id)"
        )
        return (Held(*row) for row in self._db.execute(query).fetchall())

    def hold(self, held: Held) -> None:
        """Record an article of the index."""
        self._db.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?)", held)

    def release(self, article_id: str) -> None:
        """Remove an article that the index no longer has."""
        self._db.execute("DELETE FROM held WHERE id = ?", (article_id,))

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


def _number(key: str) -> int:
    """Return a key's hash of 64 bits, which the table stores in less space than the key."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _connect(path: Path) -> sqlite3.Connection:
    """Open the database. Raises sqlite3.DatabaseError for a file that is not a database."""
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("SELECT COUNT(*) FROM sqlite_master")
        # SQLite deletes a database without a name when it is closed.
        db.execute("ATTACH '' AS scratch")
        db.execute(_SCRATCH)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def damage_of(path: Path) -> str:
    """Return what is wrong with a catalogue file, by SQLite's own check; "" for nothing."""
    try:
        with closing(sqlite3.connect(path)) as db:
            found = str(db.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else found
