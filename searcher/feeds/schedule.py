"""When a feed or a page is to be asked for again. Pure: the time and the dice are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from searcher.feeds.subscription import Page, Subscription

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=12)
"""Between two tries of a feed that works, as far as its pace goes."""
LONGEST_PAUSE = timedelta(days=1)
"""A feed that fails is tried at least so often; and for no longer is one believed that it does not
change."""
LONGEST_RETRY_AFTER = timedelta(days=7)
PACE_DAYS = 14
_TRIES_AN_ARTICLE = 2
_JITTER, _JITTER_FAILING = 0.1, 0.25
_MOST_DOUBLINGS = 10
_PAGE_RETRIES = (
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
_PAGE_CHECKS = (timedelta(hours=1), timedelta(days=1))
"""After a page was received it is looked at again, for what was corrected since."""
LONGEST_WAIT = LONGEST_RETRY_AFTER + timedelta(days=1)
"""Nothing waits longer: what is to, was noted before the clock was set back."""
_NEWS = timedelta(days=2)
_DIGITS = 12
_CLOCK_SLACK = timedelta(minutes=5)


def interval(moments: Sequence[datetime], pause: timedelta, now: datetime) -> timedelta:
    """The time between two tries of a feed whose articles appeared at `moments`: half of that
    between two articles.

    pause: for which the feed or its server says that it does not change.
    """
    recent = [moment for moment in moments if now - timedelta(days=PACE_DAYS) < moment <= now]
    pace = LONGEST
    if recent:
        days = max((now - min(recent)) / timedelta(days=1), 1.0)
        pace = timedelta(days=days / len(recent) / _TRIES_AN_ARTICLE)
    return max(min(max(pace, SHORTEST), LONGEST), min(pause, LONGEST_PAUSE))


def next_try(
    subscription: Subscription, now: datetime, chance: float, retry_after: timedelta | None = None
) -> datetime:
    """When to try a feed again, of which interval and failures are those after the last try.

    chance: from 0 to 1, so that feeds begun together do not stay so. retry_after: what its server
    asked for.
    """
    wait = timedelta(seconds=subscription.interval) or SHORTEST
    jitter = _JITTER
    if subscription.failures:
        wait = min(wait * 2 ** min(subscription.failures, _MOST_DOUBLINGS), LONGEST_PAUSE)
        jitter = _JITTER_FAILING
    # Never sooner: the feed itself may have asked for the time.
    moment = now + wait * (1 + jitter * chance)
    if retry_after is not None:
        moment = max(moment, now + min(retry_after, LONGEST_RETRY_AFTER))
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
    """Whether a feed is to be tried. When the clock was set back, what it said before means
    nothing."""
    if subscription.gone:
        return False
    set_back = subscription.checked is not None and subscription.checked > now + _CLOCK_SLACK
    return set_back or subscription.next_try <= now


def retry_page(page: Page, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
    """When to try a page again that was asked for in vain; None to leave it. `page.tries` counts
    this one."""
    if page.tries > len(_PAGE_RETRIES):
        return None
    wait = _PAGE_RETRIES[page.tries - 1]
    return now + max(wait, min(retry_after or wait, LONGEST_RETRY_AFTER))


def check_page(page: Page, published: datetime | None, now: datetime) -> datetime | None:
    """When to look again at a page that was received; None when it is settled. `page.checks` counts
    this one."""
    is_news = published is None or now - published < _NEWS
    return (
        now + _PAGE_CHECKS[page.checks - 1]
        if is_news and page.checks <= len(_PAGE_CHECKS)
        else None
    )


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value[:_DIGITS]), 1 << 30))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def max_age(cache_control: str) -> timedelta:
    """For how long an answer says that it is fresh (RFC 9111, 5.2.2.1); not longer than a day."""
    for part in cache_control.lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('" ').isdecimal():
            return min(
                timedelta(seconds=min(int(value.strip('" ')[:_DIGITS]), 1 << 30)), LONGEST_PAUSE
            )
    return timedelta()
