"""The command that serves the page."""

from __future__ import annotations

import logging

import click

from searcher.command.indexing import update
from searcher.command.options import FOUND, folder_options, settings_of
from web import serve as run_server


@click.command()
@click.option(
    "--update",
    "update_first",
    is_flag=True,
    help="Index new and changed files of the raw folder before serving.",
)
@folder_options
def serve(update_first: bool, **options: str | None) -> int:
    """Serve the search page and the API.

    The environment variables HOST and PORT name the address (default: 127.0.0.1 and 8000).
    """
    try:
        settings = settings_of(**options).served()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if update_first:
        update(settings, (settings.raw,), prune=False)
    # waitress warns whenever requests wait for a thread, which is normal under load.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    where = f"{settings.host}:{settings.port}"
    message = f"searching {settings.index} at http://{where}"
    try:
        run_server(settings, lambda: click.echo(message, err=True))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"cannot serve at {where}: {error}") from error
    return FOUND
