"""Figures of a text, with their units, the nouns behind them and the words in front of them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.engine.function_words import function_words
from searcher.stories.words import ComparedText
from searcher.text.folding import fold
from searcher.text.number_words import begins_number, scale_words, spelled_number
from searcher.text.pieces import SIGNS, decompose

_TWO = re.compile(r"(?<![\d.,:/–-])(\d{1,3})([-–:])(\d{1,3})(?![\d.,:/–-])")
"""Two numbers that are one figure: a time, a score ("2-1"), a range or a ratio."""
_NUMBER = re.compile(rf"([{SIGNS}]?)(\d+(?:[.,]\d+)*)(%|[^\W\d]*)((?:-[^\W\d]+)*)")
"""A sign, digits, a unit, and a noun as in "10-storey"."""
_PERCENT = frozenset("% percent pct prozent procent процента процентов".split())
_PER_CENT = ["per", "cent"]
_WRITTEN, _SHORT = 1 << 13, 32
"""Maximum number of numbers whose values are remembered, and their maximum length. Tables that are
compared have most of theirs in common. Larger takes more memory, at most 4 MB."""
_MOST_WORDS = 8
"""Maximum number of words of a number: "two hundred and five thousand three hundred and ten"."""
_CURRENCY_WORDS = {
    "$": "dollar dollars dolar dolares dollari доллар доллара долларов долара доларів دولار 美元",
    "€": "euro euros евро євро يورو 欧元 歐元",
    "£": "pound pounds sterling pfund livres libras sterline фунтов фунтів 英镑 英鎊",
    "¥": "yen yuan renminbi юаней йен 日元 日圆 人民币 元",
    "₽": "rouble roubles ruble rubles rubel roubles rublos рубль рубля рублей",
    "₴": "hryvnia hryvnias hrywnja гривня гривні гривень",
    "₹": "rupee rupees rupie rupien roupies rupias रुपये रुपए",
}
_CURRENCY_OF = {word: sign for sign, words in _CURRENCY_WORDS.items() for word in words.split()}
CURRENCIES = frozenset(_CURRENCY_WORDS)
"""Signs of currencies."""
_VAGUE = {
    12: "dozens dutzende douzaines docenas dozzine tientallen",
    10: "dizaines decenas decine dezenas десятки десятків",
    100: "hundreds hunderte centaines cientos centenares centinaia centenas honderden сотни сотні",
    1_000: "thousands tausende milliers miles migliaia milhares duizenden тысячи тисячі",
}
_VAGUE_VALUES = {word: value for value, words in _VAGUE.items() for word in words.split()}
"""Words for an unknown number of tens, hundreds or thousands, folded, and the least of these."""
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
            is_number = begins_number(form) or form in _VAGUE_VALUES
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
    written, behind = _read(text, number, surface)
    if not written:
        return None, behind
    end = behind
    values, unit, scale, noun = written
    if end < len(words) and words[end].form in _units():
        unit, scale, end = _unit_behind(text, end, unit, scale)
    if not noun and end < len(words) and _is_noun(text, end):
        noun = words[end].form
        end += 1
    qualifier, begin = _qualifier(paragraph, word.end - len(surface))
    shown = paragraph[begin : words[end - 1].end].strip()
    if scale != 1:
        values = frozenset(value * scale for value in values)
    sign = "~" if word.form in _VAGUE_VALUES else qualifier
    return Figure(number, values, sign, unit, noun, shown), max(end - 1, behind)


def _read(text: ComparedText, number: int, surface: str) -> tuple[_Written | None, int]:
    """Return the number that begins with a word, by itself, and the number of the word behind it.

    surface: the word as written.
    """
    words = text.words
    word = words[number]
    if two := _TWO.match(text.texts[word.paragraph], word.end - len(surface)):
        end = number + 1
        while end < len(words) and words[end - 1].end < two.end():
            end += 1
        value = float(two[1]) * 1_000 + float(two[3])
        return _Written(frozenset([value]), ":" if two[2] == ":" else "-", 1, ""), end
    written = _of_short(surface) if len(surface) <= _SHORT else _written(surface)
    if written:
        return written, number + 1
    if word.form in _VAGUE_VALUES:
        return _Written(frozenset([float(_VAGUE_VALUES[word.form])]), "", 1, ""), number + 1
    value, count = spelled_number(_forms_from(text, number))
    return (_Written(frozenset([float(value)]), "", 1, "") if count else None), number + (
        count or 1
    )


def _is_noun(text: ComparedText, number: int) -> bool:
    """Return whether the word behind a number may be its noun: no function word."""
    word = text.words[number]
    is_function = word.form in function_words().get(text.language, frozenset())
    return word.size == 1 and _is_beside(text, number) and not is_function


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
    return _PERCENT | scale_words().keys() | _CURRENCY_OF.keys() | {_PER_CENT[0]}


def _unit_behind(text: ComparedText, end: int, unit: str, scale: int) -> tuple[str, int, int]:
    """Return the unit of a number, the number that it multiplies it by, and the number of the word
    behind it. end: the word behind the number."""
    words, scales = text.words, scale_words()
    while end < len(words) and words[end].form in scales and _is_beside(text, end):
        scale *= scales[words[end].form]
        end += 1
    if end < len(words) and words[end].form in _CURRENCY_OF and _is_beside(text, end):
        return _CURRENCY_OF[words[end].form], scale, end + 1
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
