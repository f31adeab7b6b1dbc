"""What the commands print."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import click

from searcher.article import Article, Passage, Timestamp
from searcher.indexing.report import Progress, Report
from searcher.query.tree import Span, Warning
from searcher.search.changes import Run, changes
from searcher.search.hits import Correction, Hit, Hits, Marked, Snippet
from searcher.text.urls import shown_url

if TYPE_CHECKING:
    from searcher.feeds.alert import Alarm
    from searcher.feeds.landing import Tally
    from searcher.feeds.subscription import Subscription
    from searcher.search.service import VersionRead

_WIDTH = 100
_PLACE_SHOWN = 40
_SKIPPED_SHOWN = 50
_VALUES_SHOWN = 20


def show_hits(hits: Hits, colour: bool) -> None:
    """A ranked list; warnings go to standard error."""
    for warning in hits.warnings:
        show_warning(hits.query, warning)
    if hits.correction:
        click.echo(_corrected(hits, hits.correction))
    if hits.total == 0:
        click.echo("no articles found")
        for advice in hits.advice:
            click.echo(
                f"{advice.kind} {advice.part}: {advice.total:,} "
                f"article{'' if advice.total == 1 else 's'}"
            )
        return
    for word, spellings in hits.also:
        click.echo(f"{word} also as: {', '.join(spellings)}")
    if hits.added:
        click.echo(f"ranked also by: {', '.join(hits.added)}")
    pages = f", page {hits.page} of {hits.pages}" if hits.pages > 1 else ""
    click.echo(f"{summary(hits)} ({hits.took_ms:.0f} ms{pages})")
    if not hits.hits:
        click.echo(f"there is no page {hits.page}")
    show_ranked(hits.hits, (hits.page - 1) * hits.size + 1, colour)


def _corrected(hits: Hits, correction: Correction) -> str:
    if correction.applied:
        return (
            f"nothing was found for {hits.query}; these are results for {correction.query}"
            " (not with --verbatim)"
        )
    return f"did you mean: {correction.query}"


def show_ranked(hits: Iterable[Hit], first: int, colour: bool) -> None:
    """Hits, numbered from `first` on, with what their scores are made of where that was asked
    for."""
    for number, hit in enumerate(hits, first):
        click.echo()
        click.echo(f"{number:3}. {_line(hit.title, 0, len(hit.title.text), colour)}")
        click.echo(f"     {_facts(hit)}")
        for snippet in map(framed, hit.snippets):
            for start, end in wrapped(snippet.text, _WIDTH - 5):
                click.echo(f"     {_line(snippet, start, end, colour)}")
        if hit.parts:
            click.echo(
                f"     {hit.score:.3f} = "
                + " + ".join(f"{score:.3f} {name}" for name, score in hit.parts)
            )


def show_warning(query: str, warning: Warning) -> None:
    """What was odd in a query, on standard error."""
    click.echo(f"searcher: {warning.message}{_place(query, warning.span)}", err=True)


def _place(query: str, span: Span) -> str:
    """Where in the query a warning points, counted from 1, and what stands there."""
    start, end = span
    shown = query[start : min(end, start + _PLACE_SHOWN)]
    return f" (at {start + 1}: {shown}{'…' if end - start > _PLACE_SHOWN else ''})" if shown else ""


def framed(snippet: Snippet) -> Marked:
    """The snippet with an ellipsis where it is cut out of a sentence."""
    before, after = "" if snippet.opens else "… ", "" if snippet.closes else " …"
    moved = tuple((start + len(before), end + len(before)) for start, end in snippet.highlights)
    return Marked(before + snippet.text + after, moved)


def wrapped(text: str, width: int) -> Iterator[Span]:
    """The lines into which `text` falls in `width` columns, broken at spaces, or anywhere in
    unspaced scripts."""
    start, space, columns = 0, -1, 0
    for at, char in enumerate(text):
        columns += _columns(char)
        if char == " ":
            space = at
        if columns > width:
            end = space if space > start else at
            yield start, end
            start = end + (space > start)
            columns = sum(map(_columns, text[start : at + 1]))
    if start < len(text):
        yield start, len(text)


def _columns(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def summary(hits: Hits) -> str:
    """How many articles match, and how many of them hold everything that was wanted."""
    articles = f"{hits.total:,} article{'' if hits.total == 1 else 's'}"
    return (
        articles
        if hits.total == hits.total_all
        else f"{articles}, {hits.total_all:,} of them with all words"
    )


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


def short_date(stamp: Timestamp | None) -> str:
    """The date as precisely as it was stated: "2022", "2022-06", "2022-06-26" or "2022-06-26 10:15
    UTC"."""
    if stamp is None:
        return "undated"
    pattern = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}.get(
        stamp.precision, "%Y-%m-%d %H:%M UTC"
    )
    return stamp.value.strftime(pattern)


