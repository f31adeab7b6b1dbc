"""Words for numbers in many languages: "thirty", "zweiundzwanzig", "trois cents", "三十"."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from searcher.text.folding import fold

_JOINERS = frozenset("and und et y e og och en i ו و".split())
"""Words between the parts of a number: "two hundred and five"."""
_BOUND = {
    **dict.fromkeys("one un une uno um uma ett jeden один одна".split(), 1),
    "sept": 7,
    "neuf": 9,
}  # fmt: skip
"""Words that are numbers behind a ten only: "twenty-one". Alone they have other meanings."""
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "两": 2,
    "兩": 2,
}
_HAN_TENS = {"十": 10, "百": 100, "千": 1_000}
_SCORE = 20
"""The number whose multiples French counts by: "quatre-vingt"."""
_FEWEST = 1_000
"""Smallest scale that ends a part of a number: "two hundred thousand and five"."""


@cache
def number_words() -> Mapping[str, int]:
    """Return the numbers below 1,000 by their words, folded, without those that have another
    meaning in a language of the table. Read once, cached."""
    found: dict[str, int] = {}
    for table in _tables().values():
        for word, value in _words_of(table):
            found.setdefault(fold(word), value)
    return MappingProxyType(found)


@cache
def scale_words() -> Mapping[str, int]:
    """Return the numbers by the words that multiply the one in front of them: "million". Read once,
    cached."""
    return MappingProxyType(
        {
            fold(word): int(scale)
            for table in _tables().values()
            for scale, words in table["scales"].items()
            for word in words.split()
        }
    )


@cache
def figure_words() -> frozenset[str]:
    """Return all words, folded, that are figures or parts of figures. Read once, cached."""
    return frozenset(number_words()) | {word for word in scale_words() if len(word) > 2}


def begins_number(form: str) -> bool:
    """Return whether a folded word may begin a number in words."""
    return form.split("-", 1)[0] in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    """Return the words that begin a number. Cached."""
    return frozenset(number_words()) | _HAN_DIGITS.keys() | _HAN_TENS.keys()


def spelled_number(forms: Sequence[str]) -> tuple[int, int]:
    """Return the number that the first words spell, and how many words they are; (0, 0) if none.

    forms: folded words. Those with hyphens are read as their parts. A number is below 1,000 or a
    multiple of one: "two hundred and five", "three thousand".
    """
    han, count = _han_number(forms)
    if count:
        return han, count
    numbers, scales = number_words(), scale_words()
    total = current = end = 0
    for at, form in enumerate(forms):
        parts = form.split("-") if "-" in form else [form]
        if at and parts[0] in _JOINERS and len(parts) == 1:
            continue
        value = current
        for part in parts:
            number = numbers.get(part) or (_BOUND.get(part, 0) if value >= 10 else 0)
            if number and _may_follow(value, number, part):
                is_score = value == 4 and number == _SCORE
                value = value * _SCORE if is_score else value + number
            elif scales.get(part) == 100 and value < 10:
                value = max(value, 1) * 100
            elif (scale := scales.get(part, 0)) >= _FEWEST and value and len(part) > 2:
                total, value = total + value * scale, 0
            elif part not in _JOINERS or len(parts) == 1:
                return total + current, end
        current, end = value, at + 1
    return total + current, end


def _may_follow(before: int, value: int, word: str) -> bool:
    """Return whether a number continues one: "twenty" and "five", "quatre" and "vingt"."""
    if not before:
        return True
    if before < 10:
        # The unit is in front in Arabic, with the word for "and" in one with the ten.
        return (before == 4 and word in ("vingt", "vingts")) or (word[0] == "و" and value >= _SCORE)
    rest = before % 100
    if rest in (10, 70, 90):
        return value in (7, 8, 9)
    return (
        (rest == 0 and value < 100)
        or (rest in (60, 80) and value < _SCORE)
        or (rest % 10 == 0 and value < 10)
    )


def _han_number(forms: Sequence[str]) -> tuple[int, int]:
    """Return the number that the first Chinese characters spell, and their count; (0, 0) for one
    character, which is a part of many words."""
    total = digit = count = 0
    for form in forms:
        if form in _HAN_DIGITS and not digit:
            digit = _HAN_DIGITS[form]
        elif form in _HAN_TENS:
            total, digit = total + max(digit, 1) * _HAN_TENS[form], 0
        else:
            break
        count += 1
    return (total + digit, count) if count > 1 and total else (0, 0)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("searcher.text") / "number_words.toml").read_text("utf-8"))


def _words_of(table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the words for numbers of a language, with their values."""
    units = list(_listed(table, "units", 2, 1))
    tens = list(_listed(table, "tens", 20, 10))
    yield from units
    yield from tens
    yield from _listed(table, "hundreds", 100, 100)
    yield from _listed(table, "twenties", 21, 1)
    if pattern := table.get("joined"):
        bound = list(_listed(table, "bound", 2, 1)) or [one for one in units if one[1] < 10]
        for unit, value in [(table["one"], 1), *bound]:
            for ten, size in tens:
                is_elided = pattern.startswith("{ten}") and unit[0] in "uo"
                stem = ten[:-1] if is_elided else ten
                yield pattern.format(unit=unit, ten=stem), size + value


def _listed(table: Mapping[str, Any], key: str, first: int, step: int) -> Iterator[tuple[str, int]]:
    for at, words in enumerate(table.get(key, "").split()):
        for word in words.split("/"):
            if word != "-":
                yield word, first + at * step
