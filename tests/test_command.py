"""The commands, run as a user runs them: exit codes, messages and help.

Covers command: cli, lazy, options, explain_word and show_article; logs and __main__.
"""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest
from fakes import manual, write

from searcher.command.cli import cli
from searcher.command.lazy import LazyGroup

COMMANDS = [
    (("search", "zzz"), 1, "no articles found"),
    (
        (
            "search",
            "grain",
            "--after",
            "2022-07",
            "--before",
            "2022-08",
            "--source",
            "afp",
            "--sort",
            "newest",
        ),
        0,
        "1 article (",
    ),
    (("search", "grain", "-n", "1", "--page", "2"), 0, "page 2 of 2"),
    (("search", "--", "-grain"), 1, "no articles found"),
    (("search", 'grain "open'), 0, "2 articles"),
    (("show", "b"), 0, "Le grain quitte Odessa"),
    (("show", "b", "--json"), 0, '"body": ['),
    (("parse", "raw/a.txt"), 0, "Grain deal signed"),
    (("parse", "raw/b.jsonl", "--json"), 0, '"published": {'),
    (("stats",), 0, "2 articles"),
    (("stats", "--json"), 0, '"languages": {'),
    (("stats", "--json"), 0, '"stories": 2,'),
    (("search", "grain", "-=odesa"), 0, "1 article ("),
    (("search", "grain", "-odesa"), 1, "without -odesa: 2 articles"),
    (("search", "grain", "odesa"), 0, "odesa also as: Odessa"),
    (("search", "odesa", "--without", "Odessa"), 0, "1 article ("),
    (("search", "gprain"), 0, "these are results for grain"),
    (("search", "gprain", "--verbatim"), 1, "no articles found"),
    (("search", "grain", "--explain", "--recency", "off"), 0, " grain"),
    (("search", "grain", "--broaden"), 0, "ranked also by: "),
    (("similar", "b"), 1, "by its distinctive words: "),
    (("similar", "none"), 1, ""),
    (("compare", "b", "none"), 1, ""),
    (("stories", "separate", "b"), 1, ""),
    (("stories", "separate", "b", ""), 2, ""),
    (("stories", "join", "b", ""), 2, ""),
    (("stories", "undo", "b", ""), 2, ""),
    (("stories", "join", "b", "none"), 1, ""),
    (("stories", "undo", "b"), 1, ""),
    (("suggest", "gra"), 0, "grain"),
    (("suggest", "xyz"), 1, ""),
    (("search", "grain", "-hungary", "-n1", "-nato", "-ukraine"), 0, "page 1 of 2"),
    (("search", "-wheat", "grain", "-n", "1"), 0, "page 1 of 2"),
    (("search", "grain", "--page", "9"), 1, "there is no page 9"),
    (("syntax",), 0, "title:nato"),
    (("explain-word", "Praze", "--lang", "cs"), 0, "listed lemma: praha"),
    (("explain-word", "Praze", "--lang", "cs", "--json"), 0, '"listed lemma": "praha"'),
    (("explain-word", "Straßen", "--lang", "de"), 0, "form: strassen"),
    (("explain-word", "Kyiv", "--lang", "uk", "--lang", "en"), 0, "spellings: Kiev"),
    (("explain-word", "ferry^3"), 0, "warnings: "),
    (("explain-word", "Praze", "--lang", "xx"), 0, "known language: no"),
    (("explain-word", "!"), 1, ""),
    (("check",), 0, "the index has no errors"),
    (("--help",), 0, "Commands:"),
    (("--version",), 0, "0.1.0"),
]
"""Arguments of the command, its exit code, and words of its output."""


@pytest.mark.parametrize(("arguments", "code", "words"), COMMANDS)
def test_commands(shell, arguments, code, words):
    found = shell(*arguments)
    assert (found.returncode, words in found.stdout) == (code, True), found


