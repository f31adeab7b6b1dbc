"""The small tables: counters, robots.txt of servers, and the times before which hosts asked not to
be sent requests."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from searcher.feeds.schedule import LONGEST_WAIT
from searcher.feeds.state.rows import moment


class Hosts:
    """The robots.txt and the holds of hosts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hold(self, host: str, until: datetime) -> None:
        """Write that no request may be sent to a host until this time."""
        statement = "INSERT OR REPLACE INTO holds VALUES (?, ?)"
        self._connection.execute(statement, (host, until.timestamp()))

    def held_until(self, host: str, now: datetime) -> datetime | None:
        """Return the time before which no request may be sent to a host; None if one may be sent
        now."""
        statement = "SELECT until FROM holds WHERE host = ?"
        row = self._connection.execute(statement, (host,)).fetchone()
        until = moment(row[0]) if row else now
        # A later time than the longest wait was written before the clock was set back.
        return until if now < until < now + LONGEST_WAIT else None

    def robots(self, origin: str) -> tuple[datetime, str | None] | None:
        """Return the time when the robots.txt of a server was fetched, and its text; None if it
        never was.

        The text is None if the server failed to answer.
        """
        statement = "SELECT fetched, rules FROM robots WHERE origin = ?"
        row = self._connection.execute(statement, (origin,)).fetchone()
        return (moment(row[0]), row[1]) if row else None

    def save_robots(self, origin: str, fetched: datetime, rules: str | None) -> None:
        """Write the robots.txt of a server; None if the server failed to answer."""
        statement = "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)"
        self._connection.execute(statement, (origin, fetched.timestamp(), rules))


class Counters:
    """The counters of a state, by name. They only grow."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, **numbers: float) -> None:
        """Add a number to each of these counters."""
        statement = (
            "INSERT INTO counters VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        )
        self._connection.executemany(statement, numbers.items())

    def all(self) -> dict[str, float]:
        """Return the counters by name."""
        rows = self._connection.execute("SELECT name, value FROM counters")
        return {row[0]: row[1] for row in rows}
