"""Figures in which two texts differ: "800 civilians" and "more than 800 civilians"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from searcher.stories.edits import Edit
from searcher.stories.summary import Pair
from searcher.stories.words import ComparedText
from searcher.text.folding import fold
from searcher.text.number_words import begins_number, scale_words, spelled_number
from searcher.text.pieces import SIGNS, decompose

_NUMBER = re.compile(rf"([{SIGNS}]?)(\d+(?:[.,]\d+)*)(%|[^\W\d]*)((?:-[^\W\d]+)*)")
"""A sign, digits, a unit, and a noun as in "10-storey"."""
_PERCENT = frozenset("% percent pct prozent procent процента процентов".split())
_PER_CENT = ("per", "cent")
_MOST_WORDS = 8
"""Maximum number of words of a number: "two hundred and five thousand three hundred and ten"."""
_QUALIFIERS = {
    ">": "more than,over,above,in excess of,mehr als,uber,plus de,mas de,piu di,mais de,более,"
    "свыше,больше,超过,超",
    "≥": "at least,no fewer than,not less than,mindestens,au moins,al menos,almeno,pelo menos,"
    "не менее,минимум,至少",
    "≤": "up to,at most,as many as,no more than,bis zu,hochstens,jusqu'a,au plus,hasta,fino a,ate,"
    "до,не более,最多",
    "<": "less than,fewer than,under,below,weniger als,unter,moins de,menos de,meno di,менее,不到",
    "~": "about,around,some,roughly,approximately,nearly,almost,close to,an estimated,rund,etwa,"
    "fast,knapp,ca,environ,pres de,quelque,unos,unas,cerca de,casi,circa,quasi,около,почти,"
    "примерно,约,約,近",
}
_SIGN_OF = {phrase: sign for sign, phrases in _QUALIFIERS.items() for phrase in phrases.split(",")}
"""The meaning of words in front of a number, folded. Words of one meaning make no difference."""
_LONGEST_QUALIFIER = max(map(len, _SIGN_OF))
_LONGEST_CHANGE = 4
"""Maximum number of words of a changed passage that is a figure and its surroundings."""


class Figure(NamedTuple):
    """A number in a text, with its surroundings."""

    word: int
    """Number of its word."""
    values: frozenset[float]
    """Its possible values; "1.000" has two."""
    sign: str
    """The meaning of the words in front of it; see _QUALIFIERS."""
    unit: str
    """Its currency or percent sign, or ""."""
    noun: str
    """The form of the word behind it; "" at the end of a clause."""
    text: str
    """The number as written, with the words in front of it and the noun."""


def figures(text: ComparedText) -> list[Figure]:
    """Return the figures of a text, in order."""
    found: list[Figure] = []
    behind = 0
    for number, word in enumerate(text.words):
        form = word.form
        if number < behind or word.size != 1:
            continue
        is_number = form.isdecimal() or begins_number(form)
        if is_number or (not form.isalpha() and any(map(str.isdecimal, form))):
            figure, behind = _figure(text, number)
            if figure:
                found.append(figure)
    return found


def _figure(text: ComparedText, number: int) -> tuple[Figure | None, int]:
    """Return the figure that begins with a word, and the number of the word behind it."""
    words = text.words
    paragraph = text.texts[words[number].paragraph]
    surface = text.surface(number)
    if surface.isdecimal():
        # Tables have many, which need no expression.
        sign, digits, unit, noun = "", surface, "", ""
    else:
        parts = _NUMBER.fullmatch(surface)
        sign, digits, unit, noun = parts.groups() if parts else ("", "", "", "")
    if digits:
        values, end = _readings(digits), number + 1
    else:
        value, count = spelled_number(_forms_from(text, number))
        if not count:
            return None, number + 1
        values, end = frozenset([float(value)]), number + count
    scales = scale_words()
    scale = scales.get(fold(unit), 1) if unit else 1
    while end < len(words) and words[end].form in scales and _is_beside(text, end):
        scale *= scales[words[end].form]
        end += 1
    unit = "%" if unit == "%" else sign
    if end < len(words) and words[end].form in _PERCENT and _is_beside(text, end):
        unit, end = "%", end + 1
    elif end + 1 < len(words) and (words[end].form, words[end + 1].form) == _PER_CENT:
        unit, end = "%", end + 2
    noun = noun.removeprefix("-")
    if not noun and end < len(words) and words[end].size == 1 and _is_beside(text, end):
        noun = words[end].form
        end += 1
    start = words[number].end - len(surface)
    qualifier, begin = _qualifier(paragraph, start)
    shown = paragraph[begin : words[end - 1].end].strip()
    found = frozenset(value * scale for value in values)
    return Figure(number, found, qualifier, unit, noun, shown), max(end - 1, number + 1)


def _forms_from(text: ComparedText, number: int) -> list[str]:
    """Return the forms of the first words from one on, up to a mark or the end of its paragraph."""
    forms = [text.words[number].form]
    for at in range(number + 1, min(number + _MOST_WORDS, len(text.words))):
        if text.words[at].size != 1 or not _is_beside(text, at):
            break
        forms.append(text.words[at].form)
    return forms


def _readings(digits: str) -> frozenset[float]:
    """Return the possible values of a number as written."""
    if digits.isdecimal():
        return frozenset([float(digits)])
    forms = [piece.form for piece in decompose(digits)[0]]
    return frozenset(float(form) for form in forms if re.fullmatch(r"\d+(?:\.\d+)?", form))


def _is_beside(text: ComparedText, number: int) -> bool:
    """Return whether a word is in the same paragraph as the word before it."""
    return text.words[number].paragraph == text.words[number - 1].paragraph


def _qualifier(paragraph: str, start: int) -> tuple[str, int]:
    """Return the meaning of the words in front of a number, and where they begin."""
    before = paragraph[max(0, start - _LONGEST_QUALIFIER - 3) : start]
    stripped = before.rstrip()
    if stripped[-1:].isdigit():
        return "", start
    for begin in range(len(stripped)):
        if begin and stripped[begin - 1].isalnum() and stripped[begin].isascii():
            continue
        sign = _SIGN_OF.get(fold(stripped[begin:].replace("’", "'")))
        if sign:
            return sign, start - len(before) + begin
    return "", start


def differing_figures(
    texts: tuple[ComparedText, ComparedText], groups: Iterable[list[Edit]]
) -> tuple[Pair, ...]:
    """Return the figures in which sentences that correspond differ.

    They are those of one value with different words in front of it ("about", "more than"), and
    those of different values with the same noun or in the same place, unless each text has both.
    groups: the edits of sentences that correspond.
    """
    found = (figures(texts[0]), figures(texts[1]))
    places = tuple([figure.word for figure in side] for side in found)
    known = tuple(
        {(figure.unit, value) for figure in side for value in figure.values} for side in found
    )
    pairs: dict[Pair, None] = {}
    for edits in groups:
        if not edits:
            continue
        ours, theirs = (
            found[side][
                bisect_left(places[side], _sides(edits[0])[side][0]) : bisect_left(
                    places[side], _sides(edits[-1])[side][1]
                )
            ]
            for side in (0, 1)
        )
        for one, other in _pairs(list(ours), list(theirs), edits):
            is_known = all(
                any((figure.unit, value) in known[side] for value in figure.values)
                for side, figure in ((1, one), (0, other))
            )
            if one.values & other.values or not is_known:
                pairs[Pair(one.text, other.text)] = None
    return tuple(pairs)


def _sides(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    return edit.first, edit.second


def _pairs(
    ours: list[Figure], theirs: list[Figure], edits: list[Edit]
) -> Iterator[tuple[Figure, Figure]]:
    """Yield the differing pairs among the figures of corresponding sentences."""
    equal = [
        (one, other)
        for one in ours
        for other in theirs
        if one.unit == other.unit and one.values & other.values
    ]
    equal.sort(key=lambda pair: pair[0].sign != pair[1].sign)
    for one, other in equal:
        if one in ours and other in theirs:
            ours.remove(one)
            theirs.remove(other)
            if one.sign != other.sign:
                yield one, other
    for one in ours:
        for other in theirs:
            same_noun = one.noun == other.noun and len(one.noun) > 1
            if one.unit == other.unit and (same_noun or _in_place(one, other, edits)):
                theirs.remove(other)
                yield one, other
                break


def _in_place(one: Figure, other: Figure, edits: list[Edit]) -> bool:
    """Return whether a short change replaces one figure by the other."""
    return any(
        edit.first[0] <= one.word < edit.first[1]
        and edit.second[0] <= other.word < edit.second[1]
        and max(edit.first[1] - edit.first[0], edit.second[1] - edit.second[0]) <= _LONGEST_CHANGE
        for edit in edits
        if not edit.is_same
    )
