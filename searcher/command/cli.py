"""The command line: the program's commands, and messages and exit codes for errors."""

from __future__ import annotations

import os
import sqlite3
import sys

import click

from searcher.command.lazy import LazyCommand, LazyGroup
from searcher.command.options import FAILED, FOUND, INTERRUPTED
from searcher.errors import SearcherError
from searcher.logs import quiet_parsers

_SEARCHING = "searcher.command.searching"
_INDEXING = "searcher.command.indexing"

COMMANDS = {
    "alerts": LazyCommand(
        "searcher.command.alerts",
        "alerts",
        "Save searches that new articles are matched against at each refresh.",
    ),
    "check": LazyCommand(_INDEXING, "check", "Verify the index and print its errors."),
    "feeds": LazyCommand(
        "searcher.command.feeds", "feeds", "Follow feeds: fetch, archive and index their articles."
    ),
    "index": LazyCommand(_INDEXING, "index", "Index new and changed files."),
    "parse": LazyCommand(
        _INDEXING, "parse", "Print the articles of FILE as they would be indexed."
    ),
    "reindex": LazyCommand(_INDEXING, "reindex", "Rebuild the whole index."),
    "search": LazyCommand(_SEARCHING, "search", "Search for QUERY."),
    "serve": LazyCommand("searcher.command.serving", "serve", "Serve the search page and the API."),
    "show": LazyCommand(_SEARCHING, "show", "Print the article with this ID."),
    "similar": LazyCommand(_SEARCHING, "similar", "Print the articles most similar to one."),
    "stats": LazyCommand(_SEARCHING, "stats", "Count the articles by language and source."),
    "suggest": LazyCommand(_SEARCHING, "suggest", "Print completions of a query."),
    "syntax": LazyCommand(_SEARCHING, "syntax", "Print the query language."),
}


def main() -> None:
    """Run the command line and exit. Exit codes: see `command.options`."""
    quiet_parsers()
    try:
        result = cli(standalone_mode=False)
        code = result if isinstance(result, int) else FOUND
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("searcher: interrupted", err=True)
        code = INTERRUPTED
    except (SearcherError, sqlite3.Error) as error:
        click.echo(f"searcher: {error}", err=True)
        code = FAILED
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            click.echo(f"searcher: {error}", err=True)
        code = FAILED
    sys.exit(_flushed(code))


def _flushed(code: int) -> int:
    """Return the exit code, or FAILED if the rest of the output cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        # A closed pipe or a full disk. Python flushes again at its end and would print the error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="news-searcher", prog_name="searcher")
def cli() -> None:
    """A full-text news search engine: index articles, search them, serve a search page."""