def _line(marked: Marked, start: int, end: int, colour: bool) -> str:
    """The text from `start` to `end`, its highlights in colour or between asterisks."""
    parts, at = [], start
    for begin, stop in marked.highlights:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            word = marked.text[begin:stop]
            parts += [
                marked.text[at:begin],
                click.style(word, fg="yellow", bold=True) if colour else f"*{word}*",
            ]
            at = stop
    return "".join([*parts, marked.text[at:end]])


def show_article(article: Article) -> None:
    """A whole article with what is known of it."""
    click.echo(article.headline or article.title)
    click.echo()
    rows = {
        "id": article.id,
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
        "kind": ", ".join(
            part for part in (article.kind, "behind a paywall" if article.paywalled else "") if part
        ),
        "notices": " ".join(article.notices),
        "foreign": "; ".join(_passage(article, passage) for passage in article.foreign),
        "repaired": ", ".join(_joined(article, *join) for join in article.joins),
        "versions": f"{len(article.versions)}, of which --versions tells"
        if len(article.versions) > 1
        else "",
        "origin": f"{article.origin} ({article.format})",
        "warnings": "; ".join(article.warnings),
    }
    for name, value in rows.items():
        if value:
            where = article.found.get(name)
            click.echo(f"{name + ':':<12}{value}{f' (from {where})' if where else ''}")
    for paragraph in article.paragraphs:
        click.echo()
        for start, end in wrapped(paragraph, _WIDTH):
            click.echo(paragraph[start:end])


def show_versions(versions: Sequence[VersionRead], colour: bool) -> None:
    """The versions of an article, and what changed from each to the next."""
    before: Article | None = None
    for one in versions:
        changed = f": {' and '.join(one.version.changed)} changed" if one.version.changed else ""
        click.echo(f"{one.number}. seen {one.version.seen:%Y-%m-%d %H:%M UTC}{changed}")
        if one.article is None:
            click.echo("   no longer in the archive")
        elif before is not None:
            for paragraph in changes(before, one.article):
                line = "".join(_run(run, colour) for run in paragraph.runs)
                click.echo(f"   {'headline: ' if paragraph.is_headline else ''}{line}")
        before = one.article


def _run(run: Run, colour: bool) -> str:
    """A piece of a changed paragraph: in colour, or what was taken out and put in between marks, as
    wdiff has them."""
    if run.kind == "same":
        return run.text
    if colour:
        return click.style(
            run.text,
            fg="red" if run.kind == "removed" else "green",
            strikethrough=run.kind == "removed",
        )
    return f"[-{run.text}-]" if run.kind == "removed" else f"{{+{run.text}+}}"


def _joined(article: Article, paragraph: int, at: int) -> str:
    """The words around a place where they ran together: "Russia|which"."""
    text = article.paragraphs[paragraph]
    return f"{text[:at].split(' ')[-1]}|{text[at:].split(' ')[0]}"


