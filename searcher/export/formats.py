"""The formats of exports: their names, media types and writers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from searcher.export.feeds import atom, rss
from searcher.export.json_formats import json_feed, json_lines, ninjs
from searcher.export.statement import Addresses
from searcher.export.table import table
from searcher.search.listing import WholeResult

_PIECE = 32 << 10
"""Number of characters that are written at once. Larger saves calls; a slow client then holds
more."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format."""

    name: str
    """Name, as in `--format` and the parameter `format`."""
    title: str
    """Its usual name."""
    media_type: str
    """Media type, with the character set where it has one."""
    suffix: str
    """End of the names of its files."""
    is_feed: bool
    """Whether programs poll it for news, and it is no file that one saves."""
    meaning: str
    """Sentence for the help, without a full stop."""
    write: Callable[[WholeResult, Addresses], Iterator[str]]
    """Yields the document in parts."""


_ALL = (
    Format(
        "jsonl",
        "JSON Lines",
        "application/x-ndjson",
        "jsonl",
        False,
        "an article a line, all of its fields as JSON",
        json_lines,
    ),
    Format(
        "csv", "CSV", "text/csv; charset=utf-8", "csv", False, "a table for spreadsheets", table
    ),
    Format(
        "jsonfeed", "JSON Feed", "application/feed+json", "json", True, "JSON Feed 1.1", json_feed
    ),
    Format(
        "atom",
        "Atom",
        "application/atom+xml; charset=utf-8",
        "atom",
        True,
        "Atom, with whole texts",
        atom,
    ),
    Format(
        "rss",
        "RSS",
        "application/rss+xml; charset=utf-8",
        "rss",
        True,
        "RSS 2.0, with the beginnings of texts",
        rss,
    ),
    Format(
        "ninjs",
        "ninjs",
        "application/json",
        "json",
        False,
        "a package of news items as IPTC ninjs 3.0",
        ninjs,
    ),
)

FORMATS = {one.name: one for one in _ALL}
"""The formats by name."""


def pieces(form: Format, result: WholeResult, addresses: Addresses) -> Iterator[bytes]:
    """Yield an export in pieces of about 32 KiB."""
    held: list[str] = []
    size = 0
    for part in form.write(result, addresses):
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield _encoded(held)
            held, size = [], 0
    if held:
        yield _encoded(held)


def _encoded(parts: list[str]) -> bytes:
    # A lone surrogate has no form in UTF-8: formats that cannot escape it show a question mark.
    return "".join(parts).encode("utf-8", "replace")
