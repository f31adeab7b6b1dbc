"""The tasks of a refresh: fetching a feed, a page, or a robots.txt, and the outcome of an answer.

Pure functions decide the outcome of an answer. They return an Outcome, which is data: records,
intents, requests and events. The dispatcher then archives the records, applies the intents, logs
the events and sends the requests, in this order.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.intents import Intent
from searcher.feeds.records import Record
from searcher.feeds.state import FeedState
from searcher.fetching.exchange import Exchange
from searcher.fetching.pool import FetchRequest, FetchResult
from searcher.sources.feed import Feed


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """An answer parsed as a feed."""

    data: bytes
    """Content without its content encoding, as far as it was received."""
    feed: Feed | None
    """The feed; None if the content is not one."""
    problem: str
    """Reason why the content is not a whole feed, or ""."""


class Task(Protocol):
    """Something to fetch. A value: the methods do not change it."""

    @property
    def name(self) -> str:
        """Unique name. While a task is queued or being fetched, others with the same name are
        dropped."""

    @property
    def is_urgent(self) -> bool:
        """Return whether to fetch it before tasks of the same host that are not urgent."""

    @property
    def obeys_robots(self) -> bool:
        """Return whether robots.txt applies to it."""

    def request(self) -> Request:
        """Return the request for it."""

    def parse(self, exchange: Exchange, reader: BoundedReader) -> ParsedFeed | None:
        """Return the feed in an answer; None if none is expected. Called in another thread."""

    def outcome(self, result: Result, state: FeedState, now: datetime, chance: float) -> Outcome:
        """Read what the decision needs from the state, and decide. The state is not written.

        chance: a random number from 0 to 1.
        """

    def postponed(self, until: datetime, now: datetime) -> Outcome:
        """Return the outcome if the request is not sent before `until`."""


Request = FetchRequest[Task]
Result = FetchResult[Task, ParsedFeed]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log."""

    name: str
    """Words that are the same for all events of a kind."""
    fields: Mapping[str, object] = field(default_factory=dict)
    """Values that belong to it."""
    level: int = logging.INFO
    """Level, as in `logging`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The consequences of an answer, as data."""

    records: tuple[Record, ...] = ()
    """Records for the archive. They are on disk before anything else is done."""
    intents: tuple[Intent, ...] = ()
    """Changes of the state, all in one transaction."""
    requests: tuple[Request, ...] = ()
    """Further requests for the same task."""
    hold_until: datetime | None = None
    """Time before which no request is sent to the host, if it asked for one."""
    events: tuple[Event, ...] = ()
    """Events to log once the rest is on disk."""
