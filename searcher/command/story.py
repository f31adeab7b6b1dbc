"""The command that prints a story over time."""

from __future__ import annotations

import click

from searcher import open_search
from searcher.command.layout import WIDTH, plural, short_date, wrapped
from searcher.command.options import FOUND, NOTHING, folder_options, print_json, settings_of
from searcher.search.timeline import Event, Timeline

_MARGIN = " " * 5
"""Indent of everything below the date of an article, as wide as its number."""


@click.command()
@click.argument("article_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the story as JSON.")
@folder_options
def story(article_id: str, as_json: bool, **options: str | None) -> int:
    """Print the story over time that the article with this ID belongs to.

    Its articles and their revisions are printed by time, with outlet, agency and place, and whose
    text each one has, as far as that can be told.
    """
    found = open_search(settings=settings_of(**options)).timelines.read(article_id)
    if found is None:
        click.echo(f"searcher: there is no article {article_id}", err=True)
        return NOTHING
    if as_json:
        print_json(found.to_json())
    else:
        _show(found)
    return FOUND


def _show(found: Timeline) -> None:
    """Print a timeline."""
    outlets = f" in {found.outlets} outlets" if found.outlets > 1 else ""
    revisions = f", {plural(found.revisions, 'revision')}" if found.revisions else ""
    click.echo(f"{plural(found.size, 'article')}{outlets}{revisions}: story:{found.id}")
    if not found.first_is_certain:
        click.echo("which was first cannot be told from their dates")
    for event in found.events:
        click.echo()
        for line in _lines(found, event):
            click.echo(line)
    unlisted = found.size - len(found.printings)
    if unlisted:
        click.echo(f"\nand {plural(unlisted, 'later article')}")


def _lines(found: Timeline, event: Event) -> list[str]:
    """Return the lines of an event."""
    one = found.printings[event.printing]
    article = one.article
    if event.at is not None and event.revision:
        seen = f"{event.at:%Y-%m-%d %H:%M UTC}"
        return [f"{_MARGIN}{seen} · {_name(found, event.printing)} changed its {event.parts}"]
    facts = (article.source, one.byline, article.language, f"id {article.id}")
    told = one.told()
    return [
        f"{event.printing + 1:3}. {short_date(article.published)}",
        *_indented(article.title),
        f"{_MARGIN}{' · '.join(filter(None, facts))}",
        *(_indented(f"{told.before} {_name(found, told.at)}{told.behind}") if told else ()),
    ]


def _indented(text: str) -> list[str]:
    lines = wrapped(text, WIDTH - len(_MARGIN))
    return [f"{_MARGIN}{text[start:end]}" for start, end in lines]


def _name(found: Timeline, at: int) -> str:
    """Return the number of an article, and its outlet."""
    source = found.printings[at].article.source
    return f"{at + 1}{f', {source}' if source else ''}"
