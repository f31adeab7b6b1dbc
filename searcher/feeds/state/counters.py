"""The table of counters, which /metrics shows."""

from __future__ import annotations

import sqlite3


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
