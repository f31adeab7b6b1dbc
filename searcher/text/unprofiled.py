"""Languages that langdetect has no profile of, told by their words and letters.

The figures of `searcher/text/language.py` are of both together.
"""

from __future__ import annotations

import re
from functools import cache

from searcher.text.scripts import is_written_in

_SIGNS = {
    "az": r"\b(?:və|ilə|üçün|edib|olub|isə|görə|çox|nə|mən|sən|deyib|edilib)\b|ə",
    "be": "[ўыэ]",
    "eo": r"\b(?:kaj|estas|ĝi|estis|ĉi|oni|tiu|kiu|ŝi|havas|ili|estos|povas)\b|[ĉĝĥĵŝŭ]|"
    r"\w(?:oj|ojn|anta|adis|igis)\b",
    "eu": r"\b(?:eta|du|dute|ere|bat|ez|hori|hau|bere|behar|esan|izan|zen|dira|dago|"
    r"baina|zuen|ziren|dut|naiz|nire|zer|zuten|ditu|"
    r"gara|dugu|duzu|egin)\b|tz|tx|\w(?:aren|etan|arekin|tako|tzen)\b",
    "ga": r"\b(?:agus|bhí|tá|sé|ní|ach|leis|seo|níl|mé|tú|ag|atá|cad|raibh|iad|chun|ar|an)\b|"
    r"bhf|gc|bp|mh|fh|\bn[aá]\b",
    "gl": r"\b(?:unha|dunha|nunha|coa|coas|tamén|xa|dende|moi|súa|foron|teñen|hai|máis|non|"
    r"polo|pola)\b|\w(?:ñeir[oa]s?|xe|xer)\b|\bx",
    "is": r"\b(?:að|sem|við|ekki|með|hefur|hann|það|voru|eru|frá|ég|þú|hún|þess|um|verið|"
    r"hafa)\b|[þð]",
    "kk": r"\b(?:және|мен|үшін|бұл|деп|болды|еді|екен|бар)\b|[әғқңұһ]",
    "mn": r"\b(?:нь|байна|юм|гэж|бол|энэ|тэр|хийсэн|болон|байсан|би|вэ|байгаа)\b|[өү]|"
    r"\w(?:ийн|ын|аас|ээс|сан|сэн|дэг|даг)\b",
    "ps": "[ښځڅډړږګۍېڼ]",
    "sr": r"\b(?:је|су|ће|није|нису|који|која|због|јер|смо|ја|шта|био|била|ово|нисам|мој|"
    r"моја)\b|[ћђ]",
}
"""By language (ISO 639-1), words, letters and endings that it has, and the languages that its texts
are taken for have not."""
_AGAINST = {"be": "[ищъїєәғқңұһөү]"}
"""By language, letters that it has not."""
_AGAINST_WEIGHT = 3
"""Number of signs of a language that one of these letters outweighs."""
_CONFUSED = {
    "az": ("tr",), "be": ("ru", "uk", "bg", "mk"), "kk": ("ru", "uk", "bg", "sr"),
    "mn": ("ru", "bg", "mk"), "ps": (), "sr": ("ru", "bg", "mk"),
    "is": ("sv", "no", "da", "et", "tr"),
    "gl": ("pt", "es"), "eu": ("sl", "id", "ca", "tr", "et", "es"), "ga": ("ca", "cy"),
    "eo": ("sl", "lt", "es", "hr", "it", "et"),
}  # fmt: skip
"""By language, those with a profile that its texts are taken for."""
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 3
"""Minimum number of words of a text. Two words are in many languages."""
_LEAST = 0.2
"""Minimum number of signs for each word of a text that is in no language with a profile. (.2: .601
of sentences in nine of these languages are told, and 4 of 6,600 in others get their tag; .3: .500
and 2.)"""
_LEAST_INSTEAD = 0.4
"""The same for a text that would have another tag. (.3: .641 and 6.)"""


@cache
def _expressions(language: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return the signs of a language, and letters against it. Compiled once, cached: 1 ms."""
    against = re.compile(_AGAINST[language], re.I) if language in _AGAINST else None
    return re.compile(_SIGNS[language], re.IGNORECASE), against


def unprofiled(text: str, script: str, tag: str) -> str:
    """Return the language without a profile that a text is in; "" if it is in none of them.

    script: of most letters of the text.
    tag: the language with a profile that fits it best; "und" if none does.
    """
    likely = [
        language
        for language in _SIGNS
        if tag in ("und", *_CONFUSED[language]) and is_written_in(language, script)
    ]
    words = len(_WORD.findall(text)) if likely else 0
    if words < _LEAST_WORDS:
        return ""
    least = _LEAST_INSTEAD if tag != "und" else _LEAST
    shares = {language: _signs(text, language) / words for language in likely}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= least else ""


def _signs(text: str, language: str) -> int:
    """Return the number of signs of a language in a text, less those against it."""
    signs, against = _expressions(language)
    found = len(signs.findall(text))
    return found - _AGAINST_WEIGHT * len(against.findall(text)) if against else found
