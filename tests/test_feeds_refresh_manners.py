"""Polite refreshes: conditional requests, waits, robots.txt, and no passwords for other hosts.

Covers feeds.admission, robots_task, schedule and fetching.hosts.
"""

from __future__ import annotations

import gzip
import itertools
import json
from datetime import timedelta

import pytest
from fakes import NOW, HandClock
from feed_server import FeedServer, rss
from newsroom import MORE, Newsroom, archive, put_article, put_feed, records

from searcher.feeds.subscription import Page
from searcher.fetching.memory_fetcher import MemoryFetcher


def test_what_did_not_change_is_not_sent_again(server, room):
    put_article(server)
    feed = put_feed(
        server,
        ("/ferry", "Ferry stops sailing"),
        ETag='"1"',
        Last_Modified="Sat, 01 Jun 2024 10:00:00 GMT",
    )
    room.follow(feed)
    before = records(room)
    room.later(minutes=5)
    tally = room.refresh(feed)
    assert (tally.feeds, tally.unchanged, tally.entries) == (1, 1, 0)
    assert server.asked[-1].headers["if-none-match"] == '"1"'
    assert server.asked[-1].headers["if-modified-since"] == "Sat, 01 Jun 2024 10:00:00 GMT"
    assert records(room) == before


def test_the_same_content_without_conditions_is_kept_once(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    room.refresh(feed)
    assert records(room)[-1] == ("revisit", feed)
    assert room.refresh(feed).entries == 0


def test_a_redirect_into_a_private_network_is_refused(room):
    fetcher = room.fetcher = MemoryFetcher(room.clock)
    fetcher.put("https://paper.example/feed", b"", 302, Location="file:///etc/passwd")
    room.follow("https://paper.example/feed")
    assert room.feed().problem == "a redirect that leads nowhere"


def test_a_feed_that_is_gone_is_asked_no_more(server, room):
    room.follow(server.put("/feed", "gone", 410))
    assert room.feed().health == "gone"
    room.later(days=400)
    room.refresh()
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_is(server, room, status):
    feed = server.put("/feed", "busy", status, Retry_After="7200")
    room.follow(feed)
    assert room.feed().next_try >= room.clock.now() + timedelta(hours=2)
    room.later(hours=1)
    room.refresh()
    assert len(server.asked) == 1
    room.later(hours=1, minutes=1)
    room.refresh()
    assert len(server.asked) == 2
    assert (room.feed().failures, room.feed().problem) == (2, f"the server answered {status}")


def test_robots_that_ask_to_wait_hold_the_host(server, room):
    server.put("/robots.txt", "busy", 429, Retry_After="7200")
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    room.later(hours=1)
    room.refresh(server.url("/feed"))
    assert server.paths() == ["/feed", "/robots.txt"]
    assert room.state.pages.due(room.clock.now() + timedelta(hours=1), 10)


def test_the_feeds_of_a_page_are_not_tried_on_where_one_is_to_wait(server, room):
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{number}>" for number in range(3)
    )
    for number in range(3):
        server.put(f"/{number}", "busy", 429, Retry_After="3600")
    room.follow(server.put("/", f"<html>{links}"))
    assert server.paths() == ["/", "/0"]


def test_robots_are_not_asked_for_while_the_host_is_to_wait(tmp_path):
    room = Newsroom(tmp_path, fetcher=MemoryFetcher(HandClock()))
    room.fetcher.put(
        "https://paper.example/a",
        rss(("https://paper.example/x", "A headline of this", "x")).encode(),
    )
    room.fetcher.put("https://paper.example/b", b"busy", 429, Retry_After="3600")
    room.follow("https://paper.example/a", "https://paper.example/b")
    assert "https://paper.example/robots.txt" not in [url for url, _ in room.fetcher.asked]
    assert len(room.articles()) == 1
    room.close()


def test_hours_that_a_feed_skips_are_remembered_when_it_did_not_change(server, room):
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 16)
    feed = server.put(
        "/feed",
        f"<rss><channel><title>T</title><skipHours>{hours}</skipHours></channel></rss>",
        ETag="1",
    )
    room.follow(feed)
    room.refresh(feed)
    assert room.feed().next_try.hour == 16


def test_a_host_that_is_to_wait_costs_nothing_when_the_clock_was_set_back(server, room):
    feed = put_feed(server)
    room.follow(feed)
    room.state.hosts.hold("127.0.0.1", room.clock.now() + timedelta(hours=1))
    room.later(hours=-2)
    room.refresh()
    assert room.state.subscriptions.due(room.clock.now()) == []


