"""Rules for prose: length of the README, docstrings, no path of a machine."""

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


def undocumented(path) -> list[str]:
    """Return the fields of dataclasses and NamedTuples that no string follows.

    A field of `Settings` is documented by its declaration, a call of `_setting`.
    """
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        kinds = {ast.unparse(part).partition("(")[0] for part in node.bases + node.decorator_list}
        if not kinds & {"NamedTuple", "dataclass"}:
            continue
        for field, after in zip(node.body, [*node.body[1:], None], strict=True):
            if not isinstance(field, ast.AnnAssign) or "ClassVar" in ast.unparse(field.annotation):
                continue
            value = ast.unparse(field.value) if field.value else ""
            text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            if not text and not value.startswith("_setting("):
                found.append(f"{path.stem}.{node.name}.{field.target.id}")
    return found


@pytest.mark.parametrize("package", ["searcher", "web"])
def test_each_field_has_its_documentation(package):
    paths = sorted((ROOT / package).rglob("*.py"))
    found = [name for path in paths for name in undocumented(path)]
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
