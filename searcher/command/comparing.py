"""The command that compares two articles."""

from __future__ import annotations

import click

from searcher import open_search
from searcher.command.options import (
    FOUND,
    NOTHING,
    folder_options,
    in_colour,
    print_json,
    settings_of,
)
from searcher.command.show_comparison import show_comparison
from searcher.stories.comparison import compare as compared


@click.command()
@click.argument("first_id", metavar="ID")
@click.argument("second_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@folder_options
def compare(first_id: str, second_id: str, as_json: bool, **options: str | None) -> int:
    """Print how two articles differ.

    Their texts are printed as one, with [-cut-] and {+added+} words, [~both~spellings~] of a word,
    and sentences that moved. A summary comes first.
    """
    if first_id == second_id:
        raise click.UsageError("these are one article; two different ones can be compared")
    service = open_search(settings=settings_of(**options))
    articles = []
    for article_id in (first_id, second_id):
        article = service.articles.get(article_id)
        if article is None:
            click.echo(f"searcher: there is no article {article_id}", err=True)
            return NOTHING
        articles.append(article)
    found = compared(*articles)
    if as_json:
        ids = [{"id": article.id, "title": article.title} for article in articles]
        print_json({"articles": ids, **found.to_json()})
    else:
        show_comparison(articles[0], articles[1], found, in_colour())
    return FOUND
