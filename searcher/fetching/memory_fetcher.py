"""A fake Fetcher without a network, for tests. It returns prepared answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http.client import responses

from searcher.clock import Clock
from searcher.errors import FetchFailed
from searcher.fetching.addresses import checked
from searcher.fetching.exchange import Exchange


class MemoryFetcher:
    """Returns prepared answers by address. The connection to any other address is refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[int, Mapping[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Addresses and headers of the requests so far."""

    def put(self, url: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Prepare the answer of `url`. Underscores in names of headers stand for hyphens. With an
        ETag, a conditional request is answered with 304."""
        self._answers[url] = (
            status,
            {name.replace("_", "-"): value for name, value in headers.items()},
            body,
        )

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        """Return the prepared answer. Raises as `Fetcher.fetch`."""
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
    """Return an exchange with this answer, as an HTTP/1.1 server sends it."""
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
