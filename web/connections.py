"""The connections of one process: waitress, with a loop whose cost does not grow with the number of
connections that wait, and limits for clients that are slow.

A request reaches a thread when it was received whole, and a response leaves the thread at once. So
a client that sends or reads slowly holds a descriptor and a buffer, never a thread.
"""

from __future__ import annotations

import logging
import os
import select
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from web.channel import IDLE_SECONDS, Channel

MOST_CONNECTIONS = 900 if hasattr(select, "poll") else 450
"""Maximum number of descriptors that one process watches. Larger does not fit into the 1,024 open
files that most systems allow, or the 512 that Windows can wait for."""
_CROWDED = MOST_CONNECTIONS * 3 // 4
"""Number of descriptors from which clients are waited for less."""
_LARGEST_HEAD = 256 << 10
"""Maximum size of a request's head, in bytes. Long queries are part of it."""
_LARGEST_BODY = 64 << 10
"""Maximum size of a request's body, in bytes. The forms of the operator's page are shorter."""
_MOST_WAITING = 4 << 20
"""Number of bytes of a response that wait for a client, above which the thread that writes it
waits, too. Larger takes more memory and disk for each slow client of an export; smaller holds
threads of large pages."""
STOPPING_SECONDS = 20.0
"""Maximum time for ending the requests that were begun when the server is stopped, in seconds.
Container platforms wait 10 to 30."""
_TICK = 1.0
"""Pause between two checks of the times for which clients are waited for, in seconds."""
_RECOVERY = 30e-6
"""Time, in seconds and for each connection that a process has, in which it accepts no other after
one. Processes that listen on one socket get about as many connections each by that: without it, of
200 that came at once one got 170. Larger is fairer, and slower for many new connections."""
_FEW = 8
"""Number of descriptors below which it accepts at once."""
_PIPE = "pipe"
"""Mark of a pipe that only ends the wait."""
_LINGER = 0.5
"""Time for which a stopping process keeps idle connections, in seconds: a client may be sending a
request on one, because the last response did not say that the connection ends."""


class Server(TcpWSGIServer):  # type: ignore[misc]
    """A socket that listens."""

    channel_class = Channel
    loop: Loop
    recovered = 0.0
    """When it may accept the next connection."""

    def readable(self) -> bool:
        return bool(super().readable()) and time.monotonic() >= self.recovered

    def handle_accept(self) -> None:
        super().handle_accept()
        count = len(self.loop)
        if count > _FEW:
            self.recovered = time.monotonic() + count * _RECOVERY

    def pull_trigger(self) -> None:
        """Wake the loop up: a thread has output for a client, or has ended a request."""
        self.loop.note_current()
        super().pull_trigger()


