"""The outcome of a feed's new and changed entries: their notes, and the pages to fetch. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from searcher.feeds.entries import ChangedEntry, appeared, entry_record
from searcher.feeds.intents import EntryMark, SaveEntries, WantedPage
from searcher.feeds.subscription import Page, Subscription
from searcher.feeds.tasks import Event, Outcome
from searcher.fetching.exchange import Exchange
from searcher.sources.feed import Feed
from searcher.text.urls import address_key, is_front_page, sendable_url, shown_url


def entries_outcome(
    feed: Subscription,
    content: Feed,
    changed: Sequence[ChangedEntry],
    exchange: Exchange,
    record: str,
) -> Outcome:
    """Return the notes of the new and changed entries, and the pages to fetch.

    record: identifier of the record in the archive that holds the feed.
    """
    now = exchange.received
    marks = tuple(
        EntryMark(one.entry.key, one.mark, appeared(one.entry.document, now)) for one in changed
    )
    pages = tuple(
        WantedPage(page, bool(one.before))
        for one in changed
        if (page := _page_of(one, feed, now)) is not None
    )
    notes = (entry_record(one, feed, now, record) for one in changed if not one.entry.is_link)
    events: tuple[Event, ...] = ()
    if content.rejected:
        fields = {
            "feed": shown_url(feed.url),
            "entries": len(content.rejected),
            "reason": content.rejected[0].reason,
        }
        events = (Event("entries skipped", fields),)
    return Outcome(tuple(notes), (SaveEntries(feed.url, marks, pages),), events=events)


def _page_of(changed: ChangedEntry, feed: Subscription, now: datetime) -> Page | None:
    """Return the page to fetch for an entry; None if it has none, or none of its own."""
    address = sendable_url(changed.entry.document.url)
    if not address or feed.mode != "page" or changed.note.shared or is_front_page(address):
        return None
    return Page(address_key(address), address, feed.url, changed.note.entry, now)
