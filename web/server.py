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
from searcher.settings import Settings
from web import create_app
from web.board import Board
from web.warming import follow, load, renew

_STOPPING_SECONDS = 20.0
"""Maximum time for ending the requests that were begun when the server is stopped, in seconds."""


def can_fork() -> bool:
    """Return whether this platform has processes that share the memory of their parent."""
    return hasattr(os, "fork")


def serve(settings: Settings, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT. ready: called once the server listens.

    Raises OSError when the address cannot be used.
    """
    # waitress warns whenever requests wait for a thread, which is normal under load.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets = listeners(settings.host, settings.port)
    board = Board(1 + 2 * settings.workers)
    app = create_app(settings, board=board)
    if not load(app):
        log("kernels are missing, as numba is not installed: searches are slower", logging.WARNING)
    # Nobody asked for the pages that it loaded.
    board.clear()
    if not can_fork():
        serve_alone(app, sockets, settings.threads, ready)
        return
    # gunicorn needs a platform that can fork.
    from web import workers

    # Workers open the index themselves; what the parent kept open could never be deleted. What
    # exists now is not looked at by their garbage collectors, which would copy it.
    app.extensions["search"].close()
    gc.collect()
    gc.freeze()
    workers.run(app, board, sockets, settings, ready)


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
    from web.connections import Loop

    service, stop = app.extensions["search"], threading.Event()
    renew(service)
    threading.Thread(target=follow, args=(service, stop), name="follow", daemon=True).start()
    loop = Loop(sockets, threads, app)
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    ready()
    try:
        loop.run(lambda: not stop.is_set(), lambda: None)
        loop.drain(_STOPPING_SECONDS)
    finally:
        stop.set()
        for number, handler in before.items():
            signal.signal(number, handler)
