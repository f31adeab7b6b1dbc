"""Threads that fetch, and the queue of their results."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from searcher.errors import FetchFailed
from searcher.fetching.exchange import Exchange, Fetcher

TaskT = TypeVar("TaskT")
ParsedT = TypeVar("ParsedT")


class FetchRequest(NamedTuple, Generic[TaskT]):
    """One GET request."""

    url: str
    """Address to fetch."""
    headers: dict[str, str]
    """Headers to send."""
    limit: int
    """Maximum size of the body, in bytes."""
    host: str
    """Host of the request, for the caller. The pool ignores it."""
    task: TaskT
    """Purpose of the request, for the caller. The pool ignores it."""


class FetchResult(NamedTuple, Generic[TaskT, ParsedT]):
    """The answer to a request, or the reason why there is none."""

    request: FetchRequest[TaskT]
    """The request."""
    answer: Exchange | FetchFailed
    """The answer, or the failure."""
    parsed: ParsedT | None = None
    """Result of parsing the answer in the thread that fetched it."""


class FetchPool(Generic[TaskT, ParsedT]):
    """Fetches several requests at a time. Its threads end with the process, even while they wait
    for a server."""

    def __init__(
        self,
        fetcher: Fetcher,
        threads: int,
        parse: Callable[[FetchRequest[TaskT], Exchange], ParsedT | None],
    ) -> None:
        """threads: number of requests at a time.

        parse: is called with each answer, in the thread that fetched it.
        """
        self._fetcher = fetcher
        self._parse = parse
        self._requests: queue.SimpleQueue[FetchRequest[TaskT] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[FetchResult[TaskT, ParsedT]] = queue.SimpleQueue()
        self.threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True).start()

    def submit(self, request: FetchRequest[TaskT]) -> None:
        """Queue a request."""
        self._requests.put(request)

    def results(self, seconds: float) -> list[FetchResult[TaskT, ParsedT]]:
        """Return the results that have arrived; wait at most `seconds` for the first one."""
        found: list[FetchResult[TaskT, ParsedT]] = []
        try:
            found.append(self._results.get(timeout=max(seconds, 0.0)))
            while True:
                found.append(self._results.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """End the threads after their current request. Its result is dropped."""
        for _ in range(self.threads):
            self._requests.put(None)

    def _work(self) -> None:
        while (request := self._requests.get()) is not None:
            self._results.put(self._fetched(request))

    def _fetched(self, request: FetchRequest[TaskT]) -> FetchResult[TaskT, ParsedT]:
        try:
            exchange = self._fetcher.fetch(request.url, request.headers, request.limit)
            return FetchResult(request, exchange, self._parse(request, exchange))
        except FetchFailed as error:
            return FetchResult(request, error)
        except Exception as error:
            # An unexpected error must not end the thread, because the others may not be enough.
            reason = f"cannot be fetched ({type(error).__name__}: {ascii(str(error))[:100]})"
            return FetchResult(request, FetchFailed(request.url, reason))
