"""Intents: changes of the state that were decided on, as data, and the one function that applies
them.

The state may change between a decision and its application: another process may remove a feed or
change its mode, and another answer may change an entry. So a pure function reconciles each intent
with the current state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from searcher.feeds.entry_changes import has_same_content
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page, Subscription

SOONEST_AGAIN = timedelta(minutes=30)
"""Minimum time between two requests for a page, however often its entry changes. A shorter one
burdens servers whose feeds change with every comment; a longer one finds corrections later."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a refresh."""

    feeds: int = 0
    """Feeds that were received, unchanged ones included."""
    unchanged: int = 0
    """Feeds that had not changed."""
    failed: int = 0
    """Feeds that could not be received or read."""
    gone: int = 0
    """Feeds that are gone for good."""
    entries: int = 0
    """Entries that were new or had changed."""
    pages: int = 0
    """Pages that were received."""
    pages_failed: int = 0
    """Pages that could not be received."""
    added: int = 0
    """Articles added to the index."""
    updated: int = 0
    """Articles updated in the index."""

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(
            *(one + more for one, more in zip(astuple(self), astuple(other), strict=True))
        )


@dataclass(frozen=True, slots=True)
class SaveFeed:
    """Write a subscription after a try."""

    asked: Subscription
    """The subscription as it was when the request was made."""
    feed: Subscription
    """The subscription to write. Its address differs if the feed moved."""
    result: Literal["received", "unchanged", "failed", "gone", "postponed"]
    """How the try ended."""


@dataclass(frozen=True, slots=True)
class MergeFeeds:
    """Merge a subscription into another one, because its feed moved there for good."""

    asked: Subscription
    """The subscription that ends."""
    into: str
    """Address of the subscription that stays."""


