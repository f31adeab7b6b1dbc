"""The constants of BM25, of the order of results and of writing. No numpy: every module can import
them.

The formulas that use them are in `scoring`.
"""

from __future__ import annotations

K1 = 1.2
"""BM25's k1, without a unit. The larger it is, the more a further occurrence of a word adds to the
score. A usual value (Robertson and Zaragoza 2009, section 3.5, name 1.2 to 2).

Segments record it with their bounds on scores: see `bound_constants`.
"""
B = 0.5
"""BM25's b, from 0 to 1. The larger it is, the more the length of a document counts against it.
.5 was best on newswire of mixed length (`make bench-relevance`).

Segments record it with their bounds on scores: see `bound_constants`.
"""
LEAST_IDF = 0.1
"""Minimum idf of a word, as a part of Lucene's idf. It applies to words in about half of all
documents or more. Larger lets frequent words of a long query outweigh its subject; 0 lets them
score nothing (`make bench-relevance`)."""
UNRECORDED = {"k1": 1.2, "b": 0.5}
"""The constants of the bounds in segments that record none. Earlier releases, which did not record
constants, had no others. Never changed, even if K1 or B change."""
SCORE_DIGITS = 9
"""Number of decimals in which two scores must agree to be a tie. Sums in another order differ in
the last bits of a double, about 1e-15 of the score.
"""
MEMORY = 256 << 20
"""Bytes of memory that a writer may take, if its caller does not say. Less writes smaller segments,
which are merged more often."""


def bound_constants() -> dict[str, float]:
    """Return the constants that `scoring.saturation` depends on, by name.

    A segment records them with the bounds that it holds on saturations. Bounds that were made with
    other constants are not bounds of today's scores and must not be used.
    """
    return {"k1": K1, "b": B}
