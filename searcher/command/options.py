"""What the commands have in common: options, settings, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.settings import Settings

if TYPE_CHECKING:
    pass

FOUND, NOTHING, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""


def work(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --jobs and --memory."""
    jobs = click.option(
        "--jobs", metavar="N", help="Processes to work in [SEARCHER_JOBS, else one for each CPU]."
    )
    memory = click.option(
        "--memory", metavar="SIZE", help="For writing, like 512M [SEARCHER_MEMORY, else 256M]."
    )
    return jobs(memory(command))


def places(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --index and --raw."""
    index = click.option(
        "--index", metavar="DIR", help="The index folder [SEARCHER_INDEX, else index]."
    )
    raw = click.option(
        "--raw", metavar="DIR", help="The folder of articles as they came [SEARCHER_RAW, else raw]."
    )
    return index(raw(command))


def print_json(value: Any) -> None:
    """Prints a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def settings_of(**options: str | None) -> Settings:
    """The settings of options and environment. Raises UsageError."""
    try:
        return Settings.load(**options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def web_addresses(urls: Sequence[str]) -> list[str]:
    """The addresses as they are kept. Raises UsageError for what is none."""
    from searcher.text.urls import feed_url

    found = [feed_url(url) for url in urls]
    for url, address in zip(urls, found, strict=True):
        if not address:
            raise click.UsageError(f"{url!r} is no web address")
    return found
