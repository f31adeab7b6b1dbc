"""The command that serves the page."""

from __future__ import annotations

import contextlib

import click

from searcher.assembly import build_search
from searcher.command.indexing import update
from searcher.command.layout import plural
from searcher.command.options import FOUND, folder_options, serving_options, settings_of
from searcher.command.updating import update_beside
from searcher.errors import SearcherError
from searcher.settings import Settings
from web.server import can_fork
from web.server import serve as run_server


@click.command()
@click.option(
    "--update",
    "update_too",
    is_flag=True,
    help="Index new and changed files of the raw folder: before serving if there is no index that "
    "can be searched, else beside it, in a process of low priority.",
)
@serving_options
@folder_options
def serve(update_too: bool, **options: str | None) -> int:
    """Serve the search page and the API.

    The environment variables HOST and PORT name the address (default: 127.0.0.1 and 8000).
    """
    try:
        settings = settings_of(**options).served(**options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if update_too and not settings.raw.exists():
        raise click.UsageError(f"{settings.raw} does not exist")
    beside = update_too and _is_searchable(settings)
    if update_too and not beside:
        update(settings, (settings.raw,), prune=False)
    where = f"{settings.host}:{settings.port}"
    with contextlib.ExitStack() as stack:

        def ready() -> None:
            click.echo(
                f"searching {settings.index} at http://{where} with {_who(settings)}", err=True
            )
            if beside:
                stack.enter_context(update_beside(settings))

        try:
            run_server(settings, ready)
        except OSError as error:
            raise click.ClickException(f"cannot serve at {where}: {error}") from error
    return FOUND


def _is_searchable(settings: Settings) -> bool:
    service = build_search(settings)
    try:
        service.articles.count()
    except SearcherError:
        return False
    finally:
        service.close()
    return True


def _who(settings: Settings) -> str:
    """Return the processes and threads that answer, in words."""
    threads = plural(settings.threads, "thread")
    if not can_fork():
        return threads
    return f"{plural(settings.workers, 'worker')} of {threads}"
