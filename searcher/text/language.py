"""Language tags by langdetect's profiles, scored in one deterministic pass.

langdetect samples n-grams at random and iterates; this takes every n-gram once. The score of a language is the sum over
the text's 1- to 3-grams of log(p + alpha / 10000), p being the profile's probability of the n-gram (Nakatani Shuyo,
"Language Detection Library for Java", 2010, with its alpha). The sum falls apart into one term for each word, which are
cached.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDETERMINED = "und"

_ALPHA = 0.5
_SAMPLE = 1000
"""Characters that are scored: more change the tag of hardly any text (measured on the language samples)."""
_DEPENDENCE = 4.0
"""How many overlapping n-grams count as one independent observation when a score becomes a probability."""
_SURE = 0.85
_SHORTEST = 12
"""n-grams that a text must have to be tagged at all: about two short words."""
_DECLARED_PRIOR = 4.0
_ADDRESS = re.compile(r"https?://\S{1,300}|\S{1,64}@\S{1,64}\.\S{1,64}")
_ABBREVIATION = re.compile("[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{2,}")
_LATIN = re.compile("[A-Za-z]+")
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?")
_ALIASES = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A language (ISO 639-1, or "und") and the probability that it is right, in 0..1."""

    language: str
    confidence: float


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

    A declared language weighs like a few more words of it. A text too short or too mixed to tell is tagged with the
    declared language if there is one, else "und".
    """
    profiles = _profiles()
    declared = language_code(declared)
    scores, count = profiles.score(text)
    if count < _SHORTEST:
        return Tag(declared or UNDETERMINED, 0.0)
    return profiles.decide(scores, declared)


class _Profiles:
    """langdetect's profiles as a matrix of log probabilities: a row for each n-gram, a column for each language."""

    def __init__(self) -> None:
        import numpy as np
        from langdetect import detector_factory
        from langdetect.utils.ngram import NGram

        detector_factory.init_factory()
        factory = detector_factory._factory
        self.languages: list[str] = factory.langlist
        self.rows = {ngram: row for row, ngram in enumerate(factory.word_lang_prob_map)}
        table = np.array(list(factory.word_lang_prob_map.values()), np.float32)
        self.matrix = np.log(table + _ALPHA / 10000).astype(np.float32)
        self.normalise = lru_cache(1 << 16)(NGram.normalize)
        self.normalise_vietnamese = NGram.normalize_vi
        self.zero = np.zeros(len(self.languages), np.float32)
        self.word = lru_cache(1 << 17)(self._word)

    def score(self, text: str) -> tuple[NDArray[np.float32], int]:
        """Log-likelihood of each language, and the number of n-grams that some profile knows."""
        text = self.normalise_vietnamese(_ADDRESS.sub(" ", text[: 2 * _SAMPLE])[:_SAMPLE])
        latin = sum(map(len, _LATIN.findall(text)))
        other = sum(1 for char in text if "\u0300" <= char < "\u1e00" or char >= "\u1f00")
        if latin * 2 < other:
            text = _LATIN.sub(" ", text)
        total, count = self.zero.copy(), 0
        # Each word counts once and abbreviations not at all: tables of "cts vs cts" look Swedish otherwise.
        for word in dict.fromkeys("".join(map(self.normalise, text)).split()):
            if _ABBREVIATION.fullmatch(word):
                continue
            scores, known = self.word(word)
            total += scores
            count += known
        return total, count

    def _word(self, word: str) -> tuple[NDArray[np.float32], int]:
        padded = f" {word} "
        found = []
        for end in range(2, len(padded) + 1):
            if padded[end - 1].isupper() and padded[end - 2].isupper():
                continue
            for size in (1, 2, 3):
                if size > end or (size == 1 and end == len(padded)):
                    continue
                row = self.rows.get(padded[end - size : end])
                if row is not None:
                    found.append(row)
        return (self.matrix[found].sum(0), len(found)) if found else (self.zero, 0)

    def decide(self, scores: NDArray[np.float32], declared: str) -> Tag:
        import numpy as np

        logits = scores.astype(np.float64) / _DEPENDENCE
        for column, language in enumerate(self.languages):
            if declared and language[:2] == declared:
                logits[column] += _DECLARED_PRIOR
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        by_code: dict[str, float] = {}
        for language, probability in zip(self.languages, probabilities.tolist(), strict=True):
            by_code[language[:2]] = by_code.get(language[:2], 0.0) + probability
        best = max(sorted(by_code), key=by_code.__getitem__)
        if by_code[best] < _SURE:
            return Tag(declared or UNDETERMINED, round(by_code.get(declared, 0.0), 3))
        return Tag(best, round(by_code[best], 3))


@cache
def _profiles() -> _Profiles:
    return _Profiles()
