"""The command that exports all articles of a search."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from searcher import open_search
from searcher.assembly import build_store
from searcher.command.filter_options import filter_options
from searcher.command.layout import plural
from searcher.command.options import FAILED, FOUND, NOTHING, folder_options, settings_of
from searcher.command.progress import counted
from searcher.command.query_command import QueryCommand, typed_query
from searcher.engine.searches import SORTS
from searcher.export.formats import FORMATS, pieces
from searcher.export.raw_files import write_raw_files
from searcher.export.statement import Addresses, sentence
from searcher.search.listing import WholeResult
from searcher.search.request import Request

_RAW = "raw"
"""Name of the format that is the files themselves."""


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, _RAW)),
    default="jsonl",
    show_default=True,
    help="; ".join(f"{one.name}: {one.meaning}" for one in FORMATS.values())
    + f"; {_RAW}: a ZIP archive of the files that the articles came from.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; else standard output. It appears when it is complete.",
)
@click.option(
    "--sort", type=click.Choice(SORTS), default="newest", show_default=True, help="Order."
)
@click.option(
    "-n",
    "--number",
    "most",
    type=click.IntRange(1),
    help="Maximum number of articles; all by default.",
)
@click.option(
    "--match",
    type=click.Choice(["all", "any"]),
    default="all",
    show_default=True,
    help="Export articles with all words of the query, or also those with some.",
)
@click.option(
    "--group",
    type=click.Choice(["story", "none"]),
    default="none",
    show_default=True,
    help="Export only the first of each story in this order, or every article.",
)
@filter_options
@folder_options
def export(
    query: tuple[str, ...],
    form: str,
    output: Path | None,
    most: int | None,
    match: str,
    group: str,
    index: str | None,
    raw: str | None,
    **options: Any,
) -> int:
    """Write all articles that QUERY finds to a file.

    They are of one state of the index, whatever is indexed meanwhile. The query is never corrected,
    and recency adds nothing to scores.
    """
    request = Request(
        typed_query(query),
        match_all=match == "all",
        match_any=match == "any",
        by_story=group == "story",
        **options,
    )
    if form == _RAW and output is None and sys.stdout.isatty():
        raise click.UsageError("a ZIP archive is not for a terminal; name a file with -o")
    settings = settings_of(index=index, raw=raw)
    missing = 0
    try:
        with (
            open_search(settings=settings).listings.open(request, most) as (head, rows),
            _written(output) as file,
        ):
            watched = WholeResult(head, counted(rows, head.count, "articles"))
            if form == _RAW:
                missing = write_raw_files(watched, build_store(settings), file)
            else:
                file.writelines(pieces(FORMATS[form], watched, Addresses()))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except BrokenPipeError:
        # click would end the program with the code for nothing found.
        return FAILED
    if missing:
        click.echo(f"note: {plural(missing, 'file')} cannot be read", err=True)
    for warning in head.warnings:
        click.echo(f"note: {warning}", err=True)
    if output is not None:
        click.echo(f"{output}: {sentence(head)}", err=True)
    return FOUND if head.count else NOTHING


@contextmanager
def _written(path: Path | None) -> Iterator[BinaryIO]:
    """Yield a file that replaces `path` at the end, unless an exception ends the block; standard
    output for None."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
