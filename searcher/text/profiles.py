"""langdetect's profiles, scored in one deterministic pass.

langdetect samples n-grams at random and iterates; this takes every n-gram once. The score of a
language is the sum over the text's 1- to 3-grams of log(p + alpha / 10000), where p is the
profile's probability of the n-gram among those of its size (Nakatani Shuyo, "Language Detection
Library for Java", 2010). Two things differ:
- n-grams of different sizes overlap and repeat each other's evidence, so the shorter ones have less
  weight.
- An n-gram that a profile lacks gets the probability of its parts, discounted (backing off, as in
  S. M. Katz, 1987), as profiles leave out n-grams that were rare in their corpus.

The sum is one row of numbers for each word; see `word_rows`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from searcher import kernels
from searcher.text.word_rows import WEIGHTS, CompiledRows, PlainRows, WordRows

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
_MISFIT_WEIGHTS = (0.5, 1.0, 1.0)
"""Weights of 1-, 2- and 3-grams in a misfit."""


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

        self.languages, self._rows, table = _load()
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
        self._weights = np.array(WEIGHTS, np.float32)
        self._misfit_weights = np.array(_MISFIT_WEIGHTS)
        self._plain = PlainRows(self._matrix, self._rows)
        self._compiled: CompiledRows | None = None

    @property
    def _words(self) -> WordRows:
        """The scores of words, by kernels if they are loaded."""
        if not kernels.loaded:
            return self._plain
        if self._compiled is None:
            self._compiled = CompiledRows(self._plain, self._matrix, self._rows)
        return self._compiled

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

    def spelled(self, text: str) -> str:
        """Return `text` as the profiles spell it: words with blanks between them."""
        composed = text if text.isascii() else self._compose(text)
        return composed.translate(self._characters)

    def score(self, text: str, distinct: bool = False) -> Scores:
        """Return the scores of a text. distinct: whether each of its words counts once."""
        total = self._words.total(self.spelled(text), distinct)
        by_size = total[:-3].reshape(3, -1)
        return Scores(self._weights @ by_size, by_size, total[-3:])

    def leads(
        self, texts: Sequence[str], handicaps: NDArray[np.float64], own: str
    ) -> tuple[list[float], list[int]]:
        """Return for each text by how much the likeliest language is more likely than `own`, in
        nats, and the column of that language. -inf for a text without words.

        handicaps: what is added to the log-likelihood of each language.
        """
        spelled = self._all_spelled(texts)
        leads, columns = self._words.leads(spelled, handicaps, self.languages.index(own))
        return leads.tolist(), columns.tolist()

    def _all_spelled(self, texts: Sequence[str]) -> list[str]:
        """Return the texts as the profiles spell them."""
        together = "\n".join(texts)
        if not together.isascii():
            return list(map(self.spelled, texts))
        # One call for all of them, as it looks each letter up once.
        together = together.translate(self._characters)
        ends = accumulate(map(len, texts), lambda end, size: end + 1 + size, initial=-1)
        return [together[end + 1 : other] for end, other in pairwise(ends)]

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


def _load() -> tuple[list[str], dict[str, int], NDArray[np.float32]]:
    """Return the languages of langdetect's profiles, the row of each n-gram, and the probability of
    each n-gram among those of its size: float32 of shape (n-grams, languages).

    langdetect reads the same in three times the time.
    """
    import numpy as np
    from langdetect.detector_factory import PROFILES_DIRECTORY

    names = [name for name in os.listdir(PROFILES_DIRECTORY) if not name.startswith(".")]
    found = [json.loads(Path(PROFILES_DIRECTORY, name).read_text("utf-8")) for name in names]
    rows: dict[str, int] = {}
    places = [[rows.setdefault(ngram, len(rows)) for ngram in one["freq"]] for one in found]
    table = np.zeros((len(rows), len(found)), np.float32)
    for column, (profile, held) in enumerate(zip(found, places, strict=True)):
        sizes = np.fromiter(map(len, profile["freq"]), np.int64, len(held))
        counts = np.fromiter(profile["freq"].values(), np.float64, len(held))
        table[held, column] = counts / np.array(profile["n_words"], np.float64)[sizes - 1]
    return [profile["name"][:2] for profile in found], rows, table


@cache
def profiles() -> Profiles:
    """Return the profiles. Loaded once, when first asked for, and kept."""
    return Profiles()