def test_pages_wait_when_their_host_wants_to_be_left_alone(server, room):
    for number in range(5):
        server.put(f"/{number}", "busy", 503, Retry_After="3600")
    feed = put_feed(server, *[(f"/{number}", f"Headline number {number}") for number in range(5)])
    room.follow(feed)
    assert len([path for path in server.paths() if path[1:].isdecimal()]) == 1
    assert len(room.articles()) == 5
    for number in range(5):
        put_article(server, f"/{number}", f"Headline number {number}", f"Text {number}. {MORE}")
    room.later(minutes=59)
    room.refresh()
    assert all(article.partial for article in room.articles().values())
    room.later(minutes=2)
    room.refresh()
    assert not any(article.partial for article in room.articles().values())


def test_robots_are_asked_and_obeyed(server, room):
    server.put("/robots.txt", "User-agent: news-searcher\nDisallow: /private/\n")
    put_article(server, "/private/ferry")
    put_article(server, "/open", "Harbour opens again")
    feed = put_feed(
        server, ("/private/ferry", "Ferry stops sailing"), ("/open", "Harbour opens again")
    )
    room.follow(feed)
    assert "/private/ferry" not in server.paths()
    assert sorted(article.partial for article in room.articles().values()) == [False, True]
    assert server.paths().count("/robots.txt") == 1
    room.later(days=2)
    put_article(server, "/third", "A third article")
    put_feed(server, ("/third", "A third article"))
    room.refresh(feed)
    assert server.paths().count("/robots.txt") == 2


def test_nothing_is_fetched_where_robots_cannot_be_asked(server, room):
    server.put("/robots.txt", "error", 500)
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    assert "/ferry" not in server.paths()
    server.put("/robots.txt", "", 404)
    room.later(hours=2)
    room.refresh()
    assert "/ferry" in server.paths()
    assert not next(iter(room.articles().values())).partial


def test_there_is_a_pause_between_requests_to_one_host_only(tmp_path):
    with FeedServer("0.0.0.0") as server:
        room = Newsroom(tmp_path, pause=0.2)
        items = []
        for host, number in itertools.product(("127.0.0.1", "127.0.0.2", "127.0.0.3"), range(3)):
            put_article(server, f"/{number}", f"Headline number {number}")
            items.append((server.url(f"/{number}", host), f"Headline number {number}", "x"))
        server.put("/feed", rss(*items))
        room.follow(server.url("/feed", "127.0.0.1"))
        by_host: dict[str, list[float]] = {}
        for asked in server.asked:
            by_host.setdefault(asked.headers["host"], []).append(asked.at)
        gaps = [
            later - sooner
            for times in by_host.values()
            for sooner, later in itertools.pairwise(times)
        ]
        assert len(by_host) == 3
        assert min(gaps) >= 0.19
        # How long it takes says nothing on a loaded machine.
        mixed = itertools.pairwise(sorted((one.at, one.headers["host"]) for one in server.asked))
        assert any(at - before < 0.19 and host != other for (before, other), (at, host) in mixed)
        assert len(room.articles()) == 9
        room.close()


def test_credentials_go_to_their_own_server_only(server, room):
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/old", b"", 301, Location="/feed")
    server.put(
        "/page",
        "<html><link rel=alternate type=application/rss+xml href=/elsewhere>",
        Content_Type="text/html",
    )
    with FeedServer() as other:
        other.put("/feed", rss((other.url("/a"), "An article", "Summary")))
        server.put("/elsewhere", b"", 301, Location=other.url("/feed"))
        secret = server.url("").replace("//", "//user:s3cret@")
        room.follow(f"{secret}/old", f"{secret}/page", mode="entry")
        assert {one.url for one in room.state.subscriptions.all()} == {
            f"{secret}/feed",
            other.url("/feed"),
        }
        assert all(asked.headers["authorization"].startswith("Basic") for asked in server.asked)
        assert "authorization" not in other.asked[0].headers
    assert b"s3cret" not in gzip.decompress(archive(room).read_bytes())


def test_what_was_not_asked_cannot_be_unchanged(server, room):
    room.follow(server.put("/feed", b"", 304))
    assert (room.feed().health, room.feed().problem) == ("failing", "the server answered 304")


