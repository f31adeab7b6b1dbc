"""The processes of a server: killed, hung, reloaded and stopped while they answer.

Covers web.workers, web.server and web.warming.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

import processes
import pytest
from clients import asking, connect, fetch, free_port, until
from fakes import NOW, filled, grain_articles

from searcher.clock import FixedClock
from searcher.engine.memory import MemoryEngine
from searcher.search.service import SearchService
from searcher.search.suggestions import QueryLog
from searcher.settings import Settings
from web import server, workers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def run(sender, port, count, log):
    """Serve thirty articles, and pages that are slow or say which process answers."""
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
    workers.HUNG_SECONDS, workers._PATIENCE = 3.0, 1.0
    settings = Settings(host="127.0.0.1", port=port, workers=count, threads=4)
    engine = filled(MemoryEngine(), grain_articles(30, "id"))
    board = server.board_for(settings)
    service = SearchService(engine, FixedClock(NOW), log=QueryLog(board))
    pages = server.Pages(settings, service, board)
    pages.app.add_url_rule("/pid", view_func=lambda: str(os.getpid()))
    pages.app.add_url_rule("/slow", "slow", lambda: time.sleep(0.7) or "slow")
    pages.app.add_url_rule("/hang", "hang", lambda: time.sleep(60))
    sockets = server.listeners(settings.host, settings.port)
    workers.run(pages, sockets, settings, lambda: sender.send(os.getpid()))


class Running:
    """A server in a process of its own."""

    def __init__(self, folder: Path, count: int) -> None:
        self.port, self.log = free_port(), folder / "log"
        receiver, sender = processes.pipe()
        self.process = processes.start(run, sender, self.port, count, self.log)
        self._ready = receiver

    def wait(self):
        self._ready.recv()
        return self

    def pids(self):
        """Return the processes that answer, as many connections at once find them."""
        return set(self.answering(30))

    def all_pids(self, count):
        """Wait until `count` processes answer. Return them."""
        found = set()

        def are_found():
            found.update(self.pids())
            return len(found) == count

        until(are_found)
        return found

    def answering(self, count):
        """Return the process that answers each of `count` connections, which are open at once."""
        with ExitStack() as stack:
            clients = [stack.enter_context(connect(self.port)) for _ in range(count)]
            return [asked_pid(client) for client in clients]

    def replaced(self) -> float:
        """Return the number of workers that were replaced; -1 if the one that was asked ended."""
        try:
            lines = fetch(self.port, "/metrics")[1].splitlines()
        except (OSError, HTTPException):
            return -1.0
        (line,) = (one for one in lines if one.startswith("searcher_workers_replaced_total"))
        return float(line.split()[1])

    def stop(self, number=signal.SIGTERM) -> int | None:
        os.kill(self.process.pid, number)
        self.process.join(30)
        return self.process.exitcode


def asked_pid(client):
    client.sendall(b"GET /pid HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    text = b""
    while part := client.recv(9999):
        text += part
    return int(text.rpartition(b"\n")[2])


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a server with a number of workers. Check that all of it ends."""
    started = []

    def one(count):
        started.append(Running(tmp_path, count))
        return started[-1]

    yield one
    for running in started:
        running.process.kill()
        running.process.join()
        until(lambda port=running.port: is_free(port))


def is_free(port):
    try:
        connect(port).close()
    except OSError:
        return True
    return False


def test_a_killed_worker_is_replaced_while_others_answer(start):
    running = start(2).wait()
    victim = min(running.all_pids(2))
    with asking(running.port, "/pid") as clients:
        until(lambda: len(clients.answers) > 50)
        os.kill(victim, signal.SIGKILL)
        until(lambda: running.replaced() == 1)
        seen = len(clients.answers)
        until(lambda: len(clients.answers) > seen + 50)
    # Only requests that the killed worker had taken are lost: at most one of each client.
    assert len(clients.failures) <= 4
    assert {status for status, _ in clients.answers} == {200}
    assert victim not in running.all_pids(2)
    assert "SIGKILL" in running.log.read_text()
    assert running.stop() == 0


def test_counters_are_of_all_workers_and_survive_them(start):
    running = start(2).wait()
    pids = running.all_pids(2)

    def searches():
        text = fetch(running.port, "/metrics")[1]
        return text.partition("searcher_query_seconds_count ")[2].split()[0]

    for _ in range(20):
        assert fetch(running.port, "/search?q=grain")[0] == 200
    assert searches() == "20.0"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    until(lambda: running.replaced() == 2)
    assert searches() == "20.0"
    assert running.stop() == 0


def test_a_query_that_two_workers_were_asked_is_suggested_by_all(start):
    running = start(2).wait()
    running.all_pids(2)
    for _ in range(4):
        for query in ("grain+volcano", "grain"):
            assert fetch(running.port, f"/search?q={query}")[0] == 200
    for _ in range(8):
        assert "grain volcano" in fetch(running.port, "/api/v1/suggest?q=grain+v")[1]
    assert running.stop() == 0


def test_a_worker_that_hangs_is_replaced(start):
    running = start(1).wait()
    before = running.pids()
    with connect(running.port) as client:
        client.sendall(b"GET /hang HTTP/1.1\r\nHost: here\r\n\r\n")
        until(lambda: running.replaced() == 1)
    assert running.pids() != before
    assert "a request hangs" in running.log.read_text()
    assert "time.sleep(60)" in running.log.read_text()
    assert running.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_was_asked(start, number):
    running = start(2).wait()
    with connect(running.port) as client:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
        time.sleep(0.2)
        assert running.stop(number) == 0
        answer = b""
        while part := client.recv(999):
            answer += part
    assert answer.endswith(b"slow")
    assert b"Connection: close" in answer


def test_a_reload_loses_no_request(start):
    running = start(2).wait()
    before = running.all_pids(2)
    with asking(running.port, "/pid") as clients:
        for _ in range(2):
            os.kill(running.process.pid, signal.SIGHUP)
            until(lambda before=before: not running.pids() & before)
            before = running.all_pids(2)
    assert clients.failures == []
    assert running.replaced() == 0
    assert running.stop() == 0


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1, 0.3])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_workers_start_ends_all(start, delay, number):
    running = start(3).wait()
    time.sleep(delay)
    begin = time.monotonic()
    assert running.stop(number) == 0
    assert time.monotonic() - begin < 10


def test_signals_that_would_start_another_server_do_nothing(start):
    running = start(1).wait()
    for number in (signal.SIGUSR2, signal.SIGTTIN, signal.SIGUSR1, signal.SIGWINCH):
        os.kill(running.process.pid, number)
    assert fetch(running.port, "/pid")[0] == 200
    assert len(running.pids()) == 1
    assert running.stop() == 0


def test_an_address_in_use_is_refused():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"):
            server.listeners("127.0.0.1", other.getsockname()[1])
