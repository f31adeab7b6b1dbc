"""The formulas of ranking on arrays, each with its name and source. They are tested against the
memory engine's formulas in plain Python.
"""

from __future__ import annotations

import math

import numpy as np

from searcher.columnar import constants
from searcher.columnar.arrays import Array, Floats, Singles


def idf(matching: int, documents: int) -> float:
    """Return the inverse document frequency of a word that `matching` of `documents` hold:
    ln((N - n + .5) / (n + .5)), Robertson and Spärck Jones 1976.

    That is 0 for a word in half of all documents. So the result is at least `constants.LEAST_IDF`
    of Lucene's form, ln(1 + (N - n + .5) / (n + .5)), which is positive.
    """
    odds = (documents - matching + 0.5) / (matching + 0.5)
    return max(math.log(odds), constants.LEAST_IDF * math.log(1 + odds))


def freshness(ages: Floats, half_life: float) -> Floats:
    """Return the freshness of documents, from 1 (as the newest) down to 0, with exponential decay
    as in Li and Croft, "Time-Based Language Models" (2003).

    ages: seconds before the newest document, one a document.
    half_life: seconds in which the result halves.
    """
    found: Floats = 0.5 ** (ages / half_life)
    return found


def norms(lengths: Floats, average_length: float, b: float = constants.B) -> Floats:
    """Return BM25's norms K1 (1 - b + b length / average length) of documents, by their lengths in
    words."""
    return constants.K1 * (1 - b + b * lengths / average_length)


def bm25(frequencies: Floats, norms: Floats, weight: float) -> Floats:
    """Return the Okapi BM25 scores of one term: Robertson and Zaragoza, "The Probabilistic
    Relevance Framework" (2009), equation 3.15.

    frequencies: occurrences in each document.
    norms: the norm of each document, as `norms` returns it.
    weight: the term's idf.
    """
    return weight * frequencies * (constants.K1 + 1) / (frequencies + norms)


def saturation(counts: Array, lengths: Array, average_length: float) -> Singles:
    """Return BM25 without its factors idf and K1 + 1, between 0 and 1, in single precision.

    counts: occurrences in each document, of any number type.
    lengths: words of each document, of any number type.
    average_length: mean words of a document; 0 counts as 1.
    """
    k1, b = constants.K1, constants.B
    norms: Singles = lengths.astype(np.float32)
    norms *= np.float32(k1 * b / (average_length or 1.0))
    norms += np.float32(k1 * (1 - b))
    single: Singles = counts.astype(np.float32)
    norms += single
    single /= norms
    return single
