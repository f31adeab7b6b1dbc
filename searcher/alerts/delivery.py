"""Those told of alerts who asked to be: webhooks and commands."""

from __future__ import annotations

import json
import logging
import queue
import shlex
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from searcher.clock import Clock
from searcher.errors import FetchFailed, SearcherError
from searcher.feeds.alert import Alert
from searcher.feeds.state.alerts import Alerts
from searcher.fetching.exchange import Exchange
from searcher.logs import log

POST_SECONDS = 10.0
_COMMAND_SECONDS = 60.0
_TAKEN = range(200, 300)
_AT_A_TIME = 8
"""Alerts that are delivered side by side, so that a slow one does not keep the others waiting."""

Post = Callable[[str, bytes, Mapping[str, str]], Exchange]


class Courier:
    """Delivers what alerts are to tell, each alert's articles together; what fails is tried again
    later. One thread uses it; others, which end with the process, do the telling."""

    def __init__(self, book: Alerts, clock: Clock, post: Post) -> None:
        """post: sends to a webhook."""
        self._book = book
        self._clock = clock
        self._post = post
        self._under_way: dict[str, list[int]] = {}
        """By alert, the numbers of what is being told."""
        self._outcomes: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        """Alerts, each with why it was not delivered."""

    def step(self, patience: float = 0.0) -> bool:
        """Notes what was delivered or refused, and begins to tell what is to be told now; returns
        whether anything is being told. patience: seconds to wait for an outcome."""
        self.settle(patience)
        room = _AT_A_TIME - len(self._under_way)
        found = self._book.claim_undelivered(self._clock.now(), self._under_way, room)
        alerts = {alert.name: alert for alert in self._book.all()}
        for name, alarms in found.items():
            numbers = [number for number, _ in alarms]
            if name not in alerts:
                # It was removed, and nobody is to be told any more.
                self._book.save_delivered(numbers)
                continue
            payload = {
                "alert": name,
                "query": alerts[name].query,
                "articles": [alarm.to_json() for _, alarm in alarms],
            }
            data = json.dumps(payload, ensure_ascii=False).encode()
            threading.Thread(
                target=self._tell, args=(alerts[name], data), name=f"tell {name}", daemon=True
            ).start()
            self._under_way[name] = numbers
        return bool(self._under_way)

    def settle(self, patience: float = 0.0) -> None:
        """Notes what was delivered or refused. patience: seconds to wait for an outcome."""
        with suppress(queue.Empty):
            while self._under_way:
                self._settle(*self._outcomes.get(timeout=patience))
                patience = 0.0

    def _tell(self, alert: Alert, data: bytes) -> None:
        try:
            _tell(alert, data, self._post)
        except Exception as error:
            # Whatever it was, the alert is to be tried again.
            self._outcomes.put((alert.name, _reason(error)))
        else:
            self._outcomes.put((alert.name, ""))

    def _settle(self, name: str, problem: str) -> None:
        numbers = self._under_way[name]
        try:
            if problem:
                self._book.save_undelivered(numbers, self._clock.now())
            else:
                self._book.save_delivered(numbers)
        except Exception:
            # It is noted the next time; to tell it again is not needed.
            self._outcomes.put((name, problem))
            raise
        del self._under_way[name]
        if problem:
            log(
                "alert not delivered",
                logging.WARNING,
                alert=name,
                articles=len(numbers),
                reason=problem,
            )
        else:
            log("alert delivered", alert=name, articles=len(numbers))


def deliver(book: Alerts, clock: Clock, post: Post) -> None:
    """Delivers what is to be delivered now, and returns when that is done."""
    courier = Courier(book, clock, post)
    while courier.step(1.0):
        pass


def _reason(error: Exception) -> str:
    """Why a message was not taken, without the address or the command, which may hold secrets."""
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


def _tell(alert: Alert, payload: bytes, post: Post) -> None:
    """Raises OSError, ValueError, SubprocessError or SearcherError when the message was not
    taken."""
    if alert.webhook:
        answer = post(alert.webhook, payload, {"Content-Type": "application/json; charset=utf-8"})
        if answer.status not in _TAKEN:
            raise FetchFailed(alert.webhook, f"the server answered {answer.status}")
    if alert.command:
        subprocess.run(
            shlex.split(alert.command),
            input=payload,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
            check=True,
        )
