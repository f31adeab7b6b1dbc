"""The table of subscriptions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from searcher.feeds.schedule import is_due
from searcher.feeds.state.database import Database
from searcher.feeds.state.entries import Entries
from searcher.feeds.state.pages import Pages
from searcher.feeds.state.rows import insert, to_row, to_subscription
from searcher.feeds.subscription import Mode, Subscription


class Subscriptions:
    """The subscriptions of a state."""

    def __init__(self, database: Database, entries: Entries, pages: Pages) -> None:
        """entries, pages: tables whose rows follow a subscription that moves or ends."""
        self._database = database
        self._connection = database.connection
        self._entries = entries
        self._pages = pages

    def all(self) -> list[Subscription]:
        """Return all subscriptions, ordered by address."""
        rows = self._connection.execute("SELECT * FROM feeds ORDER BY url")
        return [to_subscription(row) for row in rows]

    def get(self, url: str) -> Subscription | None:
        """Return the subscription with this address, or the one that moved away from it."""
        row = self._connection.execute("SELECT * FROM feeds WHERE url = ?", (url,)).fetchone()
        if row is not None:
            return to_subscription(row)
        # moved_from is a list in JSON; its index leaves out the many feeds that never moved.
        moved = "SELECT * FROM feeds WHERE moved_from <> '[]' AND instr(moved_from, ?) LIMIT 1"
        quoted = json.dumps(url, ensure_ascii=False)
        row = self._connection.execute(moved, (quoted,)).fetchone()
        return to_subscription(row) if row else None

    def due(self, now: datetime) -> list[Subscription]:
        """Return the subscriptions that are due, in the order in which they became due."""
        seconds = now.timestamp()
        rows = self._connection.execute(
            "SELECT * FROM feeds WHERE next_try <= ? OR checked > ?", (seconds, seconds)
        )
        found = [one for one in map(to_subscription, rows) if is_due(one, now)]
        return sorted(found, key=lambda one: one.next_try)

    def add(self, url: str, mode: Mode, now: datetime, title: str = "") -> bool:
        """Add a subscription that is due at once, and return whether it was added. An existing one
        is not changed, unless its feed is gone: then it is replaced.
        """
        known = self.get(url)
        if known is not None and not known.gone:
            return False
        if known is not None:
            self.save(replace(known, gone=False, problem="", failures=0, mode=mode, next_try=now))
            return True
        self.save(Subscription(url, mode, now, now, title))
        return True

    def set_mode(self, url: str, mode: Mode) -> bool:
        """Change the mode of a subscription, and return whether it was a different one."""
        changed = self._connection.execute(
            "UPDATE feeds SET mode = ? WHERE url = ? AND mode <> ?", (mode, url, mode)
        )
        return changed.rowcount > 0

    def save(self, subscription: Subscription, was: str = "") -> None:
        """Write a subscription. was: its previous address, if that changed."""
        with self._database.transaction():
            if was and was != subscription.url:
                self._connection.execute("DELETE FROM feeds WHERE url = ?", (was,))
                self._entries.move_feed(was, subscription.url)
                self._pages.move_feed(was, subscription.url)
            insert(self._connection, "feeds", to_row(subscription))

    def remove(self, url: str) -> bool:
        """Remove a subscription, and return whether it existed. Its articles stay."""
        found = self.get(url)
        if found is None:
            return False
        with self._database.transaction():
            self._connection.execute("DELETE FROM feeds WHERE url = ?", (found.url,))
            self._entries.remove_feed(found.url)
            self._pages.remove_feed(found.url)
        return True
