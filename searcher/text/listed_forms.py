"""Common words whose lemma neither their ending nor a stemmer tells, such as "Praze" (Praha) and
"jueces" (juez).

The lists are written by `benchmarks/tables/forms.py`. Forms and lemmas are folded. A lemma is never
itself a listed form.
"""

from __future__ import annotations

from functools import cache
from mmap import mmap
from pathlib import Path

from searcher.text.endings import TABLES, in_letters_of_table
from searcher.text.sorted_rows import row_of, rows_of

LISTING = frozenset(
    "ar bg ca cs da de el es fa fi fr he hu id is it lt lv mk nl no pl pt ro ru sk sl sr sv tr"
    " uk".split()
)
"""Languages with a list (ISO 639-1).

Of the occurrences of inflected words that may be listed (`benchmarks/tables/forms.py` says which),
these meet their lemma, in brackets without the list: Arabic .99 (.61), Czech .98 (.60),
German .99 (.65), Greek .98 (.74), Spanish .99 (.71), Finnish .99 (.55), French .98 (.65),
Hungarian .99 (.61), Icelandic .99 (.48), Italian .99 (.72), Latvian .99 (.55), Dutch .98 (.69),
Polish .99 (.64), Portuguese .99 (.75), Romanian .99 (.67), Russian .99 (.80), Serbian .99 (.67),
Turkish .99 (.56), Ukrainian .99 (.74), Hebrew .99 (.30), Persian .96 (.16); the others .98 or more
(.69 to .83)."""


def has_list(language: str) -> bool:
    """Return whether a language has a list."""
    return TABLES.get(language, language) in LISTING


def listed_lemma(folded: str, language: str) -> str | None:
    """Return the folded lemma of a folded word, or None if the list of its language lacks it.

    Takes 5 us.
    """
    name = TABLES.get(language, language)
    if name not in LISTING:
        return None
    folded = in_letters_of_table(folded, language)
    row = row_of(folded.encode("utf-8", "surrogatepass"), _rows(name))
    if row is None:
        return None
    _, cut, ending = row
    return folded[: len(folded) - int(cut)] + ending.decode()


@cache
def _rows(language: str) -> mmap:
    """Return a list's rows of a form, the number of its last letters that are cut, and those that
    follow instead, ascending by the bytes of the form."""
    return rows_of(Path(__file__).parent / f"lemmas/forms-{language}.txt")
