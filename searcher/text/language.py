"""The language of a text: its script leaves candidates, langdetect's profiles choose among them.

Figures in brackets are shares of texts that are tagged right, with another value of the constant,
on every third text of the samples of `python -m benchmarks.language DATA`: sentences in languages
with a profile (.979 with the values here), pairs of words in them (.852), and sentences in other
languages, where "und" is right (.563) or the declared language (.973).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from searcher.text.profiles import Scores, profiles
from searcher.text.scripts import (
    LATIN,
    is_written_in,
    languages_in,
    only_script,
    script_of,
    written_like,
)
from searcher.text.unprofiled import unprofiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDETERMINED = "und"
"""The tag of a text whose language is not known."""

_SAMPLE = 600
"""Number of characters that are scored. More take longer. (Half or twice: all the same.)"""
_DEPENDENCE = 4.0
"""Number of overlapping n-grams that count as one independent observation, when a score becomes a
probability. A larger number makes tags less certain. (2: pairs .853; 8: sentences .976, pairs .824,
other languages .577.)"""
_SURE = 0.15
"""Minimum probability of a tag. Below it a text is tagged as declared, or "und". (.075: pairs .853;
.3: sentences .976, pairs .830, other languages .583.)"""
_SURE_OF_TABLES = 0.7
"""The same for tables and texts in capitals, which look like many languages. (.35: sentences .979;
never: .976.)"""
_TEXT_FOR_A_DIGIT = 5
"""Minimum number of characters for each digit in a text that is no table. (10: sentences .978,
other languages .570.)"""
_SHORTEST = 9
"""Minimum number of n-grams of a text with a tag: about two very short words. (Half or twice: all
the same.)"""
_DECLARED_PRIOR = 4.0
"""Weight of the declared language, in nats: that of a few more words in it. (Half or twice: the
same for other languages.)"""
_STRANGE = 1.3
"""Misfit above which a long text is in no language with a profile, in nats per n-gram. (.65:
sentences .967, other languages .688; 2.6: .982 and .317.)"""
_STRANGE_SHORT = 10.0
"""Allowance for short texts: divided by the root of the number of 3-grams, and added to _STRANGE.
(5: sentences .970, other languages .698; 20: .982 and .351.)"""
_STRANGE_IF_DECLARED = 0.8
"""The same limit if a language without a profile is declared. (.4: declared .990; 1.6: .903.)"""
_LETTERS = re.compile("[þðəħŋŧɓɗƙƴẓḍḥўқғәңөүһћђӣӯҷҳ]", re.IGNORECASE)
"""Letters that no language with a profile has. A text with more than one in a hundred is in another
language."""
_UNLIKE = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "tr": r"ə|[og][‘ʻ]|\b(?:yo|nan|pou|ak)\b",
        "mk": r"[ћђ]|\b(?:је|су|ће|није|нису|који|због|јер|али|у)\b",
        "de": r"ë|\b(?:huet|datt|ass|sinn|vun|fir|mat|hunn|wéi|méi)\b",
        "fa": "[ښځڅډړږګۍېێۆڵەھ]",
        "ar": "[ښځڅډړږګۍێۆڵ]",
        "ur": "[ښځڅډړږګۍێۆڵە]",
        "tl": r"\b(?:ug|nga|kini|ngadto|niini|gikan)\b",
        "sw": r"\b(?:ny|dia|ary|izay|amin)\b",
        "et": r"\b(?:eta|dute|zuen|ziren|duen|dela|izan|dira|baina)\b",
        "es": r"\b(?:kaj|kiu|ĉi|ankaŭ|estis)\b",
        "pt": r"ñ|\b(?:d?unha|nunha|tamén|xa|dixo|coa|pola)\b",
        "id": r"\b(?:kerana|bahawa|ialah|sahaja|baharu|apabila|beliau|"
        r"wannan|cikin|kuma|wanda|sing|lan|kang|ing)\b",
    }.items()
}
"""By language, letters and words that it does not have, but a similar language without a profile
does: Azeri, Uzbek and Haitian, Serbian, Luxembourgish, Pashto and Kurdish, Galician, Malay, Hausa
and Javanese, and others. A text with more than one of them in _UNLIKE_SHARE characters is in the
other language."""
_UNLIKE_SHARE = 250
"""Number of characters in which a text may have one of these. (Half or twice: all the same.)"""
_FOREIGN_LEAD = 20.0
"""Minimum lead of another language in a passage, in nats."""
_FOREIGN_MISFIT = 1.4
"""Maximum misfit of that language, in nats per n-gram."""
_FIRST = 90
"""Number of characters of a passage that are scored first. Most passages are seen not to be foreign
by them."""
_FIRST_LEAD = 2.0
"""Minimum lead of another language in these characters, in nats, for the rest to be scored."""
_ADDRESS = re.compile(r"https?://\S{1,300}|\S{1,64}@\S{1,64}\.\S{1,64}")
"""A URL or mail address, which is in no language."""
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?")
"""A language code, perhaps with a region."""
_ALIASES = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl"}
"""Other codes of a language."""
_RESEMBLE = {
    "az": ("tr",), "be": ("uk", "ru", "bg"), "bs": ("hr", "sl"), "eo": ("es", "it", "sl"),
    "eu": ("es",),
    "fo": ("da", "no", "sv"), "fy": ("nl", "af"), "gl": ("pt", "es"), "is": ("no", "da", "sv"),
    "kk": ("ru", "uk", "bg"), "ku": ("tr", "fa"), "ky": ("ru", "uk", "bg"), "la": ("it", "ro"),
    "lb": ("de", "nl"),
    "mn": ("ru", "uk", "bg", "mk"), "ms": ("id",), "oc": ("ca", "fr"), "ps": ("fa", "ur", "ar"),
    "sr": ("hr", "mk", "bg", "ru", "sl"), "yi": ("he",),
}  # fmt: skip
"""Pairs of languages: one without a profile, and the profiled languages it is mistaken for."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The language of a text, as detected."""

    language: str
    """ISO 639-1 code, or "und"."""
    confidence: float
    """Probability that it is right, in 0..1."""


