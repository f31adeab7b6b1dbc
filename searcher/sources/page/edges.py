"""Lines around the text of a page that repeat its metadata: the headline, the byline, the date."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from searcher.sources.page.byline_lines import names_in_line
from searcher.sources.page.dated_lines import DATED, names_date
from searcher.text.agencies import agency_named
from searcher.text.bylines import clean_authors, looks_like_name, plain
from searcher.text.cleaning import clean_line

_FIRST = 4
"""Number of paragraphs at the beginning in which such a line is looked for. Larger would take a
heading that is a name in an interview for the byline."""
_LAST = 4
"""Number of paragraphs at the end among which those about the authors are looked for. Lines of the
house may follow them."""
_LONGEST = 120
"""Maximum length of such a line, in characters. Longer ones are text. (Half or twice: the same F1
of bodies on 123 saved pages, whichever country is left out; `python -m benchmarks.leaving_out`.)"""
_REST = 32
"""Maximum number of letters in a line beside the names or the date, such as those of an office.
(Half or twice: the same.)"""
_ENDS = tuple(".!?…。！？")
"""Ends of sentences."""
_WHO = re.compile(
    r"(?:,? [^.,]{2,60},)?,? (?:is|are|was|has been|covers|writes|reports|ist|sind|berichtet|"
    r"schreibt|"
    r"est|couvre|es|è|é|werkt|är|er)\b"
)
"""How a sentence goes on that says who somebody is."""
_LONGEST_BIOGRAPHY = 500
"""Maximum length of a paragraph about an author, in characters."""
_NAME_WITHIN = 60
"""Number of characters at the beginning of such a paragraph in which the name is."""
_MOMENT = re.compile(r"[\d\W_]+")
"""Figures and marks."""
_TRAIL = ("›", "»", ">", "/", "→")
"""Marks between the sections of a trail, and before its end."""
_SIGNED = re.compile(
    r"[（(［\[【]\s?(?P<name>[^()（）［］\[\]【】]{3,40}?)\s?[)）］\]】]"
    r"|[—–―-]\s?(?:[Bb]y\s)?(?P<writer>[^,]{4,40}),\s(?P<outlet>.{2,40}?)\.?"
)
"""The name of the writer as a paragraph."""
_DASHES = ("—", "–", "―")
"""Beginnings of a line that says whose the quotation above it is."""


def without_edges(
    paragraphs: tuple[str, ...], headline: str, authors: Collection[str]
) -> tuple[str, ...]:
    """Return the paragraphs without a first one that repeats the headline, and without lines at the
    beginning that are the byline or the date, and without last ones about the authors.

    authors: the names that the byline has been read for.
    """
    title = clean_line(headline).casefold()
    if paragraphs and title and _repeats(paragraphs[0].casefold(), title):
        paragraphs = paragraphs[1:]
    known = {plain(name) for name in authors if name}
    kept = tuple(
        text
        for number, text in enumerate(paragraphs)
        if number >= _FIRST or not (_is_byline(text, known) or _is_date(text))
    )
    last = len(kept) - _LAST
    kept = tuple(
        text
        for number, text in enumerate(kept)
        if number < max(last, 1) or not _is_biography(text, authors)
    )
    # A page whose only text is such a line keeps it.
    return kept or paragraphs


def signed(paragraphs: tuple[str, ...], source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs without a last one that is the name of the writer, in brackets or
    behind a dash and with that of the outlet; and the name.

    source: the name of the outlet.
    """
    match = _SIGNED.fullmatch(paragraphs[-1]) if len(paragraphs) > 1 else None
    if match is None or (match["outlet"] and plain(match["outlet"]) != plain(source)):
        return paragraphs, ()
    names = clean_authors([match["name"] or match["writer"]])
    is_person = bool(names) and all(looks_like_name(name) for name in names)
    return (paragraphs[:-1], names) if is_person else (paragraphs, ())


def _repeats(text: str, title: str) -> bool:
    """Return whether a paragraph is the headline, perhaps at the end of a trail of sections."""
    if text == title:
        return True
    trail = text.removesuffix(title) if text.endswith(title) else ""
    return len(trail) <= _LONGEST and trail.rstrip().endswith(_TRAIL)


def service_in_front(paragraphs: Sequence[str], kept: Collection[str]) -> str:
    """Return the agency that a byline names which `without_edges` took off; "" for none."""
    lines = (text for text in paragraphs[:_FIRST] if text not in kept and len(text) <= _LONGEST)
    names = (name for line in lines for name in clean_authors([line], services=True))
    return next((service for name in names if (service := agency_named(name))), "")


def _is_biography(text: str, authors: Collection[str]) -> bool:
    """Return whether a paragraph says who one of the authors is."""
    if len(text) > _LONGEST_BIOGRAPHY:
        return False
    beginning = text[:_NAME_WITHIN].casefold()
    return any(
        name
        and name.casefold() in beginning
        and _WHO.match(text[beginning.index(name.casefold()) + len(name) :])
        for name in authors
    )


def _is_byline(text: str, authors: Collection[str]) -> bool:
    """Return whether a line names the authors and next to nothing else, or says that it is by
    somebody."""
    if len(text) > _LONGEST or text.endswith(_ENDS) or text.startswith(_DASHES):
        return False
    stated = {plain(name) for name in names_in_line(text)}
    found = stated or {plain(name) for name in clean_authors([text], services=True)}
    if not stated and not found & set(authors):
        return False
    return len(plain(text)) - sum(map(len, found)) <= _REST


def _is_date(text: str) -> bool:
    """Return whether a line states a date, and next to nothing else."""
    if len(text) > _LONGEST or text.endswith(_ENDS) or text.startswith(_DASHES):
        return False
    if not names_date(text):
        return False
    return len(_MOMENT.sub("", DATED.sub("", text))) <= _REST
