"""Printing of subscriptions, refreshes and alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import click

from searcher.command.layout import plural, time_span
from searcher.feeds.alert import Alarm
from searcher.feeds.intents import Statistics
from searcher.feeds.subscription import Subscription
from searcher.text.urls import shown_url

_PROBLEM_INDENT = 38
"""Indent of a feed's problem, in columns: as wide as the columns before the feed's title."""


def show_statistics(done: Statistics, waiting: int, seconds: float) -> None:
    """Print the counts of a refresh. waiting: number of pages that are still to be fetched."""
    feeds = f"{plural(done.feeds, 'feed')} received"
    failed = [
        f"{number:,} {outcome}"
        for number, outcome in ((done.failed, "failed"), (done.gone, "gone"))
        if number
    ]
    entries = f"{done.entries:,} new or changed entr{'y' if done.entries == 1 else 'ies'}"
    pages = plural(done.pages, "page")
    if done.pages_failed:
        pages += f" ({done.pages_failed:,} not received)"
    later = f"; {plural(waiting, 'page')} will be tried again later" if waiting else ""
    click.echo(f"{', '.join([feeds, *failed])}: {entries}, {pages}{later}")
    click.echo(f"{done.added:,} articles added, {done.updated:,} updated in {seconds:.1f} s")


def show_subscriptions(
    found: Sequence[Subscription], pace: Mapping[str, float], now: datetime
) -> None:
    """Print a line for each feed, and its problem on the line below.

    pace: entries a day by the feed's address.
    """
    if found:
        click.echo(f"{'health':8} {'received':>9} {'next':>9} {'a day':>6}  feed")
    for one in found:
        received = f"{time_span(now - one.succeeded)} ago" if one.succeeded else "never"
        title = f"{one.title}  " if one.title else ""
        a_day = f"{pace.get(one.url, 0.0):.1f}"
        mode = "  (entries only)" if one.mode == "entry" else ""
        click.echo(
            f"{one.health:8} {received:>9} {_next_try(one, now):>9} {a_day:>6}  "
            f"{title}{shown_url(one.url)}{mode}"
        )
        if one.problem:
            click.echo(f"{'':{_PROBLEM_INDENT}}{one.problem}")


def _next_try(feed: Subscription, now: datetime) -> str:
    if feed.gone:
        return "never"
    return "now" if feed.next_try <= now else f"in {time_span(feed.next_try - now)}"


def show_alarms(found: Iterable[Alarm]) -> None:
    """Print the articles that alerts found."""
    for one in found:
        facts = [
            one.at.strftime("%Y-%m-%d %H:%M UTC"),
            one.alert,
            one.source,
            f"id {one.article}",
            one.url,
        ]
        click.echo(one.title)
        click.echo(f"     {' · '.join(fact for fact in facts if fact)}")
        if one.words:
            click.echo(f"     by {', '.join(one.words)}")