@dataclass(frozen=True, slots=True)
class EntryMark:
    """An entry that is new or has changed."""

    key: str
    """Key of the entry in its feed."""
    mark: str
    """Mark of its content (`entry_changes.EntryNote.mark`)."""
    appeared: datetime
    """Time of its appearance."""


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A page to fetch."""

    page: Page
    """The page, as if it were new."""
    has_changed: bool
    """Whether its entry was known and has changed."""


@dataclass(frozen=True, slots=True)
class SaveEntries:
    """Write the new and changed entries of a feed, and fetch their pages."""

    feed: str
    """Address of the feed."""
    entries: tuple[EntryMark, ...]
    """The entries."""
    pages: tuple[WantedPage, ...]
    """The pages."""


@dataclass(frozen=True, slots=True)
class SavePage:
    """Write a page after a try."""

    asked: Page
    """The page as it was when the request was made."""
    page: Page
    """The page to write."""
    result: Literal["received", "failed", "postponed"]
    """How the try ended."""


@dataclass(frozen=True, slots=True)
class SaveRobots:
    """Write the robots.txt of a server."""

    origin: str
    """Scheme, host and port of the server."""
    fetched: datetime
    """Time of the answer."""
    rules: str | None
    """Text of the file; None if the server failed to answer."""


@dataclass(frozen=True, slots=True)
class HoldHost:
    """Send no request to a host for a time."""

    host: str
    """The host."""
    until: datetime
    """End of this time."""


Intent = SaveFeed | MergeFeeds | SaveEntries | SavePage | SaveRobots | HoldHost


def apply(intents: Iterable[Intent], state: FeedState) -> Statistics:
    """Apply intents in one transaction, and return their counts. Raises WriteFailed."""
    total = Statistics()
    with state.transaction():
        for intent in intents:
            _apply(intent, state)
            total += counts(intent)
    return total


def _apply(intent: Intent, state: FeedState) -> None:
    match intent:
        case SaveFeed():
            _save_feed(intent, state)
        case MergeFeeds():
            _merge(intent, state)
        case SaveEntries():
            _save_entries(intent, state)
        case SavePage():
            known = state.pages.get(intent.asked.key)
            feed = (known or intent.asked).feed
            is_followed = state.subscriptions.get(feed) is not None
            if (page := reconciled_page(intent, known, is_followed)) is not None:
                state.pages.save(page)
        case SaveRobots(origin, fetched, rules):
            state.hosts.save_robots(origin, fetched, rules)
        case HoldHost(host, until):
            state.hosts.hold(host, until)


def counts(intent: Intent) -> Statistics:
    """Return what an intent adds to the statistics."""
    match intent:
        case SaveFeed(result="received"):
            return Statistics(feeds=1)
        case SaveFeed(result="unchanged"):
            return Statistics(feeds=1, unchanged=1)
        case SaveFeed(result="failed"):
            return Statistics(failed=1)
        case SaveFeed(result="gone"):
            return Statistics(gone=1)
        case SaveEntries(entries=entries):
            return Statistics(entries=len(entries))
        case SavePage(result="received"):
            return Statistics(pages=1)
        case SavePage(result="failed"):
            return Statistics(pages_failed=1)
    return Statistics()


def _save_feed(intent: SaveFeed, state: FeedState) -> None:
    asked, feed = intent.asked, intent.feed
    if feed.url != asked.url:
        # Of two feeds that moved to the same address at the same time, the second is merged.
        there = state.subscriptions.get(feed.url)
        if there is not None and there.url != asked.url:
            _merge(MergeFeeds(asked, there.url), state)
            return
    saved = reconciled_feed(intent, state.subscriptions.get(asked.url))
    if saved is not None:
        state.subscriptions.save(saved, asked.url)


def _merge(intent: MergeFeeds, state: FeedState) -> None:
    into = state.subscriptions.get(intent.into)
    if into is not None and state.subscriptions.get(intent.asked.url) is not None:
        state.subscriptions.save(merged(intent.asked, into), intent.asked.url)


def _save_entries(intent: SaveEntries, state: FeedState) -> None:
    # If the feed was removed meanwhile, its entries are forgotten, so that all of them are new if
    # it is added again.
    if state.subscriptions.get(intent.feed) is None:
        return
    rows = ((one.key, one.mark, one.appeared) for one in intent.entries)
    state.entries.save(intent.feed, rows)
    for wanted in intent.pages:
        known = state.pages.get(wanted.page.key)
        is_followed = known is not None and state.subscriptions.get(known.feed) is not None
        if (page := reconciled_wanted(wanted, known, is_followed)) is not None:
            state.pages.save(page)


def reconciled_feed(intent: SaveFeed, current: Subscription | None) -> Subscription | None:
    """Return the subscription to write; None if it was removed meanwhile.

    current: the stored subscription. Its mode may have been changed, and others merged into it.
    """
    if current is None or current.added != intent.asked.added:
        return None
    moved_from = tuple(dict.fromkeys((*current.moved_from, *intent.feed.moved_from)))
    return replace(intent.feed, mode=current.mode, moved_from=moved_from)


def merged(ended: Subscription, into: Subscription) -> Subscription:
    """Return the subscription that stays when another one moved to its address."""
    # The first address stays the first, because ids of entries are made of it.
    addresses = (*(into.moved_from or (into.url,)), *ended.moved_from, ended.url)
    return replace(into, moved_from=tuple(dict.fromkeys(addresses)))


def reconciled_page(intent: SavePage, current: Page | None, is_followed: bool) -> Page | None:
    """Return the page to write; None to write nothing.

    current: the stored page. Its entry, or the feed that links to it, may have changed.
    is_followed: whether that feed is followed. If it was removed, the page is not fetched again,
    and a page that was never received is forgotten.
    """
    page, asked = intent.page, intent.asked
    current = current or asked
    if not is_followed:
        return replace(page, next_try=None) if page.checks else None
    page = replace(page, feed=current.feed)
    if current.entry == asked.entry or current.next_try is None:
        return page
    again = current.next_try
    if page.fetched:
        again = max(again, page.fetched + SOONEST_AGAIN)
    return replace(page, entry=current.entry, next_try=min(again, page.next_try or again))


def reconciled_wanted(wanted: WantedPage, known: Page | None, is_followed: bool) -> Page | None:
    """Return the page to write for a wanted page; None if nothing has to be written.

    known: the stored page with the same address.
    is_followed: whether the feed that `known` belongs to is followed.
    """
    page = wanted.page
    if known is None:
        return page
    has_changed = wanted.has_changed or (
        known.feed == page.feed and not has_same_content(known.entry, page.entry)
    )
    is_orphan = known.feed != page.feed and not is_followed
    if not has_changed and not (is_orphan and not known.checks):
        return None
    next_try = page.next_try
    if next_try is not None and known.fetched is not None:
        next_try = max(next_try, known.fetched + SOONEST_AGAIN)
    return replace(known, entry=page.entry, feed=page.feed, next_try=next_try, tries=0)
