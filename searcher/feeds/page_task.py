"""The task of fetching the page of an entry, and the decision on its answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from searcher.errors import FetchFailed
from searcher.feeds.bounded_reader import BoundedReader
from searcher.feeds.http_answers import OK, Unchanged, conditions, end_of_hold, host_of
from searcher.feeds.intents import SavePage
from searcher.feeds.page_answers import (
    LARGEST_PAGE,
    PageAnswer,
    PageAttempt,
    PageFailure,
    PageReceived,
    PageRedirect,
    classify_page,
)
from searcher.feeds.records import Record, note_record, payload_digest
from searcher.feeds.schedule import check_page, retry_page
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Page
from searcher.feeds.tasks import Event, Outcome, ParsedFeed, Request, Result
from searcher.fetching.exchange import Exchange
from searcher.reading.archive_format import PAGE
from searcher.text.dates import parse_date
from searcher.text.urls import address_key, bare_url, shown_url

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class PageTask:
    """Fetch the page of an entry."""

    attempt: PageAttempt
    """The request, with the requests that led to it."""
    url: str
    """Address to request."""

    is_urgent: ClassVar[bool] = False
    obeys_robots: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return f"page {self.attempt.page.key}"

    def request(self) -> Request:
        """Return the request. It is conditional unless a redirect led to another address."""
        page = self.attempt.page
        known = conditions(page.etag, page.modified) if not self.attempt.hops else {}
        headers = {"Accept": _ACCEPT, **known}
        return Request(self.url, headers, LARGEST_PAGE, host_of(self.url), self)

    def parse(self, exchange: Exchange, reader: BoundedReader) -> ParsedFeed | None:
        return None

    def outcome(self, result: Result, state: FeedState, now: datetime, chance: float) -> Outcome:
        answer = result.answer
        others: Sequence[Page] = ()
        if not isinstance(answer, FetchFailed) and answer.status == OK:
            others = state.pages.received_at(address_key(answer.url))
        return decide_page(self.attempt, *classify_page(self.attempt, result, others), now)

    def postponed(self, until: datetime, now: datetime) -> Outcome:
        page = self.attempt.page
        return Outcome(intents=(SavePage(page, replace(page, next_try=until), "postponed"),))


def page_task(page: Page) -> PageTask:
    """Return the task of fetching a page at its address."""
    return PageTask(PageAttempt(page), page.url)


def decide_page(
    attempt: PageAttempt, answer: PageAnswer, records: tuple[Record, ...], now: datetime
) -> Outcome:
    """Return the outcome of an answer. records: those of the answer."""
    page = attempt.page
    match answer:
        case PageRedirect(target, hops):
            following = PageTask(replace(attempt, hops=hops), target)
            return Outcome(records, requests=(following.request(),))
        case PageFailure():
            return replace(_failed(page, answer, now), records=records)
        case Unchanged(exchange):
            renewed = page
            if not attempt.hops:
                renewed = replace(
                    page,
                    etag=exchange.header("ETag") or page.etag,
                    modified=exchange.header("Last-Modified") or page.modified,
                )
            return replace(_received(page, renewed, exchange), records=records)
        case PageReceived(exchange, record):
            received = replace(
                page,
                etag=exchange.header("ETag") if not attempt.hops else "",
                modified=exchange.header("Last-Modified") if not attempt.hops else "",
                digest=payload_digest(exchange.body),
                record=record,
                final=address_key(exchange.url),
            )
            # The note comes first, so that a reader of the archive knows what the page is.
            noted = (_note(attempt, exchange, record), *records)
            return replace(_received(page, received, exchange), records=noted)


def _note(attempt: PageAttempt, exchange: Exchange, record: str) -> Record:
    page = attempt.page
    note = {
        "feed": bare_url(page.feed),
        "entry": page.entry,
        "addresses": [bare_url(page.url), *attempt.hops],
    }
    return note_record(PAGE, exchange.url, exchange.received, note, record)


def _received(asked: Page, page: Page, exchange: Exchange) -> Outcome:
    now = exchange.received
    received = replace(page, tries=0, checks=page.checks + 1, problem="", fetched=now)
    received = replace(received, next_try=check_page(received, _published(page), now))
    fields = {
        "page": shown_url(page.url),
        "status": exchange.status,
        "bytes": len(exchange.raw),
    }
    return Outcome(
        intents=(SavePage(asked, received, "received"),),
        events=(Event("page received", fields, logging.DEBUG),),
    )


def _failed(page: Page, failure: PageFailure, now: datetime) -> Outcome:
    failed = replace(page, tries=page.tries + 1, problem=failure.problem)
    next_try = None if failure.is_final else retry_page(failed, now, failure.wait)
    failed = replace(failed, next_try=next_try)
    fields = {
        "page": shown_url(page.url),
        "reason": failure.problem,
        "tries": failed.tries,
        "given_up": next_try is None,
    }
    return Outcome(
        intents=(SavePage(page, failed, "failed"),),
        hold_until=end_of_hold(failure.wait, now) if failure.is_busy else None,
        events=(Event("page failed", fields),),
    )


def _published(page: Page) -> datetime | None:
    """Return the time of publication that the entry of a page states."""
    dates = page.entry.get("dates") or ()
    found = next((parse_date(str(text)) for _, text in dates), None)
    return found[0] if found else None
