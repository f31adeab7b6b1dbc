"""Did you mean: corrections of the words that the index contains rarely or never."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from searcher.engine.protocol import Vocabulary
from searcher.query.tree import Query, Word, leaves
from searcher.text.analyzer import query_terms
from searcher.text.exonyms import has_spellings
from searcher.text.folding import fold

_LEAST_LETTERS = 4
"""Minimum number of letters of a word that is corrected. Shorter words have too many words one edit
away."""
_LONG = 9
"""Minimum number of letters of a word that may be two edits away from its correction; one edit for
shorter words."""
_RARE = 2
"""Maximum number of articles that contain a word which may be an error. More articles mean that the
word exists."""
_TIMES = 50
"""A word that is rare but in the index is corrected only to a word that at least this many times
more articles contain."""
_LEAST_ARTICLES = 5
"""Minimum number of articles that contain a correction, in an index of at least _LARGE articles.
Words in fewer articles may be errors themselves."""
_LARGE = 1000
"""Minimum number of articles of an index in which _LEAST_ARTICLES applies; a smaller one repeats
few words."""


class Corrected(NamedTuple):
    """A query with its probable errors replaced."""

    text: str
    """The query's text with the corrections."""
    certain: bool
    """Whether every correction mends a typing error: one letter too many, one missing, or two
    swapped. Such a correction may be searched for without asking. A replaced letter is not enough:
    "macron" may not mean "micron"."""


def corrected(
    query: Query, vocabulary: Vocabulary, counts: Mapping[str, int], known: Collection[str]
) -> Corrected | None:
    """Return the query with its probable errors replaced; None if there are none.

    counts: number of articles by language. If the query names languages, corrections are words of
    these. known: words that are not corrected, however rare.
    """
    languages = query.languages or tuple(sorted(counts))
    least = _LEAST_ARTICLES if sum(counts.values()) >= _LARGE else 1
    text, moved, certain = query.text, 0, True
    for word in leaves(query.root, excluded=False):
        better = ""
        if not isinstance(word, Word) or not word.text.isalpha():
            continue
        if word.text not in known and not has_spellings(word.text):
            better = _better(word.text, vocabulary, languages, least)
        start, end = word.span
        at = text.find(word.text, start + moved, end + moved)
        if better and at >= 0:
            text = text[:at] + better + text[at + len(word.text) :]
            moved += len(better) - len(word.text)
            certain = certain and _is_slip(fold(word.text), better)
    return Corrected(text, certain) if text != query.text else None


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether one letter was added or omitted, or letters were swapped."""
    return abs(len(typed) - len(meant)) == 1 or sorted(typed) == sorted(meant)


def _better(word: str, vocabulary: Vocabulary, languages: tuple[str, ...], least: int) -> str:
    """Return the correction of a word, the closest and then most frequent; "" if there is none."""
    form = fold(word)
    if len(form) < _LEAST_LETTERS or (held := vocabulary.holding(form)) > _RARE:
        return ""
    held = max(held, _articles(word, vocabulary, languages))
    if held > _RARE:
        return ""
    for edits in range(1, 2 + (len(form) >= _LONG)):
        found = [
            (-articles, other)
            for other, far, articles in vocabulary.within(form, edits, form[0])
            if far == edits and other.isalpha() and articles >= max(least, _TIMES * held)
        ]
        for _, other in sorted(found):
            if _articles(other, vocabulary, languages):
                return other
    return ""


def _articles(word: str, vocabulary: Vocabulary, languages: tuple[str, ...]) -> int:
    """Return the number of articles that contain a word in any inflection of these languages.

    An estimate: articles with several of its stems count once for each.
    """
    return sum(vocabulary.stems(sorted(query_terms(word.lower(), fold(word), languages))))
