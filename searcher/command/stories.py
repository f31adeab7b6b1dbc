"""The commands by which readers say which articles are of one story."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from searcher.assembly import build_engine, build_story_finder
from searcher.clock import SystemClock
from searcher.command.options import FOUND, NOTHING, folder_options, settings_of
from searcher.engine.protocol import Engine
from searcher.indexing.ruling_file import add_ruling, rulings_of
from searcher.settings import Settings
from searcher.stories.rulings import Kind, Ruling


@click.group()
def stories() -> None:
    """Say which articles are of one story, and which are not."""


@stories.command()
@click.argument("article_id", metavar="ID")
@click.argument("other_id", metavar="[FROM]", required=False)
@folder_options
def separate(article_id: str, other_id: str | None, **options: str | None) -> int:
    """Say that the article ID is not of the story of the article FROM.

    Without FROM, it is of no story with the articles that are in its story now.
    """
    settings = settings_of(**options)
    if not article_id.strip():
        raise click.UsageError("an empty id names no article")
    others = [other_id] if other_id is not None else _others(build_engine(settings), article_id)
    if not others:
        return _nothing(settings, article_id, "is of one story with no other article")
    return _rule(settings, "separate", article_id, others)


@stories.command()
@click.argument("article_id", metavar="ID")
@click.argument("other_id", metavar="ID")
@folder_options
def join(article_id: str, other_id: str, **options: str | None) -> int:
    """Say that two articles are of one story."""
    return _rule(settings_of(**options), "join", article_id, [other_id])


@stories.command()
@click.argument("article_id", metavar="ID")
@click.argument("other_id", metavar="[ID]", required=False)
@folder_options
def undo(article_id: str, other_id: str | None, **options: str | None) -> int:
    """Take back what was said of two articles, or of ID and all others."""
    settings = settings_of(**options)
    if not article_id.strip() or other_id == "":
        raise click.UsageError("an empty id names no article")
    held = rulings_of(settings.raw)
    said = held.apart.get(article_id, frozenset()) | held.together.get(article_id, frozenset())
    others = sorted(said & {other_id} if other_id is not None else said)
    if not others:
        return _nothing(settings, other_id or article_id, "is in no ruling that could be undone")
    return _rule(settings, "undo", article_id, others)


def _nothing(settings: Settings, article_id: str, reason: str) -> int:
    """Say that there is no such article, or why there is nothing to do with it."""
    with build_engine(settings).snapshot() as snapshot:
        is_known = snapshot.article(article_id) is not None
    said = f"{article_id} {reason}" if is_known else f"there is no article {article_id}"
    click.echo(f"searcher: {said}", err=True)
    return NOTHING


def _others(engine: Engine, article_id: str) -> list[str]:
    """Return the ids of the other articles of an article's story."""
    with engine.snapshot() as snapshot:
        place = snapshot.place(article_id)
        found = snapshot.stories([place.story], sys.maxsize) if place else {}
    members = (member.article.id for story in found.values() for member in story.members)
    return [one for one in members if one != article_id]


def _rule(settings: Settings, kind: Kind, article_id: str, others: Sequence[str]) -> int:
    """Keep a ruling and give the articles the places that it asks for."""
    if not all(one.strip() for one in (article_id, *others)):
        raise click.UsageError("an empty id names no article")
    if article_id in others:
        raise click.UsageError("these are one article; a ruling is about two different ones")
    engine = build_engine(settings)
    ids = [article_id, *others]
    with engine.snapshot() as snapshot:
        missing = [one for one in ids if snapshot.article(one) is None]
    if missing and kind != "undo":
        click.echo(f"searcher: there is no article {missing[0]}", err=True)
        return NOTHING
    now = SystemClock().now().isoformat(timespec="seconds")
    add_ruling(settings.raw, Ruling(kind, article_id, tuple(others), now))
    if settings.stories:
        finder = build_story_finder(settings, engine)
        if kind == "join":
            finder.join(article_id, others)
        else:
            finder.place_again(ids)
    held = _others(engine, article_id)
    click.echo(f"{article_id} is of one story with {', '.join(held) or 'no other article'}")
    return FOUND
