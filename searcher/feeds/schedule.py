"""The times of the next request for a feed or page, and of the next try of a delivery.

Pure functions: the time and the random number are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from searcher.feeds.subscription import Page, Subscription

SHORTEST_INTERVAL = timedelta(minutes=10)
"""Minimum time between two requests for a working feed. A shorter one burdens servers."""

LONGEST_INTERVAL = timedelta(hours=12)
"""Maximum time between two requests for a working feed that does not ask for a longer one. A longer
time delays the first article after a quiet period."""

LONGEST_PAUSE = timedelta(days=1)
"""Maximum time that a feed may ask for by ttl, sy:updatePeriod or max-age, and maximum time
between two tries of a failing feed. A longer one would silence a feed by mistake."""

LONGEST_RETRY_AFTER = timedelta(days=7)
"""Maximum time that a Retry-After header may ask for. A longer one is taken for a mistake."""

LONGEST_WAIT = LONGEST_RETRY_AFTER + timedelta(days=1)
"""Maximum time until any next try. A stored time beyond it was written before the clock was set
back, and is ignored."""

PACE_DAYS = 14
"""Number of days over which the articles of a feed are counted. Two weeks hold two weekends; more
days follow a change of pace later."""

_TRIES_AN_ARTICLE = 2
"""Number of requests between two articles. With 2, an article is found within half of the time
between them. More requests find it sooner, but most of them find nothing."""

_JITTER = 0.1
"""Maximum share by which a wait is prolonged at random. Without it, feeds that were added together
would always be requested together."""

_JITTER_FAILING = 0.25
"""The same for failing feeds. It is larger, because a server that failed made all of its feeds fail
at the same time."""

_MOST_DOUBLINGS = 10
"""Maximum number of times that the wait of a failing feed is doubled. It keeps the power of two
small; LONGEST_PAUSE is reached before."""

_PAGE_RETRIES = (
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
"""Waits after each failure to fetch a page; after one more it is given up. They outlast a server
that is down for a weekend."""

_PAGE_CHECKS = (timedelta(hours=1), timedelta(days=1))
"""Waits until a received page is fetched again, to find corrections of the first hour and the first
day."""

_NEWS = timedelta(days=2)
"""Maximum age of an article whose page is fetched again to find corrections."""

DELIVERY_RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(days=1),
)
"""Waits after each failure to deliver an alert; after one more it is given up. Together they are a
day and a half, which outlasts a webhook that is down overnight."""

_DIGITS = 12
"""Maximum number of digits of a number of seconds. Servers may send any number of digits."""

_MOST_SECONDS = 1 << 30
"""Maximum number of seconds in a header: 34 years. A timedelta can represent it, and every caller
has a lower limit."""

_CLOCK_SLACK = timedelta(minutes=5)
"""Maximum time by which a stored time may be ahead of the clock. A larger difference means that the
clock was set back. Clocks of machines that share a folder differ by less."""


def interval(moments: Sequence[datetime], pause: timedelta, now: datetime) -> timedelta:
    """Return the time between two requests for a feed: half of the time between two articles.

    moments: times of appearance of the feed's articles.
    pause: time for which the feed or its server says that nothing changes.
    """
    recent = [moment for moment in moments if now - timedelta(days=PACE_DAYS) < moment <= now]
    pace = LONGEST_INTERVAL
    if recent:
        days = max((now - min(recent)) / timedelta(days=1), 1.0)
        pace = timedelta(days=days / len(recent) / _TRIES_AN_ARTICLE)
    return max(min(max(pace, SHORTEST_INTERVAL), LONGEST_INTERVAL), min(pause, LONGEST_PAUSE))


def next_try(
    subscription: Subscription, now: datetime, chance: float, retry_after: timedelta | None = None
) -> datetime:
    """Return the time of the next request for a feed.

    subscription: with the interval and the failures after the last request.
    chance: a random number from 0 to 1.
    retry_after: time that its server asked for.
    """
    wait = timedelta(seconds=subscription.interval) or SHORTEST_INTERVAL
    jitter = _JITTER
    if subscription.failures:
        wait = min(wait * 2 ** min(subscription.failures, _MOST_DOUBLINGS), LONGEST_PAUSE)
        jitter = _JITTER_FAILING
    # The wait is never shortened at random, because the feed itself may have asked for it.
    moment = now + wait * (1 + jitter * chance)
    if retry_after is not None:
        moment = max(moment, now + min(retry_after, LONGEST_RETRY_AFTER))
    return _after_skipped(subscription, moment)


def _after_skipped(subscription: Subscription, moment: datetime) -> datetime:
    """Return `moment`, or the end of the hours and days that the feed skips."""
    for _ in range(7 * 24):
        moment = moment.astimezone(UTC)
        if (
            moment.hour not in subscription.skip_hours
            and moment.weekday() not in subscription.skip_days
        ):
            break
        moment = (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return moment


def is_due(subscription: Subscription, now: datetime) -> bool:
    """Return whether a feed is due. It is if the clock was set back."""
    if subscription.gone:
        return False
    set_back = subscription.checked is not None and subscription.checked > now + _CLOCK_SLACK
    return set_back or subscription.next_try <= now


def retry_page(page: Page, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
    """Return the time of the next request for a page after a failure; None to give it up.

    page: with `tries` counting this failure.
    retry_after: time that its server asked for.
    """
    if page.tries > len(_PAGE_RETRIES):
        return None
    wait = _PAGE_RETRIES[page.tries - 1]
    return now + max(wait, min(retry_after or wait, LONGEST_RETRY_AFTER))


def check_page(page: Page, published: datetime | None, now: datetime) -> datetime | None:
    """Return the time to fetch a received page again, to find corrections; None for never.

    page: with `checks` counting this time.
    published: time of publication, if its entry states one.
    """
    is_news = published is None or now - published < _NEWS
    if not is_news or page.checks > len(_PAGE_CHECKS):
        return None
    return now + _PAGE_CHECKS[page.checks - 1]


def retry_delivery(tries: int, now: datetime) -> datetime | None:
    """Return the time of the next try of a delivery after a failure; None to give it up.

    tries: number of failures, with this one.
    """
    return now + DELIVERY_RETRIES[tries - 1] if tries <= len(DELIVERY_RETRIES) else None


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Return the wait that a Retry-After header asks for (RFC 9110, 10.2.3).

    The value is a number of seconds or a date. None if it is neither.
    """
    value = value.strip()
    if value.isdecimal():
        return _seconds(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def max_age(cache_control: str) -> timedelta:
    """Return the time for which an answer says that it is fresh (RFC 9111, 5.2.2.1); at most
    LONGEST_PAUSE. It is zero if the answer states none."""
    for part in cache_control.lower().split(","):
        name, _, value = part.strip().partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isdecimal():
            return min(_seconds(value), LONGEST_PAUSE)
    return timedelta()


def _seconds(digits: str) -> timedelta:
    return timedelta(seconds=min(int(digits[:_DIGITS]), _MOST_SECONDS))
