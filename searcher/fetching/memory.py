"""A Fetcher without a network: it answers from what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http.client import responses

from searcher.clock import Clock
from searcher.errors import FetchFailed
from searcher.fetching.addresses import checked
from searcher.fetching.exchange import Exchange


class MemoryFetcher:
    """Answers by address; one that was not given has no server. `asked` is what was asked for, in
    order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def put(self, url: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Makes `url` answer so; names of headers are given with underscores. With an ETag it knows
        the content again."""
        self._answers[url] = (
            status,
            {name.replace("_", "-"): value for name, value in headers.items()},
            body,
        )

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        self.asked.append((checked(url), dict(headers)))
        if url not in self._answers:
            raise FetchFailed(url, "the connection was refused")
        status, own, body = self._answers[url]
        if own.get("ETag", "") and own.get("ETag") == headers.get("If-None-Match"):
            status, body = 304, b""
        return exchange(url, status, own, body, self._clock.now(), limit)


def exchange(
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    moment: datetime,
    limit: int = 1 << 30,
) -> Exchange:
    """An exchange as a server of HTTP/1.1 would make it."""
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, '')}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    head = ("\r\n".join([*lines, f"Content-Length: {len(body)}"]) + "\r\n\r\n").encode(
        "latin-1", "replace"
    )
    truncated = "length" if len(body) > limit else ""
    return Exchange(
        url,
        status,
        tuple(headers.items()),
        head,
        head + body[:limit],
        body[:limit],
        moment,
        truncated,
    )
