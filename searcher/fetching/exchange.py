"""The answer to a request, and the interface of fetchers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Exchange:
    """The answer of a server to one request."""

    url: str
    """Address that was requested, without name and password."""
    status: int
    """Status."""
    headers: tuple[tuple[str, str], ...]
    """Headers, in their order."""
    head: bytes
    """Status line and headers, as received."""
    raw: bytes
    """The whole answer, as received. It begins with `head`."""
    body: bytes
    """Body without chunks, but still in its content encoding."""
    received: datetime
    """Time when the answer began."""
    truncated: str = ""
    """Reason why the body is not whole: "length" if it was larger than the limit, "time",
    "disconnect"; or ""."""
    address: str = ""
    """IP address of the server, or ""."""

    def header(self, name: str) -> str:
        """Return the first header of this name; "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Fetcher(Protocol):
    """Fetches web addresses. Safe in threads."""

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        """Return the answer to one GET request, whatever its status. Redirects are not followed.

        limit: maximum size of the body, in bytes; a longer one is cut off. A request takes at most
        the time limit of the fetcher. Raises FetchFailed if no answer begins, and AddressRefused,
        without a request, if the address must not be fetched.
        """
