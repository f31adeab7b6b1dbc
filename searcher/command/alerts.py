"""The commands about saved searches."""

from __future__ import annotations

import shlex

import click

from searcher.assembly import state_of
from searcher.command.options import (
    FOUND,
    NOTHING,
    places,
    print_json,
    settings_of,
    web_addresses,
)
from searcher.errors import UnknownFeed
from searcher.text.cleaning import clean_line


@click.group()
def alerts() -> None:
    """Saved searches that new articles are compared with at each refresh."""


@alerts.command("add")
@click.argument("name")
@click.argument("query")
@click.option(
    "--webhook",
    default="",
    metavar="URL",
    help="Tell this address of new articles, by POST of JSON.",
)
@click.option(
    "--command",
    default="",
    metavar="COMMAND",
    help="Run this for new articles, with JSON as its input.",
)
@places
def add_alert(name: str, query: str, webhook: str, command: str, **options: str | None) -> int:
    """Save QUERY under NAME. All its words have to be in one article, unless it says match:any."""
    from searcher.clock import SystemClock
    from searcher.command.terminal import show_warning
    from searcher.feeds.alert import LONGEST_NAME, Alert
    from searcher.query.parser import parse

    now = SystemClock().now()
    query = clean_line(query)
    parsed = parse(query, now)
    for warning in parsed.warnings:
        show_warning(query, warning)
    if not parsed.root.clauses:
        raise click.UsageError("the query asks for nothing")
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise click.UsageError(f"a name has 1 to {LONGEST_NAME} printable characters")
    if webhook and command:
        raise click.UsageError("an alert has a webhook or a command; make two for both")
    if webhook:
        (webhook,) = web_addresses([webhook])
    try:
        runnable = not command or bool(shlex.split(command))
    except ValueError:
        runnable = False
    if not runnable:
        raise click.UsageError(f"{command!r} is no command")
    with state_of(settings_of(**options)) as state:
        if not state.alerts.add(Alert(name.strip(), query, now, webhook, command)):
            raise click.UsageError(f"there is an alert {name!r} already")
    click.echo(f"new articles that match “{query}” will trigger {name.strip()}")
    return FOUND


@alerts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@places
def list_alerts(as_json: bool, **options: str | None) -> int:
    """Print the saved searches, and how many articles each found."""
    from searcher.feeds.subscription import iso
    from searcher.text.urls import shown_url

    with state_of(settings_of(**options), begun=True) as state:
        book = state.alerts
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
@places
def remove_alert(name: str, **options: str | None) -> int:
    """Remove the saved search NAME, and what it has found."""

    with state_of(settings_of(**options), begun=True) as state:
        if not state.alerts.remove(name):
            raise UnknownFeed(f"there is no alert {name!r}; “searcher alerts list” shows them")
    return FOUND


@alerts.command("show")
@click.argument("name", default="")
@click.option(
    "-n", "--number", type=click.IntRange(1, 1000), default=20, show_default=True, help="Articles."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@places
def show_alert(name: str, number: int, as_json: bool, **options: str | None) -> int:
    """Print what NAME, or any, has found, and by which words."""
    from searcher.command.terminal import show_alarms

    with state_of(settings_of(**options), begun=True) as state:
        book = state.alerts
        if name:
            book.get(name)
        found = book.alarms(name, number)
    if as_json:
        print_json([one.to_json() for one in found])
    else:
        show_alarms(found)
    return FOUND if found else NOTHING
