"""Upper bounds of the scores of a term's postings, as a segment stores them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from searcher.columnar.arrays import Array, Bytes
from searcher.columnar.constants import UNRECORDED, bound_constants
from searcher.columnar.files.segment_file import SegmentFile

PEAK_SCALE = 255
"""The peak of a saturation of 1: the largest number of a byte."""


class ScoreBounds:
    """The bounds of one field: peaks, which are saturations (see `scoring.saturation`) multiplied
    by PEAK_SCALE and rounded up. Safe in threads.

    They are valid for scores with the constants that are recorded beside them.
    """

    def __init__(self, file: SegmentFile, name: str, meta: dict[str, Any]) -> None:
        """name: of the field's arrays in the file. meta: the field's entry in the directory."""
        self._file = file
        self._name = name
        self.average = float(meta["average"])
        """The mean length with which the bounds were computed, in words."""
        self._constants = meta.get("bounds", UNRECORDED)

    @property
    def are_current(self) -> bool:
        """Whether the bounds were computed with the current constants. If not, they must not be
        used."""
        return bool(self._constants == bound_constants())

    @cached_property
    def peaks(self) -> memoryview | None:
        """The greatest peak of each term's postings, a byte each; None in a field without
        lengths. Reading raises FileDamaged."""
        array = f"{self._name}.peaks"
        return self._file.array(array).whole().data if array in self._file else None

    def block_peaks(self, start: int, end: int) -> Bytes:
        """Return the greatest peak (uint8) of each of the blocks numbered [start, end). Raises
        FileDamaged."""
        found: Array = self._file.array(f"{self._name}.block_peaks").slice(start, end)
        return found
