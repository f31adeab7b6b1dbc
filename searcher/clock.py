"""Clocks: the machine's, and one for tests that is set by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of the current time. Safe in threads."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary start; they never decrease."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(slots=True)
class FixedClock:
    """A clock that shows the time that it was set to."""

    moment: datetime
    """The current time, aware."""
    seconds: float = 0.0
    """The monotonic time, in seconds."""

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds
