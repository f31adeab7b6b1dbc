"""The headline of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from bs4 import BeautifulSoup

from searcher.sources.page.linked_data import LinkedData
from searcher.sources.page.meta_elements import Meta, in_meta
from searcher.sources.page.titles import SEPARATOR, Evidence, runs_of, without_edges
from searcher.text.bylines import plain
from searcher.text.cleaning import clean_line, unescaped

_META = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
"""Names of meta elements with a title, the most trusted first."""
_SHORTEST = 6
"""Minimum length of a heading that confirms a title, in letters. Shorter ones are labels. (Half or
twice: the same share of right headlines, .886 of 123 saved pages, whichever country is left out;
`python -m benchmarks.leaving_out`.)"""
_LABEL = 3
"""Length of a heading up to which it is no headline, in characters."""
_CUT = re.compile(r"\s*(?:\.\.\.|…)$")
"""The end of a title that was cut."""
_CUT_LENGTHS = range(95, 112)
"""Lengths of titles that may have been cut without a mark, in characters: content systems cut
titles for machines there."""
_KICKER = re.compile(r"(?:[:|–—/]|\s-)\s*$")
"""The end of a kicker, a word or two before the headline."""
_LONGEST_BLOG = 5
"""Maximum number of words in the name of a blog."""
_SHORTEST_TAIL = 20
"""Minimum length of a headline behind a kicker, in characters. (Half or twice: the same share of
right headlines, .886 of 123 saved pages; `make bench-reading`.)"""


def headline_of(
    soup: BeautifulSoup,
    meta: Meta,
    linked: LinkedData,
    sites: Collection[str],
    sections: Collection[str] = (),
    shown: Callable[[], Collection[str]] = tuple,
) -> tuple[str, str]:
    """Return the headline and where it was found; ("", "") if the page has none.

    The sources are asked in a fixed order, and the others say which parts of its text are the
    headline's. A vote among them was tried: on the pages where they differ it loses twice as many
    headlines as it wins, as headings and titles for social media often agree on another text.

    sites: `plain` names of the site. sections: those of its section. shown: returns the `plain`
    lines that the page shows.
    """
    sites = {*sites, *_names_behind(soup)}
    headings = [
        text
        for element in soup("h1")
        if plain(text := clean_line(element.get_text(" "))) not in {*sites, *sections}
    ]
    candidates = [
        (where, text)
        for where, text in _candidates(soup, meta, linked, headings)
        if text and plain(text) not in sites
    ]
    for where, text in candidates:
        titles = {plain(heading) for heading in headings if len(plain(heading)) >= _SHORTEST}
        titles |= {plain(other) for place, other in candidates if place == "json-ld" != where}
        if where != "h1" and plain(text) not in titles and (runs := runs_of(text)):
            titles |= runs & set(shown())
        chosen = without_edges(text, Evidence(sites, sections, titles))
        if where == "meta og:title":
            chosen = _without_kicker(chosen, headings)
        elif where == "title":
            chosen = _without_name_of_blog(chosen, shown)
        elif where == "h1":
            chosen = _tail_in_title(chosen, soup.title.get_text(" ") if soup.title else "")
        others = [t for place, t in candidates if place != "title"]
        whole = _uncut(chosen, [*headings, *others] if _CUT.search(chosen) else headings)
        return whole, where if whole == chosen else "h1"
    return "", ""


def stated_headlines(
    soup: BeautifulSoup, meta: Meta, linked: LinkedData
) -> tuple[tuple[str, str], ...]:
    """Return where the page states a headline, and the texts, the most trusted first."""
    headings = [clean_line(element.get_text(" ")) for element in soup("h1")]
    found = _candidates(soup, meta, linked, headings)
    return tuple((where, text) for where, text in found if text)


def _candidates(
    soup: BeautifulSoup, meta: Meta, linked: LinkedData, headings: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield where a headline may be, and its text, the most trusted first."""
    yield (
        "json-ld",
        linked.text("headline", "name") if linked.is_article else linked.text("headline"),
    )
    titles = list(in_meta(meta, _META))
    title = soup.title.get_text(" ") if soup.title else ""
    heading = _heading(headings, [title, *(text for _, text in titles)])
    if titles and titles[0][0] != "meta og:title" and _is_confirmed(heading, title):
        # Titles for a card of a social network alone are often shorter than the headline.
        yield "h1", heading
    yield from ((where, clean_line(unescaped(text))) for where, text in titles[:2])
    yield "h1", heading
    yield from ((where, clean_line(unescaped(text))) for where, text in titles[2:])
    yield "title", clean_line(unescaped(title))


def _is_confirmed(heading: str, title: str) -> bool:
    """Return whether the title of the page holds a heading that is long enough to be a headline."""
    key = plain(heading)
    return len(key) >= 2 * _SHORTEST and key in plain(unescaped(title))


def _heading(headings: Sequence[str], titles: Sequence[str]) -> str:
    """Return the first heading that a title of the page holds, else the first that is long
    enough."""
    keys = [plain(unescaped(title)) for title in titles]
    named = (
        text
        for text in headings
        if len(key := plain(text)) >= _SHORTEST and any(key in title for title in keys)
    )
    return next(named, next((text for text in headings if len(text) > _LABEL), ""))


def _names_behind(soup: BeautifulSoup) -> set[str]:
    """Return the heading that the page's title has behind a longer part, such as the name of a
    blog."""
    title = clean_line(soup.title.get_text(" ")) if soup.title else ""
    parts = [plain(part) for part in SEPARATOR.split(f" {title} ")[::2]]
    headings = {plain(element.get_text(" ")) for element in soup("h1")}
    return {parts[1]} & headings if len(parts) == 2 and len(parts[1]) < len(parts[0]) else set()


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


def _without_name_of_blog(title: str, shown: Callable[[], Collection[str]]) -> str:
    """Return a title without the name of a blog in front, if the page shows what is behind it as a
    line; else the title."""
    name, _, rest = title.partition(": ")
    is_name = len(rest) >= _SHORTEST_TAIL and len(name.split()) <= _LONGEST_BLOG
    return rest if is_name and plain(rest) in shown() else title


def _tail_in_title(heading: str, title: str) -> str:
    """Return the end of a heading that is the beginning of the page's title, up to a separator, if
    a word or two are in front of it in the heading; else the heading."""
    tail = SEPARATOR.split(f" {title} ")[0].strip()
    is_tail = heading.endswith(f" {tail}") and len(tail) > len(heading) / 2
    return tail if is_tail and len(tail) >= _SHORTEST_TAIL else heading


def _uncut(title: str, headings: Sequence[str]) -> str:
    """Return the heading that continues a title that was cut; else the title."""
    stem = _CUT.sub("", title)
    if stem == title and len(title) not in _CUT_LENGTHS:
        return title
    return next(
        (text for text in headings if len(text) > len(stem) + 3 and text.startswith(stem)), title
    )
