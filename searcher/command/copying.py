"""The command that copies an index to another engine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import click

from searcher.assembly import build_engine
from searcher.command.options import FAILED, FOUND, folder_options, settings_of
from searcher.command.progress import counted
from searcher.indexing.copying import copy as copy_index
from searcher.settings import ENGINES


@click.command()
@click.option("--to", "target", type=click.Choice(ENGINES), required=True, help="The other engine.")
@folder_options
def copy(target: str, **options: str | None) -> int:
    """Copy the index to another engine.

    It is read from the engine that is set, also while others search and write. Both are compared
    at the end. A copy that was interrupted goes on; run it again to take what has come meanwhile.
    """
    settings = settings_of(**options)
    if target == settings.engine:
        raise click.UsageError(f"the index is in {target} already")
    if target == "opensearch" and not settings.opensearch:
        raise click.UsageError("SEARCHER_OPENSEARCH names no cluster")
    source, other = build_engine(settings), build_engine(replace(settings, engine=target))

    watched = partial(counted, noun="articles")
    found = copy_index(source, other, settings.lock_wait, watched)
    click.echo(
        f"{found.articles:,} articles from {source.where} to {other.where}: {found.written:,} "
        f"written, {found.removed:,} removed"
    )
    if found.differences:
        click.echo(f"{found.differences:,} articles differ; copy again", err=True)
        return FAILED
    click.echo("both have the same articles in the same stories")
    return FOUND
