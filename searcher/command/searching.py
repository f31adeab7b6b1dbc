"""The commands that read the index."""

from __future__ import annotations

from typing import Any

import click

from searcher import open_search
from searcher.article import Article
from searcher.assembly import build_engine
from searcher.command.filter_options import filter_options
from searcher.command.layout import plural
from searcher.command.options import (
    FOUND,
    NOTHING,
    folder_options,
    in_colour,
    print_json,
    settings_of,
)
from searcher.command.query_command import QueryCommand, typed_query
from searcher.command.show_hits import show_facet, show_hits, show_ranked
from searcher.engine.searches import SORTS
from searcher.query.fields import ROWS
from searcher.search.request import LARGEST_PAGE, Request
from searcher.search.service import SearchService


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="relevance",
    show_default=True,
    help="Order of the hits.",
)
@click.option(
    "-n",
    "--number",
    "size",
    type=click.IntRange(1, LARGEST_PAGE),
    default=10,
    show_default=True,
    help="Number of hits on a page.",
)
@click.option(
    "--page", type=click.IntRange(1), default=1, show_default=True, help="Number of the page."
)
@filter_options
@click.option(
    "--recency",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Rank recent articles slightly higher.",
)
@click.option(
    "--broaden",
    is_flag=True,
    help="Rank also by typical words of the best articles (with --sort relevance only).",
)
@click.option(
    "--without",
    multiple=True,
    metavar="WORD",
    help="Ignore a spelling or a word that was added to the query.",
)
@click.option(
    "--group",
    type=click.Choice(["story", "none"]),
    default="story",
    show_default=True,
    help="Print articles of one story as one hit.",
)
@click.option("--verbatim", is_flag=True, help="Never correct the query.")
@click.option("--explain", is_flag=True, help="Print the parts of each score.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@folder_options
def search(
    query: tuple[str, ...],
    as_json: bool,
    index: str | None,
    raw: str | None,
    recency: str,
    group: str,
    **options: Any,
) -> int:
    """Search for QUERY.

    “searcher syntax” prints the query language. Everything after -- is part of the query, not an
    option.
    """
    request = Request(
        typed_query(query), recency=recency == "on", by_story=group == "story", **options
    )
    try:
        hits = _service(index=index, raw=raw).run(request)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(hits.to_json())
    else:
        show_hits(hits, in_colour())
    return FOUND if hits.hits else NOTHING


def _service(**options: str | None) -> SearchService:
    return open_search(settings=settings_of(**options))


@click.command()
def syntax() -> None:
    """Print the query language."""
    width = max(len(row.example) for row in ROWS)
    for row in ROWS:
        click.echo(f"{row.example:{width}}  {row.finds}")


@click.command()
@click.argument("article_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the article as JSON.")
@click.option(
    "--version",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Print the Nth version of the article.",
)
@click.option(
    "--versions", "all_versions", is_flag=True, help="Print what changed in each version."
)
@folder_options
def show(
    article_id: str, as_json: bool, number: int | None, all_versions: bool, **options: str | None
) -> int:
    """Print the article with this ID."""
    service = _service(**options)
    article = service.articles.get(article_id)
    if article is None:
        return _no_such_article(article_id)
    if all_versions:
        return _show_versions(service, article, as_json)
    if number is not None:
        article = service.versions.read(article, number)
        if article is None:
            message = f"there is no version {number} of {article_id} in the archive"
            click.echo(f"searcher: {message}", err=True)
            return NOTHING
    if as_json:
        print_json(article.to_json())
    else:
        # Here, as comparing versions is no part of a search.
        from searcher.command.show_article import show_article

        show_article(article)
    return FOUND


def _show_versions(service: SearchService, article: Article, as_json: bool) -> int:
    from searcher.command.show_article import show_versions

    versions = service.versions.all(article)
    if as_json:
        print_json([version.to_json() for version in versions])
    else:
        show_versions(versions, in_colour())
    return FOUND


def _no_such_article(article_id: str) -> int:
    click.echo(f"searcher: there is no article {article_id}", err=True)
    return NOTHING


@click.command()
@click.argument("article_id", metavar="ID")
@click.option(
    "-n",
    "--number",
    "size",
    type=click.IntRange(1, LARGEST_PAGE),
    default=10,
    show_default=True,
    help="Maximum number of articles.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@folder_options
def similar(article_id: str, size: int, as_json: bool, **options: str | None) -> int:
    """Print the articles most similar to one.

    ID is that of the one article. Similar articles contain its most distinctive words.
    """
    found = _service(**options).similar.find(article_id, size)
    if found is None:
        return _no_such_article(article_id)
    hits, words = found
    if as_json:
        print_json({"words": list(words), "hits": [hit.to_json() for hit in hits]})
    else:
        click.echo(f"by its distinctive words: {', '.join(words)}")
        show_ranked(hits, 1, in_colour())
    return FOUND if hits else NOTHING


@click.command()
@click.argument("text")
@folder_options
def suggest(text: str, **options: str | None) -> int:
    """Print completions of a query.

    TEXT is the beginning of the query.
    """
    found = _service(**options).suggestions.complete(text)
    for suggestion in found:
        click.echo(suggestion)
    return FOUND if found else NOTHING


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@folder_options
def stats(as_json: bool, **options: str | None) -> int:
    """Count the articles by language and source."""
    settings = settings_of(**options)
    service = open_search(settings=settings)
    articles, stories = service.articles.count(), service.articles.stories()
    engine = build_engine(settings)
    size = engine.stored_bytes()
    facets = {
        "languages": service.articles.facet("language"),
        "sources": service.articles.facet("source"),
    }
    if as_json:
        print_json({"articles": articles, "stories": stories, "bytes": size, **facets})
        return FOUND
    in_stories = f" in {plural(stories, 'story', 'stories')}" if stories < articles else ""
    held = f"{plural(articles, 'article')}{in_stories}"
    click.echo(f"{held}, {size / 1e6:,.1f} MB in {engine.where}")
    for name, counts in facets.items():
        show_facet(name, counts)
    return FOUND