class Loop(dict[int, Any]):
    """The descriptors of a process by number, as waitress wants them, and the loop that waits for
    events on them.

    waitress asks each connection at each turn whether it wants to read or write. Here only those
    are asked for which something happened.
    """

    def __init__(self, sockets: Sequence[socket.socket], threads: int, application: Any) -> None:
        """sockets: bound. threads: number of threads that answer requests."""
        super().__init__()
        self.stopping = False
        self._selector = selectors.DefaultSelector()
        self._wanted: dict[int, int] = {}
        self._changed: deque[Any] = deque()
        self._running: dict[Channel, tuple[float, int]] = {}
        self._current = threading.local()
        # waitress warns whenever requests wait for a thread, which is normal under load.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(threads)
        self._servers = [self._server(one, application) for one in sockets]

    def _server(self, listener: socket.socket, application: Any) -> Server:
        limits = Adjustments(
            sockets=[listener],
            ident=None,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=int(IDLE_SECONDS),
            max_request_header_size=_LARGEST_HEAD,
            max_request_body_size=_LARGEST_BODY,
            outbuf_high_watermark=_MOST_WAITING,
        )
        kind = (listener.family, listener.type, listener.proto, listener.getsockname())
        found = Server(
            application,
            self,
            _sock=listener,
            dispatcher=self._dispatcher,
            adj=limits,
            sockinfo=kind,
            bind_socket=False,
        )
        found.loop = self
        return found

    def wake_by(self, pipe: int) -> None:
        """End the wait when a byte is in this pipe, such as one that a signal writes."""
        self._selector.register(pipe, selectors.EVENT_READ, _PIPE)

    def __setitem__(self, number: int, watched: Any) -> None:
        super().__setitem__(number, watched)
        # It is not complete yet; the loop asks it what it wants.
        self._changed.append(watched)

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        if self._wanted.pop(number, 0):
            self._selector.unregister(number)

    def begin(self, channel: Channel) -> None:
        """Note that this thread answers a request of a connection."""
        self._current.channel = channel
        self._running[channel] = (time.monotonic(), threading.get_ident())

    def end(self, channel: Channel) -> None:
        """Note that it is answered."""
        self._current.channel = None
        self._running.pop(channel, None)

    def note_current(self) -> None:
        """Note that the connection whose request this thread answers has to be asked again."""
        channel = getattr(self._current, "channel", None)
        if channel is not None:
            # There is output, so the request goes on.
            self._running[channel] = (time.monotonic(), threading.get_ident())
            self._changed.append(channel)

    def longest(self) -> tuple[float, int]:
        """Return for how many seconds a request has at most run without output, and the thread that
        runs it."""
        oldest = min(self._running.copy().values(), default=(time.monotonic(), 0))
        return time.monotonic() - oldest[0], oldest[1]

    def run(self, goes_on: Callable[[], bool], tick: Callable[[], None]) -> None:
        """Answer requests while `goes_on`. tick: called about each second."""
        due = 0.0
        while goes_on():
            now = time.monotonic()
            if now >= due:
                due = now + _TICK
                tick()
                self._close_overdue(now)
            self._turn(due - now)

    def drain(self, seconds: float) -> None:
        """Accept the connections that wait, answer all requests that were received, and end.

        seconds: maximum time for that.
        """
        for server in self._servers:
            self._accept_all(server)
        self.stopping = True
        for channel in self._running.copy():
            channel.end_soon()
        begin = time.monotonic()
        while time.monotonic() < begin + seconds:
            open_now = [one for one in self.values() if isinstance(one, Channel)]
            busy = any(one.requests or one.total_outbufs_len for one in open_now)
            lingered = time.monotonic() > begin + _LINGER
            if not open_now or (lingered and not busy):
                break
            self._turn(0.1)
        self._dispatcher.shutdown(timeout=1)

    def close(self) -> None:
        """Close all connections. A process that ends next need not."""
        wasyncore.close_all(self, ignore_all=True)
        self._selector.close()

    def _accept_all(self, server: Server) -> None:
        before = -1
        while before != len(self) < MOST_CONNECTIONS:
            before = len(self)
            server.handle_accept()
        server.del_channel()
        server.socket.close()

    def _close_overdue(self, now: float) -> None:
        crowded = len(self) >= _CROWDED
        for watched in list(self.values()):
            if not isinstance(watched, Channel):
                # Whether a server accepts depends on the number of connections.
                self._changed.append(watched)
            elif watched.is_overdue(now, crowded):
                # Not `will_close`: that waits until the client can take more.
                watched.handle_close()

    def _turn(self, seconds: float) -> None:
        """Wait for events, at most `seconds`, and handle them."""
        while self._changed:
            self._watch(self._changed.popleft())
        now = time.monotonic()
        for server in self._servers:
            if server.recovered > now:
                seconds = min(seconds, server.recovered - now)
                self._changed.append(server)
        for key, events in self._selector.select(max(seconds, 0.0)):
            if key.fd not in self:
                # The pipe of signals, or a connection that an event before this one closed.
                if key.data is _PIPE:
                    os.read(key.fd, 4096)
                continue
            watched = self[key.fd]
            if events & selectors.EVENT_READ:
                wasyncore.read(watched)
            if events & selectors.EVENT_WRITE and self.get(key.fd) is watched:
                wasyncore.write(watched)
            self._watch(watched)

    def _watch(self, watched: Any) -> None:
        """Ask a server, connection or trigger for which events it waits."""
        number = watched._fileno
        is_open = self.get(number) is watched
        if not is_open:
            return
        wanted = selectors.EVENT_READ if watched.readable() else 0
        if watched.writable() and not watched.accepting:
            wanted |= selectors.EVENT_WRITE
        before = self._wanted.get(number, 0)
        if wanted == before:
            return
        self._wanted[number] = wanted
        if not before:
            self._selector.register(number, wanted)
        elif wanted:
            self._selector.modify(number, wanted)
        else:
            self._selector.unregister(number)
