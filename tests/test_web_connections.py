"""The connections of one process: slow clients, limits, and a stop that loses no request.

Covers web.channel and web.connections.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import pytest
from clients import connect, fetch, until
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from web import channel, connections
from web.connections import Loop

LARGE = 8 << 20


ENDED = threading.Event()
"""Set when a stream was closed."""


def stream():
    """Yield pieces for ever."""
    try:
        while True:
            yield b"x" * (64 << 10)
    finally:
        ENDED.set()


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return stream()
    if path == "/slow":
        time.sleep(float(query))
    body = b"x" * LARGE if path == "/large" else f"{path}?{query}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class Served:
    """A loop that runs in a thread."""

    def __init__(self, threads):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.loop = Loop([listener], threads, application)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        self.loop.run(lambda: not self._stop.is_set(), lambda: None)
        self.loop.drain(5.0)
        self.loop.close()

    def stop(self):
        self._stop.set()
        self._thread.join()


@contextmanager
def served(threads=2):
    found = Served(threads)
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def quick(monkeypatch):
    """Let clients be waited for only shortly."""
    monkeypatch.setattr(connections, "_TICK", 0.05)
    for name in ("IDLE_SECONDS", "_RECEIVING_SECONDS", "_SENDING_SECONDS"):
        monkeypatch.setattr(channel, name, 0.4)


def request(path, *fields):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: here", *fields, "", ""]).encode()


def read_all(client):
    """Return all that comes until the server closes the connection."""
    found = b""
    while part := client.recv(65536):
        found += part
    return found


REQUESTS = request("/one") + request("/two?q=%C3%A9") + request("/three", "Connection: close")


@given(st.lists(st.integers(0, len(REQUESTS)), max_size=6))
@limited(max_examples=20)
def test_requests_are_answered_in_order_however_they_are_cut(one_server, cuts):
    with connect(one_server.port) as client:
        edges = [0, *sorted(cuts), len(REQUESTS)]
        for start, end in pairwise(edges):
            client.sendall(REQUESTS[start:end])
            time.sleep(0.002)
        parts = read_all(client).split(b"HTTP/1.1 200 OK")
    assert [part.rpartition(b"\r\n")[2] for part in parts[1:]] == [
        b"/one?",
        b"/two?q=%C3%A9",
        b"/three?",
    ]


@pytest.fixture(scope="module")
def one_server():
    with served() as found:
        yield found


def test_many_clients_that_wait_starve_nobody():
    with served(threads=1) as server, ExitStack() as stack:
        for number in range(200):
            client = stack.enter_context(connect(server.port))
            if number % 2:
                client.sendall(b"GET /half HTTP/1.1\r\nHost: he")
        until(lambda: len(server.loop) > 200)
        begin = time.monotonic()
        assert fetch(server.port, "/here") == (200, "/here?")
        assert time.monotonic() - begin < 2


@pytest.mark.parametrize("size", [20, 1000])
def test_clients_that_send_a_header_now_and_then_delay_nobody(size):
    """Two hundred clients whose requests never end: heads that grow, up to their limit."""
    with served(threads=1) as server, ExitStack() as stack:
        clients = [stack.enter_context(connect(server.port)) for _ in range(200)]
        took = []
        for turn in range(10):
            for number, client in enumerate(clients):
                begin = b"" if turn else b"GET /half HTTP/1.1\r\nHost: here\r\n"
                client.sendall(begin + b"X-%d-%d: %s\r\n" % (turn, number, b"a" * size))
            begin = time.monotonic()
            assert fetch(server.port, "/here") == (200, "/here?")
            took.append(time.monotonic() - begin)
        assert len(server.loop) > 200
        assert max(took) < 2


def test_clients_that_do_not_read_hold_no_thread():
    with served(threads=2) as server, ExitStack() as stack:
        readers = [stack.enter_context(connect(server.port)) for _ in range(6)]
        for client in readers:
            client.sendall(request("/large", "Connection: close"))
        assert fetch(server.port, "/here") == (200, "/here?")
        assert all(len(read_all(client)) > LARGE for client in readers)


@pytest.mark.parametrize(
    "sent", [b"", b"GET /half HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_slow_clients_are_dropped(sent, quick):
    with served() as server, connect(server.port) as client:
        client.sendall(sent)
        begin = time.monotonic()
        assert client.recv(99) == b""
        assert 0.2 < time.monotonic() - begin < 5


def test_a_client_that_stops_reading_is_dropped(quick):
    with served() as server, connect(server.port) as client:
        client.sendall(request("/large"))
        assert client.recv(1)
        until(lambda: not any(isinstance(one, connections.Channel) for one in server.loop.values()))
        with pytest.raises(OSError, match="reset"):
            client.sendall(b"more")
            while client.recv(LARGE):
                pass
            raise OSError("reset, or cut short")


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_client_of_a_stream_that_takes_nothing_frees_its_thread(monkeypatch, hangs_up):
    monkeypatch.setattr(channel, "_STALLED_SECONDS", 60.0 if hangs_up else 0.5)
    monkeypatch.setattr(connections, "_TICK", 0.1)
    ENDED.clear()
    with served(threads=1) as server, connect(server.port) as client:
        client.sendall(request("/stream"))
        assert client.recv(9)
        if hangs_up:
            client.close()
        assert ENDED.wait(30)
        assert fetch(server.port, "/here") == (200, "/here?")


def test_a_request_with_output_does_not_hang(monkeypatch):
    """A client that takes a stream slowly but steadily keeps it, for longer than a request may run
    without output."""
    monkeypatch.setattr(channel, "_STALLED_SECONDS", 0.5)
    monkeypatch.setattr(connections, "_TICK", 0.1)
    with served(threads=1) as server, connect(server.port) as client:
        client.sendall(request("/stream"))
        begin, oldest = time.monotonic(), 0.0
        while time.monotonic() < begin + 2:
            assert client.recv(1 << 20)
            oldest = max(oldest, server.loop.longest()[0])
            time.sleep(0.02)
        assert oldest < 1.5


def test_a_request_that_runs_is_waited_for(quick):
    with served() as server:
        assert fetch(server.port, "/slow?1.2") == (200, "/slow?1.2")


def test_clients_are_waited_for_less_when_they_are_many(monkeypatch):
    monkeypatch.setattr(connections, "_TICK", 0.05)
    monkeypatch.setattr(channel, "_CROWDED_SECONDS", 0.3)
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 40)
    monkeypatch.setattr(connections, "_CROWDED", 20)
    with served() as server, ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(server.port))
        assert fetch(server.port, "/here") == (200, "/here?")


def test_a_process_with_many_connections_leaves_new_ones_to_others(monkeypatch):
    monkeypatch.setattr(connections, "_RECOVERY", 1.0)
    with served() as server, ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connect(server.port))
        until(lambda: len(server.loop) > connections._FEW)
        time.sleep(0.3)
        assert len(server.loop) == connections._FEW + 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("/", "X: " + "a" * (300 << 10)), b"431"),
        (request(f"/?{'a' * (300 << 10)}"), b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_requests_are_bounded(sent, status):
    with served() as server, connect(server.port) as client:
        client.sendall(sent)
        assert client.recv(99).split()[1] == status
        assert fetch(server.port, "/here") == (200, "/here?")


def test_clients_that_vanish_are_forgotten():
    with served() as server:
        for sent in (b"", b"GET / HT", request("/large"), request("/slow?.2")):
            connect(server.port).close()
            with connect(server.port) as client:
                client.sendall(sent)
        assert fetch(server.port, "/here") == (200, "/here?")
        until(lambda: not any(isinstance(one, connections.Channel) for one in server.loop.values()))


def test_a_stop_answers_what_was_sent_and_says_that_connections_end():
    with ExitStack() as stack:
        server = stack.enter_context(served(threads=4))
        running, waiting, idle = (stack.enter_context(connect(server.port)) for _ in range(3))
        idle.sendall(request("/here"))
        while not idle.recv(999).endswith(b"/here?"):
            pass
        running.sendall(request("/slow?1"))
        until(lambda: server.loop.longest()[0] > 0.1)
        waiting.sendall(request("/waits"))
        stopper = threading.Thread(target=server.stop)
        stopper.start()
        until(lambda: server.loop.stopping)
        idle.sendall(request("/late"))
        found = [read_all(client) for client in (running, waiting, idle)]
        stopper.join()
        assert [text.rpartition(b"\r\n")[2] for text in found] == [
            b"/slow?1",
            b"/waits?",
            b"/late?",
        ]
        assert b"Connection: close" in found[2]
        with pytest.raises(OSError, match="refused"):
            connect(server.port)


def test_a_stop_waits_for_nobody_who_is_slow():
    with served() as server, connect(server.port) as client:
        client.sendall(b"GET /half")
        time.sleep(0.2)
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 3
