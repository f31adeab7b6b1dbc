"""The command that exports: files that appear whole, or not at all.

Covers command.exporting.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from fakes import write


def test_an_export_is_a_file_of_all_articles(shell, tmp_path):
    file = tmp_path / "found.csv"
    done = shell("export", "grain", "--format", "csv", "-o", file)
    assert done.returncode == 0
    assert done.stdout == ""
    assert "2 of 2 articles found, by date of publication, the latest first" in done.stderr
    assert "generation" in done.stderr
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert [row["source"] for row in rows] == ["AFP", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["found.csv"]


def test_an_export_goes_to_standard_output_without_a_file(shell):
    done = shell("export", "grain", "--lang", "fr")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["b"]
    assert done.stderr == ""
    assert shell("export", "grain", "-Odesa").stdout.count("\n") == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["nowhere"], 1), (["grain", "--after", "x"], 2), (["grain", "--format", "doc"], 2), ([], 2)],
)
def test_exit_codes_of_an_export(shell, arguments, code):
    assert shell("export", *arguments).returncode == code


def test_articles_with_some_words_are_exported_on_request(shell):
    assert shell("export", "signed", "navires").returncode == 1
    assert shell("export", "signed", "navires", "--match", "any").stdout.count("\n") == 2
    assert shell("export", "grain", "-n", "1").stdout.count("\n") == 1


def test_a_file_that_cannot_be_written_is_named(shell, tmp_path):
    done = shell("export", "grain", "-o", tmp_path / "none/a.jsonl")
    assert done.returncode == 2
    assert "none" in done.stderr


@pytest.fixture(scope="module")
def large(shell, tmp_path_factory):
    """Return the options of an index of which an export fills more than a pipe."""
    folder = tmp_path_factory.mktemp("large")
    lines = [
        json.dumps({"id": str(n), "title": "Grain", "body": f"{n} x " * 900}) for n in range(900)
    ]
    write(folder / "raw/a.jsonl", "\n".join(lines))
    options = ("--index", str(folder / "index"), "--raw", str(folder / "raw"))
    assert shell("index", *options, env={"SEARCHER_STORIES": "0"}).returncode == 0
    return options


def start(shell, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "searcher", "export", "grain", *arguments],
        cwd=shell.folder, env=shell.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_reader_that_has_enough_ends_an_export_quietly(shell, large):
    with start(shell, *large) as process:
        assert json.loads(process.stdout.readline())["rank"] == 1
        process.stdout.close()
        assert process.wait(60) == 2
        assert process.stderr.read() == b""


def test_an_interrupted_export_leaves_no_file(shell, large, tmp_path):
    """Nobody reads the first output to its end, so that export is surely running."""
    with start(shell, *large) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read().endswith(b"searcher: interrupted\n")
    file = tmp_path / "out.jsonl"
    with start(shell, *large, "-o", str(file)) as process:
        while process.poll() is None and not any(tmp_path.iterdir()):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        interrupted = process.wait(60) == 130
    assert os.listdir(tmp_path) == ([] if interrupted else ["out.jsonl"])


def test_the_raw_files_of_articles(shell, tmp_path):
    file = tmp_path / "raw.zip"
    done = shell("export", "grain", "--format", "raw", "-o", file)
    assert done.returncode == 0
    with zipfile.ZipFile(file) as found:
        assert {"a.txt", "b.jsonl", "manifest.jsonl", "statement.json"} == set(found.namelist())
        assert found.read("b.jsonl") == (shell.folder / "raw/b.jsonl").read_bytes()
