"""Common words that are parts of compounds, in languages that write compounds as one word.

The lists are written by `benchmarks/tables/parts.py`.
"""

from __future__ import annotations

from functools import cache
from mmap import mmap
from pathlib import Path

from searcher.text.sorted_rows import row_of, rows_of

PARTED = frozenset("da de fi hu is nl no sv".split())
"""Languages with a list (ISO 639-1)."""


def is_common_part(part: str, language: str) -> bool:
    """Return whether a folded word or stem is listed: 5 us."""
    if language not in PARTED:
        return False
    return row_of(part.encode("utf-8", "surrogatepass"), _rows(language)) is not None


@cache
def _rows(language: str) -> mmap:
    """Return the rows of a list, ascending."""
    return rows_of(Path(__file__).parent / f"lemmas/parts-{language}.txt")
