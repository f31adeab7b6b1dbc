"""Alerts: new articles match them once, old articles never.

Covers alerts.matching, alerts.reverse_search, feeds.alert and feeds.state.alerts.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, make_article
from feed_server import FeedServer, page, rss
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom, matcher, news

from searcher.alerts.reverse_search import NewArticles, SavedQueries
from searcher.assembly import open_indexer
from searcher.engine.searches import Search
from searcher.errors import UnknownFeed
from searcher.feeds.alert import Alert
from searcher.indexing.indexer import Indexer
from searcher.indexing.report import Progress
from searcher.query.parser import parse
from searcher.reading.raw_store import RawStore
from searcher.settings import Settings

WORDS = "grain ships odesa Odessa Kyiv Київ kiev harbour wheat price cease-fire ceasefire 港口 F-35 naïve running the war d'un".split()


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
            "(the war)",
            "(the -war)",
            "(the +war)",
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
    st.lists(
        st.tuples(TEXT, TEXT, st.sampled_from(["en", "de", "fr", "uk", "zh", "und"])), max_size=4
    ),
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
