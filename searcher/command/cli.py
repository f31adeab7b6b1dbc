"""The command line: the program's commands, and messages and exit codes for errors."""

from __future__ import annotations

import gc
import os
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
    "attention": LazyCommand(
        "searcher.command.attention",
        "attention",
        "Count the articles that QUERY finds by day, week, month or year.",
    ),
    "check": LazyCommand(_INDEXING, "check", "Verify the index and print its errors."),
    "compare": LazyCommand(
        "searcher.command.comparing", "compare", "Print how two articles differ."
    ),
    "copy": LazyCommand("searcher.command.copying", "copy", "Copy the index to another engine."),
    "explain-word": LazyCommand(
        "searcher.command.explain_word",
        "explain_word",
        "Print how a word is analysed: its folded form, lemma, stems, keys and spellings.",
    ),
    "export": LazyCommand(
        "searcher.command.exporting", "export", "Write all articles that QUERY finds to a file."
    ),
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
    "stories": LazyCommand(
        "searcher.command.stories",
        "stories",
        "Say which articles are of one story, and which are not.",
    ),
    "story": LazyCommand(
        "searcher.command.story",
        "story",
        "Print the story over time that the article with this ID belongs to.",
    ),
    "suggest": LazyCommand(_SEARCHING, "suggest", "Print completions of a query."),
    "syntax": LazyCommand(_SEARCHING, "syntax", "Print the query language."),
}


_ALLOCATIONS = 50_000
"""Number of new objects after which Python looks for unreachable ones. With its own 700 it looks
200 times while a search is imported, in 10 ms; more than this saves nothing more."""


def main() -> None:
    """Run the command line and exit. Exit codes: see `command.options`."""
    # numpy starts a thread for each processor, which takes 20 ms of them. Our products are small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_ALLOCATIONS)
    code = _flushed(_run())
    command = COMMANDS.get("".join(sys.argv[1:2]))
    if command and command.module == _SEARCHING:
        # Freeing a search's objects one by one takes 30 ms, and there is nothing to close.
        os._exit(code)
    sys.exit(code)


def _run() -> int:
    """Run the command line. Return the exit code."""
    quiet_parsers()
    try:
        result = cli(standalone_mode=False)
        return result if isinstance(result, int) else FOUND
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        click.echo("searcher: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        pass
    except Exception as error:
        if not isinstance(error, (SearcherError, OSError)) and not _is_of_database(error):
            raise
        click.echo(f"searcher: {error}", err=True)
    return FAILED


def _is_of_database(error: Exception) -> bool:
    """Return whether SQLite raised an error; it is not imported if it did not."""
    sqlite = sys.modules.get("sqlite3")
    return sqlite is not None and isinstance(error, sqlite.Error)


def _flushed(code: int) -> int:
    """Return the exit code, or FAILED if the rest of the output cannot be written."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
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
