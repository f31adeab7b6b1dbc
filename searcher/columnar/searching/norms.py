"""BM25's norms of the documents of an index, for one b."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from searcher.columnar import constants, scoring
from searcher.columnar.arrays import Floats, Ints
from searcher.columnar.searching.view import View


class Norms:
    """The norms of all documents. They are computed when they are first used. Safe in threads."""

    def __init__(self, view: View, b: float) -> None:
        """b: BM25's b."""
        self.b = b
        self._view = view

    @cached_property
    def arrays(self) -> tuple[NDArray[np.uint32], Floats]:
        """The length of each document and the norm by length, for `kernels.postings`."""
        lengths = self._view.lengths
        every = np.arange(int(lengths.max(initial=0)) + 1, dtype=np.float64)
        return lengths, scoring.norms(every, self._view.average_length or 1.0, self.b)

    def of(self, documents: Ints) -> Floats:
        """Return the norm of each document."""
        lengths, by_length = self.arrays
        found: Floats = by_length[lengths[documents]]
        return found

    def drift(self, average_length: float) -> tuple[float, float]:
        """Return the least and the greatest factor from a saturation by stored bounds to one by
        these norms: at most 1, and at least 1.

        A saturation changes at most by the ratio of the two norms, which is between those of the
        shortest and the longest text.

        average_length: the mean length with which the bounds were computed, by the b of
        `constants`.
        """
        average = self._view.average_length
        short = (1 - constants.B) / (1 - self.b)
        long = constants.B / self.b * (average / average_length if average_length else 1.0)
        return min(1.0, short, long), max(1.0, short, long)


def norms_of(view: View, b: float) -> Norms:
    """Return the norms for a b of BM25, which the view keeps. There are few values of b."""
    found: Norms | None = view.derived.get((Norms, b))
    if found is None:
        found = view.derived[Norms, b] = Norms(view, b)
    return found
