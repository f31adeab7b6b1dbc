"""Visits to the pages of entries, and to the robots.txt of their servers."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from searcher.clock import Clock
from searcher.errors import AddressRefused, FetchFailed
from searcher.feeds.archive import digest, note_record
from searcher.feeds.entries import SOONEST_AGAIN
from searcher.feeds.landing import (
    BUSY,
    HTML,
    MOST_REDIRECTS,
    Landing,
    Tally,
    asked_to_wait,
    conditions,
    host_of,
    is_unchanged,
    recorded,
    redirected,
)
from searcher.feeds.schedule import check_page, retry_page
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.fetching.exchange import Exchange
from searcher.fetching.pool import Order, Result
from searcher.fetching.robots import LARGEST as LARGEST_ROBOTS
from searcher.fetching.robots import address_of
from searcher.logs import log
from searcher.reading.archive_format import PAGE
from searcher.sources.html import headline_of_page
from searcher.sources.markup import root_element
from searcher.text.dates import parse_date
from searcher.text.headlines import are_alike, content_words
from searcher.text.urls import address_key, bare_url, is_front_page, shown_url

LARGEST = 8 << 20
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_OK = 200
_REFUSED = range(400, 500)
_TELLING = ("headline", "paragraphs", "text")
_FINAL = frozenset((410, 451))
_BEGINNING = 200
_HEAD = 256 << 10
"""Bytes of a page in which its headline stands; some markup takes quadratic time to read."""
ROBOTS_AGE = timedelta(days=1)
_ROBOTS_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PageTask:
    """A visit to a page. hops: the addresses on the way so far."""

    page: Page
    hops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RobotsTask:
    """A visit to the robots.txt of a server."""

    origin: str
    hops: tuple[str, ...] = ()


class PageVisits:
    """Makes requests for pages and reads the answers."""

    def __init__(self, state: FeedState, clock: Clock, tally: Tally) -> None:
        self._state = state
        self._clock = clock
        self._tally = tally

    def order(self, page: Page) -> Order:
        return self._order(page.url, PageTask(page))

    def _order(self, url: str, task: PageTask) -> Order:
        known = conditions(task.page.etag, task.page.modified) if not task.hops else {}
        headers = {"Accept": _ACCEPT, **known}
        return Order(url, headers, LARGEST, host_of(url), task)

    def land(self, result: Result) -> Landing:
        """What the answer comes to."""
        task: PageTask = result.order.task
        landing = Landing()
        if isinstance(result.outcome, FetchFailed):
            refused = isinstance(result.outcome, AddressRefused)
            return self._failed(landing, task, result.outcome.reason, final=refused)
        exchange = result.outcome
        if is_unchanged(exchange, result.order):
            return self._settled(landing, task.page, _renewed(task, exchange), exchange)
        payload = digest(exchange.body)
        record, identifier, same = recorded(exchange, task.page.digest, task.page.record)
        if exchange.status != _OK or same:
            landing.records.append(record)
        if same and exchange.status == _OK:
            return self._settled(landing, task.page, _renewed(task, exchange), exchange)
        target = redirected(exchange)
        if target is not None:
            return self._redirected(landing, task, exchange, target)
        if exchange.status != _OK:
            wait = asked_to_wait(exchange)
            landing.hold = wait.total_seconds() if wait and exchange.status in BUSY else 0.0
            return self._failed(
                landing,
                task,
                f"the server answered {exchange.status}",
                wait,
                exchange.status in _FINAL,
            )
        problem = self._unfit(task, exchange)
        if problem:
            landing.records.append(record)
            return self._failed(landing, task, problem, final=not exchange.truncated)
        note = {
            "feed": bare_url(task.page.feed),
            "entry": task.page.entry,
            "addresses": [bare_url(task.page.url), *task.hops],
        }
        # The note comes first, so that whoever reads the archive in order knows what the page is.
        landing.records += [
            note_record(PAGE, exchange.url, exchange.received, note, identifier),
            record,
        ]
        received = replace(
            task.page,
            etag=exchange.header("ETag") if not task.hops else "",
            modified=exchange.header("Last-Modified") if not task.hops else "",
            digest=payload,
            record=identifier,
            final=address_key(exchange.url),
        )
        return self._settled(landing, task.page, received, exchange)

    def _redirected(
        self, landing: Landing, task: PageTask, exchange: Exchange, target: str
    ) -> Landing:
        hops = (*task.hops, exchange.url)
        if not target or len(hops) > MOST_REDIRECTS or target in hops:
            return self._failed(
                landing,
                task,
                "redirects that do not end" if target else "a redirect that leads nowhere",
            )
        landing.orders.append(self._order(target, replace(task, hops=hops)))
        return landing

    def _unfit(self, task: PageTask, exchange: Exchange) -> str:
        """Why what was received is not the page of the entry; "" if it is."""
        kind = exchange.header("Content-Type").partition(";")[0].strip().lower()
        if kind not in HTML and (kind or root_element(_head(exchange)) != "html"):
            return f"not a page ({kind[:60] or 'of no type'})"
        if exchange.truncated:
            return (
                "cut off" if exchange.truncated != "length" else f"larger than {LARGEST >> 20} MiB"
            )
        final = address_key(exchange.url)
        if final != address_key(task.page.url):
            if is_front_page(exchange.url):
                return "led to the front page"
            others = (
                _headline(page)
                for page in self._state.pages.received_at(final)
                if page.key != task.page.key
            )
            if not all(are_alike(_headline(task.page), other) for other in others):
                return "led to the page of another entry"
            tells = any(task.page.entry.get(name) for name in _TELLING)
            if tells and not are_alike(_headline(task.page), headline_of_page(_head(exchange))):
                return "led to another page"
        return ""

    def _settled(self, landing: Landing, asked: Page, page: Page, exchange: Exchange) -> Landing:
        now = exchange.received
        self._tally.pages += 1
        received = replace(page, tries=0, checks=page.checks + 1, problem="", fetched=now)
        received = replace(received, next_try=check_page(received, _published(page), now))
        landing.changes.append(lambda: self._save(received, asked))
        log(
            "page received",
            logging.DEBUG,
            page=shown_url(page.url),
            status=exchange.status,
            bytes=len(exchange.raw),
        )
        return landing

    def _failed(
        self,
        landing: Landing,
        task: PageTask,
        problem: str,
        wait: timedelta | None = None,
        final: bool = False,
    ) -> Landing:
        landing.changes.append(lambda: self._put_off(task.page, problem, wait, final))
        return landing

    def postponed(self, page: Page, until: datetime) -> None:
        """Has a page wait whose host does not want to be asked."""
        self._save(replace(page, next_try=until), page)

    def unasked(self, page: Page) -> None:
        """Has a page wait because its server could not be asked whether it may be fetched; some
        times."""
        self._put_off(page, "its robots.txt cannot be read")

    def forbidden(self, page: Page) -> None:
        """Gives up a page that robots.txt keeps us from."""
        self._put_off(page, "robots.txt does not allow it", final=True)

    def _put_off(
        self, page: Page, problem: str, wait: timedelta | None = None, final: bool = False
    ) -> None:
        """Has a page that was not received wait, or gives it up."""
        self._tally.pages_failed += 1
        failed = replace(page, tries=page.tries + 1, problem=problem)
        next_try = None if final else retry_page(failed, self._clock.now(), wait)
        self._save(replace(failed, next_try=next_try), page)
        log(
            "page failed",
            page=shown_url(page.url),
            reason=problem,
            tries=failed.tries,
            given_up=next_try is None,
        )

    def _save(self, page: Page, asked: Page) -> None:
        """Writes what is known of a page. If its feed was unsubscribed since it was `asked` for, it
        is not asked for again; if its entry changed since then, it is, and soon."""
        now = self._state.pages.get(page.key) or asked
        if self._state.subscriptions.get(now.feed) is None:
            if page.checks:
                self._state.pages.save(replace(page, next_try=None))
            return
        page = replace(page, feed=now.feed)
        if now.entry != asked.entry and now.next_try is not None:
            again = (
                max(now.next_try, page.fetched + SOONEST_AGAIN) if page.fetched else now.next_try
            )
            page = replace(page, entry=now.entry, next_try=min(again, page.next_try or again))
        self._state.pages.save(page)


class RobotsVisits:
    """Makes requests for robots.txt and reads the answers."""

    def __init__(self, state: FeedState, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    def order(self, origin: str) -> Order:
        return self._order(address_of(origin), RobotsTask(origin))

    def _order(self, url: str, task: RobotsTask) -> Order:
        return Order(url, {"Accept": "text/plain, */*;q=0.1"}, LARGEST_ROBOTS, host_of(url), task)

    def known(self, origin: str) -> tuple[bool, str | None]:
        """Whether the rules of a server are known, and the rules; None where it could not say, so
        that nothing is allowed."""
        found = self._state.hosts.robots(origin)
        if found is None:
            return False, None
        fetched, rules = found
        age = self._clock.now() - fetched
        return timedelta() <= age < (ROBOTS_AGE if rules is not None else _ROBOTS_AGAIN), rules

    def land(self, result: Result) -> Landing:
        """The rules, by RFC 9309, 2.3.1: without the file all is allowed, without an answer
        nothing."""
        task: RobotsTask = result.order.task
        landing = Landing()
        rules: str | None = None
        outcome = result.outcome
        if isinstance(outcome, Exchange):
            landing.records.append(recorded(outcome, "", "")[0])
            target = redirected(outcome)
            hops = (*task.hops, outcome.url)
            if target and target not in hops and len(hops) <= MOST_REDIRECTS // 2:
                landing.orders.append(self._order(target, replace(task, hops=hops)))
                return landing
            if outcome.status in BUSY and (wait := asked_to_wait(outcome)):
                landing.hold = wait.total_seconds()
            if outcome.status == _OK:
                rules = _text(outcome)
            elif target is not None or (outcome.status in _REFUSED and outcome.status not in BUSY):
                rules = ""
        now = self._clock.now()
        landing.changes.append(lambda: self._state.hosts.save_robots(task.origin, now, rules))
        return landing


def _text(exchange: Exchange) -> str:
    try:
        data = decoded(exchange.body, exchange.header("Content-Encoding"), LARGEST_ROBOTS)
    except EncodingDamaged as error:
        data = error.begun
    return data[:LARGEST_ROBOTS].decode("utf-8-sig", "replace")


def _published(page: Page) -> datetime | None:
    dates = page.entry.get("dates") or ()
    found = next((parse_date(str(text)) for _, text in dates), None)
    return found[0] if found else None


def _renewed(task: PageTask, exchange: Exchange) -> Page:
    """The page by what its server now names its content, which is as it was."""
    if task.hops:
        return task.page
    etag, modified = (
        exchange.header("ETag") or task.page.etag,
        exchange.header("Last-Modified") or task.page.modified,
    )
    return replace(task.page, etag=etag, modified=modified)


def _headline(page: Page) -> str:
    """The headline of a page's entry, or else the beginning of its text."""
    entry = page.entry
    told = (
        str(entry.get("headline") or ""),
        *map(str, entry.get("paragraphs") or ()),
        str(entry.get("text") or ""),
    )
    return next((text[:_BEGINNING] for text in told if content_words(text)), "")


def _head(exchange: Exchange) -> bytes:
    """The beginning of a page, without its content encoding."""
    try:
        return decoded(exchange.body, exchange.header("Content-Encoding"), LARGEST)[:_HEAD]
    except EncodingDamaged:
        return b""
