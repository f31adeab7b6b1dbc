"""The command line. Exit codes: 0 found or done, 1 nothing found, 2 wrong use or failure."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import click

from searcher import open_search
from searcher.article import Article, Rejected
from searcher.assembly import indexer_of
from searcher.command.alerts import alerts
from searcher.command.feeds import feeds
from searcher.command.options import (
    FAILED,
    FOUND,
    INTERRUPTED,
    NOTHING,
    places,
    print_json,
    settings_of,
    work,
)
from searcher.errors import SearcherError, UnreadableFile
from searcher.settings import Settings

_EXCLUSION = re.compile(r"-(?!-|n\d*$|h$).+", re.DOTALL)
_SHIELD = "\0"
"""Hides a minus from the option parser; no argument can hold it."""


def main() -> None:
    """Runs the command line and exits."""
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
    """The exit code, when the last of the output is out; a reader that has gone or a full disk
    takes no more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


class _QueryCommand(click.Command):
    """A command whose arguments are a query: "-word" excludes a word, so only -n and -h are short
    options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(
            ctx, [_SHIELD + arg if _EXCLUSION.fullmatch(arg) else arg for arg in args]
        )


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="news-searcher", prog_name="searcher")
def cli() -> None:
    """A full-text news search engine: index articles, search them, serve a search page."""


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--prune", is_flag=True, help="Remove articles whose file is gone or no longer gives them."
)
@work
@places
def index(paths: tuple[Path, ...], prune: bool, **options: str | None) -> int:
    """Index the files and folders at PATHS (default: the raw folder), as far as they are new or
    changed."""
    settings = settings_of(**options)
    return _update(settings, paths or (settings.raw,), prune)


def _update(settings: Settings, paths: tuple[Path, ...], prune: bool) -> int:
    from searcher.command.terminal import ProgressBar, show_report

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise click.UsageError(f"there is no {missing[0]}")
    begin = time.monotonic()
    with indexer_of(settings, ProgressBar()) as indexer:
        report = indexer.update(paths, prune)
    show_report(report, time.monotonic() - begin)
    return FOUND if report.read or report.removed else NOTHING


@cli.command()
@work
@places
def reindex(**options: str | None) -> int:
    """Rebuild the index from the raw folder (and other files indexed before) beside the live one,
    then swap."""
    from searcher.command.terminal import ProgressBar, show_report

    begin = time.monotonic()
    with indexer_of(settings_of(**options), ProgressBar()) as indexer:
        report = indexer.rebuild()
    show_report(report, time.monotonic() - begin)
    return FOUND if report.read else NOTHING


@cli.command(cls=_QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
)
@click.option(
    "-n",
    "--number",
    "size",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="Hits a page.",
)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--lang", default="", metavar="CODE", help="Only articles in this language.")
@click.option("--source", default="", metavar="NAME", help="Only articles from this outlet.")
@click.option(
    "--after", default="", metavar="DATE", help="Only articles published on that date or later."
)
@click.option(
    "--before", default="", metavar="DATE", help="Only articles published before that date."
)
@click.option(
    "--recency",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Let being new count.",
)
@click.option(
    "--broaden", is_flag=True, help="Rank by words of the best articles, too (by relevance only)."
)
@click.option(
    "--without",
    multiple=True,
    metavar="WORD",
    help="Leave out a spelling or a word that was added.",
)
@click.option("--verbatim", is_flag=True, help="Never search for what was probably meant.")
@click.option("--explain", is_flag=True, help="Say what each score is made of.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@places
def search(
    query: tuple[str, ...],
    as_json: bool,
    index: str | None,
    raw: str | None,
    recency: str,
    **options: Any,
) -> int:
    """Search for QUERY. “searcher syntax” shows what it can say; after -- nothing is taken for an
    option."""
    from searcher.command.terminal import show_hits
    from searcher.search.service import Request

    try:
        hits = open_search(settings=settings_of(index=index, raw=raw)).run(
            Request(
                " ".join(word.removeprefix(_SHIELD) for word in query),
                recency=recency == "on",
                **options,
            )
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(hits.to_json())
    else:
        show_hits(hits, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    return FOUND if hits.hits else NOTHING


@cli.command()
def syntax() -> None:
    """Print what a query can say."""
    from searcher.query.help import ROWS

    width = max(len(row.example) for row in ROWS)
    for row in ROWS:
        click.echo(f"{row.example:{width}}  {row.finds}")


@cli.command()
@click.argument("article_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the article as JSON.")
@click.option(
    "--version", "number", type=click.IntRange(1), metavar="N", help="As it was in its Nth version."
)
@click.option("--versions", "all_versions", is_flag=True, help="What changed since it appeared.")
@places
def show(
    article_id: str,
    as_json: bool,
    number: int | None,
    all_versions: bool,
    index: str | None,
    raw: str | None,
) -> int:
    """Print the article with this ID."""
    from searcher.command.terminal import show_article, show_versions

    service = open_search(settings=settings_of(index=index, raw=raw))
    article = service.article(article_id)
    if article is None:
        click.echo(f"searcher: there is no article {article_id}", err=True)
        return NOTHING
    if all_versions:
        versions = service.versions(article)
        if as_json:
            print_json([version.to_json() for version in versions])
        else:
            show_versions(versions, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
        return FOUND
    if number is not None:
        article = service.version(article, number - 1) if number <= len(article.versions) else None
        if article is None:
            click.echo(
                f"searcher: there is no version {number} of {article_id} in the archive", err=True
            )
            return NOTHING
    if as_json:
        print_json(article.to_json())
    else:
        show_article(article)
    return FOUND


@cli.command()
@click.argument("article_id", metavar="ID")
@click.option(
    "-n",
    "--number",
    "size",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="Articles.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@places
def similar(article_id: str, size: int, as_json: bool, index: str | None, raw: str | None) -> int:
    """Print the articles most like the one with this ID."""
    from searcher.command.terminal import show_ranked

    found = open_search(settings=settings_of(index=index, raw=raw)).similar(article_id, size)
    if found is None:
        click.echo(f"searcher: there is no article {article_id}", err=True)
        return NOTHING
    hits, words = found
    if as_json:
        print_json({"words": list(words), "hits": [hit.to_json() for hit in hits]})
    else:
        click.echo(f"by its telling words: {', '.join(words)}")
        show_ranked(hits, 1, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    return FOUND if hits else NOTHING


@cli.command()
@click.argument("text")
@places
def suggest(text: str, index: str | None, raw: str | None) -> int:
    """Print what a query that begins with TEXT may become."""
    found = open_search(settings=settings_of(index=index, raw=raw)).suggest(text)
    for suggestion in found:
        click.echo(suggestion)
    return FOUND if found else NOTHING


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of the articles.")
@places
def parse(file: Path, as_json: bool, index: str | None, raw: str | None) -> int:
    """Print what would be indexed of FILE, without indexing it."""
    from searcher.clock import SystemClock
    from searcher.command.terminal import show_article
    from searcher.reading.articles import read_articles
    from searcher.reading.raw_store import RawStore

    settings = settings_of(index=index, raw=raw)
    files = list(RawStore(settings.raw, settings.max_file_bytes).files([file]))
    readable = [found for found in files if not isinstance(found, UnreadableFile)]
    steps = [step for _, step in read_articles(readable, SystemClock().now(), 1, lambda _: None)]
    articles = [step for step in steps if isinstance(step, Article)]
    problems = [
        problem for problem in [*files, *steps] if isinstance(problem, (UnreadableFile, Rejected))
    ]
    for problem in problems:
        click.echo(f"skipped {problem}", err=True)
    if (
        not articles
        and not file.is_dir()
        and any(isinstance(problem, UnreadableFile) for problem in problems)
    ):
        return FAILED
    if as_json:
        print_json([article.to_json() for article in articles])
    for number, article in enumerate(articles if not as_json else []):
        click.echo("\n" + "=" * 20 + "\n" if number else "", nl=bool(number))
        show_article(article)
    return FOUND if articles else NOTHING


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@places
def stats(as_json: bool, index: str | None, raw: str | None) -> int:
    """Print how many articles there are, by language and source."""
    from searcher.command.terminal import show_facet

    settings = settings_of(index=index, raw=raw)
    service = open_search(settings=settings)
    articles, size = (
        service.count(),
        sum(file.stat().st_size for file in settings.index.rglob("*") if file.is_file()),
    )
    facets = {"languages": service.facet("language"), "sources": service.facet("source")}
    if as_json:
        print_json({"articles": articles, "bytes": size, **facets})
        return FOUND
    click.echo(f"{articles:,} articles, {size / 1e6:,.1f} MB in {settings.index}")
    for name, counts in facets.items():
        show_facet(name, counts)
    return FOUND


@cli.command()
@places
def check(index: str | None, raw: str | None) -> int:
    """Verify the index against itself and say what is wrong with it."""
    from searcher.engine.whoosh_engine import WhooshEngine
    from searcher.indexing.check import problems

    settings = settings_of(index=index, raw=raw)
    found = 0
    for problem in problems(WhooshEngine(settings.index), settings.index):
        click.echo(problem)
        found += 1
    click.echo(
        f"{found} problems found; “searcher reindex” rebuilds the index"
        if found
        else "the index is sound"
    )
    return FAILED if found else FOUND


@cli.command()
@click.option(
    "--update", is_flag=True, help="First index what is new or changed in the raw folder."
)
@places
def serve(update: bool, index: str | None, raw: str | None) -> int:
    """Serve the search page and the API at HOST and PORT (default 127.0.0.1 and 8000)."""
    try:
        settings = settings_of(index=index, raw=raw).served()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if update:
        _update(settings, (settings.raw,), prune=False)
    from web import serve as run

    where = f"{settings.host}:{settings.port}"
    try:
        run(settings, lambda: click.echo(f"searching {settings.index} at http://{where}", err=True))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"cannot serve at {where}: {error}") from error
    return FOUND


cli.add_command(feeds)
cli.add_command(alerts)
