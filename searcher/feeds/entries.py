"""The entries of feeds as they are kept: which article each is, whether it has changed, and whether
its page is wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from searcher.article import Document, short_hash
from searcher.feeds.archive import note_record
from searcher.feeds.landing import Landing, Tally
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page, Subscription
from searcher.fetching.exchange import Exchange
from searcher.logs import log
from searcher.reading.archive_format import ENTRY
from searcher.reading.fetched import entry_note
from searcher.sources.feed import Entry, Feed
from searcher.text.dates import parse_date
from searcher.text.headlines import are_alike
from searcher.text.urls import (
    address_key,
    bare_url,
    canonical_url,
    is_front_page,
    sendable_url,
    shown_url,
)

SHARED = "shared "
_DATED = " dated "
_DATES = ("dates", "updates")
_COMPARED = 20
"""Headlines of one address that are compared, each with each."""
SOONEST_AGAIN = timedelta(minutes=30)
"""A page is not asked for again sooner, however often its entry changes."""
_END = 200
"""Bytes at the end of a feed in which what closes it stands."""


@dataclass(frozen=True, slots=True)
class EntryNote:
    """What is kept of an entry. shared: whether other entries of its feed have the same address."""

    feed: str
    entry: dict[str, Any]
    shared: bool

    @property
    def mark(self) -> str:
        """Tells whether an entry is as it was, and whether it was noted as one that shares its
        address."""
        dates = [self.entry.get(name) for name in _DATES]
        told = short_hash(json.dumps(_telling(self.entry), sort_keys=True))
        return f"{SHARED if self.shared else ''}{told}{_DATED}{short_hash(json.dumps(dates))}"

    def to_json(self) -> dict[str, Any]:
        return {"feed": self.feed, "entry": self.entry} | ({"shared": True} if self.shared else {})


def _telling(entry: dict[str, Any]) -> dict[str, Any]:
    """What of a kept entry tells, besides its dates, whether its article has changed: not how its
    links are decorated."""
    told = {name: value for name, value in entry.items() if name != "image" and name not in _DATES}
    return told | {"url": _address(entry)}


def _address(entry: dict[str, Any]) -> str:
    return address_key(entry.get("url") or "") or str(entry.get("url") or "")


def _redated(before: str, mark: str) -> bool:
    """Whether nothing but its dates tells an entry from what it was."""
    return before.rpartition(_DATED)[0] == mark.rpartition(_DATED)[0]


def _renews_dates(marks: Sequence[tuple[str, str]]) -> bool:
    """Whether a feed dates all of its entries anew, so that this says nothing of them. marks:
    before and now."""
    return len(marks) > 1 and all(
        before.rpartition(_DATED)[2] != now.rpartition(_DATED)[2] for before, now in marks
    )


class EntryBook:
    """Notes the entries of feeds, and which of their pages are to be fetched."""

    def __init__(self, state: FeedState, tally: Tally) -> None:
        self._state = state
        self._tally = tally

    def take(
        self,
        landing: Landing,
        subscription: Subscription,
        feed: Feed,
        exchange: Exchange,
        record: str,
    ) -> None:
        """Has the entries noted that are new or have changed. record: that of the feed in the
        archive."""
        now, url = exchange.received, subscription.url
        noted: list[tuple[str, str, datetime]] = []
        pages: list[tuple[Page, bool]] = []
        for entry, before, mark, note in self._news(subscription, feed):
            address = sendable_url(entry.document.url)
            noted.append((entry.key, mark, appeared(entry.document, now)))
            if not entry.is_link:
                landing.records.append(
                    note_record(ENTRY, bare_url(address or url), now, note.to_json(), record)
                )
            if (
                address
                and subscription.mode == "page"
                and not note.shared
                and not is_front_page(address)
            ):
                pages.append(
                    (Page(address_key(address), address, url, note.entry, now), bool(before))
                )
        self._tally.entries += len(noted)
        if feed.rejected:
            log(
                "entries passed over",
                feed=shown_url(url),
                entries=len(feed.rejected),
                reason=feed.rejected[0].reason,
            )

        def change() -> None:
            if self._state.subscriptions.get(url) is None:
                # It was unsubscribed meanwhile: should it be followed again, its entries are as
                # new.
                return
            self._state.entries.save(url, noted)
            for page, has_changed in pages:
                self._want(page, has_changed)

        landing.changes.append(change)

    def _news(
        self, subscription: Subscription, feed: Feed
    ) -> Iterator[tuple[Entry, str, str, EntryNote]]:
        """The entries that are new or have changed, each with its mark before ("" for none), its
        mark now, and its note."""
        url, origin = subscription.url, (*subscription.moved_from, subscription.url)[0]
        known = self._state.entries.known(url)
        shared = shared_addresses(feed)
        found: list[tuple[Entry, str, str, EntryNote]] = []
        for entry in feed.entries:
            before = known.get(entry.key, "")
            # What it was noted as it stays, for by that it has its id.
            is_shared = (
                before.startswith(SHARED)
                if before
                else address_key(sendable_url(entry.document.url)) in shared
            )
            note = EntryNote(
                bare_url(url), entry_note(identified(entry, origin, is_shared)), is_shared
            )
            found.append((entry, before, note.mark, note))
        renews = _renews_dates([(before, mark) for _, before, mark, _ in found if before])
        for one in found:
            _, before, mark, _ = one
            if before != mark and not (renews and before and _redated(before, mark)):
                yield one

    def _want(self, page: Page, has_changed: bool) -> None:
        """Has a page fetched, be it again because its entry changed, in whichever feed that is."""
        known = self._state.pages.get(page.key)
        if known is None:
            self._state.pages.save(page)
            return
        is_orphan = known.feed != page.feed and self._state.subscriptions.get(known.feed) is None
        has_changed = has_changed or (
            known.feed == page.feed and _telling(known.entry) != _telling(page.entry)
        )
        if has_changed or (is_orphan and not known.checks):
            assert page.next_try is not None
            earliest = known.fetched + SOONEST_AGAIN if known.fetched else page.next_try
            next_try = max(page.next_try, earliest)
            self._state.pages.save(
                replace(known, entry=page.entry, feed=page.feed, next_try=next_try, tries=0)
            )


def shared_addresses(feed: Feed) -> frozenset[str]:
    """The keys of addresses that entries with other headlines have, too, as those of a running
    report do: each of these is an article all the same."""
    headlines: dict[str, list[str]] = {}
    for entry in feed.entries:
        headlines.setdefault(address_key(sendable_url(entry.document.url)), []).append(
            entry.document.headline
        )
    return frozenset(
        key
        for key, found in headlines.items()
        if key
        and not all(are_alike(one, other) for one, other in combinations(found[:_COMPARED], 2))
    )


def identified(entry: Entry, feed: str, shared: bool) -> Document:
    """An entry that has no address of its own goes by its feed's and its own name."""
    document = entry.document
    if canonical_url(document.url) and not shared:
        return document
    return replace(document, given_id=short_hash(f"entry {feed}\n{entry.key}"))


def ends(data: bytes) -> bool:
    """Whether a feed is there to its end."""
    return (
        data[-_END:]
        .rstrip()
        .lower()
        .endswith((b"</rss>", b"</feed>", b"</rdf:rdf>", b"</rdf>", b"}"))
    )


def last_is_whole(data: bytes) -> bool:
    """Whether the last entry that a feed begins is there to its end."""
    lower = data.lower()
    return any(
        lower.rfind(b"</" + name) > lower.rfind(b"<" + name) >= 0 for name in (b"item", b"entry")
    )


def appeared(document: Document, now: datetime) -> datetime:
    """When an entry appeared: as it says, if that can be; else now."""
    moments = _moments(document)
    return next((moment for moment in moments if moment <= now), now)


def _moments(document: Document) -> Iterator[datetime]:
    for _, text in (*document.dates, *document.updates):
        if found := parse_date(text):
            yield found[0]
