"""The language of a text: its script leaves candidates, langdetect's profiles choose between
them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDETERMINED = "und"

_SAMPLE = 600
"""Characters that are scored: more change the tag of hardly any text (measured on the language
samples)."""
_DEPENDENCE = 4.0
"""How many overlapping n-grams count as one independent observation when a score becomes a
probability."""
_SURE, _SURE_OF_TABLES = 0.15, 0.7
_TEXT_FOR_A_DIGIT = 5
"""A text with more digits is a table."""
_SHORTEST = 9
"""n-grams that a text must have to be tagged at all: about two very short words."""
_DECLARED_PRIOR = 4.0
_STRANGE, _STRANGE_SHORT = 1.3, 10.0
"""A text of n 3-grams that fits the best profile worse than by _STRANGE + _STRANGE_SHORT / sqrt(n)
is in another one (measured: two sentences in a thousand in a language that has a profile, nine of
ten in Zulu or Xhosa)."""
_STRANGE_IF_DECLARED = 0.8
"""A misfit that is enough when a language without a profile was declared."""
_LETTERS = re.compile("[þðəħŋŧɓɗƙƴẓḍḥўқғәңөүһћђӣӯҷҳ]", re.IGNORECASE)
"""What no language with a profile is written with; above one letter in a hundred it is in another
one."""
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
"""By language letters and words that it does not have, but another does that has no profile and
passes for it: Azeri, Uzbek and Haitian, Serbian, Luxembourgish, Pashto and Kurdish, Galician,
Malay, Hausa and Javanese, … With more than one of them for _UNLIKE_SHARE characters a text is in
the other."""
_UNLIKE_SHARE = 250
_FOREIGN_LEAD, _FOREIGN_MISFIT = 20.0, 1.4
"""By how many nats another language must be likelier for a passage, and how well its profile must
fit."""
_FIRST, _FIRST_LEAD = 90, 2.0
"""By how many nats another language must be likelier for the first characters of a passage, for the
rest to be read."""
_ADDRESS = re.compile(r"https?://\S{1,300}|\S{1,64}@\S{1,64}\.\S{1,64}")
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?")
_ALIASES = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl"}
_RESEMBLE = {
    "az": ("tr",), "be": ("uk", "ru", "bg"), "bs": ("hr", "sl"), "eo": ("es", "it", "sl"),
    "eu": ("es",),
    "fo": ("da", "no", "sv"), "fy": ("nl", "af"), "gl": ("pt", "es"), "is": ("no", "da", "sv"),
    "kk": ("ru", "uk", "bg"), "ku": ("tr", "fa"), "ky": ("ru", "uk", "bg"), "la": ("it", "ro"),
    "lb": ("de", "nl"),
    "mn": ("ru", "uk", "bg", "mk"), "ms": ("id",), "oc": ("ca", "fr"), "ps": ("fa", "ur", "ar"),
    "sr": ("hr", "mk", "bg", "ru", "sl"), "yi": ("he",),
}  # fmt: skip
"""Languages without a profile, and those for which a text in them may be taken."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A language (ISO 639-1, or "und") and the probability that it is right, in 0..1."""

    language: str
    confidence: float


@lru_cache(1 << 10)
def language_code(declared: str) -> str:
    """The ISO 639-1 code in a declaration such as "en-GB" or "pt_BR"; "" when there is none."""
    code = declared.strip().lower()
    for alias, known in _ALIASES.items():
        if re.fullmatch(rf"{alias}([-_].*)?", code):
            return known
    match = _CODE.fullmatch(code)
    return match.group(1) if match else ""


