"""Did you mean: words of a query that an index does not hold, or hardly, as it spells them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from searcher.engine.protocol import Vocabulary
from searcher.query.tree import Query, Word, leaves
from searcher.text.analyzer import query_terms
from searcher.text.exonyms import is_known
from searcher.text.folding import fold

_LEAST_LETTERS = 4
_LONG = 9
"""Words of so many letters may be two edits away, shorter ones one."""
_HARDLY = 2
"""A word that so many articles hold, or fewer, may be an error."""
_TIMES = 50
"""A word is meant instead of one that is hardly held when so many times more articles hold it."""
_LEAST_ARTICLES = 5
"""What fewer articles hold may be an error itself, in an index of _MANY articles or more."""
_MANY = 1000


class Corrected(NamedTuple):
    """A query's text with probable errors replaced. certain: whether each is an error of typing (a
    letter too many, too few or in its neighbour's place), so that it may be searched for unasked:
    "macron" is no misspelled "micron"."""

    text: str
    certain: bool


def corrected(
    query: Query, vocabulary: Vocabulary, counts: Mapping[str, int], known: Collection[str]
) -> Corrected | None:
    """The query with the words replaced that are probably errors, if there are any.

    counts: how many articles the index holds in each language; where the query is limited to some,
    words of these are meant. known: words that are no errors, whatever the index holds.
    """
    languages = query.languages or tuple(sorted(counts))
    least = _LEAST_ARTICLES if sum(counts.values()) >= _MANY else 1
    text, moved, certain = query.text, 0, True
    for word in leaves(query.root, excluded=False):
        better = ""
        if not isinstance(word, Word) or not word.text.isalpha():
            continue
        if word.text not in known and not is_known(word.text):
            better = _better(word.text, vocabulary, languages, least)
        start, end = word.span
        at = text.find(word.text, start + moved, end + moved)
        if better and at >= 0:
            text = text[:at] + better + text[at + len(word.text) :]
            moved += len(better) - len(word.text)
            certain = certain and _is_slip(fold(word.text), better)
    return Corrected(text, certain) if text != query.text else None


def _is_slip(typed: str, meant: str) -> bool:
    """Whether one letter is too many, missing, or in its neighbour's place."""
    return abs(len(typed) - len(meant)) == 1 or sorted(typed) == sorted(meant)


def _better(word: str, vocabulary: Vocabulary, languages: tuple[str, ...], least: int) -> str:
    """What is probably meant by a word, if it is not what it says."""
    form = fold(word)
    held = max(vocabulary.holding(form), _articles(word, vocabulary, languages))
    if len(form) < _LEAST_LETTERS or held > _HARDLY:
        return ""
    found = [
        (edits, -articles, other)
        for other, edits, articles in vocabulary.within(form, 1 + (len(form) >= _LONG))
        if other != form
        and other[0] == form[0]
        and other.isalpha()
        and articles >= max(least, _TIMES * held)
    ]
    for _, _, other in sorted(found):
        if _articles(other, vocabulary, languages):
            return other
    return ""


def _articles(word: str, vocabulary: Vocabulary, languages: tuple[str, ...]) -> int:
    """How many articles in these languages hold a word in one of its inflections, about."""
    return sum(vocabulary.stems(sorted(query_terms(word.lower(), fold(word), languages))))
