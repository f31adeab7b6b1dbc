"""Delivery of alerts to commands and webhooks: retries, locks, waits and logs.

Covers alerts.delivery and feeds.state.alerts.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from threading import Event

import pytest
from fakes import NOW, HandClock
from feed_server import FeedServer, page, rss, wild
from newsroom import Newsroom, matcher, news

from searcher.alerts.delivery import AlertDelivery, Placing, deliver
from searcher.errors import IndexMissing
from searcher.feeds.alert import Alert
from searcher.fetching.http import HttpFetcher
from searcher.fetching.memory_fetcher import exchange
from searcher.indexing.indexer import Indexer
from searcher.reading.raw_store import RawStore


def poster(allow_private=True):
    return HttpFetcher(HandClock(), "news-searcher/test", 2.0, allow_private).post


def test_commands_are_told(state, tmp_path):
    book, heard = state.alerts, tmp_path / "heard.json"
    program = f"import sys; open({str(heard)!r}, 'a').write(sys.stdin.read())"
    book.add(Alert("grain", "grain", NOW, command=f'{sys.executable} -c "{program}"'))
    matcher(state).match([news("a", "Grain"), news("b", "More grain")])
    deliver(book, HandClock(), poster())
    sent = json.loads(heard.read_text())
    assert (sent["alert"], sent["query"]) == ("grain", "grain")
    assert {one["id"] for one in sent["articles"]} == {"a", "b"}
    deliver(book, HandClock(), poster())
    assert json.loads(heard.read_text()) == sent


def test_a_message_speaks_of_a_story_once_and_says_that_it_grows(state, tmp_path):
    book, heard = state.alerts, tmp_path / "heard.json"
    program = f"import sys; open({str(heard)!r}, 'w').write(sys.stdin.read())"
    book.add(Alert("grain", "grain", NOW, command=f'{sys.executable} -c "{program}"'))
    numbers = {"a": 1, "b": 1, "d": 1, "e": 1}

    def told(*articles, of=lambda ids: numbers):
        matcher(state).match(articles)
        deliver(book, HandClock(), poster(), of)
        return json.loads(heard.read_text())["stories"]

    assert told(news("a", "Grain ship"), news("b", "Grain"), news("c", "Grain rain")) == [
        {"title": "Grain ship", "text": "Grain ship", "articles": ["a", "b"], "earlier": 0},
        {"title": "Grain rain", "text": "Grain rain", "articles": ["c"], "earlier": 0},
    ]
    (grown,) = told(news("d", "Grain again"), news("e", "Grain still"))
    assert grown["text"] == "2 new versions of Grain ship"
    assert (grown["articles"], grown["earlier"]) == (["d", "e"], 2)

    def missing(ids):
        raise IndexMissing("none")

    (alone,) = told(news("f", "Grain at last"), of=missing)
    assert alone["text"] == "Grain at last"


def test_what_cannot_be_delivered_is_tried_again_some_times(state):
    book, clock, sent = state.alerts, HandClock(), []

    def refusing(url, *_):
        sent.append(url)
        raise OSError("refused")

    for name in ("one", "two"):
        book.add(Alert(name, "grain", NOW, webhook=f"https://{name}.example/"))
    book.add(Alert("command", "grain", NOW, command="/no/such/command"))
    matcher(state).match([news("a", "Grain")])
    for _ in range(40):
        deliver(book, clock, refusing)
        assert book.claim_undelivered(clock.now()) == {}
        clock.moment += timedelta(hours=6)
    assert sorted(sent) == ["https://one.example/"] * 7 + ["https://two.example/"] * 7
    assert book.counts() == {"one": 1, "two": 1, "command": 1}


def test_two_that_deliver_at_a_time_tell_once(state):
    book, sent = state.alerts, []
    book.add(Alert("one", "grain", NOW, webhook="https://one.example/"))
    matcher(state).match([news("a", "Grain")])

    def slow(url, *_):
        sent.append(url)
        deliver(book, HandClock(), slow)
        return exchange(url, 204, {}, b"", NOW)

    deliver(book, HandClock(), slow)
    assert sent == ["https://one.example/"]


def test_webhooks_that_answer_otherwise(state):
    """After garbage, a redirect, an error or a private address an alert counts as undelivered, and
    the others are delivered without a wait."""
    with FeedServer() as server:
        server.answers["/garbage"] = wild(b"garbage\r\n\r\n")
        server.answers["/slow"] = wild(b"HTTP/1.1 200 OK\r\n", forever=b"X: y\r\n", pause=0.2)
        server.put("/moved", b"", 302, Location="/sound")
        server.put("/broken", b"", 500)
        server.put("/sound", b"")
        book, clock = state.alerts, HandClock()
        for path in ("garbage", "moved", "broken", "sound"):
            book.add(Alert(path, "grain", NOW, webhook=server.url(f"/{path}")))
        matcher(state).match([news("a", "Grain")])
        deliver(book, clock, poster(allow_private=False))
        assert server.asked == []
        clock.moment += timedelta(minutes=2)
        deliver(book, clock, poster())
        assert sorted(server.paths()) == ["/broken", "/garbage", "/moved", "/sound"]
        clock.moment += timedelta(days=1)
        assert sorted(book.claim_undelivered(clock.now())) == ["broken", "garbage", "moved"]


def test_a_slow_command_keeps_no_other_alert_waiting(state):
    with FeedServer() as server:
        book = state.alerts
        for number in range(5):
            book.add(Alert(f"slow{number}", "grain", NOW, command="sleep 5"))
        book.add(Alert("webhook", "grain", NOW, webhook=server.put("/hook", b"")))
        matcher(state).match([news("a", "Grain")])
        delivery = AlertDelivery(book, HandClock(), poster())
        begin = time.monotonic()
        assert delivery.step()
        while not server.asked:
            assert delivery.step(0.1)
        assert time.monotonic() - begin < 4


def test_what_was_delivered_is_noted_at_the_end(state):
    with FeedServer() as server:
        book = state.alerts
        book.add(Alert("webhook", "grain", NOW, webhook=server.put("/hook", b"")))
        matcher(state).match([news("a", "Grain")])
        delivery = AlertDelivery(book, HandClock(), poster())
        delivery.step()
        delivery.collect(10.0)
        assert book.claim_undelivered(NOW + timedelta(days=2)) == {}
        assert len(server.asked) == 1


def test_what_is_being_delivered_is_left_out_of_what_is_to_be(state):
    book = state.alerts
    for name in ("a", "b", "c", "d"):
        book.add(Alert(name, "grain", NOW, command="true"))
    matcher(state).match([news("1", "Grain"), news("2", "Grain")])
    assert {name: len(found) for name, found in book.claim_undelivered(NOW, ["a"], 2).items()} == {
        "b": 2,
        "c": 2,
    }
    assert list(book.claim_undelivered(NOW)) == ["a", "d"]


def test_alarms_wait_until_their_articles_are_placed_among_the_stories(tmp_path):
    """So that a message speaks of a story once. Older alarms go meanwhile, and at the beginning
    none, as an interrupted update may have left some."""
    with FeedServer() as server:
        room = Newsroom(tmp_path)
        room.book.add(Alert("grain", "grain", NOW, command="true"))
        placing = Placing(room.clock, begun=True)
        taken = []

        def take():
            found = room.book.claim_undelivered(room.clock.now(), until=placing.since)
            taken.append((len(room.book.alarms()), sum(map(len, found.values()))))

        store = RawStore(room.raw, 64 << 20)
        options = {"on_news": room.on_news, "find_stories": take}
        indexer = Indexer(room.engine, store, room.index, room.clock, **options)
        for number in (1, 2):
            server.put(f"/{number}", page(f"Grain {number}", f"Grain was sold to {number} ports."))
            items = [(server.url(f"/{one}"), f"Grain {one}", "x") for one in range(1, number + 1)]
            server.put("/feed", rss(*items))
            room.state.subscriptions.add(server.url("/feed"), "page", room.clock.now())
            with room.refresher(indexer=indexer, around_update=placing.update) as refresher:
                feed = room.state.subscriptions.get(server.url("/feed"))
                refresher.refresh([feed], Event())
            if number == 1:
                assert taken[-1] == (1, 0)
                room.later(hours=1)
        # The first one went with the next update, and the second one waits for the end of its own.
        assert (1, 1) in taken
        assert taken[-1] == (2, 0)
        take()
        assert taken[-1] == (2, 1)
        assert sum(count for _, count in taken) == 2
        room.close()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"webhook": "http://me:s3cret@127.0.0.1:1/s3cret"}, "the connection was refused"),
        ({"command": "false s3cret"}, "the command ended with 1"),
        ({"command": "/nowhere s3cret"}, "No such file"),
    ],
)
def test_the_log_tells_no_secrets(state, caplog, how, reason):
    book = state.alerts
    book.add(Alert("one", "grain", NOW, **how))
    matcher(state).match([news("a", "Grain")])
    with caplog.at_level("INFO"):
        deliver(book, HandClock(), poster())
    logged = [getattr(record, "fields", {}) for record in caplog.records]
    assert reason in logged[-1]["reason"]
    assert "s3cret" not in str(logged)


def test_from_a_feed_to_a_webhook(tmp_path):
    with FeedServer() as server:
        room = Newsroom(tmp_path)
        server.put("/old", page("Grain of old", "Grain was sold."))
        server.put("/feed", rss((server.url("/old"), "Grain of old", "x")))
        room.follow(server.url("/feed"))
        room.book.add(Alert("grain", "grain istanbul", NOW, webhook=server.url("/hook")))
        server.put(
            "/new",
            page(
                "Grain is sold again",
                "The ships will leave from Istanbul on Friday, and on Saturday.",
            ),
        )
        items = [
            (server.url("/new"), "Grain is sold again", "x"),
            (server.url("/old"), "Grain of old!", "x"),
        ]
        server.put("/feed", rss(*items))
        heard = []
        server.answers["/hook"] = lambda asked: heard.append(asked) or server.answers["/feed"]
        room.later(hours=1)
        room.refresh(server.url("/feed"))
        # One word of the query is only on the page, not in the entry.
        (alarm,) = room.book.alarms()
        assert alarm.words == ("Grain", "Istanbul")
        deliver(room.book, room.clock, poster())
        assert room.book.claim_undelivered(room.clock.now() + timedelta(days=9)) == {}
        (received,) = heard
        assert json.loads(received.body)["articles"][0]["url"] == server.url("/new")
        room.indexer().rebuild()
        room.refresh(server.url("/feed"))
        assert len(room.book.alarms()) == 1
        room.close()