def detect(text: str, declared: str = "") -> Tag:
    """The language of `text`.

    A declared language weighs like a few more words of it. A text that is too short to tell is
    tagged with the declared language if there is one that its script allows, else "und"; so is one
    that no profile fits, but for a declared language that has a profile: the text is not in that
    one either.
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
    # Each word counts once: tables of "cts vs cts" look Swedish otherwise.
    scores = known.score(list(dict.fromkeys(known.words(only_script(text, script)))))
    if scores.ngrams < _SHORTEST:
        return Tag(declared or UNDETERMINED, 0.0)
    return _decide(
        scores, candidates, declared, _SURE_OF_TABLES if _is_table(text) else _SURE, text
    )


def _is_table(text: str) -> bool:
    """Whether a text has too many figures, or is set in capitals, to look like its language."""
    return text.isupper() or sum(map(text.count, "0123456789")) * _TEXT_FOR_A_DIGIT > len(text)


def _only(declared: str, language: str) -> Tag:
    """A script of one language, unless another is declared that is written in it, too."""
    return Tag(declared, 0.5) if declared not in ("", language) else Tag(language, 1.0)


def _is_unlike(text: str, language: str) -> bool:
    """Whether a text has letters or words that this language does not have."""
    # Turkish of Windows-1254 that was read as Latin 1 has ð and þ for ğ and ş.
    if (
        language != "tr"
        and not text.isascii()
        and len(_LETTERS.findall(text)) > max(1, len(text) / 100)
    ):
        return True
    pattern = _UNLIKE.get(language)
    return pattern is not None and len(pattern.findall(text)) > max(1, len(text) / _UNLIKE_SHARE)


def _decide(
    scores: Scores, candidates: tuple[str, ...], declared: str, sure: float, text: str
) -> Tag:
    import numpy as np

    known = profiles()
    logits = scores.likelihoods / _DEPENDENCE + _handicaps(candidates, declared)
    logits -= logits.max()
    column = int(logits.argmax())
    best, confidence = known.languages[column], round(1 / float(np.exp(logits).sum()), 3)
    misfit = math.inf if _is_unlike(text, best) else known.misfit(scores, column)
    foreign = declared != "" and declared not in known.languages
    if foreign and (misfit > _STRANGE_IF_DECLARED or best in _RESEMBLE.get(declared, ())):
        return Tag(declared, 0.5)
    if misfit > _STRANGE + _STRANGE_SHORT / math.sqrt(scores.counts[2] or 1):
        return Tag(declared if foreign else UNDETERMINED, 0.0)
    return Tag(best, confidence) if confidence >= sure else Tag(declared or UNDETERMINED, 0.0)


@lru_cache(1 << 10)
def _handicaps(candidates: tuple[str, ...], declared: str) -> NDArray[np.float64]:
    """What is added to the logarithm of each language's probability; no candidates: those in Latin
    script."""
    import numpy as np

    languages = profiles().languages
    possible = [
        language in candidates if candidates else is_written_in(language, LATIN)
        for language in languages
    ]
    prior = [_DECLARED_PRIOR if language == declared else 0.0 for language in languages]
    return np.where(possible, prior, -np.inf)


def languages_beside(language: str, texts: Sequence[str]) -> list[str]:
    """For each passage of a text in `language` the other language that it certainly is in, or
    ""."""
    found = [""] * len(texts)
    known = profiles()
    doubtful: list[int] = []
    for number, text in enumerate(texts):
        script = script_of(text)
        if script and not is_written_in(language, script):
            found[number] = detect(text).language
        elif language in known.languages and len(languages_in(script)) != 1:
            doubtful.append(number)
    # The first words tell of most passages that they are in no other language.
    doubtful = [
        number
        for number, lead, _ in _leads(language, texts, doubtful, _FIRST)
        if lead >= _FIRST_LEAD
    ]
    for number, lead, column in _leads(language, texts, doubtful, None):
        if (
            lead >= _FOREIGN_LEAD
            and known.misfit(known.score(known.words(texts[number])), column) <= _FOREIGN_MISFIT
        ):
            found[number] = known.languages[column]
    return ["" if name == UNDETERMINED else name for name in found]


def _leads(
    language: str, texts: Sequence[str], numbers: Sequence[int], size: int | None
) -> Iterator[tuple[int, float, int]]:
    """Of the passages with these numbers, by their first `size` characters: the number, by how many
    nats another language is likelier, and the column of the likeliest."""
    known = profiles()
    words = {number: found for number in numbers if (found := known.words(texts[number][:size]))}
    if not words:
        return
    likelihoods = known.likelihoods(list(words.values())) + _handicaps(written_like(language), "")
    leads = likelihoods.max(1) - likelihoods[:, known.languages.index(language)]
    yield from zip(words, leads.tolist(), likelihoods.argmax(1).tolist(), strict=True)
