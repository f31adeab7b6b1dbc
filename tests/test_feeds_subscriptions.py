"""Subscriptions: parsing of feeds, due times, storage, and exchange as OPML.

Covers feeds.schedule, subscription, opml, state.subscriptions, sources.feed and sources.feed_links.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import StateDamaged, UnreadableFile
from searcher.feeds.opml import read_opml, write_opml
from searcher.feeds.schedule import (
    LONGEST_INTERVAL,
    LONGEST_PAUSE,
    SHORTEST_INTERVAL,
    check_page,
    interval,
    is_due,
    max_age,
    next_try,
    retry_after,
    retry_page,
)
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page, Subscription
from searcher.sources.feed import read_feed
from searcher.sources.feed_links import feed_addresses
from searcher.text.cleaning import clean_line

URL = "https://paper.example/feed"
SPANS = st.timedeltas(timedelta(), timedelta(days=30))


def subscription(**values) -> Subscription:
    return Subscription(**{"url": URL, "mode": "page", "added": NOW, "next_try": NOW, **values})


def page(**values) -> Page:
    return Page(**{"key": "k", "url": URL, "feed": URL, "entry": {}, "next_try": NOW, **values})


@given(st.lists(SPANS, max_size=60), SPANS)
def test_a_feed_is_asked_as_often_as_it_has_news_within_bounds(ages, pause):
    found = interval([NOW - age for age in ages], pause, NOW)
    assert (
        max(SHORTEST_INTERVAL, min(pause, LONGEST_PAUSE))
        <= found
        <= max(LONGEST_INTERVAL, LONGEST_PAUSE)
    )
    assert found <= max(LONGEST_INTERVAL, min(pause, LONGEST_PAUSE))


def test_the_pace_of_a_feed():
    hourly = [NOW - timedelta(hours=hour) for hour in range(100)]
    assert interval(hourly, timedelta(), NOW) == pytest.approx(timedelta(minutes=30), rel=0.02)
    assert interval(hourly, timedelta(hours=2), NOW) == timedelta(hours=2)
    assert interval([], timedelta(), NOW) == LONGEST_INTERVAL
    assert interval([NOW] * 5000, timedelta(), NOW) == SHORTEST_INTERVAL


@given(st.integers(0, 30), st.floats(0, 1), st.floats(600, 43_200), st.none() | SPANS)
def test_a_failing_feed_is_asked_less_and_less_and_never_sooner_than_it_asks(
    failures, chance, seconds, wait
):
    found = next_try(subscription(failures=failures, interval=seconds), NOW, chance, wait)
    expected = min(
        timedelta(seconds=seconds) * 2 ** min(failures, 10),
        LONGEST_PAUSE if failures else timedelta.max,
    )
    if wait is not None:
        assert found >= NOW + min(wait, timedelta(days=7))
    else:
        assert expected <= found - NOW <= 1.26 * expected


@given(
    st.frozensets(st.integers(0, 23), max_size=23),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.floats(0, 1),
)
def test_hours_and_days_that_a_feed_skips_are_skipped(hours, days, chance):
    found = next_try(
        subscription(interval=3600.0, skip_hours=tuple(hours), skip_days=tuple(days)), NOW, chance
    )
    assert found.hour not in hours
    assert found.weekday() not in days
    assert NOW < found <= NOW + timedelta(days=8)


def test_a_clock_set_back_makes_a_feed_due():
    ahead = subscription(checked=NOW, next_try=NOW + timedelta(hours=1))
    assert not is_due(ahead, NOW)
    assert is_due(ahead, NOW + timedelta(hours=1))
    assert is_due(ahead, NOW - timedelta(days=400))
    assert not is_due(ahead, NOW - timedelta(minutes=1))
    assert not is_due(replace(ahead, gone=True), NOW + timedelta(days=9))


def test_retry_after():
    assert retry_after("120", NOW) == timedelta(minutes=2)
    assert retry_after("Sat, 01 Jun 2024 13:00:00 GMT", NOW) == timedelta(hours=1)
    assert retry_after("Sat, 01 Jun 2019 13:00:00 GMT", NOW) == timedelta()
    assert retry_after("9999999999", NOW) > timedelta(days=365)
    for nonsense in (
        "",
        "soon",
        "-5",
        "Sat, 99 Jun 2024",
        "Fri, 31 Dec 2035 23:59:59 +" + "9" * 20,
    ):
        assert retry_after(nonsense, NOW) is None


def test_max_age():
    assert max_age("public, max-age=600") == timedelta(minutes=10)
    assert max_age('max-age="60", private') == timedelta(minutes=1)
    assert max_age("max-age=31536000") == LONGEST_PAUSE
    for nonsense in ("", "no-cache", "max-age=", "max-age=-1", "s-maxage=60"):
        assert max_age(nonsense) == timedelta()


def test_pages_are_tried_again_and_looked_at_again_some_times():
    waits = [retry_page(page(tries=tries), NOW) for tries in range(1, 8)]
    assert waits[5:] == [None, None]
    assert waits[:5] == sorted(waits[:5])
    assert retry_page(page(tries=1), NOW, timedelta(hours=3)) == NOW + timedelta(hours=3)
    assert check_page(page(checks=1), NOW, NOW) == NOW + timedelta(hours=1)
    assert check_page(page(checks=2), NOW, NOW) == NOW + timedelta(days=1)
    assert check_page(page(checks=3), NOW, NOW) is None
    assert check_page(page(checks=1), NOW - timedelta(days=30), NOW) is None


def test_what_is_saved_is_read_again(tmp_path):
    path = tmp_path / "raw/.feeds.sqlite"
    full = subscription(
        title="Paper", site="https://paper.example/", etag='"1"', modified="x", digest="d", record="r", checked=NOW,
        succeeded=NOW, failures=2, problem="p", interval=60.0, moved_from=("https://old.example/",),
    )  # fmt: skip
    seen = page(
        entry={"headline": "é"}, tries=1, checks=2, problem="p", etag="e", fetched=NOW, final="f"
    )
    with FeedState(path) as state, state.transaction():
        state.subscriptions.save(full)
        state.pages.save(seen)
        state.hosts.save_robots("https://paper.example", NOW, None)
        state.entries.save(
            URL, [("a", "1", NOW), ("b", "2", NOW - timedelta(days=1)), ("a", "3", NOW)]
        )
    with FeedState(path) as state:
        assert state.subscriptions.all() == [full]
        assert state.subscriptions.get("https://old.example/") == full
        assert state.pages.get("k") == seen
        assert state.pages.due(NOW, 9) == [seen]
        assert state.pages.due(NOW - timedelta(seconds=1), 9) == []
        assert state.hosts.robots("https://paper.example") == (NOW, None)
        assert state.entries.known(URL) == {"a": "3", "b": "2"}
        assert state.entries.a_day(NOW) == {URL: 2.0}
        state.subscriptions.save(replace(full, url="https://new.example/"), URL)
        assert state.entries.known("https://new.example/") == {"a": "3", "b": "2"}
        assert state.subscriptions.get(URL) is None
        assert state.subscriptions.remove("https://new.example/")
        assert not state.subscriptions.remove("https://new.example/")
        assert state.pages.due(NOW, 9) == [] or state.pages.get("k").feed != "https://new.example/"


def test_a_transaction_is_all_or_nothing(tmp_path):
    with FeedState(tmp_path / "state") as state:
        with pytest.raises(RuntimeError), state.transaction():
            state.subscriptions.add(URL, "page", NOW)
            raise RuntimeError
        assert state.subscriptions.all() == []
        assert state.subscriptions.add(URL, "page", NOW)
        assert not state.subscriptions.add(URL, "page", NOW)


def test_a_state_that_is_none(tmp_path):
    (tmp_path / "garbage").write_bytes(b"not a database" * 500)
    with pytest.raises(StateDamaged, match="garbage"):
        FeedState(tmp_path / "garbage")
    with sqlite3.connect(tmp_path / "foreign") as db:
        db.execute("CREATE TABLE notes (text TEXT)")
    db.close()
    with pytest.raises(StateDamaged, match="not a state of feeds"):
        FeedState(tmp_path / "foreign")


def test_opening_a_state_again_ends_no_locks(tmp_path):
    """Otherwise another process would believe it is the last one, and remove the log that this
    process still writes to."""
    path = tmp_path / "state"
    count = "import sys; from searcher.feeds.state import FeedState; from pathlib import Path\n"
    count += "with FeedState(Path(sys.argv[1])) as state: print(len(state.subscriptions.all()))"

    def seen_by_another_process():
        return int(
            subprocess.run(
                [sys.executable, "-c", count, path], check=True, capture_output=True
            ).stdout
        )

    with FeedState(path) as state:
        for number in range(3):
            state.subscriptions.add(f"https://{number}.example/", "page", NOW)
            with FeedState(path):
                pass
            assert seen_by_another_process() == number + 1


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(clean_line)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), TEXTS, st.sampled_from(["page", "entry"])), max_size=5
    )
)
def test_opml_gives_back_what_it_was_given(rows):
    feeds = [
        subscription(url=f"https://{n}.example/?a=1&b=2", title=title, mode=mode)
        for n, title, mode in rows
    ]
    found = list(read_opml(write_opml(feeds).encode(), "file"))
    assert [(one.url, one.title, one.mode) for one in found] == [
        (one.url, one.title or one.url, one.mode) for one in feeds
    ]


def test_opml_shows_no_password_but_in_the_address():
    text = write_opml([subscription(url="https://me:secret@a.example/", title="")])
    assert text.count("secret") == 1
    assert 'title="https://me:…@a.example/"' in text


def test_opml_of_others():
    data = b"""<?xml version='1.0'?><opml version='1.1'><body><outline text='Folder'><outline text='Deep' XMLURL='https://a.example/'/>
    </outline><outline text='no feed' url='https://b.example/'/></body></opml>"""
    assert [tuple(one) for one in read_opml(data, "file")] == [
        ("https://a.example/", "Deep", "page")
    ]
    hostile = b"<opml><body><outline title='a&#x9b;31m&#x202e;b&#10;c' xmlUrl='https://a.example/'/></body></opml>"
    assert [one.title for one in read_opml(hostile, "file")] == ["a31m\u202eb c"]
    bomb = b"<!DOCTYPE o [<!ENTITY a 'x'>]><opml>&a;</opml>"
    encoded = bomb.decode().encode("utf-16")
    for hidden in (bomb, encoded):
        with pytest.raises(UnreadableFile, match="defines entities"):
            list(read_opml(hidden, "file"))
    for broken in (
        b"",
        b"<opml>",
        b"<rss/>",
        bomb,
        b"\xff\xfe\x00",
        b"<opml/>" + b" " * (17 << 20),
    ):
        with pytest.raises(UnreadableFile, match="file: "):
            list(read_opml(broken, "file"))


def test_a_feed_says_when_it_need_not_be_asked():
    feed = read_feed(
        b"""<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Paper &amp; Co</title>
        <link>/home</link><ttl>45</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours>
        <skipDays><day>Sunday</day><day>Nonsense</day></skipDays>
        <item><title>One</title><link>/one</link></item>
        <item><title>Two</title><guid isPermaLink="false">2</guid><description>text of two</description></item>
        <item><description></description></item></channel></rss>""",
        URL,
    )
    assert (feed.title, feed.site, feed.pause) == ("Paper & Co", "https://paper.example/home", 45)
    assert (feed.skip_hours, feed.skip_days) == ({1, 0}, {6})
    assert [(one.key, one.document.url) for one in feed.entries] == [
        ("https://paper.example/one", "https://paper.example/one"),
        ("2", ""),
    ]
    assert len(feed.rejected) == 1
    hourly = b"<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel></rss>"
    assert read_feed(hourly, URL).pause == 360


def test_feeds_of_all_kinds():
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><id>urn:1</id><title>Head</title><link href='x'/><updated>2024-05-01T00:00:00Z</updated></entry></feed>"
    rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>A</title></channel><item rdf:about='urn:1'><title>Head</title><link>https://paper.example/x</link></item></rdf:RDF>"
    json_feed = '{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{"id": "1", "url": "x", "title": "Head"}]}'
    for text in (atom, rdf, json_feed, "\ufeff" + json_feed, atom.encode("utf-16")):
        feed = read_feed(text.encode() if isinstance(text, str) else text, URL)
        assert feed.title == "A"
        assert [(one.document.headline, one.document.url) for one in feed.entries] == [
            ("Head", "https://paper.example/x")
        ]


def test_an_encoding_that_a_server_lies_about():
    rss = "<rss><channel><title>x</title><item><link>https://a.example/</link><title>Où était l’île ?</title></item></channel></rss>"
    declared = "<?xml version='1.0' encoding='utf-8'?>" + rss
    for data, kind in ((declared.encode(), "application/rss+xml; charset=utf-8"), (declared.encode(), "application/xml"), (rss.encode("cp1252"), "application/rss+xml; charset=windows-1252"), (declared.encode(), "text/plain"), (declared.encode(), "application/rss+xml; charset=nonsense")):  # fmt: skip
        assert read_feed(data, URL, kind).entries[0].document.headline == "Où était l’île ?"


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry><title>", b'{"version": "https://jsonfeed.org/version/1", "items": [']))  # fmt: skip
def test_no_feed_raises_anything_else(data, begin):
    try:
        read_feed(begin + data, URL)
    except UnreadableFile as error:
        assert error.file == URL


def test_no_feed_is_read_from_the_disk(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text("<rss><channel><item><title>secret</title></item></channel></rss>")
    with pytest.raises(UnreadableFile):
        read_feed(str(secret).encode(), URL)


def test_feeds_that_a_page_names():
    html = b"""<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" type="application/atom+xml" href="atom.xml"><link rel="alternate" hreflang="fr" href="/fr">
    <link rel=stylesheet href="/rss"><a href="https://other.example/rss.xml">RSS</a><a href="/about">About</a>"""
    assert feed_addresses(html, "https://paper.example/news/") == (
        "https://paper.example/news/atom.xml",
        "https://paper.example/comments/feed",
        "https://other.example/rss.xml",
    )
    assert feed_addresses(b"", URL) == ()
