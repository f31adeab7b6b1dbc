"""Commands that write an index: messages, folders, and an interrupted run.

Covers command.indexing.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

from fakes import write


def test_index_reports_what_it_did(shell):
    again = shell("index")
    assert again.returncode == 0
    assert again.stdout == "0 added, 0 updated, 2 unchanged, 1 skipped\n"
    assert again.stderr.startswith("skipped b.jsonl#2: not valid JSON")


def test_places_come_from_the_options_then_the_environment(shell):
    env = {"SEARCHER_INDEX": "env-index", "SEARCHER_RAW": "raw"}
    assert shell("index", env=env).returncode == 0
    assert (shell.folder / "env-index").is_dir()
    assert shell("search", "grain", "--index", "nowhere", env=env).returncode == 2
    assert shell("serve", env={"PORT": "http"}).returncode == 2


def test_reindex(shell):
    assert shell("reindex").stdout.startswith("2 added")
    assert shell("check").returncode == 0


def test_an_interrupted_reindex_leaves_the_old_index(shell, tmp_path):
    lines = "".join(
        json.dumps({"id": str(number), "title": f"Article {number}", "body": "words " * 300}) + "\n"
        for number in range(8000)
    )
    write(tmp_path / "raw/many.jsonl", lines)
    write(tmp_path / "raw/first.txt", "A first article\n\nIt is found at once by everybody.")
    places = ("--index", tmp_path / "index", "--raw", tmp_path / "raw")
    assert shell("index", tmp_path / "raw/first.txt", *places).returncode == 0
    command = [sys.executable, "-m", "searcher", "reindex", *map(str, places)]
    # A shell starts background processes with SIGINT ignored, and their children inherit that.
    process = subprocess.Popen(
        command,
        env=shell.environment(),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    holder, deadline = tmp_path / "index/writer.json", time.monotonic() + 30
    while f'"pid": {process.pid}' not in holder.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert shell("stats", *places).stdout.startswith("1 article,")
    assert shell("check", *places).returncode == 0
    assert shell("index", *places).stdout.startswith("8,000 added")
