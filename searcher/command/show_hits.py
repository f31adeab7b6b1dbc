"""Printing of search results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from searcher.command.layout import WIDTH, highlighted, plural, short_date, wrapped
from searcher.engine.places import Story
from searcher.query.tree import Span, Warning
from searcher.search.hits import Correction, Hit, Hits, Marked, Snippet

_MARGIN = " " * 5
"""Indent of everything below the title of a hit, as wide as its number."""
_PLACE_SHOWN = 40
"""Maximum number of characters of a query shown with a warning about them."""
_VALUES_SHOWN = 20
"""Maximum number of values printed of a facet; the others are counted."""


def show_hits(hits: Hits, colour: bool) -> None:
    """Print a ranked list of hits, and its warnings on standard error."""
    for warning in hits.warnings:
        show_warning(hits.query, warning)
    if hits.correction:
        click.echo(_correction(hits, hits.correction))
    if hits.entries == 0:
        click.echo("no articles found")
        for advice in hits.advice:
            click.echo(f"{advice.kind} {advice.part}: {plural(advice.total, 'article')}")
        return
    for word, spellings in hits.also:
        click.echo(f"{word} also as: {', '.join(spellings)}")
    if hits.frequent:
        click.echo(f"in too many articles to find by: {', '.join(hits.frequent)}")
    if hits.added:
        click.echo(f"ranked also by: {', '.join(hits.added)}")
    pages = f", page {hits.page} of {hits.pages}" if hits.pages > 1 else ""
    click.echo(f"{_summary(hits)} ({hits.took_ms:.0f} ms{pages})")
    if not hits.hits:
        click.echo(f"there is no page {hits.page}")
    show_ranked(hits.hits, (hits.page - 1) * hits.size + 1, colour)


def _correction(hits: Hits, correction: Correction) -> str:
    if correction.applied:
        return (
            f"nothing was found for {hits.query}; these are results for {correction.query}"
            " (not with --verbatim)"
        )
    return f"did you mean: {correction.query}"


def _summary(hits: Hits) -> str:
    """Return the number of articles that count, and of those with all and some of the words."""
    articles = plural(hits.total, "article")
    if hits.total_copies:
        articles += f" ({plural(hits.total_copies, 'copy', 'copies')})"
    if 0 <= hits.total_stories < hits.total:
        articles += f" in {plural(hits.total_stories, 'story', 'stories')}"
    if hits.total_some:
        return f"{articles} with all words; {hits.total_some:,} with some"
    if hits.total == hits.total_all:
        return articles
    return f"{articles}, {hits.total_all or 'none'} of them with all words"


def show_ranked(hits: Iterable[Hit], first: int, colour: bool) -> None:
    """Print hits, numbered from `first`, with the parts of their scores if they have them."""
    for number, hit in enumerate(hits, first):
        click.echo()
        title = highlighted(hit.title, (0, len(hit.title.text)), colour)
        click.echo(f"{number:3}. {title}")
        click.echo(f"{_MARGIN}{_facts(hit)}")
        for snippet in map(framed, hit.snippets):
            for line in wrapped(snippet.text, WIDTH - len(_MARGIN)):
                click.echo(f"{_MARGIN}{highlighted(snippet, line, colour)}")
        if hit.story:
            click.echo(f"{_MARGIN}{_story(hit.story)}")
        if hit.parts:
            parts = " + ".join(f"{score:.3f} {name}" for name, score in hit.parts)
            click.echo(f"{_MARGIN}{hit.score:.3f} = {parts}")


def _story(story: Story) -> str:
    """Return the size of a story, and the query that lists its articles."""
    outlets = f" in {story.outlets} outlets" if story.outlets > 1 else ""
    return f"{plural(story.size, 'article')}{outlets}: story:{story.id}"


def _facts(hit: Hit) -> str:
    article = hit.article
    facts = [
        short_date(article.published),
        article.source,
        article.language,
        f"id {article.id}",
        article.url,
    ]
    return " · ".join(fact for fact in facts if fact)


def framed(snippet: Snippet) -> Marked:
    """Return the snippet with an ellipsis at each end that cuts a sentence."""
    before, after = "" if snippet.opens else "… ", "" if snippet.closes else " …"
    moved = tuple((start + len(before), end + len(before)) for start, end in snippet.highlights)
    return Marked(before + snippet.text + after, moved)


def show_warning(query: str, warning: Warning) -> None:
    """Print a warning about a query on standard error."""
    click.echo(f"searcher: {warning.message}{_place(query, warning.span)}", err=True)


def _place(query: str, span: Span) -> str:
    """Return the place in the query that a warning is about, counted from 1, and its text."""
    start, end = span
    shown = query[start : min(end, start + _PLACE_SHOWN)]
    return f" (at {start + 1}: {shown}{'…' if end - start > _PLACE_SHOWN else ''})" if shown else ""


def show_facet(name: str, counts: Mapping[str, int]) -> None:
    """Print the most frequent values of a facet, each with its number of articles."""
    click.echo(f"\n{name}:")
    for value, count in list(counts.items())[:_VALUES_SHOWN]:
        click.echo(f"{count:9,}  {value or '(unknown)'}")
    if len(counts) > _VALUES_SHOWN:
        click.echo(f"{'':9}  and {len(counts) - _VALUES_SHOWN} more")
