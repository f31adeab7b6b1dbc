"""A raw folder, an index, a feed state and a refresher for tests, with a clock set by hand."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta

from fakes import HandClock, filled, make_article
from feed_server import page, rss

from searcher.alerts.matching import AlertMatcher
from searcher.engine.memory import MemoryEngine
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.feeds.archive import Archive
from searcher.feeds.dispatcher import Politeness
from searcher.feeds.refresher import Refresher
from searcher.feeds.state import FeedState
from searcher.fetching.http import HttpFetcher
from searcher.indexing.check import problems
from searcher.indexing.indexer import Indexer
from searcher.reading.archive_format import members
from searcher.reading.raw_store import RawStore
from searcher.reading.version_archive import RawArchive
from searcher.search.service import SearchService
from searcher.settings import Settings

LEAD = "The ferry to the islands stopped sailing on Monday after a crack was found in the hull of the older of the ships."


MORE = "Passengers were told to wait for another one until Thursday, a woman at the counter of the company said."


class Newsroom:
    """The components of a running search engine in one folder, with feeds to follow.

    fetcher: None makes one whose requests take at most `seconds`; fewer would fail on a loaded
        machine.
    pause: seconds between two requests to one host.
    allow_private: whether addresses of private networks may be fetched.
    """

    def __init__(self, folder, fetcher=None, pause=0.0, seconds=30.0, allow_private=True):
        self.clock = HandClock()
        self.raw, self.index = folder / "raw", folder / "index"
        self.engine = WhooshEngine(self.index)
        self.state = FeedState(self.raw / ".feeds.sqlite")
        self.book = self.state.alerts
        self.fetcher = fetcher or HttpFetcher(
            self.clock, "news-searcher/test", seconds, allow_private
        )
        self.politeness = Politeness("news-searcher", pause)
        self.archive = RawArchive(lambda: RawStore(self.raw, 64 << 20), self.clock)
        self.service = SearchService(
            self.engine, self.clock, Settings(index=self.index, raw=self.raw), self.archive
        )
        self.on_news = AlertMatcher(self.book, self.engine, self.clock).match

    def indexer(self, progress=None):
        store = RawStore(self.raw, 64 << 20)
        return Indexer(self.engine, store, self.index, self.clock, progress, on_news=self.on_news)

    @contextmanager
    def refresher(self, chance=lambda: 0.5, indexer=None, **options):
        with Archive(self.raw, self.clock) as archive:
            indexer = indexer or self.indexer()
            found = Refresher(
                archive,
                self.state,
                self.fetcher,
                indexer,
                self.clock,
                self.politeness,
                chance,
                **options,
            )
            try:
                yield found
            finally:
                found.close()

    def follow(self, *urls, mode="page"):
        for url in urls:
            self.state.subscriptions.add(url, mode, self.clock.now())
        return self.refresh()

    def refresh(self, *urls):
        """Refresh these feeds, or all due feeds if none is given. Return the statistics."""
        now = self.clock.now()
        feeds = (
            [self.state.subscriptions.get(url) for url in urls]
            if urls
            else self.state.subscriptions.due(now)
        )
        with self.refresher() as refresher:
            return refresher.refresh(feeds, threading.Event())

    def later(self, **span):
        self.clock.moment += timedelta(**span)

    def feed(self, url=None):
        if url:
            return self.state.subscriptions.get(url)
        (found,) = self.state.subscriptions.all()
        return found

    def articles(self):
        """Return the articles of the index, by address."""
        with self.engine.snapshot() as snapshot:
            return {article.url: article for article in snapshot.articles()}

    def headlines(self):
        """Return the headlines of all articles of the index, sorted."""
        with self.engine.snapshot() as snapshot:
            return sorted(article.headline for article in snapshot.articles())

    def content(self):
        """Return the essence of each article in the index, sorted."""
        with self.engine.snapshot() as snapshot:
            return sorted(map(essence, snapshot.articles()), key=repr)

    def sound(self):
        return list(problems(self.engine, self.index)) == []

    def close(self):
        self.state.close()
        self.engine.close()


def essence(article):
    """Return the fields of an article that are the same for each time and place of reading it."""
    versions = tuple((one.headline, one.body, one.partial, one.changed) for one in article.versions)
    return (
        article.id,
        article.content_hash,
        article.url,
        frozenset(article.addresses),
        article.former,
        versions,
    )


def put_article(server, path="/ferry", headline="Ferry stops sailing", *more, **options):
    """Serve a page with an article at this path. Return its address."""
    return server.put(path, page(headline, LEAD, *(more or (MORE,)), **options))


def put_feed(server, *items, path="/feed", **headers):
    """Serve a feed with these (path, headline) items. Return its address."""
    rows = [(server.url(link), headline, f"Summary of {headline}") for link, headline in items]
    return server.put(path, rss(*rows), **headers)


def records(room):
    """Return the type and the address of each record in the archive."""
    found = []
    for path in sorted((room.raw / "fetched").glob("*.warc.gz")):
        with open(path, "rb") as file:
            for member in members(file):
                head = member.data.split(b"\r\n\r\n")[0].decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
                found.append((fields["WARC-Type"], fields.get("WARC-Target-URI", "")))
    return found


def archive(room):
    """Return the path of the only file of the archive."""
    (path,) = (room.raw / "fetched").glob("*.warc.gz")
    return path


def matcher(state, *articles):
    """Return a matcher of the state's alerts, with an index of these articles."""
    engine = filled(MemoryEngine(), articles) if articles else MemoryEngine()
    return AlertMatcher(state.alerts, engine, HandClock())


def news(article_id, headline, body="", published="2024-06-01", **fields):
    """Return an article, published at the time of the tests unless it is given."""
    return make_article(article_id, headline, body, published=published, **fields)
