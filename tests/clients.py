"""Clients of a server in tests: requests one after the other, and by hand."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from contextlib import contextmanager


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def fetch(port: int, path: str, seconds: float = 20.0) -> tuple[int, str]:
    """Return the status and the text of an answer, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def until(wanted, seconds: float = 20.0) -> None:
    """Wait until `wanted` returns a true value. Raises AssertionError if it does not in time."""
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline, wanted
        time.sleep(0.02)


class Clients:
    """Clients that ask one request after the other, each on one connection."""

    def __init__(self, port: int, path: str) -> None:
        self.answers: list[tuple[int, str]] = []
        self.failures: list[Exception] = []
        self._port, self._path = port, path
        self._stop = threading.Event()

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._stop.is_set():
            try:
                connection.request("GET", self._path)
                answer = connection.getresponse()
                self.answers.append((answer.status, answer.read().decode()))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(error)
                connection.close()
        connection.close()


@contextmanager
def asking(port: int, path: str = "/", count: int = 4):
    """Ask all the time meanwhile, and yield the clients."""
    found = Clients(port, path)
    threads = [threading.Thread(target=found._ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        found._stop.set()
        for thread in threads:
            thread.join()
