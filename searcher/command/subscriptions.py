"""The commands that list and change subscriptions, without fetching."""

from __future__ import annotations

from typing import BinaryIO, TextIO

import click

from searcher.assembly import open_state
from searcher.clock import SystemClock
from searcher.command.feed_state import existing_state, subscription_of
from searcher.command.options import (
    FOUND,
    NOTHING,
    folder_options,
    print_json,
    settings_of,
    web_addresses,
)
from searcher.command.show_feeds import show_subscriptions
from searcher.feeds.opml import read_opml, write_opml
from searcher.text.cleaning import clean_line
from searcher.text.urls import feed_url, shown_url

_ADDRESS_SHOWN = 200
"""Maximum number of characters printed of an address that was skipped."""


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@folder_options
def list_feeds(as_json: bool, **options: str | None) -> int:
    """Print the feeds: health, last success, next try, articles a day."""
    now = SystemClock().now()
    with existing_state(settings_of(**options)) as state:
        found, pace = state.subscriptions.all(), state.entries.a_day(now)
    if as_json:
        print_json([one.to_json(pace.get(one.url, 0.0)) for one in found])
    else:
        show_subscriptions(found, pace, now)
    return FOUND if found else NOTHING


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@folder_options
def remove(urls: tuple[str, ...], **options: str | None) -> int:
    """Stop following feeds.

    Their articles stay in the archive and in the index.
    """
    with existing_state(settings_of(**options)) as state:
        found = [subscription_of(state, url).url for url in web_addresses(urls)]
        for url in found:
            state.subscriptions.remove(url)
            click.echo(f"removed {shown_url(url)}")
    return FOUND


@click.command("import")
@click.argument("file", type=click.File("rb"))
@folder_options
def import_feeds(file: BinaryIO, **options: str | None) -> int:
    """Follow the feeds of an OPML FILE.

    FILE may be - for standard input. The next refresh fetches the feeds.
    """
    now = SystemClock().now()
    added = known = skipped = 0
    with open_state(settings_of(**options)) as state:
        outlines = list(read_opml(file.read(), file.name))
        with state.transaction():
            for outline in outlines:
                url = feed_url(outline.url)
                if not url:
                    shown = clean_line(outline.url)[:_ADDRESS_SHOWN]
                    click.echo(f"skipped {shown}: not a web address", err=True)
                    skipped += 1
                elif state.subscriptions.add(url, outline.mode, now, outline.title):
                    added += 1
                else:
                    known += 1
    click.echo(f"{added:,} added, {known:,} followed already, {skipped:,} skipped")
    return FOUND if outlines else NOTHING


@click.command()
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@folder_options
def export(file: TextIO, **options: str | None) -> int:
    """Write the feeds as OPML to FILE.

    Without FILE, or with -, to standard output. Passwords in addresses are part of it.
    """
    with existing_state(settings_of(**options)) as state:
        file.write(write_opml(state.subscriptions.all()))
    return FOUND
