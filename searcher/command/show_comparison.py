"""Printing of two articles as one text with their differences marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from searcher.article import Article
from searcher.command.layout import short_date
from searcher.stories.comparison import Comparison
from searcher.stories.merged import Wording, merged_lines
from searcher.stories.summary import Summary

_LONGEST_BEGINNING = 60
"""Maximum number of characters that are printed of a sentence that moved, where it was."""


def show_comparison(first: Article, second: Article, found: Comparison, colour: bool) -> None:
    """Print the summary of a comparison, and the two articles as one text."""
    for name, article, words in zip(
        ("first", "second"), (first, second), found.summary.words, strict=True
    ):
        facts = [short_date(article.published), article.source, f"{words:,} words"]
        click.echo(f"{name:<8}{article.id} · {' · '.join(filter(None, facts))}")
    click.echo()
    for line in summary_lines(found.summary):
        click.echo(line)
    for row in found.rows:
        click.echo(f"\n{_places(row.first)} | {_places(row.second)}")
        for wordings in merged_lines(found, row):
            click.echo(merged_line(wordings, colour))


def summary_lines(summary: Summary) -> Iterator[str]:
    """Yield the lines of a summary: shared text, moved sentences, figures, names and quotes."""
    first, second = summary.shared_of
    yield f"shared: {summary.shared}% ({first}% of the first, {second}% of the second)"
    if summary.moved:
        yield f"moved: {summary.moved} sentence{'s' if summary.moved > 1 else ''}"
    for one in summary.figures:
        yield f"figures: {one.first} | {one.second}"
    for one in summary.names:
        yield f"name: {one.first} | {one.second}"
    for name, quotes in zip(("first", "second"), summary.quotes, strict=True):
        for quote in quotes:
            yield f"only in the {name}: “{quote}”"


def merged_line(wordings: Sequence[Wording], colour: bool) -> str:
    """Return a line of the merged text, with marks as wdiff has them, or in colour."""
    moved = wordings[0].moved
    if moved is None:
        return "".join(_wording(one, colour) for one in wordings).rstrip()
    is_first = any(one.first for one in wordings)
    text = "".join(one.first for one in wordings).rstrip()
    if is_first:
        short = f"{text[:_LONGEST_BEGINNING]}…" if len(text) > _LONGEST_BEGINNING else text
        return f"[moved to {_place(moved)}: {short}]"
    text = "".join(_wording(one, colour) for one in wordings).rstrip()
    return f"[moved from {_place(moved)}:] {text}"


def _places(paragraphs: range) -> str:
    """Return the numbers of paragraphs: "3" or "8-11"; "-" for none."""
    if not paragraphs:
        return "-"
    first, last = paragraphs[0], paragraphs[-1]
    return _place(first) if first == last else f"{first}-{last}"


def _place(paragraph: int) -> str:
    return str(paragraph) if paragraph else "headline"


def _wording(one: Wording, colour: bool) -> str:
    """Return a part of the merged text."""
    if one.kind == "same":
        return one.second
    if one.kind == "spelling" and one.first and one.second and not colour:
        return f"[~{one.first}~{one.second}~]"
    cut, added = f"[-{one.first}-]", f"{{+{one.second}+}}"
    if colour:
        cut = click.style(one.first, fg="red", strikethrough=True)
        added = click.style(one.second, fg="green")
    return " ".join(([cut] if one.first else []) + ([added] if one.second else []))
