"""Refreshes during which a user or another process changes the state.

Covers feeds.dispatcher, intents and state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from feed_server import rss, wild
from newsroom import put_article, put_feed

from searcher.feeds.state import FeedState
from searcher.text.urls import address_key


class ChangingFetcher:
    """A fetcher that calls a function during one of its requests, to change the state."""

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
    room.fetcher = ChangingFetcher(
        room, server.url("/ferry"), lambda state: state.subscriptions.remove(feed)
    )
    room.follow(feed)
    assert server.paths().count("/ferry") == 1
    server.asked.clear()
    room.later(days=2)
    room.refresh()
    assert server.asked == []


def test_an_entry_that_changes_while_its_page_is_fetched_has_it_fetched_again(server, room):
    put_article(server)
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    key = address_key(server.url("/ferry"))

    def corrected(state):
        known = state.pages.get(key)
        state.pages.save(
            replace(known, entry={**known.entry, "headline": "Ferry stops sailing for good"})
        )

    room.fetcher = ChangingFetcher(room, server.url("/ferry"), corrected)
    room.follow(feed)
    assert room.state.pages.get(key).entry["headline"] == "Ferry stops sailing for good"
    assert room.state.pages.get(key).next_try == room.clock.now() + timedelta(minutes=30)


def test_a_feed_that_another_becomes_while_it_is_fetched_stays_that_one(server, room):
    room.follow(put_feed(server, path="/new"))

    def merged(state):
        known = state.subscriptions.get(server.url("/new"))
        state.subscriptions.save(replace(known, moved_from=(known.url, server.url("/old"))))

    put_feed(server, ("/ferry", "Ferry stops sailing"), path="/new")
    room.fetcher = ChangingFetcher(room, server.url("/new"), merged)
    room.refresh(server.url("/new"))
    assert room.state.subscriptions.get(server.url("/old")) == room.feed()


def test_a_page_whose_first_feed_is_cut_off_is_followed_there(server, room):
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{name}>" for name in ("cut", "other")
    )
    whole = rss(
        *(
            (f"http://articles.example/{number}", f"Headline {number}", "Summary")
            for number in range(3)
        )
    ).encode()
    cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 9999\r\n\r\n"
    server.answers["/cut"] = wild(cut + whole[: whole.rindex(b"<description>")])
    put_feed(server, path="/other")
    room.follow(server.put("/", f"<html>{links}"), mode="entry")
    assert (room.feed().url, room.feed().problem) == (server.url("/cut"), "cut off by its server")
    assert "/other" not in server.paths()
    assert len(room.articles()) == 2


def test_a_feed_that_is_removed_while_it_is_fetched(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    room.fetcher = ChangingFetcher(room, feed, lambda state: state.subscriptions.remove(feed))
    room.follow(feed)
    assert room.state.subscriptions.all() == []
    assert "/ferry" not in server.paths()


def test_a_feed_that_is_added_during_a_refresh_is_refreshed(server, room):
    first, second = (
        put_feed(server, path="/first"),
        put_feed(server, ("/ferry", "Ferry stops sailing"), path="/second"),
    )
    room.fetcher = ChangingFetcher(
        room, first, lambda state: state.subscriptions.add(second, "entry", room.clock.now())
    )
    room.follow(first)
    assert room.feed(second).health == "ok"
    assert len(room.articles()) == 1


def test_what_is_set_while_a_feed_is_fetched_stays(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))

    def again(state):
        state.subscriptions.remove(feed)
        state.subscriptions.add(feed, "entry", room.clock.now() + timedelta(seconds=1))

    room.fetcher = ChangingFetcher(room, feed, again)
    room.follow(feed)
    assert (room.feed().mode, room.feed().succeeded) == ("entry", None)
