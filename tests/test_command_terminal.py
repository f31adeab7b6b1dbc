"""Output on a terminal: width of lines, colour, and the progress bar.

Covers command: layout, progress and show_hits.
"""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys

import pytest
from fakes import write

from searcher.command.layout import wrapped
from searcher.command.show_hits import framed
from searcher.search.hits import Snippet


def test_lines_fit_the_terminal_in_every_script():
    text = "嫦娥六号返回器准确着陆于内蒙古四子王旗预定区域" * 4 + " and words in between " * 8
    spans = list(wrapped(text, 40))
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(
        " ", ""
    )
    assert all(
        sum(2 if char > "\u3000" else 1 for char in text[start:end]) <= 40 for start, end in spans
    )
    assert framed(Snippet("grain", ((0, 5),), False, False)).highlights == ((2, 7),)


@pytest.mark.parametrize(
    ("text", "columns"), [("हिन्दी समाचार", 11), ("مُحَمَّدٌ بَحْر", 8), ("👩‍👩‍👧 x", 4)]
)
def test_columns_are_those_of_a_terminal(text, columns):
    # Vowel signs and joiners have no width.
    assert list(wrapped(text, columns)) == [(0, len(text))]
    assert len(list(wrapped(text, columns - 1))) == 2


def test_colour_and_a_progress_bar_only_on_a_terminal(shell, tmp_path):
    write(
        tmp_path / "raw/a.jsonl",
        "".join(
            json.dumps({"id": str(n), "title": f"Grain {n}", "body": "x " * 200}) + "\n"
            for n in range(3000)
        ),
    )
    places = ("--index", str(tmp_path / "index"), "--raw", str(tmp_path / "raw"))
    bar = on_terminal(shell, "index", *places)
    assert "articles" in bar
    assert "a second" in bar
    bar = on_terminal(shell, "export", "grain", "-o", str(tmp_path / "all.csv"), *places)
    assert "of 3000 articles" in bar
    assert "3000 of 3000 articles found" in bar
    assert "\x1b[33m\x1b[1mGrain\x1b[0m" in on_terminal(shell, "search", "grain", *places)
    assert "\x1b[33m" not in on_terminal(shell, "search", "grain", *places, env={"NO_COLOR": "1"})


def on_terminal(shell, *arguments, env=None) -> str:
    """Run a command in a pseudo-terminal and return its output."""
    main, side = pty.openpty()
    command = [sys.executable, "-m", "searcher", *arguments]
    process = subprocess.Popen(
        command,
        cwd=shell.folder,
        env=shell.environment(**(env or {})),
        stdin=side,
        stdout=side,
        stderr=side,
    )
    os.close(side)
    output = b""
    while True:
        ready, _, _ = select.select([main], [], [], 60)
        try:
            chunk = os.read(main, 4096) if ready else b""
        except OSError:
            chunk = b""
        if not chunk:
            break
        output += chunk
    process.wait()
    os.close(main)
    return output.decode()
