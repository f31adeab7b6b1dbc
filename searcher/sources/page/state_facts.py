"""Metadata in the state of a page's scripts: that of the objects around the article's text.

It is read only where the text is in the state, too, and for fields that nothing else on the page
states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from searcher.sources.markup import plain_text
from searcher.text.bylines import clean_authors, looks_like_name
from searcher.text.cleaning import clean_line, unescaped

_HEADLINE = re.compile(r"(?:head_?line|title|heading|hed)s?(?:_?(?:text|main))?", re.IGNORECASE)
"""Names of properties with a headline."""
_AUTHORS = re.compile(
    r"(?:by|by_?lines?|authors?|credits|creators?|contributors?|writers?|reporters?)", re.IGNORECASE
)
"""Names of properties with authors."""
_NAME = re.compile(r"(?:full|display|person)?_?(?:name|title|text)", re.IGNORECASE)
"""Names of properties with a person's name."""
_DATE = re.compile(r"publish|publi[ck]|created?|date|issued|time", re.IGNORECASE)
"""Part of the names of properties with a date of publication."""
_CHANGE = re.compile(r"updat|modif|chang|edit|expir|last|crawl", re.IGNORECASE)
"""Part of the names of properties with another date."""
_FIRST = (re.compile("first|orig", re.IGNORECASE), re.compile("publi", re.IGNORECASE))
"""Parts of the names of the more trusted ones."""
_MOMENT = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d.{0,20})?|1\d{9}(?:\d{3})?")
"""A date as programs write it."""
_MOST = 60
"""Maximum number of properties of an object that are looked at. It bounds the time."""
_DEPTH = 4
"""Maximum depth of lists and objects in which a name or a headline is looked for."""
_LONGEST = 300
"""Maximum length of a headline, in characters."""


class StateFacts(NamedTuple):
    """Statements of the objects around a text; "" and () for what they do not say."""

    headline: str = ""
    """The headline."""
    authors: tuple[str, ...] = ()
    """Names of the authors."""
    dates: tuple[tuple[str, str], ...] = ()
    """Where dates of publication were found, and their strings, the most trusted first."""


def facts_of(objects: Sequence[dict[str, Any]]) -> StateFacts:
    """Return what the objects around an article say, the nearest first."""
    headline, authors, dates = "", tuple[str, ...](), list[str]()
    for item in objects:
        headline = headline or next(_headlines(item), "")
        authors = authors or _authors_of(item)
        dates = dates or _dates_of(item)
    return StateFacts(headline, authors, tuple(("state", date) for date in dates))


def _headlines(item: dict[str, Any]) -> Iterator[str]:
    for name, value in islice(item.items(), _MOST):
        if _HEADLINE.fullmatch(name):
            text = clean_line(plain_text(unescaped(_first_text(value, _DEPTH))))
            if 0 < len(text) <= _LONGEST:
                yield text


def _authors_of(item: dict[str, Any]) -> tuple[str, ...]:
    for name, value in islice(item.items(), _MOST):
        if _AUTHORS.fullmatch(name):
            names = clean_authors(islice(_names(value, _DEPTH), _MOST))
            if found := tuple(name for name in names if looks_like_name(name)):
                return found
    return ()


def _dates_of(item: dict[str, Any]) -> list[str]:
    """Return the dates of publication in an object, those with the most telling names first."""
    found = [
        (name, str(value))
        for name, value in islice(item.items(), _MOST)
        if _DATE.search(name)
        and not _CHANGE.search(name)
        and not isinstance(value, bool)
        and isinstance(value, (str, int))
        and _MOMENT.fullmatch(str(value))
    ]
    found.sort(key=lambda one: [not pattern.search(one[0]) for pattern in _FIRST])
    return [value for _, value in found]


def _first_text(value: Any, depth: int) -> str:
    """Return a string, or the first one in an object or a list."""
    if isinstance(value, str) or not depth:
        return value if isinstance(value, str) else ""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((text for one in islice(inner, _MOST) if (text := _first_text(one, depth - 1))), "")


def _names(value: Any, depth: int) -> Iterator[str]:
    """Yield the names in a string, a list of names, or an object with a name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for one in value[:_MOST]:
            yield from _names(one, depth - 1)
    elif isinstance(value, dict) and depth:
        own = [
            text
            for name, text in islice(value.items(), _MOST)
            if isinstance(text, str) and _NAME.fullmatch(name)
        ]
        if own:
            yield own[0]
            return
        for inner in islice(value.values(), _MOST):
            if isinstance(inner, (dict, list)):
                yield from _names(inner, depth - 1)
