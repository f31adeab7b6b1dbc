"""The command that serves the page.

Covers command: serving, updating.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import processes
import pytest
from clients import asking, fetch, free_port, until
from fakes import write
from shell import run_command

from searcher.command import serving
from web import server


@pytest.mark.parametrize("env", [{"HOST": "no such host"}, {"PORT": "http"}, {"PORT": "99999"}])
def test_an_address_that_cannot_be_served_is_a_failure(shell, env):
    found = shell("serve", env=env)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--workers", "0"], "--workers must be a whole number from 1 to 64"),
        (["--threads", "x"], "--threads must be a whole number from 1 to 64"),
        (["--update", "--raw", "nowhere"], "nowhere does not exist"),
    ],
)
def test_options_that_cannot_be_used_are_refused(shell, options, message):
    found = shell("serve", *options)
    assert found.returncode == 2
    assert message in found.stderr


class Started:
    """A server, whose messages are read by a thread."""

    def __init__(self, shell, *options):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "searcher", "serve", *options],
            cwd=shell.folder,
            env=shell.environment(PORT=str(self.port)),
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self._reader.start()

    def said(self, text):
        return any(text in line for line in self.lines)

    def total(self, query):
        return json.loads(fetch(self.port, f"/api/v1/search?q={query}")[1])["total"]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(30)
        self._reader.join()
        self.process.stdout.close()
        return self.process.returncode


@contextmanager
def started(shell, *options):
    found = Started(shell, *options)
    try:
        until(lambda: found.said("http://") or found.process.poll() is not None, 60)
        yield found
    finally:
        found.stop(signal.SIGKILL)


def test_serve(shell):
    with started(shell, "--update", "--workers", "2", "--threads", "3") as server:
        assert server.said(f"searching index at http://127.0.0.1:{server.port} with 2 workers of 3")
        status, text = fetch(server.port, "/healthz")
        assert (status, json.loads(text)) == (200, {"status": "ok", "articles": 2})
        until(lambda: server.said("0 added, 0 updated, 2 unchanged"))
        found = shell("serve", env={"PORT": str(server.port)})
        assert found.returncode == 2
        assert "in use" in found.stderr
        assert server.stop(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in server.lines)


def test_commits_are_found_while_all_workers_are_busy(shell):
    path = shell.folder / "raw/c.txt"
    with started(shell, "--workers", "2") as server:
        with asking(server.port, "/search?q=grain") as clients:
            write(path, "Another article arrives\n\nWhile the server runs, it is indexed.")
            assert shell("index").returncode == 0
            # Each connection may be of another worker.
            until(lambda: all(server.total("arrives") == 1 for _ in range(6)), 5)
            path.unlink()
            assert shell("index", "--prune").returncode == 0
            until(lambda: all(server.total("arrives") == 0 for _ in range(6)), 5)
        assert clients.failures == []
        assert {status for status, _ in clients.answers} == {200}


def test_an_update_beside_the_server_is_nice_and_ends_with_it(shell, tmp_path):
    lines = "".join(
        json.dumps({"id": str(number), "title": f"Article {number}", "body": "words " * 300}) + "\n"
        for number in range(10_000)
    )
    write(tmp_path / "raw/first.txt", "A first article\n\nIt is found at once by everybody.")
    places = ("--index", str(tmp_path / "index"), "--raw", str(tmp_path / "raw"))
    assert shell("index", *places).returncode == 0
    write(tmp_path / "raw/many.jsonl", lines)
    holder = tmp_path / "index/writer.json"
    before = json.loads(holder.read_text())["pid"]
    with started(shell, "--update", "--workers", "1", *places) as server:
        # It starts slowly where others want the processors.
        until(lambda: json.loads(holder.read_text() or "{}").get("pid", before) != before, 60)
        updater = json.loads(holder.read_text())["pid"]
        assert os.getpriority(os.PRIO_PROCESS, updater) == 19
        assert server.total("article") == 1
        begin = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begin < 10
    with pytest.raises(ProcessLookupError):
        os.kill(updater, 0)
    assert shell("check", *places[:2]).returncode == 0


def serve_without_fork(folder, environment, output, errors):
    server.can_fork = serving.can_fork = lambda: False
    run_command(["searcher", "serve", "--threads", "2"], folder, environment, output, errors)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_platform_that_cannot_fork_has_one_process(shell, tmp_path, number):
    port, errors = free_port(), tmp_path / "errors"
    environment = shell.environment(PORT=str(port))
    process = processes.start(
        serve_without_fork, shell.folder, environment, tmp_path / "output", errors
    )
    until(lambda: errors.exists() and "http://" in errors.read_text())
    assert "with 2 threads" in errors.read_text()
    assert fetch(port, "/search?q=grain")[0] == 200
    os.kill(process.pid, number)
    process.join(20)
    assert process.exitcode == 0


@pytest.mark.parametrize("delay", [0.0, 0.5, 1.0, 2.0])
def test_a_stop_at_any_time_ends_the_start(shell, delay):
    server = Started(shell, "--update", "--workers", "2")
    time.sleep(delay)
    assert server.stop() in (0, -signal.SIGTERM)
    with pytest.raises(OSError, match="refused"):
        fetch(server.port, "/healthz")
