"""The dispatcher: sends requests politely, and puts the outcomes of their answers on disk.

The order matters. An answer is archived before the state is changed. After a crash in between, it
is requested again and recognised as known.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from searcher.clock import Clock
from searcher.errors import FetchFailed, SearcherError
from searcher.feeds.admission import Admitted, Postponed, Refused, RobotsNeeded, admit
from searcher.feeds.archive import Archive
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.http_answers import recorded
from searcher.feeds.intents import HoldHost, Statistics, apply
from searcher.feeds.robots_task import robots_name, robots_task
from searcher.feeds.state import FeedState
from searcher.feeds.tasks import Outcome, ParsedFeed, Request, Result, Task
from searcher.fetching.exchange import Exchange, Fetcher
from searcher.fetching.hosts import HostQueues
from searcher.fetching.pool import FetchPool
from searcher.fetching.robots import origin_of
from searcher.logs import log
from searcher.text.urls import shown_url


@dataclass(frozen=True, slots=True)
class Politeness:
    """How servers are treated."""

    agent: str
    """Our name in rules of robots.txt."""
    pause: float = 1.0
    """Pause between two requests to one host, in seconds."""


class Dispatcher:
    """Fetches tasks: one request at a time to each host, several hosts at a time.

    Not safe in threads: one thread uses it. Others, which it starts, only fetch and parse.
    """

    def __init__(
        self,
        archive: Archive,
        state: FeedState,
        fetcher: Fetcher,
        clock: Clock,
        politeness: Politeness,
        chance: Callable[[], float],
        threads: int,
    ) -> None:
        """chance: returns random numbers from 0 to 1.

        threads: maximum number of requests at a time.
        """
        self._archive = archive
        self._state = state
        self._clock = clock
        self._politeness = politeness
        self._chance = chance
        self._hosts: HostQueues[Request] = HostQueues(politeness.pause)
        self._reader = BoundedReader()
        self._pool: FetchPool[Task, ParsedFeed] = FetchPool(
            fetcher, threads, lambda request, answer: request.task.parse(answer, self._reader)
        )
        self._waiting: dict[str, list[Request]] = {}
        """Requests that wait for a robots.txt, by the name of its task."""
        self._active: set[str] = set()
        """Names of the tasks that are queued or being fetched."""
        self.statistics = Statistics()
        """Counts of what is on disk."""

    @property
    def active(self) -> int:
        """Number of tasks that are queued or being fetched."""
        return len(self._active)

    def close(self) -> None:
        """End the threads and processes. Unfinished tasks are dropped. They stay due."""
        self._pool.close()
        self._reader.close()

    def submit(self, task: Task) -> None:
        """Queue a task, unless it is active. Raises WriteFailed."""
        if task.name not in self._active:
            self._active.add(task.name)
            self._queue(task.request())

    def step(self, patience: float) -> bool:
        """Send the requests that may be sent, and put the outcomes of the answers that have arrived
        on disk; return whether the archive grew.

        patience: maximum time to wait for an answer, in seconds. Raises WriteFailed.
        """
        while self._hosts.busy < self._pool.threads and (
            taken := self._hosts.take(self._clock.monotonic())
        ):
            self._pool.submit(taken[1])
        results = self._pool.results(self._until_next(patience))
        grew = self._finish(results)
        self._hosts.forget_idle(self._clock.monotonic())
        return grew

    def _until_next(self, patience: float) -> float:
        """Return the seconds to wait for an answer, until another request may be sent."""
        next_at = self._hosts.next_at()
        if next_at is not None and self._hosts.busy < self._pool.threads:
            patience = min(patience, next_at - self._clock.monotonic())
        return max(patience, 0.0)

    def _queue(self, request: Request) -> None:
        """Queue a request at its host if it is admitted."""
        now, task = self._clock.now(), request.task
        origin = origin_of(request.url)
        held = self._state.hosts.held_until(request.host, now)
        robots = self._state.hosts.robots(origin) if task.obeys_robots else None
        match admit(request, held, robots, self._politeness.agent, now):
            case Admitted(pause):
                self._hosts.slow_down(request.host, pause)
                self._hosts.put(request.host, request, soon=task.is_urgent)
            case Postponed(until):
                self._postpone(request, until)
            case RobotsNeeded():
                waiting = self._waiting.setdefault(robots_name(origin), [])
                waiting.append(request)
                if len(waiting) == 1:
                    self._queue(robots_task(origin).request())
            case Refused(failure):
                self._commit([self._outcome(Result(request, failure))])
                self._active.discard(task.name)

    def _postpone(self, request: Request, until: datetime) -> None:
        """Postpone a task, and the tasks that wait for it."""
        self._commit([request.task.postponed(until, self._clock.now())])
        self._active.discard(request.task.name)
        for waiting in self._waiting.pop(request.task.name, ()):
            self._postpone(waiting, until)

    def _finish(self, results: Sequence[Result]) -> bool:
        """Put the outcomes of results on disk, and queue the requests that follow; return whether
        the archive grew."""
        outcomes = []
        for result in results:
            self._hosts.done(result.request.host, self._clock.monotonic())
            outcomes.append(self._outcome(result))
        grew = self._commit(outcomes)
        for result, outcome in zip(results, outcomes, strict=True):
            self._follow_up(result.request, outcome)
        return grew

    def _outcome(self, result: Result) -> Outcome:
        """Return the outcome of a result. An unexpected error is a failure of this task alone."""
        now, chance, task = self._clock.now(), self._chance(), result.request.task
        try:
            return task.outcome(result, self._state, now, chance)
        except (SearcherError, OSError, sqlite3.Error):
            raise
        except Exception as error:
            url = result.request.url
            log("answer not understood", logging.ERROR, error, url=shown_url(url))
            failure = FetchFailed(url, f"cannot be read ({type(error).__name__})")
            outcome = task.outcome(result._replace(answer=failure), self._state, now, chance)
            if isinstance(result.answer, Exchange):
                record = recorded(result.answer, "", "")[0]
                outcome = replace(outcome, records=(*outcome.records, record))
            return outcome

    def _commit(self, outcomes: Sequence[Outcome]) -> bool:
        """Put outcomes on disk, and log their events; return whether the archive grew."""
        records = [record for outcome in outcomes for record in outcome.records]
        size = self._archive.append(records) if records else 0
        with self._state.transaction():
            intents = (intent for outcome in outcomes for intent in outcome.intents)
            found = apply(intents, self._state)
            if records:
                self._state.counters.add(records=len(records), bytes=size)
        self.statistics += found
        for outcome in outcomes:
            for event in outcome.events:
                log(event.name, event.level, **event.fields)
        return bool(records)

    def _follow_up(self, request: Request, outcome: Outcome) -> None:
        """Queue the further requests of a task, or end it and queue the tasks that wait for it."""
        for following in outcome.requests:
            self._queue(following)
        if outcome.requests:
            return
        self._active.discard(request.task.name)
        if outcome.hold_until is not None:
            apply([HoldHost(request.host, outcome.hold_until)], self._state)
            for given_up in self._hosts.give_up(request.host):
                self._postpone(given_up, outcome.hold_until)
        for waiting in self._waiting.pop(request.task.name, ()):
            self._queue(waiting)
