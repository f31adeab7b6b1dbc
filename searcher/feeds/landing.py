"""What the answer to a request comes to: records for the archive, then changes of the state, and
further requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from searcher.feeds.archive import Record, digest, record_id, response_record, revisit_record
from searcher.feeds.schedule import retry_after
from searcher.fetching.exchange import Exchange
from searcher.fetching.pool import Order
from searcher.text.urls import sendable_url

MOST_REDIRECTS = 10
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_NOT_MODIFIED = 304
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
BUSY = frozenset((429, 503))
"""Answers of a server that wants to be left alone for a while."""
HTML = ("text/html", "application/xhtml+xml")
_LEFT_ALONE = timedelta(minutes=5)


@dataclass(slots=True)
class Landing:
    """records: to be on the disk before anything else is done. changes: of the state, all in one
    transaction. orders: what is to be fetched next. hold: seconds for which the host is not to be
    asked."""

    records: list[Record] = field(default_factory=list)
    changes: list[Callable[[], None]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    hold: float = 0.0


@dataclass(slots=True)
class Tally:
    """What a refresh did: feeds by how their tries ended, entries that were new or changed, pages
    received or not."""

    feeds: int = 0
    unchanged: int = 0
    failed: int = 0
    gone: int = 0
    entries: int = 0
    pages: int = 0
    pages_failed: int = 0
    added: int = 0
    updated: int = 0


def conditions(etag: str, modified: str) -> dict[str, str]:
    """The headers by which a server need not send again what it named so."""
    return {name: value for name, value in zip(_CONDITIONS, (etag, modified), strict=True) if value}


def is_unchanged(exchange: Exchange, order: Order) -> bool:
    """Whether a server has nothing newer than what the request named."""
    return exchange.status == _NOT_MODIFIED and not order.headers.keys().isdisjoint(_CONDITIONS)


def is_known(exchange: Exchange, known_digest: str, known_record: str) -> bool:
    """Whether an answer has the content that was last accepted, be it that its server announces
    another length."""
    return bool(known_record) and digest(exchange.body) == known_digest


def recorded(exchange: Exchange, known_digest: str, known_record: str) -> tuple[Record, str, bool]:
    """An answer as a record, the identifier of the record that has its content, and whether that is
    an earlier one."""
    if is_known(exchange, known_digest, known_record):
        return revisit_record(exchange, record_id(), known_record), known_record, True
    identifier = record_id()
    return response_record(exchange, identifier), identifier, False


def redirected(exchange: Exchange) -> str | None:
    """Where a redirect leads; "" if nowhere, None if it is none."""
    if exchange.status not in _REDIRECTS:
        return None
    return (
        sendable_url(exchange.header("Location"), exchange.url)
        if exchange.header("Location")
        else ""
    )


def is_permanent(exchange: Exchange) -> bool:
    return exchange.status in _PERMANENT


def asked_to_wait(exchange: Exchange) -> timedelta | None:
    """How long the server wants to be left alone."""
    asked = retry_after(exchange.header("Retry-After"), exchange.received)
    if exchange.status in BUSY:
        return asked if asked is not None else _LEFT_ALONE
    return asked


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
