"""Which of a place's other names are likely usual ones: what `benchmarks/tables/exonyms.py` asks of
wordfreq, simplemma and gender-guesser."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache

from searcher.text.exonyms import Spelling
from searcher.text.folding import fold
from searcher.text.names import are_spelled_alike, code, distance

_SCRIPTS = {
    "latin": re.compile(r"[A-ZÀ-ÖØ-ÞĀ-žƠ-ưȘ-țḀ-ỹ][a-zA-ZÀ-ÖØ-öø-žƠ-ưȘ-țḀ-ỹ]+(?:[ -][\w-]+)*"),
    "cyrillic": re.compile("[А-ЯЁІЇЄҐЈЉЊЋЂЏЎЃЌЅ][а-яёіїєґјљњћђџўѓќѕ]+(?:[ -][А-Яа-яёіїєґј]+)*"),
    "greek": re.compile(r"[Α-ΩΆ-Ώ][α-ωά-ώϊϋΐΰ]+(?:[ -][Α-Ωα-ωΆ-ώϊϋΐΰ]+)*"),
    "arabic": re.compile("[ء-غف-يٱپچژکگیٹڈڑںہھۃے]+(?:[ -][ء-غف-يٱپچژکگیٹڈڑںہھۃے]+)*"),
    "hebrew": re.compile("[א-ת]+(?:[ -][א-ת]+)*"),
    "han": re.compile("[一-鿿]+"),
    "kana": re.compile("[ァ-ヺー]+"),
    "hangul": re.compile("[가-힣]+"),
    "thai": re.compile("[ก-ฮะ-ฺเ-๎]+"),
    **{
        name: re.compile(f"[{first}-{last}]+(?: [{first}-{last}]+)*")
        for name, first, last in (
            ("devanagari", "\u0901", "\u0963"), ("bengali", "\u0981", "\u09e3"),
            ("gurmukhi", "\u0a01", "\u0a75"), ("gujarati", "\u0a81", "\u0ae3"),
            ("sinhala", "\u0d82", "\u0df3"), ("lao", "\u0e81", "\u0ecd"),
            ("georgian", "\u10d0", "\u10fa"), ("khmer", "\u1780", "\u17d3"),
            ("armenian", "\u0531", "\u0587"), ("ethiopic", "\u1200", "\u135a"),
            ("tamil", "\u0b82", "\u0bcd"), ("telugu", "\u0c01", "\u0c63"),
            ("kannada", "\u0c82", "\u0ce3"), ("malayalam", "\u0d02", "\u0d63"),
        )
    },
}  # fmt: skip
"""Scripts of the languages that are told from each other, and names in their usual letters."""
_WRITING = {
    "latin": "ca cs da de en es fi fr hr hu it lt lv nl no pl pt ro sk sl sv tr".split(),
    "cyrillic": "bg mk ru uk".split(),
    "greek": ["el"],
}
"""Scripts whose names are compared by their letters, and the languages that write in them, of those
that are told from each other and counted by wordfreq."""
_SHORTEST = {"han": 2, "kana": 3, "hangul": 3, "arabic": 5, "hebrew": 5}
"""Minimum length of a name in letters; 4 in other scripts. Shorter ones are often other words,
too."""
_HAN_LANDS = frozenset("CN TW HK MO JP".split())
"""Countries whose names are written in Chinese characters."""
_OWN_SCRIPTS = {"BD": ("bengali",), "IN": ("devanagari", "bengali", "gujarati", "tamil", "telugu")}
"""Scripts of countries whose largest cities are better known than a word of the same letters."""
_LARGEST = 1_000_000
"""Minimum number of inhabitants of these cities."""
_PLACES = re.compile("(?<=..)[市县縣区區都府]$")
"""A kind of place behind its name."""
_COMMON = 3.0
"""How common a word may be that is also a name: the logarithm of its number in a billion words."""
_USED = 2.0
"""Minimum of the same for a name that is used in a language."""
_RARER = 0.5
"""Maximum difference by which another name is less common than the main one, where it is usual."""
_KNOWN = 0.7
"""Maximum difference by which another name is more common than the main one in any language. One
that is more common than that means something else."""
_SHORTEST_UNLIKE = 5
"""Minimum length of names of one place that are not spelled alike."""
_FARTHEST = 0.5
"""Maximum distance of the codes of such names, for each letter of the longer one. Of those that are
farther, a third are names of districts, of regions, or of nobody's use."""
_MOST_LANGUAGES = 4
"""Maximum number of languages in which such a name is usual. A name of more has another meaning:
GeoNames has "Delhi" for Dili."""
_COUNTS = {"no": "nb", "hr": "sh", "tl": "fil"}
"""Names of languages in wordfreq that are not their code."""
_LEMMAS = {"sh": "hbs", "fil": "tl"}
"""Names of the languages of wordfreq in simplemma."""
_PROPER = frozenset(("en", "tr"))
"""Languages whose list of lemmas has proper names in lower case."""


def script_of(name: str) -> str:
    """Return the script of a name; "" if it is not written as a name is."""
    return next((script for script, form in _SCRIPTS.items() if form.fullmatch(name)), "")


def is_usable(name: str, script: str, is_known: bool = False) -> bool:
    """Return whether a name in a script is long enough, and no common word of any language.

    is_known: whether it is better known than such a word.
    """
    return len(fold(name)) >= _SHORTEST.get(script, 4) and (is_known or not is_common(name))


