"""The decision whether a request may be sent: now, later, after robots.txt, or never. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from searcher.errors import AddressRefused, FetchFailed
from searcher.feeds.robots_task import is_current
from searcher.feeds.tasks import Request
from searcher.fetching.robots import delay, may_fetch


@dataclass(frozen=True, slots=True)
class Admitted:
    """The request may be sent as soon as its host is free."""

    pause: float = 0.0
    """Minimum pause between two requests to the host, in seconds, that robots.txt asks for."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The request may not be sent yet."""

    until: datetime
    """Time when it may be sent."""


@dataclass(frozen=True, slots=True)
class RobotsNeeded:
    """The robots.txt of the server has to be fetched first."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The request may not be sent."""

    failure: FetchFailed
    """The result of the request, in place of an answer."""


Admission = Admitted | Postponed | RobotsNeeded | Refused


def admit(
    request: Request,
    held_until: datetime | None,
    robots: tuple[datetime, str | None] | None,
    agent: str,
    now: datetime,
) -> Admission:
    """Return whether a request may be sent.

    held_until: end of the time for which its host asked not to be sent requests.
    robots: time and text of the server's robots.txt, as the state has them.
    agent: our name in rules of robots.txt.
    """
    if held_until is not None:
        return Postponed(held_until)
    if not request.task.obeys_robots:
        return Admitted()
    if robots is None or not is_current(*robots, now):
        return RobotsNeeded()
    rules = robots[1]
    if rules is None:
        return Refused(FetchFailed(request.url, "its robots.txt cannot be read"))
    if not may_fetch(rules, request.url, agent):
        return Refused(AddressRefused(request.url, "robots.txt does not allow it"))
    return Admitted(delay(rules, agent))
