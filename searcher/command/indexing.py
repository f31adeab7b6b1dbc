"""The commands that read files and write the index."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

import click

from searcher.article import Rejected
from searcher.assembly import build_engine, build_store, open_indexer
from searcher.clock import SystemClock
from searcher.command.options import (
    FAILED,
    FOUND,
    NOTHING,
    folder_options,
    print_json,
    settings_of,
    work_options,
)
from searcher.command.progress import ProgressBar, show_report
from searcher.command.show_article import show_all
from searcher.errors import UnreadableFile
from searcher.indexing.check import problems
from searcher.indexing.ruling_file import damaged_lines
from searcher.reading.explain import Explained, explained
from searcher.settings import Settings


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--prune",
    is_flag=True,
    help="Remove articles whose file is gone or no longer contains them.",
)
@work_options
@folder_options
def index(paths: tuple[Path, ...], prune: bool, **options: str | None) -> int:
    """Index new and changed files.

    PATHS are files and folders; without any, the raw folder is indexed.
    """
    settings = settings_of(**options)
    return update(settings, paths or (settings.raw,), prune)


def update(settings: Settings, paths: tuple[Path, ...], prune: bool) -> int:
    """Index new and changed files of `paths`, print a report and return the exit code. Raises
    UsageError for a path that does not exist."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise click.UsageError(f"{missing[0]} does not exist")
    begin = time.monotonic()
    _warn(settings)
    with open_indexer(settings, ProgressBar()) as indexer:
        report = indexer.update(paths, prune)
    show_report(report, time.monotonic() - begin)
    return FOUND if report.read or report.removed else NOTHING


def _warn(settings: Settings) -> None:
    """Tell which rulings of readers cannot be honoured."""
    for message in damaged_lines(settings.raw):
        click.echo(f"searcher: {message}", err=True)


@click.command()
@work_options
@folder_options
def reindex(**options: str | None) -> int:
    """Rebuild the whole index.

    All of the raw folder is read again, and every other file that was indexed before. Searches use
    the old index until the new one is complete.
    """
    begin = time.monotonic()
    settings = settings_of(**options)
    _warn(settings)
    with open_indexer(settings, ProgressBar()) as indexer:
        report = indexer.rebuild()
    show_report(report, time.monotonic() - begin)
    return FOUND if report.read else NOTHING


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of the articles.")
@folder_options
def parse(file: Path, as_json: bool, **options: str | None) -> int:
    """Print the articles of FILE as they would be indexed.

    Shows where each value was found, and the values that other places of FILE state.
    """
    files = list(build_store(settings_of(**options)).files([file]))
    readable = [found for found in files if not isinstance(found, UnreadableFile)]
    steps = list(explained(readable, SystemClock().now()))
    found = [step for step in steps if isinstance(step, Explained)]
    failures = [step for step in [*files, *steps] if isinstance(step, (UnreadableFile, Rejected))]
    for failure in failures:
        click.echo(f"skipped {failure}", err=True)
    unreadable = any(isinstance(failure, UnreadableFile) for failure in failures)
    if not found and unreadable and not file.is_dir():
        return FAILED
    if as_json:
        print_json([{**one.article.to_json(), "stated": one.stated_json()} for one in found])
    else:
        show_all((one.article for one in found), [one.others() for one in found])
    return FOUND if found else NOTHING


@click.command()
@folder_options
def check(**options: str | None) -> int:
    """Verify the index and print its errors.

    Compares every posting with the stored articles, and the catalogue of files with both. Names
    the lines of readers' rulings that cannot be read.
    """
    settings = settings_of(**options)
    found = 0
    held = problems(build_engine(settings), settings.index)
    for problem in chain(held, damaged_lines(settings.raw)):
        click.echo(problem)
        found += 1
    click.echo(
        f"{found} errors found; “searcher reindex” rebuilds the index"
        if found
        else "the index has no errors"
    )
    return FAILED if found else FOUND
