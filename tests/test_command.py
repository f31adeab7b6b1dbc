"""The commands, run as a user runs them.

Covers command: cli, lazy, options, layout, progress, signals, indexing, searching, serving,
show_article, show_feeds, show_hits, feeds, feed_state, subscriptions, refreshing and alerts; logs
and __main__.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import click
import processes
import pytest
from fakes import NOW, manual, write
from feed_server import FeedServer, page, rss

from searcher.command.cli import cli, main
from searcher.command.layout import wrapped
from searcher.command.lazy import LazyGroup
from searcher.command.show_hits import framed
from searcher.query.help import ROWS
from searcher.search.hits import Snippet


class Shell:
    """Runs `searcher` in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def environment(self, **more):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SEARCHER_", "HOST", "PORT"))
        }
        return kept | more

    def __call__(self, *arguments, env=None):
        """Run a command in a forked process, in which modules are imported already."""
        command = ["searcher", *map(str, arguments)]
        environment = self.environment(**(env or {}))
        with tempfile.TemporaryDirectory() as folder:
            output, errors = Path(folder) / "output", Path(folder) / "errors"
            process = processes.start(
                run_command, command, self.folder, environment, output, errors
            )
            process.join(60)
            assert process.exitcode is not None, command
            return subprocess.CompletedProcess(
                command, process.exitcode, output.read_text("utf-8"), errors.read_text("utf-8")
            )

    def cold(self, *arguments, env=None):
        """Run a command in a new interpreter."""
        return subprocess.run(
            [sys.executable, "-m", "searcher", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(**(env or {})),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def run_command(command, folder, environment, output, errors) -> None:
    """Run a command in this process, with this folder, environment, and files for its output."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, output), (2, errors)):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY), number)
    sys.argv = command
    main()


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    write(
        folder / "raw/a.txt",
        "Grain deal signed in Istanbul\n\nShips may leave Odesa with \x1b]0;title\x07 grain again.",
    )
    write(
        folder / "raw/b.jsonl",
        '{"id": "b", "title": "Les navires", "body": "Le grain quitte Odessa, dit-on.", '
        '"date": "2022-07-23", "source": "AFP", "language": "fr", "url": "https://example.org/b"}\nbroken\n',
    )
    found = Shell(folder)
    assert found("index").returncode == 0
    return found


def test_index_reports_what_it_did(shell):
    again = shell("index")
    assert again.returncode == 0
    assert again.stdout == "0 added, 0 updated, 2 unchanged, 1 skipped\n"
    assert again.stderr.startswith("skipped b.jsonl#2: not valid JSON")


def test_search(shell):
    found = shell("search", "grain", "=odesa")
    assert found.returncode == 0
    assert found.stdout.startswith("2 articles, 1 of them with all words (")
    assert "  1. *Grain* deal signed in Istanbul" in found.stdout
    assert "Ships may leave *Odesa* with ]0;title *grain* again." in " ".join(found.stdout.split())
    assert "2022-07-23 · AFP · fr · id b · https://example.org/b" in found.stdout
    assert "\x1b" not in found.stdout


def test_search_as_json(shell):
    found = json.loads(shell("search", "grain", "--json", "--lang", "fr").stdout)
    assert (found["total"], found["total_all"], found["warnings"]) == (1, 1, [])
    (hit,) = found["hits"]
    assert hit["published"] == "2022-07-23T00:00:00Z"
    (snippet,) = hit["snippets"]
    assert [snippet["text"][start:end] for start, end in snippet["highlights"]] == ["grain"]


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
    (("suggest", "gra"), 0, "grain"),
    (("suggest", "xyz"), 1, ""),
    (("search", "grain", "-hungary", "-n1", "-nato", "-ukraine"), 0, "page 1 of 2"),
    (("search", "-wheat", "grain", "-n", "1"), 0, "page 1 of 2"),
    (("search", "grain", "--page", "9"), 1, "there is no page 9"),
    (("syntax",), 0, "title:nato"),
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
        (("search", "x", "--after", "soon"), "is not a date"),
        (("search", "x", "--lang", "??"), "not a language code"),
        (("search", "x", "--page", "99999"), "out of reach"),
        (("search", "x", "--index", "nowhere"), "there is no index in nowhere"),
        (("index", "nowhere"), "nowhere does not exist"),
        (("index", "--raw", "nowhere"), "nowhere does not exist"),
        (("parse", "nowhere.txt"), "no such file"),
        (("check", "--index", "nowhere"), "there is no index"),
        (("nosuchcommand",), "No such command"),
        (("index", "--index", "/dev/null"), "cannot be an index folder"),
    ],
)
def test_wrong_use_and_failures_exit_with_2(shell, arguments, words):
    found = shell(*arguments)
    assert (found.returncode, words in found.stderr) == (2, True), found
    assert "Traceback" not in found.stderr


def test_warnings_say_where(shell):
    found = shell("search", 'grain after:soon "odesa')
    assert "is not a date such as" in found.stderr
    assert "(at 13: soon)" in found.stderr
    assert '(at 18: "odesa)' in found.stderr


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


@pytest.mark.parametrize("env", [{"HOST": "no such host"}, {"PORT": "http"}, {"PORT": "99999"}])
def test_an_address_that_cannot_be_served_is_a_failure(shell, env):
    found = shell("serve", env=env)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


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


def test_the_commands_of_the_manual_work_on_the_sample(shell, root, tmp_path):
    text = manual(root)
    assert shell("index", "--raw", root / "raw", "--index", tmp_path / "index").returncode == 0
    env = {"SEARCHER_INDEX": str(tmp_path / "index"), "SEARCHER_RAW": str(root / "raw")}
    lines = re.findall(
        r"^searcher ((?:search|show|stats|check|syntax|reindex)\b[^#\n]*)", text, re.MULTILINE
    )
    assert len(lines) >= 8
    for line in lines:
        found = shell(*shlex.split(line), env=env)
        assert found.returncode == 0, (line, found)
    codes = {row.example: shell("search", "--", row.example, env=env).returncode for row in ROWS}
    # The sample names no agency.
    assert {example: code for example, code in codes.items() if code} == {"agency:AFP": 1}
    code = (
        re.search(r"```python\n(.*?)```", text, re.DOTALL)
        .group(1)
        .replace('"index"', repr(env["SEARCHER_INDEX"]))
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Ukraine and Russia sign deal" in found.stdout


def test_what_is_not_there_exits_with_1(shell):
    assert shell("show", "nosuchid").returncode == 1
    write(shell.folder / "nothing/empty.txt", "")
    assert shell("index", "nothing", "--index", "elsewhere").returncode == 1


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
    assert shell("stats", *places).stdout.startswith("1 articles")
    assert shell("check", *places).returncode == 0
    assert shell("index", *places).stdout.startswith("8,000 added")


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


def feed_environment(tmp_path):
    """Return an environment to follow feeds of this machine without pauses, in a new folder."""
    return {
        "SEARCHER_ALLOW_PRIVATE": "1",
        "SEARCHER_PAUSE": "0",
        "SEARCHER_RAW": str(tmp_path / "raw"),
        "SEARCHER_INDEX": str(tmp_path / "index"),
    }


def test_feeds_and_alerts(shell, tmp_path):
    env = feed_environment(tmp_path)
    with FeedServer() as server:
        feed = server.put(
            "/feed",
            rss(
                (server.url("/a"), "Ferry stops sailing", "From Istanbul."),
                title="Harbour\x1b[31m News",
            ),
        )
        server.put(
            "/a",
            page(
                "Ferry stops sailing",
                "The ferry from Istanbul stopped sailing on Monday, for its hull has a crack.",
            ),
        )
        found = shell("feeds", "add", server.url("/none"), env=env)
        assert (found.returncode, found.stderr) == (
            2,
            f"added, but {server.url('/none')} cannot be read yet: the server answered 404; it is tried again\n",
        )
        found = shell("feeds", "add", feed, env=env)
        assert (found.returncode, found.stdout) == (0, "added Harbour[31m News: 1 article\n"), found
        assert "is followed already" in shell("feeds", "add", feed, env=env).stdout
        assert "no more pages are" in shell("feeds", "add", "--entries-only", feed, env=env).stdout
        assert json.loads(shell("feeds", "list", "--json", env=env).stdout)[0]["mode"] == "entry"
        assert "pages are" in shell("feeds", "add", "--pages", f"feed:{feed}", env=env).stdout
        assert shell("feeds", "refresh", env=env).returncode == 0
        assert shell("feeds", "refresh", server.url("/none"), env=env).returncode == 2
        assert shell("feeds", "remove", feed, server.url("/unknown"), env=env).returncode == 2
        assert (tmp_path / "raw/.feeds.sqlite").stat().st_mode & 0o777 == 0o600
        assert shell("feeds", "add", "no address at all", env=env).returncode == 2
        assert shell("feeds", "remove", server.url("/none"), env=env).returncode == 0
        assert shell("feeds", "remove", server.url("/none"), env=env).returncode == 2
        (listed,) = json.loads(shell("feeds", "list", "--json", env=env).stdout)
        assert (listed["url"], listed["health"], listed["title"]) == (
            feed,
            "ok",
            "Harbour[31m News",
        )
        assert "ok" in shell("feeds", "list", env=env).stdout
        assert "1 article" in shell("search", "istanbul", env=env).stdout
        heard = tmp_path / "heard"
        assert (
            shell(
                "alerts",
                "add",
                "ships",
                "match:any ships ferry",
                "--command",
                f"tee {heard}",
                env=env,
            ).returncode
            == 0
        )
        assert shell("alerts", "add", "ships", "other", env=env).returncode == 2
        assert shell("alerts", "add", "nothing", "-", env=env).returncode == 2
        assert (
            "“harbour talks”"
            in shell("alerts", "add", "talks", "harbour\x01 \x0b talks", env=env).stdout
        )
        today = format_datetime(datetime.now(UTC))
        server.put(
            "/feed",
            rss((server.url("/b"), "Another ferry", "x")).replace(format_datetime(NOW), today),
        )
        found = shell("feeds", "refresh", feed, env=env)
        assert found.returncode == 0
        assert "1 feed received: 1 new or changed entry" in found.stdout
        assert json.loads(heard.read_text())["articles"][0]["words"] == ["ferry"]
        shown = shell("alerts", "show", "ships", env=env).stdout
        assert "Another ferry" in shown
        assert "by ferry" in shown
        assert json.loads(shell("alerts", "list", "--json", env=env).stdout)[0]["articles"] == 1
        assert shell("alerts", "show", "none", env=env).returncode == 2
        exported = tmp_path / "feeds.opml"
        assert shell("feeds", "export", exported, env=env).returncode == 0
        other = env | {"SEARCHER_FEEDS": str(tmp_path / "other/state.sqlite")}
        assert shell("feeds", "import", exported, env=other).stdout.startswith("1 added")
        assert shell("feeds", "import", exported, env=other).stdout.startswith(
            "0 added, 1 followed already"
        )
        assert (tmp_path / "other/state.sqlite").exists()
        assert shell("alerts", "remove", "ships", env=env).returncode == 0
        assert shell("feeds", "import", heard, env=env).returncode == 2
        guarded = shell(
            "feeds", "add", server.url("/secret"), env=env | {"SEARCHER_ALLOW_PRIVATE": ""}
        )
        assert (guarded.returncode, "private network" in guarded.stderr) == (2, True)
        assert len(json.loads(shell("feeds", "list", "--json", env=env).stdout)) == 1


def test_a_page_that_leads_to_no_feed_is_not_followed(shell, tmp_path):
    env = feed_environment(tmp_path)
    with FeedServer() as server:
        found = shell("feeds", "add", server.put("/a", page("A page", "It has no feed.")), env=env)
        assert (found.returncode, "not added" in found.stderr) == (2, True)
        assert shell("feeds", "list", env=env).returncode == 1


def test_watch_refreshes_until_it_is_stopped_and_the_page_finds_it(shell, tmp_path):
    env = feed_environment(tmp_path)
    with FeedServer() as server:
        server.put("/feed", rss((server.url("/a"), "Ferry stops sailing", "From Istanbul.")))
        command = [sys.executable, "-m", "searcher", "feeds", "watch"]
        process = subprocess.Popen(
            command, env=shell.environment(**env), stderr=subprocess.PIPE, text=True
        )
        try:
            first = json.loads(process.stderr.readline())
            assert (first["event"], first["level"], first["feeds"]) == ("watching", "info", 0)
            found = shell("feeds", "add", server.url("/feed"), env=env)
            assert (
                f"feeds are being refreshed by process {process.pid}, which fetches it now"
                in found.stdout
            )
            deadline = time.monotonic() + 20
            while (
                "1 article" not in shell("search", "istanbul", env=env).stdout
                and time.monotonic() < deadline
            ):
                time.sleep(0.1)
            assert shell("search", "istanbul", env=env).returncode == 0
            assert shell("feeds", "watch", env=env).returncode == 2
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert process.returncode == 0
    events = [json.loads(line) for line in errors.splitlines()]
    assert [
        event["event"] for event in events if event["event"] in ("feed received", "stopped")
    ] == [
        "feed received",
        "stopped",
    ]
    assert all(event["time"].endswith("Z") for event in events)
