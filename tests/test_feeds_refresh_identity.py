"""The identity of fetched articles: versions and addresses of one article, and similar articles.

Covers feeds.entry_changes, page_answers, reading.fetched and the identity of indexing.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOW, write
from feed_server import FeedServer, page, rss
from newsroom import LEAD, MORE, Newsroom, put_article, put_feed

from searcher.feeds.alert import Alert
from web import create_app


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
    assert [one.article.paragraphs[-1] for one in room.service.versions.all(article)] == [MORE, MORE, "It was a mistake, the company said."]  # fmt: skip
    assert room.service.versions.read(article, 1).headline == "Ferry stops sailing"
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


@pytest.mark.parametrize("mode", ["page", "entry"])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_article_names_all_feeds_that_carry_it(server, room, mode, at_once):
    put_article(server)
    feeds = [
        server.put(path, rss((server.url(link), "Ferry stops sailing", f"{LEAD} {MORE}")))
        for path, link in (
            ("/top.rss", "/ferry?utm_source=top"),
            ("/canada.rss", "/ferry?utm_source=canada"),
        )
    ]
    for name in ("top", "canada"):
        put_article(server, f"/ferry?utm_source={name}")
    if at_once:
        room.follow(*feeds, mode=mode)
    for feed in () if at_once else feeds:
        room.follow(feed, mode=mode)
        room.later(hours=1)
    (article,) = room.articles().values()
    assert sorted(article.feeds) == sorted(feeds)
    assert len(article.versions) == 1
    assert article.partial == (mode == "entry")
    assert article.paragraphs
    for query, total in (("feed:canada.rss", 1), ("feed:top.rss ferry", 1), ("feed:world.rss", 0)):
        assert room.service.run(query).total == total, query
    client = create_app(service=room.service).test_client()
    shown = client.get(f"/article?id={article.id}").text
    assert all(feed.removeprefix("http://") in shown for feed in feeds)
    assert client.get(f"/api/v1/article?id={article.id}").json["feeds"] == list(article.feeds)
    before, count = room.content(), len(server.asked)
    room.indexer().rebuild()
    assert room.content() == before
    room.later(days=2)
    room.refresh()
    (again,) = room.articles().values()
    assert (again.feeds, again.former) == (article.feeds, article.former)
    assert len(server.asked) > count


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


def test_clocks_and_counters_of_a_page_make_no_versions(server, room):
    feed = put_feed(server, ("/ferry", "Ferry stops sailing"))
    put_article(server, "/ferry", "Ferry stops sailing", "Updated 5 minutes ago", MORE)
    room.follow(feed)
    put_article(server, "/ferry", "Ferry stops sailing", "Updated 2 hours ago", MORE, "1,234 views")
    room.later(hours=1, minutes=1)
    room.refresh()
    (article,) = room.articles().values()
    assert server.paths().count("/ferry") == 2
    assert (article.versions, article.changes) == (article.versions[:1], ())


def alias(server, room, *links):
    """Follow a feed with these links to one page, and return the articles."""
    room.follow(
        server.put("/feed", rss(*[(link, "Ferry stops sailing", "Summary") for link in links]))
    )
    return list(room.articles().values())


def test_addresses_with_tracking_and_of_amp_and_mobile_lead_to_one_article(server, room):
    for path in (
        "/ferry",
        "/ferry?utm_source=rss",
        "/ferry?utm_medium=x&fbclid=1",
        "/ferry/amp",
        "/ferry/",
    ):
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
    # The article of the feed entry had another id, which still finds the article.
    (former,) = article.former
    assert room.service.articles.get(former).id == article.id
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
    assert [one.headline for one in article.versions] == [
        "Ferry stops sailing",
        "Ferry sails again",
    ]
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
        put_article(
            server, "/evil", "Ferry is sold", head=f'<link rel="canonical" href="{victim}">'
        )
        items = [
            (victim, "Ferry stops sailing", "x"),
            (server.url("/evil", "127.0.0.2"), "Ferry is sold", "x"),
        ]
        room.follow(server.put("/feed", rss(*items)).replace("0.0.0.0", "127.0.0.1"))
        assert {article.headline for article in room.articles().values()} == {
            "Ferry stops sailing",
            "Ferry is sold",
        }
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


def test_what_any_feed_says_of_a_page_has_it_fetched_again(server, room):
    put_article(server)
    first, second = (
        put_feed(server, ("/ferry", "Ferry stops sailing"), path=path) for path in ("/one", "/two")
    )
    room.follow(first, second)
    assert server.paths().count("/ferry") == 1
    room.later(days=3)
    put_feed(server, ("/ferry", "Ferry sails again"), path="/two")
    room.refresh(second)
    assert server.paths().count("/ferry") >= 2


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


def test_addresses_in_other_encodings_are_different_articles(server, room):
    first, second = "/read?t=%CF%F0", "/read?t=%CC%EE"
    put_article(server, first, "Fire in the old harbour of Odessa")
    put_article(server, second, "Fire in the old harbour: two dead")
    room.follow(
        put_feed(
            server,
            (first, "Fire in the old harbour of Odessa"),
            (second, "Fire in the old harbour: two dead"),
        )
    )
    assert set(room.articles()) == {server.url(first), server.url(second)}


def test_entries_of_a_running_report_stay_apart(server, room):
    put_article(server, "/live")
    rows = [
        ("/live#0", "Harbour closed"),
        ("/live#1", "Ferries held back"),
        ("/live#2", "Passengers wait"),
    ]
    room.follow(put_feed(server, *rows))
    room.refresh(room.feed().url)
    assert room.headlines() == [
        "Ferries held back",
        "Harbour closed",
        "Passengers wait",
    ]


@pytest.mark.parametrize("last", ["shared", "own"])
def test_only_entries_that_share_an_address_go_without_its_page(server, room, last):
    put_article(server)
    put_article(server, "/live", "Storm live")
    entries = [("/live", "Harbour closed at noon"), ("/live", "Bridge damaged by wind")]
    own = ("/ferry", "Ferry stops sailing")
    room.follow(put_feed(server, *([own, *entries] if last == "shared" else [*entries, own])))
    assert "/ferry" in server.paths()
    assert "/live" not in server.paths()


def test_pages_of_a_section_that_all_call_themselves_the_same_stay_apart(server, room):
    headlines = {
        "/news/1": "Harbour closed",
        "/news/2": "Ferries held back",
        "/news/3": "Passengers wait",
    }
    for path, headline in headlines.items():
        put_article(
            server, path, headline, head=f'<link rel="canonical" href="{server.url("/news")}">'
        )
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
        items = "".join(
            f"<item><guid isPermaLink='false'>same</guid><title>{text}</title></item>"
            for text in texts
        )
        return server.put(
            "/feed", f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"
        )

    room.follow(feed("First flash", "Second flash"))
    feed("Third flash", "First flash", "Second flash")
    room.refresh(room.feed().url)
    assert room.headlines() == [
        "First flash",
        "Second flash",
        "Third flash",
    ]


def test_an_entry_with_an_address_that_is_not_of_the_web_is_edited_in_place(server, room):
    def feed(text):
        item = f"<item><guid isPermaLink='false'>7</guid><link>gemini://a.example/7</link><title>{text}</title></item>"
        return server.put(
            "/feed", f"<rss version='2.0'><channel><title>Capsule</title>{item}</channel></rss>"
        )

    room.follow(feed("First text"))
    feed("Second text")
    room.refresh(room.feed().url)
    assert room.headlines() == ["Second text"]


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
    assert sorted(one.headline for one in articles) == [
        "Ferries held back",
        "Harbour closed",
        "Passengers wait",
    ]
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
        rows = "".join(
            f"<item><guid isPermaLink='false'>{text}</guid><title>{text}</title></item>"
            for text in texts
        )
        return f"<rss version='2.0'><channel><title>Wire</title>{rows}</channel></rss>"

    room.follow(server.put("/feed", items("First flash", "Second flash")))
    server.put("/old", b"", 301, Location="/feed")
    server.put("/", "<html><link rel=alternate type=application/rss+xml href=/feed></html>")
    room.follow(server.url("/old"), server.url("/"))
    server.put("/feed", items("Third flash", "First flash", "Second flash"))
    room.later(hours=13)
    room.refresh()
    assert room.feed().url == server.url("/feed")
    assert room.headlines() == [
        "First flash",
        "Second flash",
        "Third flash",
    ]


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
