"""Serving: the address, the application loaded before anybody asks, and processes for it where the
platform can fork."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from searcher.logs import log
from searcher.search.service import SearchService
from searcher.settings import Settings
from web import create_app
from web.board import Board
from web.metrics import Metrics
from web.warming import follow, load, renew


def board_for(settings: Settings) -> Board:
    """Return a board with a row for this process and two for each worker."""
    return Board(1 + 2 * settings.workers)


class Pages:
    """The application, in each process that serves it."""

    def __init__(
        self,
        settings: Settings,
        service: SearchService | None = None,
        board: Board | None = None,
    ) -> None:
        """
        service: the read path to use instead of that of the settings' index.
        board: the memory that all processes share, if it is made already.
        """
        self._board = board or board_for(settings)
        self.app = create_app(settings, service, self._board)
        self._service: SearchService = self.app.extensions["search"]

    def load(self) -> bool:
        """Load all that requests need. Return whether kernels are there."""
        found = load(self.app)
        # Nobody asked for the pages that it loaded.
        self._board.clear()
        return found

    def share(self) -> None:
        """Make ready for a fork.

        Workers open the index themselves: what their parent kept open could never be deleted. What
        exists now is not looked at by their garbage collectors, which would copy it.
        """
        self._service.close()
        gc.collect()
        gc.freeze()

    def begin(self, row: int) -> None:
        """Open the index, and follow its commits in a thread. row: of the board."""
        self._board.take(row)
        renew(self._service)
        threading.Thread(target=follow, args=(self._service,), name="follow", daemon=True).start()

    def count_replaced(self) -> None:
        """Count a worker that ended unasked."""
        metrics: Metrics = self.app.extensions["metrics"]
        metrics.count_replaced()


def can_fork() -> bool:
    """Return whether this platform has processes that share the memory of their parent."""
    return hasattr(os, "fork")


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. ready: called once the server listens.

    Raises OSError when the address cannot be used.
    """
    sockets = listeners(settings.host, settings.port)
    pages = Pages(settings)
    if not pages.load():
        log("kernels are missing, as numba is not installed: searches are slower", logging.WARNING)
    if can_fork():
        # gunicorn needs a platform that can fork.
        from web import workers

        pages.share()
        workers.run(pages, sockets, settings, ready)
    else:
        pages.begin(0)
        serve_alone(pages.app, sockets, settings.threads, ready)


def listeners(host: str, port: int) -> list[socket.socket]:
    """Return a bound socket for each address of a host. Raises OSError.

    An address of a family that this machine does not have is skipped if there is another.
    """
    found: list[socket.socket] = []
    problem: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    ):
        try:
            found.append(_bound(family, kind, protocol, address))
        except OSError as error:
            problem = error
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                break
    else:
        if found:
            return found
    for one in found:
        one.close()
    raise problem or OSError(f"{host} has no address")


def _bound(family: int, kind: int, protocol: int, address: Any) -> socket.socket:
    one = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            # Elsewhere it would let two servers share the port.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
    except OSError:
        one.close()
        raise
    return one


def serve_alone(
    app: Flask, sockets: Sequence[socket.socket], threads: int, ready: Callable[[], None]
) -> None:
    """Serve in this process alone, until SIGTERM or SIGINT."""
    from web.connections import STOPPING_SECONDS, Loop

    stop = threading.Event()
    loop = Loop(sockets, threads, app)
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    ready()
    try:
        loop.run(lambda: not stop.is_set(), lambda: None)
        loop.drain(STOPPING_SECONDS)
    finally:
        stop.set()
        for number, handler in before.items():
            signal.signal(number, handler)
