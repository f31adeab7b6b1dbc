"""Refreshing feeds of a real server into a real index: what is asked, what is kept, what is found."""

from __future__ import annotations

import gzip
import itertools
import json
import multiprocessing
import threading
import time
from datetime import timedelta

import brotli
import pytest
import zstandard
from fakes import NOW
from fakes import write
from feed_server import Answer
from feed_server import FeedServer
from feed_server import page
from feed_server import rss
from newsroom import Newsroom
from test_fetching import OK
from test_fetching import wild

from searcher.archive_format import members
from searcher.errors import UnreadableFile
from searcher.errors import WriteFailed
from searcher.feeds.alerts import Alert
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page
from searcher.fetching.memory import MemoryFetcher
from searcher.indexer import Indexer
from searcher.raw_store import RawStore
from searcher.refreshing.bounded_reader import BoundedReader
from searcher.refreshing.feeds import FeedVisits
from searcher.report import Progress

LEAD = (
    "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."
)
MORE = "Passengers were told to wait for another one until Thursday, a woman at the counter of the company said."


@pytest.fixture
def server():
    with FeedServer() as found:
        yield found


@pytest.fixture
def room(tmp_path):
    found = Newsroom(tmp_path)
    yield found
    assert not found.engine.exists() or found.sound()
    found.close()


def put_article(server, path="/ferry", headline="Ferry stops sailing", *more, **options):
    return server.put(path, page(headline, LEAD, *(more or (MORE,)), **options))


def put_feed(server, *items, path="/feed", **headers):
    """A feed of (path, headline)."""
    rows = [(server.url(link), headline, f"Summary of {headline}") for link, headline in items]
    return server.put(path, rss(*rows), **headers)


def records(room):
    """The archive's records as (type, address)."""
    found = []
    for path in sorted((room.raw / "fetched").glob("*.warc.gz")):
        with open(path, "rb") as file:
            for member in members(file):
                head = member.data.split(b"\r\n\r\n")[0].decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
                found.append((fields["WARC-Type"], fields.get("WARC-Target-URI", "")))
    return found


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


def test_what_did_not_change_is_not_sent_again(server, room):
    put_article(server)
    feed = put_feed(
        server, ("/ferry", "Ferry stops sailing"), ETag='"1"', Last_Modified="Sat, 01 Jun 2024 10:00:00 GMT"
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


@pytest.mark.parametrize(
    ("name", "encode"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.ZstdCompressor().compress)],
)
def test_content_encodings(server, room, name, encode):
    server.put("/ferry", encode(page("Ferry stops sailing", LEAD, MORE).encode()), Content_Encoding=name, Content_Type="text/html")  # fmt: skip
    text = rss((server.url("/ferry"), "Ferry stops sailing", "Summary")).encode()
    room.follow(server.put("/feed", encode(text), Content_Encoding=name, Content_Type="application/rss+xml"))
    (article,) = room.articles().values()
    assert article.paragraphs == (LEAD, MORE)


