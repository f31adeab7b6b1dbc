"""What the commands print."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from typing import Any

import click

from searcher.article import Article
from searcher.article import Timestamp
from searcher.hits import Hit
from searcher.hits import Hits
from searcher.hits import Marked
from searcher.report import Progress
from searcher.report import Report

_WIDTH = 100
_SKIPPED_SHOWN = 50
_VALUES_SHOWN = 20


def show_hits(hits: Hits, colour: bool) -> None:
    """A ranked list; warnings go to standard error."""
    for warning in hits.warnings:
        click.echo(f"searcher: {warning.message}", err=True)
    if hits.total == 0:
        click.echo("no articles found")
        return
    pages = f", page {hits.page} of {hits.pages}" if hits.pages > 1 else ""
    click.echo(f"{summary(hits)} ({hits.took_ms:.0f} ms{pages})")
    for number, hit in enumerate(hits.hits, (hits.page - 1) * hits.size + 1):
        click.echo()
        click.echo(f"{number:3}. {_marked(hit.title, colour)}")
        click.echo(f"     {_facts(hit)}")
        for snippet in hit.snippets:
            text = f"{'' if snippet.opens else '… '}{_marked(snippet, colour)}{'' if snippet.closes else ' …'}"
            click.echo(textwrap.fill(text, _WIDTH, initial_indent="     ", subsequent_indent="     "))


def summary(hits: Hits) -> str:
    """How many articles match, and how many of them hold everything that was wanted."""
    articles = f"{hits.total:,} article{'' if hits.total == 1 else 's'}"
    return articles if hits.total == hits.total_all else f"{articles}, {hits.total_all:,} of them with all words"


def _facts(hit: Hit) -> str:
    article = hit.article
    facts = [short_date(article.published), article.source, article.language, f"id {article.id}", article.url]
    return " · ".join(fact for fact in facts if fact)


def short_date(stamp: Timestamp | None) -> str:
    """The date as precisely as it was stated: "2022", "2022-06", "2022-06-26" or "2022-06-26 10:15 UTC"."""
    if stamp is None:
        return "undated"
    pattern = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}.get(stamp.precision, "%Y-%m-%d %H:%M UTC")
    return stamp.value.strftime(pattern)


def _marked(marked: Marked, colour: bool) -> str:
    parts, at = [], 0
    for start, end in marked.highlights:
        word = marked.text[start:end]
        parts += [marked.text[at:start], click.style(word, fg="yellow", bold=True) if colour else f"*{word}*"]
        at = end
    return "".join([*parts, marked.text[at:]])


def show_article(article: Article) -> None:
    """A whole article with what is known of it."""
    click.echo(article.headline or article.title)
    click.echo()
    rows = {
        "id": article.id,
        "published": _stamp(article.published),
        "updated": _stamp(article.updated) if article.updated else "",
        "source": article.source,
        "authors": ", ".join(article.authors),
        "section": article.section,
        "language": f"{article.language} ({article.language_confidence:.0%} sure)",
        "url": article.url,
        "origin": f"{article.origin} ({article.format})",
        "warnings": "; ".join(article.warnings),
    }
    for name, value in rows.items():
        if value:
            click.echo(f"{name + ':':<11}{value}")
    for paragraph in article.paragraphs:
        click.echo()
        click.echo(textwrap.fill(paragraph, _WIDTH))


def _stamp(stamp: Timestamp | None) -> str:
    return f"{short_date(stamp)} (from {stamp.source})" if stamp else "undated"


def show_report(report: Report, seconds: float) -> None:
    """What an indexing run did, on standard error but for the counts."""
    for line in report.skipped[:_SKIPPED_SHOWN]:
        click.echo(f"skipped {line}", err=True)
    if len(report.skipped) > _SKIPPED_SHOWN:
        click.echo(f"skipped {len(report.skipped) - _SKIPPED_SHOWN} more", err=True)
    counts = [
        f"{report.added:,} added",
        f"{report.updated:,} updated",
        f"{report.unchanged:,} unchanged",
        f"{len(report.skipped):,} skipped",
    ]
    if report.older:
        counts.append(f"{report.older:,} older versions left out")
    if report.removed:
        counts.append(f"{report.removed:,} removed")
    done = report.added + report.updated
    rate = f" in {seconds:.1f} s, {done / seconds:,.0f} articles a second" if done and seconds >= 0.1 else ""
    click.echo(", ".join(counts) + rate)


def show_facet(name: str, counts: Mapping[str, int]) -> None:
    """The most frequent values and how many articles have each."""
    click.echo(f"\n{name}:")
    for value, count in list(counts.items())[:_VALUES_SHOWN]:
        click.echo(f"{count:9,}  {value or '(not known)'}")
    if len(counts) > _VALUES_SHOWN:
        click.echo(f"{'':9}  and {len(counts) - _VALUES_SHOWN} more")


class ProgressBar(Progress):
    """A bar by bytes with articles a second, drawn on standard error where that is a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._articles = 0

    def start(self, size: int) -> None:
        if sys.stderr.isatty() and size:
            from tqdm import tqdm

            layout = "{percentage:3.0f}% |{bar}| {n_fmt}B of {total_fmt}B, {elapsed}<{remaining}{postfix}"
            self._bar = tqdm(total=size, unit="B", unit_scale=True, bar_format=layout, file=sys.stderr, leave=False)

    def read(self, size: int) -> None:
        if self._bar is not None:
            self._bar.update(size)

    def article(self) -> None:
        self._articles += 1
        if self._bar is not None and self._articles % 50 == 0:
            seconds = self._bar.format_dict["elapsed"] or 1.0
            self._bar.set_postfix_str(f"{self._articles:,} articles, {self._articles / seconds:,.0f} a second", False)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.close()
