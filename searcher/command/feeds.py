"""The group of the commands about feeds."""

from __future__ import annotations

import click

from searcher.command.lazy import LazyCommand, LazyGroup

_FETCHING = "searcher.command.refreshing"
_LISTING = "searcher.command.subscriptions"

_COMMANDS = {
    "add": LazyCommand(_FETCHING, "add", "Follow feeds."),
    "export": LazyCommand(_LISTING, "export", "Write the feeds as OPML to FILE."),
    "import": LazyCommand(_LISTING, "import_feeds", "Follow the feeds of an OPML FILE."),
    "list": LazyCommand(
        _LISTING,
        "list_feeds",
        "Print the feeds: health, last success, next try, articles a day.",
    ),
    "refresh": LazyCommand(_FETCHING, "refresh", "Fetch feeds once and index their articles."),
    "remove": LazyCommand(_LISTING, "remove", "Stop following feeds."),
    "watch": LazyCommand(_FETCHING, "watch", "Keep refreshing feeds until stopped by a signal."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
def feeds() -> None:
    """Follow feeds: fetch, archive and index their articles."""