def test_each_command_finds_its_modules_in_a_new_interpreter(shell):
    one_of_each = {arguments[0]: (arguments, code) for arguments, code, _ in COMMANDS}
    for arguments, code in one_of_each.values():
        found = shell.cold(*arguments)
        assert (found.returncode, "Traceback" in found.stderr) == (code, False), found


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("search",), "Missing argument"),
        (("search", "x", "--sort", "best"), "not one of"),
        (("search", "x", "--jsno"), "No such option"),
        (("show", "-x"), "No such option"),
        (("compare", "b"), "Missing argument"),
        (("compare", "b", "b"), "these are one article"),
        (("stories", "join", "b", "b"), "these are one article"),
        (("search", "x", "--after", "soon"), "is not a date"),
        (("search", "x", "--lang", "??"), "not a language code"),
        (("search", "x", "--page", "99999"), "out of reach"),
        (("search", "x", "--index", "nowhere"), "there is no index in nowhere"),
        (("index", "nowhere"), "nowhere does not exist"),
        (("index", "--raw", "nowhere"), "nowhere does not exist"),
        (("parse", "nowhere.txt"), "no such file"),
        (("check", "--index", "nowhere"), "there is no index"),
        (("nosuchcommand",), "No such command"),
        (("copy", "--to", "whoosh"), "already"),
        (("copy", "--to", "opensearch"), "names no cluster"),
        (("index", "--index", "/dev/null"), "cannot be an index folder"),
    ],
)
def test_wrong_use_and_failures_exit_with_2(shell, arguments, words):
    found = shell(*arguments)
    assert (found.returncode, words in found.stderr) == (2, True), found
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("arguments", [("search", b"\xff"), ("show", b"\xff"), ("index", b"\xff")])
def test_arguments_that_are_no_text_raise_nothing(shell, arguments):
    command = [sys.executable, "-m", "searcher", *arguments]
    found = subprocess.run(
        command, cwd=shell.folder, env=shell.environment(), capture_output=True, check=False
    )
    assert found.returncode in (1, 2)
    assert b"Traceback" not in found.stderr


def test_a_full_disk_or_a_reader_that_left_is_a_failure_not_a_traceback(shell):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "searcher", "search", "grain"]
        found = subprocess.run(
            command,
            cwd=shell.folder,
            env=shell.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert found.returncode == 2
    assert b"Traceback" not in found.stderr


def test_what_is_not_there_exits_with_1(shell):
    assert shell("show", "nosuchid").returncode == 1
    write(shell.folder / "nothing/empty.txt", "")
    assert shell("index", "nothing", "--index", "elsewhere").returncode == 1


def commands(group):
    """Yield the commands of a group and of its subgroups, with the words that a user types."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in commands(command))


def test_a_group_says_of_each_command_the_first_paragraph_of_its_help():
    groups = [cli, *(one for _, one in commands(cli) if isinstance(one, LazyGroup))]
    assert len(groups) == 2
    for group in groups:
        for name, lazy in group.lazy.items():
            command = group.get_command(click.Context(group), name)
            assert lazy.summary == " ".join(command.help.split("\n\n")[0].split()), name


def test_a_command_is_imported_when_it_is_run():
    code = (
        "import sys; from searcher.command.cli import cli; cli(['--help'], standalone_mode=False);"
        "print(*(name for name in sys.modules if name.startswith('searcher.command')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in found.stdout.splitlines()[-1].split()}
    assert loaded == {"command", "cli", "lazy", "options"}


def test_the_manual_names_every_command_and_option(root):
    text = manual(root)
    for name, command in commands(cli):
        assert f"searcher {name}" in text
        for option in command.params:
            for flag in option.opts if option.param_type_name == "option" else ():
                assert re.search(rf"{flag}\b", text), f"{name} {flag}"
    for setting in ("SEARCHER_INDEX", "SEARCHER_RAW", "HOST", "PORT"):
        assert setting in text
