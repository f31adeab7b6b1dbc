"""Threads that fetch, and the line in which their results come back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from searcher.errors import FetchFailed
from searcher.fetching.exchange import Exchange, Fetcher


class Order(NamedTuple):
    """One request. `host` and `task` are for whoever gave it."""

    url: str
    headers: dict[str, str]
    limit: int
    host: str
    task: Any


class Result(NamedTuple):
    """finished: what was made of an answer in the thread that fetched it."""

    order: Order
    outcome: Exchange | FetchFailed
    finished: Any = None


class FetchPool:
    """Fetches what is ordered, several at a time. Its threads end with the process, whatever they
    wait for."""

    def __init__(
        self,
        fetcher: Fetcher,
        threads: int,
        finish: Callable[[Order, Exchange], Any] = lambda *_: None,
    ) -> None:
        """finish: makes something of an answer, in the thread that fetched it."""
        self._fetcher = fetcher
        self._finish = finish
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self.threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True).start()

    def order(self, order: Order) -> None:
        self._orders.put(order)

    def results(self, seconds: float) -> list[Result]:
        """What has come back, after waiting up to so many seconds for the first."""
        found: list[Result] = []
        try:
            found.append(self._results.get(timeout=max(seconds, 0.0)))
            while True:
                found.append(self._results.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """Lets the threads end; what they still fetch is dropped."""
        for _ in range(self.threads):
            self._orders.put(None)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                exchange = self._fetcher.fetch(order.url, order.headers, order.limit)
                result = Result(order, exchange, self._finish(order, exchange))
            except FetchFailed as error:
                result = Result(order, error)
            except Exception as error:
                # What nobody foresaw must not end the thread, and with it all that it would still
                # fetch.
                reason = f"cannot be fetched ({type(error).__name__}: {ascii(str(error))[:100]})"
                result = Result(order, FetchFailed(order.url, reason))
            self._results.put(result)
