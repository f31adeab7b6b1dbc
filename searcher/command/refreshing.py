"""The commands that fetch feeds."""

from __future__ import annotations

import contextlib
import logging
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import click

from searcher.alerts.delivery import AlertDelivery, Placing, deliver
from searcher.assembly import build_post, build_search, open_refresher, open_state
from searcher.clock import SystemClock
from searcher.command.feed_state import existing_state, subscription_of
from searcher.command.layout import plural
from searcher.command.options import (
    FAILED,
    FOUND,
    folder_options,
    settings_of,
    web_addresses,
    work_options,
)
from searcher.command.show_feeds import show_statistics
from searcher.errors import AlreadyRefreshing, SearcherError
from searcher.feeds.feed_answers import is_permanent_problem
from searcher.feeds.intents import Statistics
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Mode
from searcher.logs import configure, log
from searcher.settings import Settings
from searcher.text.profiles import profiles
from searcher.text.urls import shown_url

_STOPPING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end a command after its current step."""
_RETRY_SECONDS = 30.0
"""Pause of `watch` after a failure that may pass, such as a full disk, in seconds."""
_DELIVERY_TICK = 1.0
"""Pause between two checks for alerts to be delivered, in seconds."""
_LAST_SECONDS = 1.0
"""Maximum time to wait for deliveries under way when `watch` stops, in seconds."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _log_options(command: _Command) -> _Command:
    """Add --log and --verbose."""
    form = click.option(
        "--log",
        "log_form",
        type=click.Choice(["text", "json"]),
        help="Form of the log. [default: text on a terminal, else json]",
    )
    verbose = click.option("--verbose", is_flag=True, help="Log every page, too.")
    return form(verbose(command))


def _start_log(form: str | None, verbose: bool, level: str = "info") -> None:
    as_json = form == "json" if form else not sys.stderr.isatty()
    configure("debug" if verbose else level, as_json)


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option(
    "--entries-only/--pages",
    default=None,
    help="Index the text in the feed, or fetch the page of each entry. Also changes feeds that are "
    "followed already. [default: --pages]",
)
@click.option(
    "--no-refresh", is_flag=True, help="Do not fetch the feed now; the next refresh does."
)
@_log_options
@folder_options
def add(
    urls: tuple[str, ...],
    entries_only: bool | None,
    no_refresh: bool,
    log_form: str | None,
    verbose: bool,
    **options: str | None,
) -> int:
    """Follow feeds.

    URL is the address of a feed, or of a page that links to its feed.
    """
    _start_log(log_form, verbose, "error")
    settings = settings_of(**options)
    with open_state(settings) as state:
        added = _subscribe(state, web_addresses(urls), entries_only)
        if no_refresh or not added:
            return FOUND
        try:
            _refresh(settings, state, added)
        except AlreadyRefreshing as error:
            click.echo(f"added; {error}, which fetches it now")
            return FOUND
        shown = [_show_added(state, url) for url in added]
        return FOUND if all(shown) else FAILED


def _subscribe(state: FeedState, urls: Sequence[str], entries_only: bool | None) -> list[str]:
    """Follow these feeds, and return those that were not followed before."""
    now = SystemClock().now()
    mode: Mode = "entry" if entries_only else "page"
    added = []
    for url in urls:
        if state.subscriptions.add(url, mode, now):
            added.append(url)
        elif entries_only is not None and state.subscriptions.set_mode(
            subscription_of(state, url).url, mode
        ):
            pages = "no more pages" if entries_only else "pages"
            click.echo(f"{shown_url(url)}: {pages} are fetched from now on")
        else:
            click.echo(f"{shown_url(url)} is followed already")
    return added


def _set_mode(state: FeedState, url: str, mode: Mode) -> bool:
    return state.subscriptions.set_mode(subscription_of(state, url).url, mode)


