"""The decisions of a refresh, which are pure functions. Only the last two tests apply the outcomes.

Covers feeds.http_answers, feed_answers, feed_task, page_answers, page_task, robots_task, tasks,
admission, entry_changes and intents.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, HandClock
from feed_server import rss
from newsroom import put_article, put_feed

from searcher.errors import AddressRefused, FetchFailed, WriteFailed
from searcher.feeds import feed_answers, feed_task, page_answers, page_task, robots_task
from searcher.feeds.admission import Admitted, Postponed, Refused, RobotsNeeded, admit
from searcher.feeds.archive import Archive
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.feed_answers import FeedAttempt, FeedReceived
from searcher.feeds.feed_task import KnownFeed, decide_feed
from searcher.feeds.intents import (
    SOONEST_AGAIN,
    MergeFeeds,
    SaveEntries,
    SaveFeed,
    SavePage,
    SaveRobots,
    Statistics,
    WantedPage,
    apply,
    counts,
    merged,
    reconciled_feed,
    reconciled_page,
    reconciled_wanted,
)
from searcher.feeds.page_answers import PageAttempt
from searcher.feeds.subscription import Page, Subscription
from searcher.feeds.tasks import Result
from searcher.fetching.http import HttpFetcher
from searcher.fetching.memory_fetcher import exchange

URL = "https://paper.example/feed"
NEW = "https://new.example/feed"
FEED = Subscription(URL, "page", NOW, NOW, "Paper", etag='"1"')
NOTHING = KnownFeed({}, ())
ITEMS = [(f"https://paper.example/{name}", f"Headline {name}", f"Summary {name}") for name in "abc"]
LATER = NOW + timedelta(hours=1)


def attempt(feed=FEED, url=URL, **values):
    return FeedAttempt(feed, url, values.pop("home", url), **values)


def answer(body=b"", status=200, url=URL, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange(url, status, {"Content-Type": "application/rss+xml", **names}, body, NOW)


def classified(tried, received):
    """Return the class and the records of a response, parsed as in a fetching thread."""
    task = feed_task.FeedTask(tried)
    parsed = None
    if not isinstance(received, FetchFailed):
        parsed = task.parse(received, BoundedReader())
    return feed_answers.classify_feed(tried, Result(task.request(), received, parsed))


def decided(tried, received, known=NOTHING, chance=0.0):
    return decide_feed(tried, classified(tried, received)[0], known, NOW, chance)


def saved(outcome):
    """Return the only subscription that an outcome writes."""
    (found,) = (intent for intent in outcome.intents if isinstance(intent, SaveFeed))
    return found


def test_a_feed_with_new_entries():
    outcome = decided(attempt(), answer(rss(*ITEMS).encode(), ETag='"2"'))
    entries, feed = outcome.intents
    assert isinstance(entries, SaveEntries)
    assert [one.page.key for one in entries.pages] == [
        "paper.example/a",
        "paper.example/b",
        "paper.example/c",
    ]
    assert len(entries.entries) == len(outcome.records) == 3
    assert (feed.result, feed.feed.etag, feed.feed.failures) == ("received", '"2"', 0)
    assert feed.feed.next_try > NOW
    assert (outcome.requests, outcome.hold_until) == ((), None)
    assert counts(entries) + counts(feed) == Statistics(feeds=1, entries=3)


def test_known_entries_are_no_news():
    first = decided(attempt(), answer(rss(*ITEMS).encode()))
    marks = {one.key: one.mark for one in first.intents[0].entries}
    again = decided(attempt(), answer(rss(*ITEMS[:2]).encode()), KnownFeed(marks, ()))
    assert (again.intents[0].entries, again.intents[0].pages, again.records) == ((), (), ())
    other = [("https://paper.example/a", "Another headline", "Summary a")]
    changed = decided(attempt(), answer(rss(*other).encode()), KnownFeed(marks, ()))
    assert [one.has_changed for one in changed.intents[0].pages] == [True]


def test_the_pace_counts_known_and_new_entries():
    hourly = [(str(number), NOW - timedelta(hours=number)) for number in range(48)]
    known = KnownFeed({}, hourly)
    slow = saved(decided(attempt(), answer(rss(*ITEMS).encode()))).feed
    fast = saved(decided(attempt(), answer(rss(*ITEMS).encode()), known)).feed
    assert fast.interval < slow.interval


@pytest.mark.parametrize(
    ("received", "problem"),
    [
        (FetchFailed(URL, "the connection was refused"), "the connection was refused"),
        (answer(status=404), "the server answered 404"),
        (answer(status=302), "a redirect that leads nowhere"),
        (answer(status=302, Location=URL), "redirects that do not end"),
        (answer(b"nonsense"), "not a feed"),
        (answer(), "empty"),
        (replace(answer(b"<rss>"), truncated="disconnect"), "cut off by its server"),
    ],
)
def test_every_failure_is_one_decision(received, problem):
    outcome = decided(attempt(), received)
    found = saved(outcome)
    assert (found.result, found.feed.problem, found.feed.failures) == ("failed", problem, 1)
    assert found.feed.next_try > NOW
    assert [event.name for event in outcome.events] == ["feed failed"]
    assert counts(found) == Statistics(failed=1)
    other = decided(attempt(others=(NEW,)), received)
    (request,) = other.requests
    assert (request.url, other.intents) == (NEW, ())


@pytest.mark.parametrize(
    ("failure", "permanent"),
    [
        (answer(b"nonsense"), True),
        (answer(status=503), False),
        (FetchFailed(URL, "the connection was refused"), False),
    ],
)
def test_which_problems_of_a_new_feed_are_permanent(failure, permanent):
    found = saved(decided(attempt(), failure))
    assert feed_answers.is_permanent_problem(found.feed.problem) == permanent


@pytest.mark.parametrize("url", ["ftp://paper.example/", "http://127.0.0.1/"])
def test_a_refused_address_is_a_permanent_problem(url):
    with pytest.raises(AddressRefused) as error:
        HttpFetcher(HandClock(), "us").fetch(url, {}, 1)
    assert feed_answers.is_permanent_problem(error.value.reason)


def test_a_server_that_asks_for_time_gets_it():
    outcome = decided(attempt(others=(NEW,)), answer(status=429, Retry_After="7200"))
    assert outcome.hold_until == NOW + timedelta(hours=2)
    assert saved(outcome).feed.next_try >= outcome.hold_until
    assert outcome.requests == ()


def test_a_feed_that_is_gone():
    outcome = decided(attempt(), answer(status=410))
    assert saved(outcome).feed.gone
    elsewhere = decided(attempt(url=NEW, home=URL), answer(status=410, url=NEW))
    assert saved(elsewhere).result == "failed"


@pytest.mark.parametrize(("status", "home"), [(301, NEW), (308, NEW), (302, URL), (307, URL)])
def test_redirects(status, home):
    (request,) = decided(attempt(), answer(status=status, Location=NEW)).requests
    tried = request.task.attempt
    assert (request.url, tried.home, tried.hops) == (NEW, home, (URL,))
    outcome = decided(tried, answer(rss(*ITEMS).encode(), url=NEW))
    assert saved(outcome).feed.url == home
    assert saved(outcome).feed.moved_from == ((URL,) if home == NEW else ())


@pytest.mark.parametrize(
    "received", [answer(status=304, url=NEW), answer(rss(*ITEMS).encode(), url=NEW)]
)
def test_a_feed_that_moves_to_one_that_is_followed(received):
    known = KnownFeed({}, (), merges_into=NEW)
    outcome = decided(attempt(url=NEW, home=NEW), received, known)
    assert outcome.intents == (MergeFeeds(FEED, NEW),)


def test_a_page_that_names_feeds():
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{name}>" for name in ("one", "two")
    )
    page = answer(f"<html>{links}".encode(), Content_Type="text/html")
    (request,) = decided(attempt(), page).requests
    tried = request.task.attempt
    assert (tried.url, tried.home) == ("https://paper.example/one",) * 2
    assert tried.others == ("https://paper.example/two",)
    followed = replace(FEED, succeeded=NOW)
    assert saved(decided(attempt(followed), page)).result == "failed"


def test_unchanged_content_keeps_what_the_feed_asked_for():
    feed = replace(FEED, interval=50_000.0, failures=2, problem="x")
    found = saved(decided(attempt(feed), answer(status=304)))
    assert (found.result, found.feed.interval, found.feed.failures) == ("unchanged", 50_000.0, 0)
    assert counts(found) == Statistics(feeds=1, unchanged=1)


def test_a_feed_that_is_cut_off_keeps_its_entries_and_is_asked_for_whole():
    text = rss(*ITEMS).encode()
    cut = replace(answer(text[: text.rindex(b"<description>")], ETag='"2"'), truncated="time")
    found, records = classified(attempt(), cut)
    assert isinstance(found, FeedReceived)
    outcome = decide_feed(attempt(), found, NOTHING, NOW, 0.0)
    assert len(outcome.intents[0].entries) == 2
    assert (saved(outcome).feed.problem, saved(outcome).feed.etag) == ("did not end in time", "")
    assert len(records) == 1


def test_a_feed_that_is_changed_meanwhile():
    intent = SaveFeed(FEED, replace(FEED, title="New", moved_from=(URL,)), "received")
    current = replace(FEED, mode="entry", moved_from=("https://other.example/",))
    found = reconciled_feed(intent, current)
    assert (found.title, found.mode) == ("New", "entry")
    assert found.moved_from == ("https://other.example/", URL)
    assert reconciled_feed(intent, None) is None
    assert reconciled_feed(intent, replace(FEED, added=LATER)) is None


def test_merged_feeds_keep_their_first_address_first():
    into = Subscription(NEW, "page", NOW, NOW)
    assert merged(FEED, into).moved_from == (NEW, URL)
    assert merged(FEED, replace(into, moved_from=("https://first.example/",))).moved_from == (
        "https://first.example/",
        URL,
    )


PAGE = Page("paper.example/a", "https://paper.example/a", URL, {"headline": "Ferry stops"}, NOW)
HTML = b"<html><title>Ferry stops</title><h1>Ferry stops</h1><p>Text.</p></html>"


def page_answer(body=HTML, status=200, url=PAGE.url, **headers):
    return answer(body, status, url, **{"Content_Type": "text/html", **headers})


def page_decided(received, page=PAGE, others=(), **values):
    tried = PageAttempt(page, **values)
    request = page_task.PageTask(tried, page.url).request()
    found, records = page_answers.classify_page(tried, Result(request, received), others)
    return page_task.decide_page(tried, found, records, NOW)


def test_a_page_that_is_received():
    outcome = page_decided(page_answer(ETag='"1"'))
    (intent,) = outcome.intents
    assert (intent.result, intent.page.checks, intent.page.etag) == ("received", 1, '"1"')
    assert [record.kind for record in outcome.records] == ["metadata", "response"]
    assert counts(intent) == Statistics(pages=1)


@pytest.mark.parametrize(
    ("received", "problem", "given_up"),
    [
        (FetchFailed(PAGE.url, "no answer"), "no answer", False),
        (AddressRefused(PAGE.url, "is in a private network"), "is in a private network", True),
        (page_answer(status=500), "the server answered 500", False),
        (page_answer(status=410), "the server answered 410", True),
        (page_answer(status=301), "a redirect that leads nowhere", False),
        (page_answer(Content_Type="image/png"), "not a page (image/png)", True),
        (page_answer(url="https://paper.example/"), "led to the front page", True),
        (page_answer(url="https://paper.example/b/other"), "", False),
    ],
)
def test_pages_that_are_not_received(received, problem, given_up):
    (intent,) = page_decided(received).intents
    assert intent.page.problem == problem
    assert (intent.page.next_try is None) == given_up
    assert counts(intent) == (Statistics(pages_failed=1) if problem else Statistics(pages=1))


def test_a_page_that_another_entry_has_is_not_this_ones():
    there = "https://paper.example/live"
    other = replace(PAGE, key="paper.example/b", entry={"headline": "Grain harvest begins"})
    (intent,) = page_decided(page_answer(url=there), others=[other]).intents
    assert intent.page.problem == "led to the page of another entry"


def test_a_page_that_is_changed_meanwhile():
    done = SavePage(PAGE, replace(PAGE, checks=1, fetched=NOW, next_try=None), "received")
    assert reconciled_page(done, None, True) == done.page
    changed = replace(PAGE, entry={"headline": "Ferry sails"}, feed=NEW)
    found = reconciled_page(done, changed, True)
    assert (found.entry, found.feed) == (changed.entry, NEW)
    assert found.next_try == NOW + SOONEST_AGAIN
    assert reconciled_page(done, PAGE, False).next_try is None
    failed = SavePage(PAGE, replace(PAGE, tries=1), "failed")
    assert reconciled_page(failed, PAGE, False) is None


def test_pages_that_are_wanted():
    wanted = WantedPage(PAGE, has_changed=False)
    assert reconciled_wanted(wanted, None, False) == PAGE
    assert reconciled_wanted(wanted, PAGE, True) is None
    assert reconciled_wanted(replace(wanted, has_changed=True), PAGE, True) == PAGE
    other = replace(PAGE, feed=NEW)
    assert reconciled_wanted(wanted, other, True) is None
    assert reconciled_wanted(wanted, other, False) == PAGE
    assert reconciled_wanted(wanted, replace(other, checks=1), False) is None
    fetched = replace(PAGE, fetched=NOW, entry={"headline": "Before"})
    assert reconciled_wanted(wanted, fetched, True).next_try == NOW + SOONEST_AGAIN


@pytest.mark.parametrize(
    ("received", "rules"),
    [
        (answer(b"User-agent: *"), "User-agent: *"),
        (answer(status=404), ""),
        (answer(status=503), None),
        (answer(status=500), None),
        (FetchFailed(URL, "no answer"), None),
        (answer(status=301), ""),
    ],
)
def test_robots(received, rules):
    outcome = robots_task.decide_robots(
        robots_task.robots_task("https://paper.example"), received, NOW
    )
    assert outcome.intents == (SaveRobots("https://paper.example", NOW, rules),)


def test_which_requests_are_admitted():
    page = page_task.page_task(PAGE).request()
    feed = feed_task.feed_task(FEED).request()
    assert admit(feed, None, None, "us", NOW) == Admitted()
    assert admit(feed, LATER, None, "us", NOW) == Postponed(LATER)
    assert admit(page, None, None, "us", NOW) == RobotsNeeded()
    assert admit(page, None, (NOW - timedelta(days=2), ""), "us", NOW) == RobotsNeeded()
    assert admit(page, None, (NOW, ""), "us", NOW) == Admitted()
    assert admit(page, None, (NOW, "User-agent: *\nCrawl-delay: 5"), "us", NOW) == Admitted(5.0)
    forbidden = admit(page, None, (NOW, "User-agent: *\nDisallow: /"), "us", NOW)
    assert isinstance(forbidden, Refused)
    assert isinstance(forbidden.failure, AddressRefused)
    unknown = admit(page, None, (NOW, None), "us", NOW)
    assert isinstance(unknown, Refused)
    assert not isinstance(unknown.failure, AddressRefused)


def test_nothing_is_counted_or_logged_before_it_is_on_disk(server, room, monkeypatch, caplog):
    put_article(server)
    room.state.subscriptions.add(put_feed(server, ("/ferry", "Ferry stops")), "page", NOW)

    def full(*_):
        raise WriteFailed("the disk is full")

    monkeypatch.setattr(Archive, "append", full)
    with caplog.at_level("INFO", "searcher"), room.refresher() as refresher:
        with pytest.raises(WriteFailed):
            refresher.refresh(room.state.subscriptions.due(NOW), threading.Event())
        assert refresher.statistics == Statistics()
    assert [record.message for record in caplog.records] == []


def test_two_feeds_that_move_to_the_same_address_at_once_become_one(room):
    feeds = [Subscription(f"https://{name}.example/", "page", NOW, NOW) for name in "ab"]
    for feed in feeds:
        room.state.subscriptions.save(feed)
    moves = (
        SaveFeed(feed, replace(feed, url=NEW, moved_from=(feed.url,)), "received") for feed in feeds
    )
    apply(moves, room.state)
    (found,) = room.state.subscriptions.all()
    assert found.url == NEW
    assert set(found.moved_from) >= {feed.url for feed in feeds}
