"""langdetect's profiles, scored in one deterministic pass.

langdetect samples n-grams at random and iterates; this takes every n-gram once. The score of a
language is the sum over the text's 1- to 3-grams of log(p + alpha / 10000), where p is the
profile's probability of the n-gram among those of its size (Nakatani Shuyo, "Language Detection
Library for Java", 2010). Two things differ:
- n-grams of different sizes overlap and repeat each other's evidence, so the shorter ones have less
  weight.
- An n-gram that a profile lacks gets the probability of its parts, discounted (backing off, as in
  S. M. Katz, 1987), as profiles leave out n-grams that were rare in their corpus.

The sum is one row of numbers for each word; rows are kept for words that come again.
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
"""Smoothing of probabilities: langdetect's alpha, per 10,000. It bounds what one unknown n-gram can
cost. (Figures as in `searcher.text.language`; half: sentences .977, other languages .594; twice:
.980 and .524.)"""
_DISCOUNT = 0.1
"""Factor on the probability of an n-gram that is estimated from its parts. (Half: sentences .978,
other languages .570; twice: .980 and .555.)"""
_WEIGHTS = (0.3, 0.2, 1.0)
"""Weights of 1-, 2- and 3-grams in a score."""
_MISFIT_WEIGHTS = (0.5, 1.0, 1.0)
"""Weights of 1-, 2- and 3-grams in a misfit."""
_MOST_WORDS = 1 << 16
"""Maximum number of words whose rows are kept; they take 58 MB."""
_AT_ONCE = 128
"""Maximum number of texts that are scored together."""
_LONGEST_WORD = 60
"""Maximum number of letters of a word that are scored. (Half or twice: all the same.)"""
_ABBREVIATION = re.compile("[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{2,}")
"""Consonants alone, which are an abbreviation and of no language."""
_SHORTEST_IN_CAPITALS = 4
"""Minimum length of a word in capitals that is scored, in letters. A shorter one is an acronym,
which is of no language."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of some words in all languages."""

    likelihoods: NDArray[np.float32]
    """Log-likelihood of the n-grams, weighted by size; shape (languages,)."""
    by_size: NDArray[np.float32]
    """Log-likelihood of the n-grams of each size, not weighted; shape (3, languages)."""
    counts: NDArray[np.float32]
    """Number of n-grams of each size; shape (3,)."""

    @property
    def ngrams(self) -> int:
        """The number of n-grams that some profile knows."""
        return int(self.counts.sum())


class Profiles:
    """The profiles as a matrix of log-probabilities: a row for each n-gram, a column for each
    language. Thread-safe."""

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
        """Return the probability of each n-gram by those of its parts: float32 of shape (n-grams,
        languages).

        P(abc) is P(ab) P(bc) / P(b), and P(ab) is P(a) P(b).

        table: the profiles' probabilities, float32 of the same shape.
        """
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
        """Return the rows of the two n-grams that an n-gram is made of, and of the part that they
        share; `nowhere` for none."""
        row = self._rows.get
        if len(ngram) == 3:
            return row(ngram[:2], nowhere), row(ngram[1:], nowhere), row(ngram[1], nowhere)
        if len(ngram) == 2:
            return row(ngram[0], nowhere), row(ngram[1], nowhere), nowhere
        return nowhere, nowhere, nowhere

    def words(self, text: str) -> list[str]:
        """Return the words of `text` as the profiles spell them."""
        composed = text if text.isascii() else self._compose(text)
        return composed.translate(self._characters).split()

    def score(self, words: list[str]) -> Scores:
        """Return the scores of some words, at most _MOST_WORDS."""
        with self._lock:
            total = self._scores[self._rows_of(words)].sum(0)
        by_size = total[:-3].reshape(3, -1)
        return Scores(self._weights @ by_size, by_size, total[-3:])

    def likelihoods(self, texts: Sequence[list[str]]) -> NDArray[np.float32]:
        """Return the log-likelihoods of several texts: float32 of shape (texts, languages).

        texts: words of each text, of which the first are scored. None may be empty.
        """
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
        """Return the rows of words among those kept."""
        words = words[:_MOST_WORDS]
        if len(self._known) + len(words) > _MOST_WORDS:
            self._known.clear()
        try:
            return [self._known[word] for word in words]
        except KeyError:
            self._learn([word for word in dict.fromkeys(words) if word not in self._known])
            return [self._known[word] for word in words]

    def _learn(self, words: list[str]) -> None:
        """Compute the rows of new words."""
        import numpy as np

        first, nothing = len(self._known), len(self._matrix) - 1
        found = [ngrams for word in words for ngrams in self._ngrams(word)]
        # Each sum begins with the row of zeros, as reduceat cannot make empty sums.
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
        """Return the rows of the matrix for the n-grams of a word, by size; none for acronyms and
        abbreviations."""
        if _ABBREVIATION.fullmatch(word):
            return [], [], []
        if word.isupper() and len(word) >= _SHORTEST_IN_CAPITALS:
            word = word.lower()
        padded = f" {word[:_LONGEST_WORD]} "
        ends: Sequence[int] = range(2, len(padded) + 1)
        if padded[2:] != padded[2:].lower():
            # langdetect skips n-grams that end in two capitals.
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
        """Return how much less likely the n-grams of a text are than those of the language's own
        texts, in nats per n-gram.

        It is about 0 for a text in that language, and above 2 for a text in a language without a
        profile. The expected value is the sum over the profile of p log(p + alpha / 10000).

        language: the column of the language.
        """
        import numpy as np

        seen = scores.counts > 0
        means = scores.by_size[seen, language] / scores.counts[seen]
        return -float(np.dot(self._misfit_weights[seen], means - self._expected[seen, language]))


class _Characters(dict[int, str]):
    """langdetect's form of a character: a blank for other characters than letters, one letter for
    all of some large scripts."""

    def __init__(self, normalise: object) -> None:
        self._normalise = normalise

    def __missing__(self, codepoint: int) -> str:
        char: str = self._normalise(chr(codepoint))  # type: ignore[operator]
        self[codepoint] = char
        return char


def _factory() -> Any:
    """Return langdetect's factory with all of its profiles."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
    from langdetect.lang_detect_exception import LangDetectException

    factory = DetectorFactory()
    try:
        factory.load_profile(PROFILES_DIRECTORY)
    except LangDetectException as error:
        # langdetect reports every error, even an interrupt, as a damaged profile.
        if isinstance(error.__context__, KeyboardInterrupt):
            raise error.__context__ from None
        raise
    return factory


@cache
def profiles() -> Profiles:
    """Return the profiles. Loaded once, when first asked for, and kept."""
    return Profiles()
