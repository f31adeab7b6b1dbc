"""Rows of words: the sums of the rows of a matrix of n-grams for the n-grams of each word.

Rows are kept for words that come again. `CompiledRows` gives the same as `PlainRows`, by kernels.
Texts are as the profiles spell them: words with blanks between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from searcher import kernels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = (0.3, 0.2, 1.0)
"""Weights of 1-, 2- and 3-grams in a score."""
_MOST_WORDS = 1 << 16
"""Maximum number of words whose rows are kept; they take 58 MB."""
_AT_ONCE = 128
"""Maximum number of texts that are scored together."""
_FEW_WORDS = 128
"""Maximum number of words of a text whose rows a kernel adds as numpy does."""
LONGEST_WORD = 60
"""Maximum number of letters of a word that are scored. (Half or twice: all the same.)"""
_ABBREVIATION = re.compile("[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz]{2,}")
"""Consonants alone, which are an abbreviation and of no language."""
_SHORTEST_IN_CAPITALS = 4
"""Minimum length of a word in capitals that is scored, in letters. A shorter one is an acronym,
which is of no language."""


class WordRows(Protocol):
    """The scores of words. Safe in threads."""

    def total(self, text: str, distinct: bool) -> NDArray[np.float32]:
        """Return the sum of the scores of the words of a text: float32 of shape (3 * languages +
        3,), for each size of n-grams its sum by language, then the number of n-grams of each size.

        distinct: whether each word counts once.
        """

    def leads(
        self, texts: Sequence[str], handicaps: NDArray[np.float64], own: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return for each text by how much its likeliest language is more likely than the one of
        the column `own`, in nats, and the column of that language. -inf for a text without words.

        texts: of a long one the first words are scored.
        handicaps: what is added to the log-likelihood of each language.
        """


