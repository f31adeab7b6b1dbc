"""Wire services, and where an article says that it came from one: in its byline, its dateline or its signature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_BETWEEN = re.compile(r"\s*[/,&+;|]\s*|\s+(?:and|with|und|mit|et|avec|y|con|e|og|och)\s+", re.IGNORECASE)
_WITH = re.compile(r"^\s*(?:with|mit|avec|con|com)\s+", re.IGNORECASE)
_NAME = r"[^\W\d_][\w.'’-]{0,30}"
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}"
_DATELINE = re.compile(
    rf"\s*(?P<place>{_PLACE})(?:,\s[^()–—-]{{1,30}}?)?\s*(?:\((?P<agency>[^()]{{2,40}})\)\s*)?"
    r"(?:[–—]|--?|\.\s?[–—-])\s+(?=\S)"
)
_LEADING = re.compile(r"\s*\((?P<agency>[^()]{2,40})\)\s*(?:[–—]|--?)\s+(?=\S)")
_SIGNATURE = re.compile(r"(?:^|[.!?…”\"»)]\s*)[(\[/©–—-]?\s*(?P<names>[^()\[\].!?]{2,40}?)\s*[)\]/]?\.?\s*$")
_DATE = re.compile(r",\s(?:\d{1,2}\.?\s?[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s\d{1,2})\b")
_DASH = re.compile(r"[–—]|\s-\s")
_LONGEST_ACRONYM = 4
_LABELS = frozenset(
    ("UPDATE", "BREAKING", "WATCH", "OPINION", "ANALYSIS", "EXCLUSIVE", "VIDEO", "PHOTOS", "CORRECTION")
)
_LOOKED_AT = 90
_FROM_END = 4
_SHORTEST_LEAD = 60


@cache
def _agencies() -> dict[str, str]:
    data = tomllib.loads((files("searcher.text") / "agencies.toml").read_text("utf-8"))
    return {name.casefold(): short for short, names in data.items() for name in names}


def agency_named(text: str) -> str:
    """The wire service that `text` names, alone or with others; "" when it names none."""
    if len(text) > _LOOKED_AT:
        return ""
    text = _WITH.sub("", text)
    parts = (text, *_BETWEEN.split(text))
    return next((short for part in parts if (short := _agencies().get(part.strip(" .,;:-–—").casefold()))), "")


def agency_of(authors: Iterable[str], paragraphs: Sequence[str]) -> tuple[str, str]:
    """The wire service of an article and what says so ("byline", "dateline" or "signature"); ("", "") for none."""
    for author in authors:
        if found := agency_named(author):
            return found, "byline"
    for paragraph in paragraphs[:2]:
        match = _DATELINE.match(paragraph[:_LOOKED_AT]) or _LEADING.match(paragraph[:_LOOKED_AT])
        if match and match["agency"] and (found := agency_named(match["agency"])):
            return found, "dateline"
    for paragraph in paragraphs[-_FROM_END:]:
        if (match := _SIGNATURE.search(paragraph[-_LOOKED_AT:])) and (found := _signed(match["names"])):
            return found, "signature"
    return "", ""


def _signed(names: str) -> str:
    """The service in a signature such as "dpa/lni" or "(AFP)"; one that is a word, too, only as it is written."""
    found = agency_named(names)
    return found if found and (found in names or len(names.split()) > 1 or not names.islower()) else ""


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The place that an article was reported from, as its text begins ("KYIV, June 5 (Reuters) - …"), and the
    paragraphs without that head; ("", paragraphs) where there is none.

    Behind the place there has to be a wire service in brackets or a date; or it stands in capitals before a sentence.
    """
    for number, paragraph in enumerate(paragraphs[:2]):
        match = _DATELINE.match(paragraph[:_LOOKED_AT]) if len(paragraph) >= _SHORTEST_LEAD else None
        if match and _is_place(match, paragraph[match.end() :]):
            rest = paragraph[match.end() :]
            return match["place"].strip(), (*paragraphs[:number], rest, *paragraphs[number + 1 :])
    return "", tuple(paragraphs)


def _is_place(match: re.Match[str], rest: str) -> bool:
    place, agency = match["place"], match["agency"]
    if not all(word[0].isupper() for word in re.split("[ /]", place)) or agency_named(place):
        return False
    if agency:
        return bool(agency_named(agency))
    if _DATE.search(match.group()):
        return True
    sentence = rest.partition(". ")[0]
    capitals = place.isupper() and len(place) > _LONGEST_ACRONYM and place not in _LABELS
    return capitals and "," not in match.group() and rest[0].isupper() and not _DASH.search(sentence)
