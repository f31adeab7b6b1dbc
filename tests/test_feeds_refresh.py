"""Refreshes from a server into an index: the requests, the archive, and the articles found.

Covers feeds.refresher, dispatcher, feed_task and page_task.
"""

from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard
from fakes import NOW
from feed_server import OK, Answer, page, rss, wild
from newsroom import LEAD, MORE, put_article, put_feed, records


def test_an_entry_becomes_the_article_of_its_page(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    tally = room.follow(feed)
    assert (tally.feeds, tally.entries, tally.pages, tally.failed) == (1, 1, 1, 0)
    (article,) = room.articles().values()
    assert article.paragraphs == (LEAD, MORE)
    assert article.source == "Harbour News"
    assert (article.published.value, article.first_seen.value) == (NOW, NOW)
    assert not article.partial
    assert len(article.versions) == 1
    assert room.feed().title == "Harbour News"
    assert [kind for kind, _ in records(room)] == [
        "warcinfo",
        "response",
        "metadata",
        "response",
        "metadata",
        "response",
    ]
    assert room.feed().health == "ok"


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
def test_content_encodings(server, room, name, encode):
    server.put("/ferry", encode(page("Ferry stops sailing", LEAD, MORE).encode()), Content_Encoding=name, Content_Type="text/html")  # fmt: skip
    text = rss((server.url("/ferry"), "Ferry stops sailing", "Summary")).encode()
    room.follow(
        server.put("/feed", encode(text), Content_Encoding=name, Content_Type="application/rss+xml")
    )
    (article,) = room.articles().values()
    assert article.paragraphs == (LEAD, MORE)


def test_the_feed_of_a_page_is_found(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put(
        "/",
        "<html><link rel=alternate type=application/rss+xml href=/feed><body>Welcome</body></html>",
    )
    room.follow(server.url("/"))
    assert room.feed().url == server.url("/feed")
    assert room.feed().moved_from == (server.url("/"),)
    assert room.state.subscriptions.get(server.url("/")) == room.feed()
    assert len(room.articles()) == 1


def test_a_page_that_names_no_feed(server, room):
    room.follow(server.put("/", "<html><body>Welcome</body></html>"))
    assert (room.feed().health, room.feed().problem) == ("failing", "not a feed")


def test_only_redirects_for_good_are_remembered(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/moved", b"", 301, Location="/also-moved")
    server.put("/also-moved", b"", 308, Location=server.url("/feed"))
    server.put("/elsewhere", b"", 302, Location="/feed")
    room.follow(server.url("/moved"), server.url("/elsewhere"))
    assert [one.url for one in room.state.subscriptions.all()] == [
        server.url("/elsewhere"),
        server.url("/feed"),
    ]
    assert len(room.articles()) == 1
    server.asked.clear()
    room.refresh(server.url("/moved"))
    assert server.paths() == ["/feed"]


def test_two_subscriptions_that_become_one(server, room):
    feed = put_feed(server)
    room.follow(feed)
    server.put("/old", b"", 301, Location="/feed")
    room.follow(server.url("/old"))
    assert room.feed().url == feed
    assert room.feed().to_json(0.0)["moved_from"] == [server.url("/old")]


@pytest.mark.parametrize("headers", [{"ETag": '"1"'}, {}], ids=["answers 304", "sends the same"])
def test_a_feed_that_moves_without_a_change(server, room, headers):
    put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing"), path="/old", **headers))
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/new", **headers)
    server.put("/old", b"", 301, Location="/new")
    assert room.refresh(server.url("/old")).unchanged == 1
    assert (room.feed().url, room.feed().moved_from) == (server.url("/new"), (server.url("/old"),))


def test_a_feed_that_becomes_another_one_without_a_change(server, room):
    room.follow(
        put_feed(server, path="/old", ETag='"1"'), put_feed(server, path="/new", ETag='"1"')
    )
    server.put("/old", b"", 301, Location="/new")
    room.refresh(server.url("/old"))
    assert (room.feed().url, room.feed().moved_from) == (
        server.url("/new"),
        (server.url("/new"), server.url("/old")),
    )


def test_an_entry_is_found_while_its_page_cannot_be_fetched(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/ferry", "broken", 500)
    tally = room.follow(feed)
    assert (tally.pages, tally.pages_failed) == (0, 1)
    (article,) = room.articles().values()
    assert article.partial
    assert article.paragraphs == ("Summary of Ferry stops sailing",)
    put_article(server)
    room.later(minutes=6)
    room.refresh()
    (article,) = room.articles().values()
    assert article.paragraphs == (LEAD, MORE)
    assert len(article.versions) == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            Answer(b"%PDF-1.4", 200, {"Content-Type": "application/pdf"}),
            "not a page (application/pdf)",
        ),
        (Answer(b"no", 404), "the server answered 404"),
        (Answer(b"no", 403), "the server answered 403"),
        (wild(OK + b"Content-Length: 9000\r\n\r\n<html>"), "cut off"),
    ],
)
def test_pages_that_are_none(server, room, answer, problem):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.answers["/ferry"] = answer
    room.follow(feed)
    (article,) = room.articles().values()
    assert article.partial
    assert room.state.pages.get(f"127.0.0.1:{server.port}/ferry").problem == problem


def test_a_feed_that_holds_whole_articles(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed, mode="entry")
    assert server.paths() == ["/feed"]
    (article,) = room.articles().values()
    assert article.paragraphs == ("Summary of Ferry stops sailing",)


def test_a_page_that_shows_less_than_its_feed(server, room):
    server.put(
        "/ferry", page("Ferry stops sailing", "To read on, become a subscriber of ours today.")
    )
    text = "".join(f"&lt;p&gt;Paragraph {number}: {LEAD}&lt;/p&gt;" for number in range(4))
    room.follow(server.put("/feed", rss((server.url("/ferry"), "Ferry stops sailing", text))))
    (article,) = room.articles().values()
    assert len(article.paragraphs) == 4
    assert not article.partial


def test_removed_feeds_keep_their_articles(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    assert room.state.subscriptions.remove(feed)
    room.later(days=2)
    server.asked.clear()
    room.refresh()
    room.indexer().update([room.raw], prune=True)
    assert server.asked == []
    assert len(room.articles()) == 1


def test_the_feed_that_a_page_names_is_followed_wherever_it_is_today(server, room):
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put(
        "/",
        "<html><link rel=alternate type=application/rss+xml href=/link>",
        Content_Type="application/xhtml+xml",
    )
    server.put("/link", b"", 302, Location="/feed")
    room.follow(server.url("/"))
    assert room.feed().url == server.url("/link")
    room.refresh(server.url("/link"))
    assert room.feed().health == "ok"


def test_an_entry_that_is_only_a_link(server, room):
    put_article(server, "/ferry", "Ferry stops sailing")
    server.put("/moved", b"", 301, Location="/ferry")
    room.follow(server.put("/feed", f"<rss><channel><title>T</title><item><link>{server.url('/moved')}</link></item><item><guid>x</guid></item></channel></rss>"))  # fmt: skip
    (article,) = room.articles().values()
    assert (article.headline, article.paragraphs) == ("Ferry stops sailing", (LEAD, MORE))


def test_a_page_of_no_type_is_looked_at(server, room):
    put_article(server)
    server.answers["/ferry"].headers["Content-Type"] = ""
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    assert not next(iter(room.articles().values())).partial


def test_a_page_is_fetched_though_the_feed_that_led_to_it_first_is_gone(server, room):
    server.put("/ferry", "broken", 500)
    first = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(first)
    assert room.state.subscriptions.remove(first)
    put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing"), path="/second"))
    assert not next(iter(room.articles().values())).partial


def test_pages_of_a_feed_that_became_another_are_still_fetched(server, room):
    feed = put_feed(server)
    room.follow(feed)
    server.put("/ferry", "later", 500)
    other = put_feed(server, ("/ferry", "Ferry stops sailing"), path="/other")
    room.follow(other)
    server.put("/other", b"", 301, Location="/feed")
    room.refresh(other)
    assert room.feed().url == feed
    put_article(server)
    room.later(minutes=6)
    room.refresh()
    assert not next(iter(room.articles().values())).partial


def test_the_second_feed_of_a_page_is_tried_when_the_first_is_none(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href={path}>"
        for path in ("/none", "/also-none", "/feed")
    )
    room.follow(server.put("/", f"<html>{links}</html>", Content_Type="Text/HTML; charset=utf-8"))
    assert (room.feed().url, room.feed().health) == (server.url("/feed"), "ok")