@lru_cache(1 << 10)
def language_code(declared: str) -> str:
    """Return the ISO 639-1 code in a declaration such as "en-GB" or "pt_BR"; "" if there is none.
    Cached."""
    code = declared.strip().lower()
    for alias, known in _ALIASES.items():
        if re.fullmatch(rf"{alias}([-_].*)?", code):
            return known
    match = _CODE.fullmatch(code)
    return match.group(1) if match else ""


def detect(text: str, declared: str = "") -> Tag:
    """Return the language of `text`.

    A text that is too short, or that no profile fits, is tagged with the declared language if its
    script allows it, else with "und". A declared language with a profile that does not fit is not
    used: the text is not in that one either.

    declared: the declared language, such as "en-GB"; it weighs like a few more words.
    """
    declared = language_code(declared)
    text = text[: 2 * _SAMPLE]
    if "@" in text or "://" in text:
        text = _ADDRESS.sub(" ", text)
    text = text[:_SAMPLE]
    script = script_of(text)
    if declared and script and not is_written_in(declared, script):
        declared = ""
    candidates = languages_in(script)
    if len(candidates) == 1:
        return _only(declared, candidates[0])
    known = profiles()
    # Each word counts once. Otherwise a table full of "cts vs cts" looks Swedish.
    scores = known.score(only_script(text, script), distinct=True)
    if scores.ngrams < _SHORTEST:
        return Tag(declared or UNDETERMINED, 0.0)
    return _decide(
        scores, candidates, declared, _SURE_OF_TABLES if _is_table(text) else _SURE, text, script
    )


def _is_table(text: str) -> bool:
    """Return whether a text has too many digits, or is all in capitals, to look like its
    language."""
    return text.isupper() or sum(map(text.count, "0123456789")) * _TEXT_FOR_A_DIGIT > len(text)


def _only(declared: str, language: str) -> Tag:
    """Return the tag of a text in a script with one language, or the declared one if that has the
    script, too."""
    return Tag(declared, 0.5) if declared not in ("", language) else Tag(language, 1.0)


