"""The tables of the catalogue, in SQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_BUSY_SECONDS = 30.0
"""Maximum time to wait for another process that has the database locked. The writer's lock keeps
other runs away, so only a reader can be the reason."""

LAYOUT = 1
"""Version of the tables, kept in SQLite's user_version. Raise it whenever they change: a catalogue
of another layout is made again. A new database has 0."""

SCHEMA = f"""
PRAGMA user_version = {LAYOUT};
CREATE TABLE state (generation INTEGER NOT NULL);
CREATE TABLE files (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER, mtime_ns INTEGER,
    problems TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX unread ON files (number) WHERE size IS NULL;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file INTEGER, part INTEGER, hash BLOB,
    version REAL, anonymous INTEGER, partial INTEGER
);
CREATE INDEX articles_by_file ON articles (file);
CREATE TABLE claims (
    file INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (file, article)
) WITHOUT ROWID;
CREATE INDEX claims_by_article ON claims (article);
CREATE TABLE addresses (key INTEGER PRIMARY KEY, id TEXT NOT NULL);
"""
"""- state: the generation
- files: the files by number. Of those that were read: up to which byte (`size`), and their
  problems as JSON
- articles: the articles by number. Those of the index have a file, and the other fields of Held
- claims: which file gives which article
- addresses: the key of an address, as a number, and the article that it leads to
"""

OLDER_FILES = "SELECT name FROM files UNION SELECT file FROM claims UNION SELECT file FROM held"
"""The names of the files in layout 0. Only they can tell where the articles of an index came from
that cannot be read either."""

UNUSED = """
DELETE FROM articles WHERE file IS NULL
    AND NOT EXISTS (SELECT 1 FROM claims WHERE article = number);
DELETE FROM files WHERE size IS NULL
    AND NOT EXISTS (SELECT 1 FROM claims WHERE file = number)
    AND NOT EXISTS (SELECT 1 FROM articles WHERE file = files.number)
"""
"""Deletes the rows that nothing refers to, before their numbers are given to others."""

HELD = (
    "SELECT id, name, part, hash, version, anonymous, partial"
    " FROM articles JOIN files ON files.number = file"
)
"""Selects the articles of the index as rows for _held."""

SCRATCH = "CREATE TABLE scratch.past (id TEXT PRIMARY KEY, article TEXT NOT NULL) WITHOUT ROWID"
"""Articles that were written since the last commit, as JSON without their text: the index does not
return them before it."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database. Raises sqlite3.DatabaseError for a file that is not a database."""
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("SELECT COUNT(*) FROM sqlite_master")
        # SQLite deletes a database without a name when it is closed.
        db.execute("ATTACH '' AS scratch")
        db.execute(SCRATCH)
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
