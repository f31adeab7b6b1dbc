"""The formulas of ranking in plain Python, one number at a time.

They are independent of the formulas on arrays in `searcher.columnar.scoring`, so that tests can
compare both. Only the constants are shared.
"""

from __future__ import annotations

from math import log

from searcher.columnar import constants


def idf(matching: int, articles: int) -> float:
    """Return the inverse document frequency of a word in `matching` of `articles`.

    Robertson and Spärck Jones 1976, but at least `constants.LEAST_IDF` of Lucene's form.
    """
    missing = articles - matching
    robertson = log(missing + 0.5) - log(matching + 0.5)
    lucene = log((articles + 1) / (matching + 0.5))
    return max(robertson, constants.LEAST_IDF * lucene)


def bm25(
    frequency: float, length: float, average_length: float, weight: float, b: float = constants.B
) -> float:
    """Return the Okapi BM25 score of one term in one article: Robertson and Zaragoza 2009, equation
    3.15.

    frequency: occurrences in the article.
    length: words of the article.
    average_length: mean words of an article.
    weight: the term's idf.
    b: the weight of the length.
    """
    norm = constants.K1 * ((1 - b) + b * length / average_length)
    return weight * (constants.K1 + 1) * frequency / (norm + frequency)


def freshness(age: float, half_life: float) -> float:
    """Return the freshness of an article, from 1 (as the newest) down to 0: Li and Croft 2003.

    age: seconds before the newest article.
    half_life: seconds in which the result halves.
    """
    return float(2 ** -(age / half_life))