def _passage(article: Article, passage: Passage) -> str:
    text = article.paragraphs[passage.paragraph][passage.start : passage.end]
    shown = f"{text[:60]}{'…' if len(text) > 60 else ''}"
    return f"{passage.language} in paragraph {passage.paragraph + 1}: {shown}"


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
        counts.append(f"{report.older:,} older version{'' if report.older == 1 else 's'} left out")
    if report.removed:
        counts.append(f"{report.removed:,} removed")
    done = report.added + report.updated
    rate = (
        f" in {seconds:.1f} s, {done / seconds:,.0f} articles a second"
        if done and seconds >= 0.1
        else ""
    )
    click.echo(", ".join(counts) + rate)


def show_tally(tally: Tally, waiting: int, seconds: float) -> None:
    """What a refresh did. waiting: pages that are still to be received."""
    feeds = f"{tally.feeds:,} feed{'' if tally.feeds == 1 else 's'} received"
    failed = [
        f"{number:,} {what}"
        for number, what in ((tally.failed, "failed"), (tally.gone, "gone"))
        if number
    ]
    entries = f"{tally.entries:,} new or changed entr{'y' if tally.entries == 1 else 'ies'}"
    pages = f"{tally.pages:,} page{'' if tally.pages == 1 else 's'}"
    if tally.pages_failed:
        pages += f" ({tally.pages_failed:,} not received)"
    later = f"; {waiting:,} pages are tried again later" if waiting else ""
    click.echo(f"{', '.join([feeds, *failed])}: {entries}, {pages}{later}")
    click.echo(f"{tally.added:,} articles added, {tally.updated:,} updated in {seconds:.1f} s")


def show_subscriptions(
    found: Sequence[Subscription], pace: Mapping[str, float], now: datetime
) -> None:
    """A line for each feed, and what is wrong with it below."""
    if found:
        click.echo(f"{'health':8} {'received':>9} {'next':>9} {'a day':>6}  feed")
    for one in found:
        received = f"{_span(now - one.succeeded)} ago" if one.succeeded else "never"
        next_try = (
            "never"
            if one.gone
            else "now"
            if one.next_try <= now
            else f"in {_span(one.next_try - now)}"
        )
        title = f"{one.title}  " if one.title else ""
        a_day = f"{pace.get(one.url, 0.0):.1f}"
        only = "  (entries only)" if one.mode == "entry" else ""
        click.echo(
            f"{one.health:8} {received:>9} {next_try:>9} {a_day:>6}  "
            f"{title}{shown_url(one.url)}{only}"
        )
        if one.problem:
            click.echo(f"{'':38}{one.problem}")


def _span(time: timedelta) -> str:
    """A stretch of time in its largest unit: "3 h"."""
    seconds = int(time.total_seconds())
    size, unit = next(
        ((size, unit) for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")) if seconds >= size),
        (1, "s"),
    )
    return f"{max(seconds, 0) // size} {unit}"


def show_alarms(found: Iterable[Alarm]) -> None:
    """What alerts have found."""
    for one in found:
        facts = [
            one.at.strftime("%Y-%m-%d %H:%M UTC"),
            one.alert,
            one.source,
            f"id {one.article}",
            one.url,
        ]
        click.echo(one.title)
        click.echo(f"     {' · '.join(fact for fact in facts if fact)}")
        if one.words:
            click.echo(f"     by {', '.join(one.words)}")


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

            layout = (
                "{percentage:3.0f}% |{bar}| {n_fmt}B of {total_fmt}B, "
                "{elapsed}<{remaining}{postfix}"
            )
            self._bar = tqdm(
                total=size,
                unit="B",
                unit_scale=True,
                bar_format=layout,
                file=sys.stderr,
                leave=False,
            )

    def read(self, size: int) -> None:
        if self._bar is not None:
            self._bar.update(size)

    def article(self) -> None:
        self._articles += 1
        if self._bar is not None and self._articles % 50 == 0:
            seconds = self._bar.format_dict["elapsed"] or 1.0
            self._bar.set_postfix_str(
                f"{self._articles:,} articles, {self._articles / seconds:,.0f} a second", False
            )

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.close()
