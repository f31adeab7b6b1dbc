"""A request's answer, and the seam through which requests are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a server answered to one request: as bytes on the wire (`raw`, of which `head` is the
    beginning), and its body without the framing of the transfer, but still in its content encoding.

    truncated: why the body ends early ("length": it was larger than allowed, "time", "disconnect"),
    or "". address: the IP address of the server. received: when the answer began.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    head: bytes
    raw: bytes
    body: bytes
    received: datetime
    truncated: str = ""
    address: str = ""

    def header(self, name: str) -> str:
        """The first header of this name; "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Fetcher(Protocol):
    """Gets what is at web addresses. Safe in threads."""

    def fetch(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange:
        """The answer to one GET request, whatever its status; redirects are not followed.

        limit: bytes of the body after which it is cut off. Takes no longer than the time that the
        fetcher is given. Raises FetchFailed when no answer begins, AddressRefused without asking.
        """
