"""Words that ran together where a page's markup was stripped: "Russiawhich", "the European UnionThe
EU".

Links are mostly on names, and a function word follows a name. So a word is divided only if its
beginning is a name that the text also has alone, and the rest is a function word of the language.
Dictionaries alone were tried: they divide ten times as many words wrongly.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from searcher import kernels

_SHORTEST_NAME = 4
"""Minimum length of a name in front of a function word, in letters. Shorter beginnings occur in
common words."""
_OFTEN = 2
"""Minimum number of times that a text has a name before a short function word is divided from
it."""
_ENDS_OF_NAMES = frozenset(("on", "a", "is", "as", "and"))
"""Function words that many names end in: Robertson, Indiana."""
_VERY_OFTEN = 5
"""The same number for these function words."""
_WORD = re.compile(r"[^\W\d_]+")
"""A word."""
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
"""A word of at least four letters."""
_CAPITAL = re.compile(r"(?:The|That|And|But|This|When|After|With|For)\b")
"""A function word with a capital, by which a sentence begins."""
_BEFORE_CAPITAL = re.compile(r"[^\W\d_]{3,}(?<=[^\W\d_A-Z][^\W\d_A-Z])$")
"""The end of the word in front of it, as in "UnionThe"."""
_MOST_CHARACTERS = 200_000
"""Maximum size of a text that is looked through, in characters. It bounds the time for texts as
long as a book."""

Join = tuple[int, int]
"""The index of a paragraph, and the character in it at which a word begins without a space before
it."""


def find_joins(paragraphs: Sequence[str], language: str, headline: str = "") -> tuple[Join, ...]:
    """Return where words of a text ran together, in order; () for texts as long as a book.

    language: ISO 639-1 code; other languages than those in joined.toml have no function words, and
        no joins.
    headline: a text with more names.
    """
    function_words = _function_words().get(language)
    if function_words is None or sum(map(len, paragraphs)) > _MOST_CHARACTERS:
        return ()
    whole = "\n".join((headline, *paragraphs))
    if kernels.loaded and not function_words.may_be_in(whole, language == "en"):
        return ()
    words = set(_LONG_WORD.findall(whole))
    candidates = [word for word in words if word.endswith(function_words.endings)]
    split = {
        word: match for word in candidates if (match := function_words.pattern.fullmatch(word))
    }
    # Most texts have no such word, so words are counted only if there is one.
    split = {word: match for word, match in split.items() if match.group(1).capitalize() in words}
    found: list[Join] = []
    if split:
        counts = _counted(whole)
        joined = [match for match in split.values() if _is_joined(match, counts, function_words)]
        found += [join for match in joined for join in _places(match, paragraphs)]
    if language == "en":
        found += [
            (number, at) for number, text in enumerate(paragraphs) for at in _capitals_within(text)
        ]
    return tuple(sorted(found))


def _places(match: re.Match[str], paragraphs: Sequence[str]) -> Iterator[Join]:
    """Yield the joins at which a word occurs in the paragraphs."""
    pattern = re.compile(rf"\b{match.group()}\b")
    for number, text in enumerate(paragraphs):
        yield from ((number, place.start() + match.end(1)) for place in pattern.finditer(text))


def _capitals_within(text: str) -> Iterator[int]:
    """Yield the characters at which a function word with a capital begins inside a word."""
    for match in _CAPITAL.finditer(text):
        at = match.start()
        if at and text[at - 1].isalpha() and _BEFORE_CAPITAL.search(text[max(0, at - 4) : at]):
            yield at


def _counted(text: str) -> Counter[str]:
    """Return how often each word occurs as written, and how often in any case (by the word without
    case)."""
    words = Counter(_WORD.findall(text))
    for word, count in list(words.items()):
        if not word.islower():
            words[word.casefold()] += count
    return words


def _is_joined(match: re.Match[str], counts: Counter[str], known: _FunctionWords) -> bool:
    """Return whether a word is a name with a function word glued to it.

    It is if the name occurs alone often enough, mostly with a capital, and the whole word occurs
    once.
    """
    name, right = match.group(1).casefold(), match.group(2)
    if name in known.every or not counts[name.capitalize()]:
        return False
    if counts[name] > counts[name.capitalize()] + counts[name.upper()]:
        # The name is also a common word.
        return False
    often = _VERY_OFTEN if right in _ENDS_OF_NAMES else _OFTEN if right in known.short else 1
    return counts[name] >= often and counts[match.group().casefold()] == 1


class _FunctionWords(NamedTuple):
    """The function words of a language."""

    pattern: re.Pattern[str]
    """A word that ends in a function word."""
    endings: tuple[str, ...]
    """The function words that a word may end in, the longest first."""
    every: frozenset[str]
    """All function words."""
    short: frozenset[str]
    """Those that many other words end in, too."""

    def may_be_in(self, text: str, capitals: bool) -> bool:
        """Return whether a text may have joins, by a kernel.

        capitals: whether to look for words with a capital, too.
        """
        kinds, lowers = kernels.letters.tables()
        longest = len(self.endings[0])
        points = kernels.letters.code_points(text)
        return kernels.joins.possible(
            points, kinds, lowers, _hashes(self.endings), longest, capitals
        )


@cache
def _hashes(words: tuple[str, ...]) -> Any:
    """Return the hashes of words for the kernel. Cached: there is one tuple for each language."""
    return kernels.joins.hashes([kernels.letters.code_points(word) for word in words])


@cache
def _function_words() -> dict[str, _FunctionWords]:
    """Return by language the function words in joined.toml. Read once, cached."""
    data = tomllib.loads((files("searcher.text") / "joined.toml").read_text("utf-8"))
    found = {}
    for language, kinds in data.items():
        short = frozenset(kinds["short"].split())
        every = short.union(kinds["long"].split(), kinds.get("others", "").split())
        endings = tuple(
            sorted(short.union(kinds["long"].split()), key=lambda word: (-len(word), word))
        )
        pattern = re.compile(rf"([^\W\d_]{{{_SHORTEST_NAME},30}}?)({'|'.join(endings)})")
        found[language] = _FunctionWords(pattern, endings, every, short)
    return found
