"""Rules for prose: length of the README, first words of docstrings, no path of a machine."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest
from fakes import ROOT

LONGEST_README, LONGEST_PARAGRAPH = 120, 80
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home/\w|root/|Users/\w)")


def test_the_readme_is_short():
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_README
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    paragraphs = re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) ?)", prose)
    assert [part for part in paragraphs if len(part.split()) > LONGEST_PARAGRAPH] == []


@pytest.mark.parametrize("package", ["searcher", "web", "tests", "benchmarks"])
def test_docstrings_begin_with_a_verb_or_a_noun(package):
    found = []
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            # The docstring of a module, class or function, or the string below a constant or field.
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                text = node.value.value
                if isinstance(text, str) and text.startswith("What "):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_no_tracked_file_names_a_machine():
    command = ["git", "ls-files", "-z", "--", ":!raw", ":!tests/data"]
    tracked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, tracked.stdout.split("\0")):
        data = (ROOT / name).read_bytes()
        if b"\0" not in data and MACHINE_PATH.search(data.decode("utf-8")):
            found.append(name)
    assert found == []