class PlainRows:
    """The scores of words, by numpy."""

    def __init__(self, matrix: NDArray[np.float32], rows: Mapping[str, int]) -> None:
        """matrix: a row for each n-gram, and a row of zeros. rows: the row of each n-gram."""
        import numpy as np

        self._matrix = matrix
        self._rows = rows
        width = matrix.shape[1]
        self._lock = Lock()
        self._known: dict[str, int] = {}
        self._scores = np.zeros((_MOST_WORDS, 3 * width + 3), np.float32)
        self._weighted = np.zeros((_MOST_WORDS, width), np.float32)
        self._weights = np.array(WEIGHTS, np.float32)

    def total(self, text: str, distinct: bool) -> NDArray[np.float32]:
        words = text.split()
        with self._lock:
            rows = self._rows_of(list(dict.fromkeys(words)) if distinct else words)
            found: NDArray[np.float32] = self._scores[rows].sum(0)
        return found

    def _likelihoods(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log-likelihoods of texts: float32 of shape (texts, languages).

        texts: each has a word. Of a long text the first words are scored.
        """
        import numpy as np

        parts = []
        for first in range(0, len(texts), _AT_ONCE):
            some = [
                text.split()[: _MOST_WORDS // _AT_ONCE] for text in texts[first : first + _AT_ONCE]
            ]
            starts = np.cumsum([0, *map(len, some[:-1])])
            with self._lock:
                rows = self._rows_of([word for words in some for word in words])
                parts.append(np.add.reduceat(self._weighted[rows], starts, axis=0))
        return np.vstack(parts)

    def leads(
        self, texts: Sequence[str], handicaps: NDArray[np.float64], own: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        import numpy as np

        found, columns = np.full(len(texts), -np.inf), np.zeros(len(texts), np.int64)
        worded = [number for number, text in enumerate(texts) if text and not text.isspace()]
        if worded:
            scores = self._likelihoods([texts[number] for number in worded]) + handicaps
            found[worded] = scores.max(1) - scores[:, own]
            columns[worded] = scores.argmax(1)
        return found, columns

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
        first = len(self._known)
        rows = slice(first, first + len(words))
        self._scores[rows] = self.scores(words)
        self._weighted[rows] = weighted(self._weights, self._scores[rows])
        self._known.update(zip(words, range(first, rows.stop), strict=True))

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the scores of words that are not known: float32 of shape (words, 3 * languages +
        3)."""
        import numpy as np

        nothing = len(self._matrix) - 1
        found = [ngrams for word in words for ngrams in self._ngrams(word)]
        # Each sum begins with the row of zeros, as reduceat cannot make empty sums.
        counts = np.array([len(ngrams) for ngrams in found], np.float32).reshape(-1, 3)
        starts = np.concatenate(([0], np.cumsum(counts.ravel() + 1)[:-1])).astype(np.intp)
        sums = np.add.reduceat(
            self._matrix[[at for ngrams in found for at in (nothing, *ngrams)]], starts, axis=0
        )
        return np.hstack((sums.reshape(len(words), -1), counts))

    def _ngrams(self, word: str) -> tuple[list[int], list[int], list[int]]:
        """Return the rows of the matrix for the n-grams of a word, by size; none for acronyms and
        abbreviations."""
        if _ABBREVIATION.fullmatch(word):
            return [], [], []
        if word.isupper() and len(word) >= _SHORTEST_IN_CAPITALS:
            word = word.lower()
        padded = f" {word[:LONGEST_WORD]} "
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


def weighted(weights: NDArray[np.float32], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-likelihoods in the scores of words: float32 of shape (words, languages)."""
    import numpy as np

    found: NDArray[np.float32] = np.einsum(
        "s,wsl->wl", weights, scores[:, :-3].reshape(len(scores), 3, -1)
    )
    return found


class CompiledRows:
    """The scores of words, by kernels. Texts with more words than it keeps are left to the plain
    code."""

    def __init__(
        self, plain: PlainRows, matrix: NDArray[np.float32], rows: Mapping[str, int]
    ) -> None:
        """plain: for what the kernels leave out. matrix, rows: as for PlainRows."""
        import numpy as np

        self._plain = plain
        self._matrix = matrix.ravel()
        self._width = width = matrix.shape[1]
        self._keys = np.fromiter(map(_packed, rows), np.uint64, len(rows))
        self._slots = np.zeros(1 << (4 * len(rows)).bit_length(), np.int32)
        kernels.ngrams.fill(self._keys, self._slots)
        self._kinds, self._lowers = kernels.letters.tables()
        self._lock = Lock()
        self._words = kernels.words.Words()
        self._scores = np.zeros((_MOST_WORDS, 3 * width + 3), np.float32)
        self._weighted = np.zeros((_MOST_WORDS, width), np.float32)
        self._weights = np.array(WEIGHTS, np.float32)
        self._seen = np.zeros(_MOST_WORDS, np.int32)
        self._mark = 0

    def total(self, text: str, distinct: bool) -> NDArray[np.float32]:
        import numpy as np

        if len(text) >= _MOST_WORDS:
            return self._plain.total(text, distinct)
        with self._lock:
            numbers, _ = self._numbers([text])
            found = np.zeros(3 * self._width + 3, np.float32)
            if distinct:
                self._mark += 1
                kernels.ngrams.total(
                    numbers, self._scores.ravel(), len(found), self._seen, self._mark, found
                )
            else:
                found = self._scores[numbers].sum(0)
        return found

    def leads(
        self, texts: Sequence[str], handicaps: NDArray[np.float64], own: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        import numpy as np

        if sum(map(len, texts)) >= _MOST_WORDS:
            return self._plain.leads(texts, handicaps, own)
        with self._lock:
            numbers, ends = self._numbers(texts)
            if np.diff(ends, prepend=0).max() > _FEW_WORDS:
                return self._plain.leads(texts, handicaps, own)
            found, columns = np.empty(len(texts)), np.empty(len(texts), np.int64)
            kernels.ngrams.leads(
                numbers, ends, self._weighted.ravel(), self._width, handicaps, own, found, columns
            )
        return found, columns

    def _numbers(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the number of each word, and the number of words up to the end of each text. New
        words are learned."""
        import numpy as np

        joined = " ".join(texts)
        if self._words.count + len(joined) // 2 + 1 > _MOST_WORDS:
            self._words.clear()
            self._seen[:] = 0
            self._mark = 1
        edges = np.cumsum([len(text) + 1 for text in texts]) - 1
        first = self._words.count
        numbers, ends, _ = self._words.number(joined, edges)
        if self._words.count > first:
            self._learn(first, self._words.count)
        return numbers, ends

    def _learn(self, first: int, end: int) -> None:
        """Compute the rows of the words numbered [first, end)."""
        import numpy as np

        hard = np.zeros(end - first, np.bool_)
        left = kernels.ngrams.learn(
            self._words.letters,
            self._words.bounds,
            first,
            end,
            self._kinds,
            self._lowers,
            self._keys,
            self._slots,
            self._matrix,
            self._width,
            self._scores.ravel(),
            hard,
        )
        if left:
            numbers = np.flatnonzero(hard) + first
            words = [self._words.text(number) for number in numbers.tolist()]
            self._scores[numbers] = self._plain.scores(words)
        self._weighted[first:end] = weighted(self._weights, self._scores[first:end])


def _packed(ngram: str) -> int:
    """Return an n-gram as a number of 63 bits."""
    key = 0
    for char in ngram:
        key = key << 21 | ord(char)
    return key
