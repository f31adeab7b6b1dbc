"""Refreshes with faults: broken feeds, killed processes and wrong clocks.

Covers feeds.feed_answers, bounded_reader, intents, and the order of writes in dispatcher.
"""

from __future__ import annotations

import gzip
import multiprocessing
import threading
import time

import pytest
from fakes import NOW
from feed_server import OK, Answer, rss, wild
from newsroom import LEAD, MORE, Newsroom, archive, put_article, put_feed, records

from searcher.errors import UnreadableFile, WriteFailed
from searcher.feeds import feed_task
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.state import FeedState
from searcher.indexing.indexer import Indexer
from searcher.indexing.report import Progress
from searcher.reading.archive_format import members
from searcher.reading.raw_store import RawStore


def test_redirects_that_do_not_end(server, room):
    server.put("/loop", b"", 301, Location="/loop")
    server.answers["/long0"] = Answer(b"", 302, {"Location": "/long1"})
    for number in range(1, 30):
        server.answers[f"/long{number}"] = Answer(b"", 302, {"Location": f"/long{number + 1}"})
    server.put("/nowhere", b"", 302)
    room.follow(server.url("/loop"), server.url("/long0"), server.url("/nowhere"))
    problems = {one.url.rpartition("/")[2]: one.problem for one in room.state.subscriptions.all()}
    assert problems == {
        "loop": "redirects that do not end",
        "long0": "redirects that do not end",
        "nowhere": "a redirect that leads nowhere",
    }
    assert len(server.asked) < 15


@pytest.mark.parametrize(
    ("answer", "problem", "entries"),
    [
        (
            wild(
                OK.replace(b"text/html", b"application/rss+xml")
                + b"\r\n"
                + rss(
                    ("http://a.example/1", "One", "x"), ("http://a.example/2", "Two", "x")
                ).encode()[:-30],
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
                + rss(
                    ("http://a.example/1", "One", "x"), ("http://a.example/2", "Two", "x")
                ).encode()[:-30]
            ),
            "cut off by its server",
            1,
        ),
        (
            Answer(
                gzip.compress(
                    rss(
                        ("http://a.example/1", "One", "x " * 4000),
                        ("http://a.example/2", "Two", "x"),
                    ).encode()
                )[:-60],
                200,
                {"Content-Encoding": "gzip"},
            ),
            "its content encoding is truncated",
            0,
        ),
        (Answer(b"\x00\x01\x02", 200, {"Content-Type": "application/rss+xml"}), "not a feed", 0),
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
    room.state.subscriptions.add(feed, "page", room.clock.now())

    class Full(Indexer):
        """An archive that raises an error for a full disk when records are written."""

        def update(self, paths, prune=False):
            if any(file.stat().st_size for file in paths[0].glob("*.gz")):
                raise WriteFailed("the disk is full")
            return super().update(paths, prune)

    full = Full(room.engine, RawStore(room.raw, 1 << 20), room.index, room.clock)
    with room.refresher(indexer=full) as refresher, pytest.raises(WriteFailed):
        refresher.refresh(room.state.subscriptions.due(room.clock.now()), threading.Event())
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
    """Progress that counts the articles processed."""

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


def spans(room):
    with open(archive(room), "rb") as file:
        return list(members(file))


def test_a_page_whose_writing_was_interrupted_is_fetched_again_and_hides_nothing(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.state.subscriptions.add(feed, "page", NOW)
    state = room.state.path.read_bytes()
    room.refresh()
    last = spans(room)[-1]
    data = archive(room).read_bytes()
    # The metadata record of the page is whole, its response is cut, and the state has neither.
    archive(room).write_bytes(data[: last.start + 40])
    room.close()
    for file in (*room.index.iterdir(), *room.raw.glob(".feeds.sqlite-*")):
        file.unlink()
    room.state.path.write_bytes(state)
    again = Newsroom(room.raw.parent)
    put_article(server, "/second", "A second article")
    put_feed(server, ("/ferry", "Ferry stops sailing"), ("/second", "A second article"))
    again.state.subscriptions.add(feed, "page", NOW)
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


def test_a_surprise_in_one_answer_is_a_failure_of_that_one(server, room, monkeypatch):
    put_article(server)
    good = put_feed(server, ("/ferry", "Ferry stops sailing"))
    bad = put_feed(server, ("/x", "An entry"), path="/bad")
    received = feed_task._received

    def surprised(attempt, *rest):
        if attempt.subscription.url == bad:
            raise RuntimeError("nobody foresaw this")
        return received(attempt, *rest)

    monkeypatch.setattr(feed_task, "_received", surprised)
    room.follow(good, bad)
    assert {one.url: one.health for one in room.state.subscriptions.all()} == {
        good: "ok",
        bad: "failing",
    }
    assert ("response", bad) in records(room)


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


def test_feeds_that_take_too_long_are_left():
    reader = BoundedReader(seconds=0.3)
    item = b"<item><title>t</title><description>" + b"&lt;div&gt;" * 40 + b"</description></item>"
    with pytest.raises(UnreadableFile, match="takes longer than"):
        reader.read(b"<rss><channel>" + item * 20_000, "https://a.example/", "")
    small = b"<rss><channel>" + b"<item><title>Large</title></item>" * 2 + b" " * 70_000
    assert (
        BoundedReader(30.0).read(small, "https://a.example/", "").entries[0].document.headline
        == "Large"
    )
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
