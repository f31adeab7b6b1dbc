"""Printing of articles and of their versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

from searcher.article import Article, Passage, Timestamp
from searcher.command.layout import WIDTH, short_date, wrapped
from searcher.command.show_comparison import merged_line
from searcher.search.versions import VersionRead
from searcher.stories.comparison import compare
from searcher.stories.merged import changed_rows, merged_lines

_OTHER_SHOWN = 80
"""Maximum number of characters shown of a value that a file states elsewhere."""
_PASSAGE_SHOWN = 60
"""Maximum number of characters shown of a passage in another language."""


Others = Mapping[str, Sequence[tuple[str, str]]]
"""By name of a field the values from other places, each with where."""
_NOTHING: Others = {}


def show_all(articles: Iterable[Article], others: Sequence[Others] = ()) -> None:
    """Print articles with a line between them. others: as for `show_article`, one an article."""
    for number, article in enumerate(articles):
        if number:
            click.echo("\n" + "=" * 20 + "\n")
        show_article(article, others[number] if others else _NOTHING)


def show_article(article: Article, others: Others = _NOTHING) -> None:
    """Print a whole article with its metadata, and the place where each value was found.

    others: values that the file states elsewhere.
    """
    click.echo(article.headline or article.title)
    click.echo()
    for name, value in _rows(article).items():
        if value:
            where = article.found.get(name)
            click.echo(f"{name + ':':<12}{value}{f' (from {where})' if where else ''}")
        for place, other in others.get(name, ()):
            shown = f"{other[:_OTHER_SHOWN]}{'…' if len(other) > _OTHER_SHOWN else ''}"
            label = "also seen:" if value else f"{name}: none; seen:"
            click.echo(f"{'':<12}{label} {shown} ({place})")
    for paragraph in article.paragraphs:
        click.echo()
        for start, end in wrapped(paragraph, WIDTH):
            click.echo(paragraph[start:end])


def _rows(article: Article) -> dict[str, str]:
    """Return the metadata by name; empty values are not shown."""
    kinds = (article.kind, "behind a paywall" if article.paywalled else "")
    several = len(article.versions) > 1
    return {
        "id": article.id,
        "headline": f"{len(article.headline)} characters" if article.headline else "",
        "body": f"{len(article.paragraphs)} paragraph(s)" if article.paragraphs else "",
        "published": _stamp(article.published),
        "updated": _stamp(article.updated) if article.updated else "",
        "source": article.source,
        "first seen": _stamp(article.first_seen) if article.first_seen else "",
        "authors": ", ".join(article.authors),
        "agency": article.agency,
        "dateline": article.dateline,
        "section": article.section,
        "language": f"{article.language} ({article.language_confidence:.0%} sure)",
        "url": article.url,
        "also at": ", ".join(article.addresses),
        "image": article.image,
        "kind": ", ".join(kind for kind in kinds if kind),
        "notices": " ".join(article.notices),
        "foreign": "; ".join(_passage(article, passage) for passage in article.foreign),
        "repaired": ", ".join(_joined(article, *join) for join in article.joins),
        "versions": f"{len(article.versions)}, listed by --versions" if several else "",
        "origin": f"{article.origin} ({article.format})",
        "warnings": "; ".join(article.warnings),
    }


def _stamp(stamp: Timestamp | None) -> str:
    return f"{short_date(stamp)} (from {stamp.source})" if stamp else "undated"


def _passage(article: Article, passage: Passage) -> str:
    text = article.paragraphs[passage.paragraph][passage.start : passage.end]
    shown = f"{text[:_PASSAGE_SHOWN]}{'…' if len(text) > _PASSAGE_SHOWN else ''}"
    return f"{passage.language} in paragraph {passage.paragraph + 1}: {shown}"


def _joined(article: Article, paragraph: int, at: int) -> str:
    """Return the two words that were joined at a place: "Russia|which"."""
    text = article.paragraphs[paragraph]
    return f"{text[:at].split(' ')[-1]}|{text[at:].split(' ')[0]}"


def show_versions(versions: Sequence[VersionRead], colour: bool) -> None:
    """Print the versions of an article, and the changes from each to the next."""
    before: Article | None = None
    for one in versions:
        changed = f": {' and '.join(one.version.changed)} changed" if one.version.changed else ""
        click.echo(f"{one.number}. seen {one.version.seen:%Y-%m-%d %H:%M UTC}{changed}")
        if one.article is None:
            click.echo("   no longer in the archive")
        elif before is not None:
            found = compare(before, one.article)
            for row in changed_rows(found):
                for line in merged_lines(found, row):
                    headline = "headline: " if 0 in row.first else ""
                    click.echo(f"   {headline}{merged_line(line, colour)}")
        before = one.article