def test_a_new_name_for_the_same_content_is_remembered(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"), ETag='"1"')
    room.follow(feed)
    put_feed(server, ("/ferry", "Ferry stops sailing"), ETag='"2"')
    room.refresh(feed)
    assert room.feed().etag == '"2"'


def test_how_an_entry_is_decorated_does_not_matter(server, room):
    put_article(server)

    def put(number, summary, day=1):
        entry = (
            f"<item><guid>1</guid><title>Ferry stops sailing</title><link>{server.url('/ferry')}?utm_id={number}</link>"
            f"<description>{summary}</description><pubDate>0{day} Jun 2024 10:00:00 GMT</pubDate>"
            f"<enclosure url='http://pictures.example/{number}' type='image/png'/></item>"
        )
        return server.put("/feed", f"<rss><channel><title>T</title>{entry}</channel></rss>")

    feed = put(1, "Summary")
    assert room.follow(feed).entries == 1
    for number, text, day, count in (
        (2, "Summary", 1, 0),
        (3, "Another", 1, 1),
        (4, "Another", 2, 1),
    ):
        put(number, text, day)
        room.later(hours=30)
        assert room.refresh(feed).entries == count


@pytest.mark.parametrize(("renewed", "count"), [(1, 1), (3, 0)])
def test_a_new_date_tells_something_unless_all_entries_have_one(server, room, renewed, count):
    def put(hours):
        entries = "".join(
            f"<entry><id>urn:{number}</id><title>Number {number}</title><updated>2024-06-01T0{hour}:00:00Z</updated></entry>"
            for number, hour in enumerate(hours)
        )
        return server.put(
            "/feed", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entries}</feed>"
        )

    room.follow(put([8, 8, 8]))
    put([9] * renewed + [8] * (3 - renewed))
    assert room.refresh(server.url("/feed")).entries == count


def test_the_pace_of_entries_that_only_say_when_they_were_updated(server, room):
    entries = "".join(
        f"<entry><id>urn:{number}</id><title>Number {number}</title><updated>2019-01-0{number}T00:00:00Z</updated></entry>"
        for number in range(1, 9)
    )
    room.follow(
        server.put(
            "/feed", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Old</title>{entries}</feed>"
        )
    )
    assert room.state.entries.a_day(room.clock.now()) == {}


def test_pages_wait_for_no_time_that_was_wrong(server, room):
    room.later(days=4000)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    put_article(server)
    room.later(days=-4000)
    room.refresh()
    assert not next(iter(room.articles().values())).partial


def test_retry_after_holds_for_all_of_a_host_and_for_the_next_refresh(server, room):
    feeds = [server.put(f"/feed{number}", "busy", 429, Retry_After="3600") for number in range(9)]
    room.follow(*feeds)
    assert len(server.asked) == 1
    room.refresh(*feeds)
    room.later(minutes=59)
    room.refresh(*feeds)
    assert len(server.asked) == 1
    room.later(minutes=2)
    room.refresh()
    assert len(server.asked) == 2


def test_no_host_keeps_others_waiting(room):
    with room.state.transaction():
        for number in range(900):
            room.state.pages.save(
                Page(f"a{number}", f"https://slow.example/{number}", "f", {}, NOW)
            )
        room.state.pages.save(
            Page("b", "https://other.example/", "f", {}, NOW + timedelta(seconds=5))
        )
    due = room.state.pages.due(NOW + timedelta(minutes=1), 2000, 20)
    assert sorted({one.key[0] for one in due}) == ["a", "b"]
    assert len(due) == 21


def test_pages_of_a_host_that_never_answers_are_given_up(server, room):
    room.follow(server.put("/feed", rss(("http://127.0.0.1:9/a", "Ferry stops sailing", "x"))))
    for _ in range(20):
        room.later(days=1)
        room.refresh()
    assert room.state.pages.count_waiting() == 0


def test_gone_means_this_address_and_is_not_for_ever(server, room):
    server.put("/gone", b"", 410)
    feed = server.put("/feed", b"", 302, Location="/gone")
    room.follow(feed)
    assert room.feed().health == "failing"
    room.refresh(feed)
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/gone")
    assert room.state.subscriptions.remove(feed)
    server.put("/back", b"", 410)
    room.follow(server.url("/back"))
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/back")
    assert room.state.subscriptions.add(server.url("/back"), "page", room.clock.now())
    room.refresh()
    assert room.feed().health == "ok"


def test_passwords_stay_in_the_state(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing")).replace(
        "http://", "http://me:secret@"
    )
    room.follow(feed)
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert b"secret" not in gzip.decompress(archive(room).read_bytes())
    assert "secret" not in json.dumps(room.feed().to_json(0.0))
