"""Classify the answers to requests for the pages of entries. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from searcher.errors import AddressRefused, FetchFailed
from searcher.feeds.http_answers import (
    BUSY,
    GONE,
    HTML,
    MOST_REDIRECTS,
    OK,
    Unchanged,
    content_type,
    is_unchanged,
    recorded,
    redirected,
    requested_wait,
)
from searcher.feeds.records import Record
from searcher.feeds.subscription import Page
from searcher.feeds.tasks import Result
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.exchange import Exchange
from searcher.sources.html import headline_of_page
from searcher.sources.markup import root_element
from searcher.text.headlines import are_alike, content_words
from searcher.text.urls import address_key, is_front_page

LARGEST_PAGE = 8 << 20
"""Maximum size of a page on the wire, in bytes. A larger one takes more memory and time."""

_UNAVAILABLE_FOR_LEGAL_REASONS = 451

_FINAL = frozenset((GONE, _UNAVAILABLE_FOR_LEGAL_REASONS))
"""Statuses after which a page is given up at once."""

_HEADLINE_FIELDS = ("headline", "paragraphs", "text")
"""Fields of an entry that a headline may be taken from."""

_BEGINNING = 200
"""Number of characters of a text that are compared with a headline, where an entry has none. It is
about the length of a long headline."""

_HEAD = 256 << 10
"""Number of bytes at the beginning of a page in which its headline is searched for. More take too
long, because the time to parse some markup grows with the square of its size."""


@dataclass(frozen=True, slots=True)
class PageAttempt:
    """One request for a page, with the requests that led to it."""

    page: Page
    """The page."""
    hops: tuple[str, ...] = ()
    """Addresses requested on the way, by redirects."""


@dataclass(frozen=True, slots=True)
class PageReceived:
    """A page with new content."""

    exchange: Exchange
    """The answer."""
    record: str
    """Identifier of the record in the archive that holds it."""


@dataclass(frozen=True, slots=True)
class PageRedirect:
    """A redirect."""

    target: str
    """Address to which it leads."""
    hops: tuple[str, ...]
    """Addresses requested on the way to it."""


@dataclass(frozen=True, slots=True)
class PageFailure:
    """No page."""

    problem: str
    """Reason."""
    wait: timedelta | None = None
    """Time for which the server asks not to be sent requests."""
    is_busy: bool = False
    """Whether this holds for all requests to the server."""
    is_final: bool = False
    """Whether to give the page up at once."""


PageAnswer = Unchanged | PageReceived | PageRedirect | PageFailure


def classify_page(
    attempt: PageAttempt, result: Result, others: Sequence[Page]
) -> tuple[PageAnswer, tuple[Record, ...]]:
    """Return what an answer is, and its records for the archive.

    others: pages of other entries that were received at the address of the answer.
    """
    exchange, page = result.answer, attempt.page
    if isinstance(exchange, FetchFailed):
        return PageFailure(exchange.reason, is_final=isinstance(exchange, AddressRefused)), ()
    if is_unchanged(exchange, result.request.headers):
        return Unchanged(exchange), ()
    record, identifier, is_same = recorded(exchange, page.digest, page.record)
    if exchange.status == OK:
        if is_same:
            return Unchanged(exchange), (record,)
        problem = unfit(page, exchange, others)
        if problem:
            return PageFailure(problem, is_final=not exchange.truncated), (record,)
        return PageReceived(exchange, identifier), (record,)
    return _redirect(attempt, exchange) or _error(exchange), (record,)


def _redirect(attempt: PageAttempt, exchange: Exchange) -> PageAnswer | None:
    target = redirected(exchange)
    if target is None:
        return None
    hops = (*attempt.hops, exchange.url)
    if not target:
        return PageFailure("a redirect that leads nowhere")
    if len(hops) > MOST_REDIRECTS or target in hops:
        return PageFailure("redirects that do not end")
    return PageRedirect(target, hops)


def _error(exchange: Exchange) -> PageFailure:
    return PageFailure(
        f"the server answered {exchange.status}",
        requested_wait(exchange),
        is_busy=exchange.status in BUSY,
        is_final=exchange.status in _FINAL,
    )


def unfit(page: Page, exchange: Exchange, others: Sequence[Page]) -> str:
    """Return why the content of an answer is not the page of the entry; "" if it is.

    others: pages of other entries that were received at the address of the answer.
    """
    kind = content_type(exchange)
    if kind not in HTML and (kind or root_element(_head(exchange)) != "html"):
        return f"not a page ({kind[:60] or 'no content type'})"
    if exchange.truncated == "length":
        return f"larger than {LARGEST_PAGE >> 20} MiB"
    if exchange.truncated:
        return "cut off"
    if address_key(exchange.url) == address_key(page.url):
        return ""
    if is_front_page(exchange.url):
        return "led to the front page"
    headline = _headline(page)
    if not all(are_alike(headline, _headline(other)) for other in others if other.key != page.key):
        return "led to the page of another entry"
    has_headline = any(page.entry.get(name) for name in _HEADLINE_FIELDS)
    if has_headline and not are_alike(headline, headline_of_page(_head(exchange))):
        return "led to another page"
    return ""


def _headline(page: Page) -> str:
    """Return the headline of a page's entry, or else the beginning of its text."""
    entry = page.entry
    texts = (
        str(entry.get("headline") or ""),
        *map(str, entry.get("paragraphs") or ()),
        str(entry.get("text") or ""),
    )
    return next((text[:_BEGINNING] for text in texts if content_words(text)), "")


def _head(exchange: Exchange) -> bytes:
    """Return the beginning of a page, without its content encoding."""
    try:
        return decoded(exchange.body, exchange.header("Content-Encoding"), LARGEST_PAGE)[:_HEAD]
    except EncodingDamaged:
        return b""
