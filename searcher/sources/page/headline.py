"""The headline of a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bs4 import BeautifulSoup

from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta, in_meta
from searcher.text.bylines import plain
from searcher.text.cleaning import clean_line, unescaped

_META = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
"""Names of meta elements with a title, the most trusted first."""
_SEPARATOR = re.compile(r"(\s*(?:[|｜—–•·∙»›*]|::|：|\s-\s|\s/\s)\s*)")
"""A separator between the headline and the name of the site."""
_CUT = re.compile(r"\s*(?:\.\.\.|…)$")
"""The end of a title that was cut."""
_CUT_LENGTHS = range(95, 112)
"""Lengths of titles that may have been cut without a mark, in characters: content systems cut
titles for machines there."""
_KICKER = re.compile(r"(?:[:|–—/]|\s-)\s*$")
"""The end of a kicker, a word or two before the headline."""
_SHORTEST_TAIL = 20
"""Minimum length of a headline behind a kicker, in characters. (Half or twice: the same share of
right headlines, .878 of 123 saved pages; `make bench-reading`.)"""
_LONGEST_SECTION = 20
"""Maximum length of a section in front of the name of the site, in characters, if a longer part
follows. (Half or twice: the same.)"""


def headline_of(
    soup: BeautifulSoup, meta: Meta, linked: LinkedData, sites: Collection[str]
) -> tuple[str, str]:
    """Return the headline and where it was found; ("", "") if the page has none.

    The sources are asked in a fixed order. A vote among them was tried: it loses twice as many
    headlines as it wins, as headings and titles for social media often agree on another text.

    sites: `plain` names of the site.
    """
    sites = {*sites, *_names_behind(soup)}
    headings = [
        text
        for element in soup("h1")
        if plain(text := clean_line(element.get_text(" "))) not in sites
    ]
    for where, text in _candidates(soup, meta, linked, headings):
        if text and plain(text) not in sites:
            chosen = without_site(text, sites)
            if where == "meta og:title":
                chosen = _without_kicker(chosen, headings)
            whole = _uncut(chosen, headings)
            return whole, where if whole == chosen else "h1"
    return "", ""


def _candidates(
    soup: BeautifulSoup, meta: Meta, linked: LinkedData, headings: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield where a headline may be, and its text, the most trusted first."""
    yield (
        "json-ld",
        linked.text("headline", "name") if linked.is_article else linked.text("headline"),
    )
    titles = list(in_meta(meta, _META))
    yield from ((where, clean_line(unescaped(text))) for where, text in titles[:2])
    yield "h1", next((text for text in headings if len(text) > 3), "")
    yield from ((where, clean_line(unescaped(text))) for where, text in titles[2:])
    yield "title", clean_line(unescaped(soup.title.get_text(" "))) if soup.title else ""


def _names_behind(soup: BeautifulSoup) -> set[str]:
    """Return the heading that the page's title has behind a longer part, such as the name of a
    blog."""
    title = clean_line(soup.title.get_text(" ")) if soup.title else ""
    parts = [plain(part) for part in _SEPARATOR.split(f" {title} ")[::2]]
    headings = {plain(element.get_text(" ")) for element in soup("h1")}
    return {parts[1]} & headings if len(parts) == 2 and len(parts[1]) < len(parts[0]) else set()


def without_site(title: str, sites: Collection[str]) -> str:
    """Return a title without the name of the site at its beginning or end.

    sites: `plain` names of the site.
    """
    name, colon, rest = title.partition(": ")
    if colon and plain(name) in sites and len(rest) > _LONGEST_SECTION:
        title = rest
    parts = _SEPARATOR.split(f" {title} ")
    segments = [plain(part) for part in parts[::2]]
    at = next(
        (number for number, segment in enumerate(segments) if number and segment in sites), None
    )
    if at is not None:
        behind = "".join(parts[2 * at + 2 :]).strip()
        if len(behind) > _LONGEST_SECTION > len("".join(parts[: 2 * at - 1]).strip()):
            return behind
        parts, segments = parts[: 2 * at - 1], segments[:at]
    if len(segments) > 1 and segments[0] in sites:
        parts = parts[2:]
    return "".join(parts).strip() or title


def _without_kicker(title: str, headings: Sequence[str]) -> str:
    """Return the part that a title and a heading share behind two different kickers; else the
    title."""
    for heading in headings:
        same = 0
        while same < min(len(heading), len(title)) and heading[-1 - same] == title[-1 - same]:
            same += 1
        kicker, tail = title[: len(title) - same], title[len(title) - same :].strip()
        differ = _KICKER.search(kicker) and _KICKER.search(heading[: len(heading) - same])
        if differ and len(tail) >= _SHORTEST_TAIL and len(tail) > len(title) / 2:
            return tail
    return title


def _uncut(title: str, headings: Sequence[str]) -> str:
    """Return the heading that continues a title that was cut; else the title."""
    stem = _CUT.sub("", title)
    if stem == title and len(title) not in _CUT_LENGTHS:
        return title
    return next(
        (text for text in headings if len(text) > len(stem) + 3 and text.startswith(stem)), title
    )
