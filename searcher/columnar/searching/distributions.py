"""The distribution of matching documents over the values of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import NO_INTS, Bools, Ints
from searcher.columnar.columns import DAY, Unit, Values, dated
from searcher.columnar.files.open_segment import Part
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.view import View

Smalls: TypeAlias = NDArray[np.int32]
"""Numbers of documents as kernels list them."""
Distribution = dict[str, int]
"""Number of documents by value."""

_NEVER = np.iinfo(np.int64).max
"""A day after all others."""
_LONGEST_SPAN = 1 << 20
"""Maximum span of days that are counted in an array with a place for each."""


def count_values(
    view: View, documents: Documents, wanted: Iterable[Values]
) -> dict[Values, Distribution]:
    """Return for each of these the number of documents with each value: a text, "" too; a day such
    as "2024-05-17", a month such as "2024-05" or a year. Documents without a date have none."""
    counts = {}
    for values in wanted:
        if values.once:
            counts[values] = _once(view, documents.as_numbers(), values)
            continue
        held = [
            (view.column(part, values.column), chosen) for part, chosen in _by_part(view, documents)
        ]
        counts[values] = _texts(held) if values.unit == "text" else _dates(held, values.unit)
    return counts


def count_numbers(
    view: View, documents: Ints, wanted: Iterable[Values]
) -> dict[Values, Distribution]:
    """Return what `count_values` returns for documents (ascending)."""
    counts: dict[Values, Distribution] = {}
    for values in wanted:
        # The codes of all documents pay where many searches use them, as kernels do.
        found = view.codes(values) if kernels.loaded and not values.once else None
        if found is None:
            counts |= count_values(view, Documents(view.count, documents), [values])
        else:
            counts[values] = _named(np.bincount(found[0][documents]), found[1], values)
    return counts


def _named(times: Ints, names: Sequence[str], values: Values) -> Distribution:
    """Return the number of documents by value. times: their number by code."""
    held = np.flatnonzero(times)
    counts = {
        names[code]: count for code, count in zip(held.tolist(), times[held].tolist(), strict=True)
    }
    if values.unit != "text":
        counts.pop("", None)
    return counts


def count_listed(
    view: View, documents: Smalls, wanted: Iterable[Values]
) -> dict[Values, Distribution]:
    """Return what `count_values` returns for documents in any order, by a compiled kernel."""
    counts: dict[Values, Distribution] = {}
    for values in wanted:
        found = _ordered_codes(view, values) if values.once else view.codes(values)
        if found is None:
            counts |= count_values(view, Documents(view.count, numbers(documents)), [values])
            continue
        codes, names = found
        held = (documents, len(documents), codes)
        if values.once:
            groups, most = shared_values(view, values.once).numbers
            times = kernels.selection.count_first(*held, groups, most, len(names))
        else:
            times = kernels.selection.count_codes(*held, len(names))
        counts[values] = _named(times, names, values)
    return counts


def numbers(documents: Smalls) -> Ints:
    """Return documents in ascending order."""
    return np.sort(documents).astype(np.int64)


def _ordered_codes(view: View, values: Values) -> tuple[NDArray[np.uint16], list[str]] | None:
    """Return as `View.codes`, with codes in the order of the values, cached for the generation."""
    key = ("ordered", values.column, values.unit)
    if key not in view.derived:
        found = view.codes(values._replace(once=""))
        if found is not None:
            codes, names = found
            # The value of no date, "", stays the first.
            order = sorted(range(len(names)), key=names.__getitem__)
            ranks = np.empty(len(names), np.uint16)
            ranks[order] = np.arange(len(names), dtype=np.uint16)
            found = ranks[codes], [names[at] for at in order]
        view.derived[key] = found
    ordered: tuple[NDArray[np.uint16], list[str]] | None = view.derived[key]
    return ordered


def _texts(held: Sequence[tuple[Any, Ints | Bools]]) -> Distribution:
    """Return the number of documents with each text.

    held: the readers of a CodeColumn by segment, each with documents of it.
    """
    total: Counter[str] = Counter()
    for reader, chosen in held:
        codes = np.bincount(reader.packed[chosen], minlength=len(reader.names)).tolist()
        total.update(
            {name: count for name, count in zip(reader.names, codes, strict=True) if count}
        )
    return dict(total)


def _dates(held: Sequence[tuple[Any, Ints | Bools]], unit: Unit) -> Distribution:
    """Return the number of documents with each day, month or year; as `_texts`, for an IntColumn of
    seconds."""
    taken = [reader.take(chosen) for reader, chosen in held]
    return _by_day(
        np.concatenate([NO_INTS, *(values[given] // DAY for values, given in taken)]), unit
    )


def _once(view: View, documents: Ints, values: Values) -> Distribution:
    """Return the number of groups of documents (ascending) with each day or month as their
    earliest."""
    moments, given = view.numbers(values.column, documents)
    documents, days = documents[given], moments[given] // DAY
    groups = shared_values(view, values.once).values[documents]
    shared = groups != 0
    earliest = np.full(int(groups.max(initial=0)) + 1, _NEVER)
    np.minimum.at(earliest, groups[shared], days[shared])
    return _by_day(np.concatenate([days[~shared], earliest[earliest < _NEVER]]), values.unit)


def _by_day(found: Ints, unit: Unit) -> Distribution:
    """Return how often each day or month is among days."""
    # Days are counted first: there are far fewer of them than documents.
    days, times = _counted(found)
    names, at = np.unique(dated(days, unit), return_inverse=True)
    sums = np.bincount(at, times, len(names)).astype(np.int64)
    return dict(zip(names.astype(str).tolist(), sums.tolist(), strict=True))


def _counted(days: Ints) -> tuple[Ints, Ints]:
    """Return the different days, ascending, and the number of times that each is there."""
    if not len(days) or (first := int(days.min())) + _LONGEST_SPAN <= int(days.max()):
        return np.unique(days, return_counts=True)
    # A tenth of the time of sorting.
    times = np.bincount(days - first)
    held = np.flatnonzero(times)
    return held + first, times[held]


def _by_part(view: View, documents: Documents) -> list[tuple[Part, Ints | Bools]]:
    """Return the segments, each with its documents in the set: a mask over the segment, or numbers
    in the segment."""
    if documents.mask is not None:
        return [(part, documents.mask[part.base : part.end]) for part in view.parts]
    numbers = documents.as_numbers()
    return [(part, numbers[chosen] - part.base) for part, chosen in view.split(numbers)]
