"""Pages about followed feeds: versions, alerts and metrics.

Covers web.alerts and web.metrics.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta

import feedparser
import pytest
from fakes import NOW, filled, make_article
from feed_server import FeedServer, page, rss
from newsroom import Newsroom

from searcher.article import Article
from searcher.engine.places import Place
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.feeds.alert import Alarm, Alert
from searcher.feeds.state import FeedState
from searcher.settings import Settings
from web import create_app

TEXT = "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."
NASTY = "<script>alert(1)</script> & “Ferry” sails"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with FeedServer() as server:
        found = Newsroom(tmp_path_factory.mktemp("room"))
        found.book.add(Alert("Ferries & co", "match:any ferry", NOW))
        server.put(
            "/a", page("Ferry stops sailing", TEXT, "A second paragraph of it that will be gone.")
        )
        feed = server.put(
            "/feed",
            rss(
                (server.url("/a"), "Ferry stops sailing", "x"),
                (server.url("/b"), "&lt;script&gt;alert(1)&lt;/script&gt; Ferry", "y"),
            ),
        )
        found.follow(feed, server.put("/gone", b"", 410))
        server.put(
            "/a",
            page(
                "Ferry sails again",
                TEXT.replace("Monday", "Tuesday"),
                "Something that is new is in this paragraph, which is longer than a menu entry.",
            ),
        )
        found.later(hours=2)
        found.refresh()
        found.address = server.url("/a")
        yield found
        found.close()


@pytest.fixture
def client(room):
    return create_app(Settings(index=room.index, raw=room.raw), room.service).test_client()


def article(room) -> Article:
    return room.articles()[room.address]


def test_what_changed_is_shown(client, room):
    found = article(room)
    assert "Changed 1 time" in client.get(f"/article?id={found.id}").get_data(as_text=True)
    text = client.get(f"/versions?id={found.id}").get_data(as_text=True)
    assert "Headline and text changed" in text
    marked = re.sub(r'<span class="hidden">.*?</span>', "", text)
    assert "on <del>Monday</del> <ins>Tuesday</ins> after" in marked
    assert "<del>A second paragraph of it that will be gone.</del>" in marked
    assert (
        "<ins>Something that is new is in this paragraph, which is longer than a menu entry.</ins>"
        in marked
    )
    assert '<span class="hidden">[cut: </span>Monday<span class="hidden">]</span>' in text
    older = client.get(f"/article?id={found.id}&version=1").get_data(as_text=True)
    assert "Ferry stops sailing" in older
    assert "as it once was" in older
    for number in ("0", "3", "x", "-1", "9" * 30):
        assert client.get(f"/article?id={found.id}&version={number}").status_code == 404
    assert client.get("/versions?id=none").status_code == 404
    versions = client.get(f"/api/v1/versions?id={found.id}").get_json()["versions"]
    assert [(one["number"], one["changed"], one["title"]) for one in versions] == [
        (1, [], "Ferry stops sailing"),
        (2, ["headline", "body"], "Ferry sails again"),
    ]
    assert client.get("/api/v1/versions?id=none").status_code == 404


def test_versions_whose_archive_is_gone(client, room):
    found = article(room)
    (archive,) = (room.raw / "fetched").glob("*.gz")
    hidden = archive.rename(archive.with_suffix(".away"))
    try:
        text = client.get(f"/versions?id={found.id}").get_data(as_text=True)
        assert "no longer in the archive" in text
        assert client.get(f"/article?id={found.id}&version=1").status_code == 404
    finally:
        hidden.rename(archive)


def test_alerts_are_listed_and_have_feeds(client):
    text = client.get("/alerts").get_data(as_text=True)
    assert "Ferries &amp; co" in text
    (address,) = re.findall(r'href="(/alerts\.atom[^"]+)"', text)
    answer = client.get(address)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(answer.data)
    assert not parsed.bozo
    assert parsed.feed.title == "Ferries & co – News search"
    assert len(parsed.entries) == 2
    assert all(
        re.fullmatch(r"http://localhost/article\?id=\w+", entry.link) for entry in parsed.entries
    )
    assert {tag.term for entry in parsed.entries for tag in entry.tags} == {"Ferry"}
    assert "<script" not in answer.get_data(as_text=True)
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    elsewhere = feedparser.parse(client.get(address, headers={"Host": "search.example.org"}).data)
    assert elsewhere.feed.id == parsed.feed.id
    assert [entry.id for entry in elsewhere.entries] == [entry.id for entry in parsed.entries]
    assert client.get("/alerts.atom?name=none").status_code == 404
    assert "article" in client.get(parsed.entries[0].link).get_data(as_text=True)


def test_a_feed_has_an_entry_for_each_story(tmp_path):
    settings = Settings(index=tmp_path / "index", raw=tmp_path / "raw")
    engine = WhooshEngine(settings.index)
    filled(engine, [make_article(one, f"Grain {one}", source="Mail") for one in "abcd"])
    with engine.writer() as writer:
        for one in "abd":
            writer.place(one, Place(1))
    with FeedState(settings.feed_state) as state:
        alert = Alert("one", "grain", NOW)
        state.alerts.add(alert)
        for at, one in enumerate("abcd"):
            alarm = Alarm(
                "one",
                one,
                NOW + timedelta(hours=at),
                f"Grain {one}",
                "javascript:run()",
                "Mail",
                None,
                ("Grain",),
            )
            state.alerts.add_alarms([(alert, alarm, ())])
    client = create_app(settings).test_client()
    grown, alone = feedparser.parse(client.get("/alerts.atom?name=one").data).entries
    assert "javascript:" not in client.get("/alerts.atom?name=one").get_data(as_text=True)
    assert grown.title == "2 new versions of Grain a"
    assert grown.link == "http://localhost/story?id=a"
    assert grown.updated.startswith("2024-06-01T15:00")
    assert "New: Mail: Grain b; Mail: Grain d" in grown.summary
    assert alone.title == "Grain c"
    each = feedparser.parse(client.get("/alerts.atom?name=one&group=none").data)
    assert [entry.title for entry in each.entries] == [f"Grain {one}" for one in "dcba"]
    assert each.entries[-1].id == grown.id


def test_a_feed_speaks_the_language_that_its_address_names(client):
    page = client.get("/alerts?ui=de").get_data(as_text=True)
    (address,) = re.findall(r'href="(/alerts\.atom[^"]+)"', page)
    answer = client.get(html.unescape(address), headers={"Accept-Language": "fr"})
    parsed = feedparser.parse(answer.data)
    assert parsed.feed.language == "de"
    assert parsed.feed.title == "Ferries & co – Nachrichtensuche"
    assert "gefunden durch: Ferry" in parsed.entries[0].summary
    assert "ui=de" in parsed.feed.links[0].href
    assert "Set-Cookie" not in answer.headers


def test_without_feeds_there_are_no_alerts(tmp_path):
    client = create_app(Settings(index=tmp_path / "index", raw=tmp_path / "raw")).test_client()
    assert "There are none" in client.get("/alerts").get_data(as_text=True)
    assert client.get("/alerts.atom?name=x").status_code == 404
    metrics = client.get("/metrics").get_data(as_text=True)
    assert "searcher_index_up 0.0" in metrics
    assert "searcher_feeds" not in metrics
    assert not (tmp_path / "raw").exists()


def test_a_damaged_state_is_told(tmp_path):
    settings = Settings(index=tmp_path / "index", raw=tmp_path / "raw")
    with FeedState(settings.feed_state) as state:
        state.alerts.add(Alert("one", "grain", NOW))
    data = settings.feed_state.read_bytes()
    settings.feed_state.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    client = create_app(settings).test_client()
    assert "searcher_feeds_up 0.0" in client.get("/metrics").get_data(as_text=True)
    for address in ("/alerts", "/alerts.atom?name=one"):
        assert client.get(address).status_code == 503


def test_metrics(client, room):
    client.get("/search?q=ferry")
    client.get("/api/v1/search?q=ferry")
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    values = dict(
        line.rsplit(" ", 1) for line in answer.get_data(as_text=True).splitlines() if line[0] != "#"
    )
    assert values["searcher_articles"] == "2.0"
    assert values["searcher_query_seconds_count"] == "2.0"
    assert values['searcher_feeds{health="ok"}'] == "1.0"
    assert values['searcher_feeds{health="gone"}'] == "1.0"
    assert values["searcher_articles_added_total"] == "2.0"
    assert float(values["searcher_bytes_total"]) > 1000


def test_a_state_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / ".feeds.sqlite").write_bytes(b"garbage" * 999)
    client = create_app(Settings(index=tmp_path / "index", raw=tmp_path)).test_client()
    assert "searcher_feeds_up 0.0" in client.get("/metrics").get_data(as_text=True)
    assert client.get("/alerts").status_code == 503
