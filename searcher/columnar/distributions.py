"""The distribution of matching documents over the values of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from searcher import kernels
from searcher.columnar.accumulator import Touched
from searcher.columnar.arrays import Bools, Ints
from searcher.columnar.sets import Documents
from searcher.columnar.term_lists import Part
from searcher.columnar.view import View

_DAY = 86_400
"""Seconds in a day."""


def count_texts(
    view: View, documents: Documents, columns: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Return for each of these CodeColumns the number of documents with each text."""
    counts: dict[str, dict[str, int]] = {}
    for column in columns:
        total: Counter[str] = Counter()
        for part, held in _by_part(view, documents):
            reader = view.column(part, column)
            codes = np.bincount(reader.packed[held], minlength=len(reader.names)).tolist()
            total.update(
                {name: count for name, count in zip(reader.names, codes, strict=True) if count}
            )
        counts[column] = dict(total)
    return counts


def count_months(
    view: View, documents: Documents, columns: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Return for each of these IntColumns of seconds since 1970 the number of documents in each
    month (UTC), such as "2024-05". Documents without a value are not counted."""
    counts: dict[str, dict[str, int]] = {}
    for column in columns:
        total: Counter[str] = Counter()
        for part, held in _by_part(view, documents):
            values, given = view.column(part, column).take(held)
            if given.any():
                total.update(_months(values[given] // _DAY))
        counts[column] = dict(total)
    return counts


def count_touched(
    view: View, touched: Touched, texts: Iterable[str], months: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Return what `count_texts` and `count_months` return for the touched documents, by compiled
    kernels."""
    counts: dict[str, dict[str, int]] = {}
    for columns, count_plainly in ((texts, count_texts), (months, count_months)):
        for column in columns:
            found = view.codes(column)
            if found is None:
                documents = Documents(view.count, touched.numbers())
                counts |= count_plainly(view, documents, [column])
                continue
            codes, names = found
            times = kernels.selection.count_codes(
                touched.documents, touched.filled, codes, len(names)
            ).tolist()
            counts[column] = {
                name: count for name, count in zip(names, times, strict=True) if count
            }
    for column in months:
        counts[column].pop("", None)
    return counts


def _months(days: Ints) -> dict[str, int]:
    """Return the number of days in each month. days: days since 1970 (int64), at least one."""
    # Days are counted first: there are far fewer of them than documents.
    first = int(days.min())
    times = np.bincount(days - first)
    held = np.flatnonzero(times)
    months = (held + first).astype("datetime64[D]").astype("datetime64[M]")
    names, at = np.unique(months, return_inverse=True)
    sums = np.bincount(at, times[held]).astype(np.int64)
    return dict(zip(names.astype(str).tolist(), sums.tolist(), strict=True))


def _by_part(view: View, documents: Documents) -> list[tuple[Part, Ints | Bools]]:
    """Return the segments, each with its documents in the set: a mask over the segment, or numbers
    in the segment."""
    if documents.mask is not None:
        return [(part, documents.mask[part.base : part.end]) for part in view.parts]
    numbers = documents.as_numbers()
    return [(part, numbers[chosen] - part.base) for part, chosen in view.split(numbers)]
