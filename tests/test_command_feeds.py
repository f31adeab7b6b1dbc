"""Commands for feeds and alerts.

Covers command: feeds, feed_state, subscriptions, refreshing, show_feeds and alerts.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from email.utils import format_datetime

from fakes import NOW
from feed_server import FeedServer, page, rss


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
