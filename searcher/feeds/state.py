"""The state of the feeds, in SQLite: subscriptions, what is known of their entries and pages, and
robots.txt.

It lies in raw/, for it cannot be made again: an index can. Several processes may use it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from searcher.errors import StateDamaged, WriteFailed
from searcher.feeds.schedule import LONGEST_WAIT, PACE_DAYS, is_due
from searcher.feeds.subscription import Mode, Page, Subscription

_VERSION = 1
_BUSY_SECONDS = 30.0
_DAY = 86_400.0
_SCHEMA = """
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
_MOMENTS = ("added", "next_try", "checked", "succeeded", "fetched")


class FeedState:
    """The open state. One thread uses it; what a `transaction` wrote is durable when it ends."""

    def __init__(self, path: Path) -> None:
        """Raises StateDamaged for a file that is no state of this version, WriteFailed and
        OSError."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # There may be passwords in what is followed, and in whom alerts are told to. A file that is
        # there is not opened here: closing it would end the locks that another connection of this
        # process has on it.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA synchronous = FULL")
            if self._version() != _VERSION:
                self._begin()
        except BaseException as error:
            self._end(error)
            raise

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _begin(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        with self.transaction():
            version = self._version()
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                raise StateDamaged(
                    f"the state of the feeds in {self.path} is of version {version}, not {_VERSION}"
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raises WriteFailed and StateDamaged in place of what SQLite raised."""
        self._end(error)

    def _end(self, error: BaseException | None) -> None:
        self.close()
        if isinstance(error, sqlite3.OperationalError):
            raise WriteFailed(
                f"the state of the feeds in {self.path} cannot be used: {error}"
            ) from error
        if isinstance(error, sqlite3.DatabaseError):
            raise StateDamaged(
                f"the state of the feeds in {self.path} cannot be read: {error}"
            ) from error

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written within it, or nothing; within another one it is part of that.
        Raises WriteFailed."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise WriteFailed(
                    f"the state of the feeds in {self.path} cannot be written: {error}"
                ) from error
            raise

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Runs one statement; for the modules that keep tables of their own here."""
        return self._db.execute(statement, values)

    # Subscriptions

    def subscriptions(self) -> list[Subscription]:
        """All, by address."""
        return [_subscription(row) for row in self._db.execute("SELECT * FROM feeds ORDER BY url")]

    def subscription(self, url: str) -> Subscription | None:
        """The one with this address, or whose address it was."""
        row = self._db.execute("SELECT * FROM feeds WHERE url = ?", (url,)).fetchone()
        if row is not None:
            return _subscription(row)
        # The addresses are a list in JSON.
        moved = "SELECT * FROM feeds WHERE moved_from <> '[]' AND instr(moved_from, ?) LIMIT 1"
        row = self._db.execute(moved, (json.dumps(url, ensure_ascii=False),)).fetchone()
        return _subscription(row) if row else None

    def due(self, now: datetime) -> list[Subscription]:
        """Those to be tried, the one that waits longest first."""
        moment = now.timestamp()
        rows = self._db.execute(
            "SELECT * FROM feeds WHERE next_try <= ? OR checked > ?", (moment, moment)
        )
        found = [one for one in map(_subscription, rows) if is_due(one, now)]
        return sorted(found, key=lambda one: one.next_try)

    def subscribe(self, url: str, mode: Mode, now: datetime, title: str = "") -> bool:
        """Adds a subscription that is due at once, unless it is there; says whether it was added.
        One to a feed that was gone begins anew."""
        known = self.subscription(url)
        if known is not None and not known.gone:
            return False
        if known is not None:
            self.save(replace(known, gone=False, problem="", failures=0, mode=mode, next_try=now))
            return True
        self.save(Subscription(url, mode, now, now, title))
        return True

    def set_mode(self, url: str, mode: Mode) -> bool:
        """Changes the mode of a subscription; says whether it was another one."""
        changed = self._db.execute(
            "UPDATE feeds SET mode = ? WHERE url = ? AND mode <> ?", (mode, url, mode)
        )
        return changed.rowcount > 0

    def save(self, subscription: Subscription, was: str = "") -> None:
        """Writes what is known of a feed; `was` is its address before, if that changed."""
        values = _row(subscription)
        with self.transaction():
            if was and was != subscription.url:
                self._db.execute("DELETE FROM feeds WHERE url = ?", (was,))
                self._db.execute(
                    "UPDATE OR IGNORE entries SET feed = ? WHERE feed = ?", (subscription.url, was)
                )
                self._db.execute("DELETE FROM entries WHERE feed = ?", (was,))
                self._db.execute(
                    "UPDATE pages SET feed = ? WHERE feed = ?", (subscription.url, was)
                )
            self._insert("feeds", values)

    def unsubscribe(self, url: str) -> bool:
        """Ends a subscription; what it brought stays. Says whether there was one."""
        found = self.subscription(url)
        if found is None:
            return False
        with self.transaction():
            self._db.execute("DELETE FROM feeds WHERE url = ?", (found.url,))
            self._db.execute("DELETE FROM entries WHERE feed = ?", (found.url,))
            self._db.execute("DELETE FROM pages WHERE feed = ? AND checks = 0", (found.url,))
            self._db.execute("UPDATE pages SET next_try = NULL WHERE feed = ?", (found.url,))
        return True

    # Entries

    def known_entries(self, feed: str) -> dict[str, str]:
        """The digests of a feed's entries by their names."""
        return {
            row[0]: row[1]
            for row in self._db.execute("SELECT key, hash FROM entries WHERE feed = ?", (feed,))
        }

    def note_entries(self, feed: str, entries: Iterable[tuple[str, str, datetime]]) -> None:
        """Notes entries: name, digest, and when each appeared; that of a known one stays."""
        rows = ((feed, key, digest, moment.timestamp()) for key, digest, moment in entries)
        self._db.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?) ON CONFLICT (feed, key) DO UPDATE SET hash = "
            "excluded.hash",
            rows,
        )

    def moments(self, feed: str, now: datetime) -> list[datetime]:
        """When the entries of the last days appeared."""
        since = now.timestamp() - PACE_DAYS * _DAY
        rows = self._db.execute(
            "SELECT moment FROM entries WHERE feed = ? AND moment > ?", (feed, since)
        )
        return [_moment(row[0]) for row in rows]

    def a_day(self, now: datetime) -> dict[str, float]:
        """By feed, how many articles it brings a day."""
        since = now.timestamp() - PACE_DAYS * _DAY
        statement = "SELECT feed, COUNT(*), MIN(moment) FROM entries WHERE moment > ? GROUP BY feed"
        rows = self._db.execute(statement, (since,))
        return {
            feed: count / max((now.timestamp() - first) / _DAY, 1.0) for feed, count, first in rows
        }

    # Pages

    def due_pages(self, now: datetime, most: int, of_a_host: int = 1 << 20) -> list[Page]:
        """Pages to be asked for, the one that waits longest first; of one host not more than
        `of_a_host`."""
        statement = (
            "SELECT * FROM pages WHERE key IN (SELECT key FROM"
            " (SELECT key, ROW_NUMBER() OVER (PARTITION BY host ORDER BY next_try) AS place FROM "
            "pages"
            " WHERE next_try <= ? OR next_try > ?) WHERE place <= ?) ORDER BY next_try LIMIT ?"
        )
        moment = now.timestamp()
        rows = self._db.execute(
            statement, (moment, moment + LONGEST_WAIT.total_seconds(), of_a_host, most)
        )
        return [_page(row) for row in rows]

    def page(self, key: str) -> Page | None:
        row = self._db.execute("SELECT * FROM pages WHERE key = ?", (key,)).fetchone()
        return _page(row) if row else None

    def save_page(self, page: Page) -> None:
        self._insert("pages", _row(page) | {"host": urlsplit(page.url).hostname or ""})

    def received_at(self, final: str, most: int = 20) -> list[Page]:
        """Pages that were received at the address with this key, some of them if they are many."""
        return [
            _page(row)
            for row in self._db.execute(
                "SELECT * FROM pages WHERE final = ? LIMIT ?", (final, most)
            )
        ]

    def waiting_pages(self) -> int:
        """How many pages are still to be received for the first time."""
        statement = "SELECT COUNT(*) FROM pages WHERE next_try IS NOT NULL AND checks = 0"
        return int(self._db.execute(statement).fetchone()[0])

    # Hosts

    def hold(self, host: str, until: datetime) -> None:
        """Notes that a host asked to be left alone."""
        self._db.execute("INSERT OR REPLACE INTO holds VALUES (?, ?)", (host, until.timestamp()))

    def held_until(self, host: str, now: datetime) -> datetime | None:
        """Until when a host is to be left alone, if it is."""
        row = self._db.execute("SELECT until FROM holds WHERE host = ?", (host,)).fetchone()
        until = _moment(row[0]) if row else now
        return until if now < until < now + LONGEST_WAIT else None

    def robots(self, origin: str) -> tuple[datetime, str | None] | None:
        """When the rules of a server were asked for, and what they are: None if it could not
        answer."""
        row = self._db.execute(
            "SELECT fetched, rules FROM robots WHERE origin = ?", (origin,)
        ).fetchone()
        return (_moment(row[0]), row[1]) if row else None

    def save_robots(self, origin: str, fetched: datetime, rules: str | None) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, fetched.timestamp(), rules)
        )

    # Counters

    def count(self, **numbers: float) -> None:
        """Adds to counters."""
        statement = (
            "INSERT INTO counters VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        )
        self._db.executemany(statement, numbers.items())

    def counters(self) -> dict[str, float]:
        return {row[0]: row[1] for row in self._db.execute("SELECT name, value FROM counters")}

    def _insert(self, table: str, values: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(values))
        names = ", ".join(values)
        self._db.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
        )


def _row(value: Subscription | Page) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(value):
        one = getattr(value, field.name)
        if isinstance(one, datetime):
            one = one.timestamp()
        elif isinstance(one, (dict, tuple)):
            one = json.dumps(one, ensure_ascii=False)
        found[field.name] = one
    return found


def _values(row: sqlite3.Row) -> dict[str, Any]:
    names = row.keys()
    return {
        name: _moment(row[name]) if name in _MOMENTS and row[name] is not None else row[name]
        for name in names
    }


def _subscription(row: sqlite3.Row) -> Subscription:
    values = _values(row)
    lists = {
        name: tuple(json.loads(row[name])) for name in ("moved_from", "skip_hours", "skip_days")
    }
    return Subscription(**values | lists | {"gone": bool(row["gone"])})


def _page(row: sqlite3.Row) -> Page:
    values = {name: value for name, value in _values(row).items() if name != "host"}
    return Page(**values | {"entry": json.loads(row["entry"])})


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
