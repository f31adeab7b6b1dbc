"""Options, settings and exit codes that the commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from searcher.settings import Settings, declared
from searcher.text.urls import feed_url

FOUND = 0
"""Exit code: something was found, or the work is done."""
NOTHING = 1
"""Exit code: nothing was found."""
FAILED = 2
"""Exit code: wrong use or failure."""
INTERRUPTED = 130
"""Exit code: interrupted by the user; 128 + SIGINT, as shells have it."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _option(name: str, form: str) -> Callable[[_Command], _Command]:
    """Return an option of that setting, which its environment variable can replace."""
    setting = declared(name)
    text = f"{setting.meaning[0].upper()}{setting.meaning[1:]}."
    return click.option(
        f"--{name}", metavar=form, help=f"{text} [{setting.variable}; default: {setting.default}]"
    )


def work_options(command: _Command) -> _Command:
    """Add --jobs and --memory."""
    return _option("jobs", "N")(_option("memory", "SIZE")(command))


def serving_options(command: _Command) -> _Command:
    """Add --workers and --threads."""
    return _option("workers", "N")(_option("threads", "N")(command))


def folder_options(command: _Command) -> _Command:
    """Add --index and --raw."""
    return _option("index", "DIR")(_option("raw", "DIR")(command))


def settings_of(**options: str | None) -> Settings:
    """Return the settings of options and environment. Raises UsageError."""
    try:
        return Settings.load(**options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def web_addresses(urls: Sequence[str]) -> list[str]:
    """Return the addresses in the form in which they are stored. Raises UsageError."""
    found = [feed_url(url) for url in urls]
    for url, address in zip(urls, found, strict=True):
        if not address:
            raise click.UsageError(f"{url!r} is not a web address")
    return found


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def in_colour() -> bool:
    """Return whether standard output takes colours: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
