"""Query dialects of other search tools, read as ours or answered by the way to say it here.

Google (site:, AROUND(5), |), Lucene's query strings (&&, !, ^3, te?t, date:[2022 TO 2023]), Factiva
and LexisNexis (w/5, near5, adj, hd=), FreshRSS and Miniflux (pubdate:2024-03/2024-04).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from searcher.wording import said

OPERATORS = {"&&": "AND", "||": "OR", "|": "OR"}
"""Operators of other tools, and ours."""

FIELDS = {
    "site": "source", "rst": "source", "sn": "source", "publication": "source",
    "intitle": "title", "allintitle": "title", "headline": "title", "hd": "title", "hl": "title",
    "heading": "title", "inurl": "url", "allinurl": "url", "intext": "body", "allintext": "body",
    "by": "author", "byline": "author", "la": "lang", "language": "lang", "date": "on",
    "published": "on", "pubdate": "on", "published_at": "on", "publication_date": "on",
}  # fmt: skip
"""Names of fields in other tools, and ours."""
ANYWHERE = frozenset(("text", "content", "fulltext", "all", "any"))
"""Names of fields of other tools that search headline and text, as words without a field do."""
_NOT_HERE = {
    "cache": "", "related": said("; searcher similar ID lists articles like one"), "filetype": "",
    "link": "", "wc": "", "label": "", "type": "", "define": "",
}  # fmt: skip
"""Fields of other tools that have no equal here, and what helps instead."""

_NEAR = re.compile(r"(?:w|within|near|n)/?(\d{1,3})|around\((\d{1,3})\)|within/(\d{1,3})", re.I)
"""An operator between words that are near each other, in any order."""
_BEFORE = re.compile(r"(?:pre|onear|p)/(\d{1,3})|adj(\d{1,3})|\+(\d{1,3})", re.I)
"""The same for words in their order."""
_BOOST = re.compile(r"(.+?)\^(\d+(?:\.\d+)?)$")
"""A word with a weight."""
_YEARS = re.compile(r"(\d{1,9})\.\.(\d{1,9})")
"""A range of numbers."""
_EQUALS = re.compile(r"(" + "|".join(FIELDS) + r")=(?=\S)", re.I)
"""A field of Factiva."""
_WILD = re.compile(r"[^\W_][*?]+[^\W_]|^[*?]+[^\W_]")
"""A wildcard in front of a letter."""
_EXPRESSION = re.compile(r"/(.+)/")
"""A regular expression."""
MOST_NUMBERS = 50
"""Maximum number of numbers in a range. Each is looked up."""


class Proximity(NamedTuple):
    """An operator that joins words near each other."""

    distance: int
    """Maximum number of other words among them; 0 for neighbours."""
    ordered: bool
    """Whether they are in the order as typed."""


def proximity(word: str) -> Proximity | None:
    """Return the operator that a word is; None for other words.

    "adj" alone is one between neighbours. Letters without a number are words.
    """
    if word.isalpha():
        return Proximity(0, True) if word.lower() == "adj" else None
    for pattern, ordered in ((_NEAR, False), (_BEFORE, True)):
        if match := pattern.fullmatch(word):
            return Proximity(int(next(group for group in match.groups() if group)), ordered)
    return None


def field_of(name: str) -> str:
    """Return our name of a field; the name itself if it is no field of another tool."""
    return FIELDS.get(name, name)


def is_missing(name: str) -> str | None:
    """Return what helps instead of a field of other tools that has no equal here; None for other
    names."""
    return _NOT_HERE.get(name)


def with_colon(word: str) -> int:
    """Return the number of characters of a field in front of a word, as in "hd=ferry"; 0 if there
    is none."""
    match = _EQUALS.match(word) if "=" in word else None
    return match.end() if match else 0


def unweighted(word: str) -> tuple[str, str]:
    """Return a word without its weight, and the weight as typed, or ""."""
    match = _BOOST.fullmatch(word)
    return (match[1], match[2]) if match else (word, "")


def numbers(word: str) -> tuple[int, int] | None:
    """Return the ends of a range of numbers as in "1987..1988"; None for other words."""
    match = _YEARS.fullmatch(word)
    return (int(match[1]), int(match[2])) if match else None


def is_wild(word: str) -> bool:
    """Return whether a word has a wildcard in front of a letter, or inside. A question mark at its
    end belongs to a question."""
    return bool(_WILD.search(word))


def from_expression(word: str) -> str | None:
    """Return the word with wildcards that a simple regular expression such as "/ferr.*/" is; "" for
    other expressions, None for words that are none."""
    match = _EXPRESSION.fullmatch(word)
    if match is None:
        return None
    wild = match[1].replace(".*", "*").replace(".", "?")
    return wild if re.fullmatch(r"[^\W_][\w*?-]*", wild) else ""
