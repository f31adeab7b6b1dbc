"""Byline and date lines at the beginning of a printed text, which has no markup to name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from searcher.sources.page.byline_lines import names_in_line
from searcher.sources.page.dated_lines import DATED

_LONGEST_LINE = 90
"""Maximum number of characters of a byline or date line. A longer one is a sentence of the text."""

_LINES_BELOW = 3
"""Lines below the headline that can be a byline or a date line: each is at most one line long, and
a third allows for a standfirst between them."""

SENTENCE_END = re.compile(r"[.!?…:。！？”\"»)]\s*$")
"""The end of a line that ends a sentence or a quotation."""


class TextHead(NamedTuple):
    """A text without the byline and date lines at its beginning, and what they say."""

    paragraphs: tuple[str, ...]
    """The other paragraphs, in order."""

    authors: tuple[str, ...]
    """The names in the first byline; () without one."""

    dates: tuple[tuple[str, str], ...]
    """The lines with a date, each as ("text", line)."""


def split_head(paragraphs: Sequence[str], headline_at: int = 0) -> TextHead:
    """Return the paragraphs without byline and date lines near the headline.

    headline_at: index of the paragraph before which the headline was.
    """
    kept: list[str] = []
    authors: tuple[str, ...] = ()
    dates: list[tuple[str, str]] = []
    for number, text in enumerate(paragraphs):
        is_near = number < headline_at + _LINES_BELOW and is_line(text)
        stated = DATED.search(text) if is_near else None
        names = names_in_line(DATED.sub("", text).strip(" ,|·•–—-")) if is_near else ()
        if stated or names:
            dates += [("text", text)] if stated else []
            authors = authors or names
        else:
            kept.append(text)
    return TextHead(tuple(kept), authors, tuple(dates))


def is_line(text: str) -> bool:
    """Return whether a paragraph is short and does not end as a sentence does."""
    return len(text) < _LONGEST_LINE and not SENTENCE_END.search(text)
