"""What the commands have in common: options, settings, exit codes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from searcher.config import Settings
from searcher.errors import UnknownFeed

if TYPE_CHECKING:
    from searcher.feeds.state import FeedState
    from searcher.indexer import Indexer

FOUND, NOTHING, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""


def work(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --jobs and --memory."""
    jobs = click.option("--jobs", metavar="N", help="Processes to work in [SEARCHER_JOBS, else one for each CPU].")
    memory = click.option("--memory", metavar="SIZE", help="For writing, like 512M [SEARCHER_MEMORY, else 256M].")
    return jobs(memory(command))


def places(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --index and --raw."""
    index = click.option("--index", metavar="DIR", help="The index folder [SEARCHER_INDEX, else index].")
    raw = click.option("--raw", metavar="DIR", help="The folder of articles as they came [SEARCHER_RAW, else raw].")
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


@contextlib.contextmanager
def indexer_of(settings: Settings, progress: Any = None, engine: Any = None, quick: bool = False) -> Iterator[Indexer]:
    """The indexer of these settings, which tells alerts of fetched articles that are news, whoever runs it; without a
    `progress` a bar is drawn.

    engine, quick: as for the Indexer.
    """
    from searcher.clock import SystemClock
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.indexer import Indexer
    from searcher.raw_store import RawStore
    from searcher.terminal import ProgressBar

    store = RawStore(settings.raw, settings.max_file_bytes)
    engine = engine or WhooshEngine(settings.index, settings.memory, settings.jobs)
    with contextlib.ExitStack() as stack:
        witness = None
        if settings.feed_state.exists():
            from searcher.alerting import Watchman
            from searcher.feeds.alerts import AlertBook
            from searcher.feeds.state import FeedState

            state = stack.enter_context(FeedState(settings.feed_state))
            witness = Watchman(AlertBook(state), engine, SystemClock()).see
        yield Indexer(
            engine,
            store,
            settings.index,
            None,
            progress or ProgressBar(),
            settings.lock_wait,
            settings.jobs,
            witness,
            quick,
        )


@contextlib.contextmanager
def state_of(settings: Settings, begun: bool = False) -> Iterator[FeedState]:
    """The state of the feeds; if it has to be `begun`, raises UnknownFeed where nothing is followed yet."""
    from searcher.feeds.state import FeedState

    if begun and not settings.feed_state.exists():
        raise UnknownFeed(f"there are no feeds or alerts in {settings.feed_state}; “searcher feeds add” follows one")
    with FeedState(settings.feed_state) as state:
        yield state


def web_addresses(urls: Sequence[str]) -> list[str]:
    """The addresses as they are kept. Raises UsageError for what is none."""
    from searcher.text.urls import feed_url

    found = [feed_url(url) for url in urls]
    for url, address in zip(urls, found, strict=True):
        if not address:
            raise click.UsageError(f"{url!r} is no web address")
    return found
