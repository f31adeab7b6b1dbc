"""The state of the feeds on disk: every version that was ever written is read, and migrated."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOW

from searcher.alerts.book import Alarm, Alert, AlertBook
from searcher.feeds.state import FeedState
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
    """Writes something of everything into a state."""
    with state.transaction():
        for feed in (FEED, GONE):
            state.save(feed)
        state.note_entries(FEED.url, [("k1", "m1", NOW), ("k2", "m2", NOW - timedelta(days=1))])
        for page in (PAGE, DONE):
            state.save_page(page)
        state.hold("busy.example", NOW + timedelta(hours=1))
        state.save_robots("https://paper.example", NOW, "User-agent: *\nDisallow: /private")
        state.save_robots("https://down.example", NOW, None)
        state.count(records=3, bytes=1000)
    book = AlertBook(state)
    book.add(ALERT)
    book.add(OTHER)
    book.sound([(ALERT, ALARM, ()), (OTHER, LATER, ())])
    book.settle([number for number, _ in book.undelivered(NOW)["ferry"]], True, NOW)


def content(state):
    """Everything that is in a state that was filled."""
    book = AlertBook(state)
    return {
        "feeds": state.subscriptions(),
        "moved": state.subscription("https://old.example/é"),
        "entries": state.known_entries(FEED.url),
        "moments": sorted(state.moments(FEED.url, NOW)),
        "pages": [state.page(page.key) for page in (PAGE, DONE)],
        "received": state.received_at(PAGE.final),
        "held": state.held_until("busy.example", NOW),
        "robots": [state.robots(f"https://{host}") for host in ("paper.example", "down.example")],
        "counters": state.counters(),
        "alerts": book.alerts(),
        "alarms": [book.alarms(name) for name in ("", "harbour", "ferry")],
        "undelivered": book.undelivered(NOW + timedelta(days=2)),
    }


def written(version, path):
    """A state of an earlier version, as it was written then."""
    with sqlite3.connect(path, isolation_level=None) as db:
        db.executescript((GOLDEN / f"state.{version}.sql").read_text("utf-8"))
    db.close()
    return path


@pytest.mark.parametrize("version", [1])
def test_a_state_of_every_version_is_read(version, tmp_path):
    with FeedState(tmp_path / "new") as state:
        fill(state)
        expected = content(state)
    with FeedState(written(version, tmp_path / "old")) as state:
        assert content(state) == expected
