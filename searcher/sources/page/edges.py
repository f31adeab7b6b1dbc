"""Lines around the text of a page that repeat its metadata: the headline, the byline, the date."""

from __future__ import annotations

import re
from collections.abc import Collection

from searcher.sources.page.dated_lines import DATED, names_date
from searcher.text.bylines import clean_authors, plain
from searcher.text.cleaning import clean_line

_FIRST = 4
"""Number of paragraphs at the beginning in which such a line is looked for. Larger would take a
heading that is a name in an interview for the byline."""
_LONGEST = 120
"""Maximum length of such a line, in characters. Longer ones are text. (Half or twice: the same F1
of bodies on 123 saved pages, whichever country is left out; `python -m benchmarks.leaving_out`.)"""
_REST = 32
"""Maximum number of letters in a line beside the names or the date, such as those of an office.
(Half or twice: the same.)"""
_ENDS = tuple(".!?…。！？")
"""Ends of sentences."""
_MOMENT = re.compile(r"[\d\W_]+")
"""Figures and marks."""


def without_edges(
    paragraphs: tuple[str, ...], headline: str, authors: Collection[str]
) -> tuple[str, ...]:
    """Return the paragraphs without a first one that repeats the headline, and without lines at the
    beginning that are the byline or the date.

    authors: the names that the byline has been read for.
    """
    if paragraphs and headline and paragraphs[0].casefold() == clean_line(headline).casefold():
        paragraphs = paragraphs[1:]
    known = {plain(name) for name in authors}
    kept = tuple(
        text
        for number, text in enumerate(paragraphs)
        if number >= _FIRST or not (_is_byline(text, known) or _is_date(text))
    )
    # A page whose only text is such a line keeps it.
    return kept or paragraphs


def _is_byline(text: str, authors: Collection[str]) -> bool:
    """Return whether a line names the authors, and next to nothing else."""
    if len(text) > _LONGEST or text.endswith(_ENDS) or not authors:
        return False
    names = clean_authors([text], services=True)
    found = {plain(name) for name in names}
    if not found & set(authors):
        return False
    return len(plain(text)) - sum(map(len, found)) <= _REST


def _is_date(text: str) -> bool:
    """Return whether a line states a date, and next to nothing else."""
    if len(text) > _LONGEST or text.endswith(_ENDS) or not names_date(text):
        return False
    return len(_MOMENT.sub("", DATED.sub("", text))) <= _REST
