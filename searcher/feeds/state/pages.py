"""The table of pages."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from urllib.parse import urlsplit

from searcher.feeds.schedule import LONGEST_WAIT
from searcher.feeds.state.rows import insert, to_page, to_row
from searcher.feeds.subscription import Page

_NO_LIMIT = 1 << 20


class Pages:
    """The pages of a state."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def due(self, now: datetime, most: int, of_a_host: int = _NO_LIMIT) -> list[Page]:
        """Return the pages that are due, in the order in which they became due.

        most: maximum number of pages.
        of_a_host: maximum number of pages of one host.
        """
        statement = (
            "SELECT * FROM pages WHERE key IN (SELECT key FROM"
            " (SELECT key, ROW_NUMBER() OVER (PARTITION BY host ORDER BY next_try) AS place"
            " FROM pages WHERE next_try <= ? OR next_try > ?) WHERE place <= ?)"
            " ORDER BY next_try LIMIT ?"
        )
        # A later time than the longest wait was written before the clock was set back.
        latest = (now + LONGEST_WAIT).timestamp()
        rows = self._connection.execute(statement, (now.timestamp(), latest, of_a_host, most))
        return [to_page(row) for row in rows]

    def get(self, key: str) -> Page | None:
        """Return the page with this key."""
        row = self._connection.execute("SELECT * FROM pages WHERE key = ?", (key,)).fetchone()
        return to_page(row) if row else None

    def save(self, page: Page) -> None:
        """Write a page."""
        host = urlsplit(page.url).hostname or ""
        insert(self._connection, "pages", to_row(page) | {"host": host})

    def received_at(self, final: str, most: int = 20) -> list[Page]:
        """Return at most `most` pages that were received at the address with this key."""
        statement = "SELECT * FROM pages WHERE final = ? LIMIT ?"
        return [to_page(row) for row in self._connection.execute(statement, (final, most))]

    def count_waiting(self) -> int:
        """Return the number of pages that were never received and will be asked for."""
        statement = "SELECT COUNT(*) FROM pages WHERE next_try IS NOT NULL AND checks = 0"
        return int(self._connection.execute(statement).fetchone()[0])

    def move_feed(self, was: str, url: str) -> None:
        """Assign pages to the new address of their feed."""
        self._connection.execute("UPDATE pages SET feed = ? WHERE feed = ?", (url, was))

    def remove_feed(self, feed: str) -> None:
        """Delete a feed's pages that were never received; stop refetching the others."""
        self._connection.execute("DELETE FROM pages WHERE feed = ? AND checks = 0", (feed,))
        self._connection.execute("UPDATE pages SET next_try = NULL WHERE feed = ?", (feed,))
