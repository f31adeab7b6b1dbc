"""The command that serves the page.

Covers command: serving.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from fakes import write


@pytest.mark.parametrize("env", [{"HOST": "no such host"}, {"PORT": "http"}, {"PORT": "99999"}])
def test_an_address_that_cannot_be_served_is_a_failure(shell, env):
    found = shell("serve", env=env)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_serve(shell):
    port = free_port()
    command = [sys.executable, "-m", "searcher", "serve", "--update"]
    process = subprocess.Popen(
        command,
        cwd=shell.folder,
        env=shell.environment(PORT=str(port)),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stderr.readline()
        while "http://" not in line:
            line = process.stderr.readline()
        assert f"http://127.0.0.1:{port}" in line
        assert json.loads(fetch(port, "/healthz")) == {"status": "ok", "articles": 2}
        write(
            shell.folder / "raw/c.txt",
            "Another article arrives\n\nWhile the server runs, it is indexed.",
        )
        assert shell("index").returncode == 0
        assert json.loads(fetch(port, "/api/v1/search?q=arrives"))["total"] == 1
        assert shell("serve", env={"PORT": str(port)}).returncode == 2
    finally:
        process.terminate()
        process.communicate()
        (shell.folder / "raw/c.txt").unlink(missing_ok=True)
        shell("index", "--prune")


def fetch(port: int, path: str) -> str:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
