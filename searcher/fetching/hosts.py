"""Queues of tasks by host: one request at a time to each host, and a pause after it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Task = TypeVar("Task")


@dataclass(slots=True)
class _Host(Generic[Task]):
    """The queue of a host."""

    pause: float
    """Pause between two requests, in seconds."""
    first: deque[Task] = field(default_factory=deque)
    """Urgent tasks."""
    rest: deque[Task] = field(default_factory=deque)
    """Other tasks."""
    free_at: float = 0.0
    """Time when the next request may begin."""
    is_busy: bool = False
    """Whether a request is under way."""

    @property
    def is_idle(self) -> bool:
        return not (self.first or self.rest or self.is_busy)


class HostQueues(Generic[Task]):
    """Tasks by host, taken in turns. Times are seconds of one monotonic clock. Not safe in
    threads."""

    def __init__(self, pause: float) -> None:
        """pause: seconds from the end of a request to a host to the start of the next one."""
        self._pause = pause
        self._hosts: dict[str, _Host[Task]] = {}
        self.waiting = 0
        """Number of tasks that wait."""
        self.busy = 0
        """Number of hosts with a request under way."""

    def put(self, host: str, task: Task, soon: bool = False) -> None:
        """Add a task. soon: whether it precedes tasks that were added without it."""
        known = self._hosts.setdefault(host, _Host(self._pause))
        (known.first if soon else known.rest).append(task)
        self.waiting += 1

    def take(self, now: float) -> tuple[str, Task] | None:
        """Return a task that may be started now and its host; None if there is none. The host is
        busy until `done` is called for it.
        """
        for name, host in self._hosts.items():
            if not host.is_busy and host.free_at <= now and (host.first or host.rest):
                task = (host.first or host.rest).popleft()
                host.is_busy = True
                self.waiting -= 1
                self.busy += 1
                # The host goes to the end of the dict, so that one with many tasks does not delay
                # the others.
                self._hosts[name] = self._hosts.pop(name)
                return name, task
        return None

    def done(self, name: str, now: float) -> None:
        """End the request to a host; its pause begins."""
        host = self._hosts[name]
        host.is_busy = False
        host.free_at = max(host.free_at, now + host.pause)
        self.busy -= 1

    def slow_down(self, name: str, pause: float) -> None:
        """Raise the pause of a host to at least `pause` seconds. This includes a pause that has
        begun."""
        host = self._hosts.setdefault(name, _Host(self._pause))
        longer = max(host.pause, pause)
        if host.free_at:
            host.free_at += longer - host.pause
        host.pause = longer

    def give_up(self, name: str) -> list[Task]:
        """Remove and return the tasks that wait for a host."""
        host = self._hosts.get(name)
        if host is None:
            return []
        found = [*host.first, *host.rest]
        host.first.clear()
        host.rest.clear()
        self.waiting -= len(found)
        return found

    def next_at(self) -> float | None:
        """Return when the next task may be taken; None if no task waits for a host that is free."""
        times = [
            host.free_at
            for host in self._hosts.values()
            if not host.is_busy and (host.first or host.rest)
        ]
        return min(times, default=None)

    def forget_idle(self, now: float) -> None:
        """Remove hosts without tasks whose pause is over."""
        for name in [
            name for name, host in self._hosts.items() if host.is_idle and host.free_at <= now
        ]:
            del self._hosts[name]
