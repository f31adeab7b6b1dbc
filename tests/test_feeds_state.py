"""The state of feeds on disk: a state of every version is copied, migrated and read.

Covers feeds.state: entries, small_tables, database, rows and schema. golden.py writes the golden files.
"""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOW

from searcher.errors import StateNewer, WriteFailed
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state import FeedState, schema
from searcher.feeds.subscription import Page, Subscription

GOLDEN = Path(__file__).parent / "data/feeds"
FEED = Subscription(
    "https://me:secret@paper.example/feed", "page", NOW, NOW + timedelta(hours=1), "Paper", "https://paper.example/",
    '"1"', "Sat, 01 Jun 2024 13:00:00 GMT", "sha1:A", "<urn:uuid:1>", NOW, NOW, 2, "cut off by its server", 600.0,
    False, ("https://old.example/é", "https://me:secret@paper.example/feed"), (1, 23), (5, 6),
)  # fmt: skip
GONE = Subscription("https://gone.example/feed", "entry", NOW, NOW, gone=True)
PAGE = Page(
    "paper.example/ferry", "https://paper.example/ferry", FEED.url, {"headline": "Fähre", "dates": [["a", "b"]]}, NOW,
    1, 2, "the server answered 503", '"2"', "", "sha1:B", "<urn:uuid:2>", NOW, "paper.example/ferry-2",
)  # fmt: skip
DONE = Page("gone.example/a", "https://gone.example/a", GONE.url, {}, None)
ALERT = Alert("harbour", "harbour strike", NOW, "https://desk.example/hook", "")
OTHER = Alert("ferry", "ferry match:any", NOW, "", "mail desk")
ALARM = Alarm(
    "harbour",
    "a1",
    NOW,
    "Strike",
    "https://paper.example/strike",
    "Paper",
    NOW,
    ("strike",),
    "All out.",
)
LATER = Alarm("ferry", "a2", NOW, "Ferry", "", "", None, (), "")


def fill(state):
    """Write rows to each table of a state."""
    with state.transaction():
        for feed in (FEED, GONE):
            state.subscriptions.save(feed)
        state.entries.save(FEED.url, [("k1", "m1", NOW), ("k2", "m2", NOW - timedelta(days=1))])
        for page in (PAGE, DONE):
            state.pages.save(page)
        state.hosts.hold("busy.example", NOW + timedelta(hours=1))
        state.hosts.save_robots("https://paper.example", NOW, "User-agent: *\nDisallow: /private")
        state.hosts.save_robots("https://down.example", NOW, None)
        state.counters.add(records=3, bytes=1000)
    book = state.alerts
    book.add(ALERT)
    book.add(OTHER)
    book.add_alarms([(ALERT, ALARM, ()), (OTHER, LATER, ())])
    book.save_delivered([number for number, _ in book.claim_undelivered(NOW)["ferry"]])


def content(state):
    """Return the content of a state that `fill` filled."""
    book = state.alerts
    return {
        "feeds": state.subscriptions.all(),
        "moved": state.subscriptions.get("https://old.example/é"),
        "entries": state.entries.known(FEED.url),
        "moments": sorted(state.entries.appearances(FEED.url, NOW)),
        "pages": [state.pages.get(page.key) for page in (PAGE, DONE)],
        "received": state.pages.received_at(PAGE.final),
        "held": state.hosts.held_until("busy.example", NOW),
        "robots": [
            state.hosts.robots(f"https://{host}") for host in ("paper.example", "down.example")
        ],
        "counters": state.counters.all(),
        "alerts": book.all(),
        "alarms": [book.alarms(name) for name in ("", "harbour", "ferry")],
        "undelivered": book.claim_undelivered(NOW + timedelta(days=2)),
    }


def written(version, path):
    """Create the golden state of a version at a path, and return the path."""
    with sqlite3.connect(path, isolation_level=None) as db:
        db.executescript((GOLDEN / f"state.{version}.sql").read_text("utf-8"))
    db.close()
    return path


def test_there_is_a_golden_file_of_every_version():
    files = {path.name for path in GOLDEN.glob("state.*.sql")}
    assert files == {f"state.{version}.sql" for version in range(1, schema.SCHEMA_VERSION + 1)}


@pytest.mark.parametrize("version", range(1, schema.SCHEMA_VERSION + 1))
def test_a_state_of_every_version_is_read_and_migrated(version, tmp_path):
    with FeedState(tmp_path / "new") as state:
        fill(state)
        expected = content(state)
    path = written(version, tmp_path / "old")
    with FeedState(path) as state:
        assert content(state) == expected
    with FeedState(path) as state:
        assert state.subscriptions.all() == expected["feeds"]
    assert (user_version(path), tables(path)) == (schema.SCHEMA_VERSION, tables(tmp_path / "new"))