def _show_added(state: FeedState, url: str) -> bool:
    """Print the outcome of a new subscription and return whether it succeeded.

    A subscription that leads to no feed is removed again.
    """
    found = state.subscriptions.get(url)
    if found is None:
        click.echo(f"{shown_url(url)} is followed already, under another address")
        return True
    if found.health == "ok":
        where = f" at {shown_url(found.url)}" if found.url != url else ""
        articles = plural(len(state.entries.known(found.url)), "article")
        click.echo(f"added {found.title or shown_url(url)}{where}: {articles}")
        return True
    if is_permanent_problem(found.problem) or found.gone:
        state.subscriptions.remove(found.url)
        click.echo(f"not added: {shown_url(url)}: {found.problem}", err=True)
    else:
        click.echo(
            f"added, but {shown_url(url)} cannot be read yet: {found.problem}; it is tried again",
            err=True,
        )
    return False


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL...]")
@_log_options
@work_options
@folder_options
def refresh(
    urls: tuple[str, ...], log_form: str | None, verbose: bool, **options: str | None
) -> int:
    """Fetch feeds once and index their articles.

    Without URL, all feeds that are due are fetched. Alerts are delivered.
    """
    _start_log(log_form, verbose, "warning")
    settings = settings_of(**options)
    begin = time.monotonic()
    with existing_state(settings) as state:
        statistics = _refresh(settings, state, web_addresses(urls))
        show_statistics(statistics, state.pages.count_waiting(), time.monotonic() - begin)
    return FAILED if urls and statistics.failed else FOUND


@contextlib.contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """Yield an event that SIGINT or SIGTERM sets. A second signal ends the process at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in _STOPPING}

    def handle(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refresh(settings: Settings, state: FeedState, urls: Sequence[str]) -> Statistics:
    """Refresh these feeds, or all that are due, and deliver alerts. Raises UnknownFeed and
    AlreadyRefreshing."""
    clock = SystemClock()
    named = [subscription_of(state, url) for url in urls]
    with _stop_on_signal() as stop, open_refresher(settings, state) as refresher:
        statistics = refresher.refresh(
            named if urls else state.subscriptions.due(clock.now()), stop
        )
    deliver(state.alerts, clock, build_post(settings), build_search(settings).timelines.numbers)
    return statistics


@click.command()
@_log_options
@work_options
@folder_options
def watch(log_form: str | None, verbose: bool, **options: str | None) -> int:
    """Keep refreshing feeds until stopped by a signal.

    Alerts are delivered meanwhile.
    """
    _start_log(log_form, verbose)
    settings = settings_of(**options)
    # They take a second to load; the first article should not wait for it.
    profiles()
    with open_state(settings) as state, _stop_on_signal() as stop:
        placing = Placing(SystemClock(), begun=True)
        arguments = (settings, stop, placing)
        delivery = threading.Thread(target=_deliver_until, args=arguments, daemon=True)
        _watch_until(stop, settings, state, delivery, placing)
        delivery.join(2 * _LAST_SECONDS)
        log("stopped")
    return FOUND


def _watch_until(
    stop: threading.Event,
    settings: Settings,
    state: FeedState,
    delivery: threading.Thread,
    placing: Placing,
) -> None:
    """Refresh feeds until `stop` is set, and start `delivery` with the first refresh.

    placing: tells it which alarms wait.

    The first refresher raises its errors; later ones are opened again after a pause. Raises
    AlreadyRefreshing at any time.
    """
    first = True
    while first or not stop.is_set():
        try:
            with open_refresher(settings, state, True, placing.update) as refresher:
                if first:
                    delivery.start()
                first = False
                log(
                    "watching",
                    feeds=len(state.subscriptions.all()),
                    raw=str(settings.raw),
                    index=str(settings.index),
                )
                refresher.watch(stop)
        except AlreadyRefreshing:
            raise
        except (SearcherError, OSError, sqlite3.Error) as error:
            if first:
                raise
            log("refresh interrupted", logging.ERROR, reason=str(error), seconds=_RETRY_SECONDS)
            stop.wait(_RETRY_SECONDS)


def _deliver_until(settings: Settings, stop: threading.Event, placing: Placing) -> None:
    """Deliver alerts until `stop` is set. Runs in a thread of its own, since receivers may be
    slow."""
    with open_state(settings) as state:
        numbers = build_search(settings).timelines.numbers
        post = build_post(settings)
        delivery = AlertDelivery(state.alerts, SystemClock(), post, numbers, placing)
        while not stop.wait(_DELIVERY_TICK):
            try:
                delivery.step()
            except Exception as error:
                # The state may be locked or full for a while; undelivered alerts are kept in it.
                log("delivery interrupted", logging.ERROR, error)
        # An alert whose delivery is not noted would be delivered again by the next watch.
        delivery.collect(_LAST_SECONDS)
