"""Classification of HTTP answers, shared by feeds, pages and robots.txt. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from searcher.feeds.records import (
    Record,
    payload_digest,
    record_id,
    response_record,
    revisit_record,
)
from searcher.feeds.schedule import LONGEST_RETRY_AFTER, retry_after
from searcher.fetching.exchange import Exchange
from searcher.text.urls import sendable_url

MOST_REDIRECTS = 10
"""Maximum number of redirects that are followed for a feed or a page. It ends loops whose addresses
differ each time."""

OK = 200
NOT_MODIFIED = 304
GONE = 410

BUSY = frozenset((429, 503))
"""Statuses of a server that asks not to be sent requests for a while."""

HTML = ("text/html", "application/xhtml+xml")
"""Content types of pages."""

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT_REDIRECTS = frozenset((301, 308))

_CONDITIONS = ("If-None-Match", "If-Modified-Since")

_BUSY_WAIT = timedelta(minutes=5)
"""Wait after a BUSY status without a Retry-After header: the first of the waits for pages."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An answer with the content that was last accepted."""

    exchange: Exchange
    """The answer."""


def conditions(etag: str, modified: str) -> dict[str, str]:
    """Return the headers of a conditional request. A server need not send the content that these
    values identify."""
    return {name: value for name, value in zip(_CONDITIONS, (etag, modified), strict=True) if value}


def is_unchanged(exchange: Exchange, headers: Mapping[str, str]) -> bool:
    """Return whether the answer to a conditional request with these headers is "not modified"."""
    return exchange.status == NOT_MODIFIED and not headers.keys().isdisjoint(_CONDITIONS)


def is_known(exchange: Exchange, known_digest: str, known_record: str) -> bool:
    """Return whether an answer has the content that was last accepted."""
    return bool(known_record) and payload_digest(exchange.body) == known_digest


def recorded(exchange: Exchange, known_digest: str, known_record: str) -> tuple[Record, str, bool]:
    """Return the record of an answer, the identifier of the record with its content, and whether
    that is an earlier record."""
    if is_known(exchange, known_digest, known_record):
        return revisit_record(exchange, record_id(), known_record), known_record, True
    identifier = record_id()
    return response_record(exchange, identifier), identifier, False


def redirected(exchange: Exchange) -> str | None:
    """Return the target of a redirect: "" if it has none, None if the answer is no redirect."""
    if exchange.status not in _REDIRECTS:
        return None
    location = exchange.header("Location")
    return sendable_url(location, exchange.url) if location else ""


def is_permanent(exchange: Exchange) -> bool:
    """Return whether the answer is a permanent redirect."""
    return exchange.status in _PERMANENT_REDIRECTS


def requested_wait(exchange: Exchange) -> timedelta | None:
    """Return the time for which the server asks not to be sent requests; None if it does not."""
    asked = retry_after(exchange.header("Retry-After"), exchange.received)
    if exchange.status in BUSY:
        return asked if asked is not None else _BUSY_WAIT
    return asked


def end_of_hold(wait: timedelta | None, now: datetime) -> datetime | None:
    """Return the time before which no request is sent to a server that asked for this wait."""
    return now + min(wait, LONGEST_RETRY_AFTER) if wait else None


def content_type(exchange: Exchange) -> str:
    """Return the media type of an answer in lower case, without parameters."""
    return exchange.header("Content-Type").partition(";")[0].strip().lower()


def host_of(url: str) -> str:
    """Return the host of an address."""
    return urlsplit(url).hostname or ""
