"""Delivery of alerts to webhooks and commands."""

from __future__ import annotations

import json
import logging
import queue
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from searcher.clock import Clock
from searcher.errors import FetchFailed, SearcherError
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state.alerts import Alerts
from searcher.fetching.exchange import Exchange
from searcher.logs import log

POST_SECONDS = 10.0
"""Maximum time for one request to a webhook, in seconds. A longer one occupies one of the
`_AT_A_TIME` threads for a receiver that is down."""

_COMMAND_SECONDS = 60.0
"""Maximum time for one run of a command, in seconds. It must end before the alarms may be claimed
again (`feeds.state.alerts`), or they would be delivered twice."""

_ACCEPTED = range(200, 300)
"""Statuses of a webhook that accepted a message. A redirect is not followed, so it is a failure."""

_AT_A_TIME = 8
"""Maximum number of alerts that are delivered at a time, each in a thread, so that a slow receiver
does not delay the others."""

_REMEMBERED = 500
"""Maximum number of earlier articles of an alert whose stories are looked up. Larger says of older
stories that they grow, and takes 10 us an article."""

StoryNumbers = Callable[[Iterable[str]], Mapping[str, int]]
"""Returns the numbers of the stories of articles, by id. Raises SearcherError."""

Post = Callable[[str, bytes, Mapping[str, str]], Exchange]
"""Sends a body with headers to an address by POST. Raises as `Fetcher.fetch`."""


class Placing:
    """Tells a delivery which alarms wait until their articles are placed among the stories: those
    of the update that is under way. Safe in threads."""

    def __init__(self, clock: Clock, *, begun: bool = False) -> None:
        """begun: whether all alarms wait for an update that is about to begin: those that an
        interrupted one left are of articles that it did not place."""
        self._clock = clock
        self.since = datetime.min.replace(tzinfo=UTC) if begun else None
        """The time from which alarms wait; None if none does."""

    @contextmanager
    def update(self) -> Iterator[None]:
        """Let the alarms of an update wait until it ends, even if it fails: a message is worth more
        than its order."""
        self.since = self.since or self._clock.now()
        try:
            yield
        finally:
            self.since = None


class AlertDelivery:
    """Delivers alarms, with one message for each alert. Failed deliveries are tried again later.
    Only one thread may use it. The threads that it starts only send, and end with the process.
    """

    def __init__(
        self,
        alerts: Alerts,
        clock: Clock,
        post: Post,
        numbers: StoryNumbers | None = None,
        placing: Placing | None = None,
    ) -> None:
        """post: sends a message to a webhook. numbers: without it each article is a story.
        placing: without it no alarm waits."""
        self._placing = placing or Placing(clock)
        self._numbers = numbers or (lambda ids: {})
        self._alerts = alerts
        self._clock = clock
        self._post = post
        self._under_way: dict[str, list[int]] = {}
        """Numbers of the alarms that are being delivered, by the name of their alert."""
        self._results: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        """Names of alerts whose delivery ended, each with the reason why it failed, or ""."""

    def step(self, patience: float = 0.0) -> bool:
        """Save the results that have arrived, start the deliveries that are due, and return whether
        any is under way.

        patience: maximum time to wait for a result, in seconds. Raises WriteFailed.
        """
        self.collect(patience)
        room = _AT_A_TIME - len(self._under_way)
        since = self._placing.since
        found = self._alerts.claim_undelivered(self._clock.now(), self._under_way, room, since)
        alerts = {alert.name: alert for alert in self._alerts.all()}
        for name, claimed in found.items():
            numbers = [number for number, _ in claimed]
            if name not in alerts:
                # The alert was removed after its alarms were claimed.
                self._alerts.save_delivered(numbers)
                continue
            alarms = [alarm for _, alarm in claimed]
            message = _message(alerts[name], alarms, self._stories(name, alarms))
            threading.Thread(
                target=self._deliver,
                args=(alerts[name], message),
                name=f"deliver {name}",
                daemon=True,
            ).start()
            self._under_way[name] = numbers
        return bool(self._under_way)

    def _stories(self, name: str, alarms: Sequence[Alarm]) -> list[dict[str, Any]]:
        """Return the stories of alarms of an alert, and how much of each was found before."""
        new = {alarm.article for alarm in alarms}
        before = [one for one in self._alerts.alarms(name, _REMEMBERED) if one.article not in new]
        try:
            numbers = self._numbers([one.article for one in (*before, *alarms)])
        except SearcherError:
            # A message is worth more than its order.
            numbers = {}
        return stories_of(before[::-1], alarms, numbers)

    def collect(self, patience: float = 0.0) -> None:
        """Save the results that have arrived.

        patience: maximum time to wait for the first one, in seconds. Raises WriteFailed.
        """
        with suppress(queue.Empty):
            while self._under_way:
                self._save(*self._results.get(timeout=patience))
                patience = 0.0

    def _deliver(self, alert: Alert, message: bytes) -> None:
        try:
            _send(alert, message, self._post)
        except Exception as error:
            # Whatever the error, the delivery is to be tried again.
            self._results.put((alert.name, _reason(error)))
        else:
            self._results.put((alert.name, ""))

    def _save(self, name: str, problem: str) -> None:
        numbers = self._under_way[name]
        try:
            if problem:
                self._alerts.save_undelivered(numbers, self._clock.now())
            else:
                self._alerts.save_delivered(numbers)
        except Exception:
            # The result is saved the next time, without delivering again.
            self._results.put((name, problem))
            raise
        del self._under_way[name]
        if problem:
            fields = {"alert": name, "articles": len(numbers), "reason": problem}
            log("alert not delivered", logging.WARNING, **fields)
        else:
            log("alert delivered", alert=name, articles=len(numbers))


