"""The script of a text, which leaves few languages that it can be in."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cache

LATIN = "Latin"
"""The name of the Latin script."""
_RANGES = (
    (0x41, 0x5A, LATIN), (0x61, 0x7A, LATIN), (0xC0, 0x24F, LATIN), (0x370, 0x3FF, "Greek"),
    (0x400, 0x52F, "Cyrillic"), (0x531, 0x58F, "Armenian"), (0x591, 0x5F4, "Hebrew"),
    (0x620, 0x6FF, "Arabic"),
    (0x750, 0x77F, "Arabic"), (0x900, 0x97F, "Devanagari"), (0x980, 0x9FF, "Bengali"),
    (0xA00, 0xA7F, "Gurmukhi"),
    (0xA80, 0xAFF, "Gujarati"), (0xB00, 0xB7F, "Oriya"), (0xB80, 0xBFF, "Tamil"),
    (0xC00, 0xC7F, "Telugu"),
    (0xC80, 0xCFF, "Kannada"), (0xD00, 0xD7F, "Malayalam"), (0xD80, 0xDFF, "Sinhala"),
    (0xE00, 0xE7F, "Thai"),
    (0xE80, 0xEFF, "Lao"), (0xF00, 0xFFF, "Tibetan"), (0x1000, 0x109F, "Burmese"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1100, 0x11FF, "Hangul"), (0x1200, 0x139F, "Ethiopic"), (0x1780, 0x17FF, "Khmer"),
    (0x1C90, 0x1CBF, "Georgian"),
    (0x1E00, 0x1EFF, LATIN), (0x1F00, 0x1FFF, "Greek"), (0x3040, 0x30FF, "Kana"),
    (0x3131, 0x318E, "Hangul"),
    (0x3400, 0x4DBF, "Han"), (0x4E00, 0x9FFF, "Han"), (0xAC00, 0xD7A3, "Hangul"),
    (0xF900, 0xFAFF, "Han"),
    (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFE, "Arabic"), (0xFF66, 0xFF9D, "Kana"),
    (0x20000, 0x323AF, "Han"),
)  # fmt: skip
"""Ranges of code points, ascending, both ends included, and their scripts."""
_LOWS = [low for low, _, _ in _RANGES]
"""The first code points of these ranges."""
_LANGUAGES = {
    "Greek": ("el",), "Cyrillic": ("ru", "uk", "bg", "mk"), "Armenian": ("hy",), "Hebrew": ("he",),
    "Arabic": ("ar", "fa", "ur"), "Devanagari": ("hi", "mr", "ne"), "Bengali": ("bn",),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",), "Oriya": ("or",), "Tamil": ("ta",), "Telugu": ("te",), "Kannada": ("kn",),
    "Malayalam": ("ml",), "Sinhala": ("si",), "Thai": ("th",), "Lao": ("lo",), "Tibetan": ("bo",),
    "Burmese": ("my",),
    "Georgian": ("ka",), "Hangul": ("ko",), "Ethiopic": ("am",), "Khmer": ("km",), "Kana": ("ja",),
    "Han": ("zh",),
}  # fmt: skip
"""Languages (ISO 639-1) with a profile by the script in which they are written; Latin is left
out."""
_WEIGHTS = {"Han": 2.5, "Hangul": 2.5}
"""Number of letters of an alphabet that say as much as one letter of a script."""
_HAN_FOR_A_KANA = 8
"""Maximum number of Han characters for each kana in Japanese. A text with more Han is Chinese."""
_ALSO_IN = {
    "Cyrillic": ("be", "kk", "ky", "mn", "sr", "tg", "tt", "uz", "ce", "ba", "os"),
    "Hebrew": ("yi",), "Arabic": ("ps", "ku", "sd", "ug", "ks"), "Devanagari": ("sa", "ks", "sd"),
    "Bengali": ("as",),
    "Ethiopic": ("ti",), "Tibetan": ("dz",), "Han": ("ja",),
}  # fmt: skip
"""Languages without a profile by script."""


class _Scripts(dict[str, str]):
    """The script of each character, computed when it is first looked up; "" for characters of
    none."""

    def __missing__(self, char: str) -> str:
        at = bisect_right(_LOWS, ord(char)) - 1
        script = _RANGES[at][2] if at >= 0 and ord(char) <= _RANGES[at][1] else ""
        self[char] = script
        return script


_SCRIPTS = _Scripts()
"""Grows by one entry for each different character: at most the 1.1 million of Unicode, in practice
some thousand."""


def script_of(text: str) -> str:
    """Return the script of most letters of `text`; "" if it has none."""
    if text.isascii():
        return LATIN if any(map(str.isalpha, text)) else ""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        counts[_SCRIPTS[char]] += count
    del counts[""]
    if counts["Kana"] * _HAN_FOR_A_KANA < counts["Han"]:
        del counts["Kana"]
    else:
        counts["Kana"] += counts.pop("Han", 0)
    weighed = {script: count * _WEIGHTS.get(script, 1) for script, count in counts.items() if count}
    return max(weighed, key=weighed.__getitem__, default="")


def only_script(text: str, script: str) -> str:
    """Return `text` with a blank for each letter of other scripts; Japanese keeps Han."""
    if text.isascii():
        return text
    kept = ("", script, "Han") if script == "Kana" else ("", script)
    return "".join([char if _SCRIPTS[char] in kept else " " for char in text])


def languages_in(script: str) -> tuple[str, ...]:
    """Return the languages (ISO 639-1) with a profile that are written in `script`; () for Latin,
    which has many."""
    return _LANGUAGES.get(script, ())


def languages_written_in(script: str) -> tuple[str, ...]:
    """Return the languages that are written in `script`, with a profile or without; Latin is left
    out."""
    return (*_LANGUAGES.get(script, ()), *_ALSO_IN.get(script, ()))


def written_like(language: str) -> tuple[str, ...]:
    """Return the languages with a profile in the script of `language`; () for Latin."""
    return next((group for group in _LANGUAGES.values() if language in group), ())


@cache
def is_written_in(language: str, script: str) -> bool:
    """Return whether a text in `script` can be in `language`, as far as is known. Cached, as pairs
    are few."""
    others = [known for known, languages in _LANGUAGES.items() if language in languages]
    if script == LATIN:
        return not others
    return script in others or language in _ALSO_IN.get(script, ())
