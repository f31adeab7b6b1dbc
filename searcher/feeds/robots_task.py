"""The task of fetching the robots.txt of a server, and when its rules are current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from searcher.errors import FetchFailed
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.http_answers import (
    BUSY,
    OK,
    end_of_hold,
    host_of,
    recorded,
    redirected,
    requested_wait,
)
from searcher.feeds.intents import SaveRobots
from searcher.feeds.state import FeedState
from searcher.feeds.tasks import Outcome, ParsedFeed, Request, Result
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.exchange import Exchange
from searcher.fetching.robots import LARGEST_ROBOTS, address_of

_ACCEPT = "text/plain, */*;q=0.1"

_REFUSED = range(400, 500)
"""Statuses after which everything is allowed, unless the server is busy (RFC 9309, 2.3.1.3)."""

_MOST_REDIRECTS = 5
"""Maximum number of redirects that are followed, as RFC 9309, 2.3.1.2 asks for."""

_MAX_AGE = timedelta(days=1)
"""Time for which rules are current (RFC 9309, 2.4: at most 24 hours)."""

_MAX_AGE_OF_FAILURE = timedelta(hours=1)
"""Time after which a server that failed to answer is asked again. All of its pages wait for it."""


@dataclass(frozen=True, slots=True)
class RobotsTask:
    """Fetch the robots.txt of a server."""

    origin: str
    """Scheme, host and port of the server."""
    url: str
    """Address to request."""
    hops: tuple[str, ...] = ()
    """Addresses requested on the way, by redirects."""

    is_urgent: ClassVar[bool] = True
    obeys_robots: ClassVar[bool] = False

    @property
    def name(self) -> str:
        return robots_name(self.origin)

    def request(self) -> Request:
        return Request(self.url, {"Accept": _ACCEPT}, LARGEST_ROBOTS, host_of(self.url), self)

    def parse(self, exchange: Exchange, reader: BoundedReader) -> ParsedFeed | None:
        return None

    def outcome(self, result: Result, state: FeedState, now: datetime, chance: float) -> Outcome:
        return decide_robots(self, result.answer, now)

    def postponed(self, until: datetime, now: datetime) -> Outcome:
        """Return nothing to do: the dispatcher postpones the tasks that wait for the rules."""
        return Outcome()


def robots_name(origin: str) -> str:
    """Return the name of the task of fetching the robots.txt of a server."""
    return f"robots {origin}"


def robots_task(origin: str) -> RobotsTask:
    """Return the task of fetching the robots.txt of a server."""
    return RobotsTask(origin, address_of(origin))


def is_current(fetched: datetime, rules: str | None, now: datetime) -> bool:
    """Return whether stored rules are current; None means that the server failed to answer."""
    max_age = _MAX_AGE if rules is not None else _MAX_AGE_OF_FAILURE
    return timedelta() <= now - fetched < max_age


def decide_robots(task: RobotsTask, answer: Exchange | FetchFailed, now: datetime) -> Outcome:
    """Return the outcome of an answer (RFC 9309, 2.3.1): without the file everything is allowed,
    without an answer nothing is."""
    if isinstance(answer, FetchFailed):
        return Outcome(intents=(SaveRobots(task.origin, now, None),))
    records = (recorded(answer, "", "")[0],)
    target = redirected(answer)
    hops = (*task.hops, answer.url)
    if target and target not in hops and len(hops) <= _MOST_REDIRECTS:
        return Outcome(records, requests=(RobotsTask(task.origin, target, hops).request(),))
    is_busy = answer.status in BUSY
    rules: str | None = None
    if answer.status == OK:
        rules = _text(answer)
    elif target is not None or (answer.status in _REFUSED and not is_busy):
        rules = ""
    hold = end_of_hold(requested_wait(answer), now) if is_busy else None
    return Outcome(records, (SaveRobots(task.origin, now, rules),), hold_until=hold)


def _text(exchange: Exchange) -> str:
    try:
        data = decoded(exchange.body, exchange.header("Content-Encoding"), LARGEST_ROBOTS)
    except EncodingDamaged as error:
        data = error.begun
    return data[:LARGEST_ROBOTS].decode("utf-8-sig", "replace")