def deliver(alerts: Alerts, clock: Clock, post: Post, numbers: StoryNumbers | None = None) -> None:
    """Deliver all alarms that are due, and return when the deliveries have ended. Raises
    WriteFailed."""
    delivery = AlertDelivery(alerts, clock, post, numbers)
    while delivery.step(1.0):
        pass


def stories_of(
    before: Sequence[Alarm], new: Sequence[Alarm], numbers: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return an object for each story of new alarms, as documented: the story once, however many
    articles of it were found.

    before: earlier alarms of the alert, the oldest first. numbers: of the stories, by article.
    """
    held: dict[int | str, tuple[list[Alarm], list[Alarm]]] = {}
    for at, alarms in enumerate((before, new)):
        for alarm in alarms:
            key = numbers.get(alarm.article, 0) or alarm.article
            held.setdefault(key, ([], []))[at].append(alarm)
    found = []
    for known, fresh in held.values():
        if not fresh:
            continue
        title = (*known, *fresh)[0].title
        count = len(fresh)
        versions = "A new version" if count == 1 else f"{count} new versions"
        found.append(
            {
                "title": title,
                "text": f"{versions} of {title}" if known else title,
                "articles": [alarm.article for alarm in fresh],
                "earlier": len(known),
            }
        )
    return found


def _message(alert: Alert, alarms: Sequence[Alarm], stories: list[dict[str, Any]]) -> bytes:
    """Return the JSON that is sent for these alarms of an alert."""
    content = {
        "alert": alert.name,
        "query": alert.query,
        "articles": [alarm.to_json() for alarm in alarms],
        "stories": stories,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _reason(error: Exception) -> str:
    """Return the reason why a delivery failed, without the address or the command, which may
    contain secrets."""
    match error:
        case FetchFailed():
            return error.reason
        case subprocess.CalledProcessError():
            return f"the command ended with {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"the command took longer than {error.timeout:g} s"
        case SearcherError() | OSError() | ValueError():
            return str(error)
        case _:
            return f"cannot be delivered ({type(error).__name__})"


def _send(alert: Alert, message: bytes, post: Post) -> None:
    """Send a message to the webhook or the command of an alert.

    Raises OSError, ValueError, SubprocessError or SearcherError if it was not accepted.
    """
    if alert.webhook:
        answer = post(alert.webhook, message, {"Content-Type": "application/json; charset=utf-8"})
        if answer.status not in _ACCEPTED:
            raise FetchFailed(alert.webhook, f"the server answered {answer.status}")
    if alert.command:
        subprocess.run(
            shlex.split(alert.command),
            input=message,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
            check=True,
        )
