"""Alerts: new articles match them once, old articles never, and matches are delivered.

Covers alerts.matching, alerts.reverse_search, alerts.delivery, feeds.alert and feeds.state.alerts.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, HandClock, filled, make_article
from feed_server import FeedServer, page, rss, wild
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom

from searcher.alerts.delivery import AlertDelivery, deliver
from searcher.alerts.matching import AlertMatcher
from searcher.alerts.reverse_search import NewArticles, SavedQueries
from searcher.assembly import open_indexer
from searcher.engine.memory import MemoryEngine
from searcher.engine.protocol import Search
from searcher.errors import UnknownFeed
from searcher.feeds.alert import Alert
from searcher.feeds.state import FeedState
from searcher.fetching.http import HttpFetcher
from searcher.fetching.memory import exchange
from searcher.indexing.indexer import Indexer
from searcher.indexing.report import Progress
from searcher.query.parser import parse
from searcher.reading.raw_store import RawStore
from searcher.settings import Settings

WORDS = "grain ships odesa Odessa Kyiv Київ kiev harbour wheat price cease-fire ceasefire 港口 F-35 naïve running".split()
QUERIES = st.lists(
    st.sampled_from(
        [
            *WORDS,
            "+grain",
            "-ships",
            '"grain ships"',
            '"wheat price"~3',
            "grai*",
            "weat~",
            "title:grain",
            "lang:en",
            "(odesa OR kiev)",
            "odesa OR grain",
            "after:2020",
            "=running",
            "(grain -ships)",
            "source:paper",
            "港",
            "runs",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@given(
    st.lists(QUERIES, min_size=1, max_size=6, unique=True),
    st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["en", "uk", "zh", "und"])), max_size=4),
    st.booleans(),
)
def test_no_query_that_matches_is_overlooked(queries, texts, match_all):
    articles = [
        make_article(
            str(number), headline, body, language=language, source="Paper", published="2024-05-01"
        )
        for number, (headline, body, language) in enumerate(texts)
    ]
    parsed = {text: replace(parse(text, NOW), match_all=match_all) for text in queries}
    arrivals = NewArticles(articles, None)
    found = {
        name: {one.id for one, _ in ranking.ranked}
        for name, ranking in SavedQueries(parsed.items()).matches(arrivals)
    }
    for text, query in parsed.items():
        expected = {
            one.id for one, _ in arrivals.search(Search(query, sort="newest", limit=99)).ranked
        }
        assert found.get(text, set()) == expected, text


def test_queries_that_cannot_match_are_not_looked_at():
    words = ["".join(letters) for letters in itertools.product("bdk", "aiou", "lmn", "aiou", "rst")]
    queries = SavedQueries(
        (word, replace(parse(f"{word} sun", NOW), match_all=True)) for word in words
    )
    arrivals = NewArticles([make_article("a", "A damis in the sun", "text")], None)
    assert [name for name, _ in queries.matches(arrivals)] == ["damis"]
    # Some words with the same first letters could be other spellings of a name.
    assert 1 <= len(queries.candidates(arrivals)) < len(words) / 10


@pytest.fixture
def state(tmp_path):
    with FeedState(tmp_path / "state.sqlite") as found:
        yield found


def matcher(state, *articles):
    engine = filled(MemoryEngine(), articles) if articles else MemoryEngine()
    return AlertMatcher(state.alerts, engine, HandClock())


def poster(allow_private=True):
    return HttpFetcher(HandClock(), "news-searcher/test", 2.0, allow_private).post


def news(article_id, headline, body="", published="2024-06-01", **fields):
    return make_article(article_id, headline, body, published=published, **fields)


def test_an_alert_says_which_words_triggered_it(state):
    book = state.alerts
    assert book.add(Alert("Ships", "grain ship Kiev", NOW))
    assert not book.add(Alert("Ships", "other", NOW))
    article = news(
        "a",
        "Ships leave Kyiv",
        "Many ships with grain left.\n\nThe ship was full.",
        url="https://paper.example/a",
    )
    matcher(state).match([article, news("b", "Ships leave", "without anything")])
    (alarm,) = book.alarms("Ships")
    assert (alarm.article, alarm.title, alarm.url) == (
        "a",
        "Ships leave Kyiv",
        "https://paper.example/a",
    )
    assert alarm.words == ("Ships", "Kyiv", "grain", "ship")
    assert alarm.summary == "Many ships with grain left."
    assert book.counts() == {"Ships": 1}
    assert json.loads(json.dumps(alarm.to_json()))["words"] == list(alarm.words)


def test_all_words_are_wanted_unless_any_is_asked_for(state):
    book = state.alerts
    book.add(Alert("all", "grain ships", NOW))
    book.add(Alert("any", "match:any grain ships", NOW))
    matcher(state).match([news("a", "Grain")])
    assert book.counts() == {"any": 1}


def test_an_article_triggers_an_alert_once(state):
    book = state.alerts
    book.add(Alert("grain", "grain", NOW))
    seen = matcher(state)
    for _ in range(3):
        seen.match([news("a", "Grain")])
    assert book.counts() == {"grain": 1}


def test_what_was_published_before_the_alert_was_made_is_old(state):
    book = state.alerts
    book.add(Alert("grain", "grain", NOW))
    old = (NOW - timedelta(days=3)).date().isoformat()
    matcher(state).match(
        [news("old", "Grain", published=old), news("undated", "Grain", published=None)]
    )
    assert [alarm.article for alarm in book.alarms()] == ["undated"]


def test_a_name_that_is_rare_only_among_the_new_is_no_misprint(state):
    """Each spelling is in one of two new articles. In the index, they are two people."""
    book = state.alerts
    book.add(Alert("Bentsen", "Bentsen", NOW))
    known = [
        make_article(f"{name}{number}", f"{name} speaks")
        for name in ("Bentsen", "Benson")
        for number in range(9)
    ]
    matcher(state, *known).match([news("a", "Benson speaks")])
    assert book.counts() == {}


def test_removed_alerts(state):
    book = state.alerts
    book.add(Alert("grain", "grain", NOW))
    matcher(state).match([news("a", "Grain")])
    assert book.remove("grain")
    assert not book.remove("grain")
    assert book.alarms() == []
    with pytest.raises(UnknownFeed, match="grain"):
        book.get("grain")


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


def test_a_story_that_gets_another_id_with_its_page_triggers_an_alert_once(tmp_path):
    with FeedServer() as server:
        room = Newsroom(tmp_path)
        room.book.add(Alert("ferry", "ferry", NOW))
        server.put("/r/1", b"", 302, Location="/ferry")
        server.put(
            "/ferry",
            page(
                "Ferry stops sailing",
                "The ferry stopped sailing on Monday, for its hull has a crack.",
            ),
        )
        room.follow(server.put("/feed", rss((server.url("/r/1"), "Ferry stops sailing", "x"))))
        assert room.articles()[server.url("/ferry")].former
        assert len(room.book.alarms()) == 1
        room.close()


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


def test_alerts_that_were_made_while_the_clock_was_ahead(state):
    book = state.alerts
    book.add(Alert("one", "grain", NOW + timedelta(days=400)))
    matcher(state).match(
        [
            news("a", "Grain"),
            news("b", "Grain", published=(NOW - timedelta(days=3)).date().isoformat()),
        ]
    )
    assert [alarm.article for alarm in book.alarms()] == ["a"]


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


def test_old_articles_do_not_trigger_when_they_are_indexed_again(tmp_path):
    with FeedServer() as server:
        room = Newsroom(tmp_path)
        server.put(
            "/a",
            page("Grain is sold", "Grain was sold to whoever came by at the harbour on Monday."),
        )
        room.follow(server.put("/feed", rss((server.url("/a"), "Grain is sold", "x"))))
        room.later(hours=1)
        room.book.add(Alert("grain", "grain", room.clock.now()))
        room.engine.close()
        for file in room.index.iterdir():
            file.unlink()
        room.later(hours=1)
        room.refresh()
        assert len(room.articles()) == 1
        assert room.book.alarms() == []
        room.close()


def test_an_alert_is_triggered_whoever_indexes(tmp_path):
    with FeedServer() as server:
        room = Newsroom(tmp_path)
        server.put("/feed", rss((server.url("/a"), "Grain is sold", "x")))
        room.book.add(Alert("grain", "grain", NOW))
        room.state.subscriptions.add(server.url("/feed"), "entry", NOW)
        writer = room.engine.writer()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                room,
                "indexer",
                lambda: Indexer(
                    room.engine, RawStore(room.raw, 1 << 20), room.index, room.clock, wait=0.1
                ),
            )
            room.refresh()
        writer.cancel()
        assert room.book.alarms() == []
        with open_indexer(Settings(index=room.index, raw=room.raw), Progress()) as indexer:
            indexer.update([room.raw])
        assert len(room.book.alarms()) == 1
        room.close()


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
