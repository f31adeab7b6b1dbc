"""The newest commit of an index, kept open for its readers. Engines on a disk and on a cluster keep
it alike."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, Self, TypeVar

from searcher.engine.base import FindingByTerms

_RENEWED_SECONDS = 1.0
"""Maximum number of seconds for which readers trust that a thread looks for commits."""


class SharedSnapshot(FindingByTerms):
    """A snapshot that its readers share. The last one that closes it releases it."""

    def __init__(self) -> None:
        self._users = 1
        self._users_lock = threading.Lock()

    @abstractmethod
    def release(self) -> None:
        """Release what the snapshot holds."""

    def shared(self) -> Self:
        with self._users_lock:
            self._users += 1
        return self

    def close(self) -> None:
        with self._users_lock:
            self._users -= 1
            if self._users == 0:
                self.release()


Kept = TypeVar("Kept", bound=SharedSnapshot)


class KeepingNewest(ABC, Generic[Kept]):
    """An engine that keeps the newest snapshot of its index open. Safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: Kept | None = None
        self._trusted_until = 0.0

    @abstractmethod
    def _open(self) -> Kept:
        """Open the newest commit. Raises as `Engine.snapshot`."""

    @abstractmethod
    def _is_newest(self, snapshot: Kept, for_others: bool) -> bool:
        """Return whether no commit followed that of a snapshot.

        for_others: whether the caller looks for commits in the place of readers, who trust it.
        """

    def snapshot(self) -> Kept:
        with self._lock:
            current = self._current
            if current is not None and time.monotonic() <= self._trusted_until:
                return current.shared()
            if current is None or not self._is_newest(current, False):
                opened = self._open()
                if current is not None:
                    current.close()
                self._current = current = opened
            return current.shared()

    def renew(self, prepare: Callable[[Kept], None]) -> None:
        with self._lock:
            before = self._current
        if before is None or not self._is_newest(before, True):
            opened = self._open()
            try:
                prepare(opened)
            except BaseException:
                opened.close()
                raise
            with self._lock:
                # A reader that did not trust this thread may have opened a later commit.
                replaced = before if self._current is before else opened
                if self._current is before:
                    self._current = opened
            if replaced is not None:
                replaced.close()
        self._trusted_until = time.monotonic() + _RENEWED_SECONDS

    def close(self) -> None:
        with self._lock:
            if self._current is not None:
                self._current.close()
                self._current = None
