"""The commands about feeds."""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from searcher.assembly import followed, poster, refresh_named, refresher, state_of, stoppable
from searcher.command.options import (
    FAILED,
    FOUND,
    NOTHING,
    places,
    print_json,
    settings_of,
    web_addresses,
    work,
)
from searcher.errors import AlreadyRefreshing, SearcherError
from searcher.text.cleaning import clean_line
from searcher.text.urls import feed_url, shown_url

if TYPE_CHECKING:
    from searcher.feeds.state import FeedState
    from searcher.feeds.subscription import Mode

_RETRY_SECONDS = 30.0
_LAST_SECONDS = 1.0
_NO_FEED = ("no feed", "is no web address", "is in a private network")


def _logged(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --log and --verbose."""
    form = click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        help="Form of the log [text on a terminal, else json].",
    )
    return form(click.option("--verbose", is_flag=True, help="Log every page, too.")(command))


def _begin_log(form: str | None, verbose: bool, level: str = "info") -> None:
    from searcher.logs import configure

    configure("debug" if verbose else level, form == "json" if form else not sys.stderr.isatty())


@click.group()
def feeds() -> None:
    """Follow feeds: their articles are fetched, kept in the raw folder and indexed."""


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option(
    "--entries-only/--pages",
    default=None,
    help="Believe the feed to hold whole articles, or fetch their pages [pages]; "
    "also of a feed that is followed.",
)
@click.option("--no-refresh", is_flag=True, help="Only note it; the next refresh fetches it.")
@_logged
@places
def add(
    urls: tuple[str, ...],
    entries_only: bool | None,
    no_refresh: bool,
    log: str | None,
    verbose: bool,
    **options: str | None,
) -> int:
    """Follow feeds, by their addresses or those of pages that name them."""
    from searcher.clock import SystemClock

    _begin_log(log, verbose, "error")
    settings = settings_of(**options)
    with state_of(settings) as state:
        now = SystemClock().now()
        added = []
        mode: Mode = "entry" if entries_only else "page"
        for url in web_addresses(urls):
            if state.subscriptions.add(url, mode, now):
                added.append(url)
            elif entries_only is not None and state.subscriptions.set_mode(
                followed(state, url).url, mode
            ):
                click.echo(
                    f"{shown_url(url)}: {'no more pages' if entries_only else 'pages'} are "
                    "fetched from now on"
                )
            else:
                click.echo(f"{shown_url(url)} is followed already")
        if no_refresh or not added:
            return FOUND
        try:
            refresh_named(settings, state, added)
        except AlreadyRefreshing as error:
            click.echo(f"added; {error}, which fetches it now")
            return FOUND
        shown = [_show_added(state, url) for url in added]
        return FOUND if all(shown) else FAILED


def _show_added(state: FeedState, url: str) -> bool:
    """Says what became of a new subscription. One that leads to no feed is ended."""
    found = state.subscriptions.get(url)
    if found is None:
        click.echo(f"{shown_url(url)} is followed already, under another address")
        return True
    if found.health == "ok":
        where = f" at {shown_url(found.url)}" if found.url != url else ""
        count = len(state.entries.known(found.url))
        click.echo(
            f"added {found.title or shown_url(url)}{where}: {count:,} "
            f"article{'' if count == 1 else 's'}"
        )
        return True
    if any(problem in found.problem for problem in _NO_FEED) or found.gone:
        state.subscriptions.remove(found.url)
        click.echo(f"not added: {shown_url(url)}: {found.problem}", err=True)
    else:
        click.echo(
            f"added, but {shown_url(url)} cannot be read yet: {found.problem}; it is tried again",
            err=True,
        )
    return False


@feeds.command()
@click.argument("urls", nargs=-1, metavar="[URL...]")
@_logged
@work
@places
def refresh(urls: tuple[str, ...], log: str | None, verbose: bool, **options: str | None) -> int:
    """Fetch what is due, or these feeds, and index what is new."""
    from searcher.command.terminal import show_tally

    _begin_log(log, verbose, "warning")
    settings = settings_of(**options)
    begin = time.monotonic()
    with state_of(settings, begun=True) as state:
        tally = refresh_named(settings, state, web_addresses(urls))
        show_tally(tally, state.pages.count_waiting(), time.monotonic() - begin)
    return FAILED if urls and tally.failed else FOUND


@feeds.command()
@_logged
@work
@places
def watch(log: str | None, verbose: bool, **options: str | None) -> int:
    """Keep refreshing what is due, until stopped by a signal."""
    from searcher.alerts.delivery import Courier
    from searcher.clock import SystemClock
    from searcher.feeds.state import FeedState
    from searcher.logs import log as tell
    from searcher.text.profiles import profiles

    _begin_log(log, verbose)
    settings = settings_of(**options)

    def courier(stop: threading.Event) -> None:
        """Delivers alerts, in a thread of its own, for those told may be slow."""
        with FeedState(settings.feed_state) as state:
            found = Courier(state.alerts, SystemClock(), poster(settings))
            while not stop.wait(1.0):
                try:
                    found.step()
                except Exception as error:
                    # Whatever happens to the state, what is to be told is told later.
                    tell("delivery interrupted", logging.ERROR, error)
            # What was just delivered would be told again by the next watch.
            found.settle(_LAST_SECONDS)

    # What takes a second to load is there when the first article comes.
    profiles()
    with state_of(settings) as state, stoppable() as stop:
        messenger = threading.Thread(target=courier, args=(stop,), daemon=True)
        first = True
        while first or not stop.is_set():
            try:
                with refresher(settings, state, quick=True) as found:
                    if first:
                        messenger.start()
                    first = False
                    tell(
                        "watching",
                        feeds=len(state.subscriptions.all()),
                        raw=str(settings.raw),
                        index=str(settings.index),
                    )
                    found.watch(stop)
            except AlreadyRefreshing:
                raise
            except (SearcherError, OSError, sqlite3.Error) as error:
                if first:
                    raise
                tell(
                    "refresh interrupted", logging.ERROR, reason=str(error), seconds=_RETRY_SECONDS
                )
                stop.wait(_RETRY_SECONDS)
        messenger.join(2 * _LAST_SECONDS)
        tell("stopped")
    return FOUND


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@places
def list_feeds(as_json: bool, **options: str | None) -> int:
    """Print the feeds: health, last success, next try, articles a day."""
    from searcher.clock import SystemClock
    from searcher.command.terminal import show_subscriptions

    now = SystemClock().now()
    with state_of(settings_of(**options), begun=True) as state:
        found, pace = state.subscriptions.all(), state.entries.a_day(now)
    if as_json:
        print_json([one.to_json(pace.get(one.url, 0.0)) for one in found])
    else:
        show_subscriptions(found, pace, now)
    return FOUND if found else NOTHING


@feeds.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@places
def remove(urls: tuple[str, ...], **options: str | None) -> int:
    """Follow these feeds no more. Their articles stay."""
    with state_of(settings_of(**options), begun=True) as state:
        found = [followed(state, url).url for url in web_addresses(urls)]
        for url in found:
            state.subscriptions.remove(url)
            click.echo(f"removed {shown_url(url)}")
    return FOUND


@feeds.command("import")
@click.argument("file", type=click.File("rb"))
@places
def import_feeds(file: Any, **options: str | None) -> int:
    """Follow the feeds that an OPML FILE names.

    FILE may be - for standard input. The next refresh fetches the feeds.
    """
    from searcher.clock import SystemClock
    from searcher.feeds.opml import read_opml

    now = SystemClock().now()
    counts = {"added": 0, "known": 0, "skipped": 0}
    with state_of(settings_of(**options)) as state:
        outlines = list(read_opml(file.read(), file.name))
        with state.transaction():
            for outline in outlines:
                url = feed_url(outline.url)
                if not url:
                    click.echo(f"skipped {clean_line(outline.url)[:200]}: no web address", err=True)
                    counts["skipped"] += 1
                else:
                    counts[
                        "added"
                        if state.subscriptions.add(url, outline.mode, now, outline.title)
                        else "known"
                    ] += 1
    click.echo(
        f"{counts['added']:,} added, {counts['known']:,} followed already, {counts['skipped']:,} "
        "skipped"
    )
    return FOUND if outlines else NOTHING


@feeds.command()
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@places
def export(file: Any, **options: str | None) -> int:
    """Write the feeds as OPML to FILE or standard output."""
    from searcher.feeds.opml import write_opml

    with state_of(settings_of(**options), begun=True) as state:
        file.write(write_opml(state.subscriptions.all()))
    return FOUND
