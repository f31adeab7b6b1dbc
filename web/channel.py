"""A connection: when it was last heard of, and whether its client was waited for long enough."""

from __future__ import annotations

import time
from typing import Any

from waitress.channel import HTTPChannel

IDLE_SECONDS = 60.0
"""Maximum time between two requests on one connection, in seconds. Larger keeps more descriptors
open; smaller makes browsers connect again."""
_RECEIVING_SECONDS = 20.0
"""Maximum time in which a request has to be received, in seconds."""
_SENDING_SECONDS = 120.0
"""Maximum time in which a response has to be taken, in seconds."""
_STALLED_SECONDS = 20.0
"""Maximum time for which a client takes nothing of a response that a thread still writes, in
seconds. The thread waits meanwhile; it must be less than the time after which a request hangs."""
_CROWDED_SECONDS = 5.0
"""Maximum of these times while the process has many descriptors, in seconds."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    server: Any
    """The socket that accepted it, with the loop that waits for both."""
    received_since = 0.0
    """When the first byte of an incomplete request came; 0 if there is none."""
    answered = 0.0
    """When the last response was complete; 0 before the first."""
    taken = 0.0
    """When the client last took a part of a response, or its request began; 0 before the first."""

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.received_since = time.monotonic()
        taken: bool = super().received(data)
        if self.request is None:
            self.received_since = 0.0
        return taken

    def service(self) -> None:
        """Answer one request, in a thread."""
        loop = self.server.loop
        loop.begin(self)
        self.taken = time.monotonic()
        if loop.stopping:
            self.end_soon()
        try:
            super().service()
        finally:
            self.answered = time.monotonic()
            loop.end(self)

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        if sent:
            self.taken = time.monotonic()
        return sent

    def end_soon(self) -> None:
        """Let the response to the request that runs say that the connection ends with it."""
        for request in self.requests[:1]:
            request.headers["CONNECTION"] = "close"

    def is_overdue(self, now: float, crowded: bool) -> bool:
        """Return whether the client was waited for long enough."""
        if self.requests:
            # Nothing waits for the client, unless a long response has filled its buffer.
            waits = self.total_outbufs_len > self.adj.outbuf_high_watermark
            return waits and now - self.taken > _STALLED_SECONDS
        if self.total_outbufs_len:
            since, seconds = self.answered, _SENDING_SECONDS
        elif self.received_since:
            since, seconds = self.received_since, _RECEIVING_SECONDS
        else:
            since, seconds = max(self.answered, self.opened), IDLE_SECONDS
        return now - since > (min(seconds, _CROWDED_SECONDS) if crowded else seconds)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.opened = time.monotonic()
        super().__init__(*arguments, **named)