@cache
def _lemmas(language: str) -> dict[bytes, bytes]:
    """Return the lemma by word of a language; nothing if simplemma has no list of it."""
    from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk

    code = _COUNTS.get(language, language)
    try:
        return dict(_load_dictionary_from_disk(_LEMMAS.get(code, code)))
    except ValueError:
        return {}


@cache
def _counts(language: str) -> dict[str, float]:
    """Return how common each word of a language is."""
    # The other functions of wordfreq need a package that parts words, for some languages.
    from wordfreq import get_frequency_dict

    found = get_frequency_dict(_COUNTS.get(language, language))
    return {word: math.log10(share) + 9 for word, share in found.items()}


def _frequency(name: str, language: str) -> float:
    return _counts(language).get(name.lower(), 0.0)


@cache
def _common_words() -> dict[str, float]:
    """Return the common words of all languages that are not names, folded, and how common they
    are."""
    found: dict[str, float] = {}
    for language in _counted():
        for word, common in _counts(language).items():
            if common >= _COMMON and _is_word(word, language):
                found[fold(word)] = max(common, found.get(fold(word), 0.0))
    return found


def is_common(name: str) -> bool:
    """Return whether a name is a common word of any language, and hardly rarer there than where it
    is the most common: "Boston" is a dance in one, and a city in all."""
    common = _common_words().get(fold(name))
    return common is not None and common >= _most_used(name, _counted()) - _RARER


@cache
def _counted() -> tuple[str, ...]:
    """Return the languages that are counted."""
    from wordfreq import available_languages

    return tuple(available_languages())


@cache
def first_names() -> frozenset[str]:
    """Return the first names, folded."""
    from gender_guesser.detector import Detector

    return frozenset(fold(name) for name in Detector().names)


def _is_word(name: str, language: str) -> bool:
    """Return whether a name is in lower case among the words of a language, however rare."""
    word = name.lower().encode()
    lemma = _lemmas(language).get(word)
    return lemma is not None and not (language in _PROPER and lemma == word)


def _most_used(name: str, languages: Iterable[str]) -> float:
    """Return how common a name is in the language in which it is most."""
    return max(_frequency(name, language) for language in languages)


def _may_be_same(name: str, main: str) -> bool:
    """Return whether a name that is not spelled like the main one is near enough to it, and is not
    a part of it: "Morelos" is none of Ecatepec de Morelos."""
    one, other = code(main), code(name)
    least, most = sorted((len(one), len(other)))
    parts = re.split("[ -]", main)
    return (
        least >= _SHORTEST_UNLIKE
        and distance(one, other) <= _FARTHEST * most
        and (len(parts) == 1 or not any(are_spelled_alike(part, name) for part in parts))
    )


def _usual_in(name: str, main: str, others: Iterable[str], script: str) -> tuple[str, ...]:
    """Return the languages in which a name is the usual one of a place with these others."""
    languages = _WRITING[script]
    if script == "latin" and _most_used(name, languages) > _KNOWN + max(
        _most_used(part, languages) for part in re.split("[ -]", main)
    ):
        return ()
    found = tuple(
        language
        for language in languages
        if (common := _frequency(name, language)) >= _USED
        and common >= _frequency(main, language) - _RARER
        and all(common >= _frequency(other, language) for other in others)
        and not _is_word(name, language)
    )
    return found if len(found) <= _MOST_LANGUAGES else ()


def usual(main: str, names: Iterable[str], country: str, size: int) -> Iterator[Spelling]:
    """Yield those of the names of a place that are likely usual, with their languages; none where
    they are read as the name in all. size: number of inhabitants."""
    by_script: dict[str, list[str]] = {}
    for name in names:
        by_script.setdefault(script_of(name), []).append(name)
    by_script.pop("", None)
    for script, all_names in by_script.items():
        is_known = size >= _LARGEST and script in _OWN_SCRIPTS.get(country, ())
        held = [name for name in all_names if is_usable(name, script, is_known)]
        if script not in _WRITING:
            yield from (Spelling(name, ()) for name in _distinct(held, script, country))
            continue
        for name in held:
            if are_spelled_alike(main, name):
                if script != "latin" or _most_used(name, _WRITING[script]) >= _USED:
                    yield Spelling(name, ())
            elif (
                _may_be_same(name, main)
                and fold(name) not in first_names()
                and (languages := _usual_in(name, main, all_names, script))
            ):
                yield Spelling(name, languages)


def _distinct(names: Iterable[str], script: str, country: str) -> Iterator[str]:
    """Yield the names of a script that likely mean the place; of Chinese characters, in countries
    that write in them, the most used one and its variants, as others name parts of the city."""
    if script != "han":
        yield from names
    elif country not in _HAN_LANDS:
        yield from (name for name in names if len(name) > 2)
    elif held := [_PLACES.sub("", name) for name in names]:
        used = max(held, key=lambda name: _most_used(name, ("zh", "ja")))
        if _most_used(used, ("zh", "ja")) or len(set(map(fold, held))) == 1:
            yield from (name for name in dict.fromkeys(held) if fold(name) == fold(used))


def languages_with(name: str) -> tuple[str, ...]:
    """Return the languages in Latin letters that use a name that is no word of theirs."""
    return tuple(
        language
        for language in _WRITING["latin"]
        if _frequency(name, language) >= _USED and not _is_word(name, language)
    )