def _is_unlike(text: str, language: str) -> bool:
    """Return whether a text has letters or words that this language does not have."""
    # Turkish text in Windows-1254 that was decoded as Latin 1 has ð and þ for ğ and ş.
    if (
        language != "tr"
        and not text.isascii()
        and len(_LETTERS.findall(text)) > max(1, len(text) / 100)
    ):
        return True
    pattern = _UNLIKE.get(language)
    return pattern is not None and len(pattern.findall(text)) > max(1, len(text) / _UNLIKE_SHARE)


def _decide(
    scores: Scores,
    candidates: tuple[str, ...],
    declared: str,
    sure: float,
    text: str,
    script: str,
) -> Tag:
    """Return the tag by the scores of all languages.

    sure: minimum probability of a tag.
    """
    import numpy as np

    known = profiles()
    logits = scores.likelihoods / _DEPENDENCE + _handicaps(candidates, declared)
    logits -= logits.max()
    column = int(logits.argmax())
    best, confidence = known.languages[column], round(1 / float(np.exp(logits).sum()), 3)
    if best == "mk" and not declared and _is_unlike(text, best):
        return Tag("sr", confidence)
    misfit = math.inf if _is_unlike(text, best) else known.misfit(scores, column)
    foreign = declared != "" and declared not in known.languages
    if foreign and (misfit > _STRANGE_IF_DECLARED or best in _RESEMBLE.get(declared, ())):
        return Tag(declared, 0.5)
    if misfit > _STRANGE + _STRANGE_SHORT / math.sqrt(scores.counts[2] or 1):
        told = "" if foreign else unprofiled(text, script, UNDETERMINED)
        return Tag(told or (declared if foreign else UNDETERMINED), 0.5 if told else 0.0)
    if misfit > _STRANGE_IF_DECLARED and (told := unprofiled(text, script, best)):
        return Tag(told, 0.5)
    return Tag(best, confidence) if confidence >= sure else Tag(declared or UNDETERMINED, 0.0)


@lru_cache(1 << 10)
def _handicaps(candidates: tuple[str, ...], declared: str) -> NDArray[np.float64]:
    """Return what is added to the log-probability of each language: -inf if it is no candidate.

    Float64 of shape (languages,). Cached, as combinations are few; do not change the array.

    candidates: the languages that the script allows; () for those in Latin script.
    """
    import numpy as np

    languages = profiles().languages
    possible = [
        language in candidates if candidates else is_written_in(language, LATIN)
        for language in languages
    ]
    prior = [_DECLARED_PRIOR if language == declared else 0.0 for language in languages]
    return np.where(possible, prior, -np.inf)


def languages_beside(language: str, texts: Sequence[str]) -> list[str]:
    """Return for each passage of a text in `language` the other language that it certainly is in,
    or ""."""
    found = [""] * len(texts)
    known = profiles()
    doubtful: list[int] = []
    in_latin = language in known.languages and is_written_in(language, LATIN)
    for number, text in enumerate(texts):
        if in_latin and text.isascii():
            doubtful.append(number)
            continue
        script = script_of(text)
        if script and not is_written_in(language, script):
            found[number] = detect(text).language
        elif language in known.languages and len(languages_in(script)) != 1:
            doubtful.append(number)
    # The first words of most passages show that they are in no other language.
    doubtful = [
        number
        for number, lead, _ in _leads(language, texts, doubtful, _FIRST)
        if lead >= _FIRST_LEAD
    ]
    for number, lead, column in _leads(language, texts, doubtful, None):
        if (
            lead >= _FOREIGN_LEAD
            and known.misfit(known.score(texts[number]), column) <= _FOREIGN_MISFIT
        ):
            found[number] = known.languages[column]
    return ["" if name == UNDETERMINED else name for name in found]


def _leads(
    language: str, texts: Sequence[str], numbers: Sequence[int], size: int | None
) -> Iterable[tuple[int, float, int]]:
    """Return for passages their index, the lead of the likeliest other language in nats, and its
    column.

    numbers: the indexes of the passages.
    size: number of characters that are scored; None for all.
    """
    if not numbers:
        return ()
    parts = [texts[number][:size] for number in numbers]
    handicaps = _handicaps(written_like(language), "")
    return zip(numbers, *profiles().leads(parts, handicaps, language), strict=True)