def user_version(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


def tables(path):
    """Return the definitions of the tables and indexes of a state, by name."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows}


def dump(path):
    """Return the version of a state and its rows as SQL."""
    with closing(sqlite3.connect(path)) as db:
        return [db.execute("PRAGMA user_version").fetchone()[0], *db.iterdump()]


def test_a_copy_is_kept_before_a_migration(tmp_path):
    path = written(1, tmp_path / "state")
    before = dump(path)
    with FeedState(path) as state:
        state.subscriptions.remove(FEED.url)
    backup = tmp_path / "state.v1-backup"
    assert dump(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with FeedState(path):
        pass
    assert {file.name for file in tmp_path.iterdir()} == {"state", "state.v1-backup"}


def test_what_is_only_in_the_log_is_in_the_copy(tmp_path):
    """The last writes of a killed process are in the write-ahead log only."""
    path = written(1, tmp_path / "state")
    other = sqlite3.connect(path)
    other.execute("INSERT INTO counters VALUES ('late', 1)")
    other.commit()
    assert (tmp_path / "state-wal").stat().st_size
    with FeedState(path) as state:
        assert state.counters.all()["late"] == 1
    assert any("'late'" in line for line in dump(tmp_path / "state.v1-backup")[1:])
    other.close()


def test_a_new_state_has_no_copy(tmp_path):
    with FeedState(tmp_path / "state"):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["state"]


def test_a_migration_that_fails_leaves_the_old_state(tmp_path, monkeypatch):
    path = written(1, tmp_path / "state")
    before = dump(path)

    def failing(connection):
        connection.execute("ALTER TABLE feeds ADD COLUMN more TEXT")
        connection.execute("DELETE FROM pages")
        raise RuntimeError("in the middle")

    monkeypatch.setattr(schema, "_STEPS", (*schema._STEPS, failing))
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    with pytest.raises(RuntimeError, match="in the middle"):
        FeedState(path)
    assert dump(path) == before
    monkeypatch.undo()
    with FeedState(path) as state:
        assert state.subscriptions.get(FEED.url) == FEED


KILLED = """
import os, signal, sys
from pathlib import Path
from searcher.feeds.state import FeedState, schema

def killed(connection):
    connection.execute("DELETE FROM pages")
    os.kill(os.getpid(), signal.SIGKILL)

schema._STEPS = (*schema._STEPS, killed)
schema.SCHEMA_VERSION += 1
FeedState(Path(sys.argv[1]))
"""


def test_a_process_killed_during_a_migration_leaves_the_old_state(tmp_path):
    path = written(1, tmp_path / "state")
    before = dump(path)
    done = subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    assert done.returncode == -signal.SIGKILL
    assert dump(path) == before
    assert dump(tmp_path / "state.v1-backup") == before


def test_a_copy_that_cannot_be_written_prevents_the_migration(tmp_path):
    path = written(1, tmp_path / "state")
    before = dump(path)
    (tmp_path / "state.v1-backup").mkdir()
    with pytest.raises(WriteFailed, match="was not migrated"):
        FeedState(path)
    assert dump(path) == before


def test_a_state_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = written(schema.SCHEMA_VERSION, tmp_path / "state")
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE feeds ADD COLUMN more TEXT")
        db.execute("PRAGMA user_version = 99")
    before = dump(path)
    with pytest.raises(StateNewer, match="newer version .* update"):
        FeedState(path)
    assert dump(path) == before


COUNTED = """
import sys, time
from pathlib import Path
from searcher.feeds.state import FeedState, schema

def slow(connection):
    time.sleep(0.5)
    print("migrated", flush=True)
    step(connection)

step = schema._STEPS[-1]
schema._STEPS = (*schema._STEPS[:-1], slow)
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
with FeedState(Path(sys.argv[1])) as state:
    assert len(state.subscriptions.all()) == 2
"""


def test_several_processes_that_open_a_state_migrate_it_once(tmp_path):
    path = written(1, tmp_path / "state")
    command = [sys.executable, "-c", COUNTED, path, tmp_path / "go"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    (tmp_path / "go").touch()
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert b"".join(outputs).count(b"migrated") == 1


def test_the_alarms_of_one_alert_are_read_by_an_index(tmp_path):
    with FeedState(tmp_path / "state"), closing(sqlite3.connect(tmp_path / "state")) as db:
        statement = "EXPLAIN QUERY PLAN SELECT value FROM alarms WHERE alert = ? ORDER BY number DESC LIMIT 3"
        plan = " ".join(str(row) for row in db.execute(statement, ("harbour",)))
    assert "alarms_by_alert" in plan
    assert "TEMP B-TREE" not in plan
