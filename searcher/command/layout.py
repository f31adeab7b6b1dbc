"""Text for a terminal: lines that fit its columns, highlights, dates and spans of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

import click

from searcher.article import Timestamp
from searcher.query.tree import Span
from searcher.search.hits import Marked

WIDTH = 100
"""Width of the printed text, in columns."""
_NARROW = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038e-\u03a1"
    "\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*"
)
"""Characters of Latin, Greek and Cyrillic texts that are each a grapheme of one column."""
_SHORT_DATES = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))
"""Units of time with their seconds, the largest first."""


def wrapped(text: str, width: int) -> Iterator[Span]:
    """Yield the lines of `text`, each as its span and at most `width` columns wide.

    Lines are broken at spaces, and anywhere between graphemes in scripts without spaces.
    """
    start = 0
    space = -1
    at = 0
    columns = 0
    for grapheme in _graphemes(text):
        columns += _columns(grapheme)
        if grapheme == " ":
            space = at
        if columns > width and at > start:
            end = space if space > start else at
            yield start, end
            start = end + (space > start)
            columns = sum(map(_columns, _graphemes(text[start : at + len(grapheme)])))
        at += len(grapheme)
    if start < len(text):
        yield start, len(text)


def _graphemes(text: str) -> Iterable[str]:
    """Return the characters of a text, each with its combining marks."""
    if _NARROW.fullmatch(text):
        return text
    # Here, as it takes longer to import than many a search, and most texts need none of it.
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def _columns(grapheme: str) -> int:
    """Return the width of a character, in columns."""
    if _NARROW.fullmatch(grapheme):
        return len(grapheme)
    from wcwidth import wcswidth

    # wcswidth is -1 for control characters, which click removes or the terminal ignores.
    return max(wcswidth(grapheme), 0)


def highlighted(marked: Marked, span: Span, colour: bool) -> str:
    """Return that part of the text with its highlights in colour or between asterisks."""
    start, end = span
    parts, at = [], start
    for begin, stop in marked.highlights:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            word = marked.text[begin:stop]
            shown = click.style(word, fg="yellow", bold=True) if colour else f"*{word}*"
            parts += [marked.text[at:begin], shown]
            at = stop
    return "".join([*parts, marked.text[at:end]])


def short_date(stamp: Timestamp | None) -> str:
    """Return the date with its precision: "2022", "2022-06", "2022-06-26" or "2022-06-26 10:15
    UTC"; "undated" without one."""
    if stamp is None:
        return "undated"
    return stamp.value.strftime(_SHORT_DATES.get(stamp.precision, "%Y-%m-%d %H:%M UTC"))


def time_span(time: timedelta) -> str:
    """Return a span of time in its largest unit, such as "3 h". Negative ones are "0 s"."""
    seconds = max(int(time.total_seconds()), 0)
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size or size == 1)
    return f"{seconds // size} {unit}"


def plural(count: int, noun: str, several: str = "") -> str:
    """Return a count with its noun: "1 article", "2,000 articles".

    several: the plural of the noun; by default it ends in "s".
    """
    return f"{count:,} {noun if count == 1 else several or f'{noun}s'}"
