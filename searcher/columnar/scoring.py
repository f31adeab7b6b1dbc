"""The formulas of ranking, each by its name and source. They take floats as well as arrays."""

from __future__ import annotations

import math
from typing import overload

import numpy as np

from searcher.columnar.arrays import Array
from searcher.columnar.arrays import Floats
from searcher.columnar.arrays import Singles

K1 = 1.2
"""How soon more occurrences stop to count."""
B = 0.5
"""How much length counts against a document: .5 was best on newswire of mixed length."""


def idf(matching: int, documents: int) -> float:
    """Inverse document frequency, ln(1 + (N - n + .5) / (n + .5)): Robertson and Spärck Jones 1976, kept positive as
    Lucene does."""
    return math.log(1 + (documents - matching + 0.5) / (matching + 0.5))


@overload
def bm25(frequency: float, length: float, average_length: float, weight: float) -> float: ...
@overload
def bm25(frequency: Floats, length: Floats, average_length: float, weight: float) -> Floats: ...
def bm25(frequency: float | Floats, length: float | Floats, average_length: float, weight: float) -> float | Floats:
    """Okapi BM25 of one term: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), equation 3.15.

    frequency: occurrences in the document; length, average_length: in words; weight: the term's idf.
    """
    norm = K1 * (1 - B + B * length / average_length)
    return weight * frequency * (K1 + 1) / (frequency + norm)


def saturation(counts: Array, lengths: Array, average: float) -> Singles:
    """What BM25 makes of a count and a length, up to its factors idf and K1 + 1: between 0 and 1."""
    norms: Singles = lengths.astype(np.float32)
    norms *= np.float32(K1 * B / (average or 1.0))
    norms += np.float32(K1 * (1 - B))
    single: Singles = counts.astype(np.float32)
    norms += single
    single /= norms
    return single
