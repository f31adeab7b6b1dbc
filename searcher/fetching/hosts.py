"""Who is asked next: one request at a time to each host, and a pause after it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Task = TypeVar("Task")


@dataclass(slots=True)
class _Host(Generic[Task]):
    """first, rest: what waits. free_at: when the next request may begin. pause: seconds between
    two."""

    pause: float
    first: deque[Task] = field(default_factory=deque)
    rest: deque[Task] = field(default_factory=deque)
    free_at: float = 0.0
    is_busy: bool = False

    @property
    def is_idle(self) -> bool:
        return not (self.first or self.rest or self.is_busy)


class Hosts(Generic[Task]):
    """Tasks by host, taken in turns. All times are seconds of one monotonic clock. Not safe in
    threads."""

    def __init__(self, pause: float) -> None:
        """pause: seconds from the end of one request to a host to the beginning of the next."""
        self._pause = pause
        self._hosts: dict[str, _Host[Task]] = {}
        self.waiting = 0
        self.busy = 0

    def put(self, host: str, task: Task, soon: bool = False) -> None:
        """Adds a task; `soon` before those that are not."""
        known = self._hosts.setdefault(host, _Host(self._pause))
        (known.first if soon else known.rest).append(task)
        self.waiting += 1

    def take(self, now: float) -> tuple[str, Task] | None:
        """A task whose host may be asked now; the host is busy until `done`."""
        for name, host in self._hosts.items():
            if not host.is_busy and host.free_at <= now and (host.first or host.rest):
                task = (host.first or host.rest).popleft()
                host.is_busy = True
                self.waiting -= 1
                self.busy += 1
                # To the end of the line, so that a host with much to ask for does not keep the
                # others waiting.
                self._hosts[name] = self._hosts.pop(name)
                return name, task
        return None

    def done(self, name: str, now: float) -> None:
        """A request to the host is over."""
        host = self._hosts[name]
        host.is_busy = False
        host.free_at = max(host.free_at, now + host.pause)
        self.busy -= 1

    def slow_down(self, name: str, pause: float) -> None:
        """Lengthens the pause of a host, also the one that has begun."""
        host = self._hosts.setdefault(name, _Host(self._pause))
        longer = max(host.pause, pause)
        if host.free_at:
            host.free_at += longer - host.pause
        host.pause = longer

    def give_up(self, name: str) -> list[Task]:
        """Takes back what waits for a host that does not want to be asked now."""
        host = self._hosts.get(name)
        if host is None:
            return []
        found = [*host.first, *host.rest]
        host.first.clear()
        host.rest.clear()
        self.waiting -= len(found)
        return found

    def next_at(self) -> float | None:
        """When the next task may be taken; None if only the end of a request can tell."""
        times = [
            host.free_at
            for host in self._hosts.values()
            if not host.is_busy and (host.first or host.rest)
        ]
        return min(times, default=None)

    def forget_idle(self, now: float) -> None:
        """Forgets hosts of which nothing is wanted and whose pause is over."""
        for name in [
            name for name, host in self._hosts.items() if host.is_idle and host.free_at <= now
        ]:
            del self._hosts[name]
