"""The table of entries: the known entries of each feed, with the marks of their content."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from searcher.feeds.schedule import PACE_DAYS
from searcher.feeds.state.rows import moment

_DAY = 86_400.0


class Entries:
    """The entries of a state. All methods but `a_day` are about one feed, by its address."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self, feed: str) -> dict[str, str]:
        """Return the marks of a feed's entries by their keys."""
        rows = self._connection.execute("SELECT key, hash FROM entries WHERE feed = ?", (feed,))
        return {row[0]: row[1] for row in rows}

    def save(self, feed: str, entries: Iterable[tuple[str, str, datetime]]) -> None:
        """Write entries as (key, mark, time of appearance). A known entry keeps its time."""
        rows = ((feed, key, mark, appeared.timestamp()) for key, mark, appeared in entries)
        self._connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?)"
            " ON CONFLICT (feed, key) DO UPDATE SET hash = excluded.hash",
            rows,
        )

    def appearances(self, feed: str, now: datetime) -> list[tuple[str, datetime]]:
        """Return the key and the time of the entries that appeared in the last PACE_DAYS days."""
        since = now.timestamp() - PACE_DAYS * _DAY
        statement = "SELECT key, moment FROM entries WHERE feed = ? AND moment > ?"
        rows = self._connection.execute(statement, (feed, since))
        return [(row[0], moment(row[1])) for row in rows]

    def a_day(self, now: datetime) -> dict[str, float]:
        """Return the number of articles a day that each feed brought in the last PACE_DAYS days."""
        since = now.timestamp() - PACE_DAYS * _DAY
        statement = "SELECT feed, COUNT(*), MIN(moment) FROM entries WHERE moment > ? GROUP BY feed"
        rows = self._connection.execute(statement, (since,))
        return {
            feed: count / max((now.timestamp() - first) / _DAY, 1.0) for feed, count, first in rows
        }

    def move_feed(self, was: str, url: str) -> None:
        """Assign entries to the new address of their feed; entries known there stay as they are."""
        self._connection.execute("UPDATE OR IGNORE entries SET feed = ? WHERE feed = ?", (url, was))
        self.remove_feed(was)

    def remove_feed(self, feed: str) -> None:
        """Remove the entries of a feed."""
        self._connection.execute("DELETE FROM entries WHERE feed = ?", (feed,))
