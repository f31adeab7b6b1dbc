"""Figures in which two texts differ: "800 civilians" and "more than 800 civilians"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
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
_PER_CENT = ["per", "cent"]
_WRITTEN, _SHORT = 1 << 13, 32
"""Maximum number of numbers whose values are remembered, and their maximum length. Tables that are
compared have most of theirs in common. Larger takes more memory, at most 4 MB."""
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
        if form.isalpha():
            is_number = begins_number(form)
        else:
            is_number = _has_digit(form) or begins_number(form)
        if is_number:
            figure, behind = _figure(text, number)
            if figure:
                found.append(figure)
    return found


def _has_digit(form: str) -> bool:
    return form.isdecimal() or any(map(str.isdecimal, form))


class _Written(NamedTuple):
    """A number in digits, by itself."""

    values: frozenset[float]
    """As in Figure."""
    unit: str
    """As in Figure."""
    scale: int
    """The number that its unit multiplies it by: of "5bn" a billion."""
    noun: str
    """Its noun, as in "10-storey"."""


def _figure(text: ComparedText, number: int) -> tuple[Figure | None, int]:
    """Return the figure that begins with a word, and the number of the word behind it."""
    words = text.words
    word = words[number]
    paragraph = text.texts[word.paragraph]
    surface = paragraph[word.start : word.end].strip()
    written = _of_short(surface) if len(surface) <= _SHORT else _written(surface)
    end = number + 1
    if not written:
        value, count = spelled_number(_forms_from(text, number))
        if not count:
            return None, end
        written, end = _Written(frozenset([float(value)]), "", 1, ""), number + count
    values, unit, scale, noun = written
    if end < len(words) and words[end].form in _units():
        unit, scale, end = _unit_behind(text, end, unit, scale)
    if not noun and end < len(words) and words[end].size == 1 and _is_beside(text, end):
        noun = words[end].form
        end += 1
    qualifier, begin = _qualifier(paragraph, word.end - len(surface))
    shown = paragraph[begin : words[end - 1].end].strip()
    if scale != 1:
        values = frozenset(value * scale for value in values)
    return Figure(number, values, qualifier, unit, noun, shown), max(end - 1, number + 1)


@lru_cache(_WRITTEN)
def _of_short(surface: str) -> _Written | None:
    return _written(surface)


def _written(surface: str) -> _Written | None:
    """Return the number that a word has in digits; None if it has none."""
    if surface.isdecimal():
        return _Written(_readings(surface), "", 1, "")
    parts = _NUMBER.fullmatch(surface)
    if not parts:
        return None
    sign, digits, unit, noun = parts.groups()
    scale = scale_words().get(fold(unit), 1) if unit else 1
    return _Written(_readings(digits), "%" if unit == "%" else sign, scale, noun.removeprefix("-"))


@cache
def _units() -> frozenset[str]:
    """Return the forms of words with which a unit behind a number begins. Cached."""
    return _PERCENT | scale_words().keys() | {_PER_CENT[0]}


def _unit_behind(text: ComparedText, end: int, unit: str, scale: int) -> tuple[str, int, int]:
    """Return the unit of a number, the number that it multiplies it by, and the number of the word
    behind it. end: the word behind the number."""
    words, scales = text.words, scale_words()
    while end < len(words) and words[end].form in scales and _is_beside(text, end):
        scale *= scales[words[end].form]
        end += 1
    if end < len(words) and words[end].form in _PERCENT and _is_beside(text, end):
        return "%", scale, end + 1
    if [word.form for word in words[end : end + 2]] == _PER_CENT:
        return "%", scale, end + 2
    return unit, scale, end


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
    if paragraph[start - 2 : start - 1].isdigit() and paragraph[start - 1].isspace():
        # Tables have many.
        return "", start
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
    left: tuple[dict[int, Figure], dict[int, Figure]] = (
        {figure.word: figure for figure in ours},
        {figure.word: figure for figure in theirs},
    )
    for one, other in _equal(ours, theirs):
        if one.word in left[0] and other.word in left[1]:
            del left[0][one.word], left[1][other.word]
            if one.sign != other.sign:
                yield one, other
    if not left[0] or not left[1]:
        return
    changed = _changed(edits)
    for one in left[0].values():
        place = changed[0].get(one.word, -1)
        noun = one.noun if len(one.noun) > 1 else None
        for other in left[1].values():
            in_place = place == changed[1].get(other.word)
            if one.unit == other.unit and (in_place or noun == other.noun):
                del left[1][other.word]
                yield one, other
                break


def _equal(ours: list[Figure], theirs: list[Figure]) -> list[tuple[Figure, Figure]]:
    """Return the pairs of figures of one value, those with words of one meaning in front first."""
    places: dict[tuple[str, float], list[int]] = {}
    for at, other in enumerate(theirs):
        for value in other.values:
            places.setdefault((other.unit, value), []).append(at)
    found = [
        (one, theirs[at])
        for one in ours
        for at in sorted({at for value in one.values for at in places.get((one.unit, value), ())})
    ]
    found.sort(key=lambda pair: pair[0].sign != pair[1].sign)
    return found


def _changed(edits: list[Edit]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the number of the short change that each word of both texts is in."""
    found: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for number, edit in enumerate(edits):
        sides = _sides(edit)
        if not edit.is_same and max(end - start for start, end in sides) <= _LONGEST_CHANGE:
            for side, span in enumerate(sides):
                found[side].update(dict.fromkeys(range(*span), number))
    return found
