"""The byline on a page: names in the markup near its headline.

Figures in brackets are as in `authors`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, takewhile

from lxml.etree import _Element, iterwalk

from searcher.sources.page.byline_lines import names_in_line
from searcher.sources.page.byline_marks import (
    NAME_LEVELS,
    in_article,
    is_credit_alone,
    rank_of,
)
from searcher.text.agencies import agency_named
from searcher.text.bylines import clean_authors, is_house, looks_like_name, plain
from searcher.text.cleaning import clean_line

_NOT_TEXT = frozenset("script style noscript svg template".split())
"""Tags of elements without text that a reader sees."""
_AFTER = 2500
"""Maximum distance of a byline behind the headline, in characters of text. (Half or twice: the
same.)"""
_BEFORE = 400
"""Maximum distance of a byline in front of the headline, in characters of text. (Half or twice: the
same.)"""
_LONGEST = 120
"""Maximum length of a byline, in characters. (Half or twice: the same.)"""
_BLOCK = 250
"""Size of the block around a byline from which it holds other things too, in characters. (Half or
twice: the same.)"""
_MOST = 6
"""Number of names after which a byline is not read further. (Half: .955, twice: the same.)"""
_STEPS = 400
"""Maximum number of beginnings and ends of elements that are read inside an element. It bounds the
time on an element that is most of the page."""
_LONGEST_TEXT = 2000
"""Maximum number of characters that are read inside an element, for the same reason."""
_PROPERTIES = frozenset(("author", "name"))
"""Properties of microdata that elements with a rank below _SURE can have."""
_SURE = 3
"""Ranks of markup (see `rank_of`) below this are about authors and nothing else, and are looked for
on the whole page. (1: .950, 6: the same.)"""
_AFTER_HEADING = "following::*[self::p or self::span or self::div or self::li or self::address]"
"""XPath of the elements behind the heading that may hold such a line."""
_JOINING = 5
"""Maximum number of letters beside the names in a part of a byline, such as those of "and"."""
_LINE_LEVELS = 2
"""Number of elements around a name among which the whole line of the byline is."""
_LINES = 60
"""Maximum number of these elements that are looked at. (Half: .950, twice: the same.)"""
_LONGEST_LINE = 90
"""Maximum length of such a line, in characters. (Half or twice: the same.)"""
_SHORTEST_HEADING = 12
"""Length of a heading above which it is the headline, in characters. Shorter ones name the site or
the section."""


_Candidate = tuple[_Element, int]
"""An element that may hold the byline, and how surely its markup marks an author: 0 most surely
(see `rank_of`)."""


def byline_of(tree: _Element, sites: Collection[str]) -> tuple[str, ...]:
    """Return the names in the elements of the best rank, those near the headline first."""
    heading = next((one for one in tree.iter("h1") if len(_text(one)) > _SHORTEST_HEADING), None)
    near = _near(tree, heading) if heading is not None else []
    anywhere = _anywhere(tree, heading is None)
    for candidates in (near, anywhere):
        for rank in sorted({rank for _, rank in candidates}):
            some = [element for element, found in candidates if found == rank]
            if names := _names_in(some, rank, sites):
                return _with_others(names, some)
    return ()


def _with_others(names: tuple[str, ...], elements: Sequence[_Element]) -> tuple[str, ...]:
    """Return the names of a byline; those in the line around it if they are more and among them,
    as where only one of two names is a link."""
    keys = set(map(plain, names))
    for element in elements:
        if plain(_text(element)) in keys:
            for above in islice(element.iterancestors(), _LINE_LEVELS):
                text = _text(above)
                line = names_in_line(text) if len(text) < _LONGEST_LINE else ()
                if keys < set(map(plain, line)):
                    return line
            break
    return names


def _near(tree: _Element, heading: _Element) -> list[_Candidate]:
    """Return the elements near the headline that may be a byline, in order."""
    # Elements in front of the headline, each with the characters of text on the page before it.
    before: deque[tuple[_Element, int]] = deque()
    found: list[_Candidate] = []
    place = 0
    end: int | None = None
    for element in tree.iter("*"):
        is_text = element.tag not in _NOT_TEXT
        if element is heading:
            end = place + _AFTER
            found = _ranked(one for one, at in before if place - at <= _BEFORE)
        if is_text and end is None:
            before.append((element, place))
            while place - before[0][1] > _BEFORE:
                before.popleft()
        elif is_text:
            found += _ranked([element])
        text, tail = element.text if is_text else None, element.tail
        place += (len(text.strip()) if text else 0) + (len(tail.strip()) if tail else 0)
        if end is not None and place > end:
            break
    return found


def _anywhere(tree: _Element, unsure: bool) -> list[_Candidate]:
    """Return the elements of the page that may be a byline, in order. unsure: whether to return
    also those whose markup says other things, too."""
    if unsure:
        return _ranked(one for one in tree.iter("*") if one.tag not in _NOT_TEXT)
    # XPath takes twice as long.
    stated = (
        one
        for one in tree.iter("*")
        if (one.get("itemprop") in _PROPERTIES or "author" in (one.get("rel") or ""))
        and one.tag not in _NOT_TEXT
    )
    return [(element, rank) for element, rank in _ranked(stated) if rank < _SURE]


def _ranked(elements: Iterable[_Element]) -> list[_Candidate]:
    """Return those of the elements that may be a byline."""
    return [(one, rank) for one in elements if (rank := rank_of(one)) is not None]


def _names_in(elements: Sequence[_Element], rank: int, sites: Collection[str]) -> tuple[str, ...]:
    """Return the names in the first block with one of `elements`; later blocks belong to other
    articles.

    rank: the rank of the elements; with a sure one, names of an unusual form are taken, too.
    """
    found: list[str] = []
    block: _Element | None = None
    for element in elements:
        text = clean_line(element.get("content") or "") or _text(element)
        if not 2 < len(text) < _LONGEST or not in_article(element):
            continue
        if block is None:
            block = _block(element)
        elif (
            element is not block
            and block not in element.iterancestors()
            and not (rank < _SURE and block.getparent() in _around(element))
        ):
            break
        found += _pieces(element, text)
        if len(found) >= _MOST:
            break
    names = [
        name
        for name in clean_authors(found, sites, services=True)
        if looks_like_name(name)
        or is_house(name, sites)
        or agency_named(name)
        or (rank < _SURE and len(name.split()) < 5)
    ]
    return tuple(name for name in names if not any(name.startswith(other + " ") for other in names))


def _around(element: _Element) -> Iterator[_Element]:
    """Yield the nearest elements around an element: those that hold it and other authors."""
    return islice(element.iterancestors(), NAME_LEVELS)


def _block(element: _Element) -> _Element:
    """Return the largest element around this one that holds little else."""
    for above in element.iterancestors():
        if len(_text(above)) >= _BLOCK:
            break
        element = above
    return element


def _pieces(element: _Element, text: str) -> Iterator[str]:
    """Yield the parts of a byline that are names, as far as it begins with them; all of it if it
    does not."""
    parts = list(
        dict.fromkeys(clean_line(part) for part in element.itertext() if len(plain(part)) > 1)
    )
    named = [clean_authors([part], services=True) for part in parts]
    names = [name for some in named for name in some]
    if not _are_names(names):
        whole = list(takewhile(lambda pair: _is_named(*pair), zip(parts, named, strict=True)))
        # Behind the names are an office, a place, a date. A word alone is a part of a name.
        ends = len(whole) < len(parts) and (
            " " in parts[len(whole)] or next(element.iter("li", "p", "div"), None) is not None
        )
        names = [name for _, some in whole for name in some] if ends else []
    yield from names if names and not element.get("content") else [text]


def _are_names(names: Sequence[str]) -> bool:
    """Return whether all of these are names of persons or agencies, and there are any."""
    return bool(names) and all(looks_like_name(one) or agency_named(one) for one in names)


def _is_named(part: str, names: Sequence[str]) -> bool:
    """Return whether a part of a byline holds these names, and next to nothing else."""
    return _are_names(names) and len(plain(part)) - len(plain("".join(names))) <= _JOINING


def line_of(tree: _Element) -> tuple[str, ...]:
    """Return the names in a short line such as "By Ann Other" behind the headline."""
    heading = next(iter(tree.iter("h1")), None)
    if heading is None:
        return ()
    for element in heading.xpath(_AFTER_HEADING)[:_LINES]:
        text = _text(element)
        names = names_in_line(text) if len(text) < _LONGEST_LINE else ()
        if names and (in_article(element) or is_credit_alone(element)):
            return names
    return ()


def _text(element: _Element) -> str:
    """Return the text of an element, at most _LONGEST_TEXT characters."""
    parts: list[str] = []
    size = 0
    for event, one in islice(iterwalk(element, events=("start", "end")), _STEPS):
        part = one.text if event == "start" else one.tail if one is not element else None
        if part:
            parts.append(part)
            size += len(part)
            if size > _LONGEST_TEXT:
                break
    return clean_line("".join(parts))
