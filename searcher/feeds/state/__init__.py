"""The state of feeds and alerts, in one SQLite file: raw/.feeds.sqlite.

It is user data, which cannot be rebuilt, unlike the index. Several processes may use it.

database.py opens the file, schema.py creates and migrates its tables, and each other module holds
the SQL of its own tables: subscriptions, entries, pages, alerts, small_tables.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from searcher.feeds.state.alerts import Alerts
from searcher.feeds.state.database import Database
from searcher.feeds.state.entries import Entries
from searcher.feeds.state.pages import Pages
from searcher.feeds.state.small_tables import Counters, Hosts
from searcher.feeds.state.subscriptions import Subscriptions


class FeedState:
    """The open state. Not safe in threads: each thread opens its own.

    A write outside a `transaction` is a transaction of its own. It is durable when it returns.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, create it if it is missing, and migrate it if it is of an older version.

        Raises StateNewer if a newer version of this software wrote it, StateDamaged if it is not a
        state of feeds, WriteFailed if it cannot be written, and OSError.
        """
        self.path = path
        self._database = Database(path)
        connection = self._database.connection
        self.entries = Entries(connection)
        self.pages = Pages(connection)
        self.subscriptions = Subscriptions(self._database, self.entries, self.pages)
        self.hosts = Hosts(connection)
        self.alerts = Alerts(self._database)
        self.counters = Counters(connection)

    def transaction(self) -> AbstractContextManager[None]:
        """Apply all writes inside it, or none. A nested one is part of the outer one.

        Raises WriteFailed.
        """
        return self._database.transaction()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close the file. Raises WriteFailed or StateDamaged in place of an error of SQLite."""
        self._database.close_after(error)
