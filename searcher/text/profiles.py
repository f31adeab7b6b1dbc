"""langdetect's profiles, scored in one deterministic pass.

langdetect samples n-grams at random and iterates; this takes every n-gram once. The score of a
language is the sum over the text's 1- to 3-grams of log(p + alpha / 10000), p being the profile's
probability of the n-gram among those of its size (Nakatani Shuyo, "Language Detection Library for
Java", 2010). Two things differ. n-grams of different sizes overlap and say the same thing twice, so
the shorter ones count for less. And an n-gram that a profile lacks is as likely as its parts make
it, discounted (backing off, as in S. M. Katz, 1987), for profiles leave out what was rare in their
corpus. The sum falls apart into one row for each word; rows are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ALPHA = 0.2
_DISCOUNT = 0.1
_WEIGHTS = (0.3, 0.2, 1.0)
"""Of 1-, 2- and 3-grams."""
_MISFIT_WEIGHTS = (0.5, 1.0, 1.0)
_MOST_WORDS = 1 << 16
"""Words that are remembered: 58 MB."""
_AT_ONCE = 128
"""Texts that are scored together."""
_LONGEST_WORD = 60
_ABBREVIATION = re.compile("[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{2,}")
_SHORTEST_IN_CAPITALS = 4
"""A shorter word in capitals is an acronym, which is of no language."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the profiles say of some words.

    likelihoods: by language, the log-likelihood of the n-grams (languages). by_size: the same for
    each size of n-gram, not weighted (3, languages); counts: n-grams of each size (3).
    """

    likelihoods: NDArray[np.float32]
    by_size: NDArray[np.float32]
    counts: NDArray[np.float32]

    @property
    def ngrams(self) -> int:
        """The number of n-grams that some profile knows."""
        return int(self.counts.sum())


class Profiles:
    """A matrix of log probabilities: a row for each n-gram, a column for each language. Safe in
    threads."""

    def __init__(self) -> None:
        import numpy as np
        from langdetect.utils.ngram import NGram

        factory = _factory()
        self.languages: list[str] = [name[:2] for name in factory.langlist]
        self._rows = {ngram: row for row, ngram in enumerate(factory.word_lang_prob_map)}
        table = np.array(list(factory.word_lang_prob_map.values()), np.float32)
        known = np.log(
            np.maximum(table, _DISCOUNT * self._by_parts(table)) + np.float32(_ALPHA / 10000)
        )
        self._matrix = np.vstack((known, np.zeros_like(known[:1])))
        sizes = np.array([len(ngram) for ngram in self._rows])
        self._expected = np.array(
            [(table[sizes == n] * known[sizes == n]).sum(0) for n in (1, 2, 3)]
        )
        self._characters = _Characters(NGram.normalize)
        self._compose = NGram.normalize_vi
        width = len(self.languages)
        self._lock = Lock()
        self._known: dict[str, int] = {}
        self._scores = np.zeros((_MOST_WORDS, 3 * width + 3), np.float32)
        self._weighted = np.zeros((_MOST_WORDS, width), np.float32)
        self._weights = np.array(_WEIGHTS, np.float32)
        self._misfit_weights = np.array(_MISFIT_WEIGHTS)

    def _by_parts(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability of each n-gram by that of its parts: P(abc) is P(ab) P(bc) / P(b), P(ab)
        is P(a) P(b)."""
        import numpy as np

        nowhere = len(table)
        parts = np.array([self._parts(ngram, nowhere) for ngram in self._rows])
        padded = np.vstack((table, np.zeros_like(table[:1])))
        divisor = np.where(parts[:, 2:] == nowhere, 1, np.maximum(padded[parts[:, 2]], 1e-6))
        expected: NDArray[np.float32] = np.minimum(
            padded[parts[:, 0]] * padded[parts[:, 1]] / divisor, 1
        )
        return expected.astype(np.float32)

    def _parts(self, ngram: str, nowhere: int) -> tuple[int, int, int]:
        """The rows of two n-grams that overlap in the third, or `nowhere`."""
        row = self._rows.get
        if len(ngram) == 3:
            return row(ngram[:2], nowhere), row(ngram[1:], nowhere), row(ngram[1], nowhere)
        if len(ngram) == 2:
            return row(ngram[0], nowhere), row(ngram[1], nowhere), nowhere
        return nowhere, nowhere, nowhere

    def words(self, text: str) -> list[str]:
        """The words of `text` as the profiles spell them."""
        composed = text if text.isascii() else self._compose(text)
        return composed.translate(self._characters).split()

    def score(self, words: list[str]) -> Scores:
        """The scores of some words; of a text longer than a book its beginning tells enough."""
        with self._lock:
            total = self._scores[self._rows_of(words)].sum(0)
        by_size = total[:-3].reshape(3, -1)
        return Scores(self._weights @ by_size, by_size, total[-3:])

    def likelihoods(self, texts: Sequence[list[str]]) -> NDArray[np.float32]:
        """The log-likelihoods of several texts at once, of their first words: (texts, languages).
        None may be empty."""
        import numpy as np

        parts = []
        for first in range(0, len(texts), _AT_ONCE):
            some = [words[: _MOST_WORDS // _AT_ONCE] for words in texts[first : first + _AT_ONCE]]
            starts = np.cumsum([0, *map(len, some[:-1])])
            with self._lock:
                rows = self._rows_of([word for words in some for word in words])
                parts.append(np.add.reduceat(self._weighted[rows], starts, axis=0))
        return np.vstack(parts)

    def _rows_of(self, words: list[str]) -> list[int]:
        """The rows of words in the memory of scores."""
        words = words[:_MOST_WORDS]
        if len(self._known) + len(words) > _MOST_WORDS:
            self._known.clear()
        try:
            return [self._known[word] for word in words]
        except KeyError:
            self._learn([word for word in dict.fromkeys(words) if word not in self._known])
            return [self._known[word] for word in words]

    def _learn(self, words: list[str]) -> None:
        """Fills in the rows of new words."""
        import numpy as np

        first, nothing = len(self._known), len(self._matrix) - 1
        found = [ngrams for word in words for ngrams in self._ngrams(word)]
        # Each sum begins with the row of zeros: reduceat has no empty sums.
        counts = np.array([len(ngrams) for ngrams in found], np.float32).reshape(-1, 3)
        starts = np.concatenate(([0], np.cumsum(counts.ravel() + 1)[:-1])).astype(np.intp)
        sums = np.add.reduceat(
            self._matrix[[at for ngrams in found for at in (nothing, *ngrams)]], starts, axis=0
        )
        rows = slice(first, first + len(words))
        self._scores[rows, :-3] = sums.reshape(len(words), -1)
        self._scores[rows, -3:] = counts
        self._weighted[rows] = np.einsum(
            "s,wsl->wl", self._weights, sums.reshape(len(words), 3, -1)
        )
        self._known.update(zip(words, range(first, rows.stop), strict=True))

    def _ngrams(self, word: str) -> tuple[list[int], list[int], list[int]]:
        """The rows of the matrix for the n-grams of a word, by size; none for acronyms and
        abbreviations."""
        if _ABBREVIATION.fullmatch(word):
            return [], [], []
        if word.isupper() and len(word) >= _SHORTEST_IN_CAPITALS:
            word = word.lower()
        padded = f" {word[:_LONGEST_WORD]} "
        ends: Sequence[int] = range(2, len(padded) + 1)
        if padded[2:] != padded[2:].lower():
            # langdetect passes over n-grams that end in two capitals.
            ends = [
                end for end in ends if not (padded[end - 1].isupper() and padded[end - 2].isupper())
            ]
        row = self._rows.get
        return (
            [at for end in ends if end < len(padded) and (at := row(padded[end - 1])) is not None],
            [at for end in ends if (at := row(padded[end - 2 : end])) is not None],
            [at for end in ends if end > 2 and (at := row(padded[end - 3 : end])) is not None],
        )

    def misfit(self, scores: Scores, language: int) -> float:
        """How much less likely the n-grams of a text are in a language than those of its own texts,
        in nats for each.

        About 0 for a text in that language, and above 2 for one in a language that has no profile.
        The expectation is the sum over the profile of p log(p + alpha / 10000).
        """
        import numpy as np

        seen = scores.counts > 0
        means = scores.by_size[seen, language] / scores.counts[seen]
        return -float(np.dot(self._misfit_weights[seen], means - self._expected[seen, language]))


class _Characters(dict[int, str]):
    """What langdetect makes of a character: a blank for what is no letter, one for all of some
    large scripts."""

    def __init__(self, normalise: object) -> None:
        self._normalise = normalise

    def __missing__(self, codepoint: int) -> str:
        char: str = self._normalise(chr(codepoint))  # type: ignore[operator]
        self[codepoint] = char
        return char


def _factory() -> Any:
    """langdetect's factory, with all of its profiles."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
    from langdetect.lang_detect_exception import LangDetectException

    factory = DetectorFactory()
    try:
        factory.load_profile(PROFILES_DIRECTORY)
    except LangDetectException as error:
        # It takes everything, an interrupt included, for a damaged profile.
        if isinstance(error.__context__, KeyboardInterrupt):
            raise error.__context__ from None
        raise
    return factory


@cache
def profiles() -> Profiles:
    """The profiles, read when first asked for."""
    return Profiles()
