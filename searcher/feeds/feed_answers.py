"""Parse and classify the answers to requests for feeds. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from searcher.errors import FetchFailed, UnreadableFile
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.entry_changes import ends, last_is_whole
from searcher.feeds.http_answers import (
    GONE,
    HTML,
    MOST_REDIRECTS,
    OK,
    Unchanged,
    content_type,
    is_permanent,
    is_unchanged,
    recorded,
    redirected,
    requested_wait,
)
from searcher.feeds.records import Record, payload_digest
from searcher.feeds.subscription import Subscription
from searcher.feeds.tasks import ParsedFeed, Result
from searcher.fetching.addresses import IN_PRIVATE_NETWORK, NOT_A_WEB_ADDRESS
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.exchange import Exchange
from searcher.sources.feed import NOT_A_FEED, Feed
from searcher.sources.feed_links import feed_addresses
from searcher.text.urls import sendable_url, with_credentials

LARGEST_FEED = 16 << 20
"""Maximum size of a feed on the wire, in bytes; at most twice as much is read of its decompressed
content. A larger one takes more memory and time to parse."""

_MOST_CANDIDATES = 5
"""Maximum number of feeds of a page that are tried, one after the other, until one can be read.
More send more requests for a page with many feeds."""


@dataclass(frozen=True, slots=True)
class FeedAttempt:
    """One request for a feed, with the requests that led to it."""

    subscription: Subscription
    """The feed."""
    url: str
    """Address that was requested."""
    home: str
    """Address to store on success: the target of the last redirect if all redirects so far were
    permanent, or the address of the feed that the subscribed page names."""
    hops: tuple[str, ...] = ()
    """Addresses requested on the way to `url`."""
    others: tuple[str, ...] | None = None
    """Addresses to try if there is no feed at this one; None if no page named any."""


@dataclass(frozen=True, slots=True)
class FeedReceived:
    """A feed with new content."""

    exchange: Exchange
    """The answer."""
    feed: Feed
    """The feed."""
    problem: str
    """Reason why it is not whole, or ""."""
    digest: str
    """Payload digest of the content."""
    record: str
    """Identifier of the record in the archive that holds the content."""


@dataclass(frozen=True, slots=True)
class FeedElsewhere:
    """The feed is at another address, or at one of several."""

    following: FeedAttempt
    """The next request."""
    named: int = 0
    """Number of addresses that a page named; 0 for a redirect."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The feed is gone for good."""


@dataclass(frozen=True, slots=True)
class FeedFailure:
    """No feed."""

    problem: str
    """Reason."""
    wait: timedelta | None = None
    """Time for which the server asks not to be sent requests."""


FeedAnswer = Unchanged | FeedReceived | FeedElsewhere | Gone | FeedFailure


def is_permanent_problem(problem: str) -> bool:
    """Return whether a problem of a new subscription will not go away: it leads to no feed, or to
    an address that must not be fetched."""
    permanent = (NOT_A_FEED, NOT_A_WEB_ADDRESS, IN_PRIVATE_NETWORK)
    return any(reason in problem for reason in permanent)


def parse(exchange: Exchange, reader: BoundedReader) -> ParsedFeed:
    """Return the feed in an answer, as far as it was received."""
    data, problem = _content(exchange)
    try:
        feed = reader.read(data, exchange.url, exchange.header("Content-Type"))
    except UnreadableFile as error:
        return ParsedFeed(data, None, problem or error.reason)
    if problem and ends(data):
        # The Content-Length was wrong; the feed itself is complete.
        problem = ""
    if problem and feed.entries and not last_is_whole(data):
        feed = replace(feed, entries=feed.entries[:-1])
    return ParsedFeed(data, feed, problem)


def classify_feed(attempt: FeedAttempt, result: Result) -> tuple[FeedAnswer, tuple[Record, ...]]:
    """Return what an answer is, and its records for the archive."""
    exchange, known = result.answer, attempt.subscription
    if isinstance(exchange, FetchFailed):
        return FeedFailure(exchange.reason), ()
    if is_unchanged(exchange, result.request.headers):
        return Unchanged(exchange), ()
    record, identifier, is_same = recorded(exchange, known.digest, known.record)
    answer = _redirect(attempt, exchange) or _error(attempt, exchange)
    if answer is None and is_same:
        answer = Unchanged(exchange)
    return answer or _content_answer(attempt, exchange, identifier, result.parsed), (record,)


def _redirect(attempt: FeedAttempt, exchange: Exchange) -> FeedAnswer | None:
    target = redirected(exchange)
    if target is None:
        return None
    if not target:
        return FeedFailure("a redirect that leads nowhere")
    target = with_credentials(target, attempt.url)
    hops = (*attempt.hops, attempt.url)
    if len(hops) > MOST_REDIRECTS or target in hops:
        return FeedFailure("redirects that do not end")
    home = target if attempt.url == attempt.home and is_permanent(exchange) else attempt.home
    return FeedElsewhere(replace(attempt, url=target, home=home, hops=hops))


def _error(attempt: FeedAttempt, exchange: Exchange) -> FeedAnswer | None:
    if exchange.status == OK:
        return None
    if exchange.status == GONE and attempt.url == attempt.home and not attempt.others:
        return Gone()
    return FeedFailure(f"the server answered {exchange.status}", requested_wait(exchange))


def _content_answer(
    attempt: FeedAttempt, exchange: Exchange, record: str, parsed: ParsedFeed | None
) -> FeedAnswer:
    # `FeedTask.parse` parses every answer with new content.
    assert parsed is not None
    if parsed.feed is not None:
        digest = payload_digest(exchange.body)
        return FeedReceived(exchange, parsed.feed, parsed.problem, digest, record)
    return _named_by_page(attempt, exchange, parsed.data) or FeedFailure(parsed.problem)


def _named_by_page(attempt: FeedAttempt, exchange: Exchange, data: bytes) -> FeedAnswer | None:
    """Return the feeds that a page names, if the subscription is to that page."""
    is_page = content_type(exchange) in HTML
    if attempt.subscription.succeeded is not None or attempt.others is not None or not is_page:
        return None
    named = [
        address for one in feed_addresses(data, exchange.url) if (address := sendable_url(one))
    ]
    if not named:
        return None
    first, *others = (
        with_credentials(address, attempt.url) for address in named[:_MOST_CANDIDATES]
    )
    following = FeedAttempt(attempt.subscription, first, first, (attempt.url,), tuple(others))
    return FeedElsewhere(following, len(named))


def _content(exchange: Exchange) -> tuple[bytes, str]:
    """Return the content of an answer as far as it was received, and why it is not whole."""
    problem = {
        "": "",
        "length": f"larger than {LARGEST_FEED >> 20} MiB",
        "time": "did not end in time",
        "disconnect": "cut off by its server",
    }[exchange.truncated]
    try:
        data = decoded(exchange.body, exchange.header("Content-Encoding"), 2 * LARGEST_FEED)
    except EncodingDamaged as error:
        return error.begun, problem or f"its content encoding is {error}"
    if len(data) > 2 * LARGEST_FEED:
        return data, f"larger than {2 * LARGEST_FEED >> 20} MiB"
    return data, problem
