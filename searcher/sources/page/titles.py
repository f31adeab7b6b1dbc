"""Titles without the text that a site puts in front of their headline and behind it.

A part of a title goes when something else on the page confirms that it is no part of the headline:
the name of the site, the name of the section, or another title that is the same without it. A title
that another source states as a whole stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from searcher.text.bylines import plain

SEPARATOR = re.compile(
    r"(\s*(?:[|｜—–•·∙»›«‹~*]|::|：|\s--?\s|\s[/<>]\s|(?<=[\u3040-\u9fff])(?:_|--?)(?=[\u3040-\u9fff]))\s*)"
)
"""A separator between the headline and the name of the site."""
_LONGEST_SECTION = 20
"""Maximum length of a section in front of the name of the site, in characters, if a longer part
follows. (Half or twice: the same share of right headlines on 123 saved pages, whichever country is
left out; `python -m benchmarks.leaving_out`.)"""
_LONGEST_NAME = 4
"""Maximum number of words in a name of a site that nothing confirms. It bounds what may be lost of
a headline behind a bar. (2 or 8: the same.)"""
_PARTICLE = 3
"""Maximum length of a word that is written small in a name, in letters ("Le Courrier de ...")."""
_SHORTEST_HEADLINE = 10
"""Minimum length of a headline that is left in front of such a name, in characters. A shorter part
is a kicker. (Half or twice: the same.)"""
_BRACKET = re.compile(r"\s*[(\[（【［]([^()\[\]（）【】［］]{2,60})[)\]）】］]\s*$")
"""Brackets at the end of a title."""
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?")
"""A date in figures, which no headline ends with."""
_DOMAIN = re.compile(r"(?:www\.)?[\w-]{2,40}(?:\.[a-z]{2,6}){1,2}", re.IGNORECASE)
"""An address of a site."""
_SHORTEST_SITE = 4
"""Minimum length of a site's name that is recognised among other words, in letters. (Half or
twice: the same.)"""
_QUOTES = frozenset("«»‹›")
"""Separators that are marks of quotation in most titles."""
_BARS = frozenset("|｜_")
"""Separators behind which a name is one without anything that confirms it. Dashes are also
punctuation of headlines."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Names and titles on a page that confirm which parts of a title are its headline, as `plain`
    texts."""

    sites: Collection[str]
    """Names of the site."""
    sections: Collection[str] = ()
    """Names of its section."""
    titles: Collection[str] = ()
    """Headings and titles of other sources."""


def runs_of(title: str) -> set[str]:
    """Return the beginnings and the ends of a title between its separators, as `plain` texts; with
    the whole title if there are any, which may be the headline too."""
    parts = SEPARATOR.split(f" {title} ")
    # Marks of quotation are separators too, but belong to the text that they are around.
    at = [number for number in range(1, len(parts), 2) if parts[number].strip() not in _QUOTES]
    runs = [*(parts[:number] for number in at), *(parts[number + 1 :] for number in at)]
    keys = {plain("".join(run)) for run in runs} - {plain(title)}
    found = {key for key in keys if len(key) >= _SHORTEST_HEADLINE}
    return found | {plain(title)} if found else found


def without_edges(title: str, evidence: Evidence) -> str:
    """Return a title without the parts in front and behind that are not the headline's."""
    if plain(title) in evidence.titles:
        return title
    title = _without_name_in_front(title, evidence)
    bracket = _BRACKET.search(title)
    if bracket and plain(bracket[1]) in evidence.sites:
        title = title[: bracket.start()]
    parts = SEPARATOR.split(f" {title} ")
    if len(parts) == 1:
        return title
    parts = _without_site(parts, evidence)
    while len(parts) > 1 and _is_edge(parts[-1], evidence):
        parts = parts[:-2]
    while len(parts) > 1 and plain(parts[0]) in evidence.sites:
        parts = parts[2:]
    rest = "".join(parts).strip()
    return (rest if plain(rest) in evidence.titles else _agreed(parts, evidence)) or rest or title


