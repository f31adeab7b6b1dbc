"""The entries of feeds as they are kept: which article each is, and whether it has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any

from searcher.article import Document
from searcher.article import digest
from searcher.sources.feed import Entry
from searcher.sources.feed import Feed
from searcher.text.dates import parse_date
from searcher.text.headlines import are_alike
from searcher.text.urls import address_key
from searcher.text.urls import canonical_url
from searcher.text.urls import sendable_url

SHARED = "shared "
_COMPARED = 20
"""Headlines of one address that are compared, each with each."""
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
        """Tells whether an entry is as it was, and whether it was noted as one that shares its address."""
        return (SHARED if self.shared else "") + digest(json.dumps(self.entry, sort_keys=True))

    def to_json(self) -> dict[str, Any]:
        return {"feed": self.feed, "entry": self.entry} | ({"shared": True} if self.shared else {})


def shared_addresses(feed: Feed) -> frozenset[str]:
    """The keys of addresses that entries with other headlines have, too, as those of a running report do: each of
    these is an article all the same."""
    headlines: dict[str, list[str]] = {}
    for entry in feed.entries:
        headlines.setdefault(address_key(sendable_url(entry.document.url)), []).append(entry.document.headline)
    return frozenset(
        key
        for key, found in headlines.items()
        if key and not all(are_alike(one, other) for one, other in combinations(found[:_COMPARED], 2))
    )


def identified(entry: Entry, feed: str, shared: bool) -> Document:
    """An entry that has no address of its own goes by its feed's and its own name."""
    document = entry.document
    if canonical_url(document.url) and not shared:
        return document
    return replace(document, given_id=digest(f"entry {feed}\n{entry.key}"))


def ends(data: bytes) -> bool:
    """Whether a feed is there to its end."""
    return data[-_END:].rstrip().lower().endswith((b"</rss>", b"</feed>", b"</rdf:rdf>", b"</rdf>", b"}"))


def last_is_whole(data: bytes) -> bool:
    """Whether the last entry that a feed begins is there to its end."""
    lower = data.lower()
    return any(lower.rfind(b"</" + name) > lower.rfind(b"<" + name) >= 0 for name in (b"item", b"entry"))


def appeared(document: Document, now: datetime) -> datetime:
    """When an entry appeared: as it says, if that can be; else now."""
    moments = _moments(document)
    return next((moment for moment in moments if moment <= now), now)


def _moments(document: Document) -> Iterator[datetime]:
    for _, text in document.dates:
        if found := parse_date(text):
            yield found[0]
