"""The progress bar and the report of an indexing run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import click
from tqdm import tqdm

from searcher.indexing.report import Progress, Report

_Item = TypeVar("_Item")
_SKIPPED_SHOWN = 50
"""Maximum number of skipped files and articles that are printed; the others are counted."""
_SHORTEST_RATED = 0.1
"""Minimum duration of a run, in seconds, for which its articles per second are printed."""
_REDRAWN_AFTER = 50
"""Number of articles after which the bar shows a new rate. A smaller number costs time for
drawing."""
_BAR = "{percentage:3.0f}% |{bar}| {n_fmt}B of {total_fmt}B, {elapsed}<{remaining}{postfix}"

_COUNTED = "{percentage:3.0f}% |{bar}| {n_fmt} of {total_fmt} NOUN, {elapsed}<{remaining}"


class ProgressBar(Progress):
    """A bar by bytes, with articles a second, on standard error if that is a terminal."""

    def __init__(self) -> None:
        # tqdm has no types.
        self._bar: Any = None
        self._articles = 0

    def start(self, size: int) -> None:
        if sys.stderr.isatty() and size:
            self._bar = tqdm(
                total=size,
                unit="B",
                unit_scale=True,
                bar_format=_BAR,
                file=sys.stderr,
                leave=False,
            )

    def read(self, size: int) -> None:
        if self._bar is not None:
            self._bar.update(size)

    def article(self) -> None:
        self._articles += 1
        if self._bar is not None and self._articles % _REDRAWN_AFTER == 0:
            seconds = self._bar.format_dict["elapsed"] or 1.0
            rate = f"{self._articles:,} articles, {self._articles / seconds:,.0f} a second"
            self._bar.set_postfix_str(rate, False)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def placed(self, count: int) -> None:
        if self._bar is None and sys.stderr.isatty():
            self._bar = tqdm(desc="stories", unit=" articles", file=sys.stderr, leave=False)
        if self._bar is not None:
            self._bar.update(count)


def counted(items: Iterable[_Item], total: int, noun: str) -> Iterator[_Item]:
    """Yield the items. Show their number and the time that is left on standard error if that is a
    terminal.

    total: number of the items. noun: of one item, in the plural.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    form = _COUNTED.replace("NOUN", noun)
    with tqdm(total=total, bar_format=form, file=sys.stderr, leave=False) as bar:
        for item in items:
            yield item
            bar.update()


def show_report(report: Report, seconds: float) -> None:
    """Print the counts of an indexing run, and what was skipped on standard error."""
    if report.rebuilt:
        click.echo(report.rebuilt)
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
    rated = bool(done) and seconds >= _SHORTEST_RATED
    rate = f" in {seconds:.1f} s, {done / seconds:,.0f} articles a second" if rated else ""
    click.echo(", ".join(counts) + rate)
