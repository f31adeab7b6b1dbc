"""The formulas of ranking, each by its name and source, and their weights. They take floats as well
as arrays.

The weights were chosen on topics (TIME) and on looking for known articles (Reuters) together: what
gains on one and loses on the other was left at its least harmful value; see
benchmarks/relevance.py.
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np

from searcher.columnar.arrays import Array, Floats, Singles

K1 = 1.2
"""BM25's k1, without a unit. The larger it is, the more a further occurrence of a word adds to the
score. A usual value (Robertson and Zaragoza 2009 name 1.2 to 2).

Segments record it with their bounds on scores: see `bound_constants`."""
B = 0.5
"""BM25's b, from 0 to 1. The larger it is, the more the length of a document counts against it.
.5 was best on newswire of mixed length (`make bench-relevance`).

Segments record it with their bounds on scores: see `bound_constants`."""
UNRECORDED = {"k1": 1.2, "b": 0.5}
"""The constants of bounds that a segment does not record: until segments recorded them, no release
had others. A fact about old files: it stays when K1 or B change."""
LEAST_IDF = 0.1
"""What is left of Lucene's idf for words that half of all documents or more hold."""
ORDERED = 0.1
"""The weight of two words of the query standing in a document as they do in the query."""
NEAR = 0.1
"""The weight of two neighbours of the query standing within NEAR_WINDOW positions, in any order."""
NEAR_WINDOW = 8
COMMON = 0.2
"""A word in more than this share of all documents makes no pairs; the words around it do."""
ALWAYS_TELLING = 50
"""A word in no more than so many documents is not common, however few documents there are."""
ALL_WORDS = 0.05
"""The weight of a document's holding all words that are not common, as a part of the sum of their
idf."""
HEADLINE = 0.1
"""The weight of the words' standing in the headline as they do in the query, as a part of the sum
of their idf."""
RECENCY = 0.05
"""What being new adds at most, as a part of the score."""
WINDOW = 100
"""So many documents, the best by their words alone, are looked at for all that goes beyond
words."""
BROAD_WINDOW = 1000
"""The same where words are added to the query."""


def idf(matching: int, documents: int) -> float:
    """Inverse document frequency, ln((N - n + .5) / (n + .5)): Robertson and Spärck Jones 1976.

    That is 0 for a word that half of all documents hold, so it is kept above a part of Lucene's
    form, ln(1 + (N - n + .5) / (n + .5)), which never is.
    """
    odds = (documents - matching + 0.5) / (matching + 0.5)
    return max(math.log(odds), LEAST_IDF * math.log(1 + odds))


def is_common(matching: int, documents: int) -> bool:
    """Whether a word that so many of the documents hold says too little to count beyond itself."""
    return matching > max(COMMON * documents, ALWAYS_TELLING)


def of_all_words(weights: float) -> float:
    """What holding all words adds, where `weights` is the sum of their idf: a mild form of the
    coordination factor of Lucene's classic similarity."""
    return ALL_WORDS * weights


def of_headline(weights: float) -> float:
    """What having the words in the headline as in the query adds, where `weights` is the sum of
    their idf."""
    return HEADLINE * weights


@overload
def freshness(age: float, half_life: float) -> float: ...
@overload
def freshness(age: Floats, half_life: float) -> Floats: ...
def freshness(age: float | Floats, half_life: float) -> float | Floats:
    """How new a document is, from 1 (as the newest) to 0: exponential decay, as in Li and Croft,
    "Time-Based Language Models" (2003). age: seconds before the newest document; half_life:
    seconds."""
    found: float | Floats = 0.5 ** (age / half_life)
    return found


@overload
def bm25(frequency: float, length: float, average_length: float, weight: float) -> float: ...
@overload
def bm25(frequency: Floats, length: Floats, average_length: float, weight: float) -> Floats: ...
def bm25(
    frequency: float | Floats, length: float | Floats, average_length: float, weight: float
) -> float | Floats:
    """Okapi BM25 of one term: Robertson and Zaragoza, "The Probabilistic Relevance Framework"
    (2009), equation 3.15.

    frequency: occurrences in the document; length, average_length: in words; weight: the term's
    idf.
    """
    norm = K1 * (1 - B + B * length / average_length)
    return weight * frequency * (K1 + 1) / (frequency + norm)


def bound_constants() -> dict[str, float]:
    """Return the constants that `saturation` depends on, by name.

    A segment records them with the bounds that it holds on saturations. Bounds made with other
    constants than these are not bounds of today's scores, and must not be used.
    """
    return {"k1": K1, "b": B}


def saturation(counts: Array, lengths: Array, average: float) -> Singles:
    """What BM25 makes of a count and a length, up to its factors idf and K1 + 1: between 0 and
    1."""
    norms: Singles = lengths.astype(np.float32)
    norms *= np.float32(K1 * B / (average or 1.0))
    norms += np.float32(K1 * (1 - B))
    single: Singles = counts.astype(np.float32)
    norms += single
    single /= norms
    return single