def test_the_feed_of_a_page_is_found(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/", "<html><link rel=alternate type=application/rss+xml href=/feed><body>Welcome</body></html>")
    room.follow(server.url("/"))
    assert room.feed().url == server.url("/feed")
    assert room.feed().moved_from == (server.url("/"),)
    assert room.state.subscription(server.url("/")) == room.feed()
    assert len(room.articles()) == 1


def test_a_page_that_names_no_feed(server, room):
    room.follow(server.put("/", "<html><body>Welcome</body></html>"))
    assert (room.feed().health, room.feed().problem) == ("failing", "no feed")


def test_only_redirects_for_good_are_remembered(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/moved", b"", 301, Location="/also-moved")
    server.put("/also-moved", b"", 308, Location=server.url("/feed"))
    server.put("/elsewhere", b"", 302, Location="/feed")
    room.follow(server.url("/moved"), server.url("/elsewhere"))
    assert [one.url for one in room.state.subscriptions()] == [server.url("/elsewhere"), server.url("/feed")]
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
    room.follow(put_feed(server, path="/old", ETag='"1"'), put_feed(server, path="/new", ETag='"1"'))
    server.put("/old", b"", 301, Location="/new")
    room.refresh(server.url("/old"))
    assert (room.feed().url, room.feed().moved_from) == (server.url("/new"), (server.url("/new"), server.url("/old")))


def test_redirects_that_do_not_end(server, room):
    server.put("/loop", b"", 301, Location="/loop")
    server.answers["/long0"] = Answer(b"", 302, {"Location": "/long1"})
    for number in range(1, 30):
        server.answers[f"/long{number}"] = Answer(b"", 302, {"Location": f"/long{number + 1}"})
    server.put("/nowhere", b"", 302)
    room.follow(server.url("/loop"), server.url("/long0"), server.url("/nowhere"))
    problems = {one.url.rpartition("/")[2]: one.problem for one in room.state.subscriptions()}
    assert problems == {
        "loop": "redirects that do not end",
        "long0": "redirects that do not end",
        "nowhere": "a redirect that leads nowhere",
    }
    assert len(server.asked) < 15


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
        (Answer(b"%PDF-1.4", 200, {"Content-Type": "application/pdf"}), "not a page (application/pdf)"),
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
    assert room.state.page(f"127.0.0.1:{server.port}/ferry").problem == problem


def test_robots_are_asked_and_obeyed(server, room):
    server.put("/robots.txt", "User-agent: news-searcher\nDisallow: /private/\n")
    put_article(server, "/private/ferry")
    put_article(server, "/open", "Harbour opens again")
    feed = put_feed(server, ("/private/ferry", "Ferry stops sailing"), ("/open", "Harbour opens again"))
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
        begin = time.monotonic()
        room.follow(server.url("/feed", "127.0.0.1"))
        took = time.monotonic() - begin
        by_host: dict[str, list[float]] = {}
        for asked in server.asked:
            by_host.setdefault(asked.headers["host"], []).append(asked.at)
        gaps = [later - sooner for times in by_host.values() for sooner, later in itertools.pairwise(times)]
        assert len(by_host) == 3
        assert min(gaps) >= 0.19
        assert took < 0.2 * len(server.asked)
        assert len(room.articles()) == 9
        room.close()


def test_a_feed_that_holds_whole_articles(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed, mode="entry")
    assert server.paths() == ["/feed"]
    (article,) = room.articles().values()
    assert article.paragraphs == ("Summary of Ferry stops sailing",)


def test_a_page_that_shows_less_than_its_feed(server, room):
    server.put("/ferry", page("Ferry stops sailing", "To read on, become a subscriber of ours today."))
    text = "".join(f"&lt;p&gt;Paragraph {number}: {LEAD}&lt;/p&gt;" for number in range(4))
    room.follow(server.put("/feed", rss((server.url("/ferry"), "Ferry stops sailing", text))))
    (article,) = room.articles().values()
    assert len(article.paragraphs) == 4
    assert not article.partial


def test_versions(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    put_article(server)
    room.follow(feed)
    put_feed(server, ("/ferry", "Ferry sails again"))
    put_article(server, "/ferry", "Ferry sails again", MORE)
    room.later(hours=1)
    room.refresh(feed)
    put_article(server, "/ferry", "Ferry sails again", "It was a mistake, the company said.")
    room.later(days=2)
    room.refresh(feed)
    (article,) = room.articles().values()
    assert article.headline == "Ferry sails again"
    assert [one.headline for one in article.versions] == [
        "Ferry stops sailing",
        "Ferry sails again",
        "Ferry sails again",
    ]
    assert [one.changed for one in article.versions] == [(), ("headline",), ("body",)]
    assert article.first_seen.value == NOW
    assert article.versions[1].seen == NOW + timedelta(hours=1)
    assert [one.article.paragraphs[-1] for one in room.service.versions(article)] == [MORE, MORE, "It was a mistake, the company said."]  # fmt: skip
    assert room.service.version(article, 0).headline == "Ferry stops sailing"
    for query, total in (
        ("changed:headline", 1),
        ("changed:body", 1),
        ("changed:authors", 0),
        ("ferry changed:headline", 1),
    ):
        assert room.service.run(query).total == total, query
    before = room.content()
    room.indexer().rebuild()
    assert room.content() == before


def test_a_correction_without_a_word_is_seen_when_the_page_is_looked_at_again(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/ferry", page("Ferry stops sailing", LEAD, MORE), ETag='"1"')
    room.follow(feed)
    room.later(hours=1, minutes=1)
    assert room.refresh().pages == 1
    assert server.asked[-1].headers["if-none-match"] == '"1"'
    server.put("/ferry", page("Ferry stops sailing", LEAD, "Corrected."), ETag='"2"')
    room.later(days=1, minutes=1)
    room.refresh()
    (article,) = room.articles().values()
    assert article.changes == ("body",)
    room.later(days=9)
    server.asked.clear()
    room.refresh()
    assert "/ferry" not in server.paths()


def alias(server, room, *links):
    """Follows a feed of these links to one page; returns the articles."""
    room.follow(server.put("/feed", rss(*[(link, "Ferry stops sailing", "Summary") for link in links])))
    return list(room.articles().values())


def test_addresses_with_tracking_and_of_amp_and_mobile_lead_to_one_article(server, room):
    for path in ("/ferry", "/ferry?utm_source=rss", "/ferry?utm_medium=x&fbclid=1", "/ferry/amp", "/ferry/"):
        put_article(server, path)
    paths = ("/ferry?utm_source=rss", "/ferry?utm_medium=x&fbclid=1", "/ferry/amp", "/ferry/")
    (article,) = alias(server, room, *[server.url(path) for path in paths])
    assert article.former == ()


def test_a_redirect_leads_to_one_article(server, room):
    put_article(server)
    server.put("/r/1", b"", 302, Location="/ferry")
    (article,) = alias(server, room, server.url("/r/1"))
    assert article.url == server.url("/ferry")
    assert article.addresses == (server.url("/r/1"),)
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/other")
    room.later(hours=1)
    room.follow(server.url("/other"))
    room.refresh(server.url("/feed"))
    assert len(room.articles()) == 1
    # What the feed told had an id of its own, by which the article is still found.
    (former,) = article.former
    assert room.service.article(former).id == article.id
    assert room.service.run("url:r/1").total == 1


def test_an_article_that_moves_keeps_its_versions_whatever_is_read_again(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    put_article(server)
    room.follow(feed)
    server.put("/ferry", b"", 301, Location="/news/ferry")
    put_article(server, "/news/ferry", "Ferry sails again", MORE)
    put_feed(server, ("/ferry", "Ferry sails again"))
    room.later(hours=1)
    room.refresh(feed)
    (article,) = room.articles().values()
    assert article.url == server.url("/news/ferry")
    assert [one.headline for one in article.versions] == ["Ferry stops sailing", "Ferry sails again"]
    before = room.content()
    (room.index / "catalogue.sqlite").unlink()
    room.indexer().update([room.raw])
    assert room.content() == before
    room.indexer().rebuild()
    assert room.content() == before


def test_a_canonical_link_leads_to_one_article(server, room):
    put_article(server, "/ferry", head="<link rel=canonical href=/none>")
    head = f'<link rel="canonical" href="{server.url("/ferry")}">'
    put_article(server, "/print?id=7", head=head)
    put_article(server, "/ferry", head=head)
    (article,) = alias(server, room, server.url("/print?id=7"), server.url("/ferry"))
    assert article.url == server.url("/ferry")
    before = room.content()
    room.indexer().rebuild()
    assert room.content() == before


def test_a_page_cannot_take_the_place_of_another_site_s_article(tmp_path):
    with FeedServer("0.0.0.0") as server:
        room = Newsroom(tmp_path)
        put_article(server)
        victim = server.url("/ferry", "127.0.0.1")
        put_article(server, "/evil", "Ferry is sold", head=f'<link rel="canonical" href="{victim}">')
        items = [(victim, "Ferry stops sailing", "x"), (server.url("/evil", "127.0.0.2"), "Ferry is sold", "x")]
        room.follow(server.put("/feed", rss(*items)).replace("0.0.0.0", "127.0.0.1"))
        assert {article.headline for article in room.articles().values()} == {"Ferry stops sailing", "Ferry is sold"}
        assert room.articles()[victim].headline == "Ferry stops sailing"
        room.close()


def test_articles_that_all_lead_to_one_page_stay_apart(server, room):
    server.put("/", page("Welcome to Harbour News", LEAD))
    server.put("/section", page("All about the sea", LEAD))
    targets = {"/a": "/", "/b": "/section", "/c": "/section"}
    for path, target in targets.items():
        server.put(path, b"", 302, Location=target)
    put_feed(server, ("/a", "First headline"), ("/b", "Second headline"), ("/c", "Third headline"))
    room.follow(server.url("/feed"))
    assert {article.headline for article in room.articles().values()} == {"First headline", "Second headline", "Third headline"}  # fmt: skip


def test_one_story_in_two_feeds_is_fetched_once(server, room):
    put_article(server)
    for path in ("/one", "/two"):
        put_feed(server, ("/ferry", "Ferry stops sailing"), path=path)
    room.follow(server.url("/one"), server.url("/two"))
    assert server.paths().count("/ferry") == 1
    assert len(room.articles()) == 1


def test_entries_without_addresses_keep_their_ids(server, room):
    def feed(text):
        return f"<rss><channel><title>Wire</title><item><guid isPermaLink='false'>17</guid><title>Flash</title><description>{text}</description></item></channel></rss>"

    url = server.put("/feed", feed("First text."))
    room.follow(url)
    server.put("/feed", feed("Second text."))
    room.later(hours=1)
    room.refresh(url)
    with room.engine.snapshot() as snapshot:
        (article,) = snapshot.articles()
    assert article.paragraphs == ("Second text.",)
    assert [one.changed for one in article.versions] == [(), ("body",)]


@pytest.mark.parametrize(
    ("answer", "problem", "entries"),
    [
        (
            wild(
                OK.replace(b"text/html", b"application/rss+xml")
                + b"\r\n"
                + rss(("http://a.example/1", "One", "x"), ("http://a.example/2", "Two", "x")).encode()[:-30],
                forever=b" ",
                pause=0.02,
            ),
            "did not end in time",
            1,
        ),
        (
            wild(
                OK
                + b"Content-Length: 90000\r\n\r\n"
                + rss(("http://a.example/1", "One", "x"), ("http://a.example/2", "Two", "x")).encode()[:-30]
            ),
            "cut off by its server",
            1,
        ),
        (
            Answer(
                gzip.compress(
                    rss(("http://a.example/1", "One", "x " * 4000), ("http://a.example/2", "Two", "x")).encode()
                )[:-60],
                200,
                {"Content-Encoding": "gzip"},
            ),
            "its content encoding is truncated",
            0,
        ),
        (Answer(b"\x00\x01\x02", 200, {"Content-Type": "application/rss+xml"}), "no feed", 0),
        (Answer(b"", 200), "empty", 0),
        (Answer(b"<html>hello</html>", 404), "the server answered 404", 0),
        (wild(), "the server closed the connection without an answer", 0),
    ],
)
def test_feeds_that_break(server, tmp_path, answer, problem, entries):
    room = Newsroom(tmp_path, seconds=0.7)
    server.answers["/feed"] = answer
    room.follow(server.url("/feed"), mode="entry")
    assert room.feed().problem == problem
    assert room.feed().health == "failing"
    assert len(room.articles()) == entries
    assert room.feed().next_try > room.clock.now()
    server.put("/feed", rss(("http://a.example/1", "One", "x"), ("http://a.example/2", "Two", "x")))
    room.refresh(server.url("/feed"))
    assert (room.feed().health, len(room.articles())) == ("ok", 2)
    room.close()


def test_a_clock_set_back_stops_nothing(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    room.later(days=-400)
    put_article(server, "/ferry", "Ferry sails again")
    put_article(server, "/second", "A second article")
    put_feed(server, ("/ferry", "Ferry sails again"), ("/second", "A second article"))
    tally = room.refresh()
    assert tally.feeds == 1
    assert {article.headline for article in room.articles().values()} >= {"A second article"}
    room.later(hours=1)
    room.refresh(feed)
    room.later(days=500)
    room.refresh()
    headlines = {article.headline for article in room.articles().values()}
    assert headlines == {"Ferry sails again", "A second article"}
    before = room.content()
    room.indexer().rebuild()
    assert room.content() == before


def test_what_was_archived_is_indexed_by_the_next_refresh(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.state.subscribe(feed, "page", room.clock.now())

    class Full(Indexer):
        """Finds the disk full when there is something to write."""

        def update(self, paths, prune=False):
            if any(file.stat().st_size for file in paths[0].glob("*.gz")):
                raise WriteFailed("the disk is full")
            return super().update(paths, prune)

    full = Full(room.engine, RawStore(room.raw, 1 << 20), room.index, room.clock)
    with room.refresher(indexer=full) as refresher, pytest.raises(WriteFailed):
        refresher.refresh(room.state.due(room.clock.now()), threading.Event())
    assert room.articles() == {}
    room.refresh()
    (article,) = room.articles().values()
    assert article.paragraphs == (LEAD, MORE)


def test_the_index_can_be_deleted_at_any_time(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    before = room.content()
    room.engine.close()
    for file in room.index.iterdir():
        file.unlink()
    room.refresh()
    assert room.content() == before


class Counted(Progress):
    """Counts the articles that are dealt with."""

    articles = 0

    def article(self):
        self.articles += 1


def test_reading_on_reads_only_what_is_new(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    put_article(server, "/second", "A second article")
    put_feed(server, ("/second", "A second article"))
    progress = Counted()
    room.later(minutes=1)
    with room.refresher(indexer=room.indexer(progress)) as refresher:
        refresher.refresh([room.feed()], threading.Event())
    assert progress.articles == 2
    generation = room.engine.snapshot().generation
    room.indexer().update([room.raw])
    assert room.engine.snapshot().generation == generation


def test_removed_feeds_keep_their_articles(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(feed)
    assert room.state.unsubscribe(feed)
    room.later(days=2)
    server.asked.clear()
    room.refresh()
    room.indexer().update([room.raw], prune=True)
    assert server.asked == []
    assert len(room.articles()) == 1


class Meanwhile:
    """A fetcher during one of whose requests something is done to the state."""

    def __init__(self, room, during, act):
        self.inner, self.path, self.during, self.act = room.fetcher, room.state.path, during, act

    def fetch(self, url, headers, limit):
        if url == self.during:
            with FeedState(self.path) as state:
                self.act(state)
        return self.inner.fetch(url, headers, limit)


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_whose_feed_is_removed_while_it_is_fetched(server, room, status):
    put_article(server)
    server.answers["/ferry"].status = status
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.fetcher = Meanwhile(room, server.url("/ferry"), lambda state: state.unsubscribe(feed))
    room.follow(feed)
    assert server.paths().count("/ferry") == 1
    server.asked.clear()
    room.later(days=2)
    room.refresh()
    assert server.asked == []


def test_a_feed_that_is_removed_while_it_is_fetched(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.fetcher = Meanwhile(room, feed, lambda state: state.unsubscribe(feed))
    room.follow(feed)
    assert room.state.subscriptions() == []
    assert "/ferry" not in server.paths()


def test_a_feed_that_is_added_during_a_refresh_is_refreshed(server, room):
    first, second = put_feed(server, path="/first"), put_feed(server, ("/ferry", "Ferry stops sailing"), path="/second")
    room.fetcher = Meanwhile(room, first, lambda state: state.subscribe(second, "entry", room.clock.now()))
    room.follow(first)
    assert room.feed(second).health == "ok"
    assert len(room.articles()) == 1


def test_what_is_set_while_a_feed_is_fetched_stays(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))

    def again(state):
        state.unsubscribe(feed)
        state.subscribe(feed, "entry", room.clock.now() + timedelta(seconds=1))

    room.fetcher = Meanwhile(room, feed, again)
    room.follow(feed)
    assert (room.feed().mode, room.feed().succeeded) == ("entry", None)


def test_credentials_go_to_their_own_server_only(server, room):
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put("/old", b"", 301, Location="/feed")
    server.put("/page", "<html><link rel=alternate type=application/rss+xml href=/elsewhere>", Content_Type="text/html")
    with FeedServer() as other:
        other.put("/feed", rss((other.url("/a"), "An article", "Summary")))
        server.put("/elsewhere", b"", 301, Location=other.url("/feed"))
        secret = server.url("").replace("//", "//user:s3cret@")
        room.follow(f"{secret}/old", f"{secret}/page", mode="entry")
        assert {one.url for one in room.state.subscriptions()} == {f"{secret}/feed", other.url("/feed")}
        assert all(asked.headers["authorization"].startswith("Basic") for asked in server.asked)
        assert "authorization" not in other.asked[0].headers
    assert b"s3cret" not in gzip.decompress(archive(room).read_bytes())


def test_the_feed_that_a_page_names_is_followed_wherever_it_is_today(server, room):
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    server.put(
        "/", "<html><link rel=alternate type=application/rss+xml href=/link>", Content_Type="application/xhtml+xml"
    )
    server.put("/link", b"", 302, Location="/feed")
    room.follow(server.url("/"))
    assert room.feed().url == server.url("/link")
    room.refresh(server.url("/link"))
    assert room.feed().health == "ok"


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
            f"<description>{summary}</description><pubDate>0{day} Jun 2024 10:00:0{number} GMT</pubDate>"
            f"<enclosure url='http://pictures.example/{number}' type='image/png'/></item>"
        )
        return server.put("/feed", f"<rss><channel><title>T</title>{entry}</channel></rss>")

    feed = put(1, "Summary")
    assert room.follow(feed).entries == 1
    for number, text, day, count in ((2, "Summary", 1, 0), (3, "Another", 1, 1), (4, "Another", 2, 1)):
        put(number, text, day)
        room.later(hours=30)
        assert room.refresh(feed).entries == count


def test_the_pace_of_entries_that_only_say_when_they_were_updated(server, room):
    entries = "".join(
        f"<entry><id>urn:{number}</id><title>Number {number}</title><updated>2019-01-0{number}T00:00:00Z</updated></entry>"
        for number in range(1, 9)
    )
    room.follow(server.put("/feed", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Old</title>{entries}</feed>"))
    assert room.state.a_day(room.clock.now()) == {}


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


def test_addresses_in_other_encodings_are_different_articles(server, room):
    first, second = "/read?t=%CF%F0", "/read?t=%CC%EE"
    put_article(server, first, "Fire in the old harbour of Odessa")
    put_article(server, second, "Fire in the old harbour: two dead")
    room.follow(
        put_feed(server, (first, "Fire in the old harbour of Odessa"), (second, "Fire in the old harbour: two dead"))
    )
    assert set(room.articles()) == {server.url(first), server.url(second)}


def archive(room):
    (path,) = (room.raw / "fetched").glob("*.warc.gz")
    return path


def spans(room):
    with open(archive(room), "rb") as file:
        return list(members(file))


def test_a_page_whose_writing_was_interrupted_is_fetched_again_and_hides_nothing(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.state.subscribe(feed, "page", NOW)
    state = room.state.path.read_bytes()
    room.refresh()
    last = spans(room)[-1]
    data = archive(room).read_bytes()
    # The note of the page is whole, its response is not, and the state knows of neither.
    archive(room).write_bytes(data[: last.start + 40])
    room.close()
    for file in (*room.index.iterdir(), *room.raw.glob(".feeds.sqlite-*")):
        file.unlink()
    room.state.path.write_bytes(state)
    again = Newsroom(room.raw.parent)
    put_article(server, "/second", "A second article")
    put_feed(server, ("/ferry", "Ferry stops sailing"), ("/second", "A second article"))
    again.state.subscribe(feed, "page", NOW)
    again.refresh()
    before = again.content()
    assert sorted((one.headline, one.partial) for one in again.articles().values()) == [
        ("A second article", False),
        ("Ferry stops sailing", False),
    ]
    again.indexer().rebuild()
    assert again.content() == before
    again.close()
    room.state = FeedState(room.raw / ".feeds.sqlite")


def test_an_index_that_reads_half_a_page_reads_it_when_it_is_whole(server, room):
    put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    before = room.content()
    data, last = archive(room).read_bytes(), spans(room)[-1]
    room.engine.close()
    for file in room.index.iterdir():
        file.unlink()
    for end in (last.start, last.start + 10, len(data)):
        archive(room).write_bytes(data[:end])
        room.indexer().update([room.raw])
        assert next(iter(room.articles().values())).partial == (end < len(data))
    assert room.content() == before


def test_entries_of_a_running_report_stay_apart(server, room):
    put_article(server, "/live")
    rows = [("/live#0", "Harbour closed"), ("/live#1", "Ferries held back"), ("/live#2", "Passengers wait")]
    room.follow(put_feed(server, *rows))
    room.refresh(room.feed().url)
    with room.engine.snapshot() as snapshot:
        assert sorted(one.headline for one in snapshot.articles()) == [
            "Ferries held back",
            "Harbour closed",
            "Passengers wait",
        ]


def test_pages_of_a_section_that_all_call_themselves_the_same_stay_apart(server, room):
    headlines = {"/news/1": "Harbour closed", "/news/2": "Ferries held back", "/news/3": "Passengers wait"}
    for path, headline in headlines.items():
        put_article(server, path, headline, head=f'<link rel="canonical" href="{server.url("/news")}">')
    room.follow(put_feed(server, *headlines.items()))
    assert {one.headline for one in room.articles().values()} == set(headlines.values())
    before = room.content()
    room.indexer().rebuild()
    assert room.content() == before


def test_entries_without_titles_that_lead_to_a_login_keep_their_texts(server, room):
    put_article(server, "/login", "Log in to read on")
    items = []
    for number, text in enumerate(("The first text of the day", "Another text that differs")):
        server.put(f"/{number}", b"", 302, Location="/login")
        items.append((server.url(f"/{number}"), "", text))
    room.follow(server.put("/feed", rss(*items)))
    assert len(room.articles()) == 2
    assert room.service.run("first text day").total >= 1


def test_entries_that_share_a_name_stay_apart(server, room):
    def feed(*texts):
        items = "".join(f"<item><guid isPermaLink='false'>same</guid><title>{text}</title></item>" for text in texts)
        return server.put("/feed", f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>")

    room.follow(feed("First flash", "Second flash"))
    feed("Third flash", "First flash", "Second flash")
    room.refresh(room.feed().url)
    with room.engine.snapshot() as snapshot:
        assert sorted(one.headline for one in snapshot.articles()) == ["First flash", "Second flash", "Third flash"]


def test_an_entry_with_an_address_that_is_not_of_the_web_is_edited_in_place(server, room):
    def feed(text):
        item = f"<item><guid isPermaLink='false'>7</guid><link>gemini://a.example/7</link><title>{text}</title></item>"
        return server.put("/feed", f"<rss version='2.0'><channel><title>Capsule</title>{item}</channel></rss>")

    room.follow(feed("First text"))
    feed("Second text")
    room.refresh(room.feed().url)
    with room.engine.snapshot() as snapshot:
        assert [one.headline for one in snapshot.articles()] == ["Second text"]


def test_a_feed_whose_length_is_wrong_is_whole_all_the_same(server, room):
    text = rss(("http://a.example/1", "Only one", "x")).encode()
    server.answers["/feed"] = wild(OK + f"Content-Length: {len(text) + 5}\r\n\r\n".encode() + text)
    room.follow(server.url("/feed"), mode="entry")
    assert (room.feed().health, len(room.articles())) == ("ok", 1)


def test_a_feed_with_a_wrong_length_that_did_not_change(server, room):
    text = rss(("http://a.example/1", "Only one", "x")).encode()
    server.answers["/feed"] = wild(OK + f"Content-Length: {len(text) + 5}\r\n\r\n".encode() + text)
    room.follow(server.url("/feed"), mode="entry")
    assert room.refresh(server.url("/feed")).unchanged == 1
    assert room.feed().health == "ok"


def test_entries_stay_as_they_were_noted_when_others_share_their_address(server, room):
    room.book.add(Alert("all", "match:any harbour ferries passengers", NOW))
    feed = put_feed(server, ("/live#0", "Harbour closed"))
    room.follow(feed, mode="entry")
    for rows in (
        [("/live#1", "Ferries held back"), ("/live#0", "Harbour closed")],
        [("/live#1", "Ferries held back")],
        [("/live#2", "Passengers wait"), ("/live#1", "Ferries held back")],
    ):
        put_feed(server, *rows)
        room.later(hours=1)
        room.refresh(feed)
    with room.engine.snapshot() as snapshot:
        articles = list(snapshot.articles())
    assert sorted(one.headline for one in articles) == ["Ferries held back", "Harbour closed", "Passengers wait"]
    assert all(len(one.versions) == 1 for one in articles)
    assert len(room.book.alarms()) == 3
    before = room.content()
    (room.index / "catalogue.sqlite").unlink()
    put_feed(server, ("/live", "The harbour in short"), path="/other")
    room.follow(server.url("/other"), mode="entry")
    assert len(room.content()) >= len(before)
    before = room.content()
    room.indexer().rebuild()
    assert room.content() == before


def test_one_feed_under_two_addresses_is_one(server, room):
    def items(*texts):
        rows = "".join(f"<item><guid isPermaLink='false'>{text}</guid><title>{text}</title></item>" for text in texts)
        return f"<rss version='2.0'><channel><title>Wire</title>{rows}</channel></rss>"

    room.follow(server.put("/feed", items("First flash", "Second flash")))
    server.put("/old", b"", 301, Location="/feed")
    server.put("/", "<html><link rel=alternate type=application/rss+xml href=/feed></html>")
    room.follow(server.url("/old"), server.url("/"))
    server.put("/feed", items("Third flash", "First flash", "Second flash"))
    room.later(hours=13)
    room.refresh()
    assert room.feed().url == server.url("/feed")
    with room.engine.snapshot() as snapshot:
        assert sorted(one.headline for one in snapshot.articles()) == ["First flash", "Second flash", "Third flash"]


def test_a_page_is_fetched_though_the_feed_that_led_to_it_first_is_gone(server, room):
    server.put("/ferry", "broken", 500)
    first = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.follow(first)
    assert room.state.unsubscribe(first)
    put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing"), path="/second"))
    assert not next(iter(room.articles().values())).partial


def test_a_surprise_in_one_answer_is_a_failure_of_that_one(server, room, monkeypatch):
    put_article(server)
    good = put_feed(server, ("/ferry", "Ferry stops sailing"))
    bad = put_feed(server, ("/x", "An entry"), path="/bad")
    land = FeedVisits._received

    def surprised(self, landing, task, *rest):
        if task.subscription.url == bad:
            raise RuntimeError("nobody foresaw this")
        return land(self, landing, task, *rest)

    monkeypatch.setattr(FeedVisits, "_received", surprised)
    room.follow(good, bad)
    assert {one.url: one.health for one in room.state.subscriptions()} == {good: "ok", bad: "failing"}


def test_half_an_emoji_in_a_feed(server, room):
    text = '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "title": "Cut \\ud83d"}, {"id": "2", "title": "Whole"}]}'
    room.follow(server.put("/feed", text, Content_Type="application/feed+json"))
    with room.engine.snapshot() as snapshot:
        assert len(list(snapshot.articles())) == 2


def test_a_page_that_was_not_there_yet_is_asked_for_again(server, room):
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    put_article(server)
    room.later(minutes=6)
    room.refresh()
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
            room.state.save_page(Page(f"a{number}", f"https://slow.example/{number}", "f", {}, NOW))
        room.state.save_page(Page("b", "https://other.example/", "f", {}, NOW + timedelta(seconds=5)))
    due = room.state.due_pages(NOW + timedelta(minutes=1), 2000, 20)
    assert sorted({one.key[0] for one in due}) == ["a", "b"]
    assert len(due) == 21


def test_pages_of_a_host_that_never_answers_are_given_up(server, room):
    room.follow(server.put("/feed", rss(("http://127.0.0.1:9/a", "Ferry stops sailing", "x"))))
    for _ in range(20):
        room.later(days=1)
        room.refresh()
    assert room.state.waiting_pages() == 0


def test_gone_means_this_address_and_is_not_for_ever(server, room):
    server.put("/gone", b"", 410)
    feed = server.put("/feed", b"", 302, Location="/gone")
    room.follow(feed)
    assert room.feed().health == "failing"
    room.refresh(feed)
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/gone")
    assert room.state.unsubscribe(feed)
    server.put("/back", b"", 410)
    room.follow(server.url("/back"))
    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/back")
    assert room.state.subscribe(server.url("/back"), "page", room.clock.now())
    room.refresh()
    assert room.feed().health == "ok"


def test_the_second_feed_of_a_page_is_tried_when_the_first_is_none(server, room):
    put_article(server)
    put_feed(server, ("/ferry", "Ferry stops sailing"))
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href={path}>" for path in ("/none", "/also-none", "/feed")
    )
    room.follow(server.put("/", f"<html>{links}</html>", Content_Type="Text/HTML; charset=utf-8"))
    assert (room.feed().url, room.feed().health) == (server.url("/feed"), "ok")


def test_a_saved_page_and_a_fetched_one_of_one_address(server, room):
    put_article(server)
    room.follow(put_feed(server, ("/ferry", "Ferry stops sailing")))
    head = f'<link rel="canonical" href="{server.url("/ferry")}"><meta property="article:modified_time" content="2030-01-01T00:00:00Z">'
    for name in ("a.html", "saved.html"):
        write(room.raw / name, page("Ferry as it was saved", LEAD, MORE, head=head))
    room.indexer().update([room.raw])
    before = room.content()
    assert [one[2] for one in before] == [server.url("/ferry")]
    assert next(iter(room.articles().values())).headline == "Ferry stops sailing"
    room.indexer().rebuild()
    assert room.content() == before


def test_passwords_stay_in_the_state(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing")).replace("http://", "http://me:secret@")
    room.follow(feed)
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert not any(b"secret" in one.data for one in spans(room))
    assert "secret" not in json.dumps(room.feed().to_json(0.0))


def test_feeds_that_take_too_long_are_left():
    reader = BoundedReader(seconds=0.3)
    item = b"<item><title>t</title><description>" + b"&lt;div&gt;" * 40 + b"</description></item>"
    with pytest.raises(UnreadableFile, match="takes longer than"):
        reader.read(b"<rss><channel>" + item * 20_000, "https://a.example/", "")
    small = b"<rss><channel>" + b"<item><title>Large</title></item>" * 2 + b" " * 70_000
    assert BoundedReader(30.0).read(small, "https://a.example/", "").entries[0].document.headline == "Large"
    reader.close()


def test_who_reads_a_feed_does_not_outlive_the_refresh():
    reader = BoundedReader(seconds=60.0)
    item = b"<item><title>t</title><description>" + b"&lt;div&gt;" * 40 + b"</description></item>"
    failures = []

    def read():
        try:
            reader.read(b"<rss><channel>" + item * 20_000, "https://a.example/", "")
        except UnreadableFile as error:
            failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    while not multiprocessing.active_children():
        time.sleep(0.01)
    reader.close()
    thread.join(10)
    assert failures
    with pytest.raises(UnreadableFile, match="reading was stopped"):
        reader.read(item * 1000, "https://a.example/", "")
