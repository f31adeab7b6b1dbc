"""The connection to the state's SQLite file, its transactions, and the errors that SQLite raises
translated into ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from searcher.errors import StateDamaged, WriteFailed
from searcher.feeds.state.schema import migrate

_BUSY_SECONDS = 30.0
"""Maximum time to wait for another process's write, in seconds. A write takes milliseconds; a
shorter wait would fail on a slow disk, a longer one would hide a process that hangs."""


class Database:
    """An open connection to the file. Only the modules of this package use it."""

    def __init__(self, path: Path) -> None:
        """Raises as `FeedState`."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # Addresses of feeds and webhooks may hold passwords, so only the owner may read the file.
        # An existing file is not opened here: POSIX drops all locks of a process on a file when any
        # of its descriptors is closed, including those of another connection.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        self.connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        try:
            self.connection.execute("PRAGMA synchronous = FULL")
            migrate(self.connection, path)
        except BaseException as error:
            self.close_after(error)
            raise

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def close_after(self, error: BaseException | None) -> None:
        """Close the connection. Raises WriteFailed or StateDamaged for an error of SQLite."""
        self.close()
        if isinstance(error, sqlite3.OperationalError):
            raise WriteFailed(
                f"the state of the feeds in {self.path} cannot be used: {error}"
            ) from error
        if isinstance(error, sqlite3.DatabaseError):
            raise StateDamaged(
                f"the state of the feeds in {self.path} cannot be read: {error}"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Apply all writes inside it, or none. A nested one is part of the outer one.

        Raises WriteFailed.
        """
        if self.connection.in_transaction:
            yield
            return
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except BaseException as error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise WriteFailed(
                    f"the state of the feeds in {self.path} cannot be written: {error}"
                ) from error
            raise