def _without_name_in_front(title: str, evidence: Evidence) -> str:
    """Return a title without a name of the site, or of a desk, and a colon in front."""
    name, colon, rest = title.partition(": ")
    if not colon or not rest:
        return title
    is_site = plain(name) in evidence.sites and len(rest) > _LONGEST_SECTION
    is_desk = plain(name) in evidence.sections or len(name.split()) == 1
    return rest if is_site or (is_desk and plain(rest) in evidence.titles) else title


def _without_site(parts: list[str], evidence: Evidence) -> list[str]:
    """Return the parts of a title before the name of the site, without the section in front of it;
    the parts behind it if they are longer.

    parts: with the separators between them.
    """
    at = next(
        (number for number in range(2, len(parts), 2) if plain(parts[number]) in evidence.sites), 0
    )
    last = len(parts) - 1
    if not at and (_is_unknown_site(parts) or _names_site(parts[last], evidence)):
        at = last
    if not at:
        return parts
    before, behind = "".join(parts[: at - 1]).strip(), "".join(parts[at + 2 :]).strip()
    if len(behind) > _LONGEST_SECTION > len(before):
        return parts[at + 2 :]
    found, mark = parts[: at - 1], parts[at - 1].strip()
    # "Headline | Sport | Site": a short part between the same marks is a section.
    while len(found) > 1 and _is_section(found, found[-2].strip() == mark):
        found = found[:-2]
    return found


def _is_section(parts: list[str], between: bool) -> bool:
    """Return whether the last part looks like a section, and what is before it like a headline.

    between: whether it is between two separators of the same kind.
    """
    last, before = parts[-1].strip(), "".join(parts[:-2]).strip()
    words = last.split()
    short = len(words) == 1 and last[:1].isupper() and last.isalpha()
    fits = len(last) < len(before) and len(before) > _LONGEST_SECTION
    most = _LONGEST_NAME if parts[-2].strip() in _BARS else 2
    return fits and (short or (between and len(words) <= most))


def _names_site(part: str, evidence: Evidence) -> bool:
    """Return whether the last part of a title is an address, or a few words with the name of the
    site among them."""
    words, key = part.split(), plain(part)
    name, comma, _ = part.partition(",")
    if comma and plain(name) in evidence.sites:
        return True
    if not 0 < len(words) <= _LONGEST_NAME:
        return False
    within = set(map(plain, words))
    return bool(_DOMAIN.fullmatch(part.strip())) or any(
        site in within or key.startswith(site) or key.endswith(site)
        for site in evidence.sites
        if len(site) >= _SHORTEST_SITE
    )


def _is_edge(part: str, evidence: Evidence) -> bool:
    """Return whether the last part of a title is a section, a site or a date."""
    key = plain(part)
    return key in evidence.sections or key in evidence.sites or bool(_DATE.fullmatch(part.strip()))


def _agreed(parts: list[str], evidence: Evidence) -> str:
    """Return the longest beginning or end of a title that another source states; "" for none."""
    for count in range(len(parts) - 2, 0, -2):
        for some in (parts[:count], parts[-count:]):
            text, rest = "".join(some).strip(), len(parts) - count
            if plain(text) in evidence.titles and len(text) > len("".join(parts)) / 2 and rest:
                return text
    return ""


def _is_unknown_site(parts: list[str]) -> bool:
    """Return whether the last part of a title looks like the name of a site behind a bar."""
    # A mark of quotation without the one that opens it is a bar, too.
    is_bar = parts[-2].strip() in _BARS or (parts[-2].strip() == "»" and "«" not in "".join(parts))
    if not is_bar:
        return False
    last, before = parts[-1].strip(), "".join(parts[:-2]).strip()
    words = last.split()
    long = [word for word in words if len(word) > _PARTICLE]
    named = 0 < len(words) <= _LONGEST_NAME and bool(long) and not any(map(str.islower, long))
    fits = len(last) < len(before) and len(before) >= _SHORTEST_HEADLINE
    return (named or len(words) == 1) and fits
