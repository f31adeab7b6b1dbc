"""The entries of feeds: detection of new and changed ones, and their identity.

Pure functions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from searcher.article import Document, short_hash
from searcher.feeds.records import Record, note_record
from searcher.feeds.subscription import Page, Subscription
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
)

SHARED = "shared "
"""Beginning of the mark of an entry that shares its address with others."""

_DATED = " dated "
"""Text between the two digests of a mark: of the content, and of the dates."""

_DATES = ("dates", "updates")

_COMPARED = 20
"""Maximum number of headlines of one address that are compared with each other. The time grows with
the square of it."""

_END = 200
"""Number of bytes at the end of a feed in which its closing tag is looked for. Comments and white
space may follow it."""


@dataclass(frozen=True, slots=True)
class EntryNote:
    """The note of an entry in the archive."""

    feed: str
    """Address of the feed, without name and password."""
    entry: dict[str, Any]
    """Fields of the entry's Document."""
    shared: bool
    """Whether other entries of the feed have the same address and other headlines."""

    @property
    def mark(self) -> str:
        """Digests of the content and the dates. They differ if the entry has changed."""
        dates = [self.entry.get(name) for name in _DATES]
        content = short_hash(json.dumps(_content(self.entry), sort_keys=True))
        return f"{SHARED if self.shared else ''}{content}{_DATED}{short_hash(json.dumps(dates))}"

    def to_json(self) -> dict[str, Any]:
        """Return the note as JSON values."""
        return {"feed": self.feed, "entry": self.entry} | ({"shared": True} if self.shared else {})


def has_same_content(entry: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two noted entries differ only in dates, images, and tracking parameters of
    links."""
    return _content(entry) == _content(other)


def _content(entry: dict[str, Any]) -> dict[str, Any]:
    content = {
        name: value for name, value in entry.items() if name != "image" and name not in _DATES
    }
    return content | {"url": _address(entry)}


def _address(entry: dict[str, Any]) -> str:
    return address_key(entry.get("url") or "") or str(entry.get("url") or "")


def _redated(before: str, mark: str) -> bool:
    """Return whether an entry has changed only in its dates."""
    return before.rpartition(_DATED)[0] == mark.rpartition(_DATED)[0]


def _renews_dates(marks: Sequence[tuple[str, str]]) -> bool:
    """Return whether all entries of a feed have new dates. Then a new date means no change.

    marks: of each entry, before and now.
    """
    return len(marks) > 1 and all(
        before.rpartition(_DATED)[2] != now.rpartition(_DATED)[2] for before, now in marks
    )


class ChangedEntry(NamedTuple):
    """An entry that is new or has changed."""

    entry: Entry
    """The entry."""
    before: str
    """Its mark before; "" if it is new."""
    mark: str
    """Its mark now."""
    note: EntryNote
    """Its note for the archive."""


def changed_entries(
    subscription: Subscription, feed: Feed, known: Mapping[str, str]
) -> list[ChangedEntry]:
    """Return the entries of a feed that are new or have changed.

    known: the marks of its entries before, by their keys.
    """
    url, origin = subscription.url, (*subscription.moved_from, subscription.url)[0]
    shared = shared_addresses(feed)
    found: list[ChangedEntry] = []
    for entry in feed.entries:
        before = known.get(entry.key, "")
        # A known entry keeps the way in which it was noted, because its id depends on it.
        is_shared = (
            before.startswith(SHARED)
            if before
            else address_key(sendable_url(entry.document.url)) in shared
        )
        note = EntryNote(bare_url(url), entry_note(identified(entry, origin, is_shared)), is_shared)
        found.append(ChangedEntry(entry, before, note.mark, note))
    renews = _renews_dates([(one.before, one.mark) for one in found if one.before])
    return [
        one
        for one in found
        if one.before != one.mark and not (renews and one.before and _redated(one.before, one.mark))
    ]


def entry_record(
    changed: ChangedEntry, subscription: Subscription, now: datetime, record: str
) -> Record:
    """Return the note of an entry for the archive.

    record: identifier of the record in the archive that holds its feed.
    """
    url = bare_url(sendable_url(changed.entry.document.url) or subscription.url)
    return note_record(ENTRY, url, now, changed.note.to_json(), record)


def shared_addresses(feed: Feed) -> frozenset[str]:
    """Return the keys of addresses that several entries with different headlines have. Each of
    these entries is an article of its own: running reports use one address for all parts."""
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
    """Return the document of an entry, with an id if it has no address of its own.

    feed: first address of the feed, from which the id is made.
    shared: whether other entries have the same address.
    """
    document = entry.document
    if canonical_url(document.url) and not shared:
        return document
    return replace(document, given_id=short_hash(f"entry {feed}\n{entry.key}"))


def ends(data: bytes) -> bool:
    """Return whether the content of a feed ends with its closing tag."""
    closing = (b"</rss>", b"</feed>", b"</rdf:rdf>", b"</rdf>", b"}")
    return data[-_END:].rstrip().lower().endswith(closing)


def last_is_whole(data: bytes) -> bool:
    """Return whether the last entry in the content of a feed is closed."""
    lower = data.lower()
    return any(
        lower.rfind(b"</" + name) > lower.rfind(b"<" + name) >= 0 for name in (b"item", b"entry")
    )


def appeared(document: Document, now: datetime) -> datetime:
    """Return the first stated date of an entry that is not in the future; else now."""
    for _, text in (*document.dates, *document.updates):
        found = parse_date(text)
        if found and found[0] <= now:
            return found[0]
    return now


def page_of(changed: ChangedEntry, feed: Subscription, now: datetime) -> Page | None:
    """Return the page to fetch for an entry; None if it has no page of its own."""
    address = sendable_url(changed.entry.document.url)
    if not address or feed.mode != "page" or changed.note.shared or is_front_page(address):
        return None
    return Page(address_key(address), address, feed.url, changed.note.entry, now)
