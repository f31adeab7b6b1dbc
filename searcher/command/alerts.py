"""The commands about alerts: saved searches that new articles are matched against."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from searcher.alerts.saving import checked_alert
from searcher.assembly import open_state
from searcher.clock import SystemClock
from searcher.command.feed_state import existing_state
from searcher.command.options import (
    FOUND,
    NOTHING,
    folder_options,
    print_json,
    settings_of,
    web_addresses,
)
from searcher.command.show_feeds import show_alarms
from searcher.command.show_hits import show_warning
from searcher.errors import UnknownFeed
from searcher.feeds.state.alerts import Alerts
from searcher.feeds.subscription import iso
from searcher.query.parser import parse
from searcher.text.urls import shown_url


@click.group()
def alerts() -> None:
    """Save searches that new articles are matched against at each refresh."""


@alerts.command("add")
@click.argument("name")
@click.argument("query")
@click.option(
    "--webhook",
    default="",
    metavar="URL",
    help="Post new articles to this address, as JSON.",
)
@click.option(
    "--command",
    default="",
    metavar="COMMAND",
    help="Run this command for new articles, with JSON as its standard input.",
)
@folder_options
def add_alert(name: str, query: str, webhook: str, command: str, **options: str | None) -> int:
    """Save QUERY under NAME.

    An article must contain all words of the query, unless it says match:any.
    """
    now = SystemClock().now()
    try:
        alert = checked_alert(name, query, now)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    for warning in parse(alert.query, now).warnings:
        show_warning(alert.query, warning)
    if webhook and command:
        raise click.UsageError("an alert has a webhook or a command; add two alerts for both")
    if webhook:
        (webhook,) = web_addresses([webhook])
    if command and not _is_command(command):
        raise click.UsageError(f"{command!r} is not a command")
    with _open_book(options, must_exist=False) as book:
        if not book.add(replace(alert, webhook=webhook, command=command)):
            raise click.UsageError(f"there is an alert {alert.name!r} already")
    click.echo(f"new articles that match “{alert.query}” will trigger {alert.name}")
    return FOUND


def _is_command(text: str) -> bool:
    try:
        return bool(shlex.split(text))
    except ValueError:
        return False


@contextmanager
def _open_book(options: dict[str, str | None], must_exist: bool = True) -> Iterator[Alerts]:
    settings = settings_of(**options)
    with existing_state(settings) if must_exist else open_state(settings) as state:
        yield state.alerts


@alerts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@folder_options
def list_alerts(as_json: bool, **options: str | None) -> int:
    """Print the alerts, each with its number of articles."""
    with _open_book(options) as book:
        found, counts = book.all(), book.counts()
    if as_json:
        rows = [
            {
                "name": one.name,
                "query": one.query,
                "added": iso(one.added),
                "webhook": shown_url(one.webhook),
                "command": one.command,
                "articles": counts.get(one.name, 0),
            }
            for one in found
        ]
        print_json(rows)
    else:
        for one in found:
            click.echo(f"{counts.get(one.name, 0):6,}  {one.name}: {one.query}")
    return FOUND if found else NOTHING


@alerts.command("remove")
@click.argument("name")
@folder_options
def remove_alert(name: str, **options: str | None) -> int:
    """Remove the alert NAME and the list of its articles."""
    with _open_book(options) as book:
        if not book.remove(name):
            raise UnknownFeed(f"there is no alert {name!r}; “searcher alerts list” shows them")
    return FOUND


@alerts.command("show")
@click.argument("name", default="")
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="Maximum number of articles.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@folder_options
def show_alert(name: str, number: int, as_json: bool, **options: str | None) -> int:
    """Print the articles that the alert NAME found, newest first.

    Without NAME, those of all alerts. The words that matched are printed with each article.
    """
    with _open_book(options) as book:
        if name:
            book.get(name)
        found = book.alarms(name, number)
    if as_json:
        print_json([one.to_json() for one in found])
    else:
        show_alarms(found)
    return FOUND if found else NOTHING
