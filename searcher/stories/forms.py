"""Texts of one form: the figures and names in which they differ where words replace others.

A number in words and in digits is one figure, and a name in two spellings is one name. In a script
without capitals each word may be a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple, TypeAlias

from searcher.stories.figures import figures
from searcher.stories.words import text_alone
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import is_same_name
from searcher.text.number_words import figure_words, spelled_number

ODD_FIGURES = frozenset(
    "first second third half 二 两 兩 三 四 五 六 七 八 九 十 百 千 万 萬 亿 億".split()
)
"""Words that are figures beside those of `text.number_words`. Each Han character is a word."""
_MOST_WORDS = 200
"""Maximum number of words that replace others and are compared one by one. More are texts of their
own; larger takes longer, 10 us a word and 50 us each two names."""


class Filled(NamedTuple):
    """A number of differences between two passages that stand in one place of a form."""

    figures: int
    """Number of figures in which they differ."""
    names: int
    """Number of names in which they differ."""
    is_spelling: bool
    """Whether they have the same words, and figures and names in other spellings only."""


class Passage(NamedTuple):
    """Words of a text."""

    text: str
    """The text from the first of them to the last."""
    words: Sequence[str]
    """The words as written."""
    plain: Sequence[bool]
    """Whether each is a word that one of the texts has without a capital."""


Values: TypeAlias = frozenset[float] | frozenset[str]
"""The possible values of a figure; a word if it is no number."""
_Kind = Literal["figure", "odd", "name", "word"]
"""Kinds of words: of a number, or of ODD_FIGURES; one that may be of a name; another one."""


class _Told(NamedTuple):
    """The figures and names of a passage."""

    values: list[Values]
    """The figures."""
    names: list[list[str]]
    """The names, each as words in a row."""
    others: list[str]
    """The other words, folded and sorted."""


def filled_in(one: Passage, other: Passage) -> Filled:
    """Return the figures and names in which two passages differ. The same in either order."""
    if max(len(one.words), len(other.words)) > _MOST_WORDS:
        return Filled(1, 1, False)
    ours, theirs = _told(one), _told(other)
    differing = _differing(ours.values, theirs.values)
    names = _unlike(ours.names, theirs.names), _unlike(theirs.names, ours.names)
    is_spelling = not differing and not any(names) and ours.others == theirs.others
    return Filled(differing, min(names), is_spelling)


def _told(passage: Passage) -> _Told:
    """Return the figures and names of a passage."""
    held: dict[_Kind, list[list[str]]] = {"figure": [], "odd": [], "name": [], "word": []}
    pairs = zip(passage.words, passage.plain, strict=True)
    for kind, run in groupby(pairs, lambda pair: _kind(*pair)):
        held[kind].append([word for word, _ in run])
    values: list[Values] = []
    if held["figure"] or held["odd"]:
        values = [one.values for one in figures(text_alone(passage.text))]
    if not values:
        # A scale without a number, or a designation: "billion", "F16".
        values = [frozenset((fold(word),)) for words in held["figure"] for word in words]
    for words in held["odd"]:
        if not spelled_number(words)[1]:
            values.append(frozenset(("".join(words),)))
    others = [fold(word) for words in held["word"] for word in words]
    return _Told(values, held["name"], sorted(others))


def _kind(word: str, is_plain: bool) -> _Kind:
    """Return the kind of a word. is_plain: as in `Passage.plain`."""
    form = fold(word)
    if form in ODD_FIGURES:
        return "odd"
    if form in figure_words() or any(map(str.isdecimal, form)):
        return "figure"
    if is_plain or word[0].islower():
        return "word"
    return "name"


def _differing(ours: Sequence[Values], theirs: Sequence[Values]) -> int:
    """Return the number of figures that differ. Of as many figures each is compared with the one in
    its place."""
    if len(ours) == len(theirs):
        return sum(one.isdisjoint(other) for one, other in zip(ours, theirs, strict=True))
    missing = [
        sum(all(one.isdisjoint(other) for other in others) for one in held)
        for held, others in ((ours, theirs), (theirs, ours))
    ]
    return max(min(missing), 1)


def _unlike(names: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> int:
    """Return the number of names with a word that is in no spelling in the other ones."""
    known = {fold(word) for words in others for word in words}
    return sum(
        not all(fold(word) in known or any(_is_alike(word, one) for one in known) for word in words)
        for words in names
    )


def _is_alike(one: str, other: str) -> bool:
    """Return whether two words are spellings of one name."""
    return is_same_name(one, other) or any(
        fold(spelling.text) == other for spelling in spellings(one)
    )
