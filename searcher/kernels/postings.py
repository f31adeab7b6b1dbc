"""Reading of stored lists: scores, counts and occurrences in all segments of an index at once.

A list is a row of `stored`; several rows lie end to end. Documents are numbers in the index.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Bytes,
    CodesOut,
    Ints,
    IntsOut,
    Reals,
    RealsOut,
    SmallIntsOut,
    kernel,
    load1,
    load8,
    part,
)
from searcher.kernels.stored import (
    BASE,
    COLUMNS,
    COUNTS,
    CURSOR,
    END,
    FIRST,
    GAPS,
    GAPS_END,
    LARGE_COUNTS,
    LARGE_HALF,
    LARGE_SIZE,
    LIVE,
    PASSED,
    WIDTH,
    column,
    count_at,
    entry,
    half,
    most,
    number,
    read,
    row_at,
    seek,
)

SHIFT = 32
"""Number of bits of an occurrence that hold the position."""
POSITION = (1 << SHIFT) - 1
"""The bits that hold it."""


@part
def _entry(gaps: Bytes, at: int, width: int) -> int:
    """Return the entry of `gaps` that begins at byte `at`."""
    found = np.int64(gaps[at])
    for byte in range(1, 1 << width):
        found |= np.int64(gaps[at + byte]) << (8 * byte)
    return found


@kernel
def tally(
    gaps: Bytes,
    starts: Ints,
    ends: Ints,
    widths: Bytes,
    least: int,
    times: CodesOut,
    found: SmallIntsOut,
) -> int:
    """Count the lists that contain each document of a segment. Return the number of documents that
    `least` lists or more contain.

    gaps: the bytes of all lists of the field.
    starts, ends: where each list begins and ends in it.
    widths: the width code of each list.
    times: zeros; gets the number of lists of each document.
    found: gets the documents.
    """
    filled = 0
    for one in range(len(widths)):
        width = np.int64(widths[one])
        step, escape, document = 1 << width, most(width), -1
        for at in range(starts[one], ends[one], step):
            gap = _entry(gaps, at, width)
            if gap == 0:
                document += escape
                continue
            document += gap
            times[document] += 1
            if times[document] == least:
                found[filled] = document
                filled += 1
    return filled


@kernel
def postings(rows: Ints, weights: Reals, documents: IntsOut, counts: RealsOut) -> int:
    """Set the documents of all lists and their counts, list by list. Return their number.

    weights: factor of the counts, by list.
    documents, counts: are as long as all lists together, deleted documents included.
    """
    filled = 0
    for one in range(len(weights)):
        row = one * COLUMNS
        at, end, width, base = (
            rows[row + GAPS], rows[row + GAPS_END], rows[row + WIDTH], rows[row + BASE]
        )  # fmt: skip
        packed, posting, live = rows[row + COUNTS], rows[row + FIRST], rows[row + LIVE]
        large, large_size = rows[row + LARGE_COUNTS], rows[row + LARGE_SIZE]
        step, escape, document = 1 << width, most(width), base - 1
        while at < end:
            gap = entry(at, width)
            at += step
            if gap == 0:
                document += escape
                continue
            document += gap
            count = half(packed, posting)
            posting += 1
            if count == LARGE_HALF:
                count = number(large, large_size)
                large += large_size
            if live != 0 and load1(live + document - base) == 0:
                continue
            documents[filled] = document
            counts[filled] = weights[one] * count
            filled += 1
    return filled


@kernel
def live_size(rows: Ints) -> int:
    """Return the number of live postings of all lists."""
    found = 0
    for row in range(0, len(rows), COLUMNS):
        at, end, width, live = (
            rows[row + GAPS], rows[row + GAPS_END], rows[row + WIDTH], rows[row + LIVE]
        )  # fmt: skip
        document = -1
        while at < end:
            gap = entry(at, width)
            at += 1 << width
            if gap == 0:
                document += most(width)
            else:
                document += gap
                found += live == 0 or load1(live + document) != 0
    return found


@kernel
def places(rows: Ints, documents: Ints) -> IntsOut:
    """Return for each of these ascending documents its place in one list, or -1."""
    found, cursors = np.full(len(documents), -1), np.zeros(CURSOR, np.int64)
    row, cursor = rows.ctypes.data, cursors.ctypes.data
    for at in range(len(documents)):
        if seek(row, cursor, documents[at]) == documents[at]:
            found[at] = column(cursor, PASSED) - 1
    cursors[0] = rows[0]
    return found


@part
def _next_place(documents: int, at: int, end: int, wanted: int) -> int:
    """Return the first place behind `at` of a document that is at least `wanted`; `end` if there is
    none. It is searched for near `at` first. documents: the address of ascending documents."""
    step, low = 1, at
    while low + step < end and load8(documents + 8 * (low + step)) < wanted:
        low += step
        step *= 2
    high = min(low + step, end)
    while low + 1 < high:
        middle = (low + high) >> 1
        if load8(documents + 8 * middle) < wanted:
            low = middle
        else:
            high = middle
    return high


@kernel
def add_counts(rows: Ints, documents: Ints, found: RealsOut) -> None:
    """Add to `found` the count of all lists in each of these ascending documents."""
    cursors = np.empty(CURSOR, np.int64)
    cursor = cursors.ctypes.data
    for one in range(len(rows) // COLUMNS):
        row = row_at(rows.ctypes.data, one)
        cursors[:] = 0
        at = np.searchsorted(documents, column(row, BASE))
        while at < len(documents) and documents[at] < column(row, END):
            document = seek(row, cursor, documents[at])
            if document < 0:
                break
            if document == documents[at]:
                found[at] += count_at(row, cursor, column(cursor, PASSED) - 1)
                document += 1
            at = _next_place(documents.ctypes.data, at, len(documents), document)
    cursors[0] = len(rows)


@kernel
def occurrences(rows: Ints, ends: Ints, documents: Ints, set_ends: IntsOut) -> IntsOut:
    """Return the ascending occurrences (see `proximity`) of sets of terms in these ascending
    documents, one set after the other.

    ends: the number of rows up to the end of each set.
    set_ends: is set to the number of occurrences up to the end of each set.
    """
    found, cursors = np.empty(16 * (len(documents) + 1), np.int64), np.empty(CURSOR, np.int64)
    cursor = cursors.ctypes.data
    filled = one = 0
    for place in range(len(ends)):
        begin, ordered = filled, True
        while one < ends[place]:
            row = row_at(rows.ctypes.data, one)
            cursors[:] = 0
            at = np.searchsorted(documents, column(row, BASE))
            while at < len(documents) and documents[at] < column(row, END):
                wanted = documents[at]
                document = seek(row, cursor, wanted)
                if document < 0:
                    break
                at = _next_place(
                    documents.ctypes.data, at, len(documents), max(document, wanted + 1)
                )
                if document > wanted:
                    continue
                count = read(row, cursor, found.ctypes.data + 8 * filled, len(found) - filled)
                after = filled + count
                if after > len(found):
                    more = np.empty(2 * after, np.int64)
                    more[:filled] = found[:filled]
                    found = more
                    read(row, cursor, found.ctypes.data + 8 * filled, count)
                for here in range(filled, after):
                    found[here] |= document << SHIFT
                ordered = ordered and (filled == begin or found[filled - 1] < found[filled])
                filled = after
            one += 1
        if not ordered:
            found[begin:filled] = np.sort(found[begin:filled])
            kept = begin + 1
            for here in range(begin + 1, filled):
                if found[here] != found[kept - 1]:
                    found[kept] = found[here]
                    kept += 1
            filled = kept
        set_ends[place] = filled
    cursors[0] = len(rows)
    return found[:filled].copy()
