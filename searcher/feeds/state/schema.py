"""The tables of the state, and the migrations from every earlier version of them.

To change a table: append a function to `_STEPS`, and never change an earlier one, because files of
users were written by it. Then run `python tests/golden.py`, which dumps a state of the new version
beside those of the older ones; the tests read and migrate all of them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from searcher.durable import sync_file, sync_folder
from searcher.errors import StateDamaged, StateNewer, WriteFailed


def _create(connection: sqlite3.Connection) -> None:
    """Version 1: the first release."""
    for statement in _FIRST_TABLES.split(";"):
        connection.execute(statement)


def _index_alarms_by_alert(connection: sqlite3.Connection) -> None:
    """Version 2: the latest alarms of one alert are found without reading those of all alerts.

    With 200,000 alarms in 21 alerts, /alerts needs .02 ms for an alert in place of up to 70.
    """
    connection.execute("CREATE INDEX alarms_by_alert ON alarms (alert, number)")


_STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create, _index_alarms_by_alert)
"""The step at index n takes a file from version n to version n + 1; version 0 is an empty file."""

SCHEMA_VERSION = len(_STEPS)
"""Version of the tables that this software reads and writes, stored in `PRAGMA user_version`."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate a file to `SCHEMA_VERSION`: all missing steps in one transaction, or none of them.

    A file that already holds data is first copied to `backup_path`. Several processes may do this
    at the same time: the first one migrates, and the others wait for it.

    Raises StateNewer, StateDamaged, WriteFailed and the errors of SQLite.
    """
    if _version(connection, path) == SCHEMA_VERSION:
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated the file before this one got the lock.
        found = _version(connection, path)
        if 0 < found < SCHEMA_VERSION:
            _back_up(path, backup_path(path, found))
        for number in range(found, SCHEMA_VERSION):
            _STEPS[number](connection)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def backup_path(path: Path, version: int) -> Path:
    """Return the path of the copy of a file that is made before it is migrated from `version`."""
    return path.with_name(f"{path.name}.v{version}-backup")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of a file. Raises StateNewer, or StateDamaged for a foreign database."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > SCHEMA_VERSION:
        raise StateNewer(
            f"the state of the feeds in {path} was written by a newer version of this software "
            f"(its version is {found}, this software reads up to {SCHEMA_VERSION}): "
            "update the software"
        )
    tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    if found < 0 or (found == 0 and tables):
        raise StateDamaged(f"{path} is a database, but not a state of feeds")
    return found


def _back_up(path: Path, target: Path) -> None:
    """Copy a file durably: the target is whole, or is not there. Raises WriteFailed.

    The caller holds the write lock, so the copy is the last state before the migration. It is read
    through a second connection, because part of it may still be in the write-ahead log.
    """
    unfinished = target.with_name(f"{target.name}.tmp")
    try:
        with suppress(FileNotFoundError):
            unfinished.unlink()
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            # Without this, opening the copy would write a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        sync_file(unfinished)
        unfinished.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.OperationalError) as error:
        with suppress(OSError):
            unfinished.unlink()
        raise WriteFailed(
            f"{path} was not migrated, because its copy {target} cannot be written: {error}"
        ) from error


_FIRST_TABLES = """
CREATE TABLE feeds (
    url TEXT PRIMARY KEY, mode TEXT NOT NULL, added REAL NOT NULL, next_try REAL NOT NULL,
    title TEXT NOT NULL,
    site TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, digest TEXT NOT NULL,
    record TEXT NOT NULL,
    checked REAL, succeeded REAL, failures INTEGER NOT NULL, problem TEXT NOT NULL,
    interval REAL NOT NULL,
    gone INTEGER NOT NULL, moved_from TEXT NOT NULL, skip_hours TEXT NOT NULL,
    skip_days TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX moved_feeds ON feeds (moved_from) WHERE moved_from <> '[]';
CREATE TABLE entries (
    feed TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, moment REAL NOT NULL,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX entries_by_moment ON entries (feed, moment);
CREATE TABLE pages (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, feed TEXT NOT NULL,
    entry TEXT NOT NULL, next_try REAL,
    tries INTEGER NOT NULL, checks INTEGER NOT NULL, problem TEXT NOT NULL, etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    digest TEXT NOT NULL, record TEXT NOT NULL, fetched REAL, final TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX pages_by_next_try ON pages (next_try) WHERE next_try IS NOT NULL;
CREATE INDEX pages_by_final ON pages (final);
CREATE TABLE robots (origin TEXT PRIMARY KEY, fetched REAL NOT NULL, rules TEXT) WITHOUT ROWID;
CREATE TABLE holds (host TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE alerts (
    name TEXT PRIMARY KEY, query TEXT NOT NULL, added REAL NOT NULL, webhook TEXT NOT NULL,
    command TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE alarms (
    number INTEGER PRIMARY KEY, alert TEXT NOT NULL, article TEXT NOT NULL, at REAL NOT NULL,
    value TEXT NOT NULL,
    delivered INTEGER NOT NULL, tries INTEGER NOT NULL, next_try REAL NOT NULL,
    UNIQUE (alert, article)
);
CREATE INDEX alarms_to_deliver ON alarms (next_try) WHERE delivered = 0;
CREATE TABLE counters (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
"""
"""Times are in seconds since 1970. moved_from, skip_hours, skip_days and entry are JSON, and so is
an alarm's value. delivered: 1 if delivered or if there is no receiver, 0 if not delivered yet, -1
if given up."""
