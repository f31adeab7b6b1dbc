"""Names of modules in the docstrings of tests: each module is named by a test that covers it."""

from __future__ import annotations

import ast
import re

import pytest
from fakes import ROOT

TESTS = sorted((ROOT / "tests").glob("test_*.py"))
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("searcher.")
    for package in ("searcher", "web")
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py"
}
PACKAGES = {module.rpartition(".")[0] for module in MODULES} - {""}
NAME = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)*")


def names(path) -> set[str]:
    """Return the words of the docstring of a test module. A dotted name is one word."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return {name.removeprefix("searcher.") for name in NAME.findall(text)}


def test_each_module_is_named_by_the_tests_that_cover_it():
    """A docstring names a module as `feeds.archive`, or as `archive` after its package."""
    named = set().union(*map(names, TESTS))
    assert [
        module
        for module in sorted(MODULES)
        if not named & {module, module.partition(".")[2], module.rpartition(".")[2]}
    ] == []


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_names_of_modules_exist(path):
    dotted = {name for name in names(path) if name.split(".")[0] in PACKAGES and "." in name}
    assert dotted <= MODULES | PACKAGES


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_no_test_imports_from_another(path):
    imports = re.findall(r"^\s*(?:from|import) (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    assert imports == []
