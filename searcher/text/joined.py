"""Words that ran together where a page's markup was stripped: "Russiawhich", "the European UnionThe
EU".

Links stand on names, and behind a name comes a small word. So a word is cut only where its
beginning is a name that the text has elsewhere, and the rest is a function word of its language.
Dictionaries alone cut ten times as often wrongly.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SHORTEST_NAME = 4
_OFTEN = 2
"""How often a name is named before which a short function word is cut off."""
_ENDS_OF_NAMES = frozenset(("on", "a", "is", "as", "and"))
_VERY_OFTEN = 5
"""The same for words in which many names end: Roberts and Robertson, Indian and Indiana."""
_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_CAPITAL = re.compile(r"(?:The|That|And|But|This|When|After|With|For)\b")
_BEFORE_CAPITAL = re.compile(r"[^\W\d_]{3,}(?<=[^\W\d_A-Z][^\W\d_A-Z])$")
"""What stands before a capitalised function word that begins within a word: "UnionThe"."""
_MOST_CHARACTERS = 200_000

Join = tuple[int, int]
"""The number of a paragraph, and the character in it at which a word begins without a space before
it."""


def find_joins(paragraphs: Sequence[str], language: str, headline: str = "") -> tuple[Join, ...]:
    """Where words of a text ran together, in order; texts as long as a book are left alone.
    headline: names more."""
    function_words = _function_words().get(language)
    if function_words is None or sum(map(len, paragraphs)) > _MOST_CHARACTERS:
        return ()
    whole = "\n".join((headline, *paragraphs))
    words = set(_LONG_WORD.findall(whole))
    candidates = [word for word in words if word.endswith(function_words.endings)]
    split = {
        word: match for word in candidates if (match := function_words.pattern.fullmatch(word))
    }
    # In most texts no word ends so behind a name; the others are counted once.
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
    pattern = re.compile(rf"\b{match.group()}\b")
    for number, text in enumerate(paragraphs):
        yield from ((number, place.start() + match.end(1)) for place in pattern.finditer(text))


def _capitals_within(text: str) -> Iterator[int]:
    for match in _CAPITAL.finditer(text):
        at = match.start()
        if at and text[at - 1].isalpha() and _BEFORE_CAPITAL.search(text[max(0, at - 4) : at]):
            yield at


def _counted(text: str) -> Counter[str]:
    """How often each word occurs as it stands, and how often in any case (by its spelling without
    case)."""
    words = Counter(_WORD.findall(text))
    for word, count in list(words.items()):
        if not word.islower():
            words[word.casefold()] += count
    return words


def _is_joined(match: re.Match[str], counts: Counter[str], known: _FunctionWords) -> bool:
    """Whether a word that ends in a function word is a name and that word: the name stands alone
    elsewhere, and often enough for how easily names end so, and the word does not."""
    name, right = match.group(1).casefold(), match.group(2)
    if name in known.every or not counts[name.capitalize()]:
        return False
    if counts[name] > counts[name.capitalize()] + counts[name.upper()]:
        # The name is a common word, too.
        return False
    often = _VERY_OFTEN if right in _ENDS_OF_NAMES else _OFTEN if right in known.short else 1
    return counts[name] >= often and counts[match.group().casefold()] == 1


class _FunctionWords(NamedTuple):
    """Of a language: words that end in a function word, these endings, all function words, and the
    short ones."""

    pattern: re.Pattern[str]
    endings: tuple[str, ...]
    every: frozenset[str]
    short: frozenset[str]


@cache
def _function_words() -> dict[str, _FunctionWords]:
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
