"""Authors: names out of what pages and feeds put into their author fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from searcher.text.cleaning import clean_line

_BY = re.compile(r"^(by|von|par|por|di|av|af|door|text|tekst|autor|author|автор|от)\s*:?\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|\S+@\S+|^@")
_BETWEEN = re.compile(r"\s*[;|]\s*|\s+(?:and|und|et|og|och)\s+|\s+&\s+", re.IGNORECASE)
_MAIL_NAME = re.compile(r"\S+@\S+\s*\(([^)]+)\)")
_COMMA = re.compile(r"\s*,\s+(?!(?:jr|sr|ii|iii|md|phd)\b)", re.IGNORECASE)
_LONGEST = 80


def clean_authors(values: Iterable[str]) -> tuple[str, ...]:
    """The distinct names in `values`, in order; addresses and over-long strings are left out."""
    names: dict[str, str] = {}
    for value in values:
        text = _BY.sub("", _MAIL_NAME.sub(r"\1", clean_line(value)))
        for part in _BETWEEN.split(text):
            for name in _COMMA.split(part):
                name = name.strip(" ,.;:-–")
                if 2 <= len(name) <= _LONGEST and not _ADDRESS.search(name):
                    names.setdefault(name.casefold(), name)
    return tuple(names.values())
