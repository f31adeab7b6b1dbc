"""The command that counts the articles of a query by period."""

from __future__ import annotations

from typing import Any

import click

from searcher import open_search
from searcher.command.filter_options import filter_options
from searcher.command.layout import WIDTH, plural
from searcher.command.options import FOUND, NOTHING, folder_options, print_json, settings_of
from searcher.command.query_command import QueryCommand, typed_query
from searcher.command.show_hits import show_warning
from searcher.search.attention import Attention, Period
from searcher.search.periods import STEPS
from searcher.search.request import Request
from searcher.search.tables import attention_csv

_BAR = "█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
"""Bars of nothing to seven eighths of a column."""
_LONGEST_BAR = 60
"""Width of the longest bar, in columns."""


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--by", type=click.Choice(STEPS), help="Length of the periods; by default one that suits."
)
@click.option("--share", is_flag=True, help="Draw the share of all articles, not the number.")
@click.option("--stories", is_flag=True, help="Draw the number of stories, not of articles.")
@filter_options
@click.option("--csv", "as_csv", is_flag=True, help="Print the periods as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@folder_options
def attention(
    query: tuple[str, ...],
    by: Any,
    share: bool,
    stories: bool,
    as_csv: bool,
    as_json: bool,
    index: str | None,
    raw: str | None,
    **filters: Any,
) -> int:
    """Count the articles that QUERY finds by day, week, month or year.

    Periods are of the calendar in UTC. Each has its number of articles, that of stories that begin
    in it, and the share of all articles. Peaks are described by their telling words, their most
    typical headline and their largest story.
    """
    if share and stories:
        raise click.UsageError("--share or --stories can be drawn, not both")
    service = open_search(settings=settings_of(index=index, raw=raw))
    try:
        found = service.attention.count(Request(typed_query(query), **filters), by)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json(found.to_json())
    elif as_csv:
        click.echo(attention_csv(found), nl=False)
    else:
        _show(found, "share" if share else "stories" if stories else "articles")
    return FOUND if found.total else NOTHING


def _show(found: Attention, drawn: str) -> None:
    """Print the periods with bars, and the peaks; warnings on standard error."""
    for warning in found.warnings:
        show_warning(found.query, warning)
    if not found.total:
        click.echo("no articles found")
        return
    undated = f", {found.undated:,} of them undated" if found.undated else ""
    stories = f" in {plural(found.total_stories, 'story', 'stories')}"
    if found.total_stories == found.total:
        stories = ""
    click.echo(f"{plural(found.total, 'article')}{stories}{undated}, by {found.step} (UTC)\n")
    click.echo(f"{'':10}{'articles':>9}{'stories':>9}{'share':>9}")
    numbers = {peak.place: number for number, peak in enumerate(found.peaks, 1)}
    values = [_value(period, drawn) for period in found.periods]
    for place, period in enumerate(found.periods):
        bar = _bar(values[place] / (max(values) or 1))
        mark = f" {numbers[place]}" if place in numbers else ""
        click.echo(f"{period.start}{_numbers(period)} {bar}{mark}".rstrip())
    for number, peak in enumerate(found.peaks, 1):
        words = ", ".join(peak.label.about.words)
        line = f"{number:3}. {found.periods[peak.place].start}  {words}"
        click.echo(f"\n{line.rstrip()}")
        if peak.label.about.headline:
            click.echo(f"     {peak.label.about.headline[: WIDTH - 5]}")
        if peak.label.story:
            story = peak.label.story
            line = f"     {plural(story.articles, 'article')}, story:{story.id}: {story.title}"
            click.echo(line[:WIDTH])


def _numbers(period: Period) -> str:
    return f"{period.count.articles:9,}{period.stories:9,}{period.count.share:9.2%}"


def _value(period: Period, drawn: str) -> float:
    if drawn == "stories":
        return period.stories
    return period.count.share if drawn == "share" else period.count.articles


def _bar(part: float) -> str:
    """Return a bar for a part of the largest value; the smallest one is visible."""
    eighths = round(part * _LONGEST_BAR * 8) or (1 if part else 0)
    return (_BAR * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
