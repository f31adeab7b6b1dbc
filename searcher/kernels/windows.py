"""Windows of documents: the lists of leaves, read and added to the scores of some thousand
documents at a time, which fit into the processor's cache.

A leaf has lists, each a row of `stored`, or its documents and counts. A document's `held` has the
bits of leaves that it holds.

After a change of this module the compiled code of `ranking` has to be removed.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Flags,
    Ints,
    IntsOut,
    Points,
    Reals,
    RealsOut,
    SmallInts,
    SmallIntsOut,
    kernel,
    load1,
    load8,
)
from searcher.kernels.stored import (
    AT,
    BASE,
    COLUMNS,
    COUNTS,
    END,
    FIRST,
    GAPS,
    GAPS_END,
    LARGE_COUNTS,
    LARGE_HALF,
    LARGE_SIZE,
    LIVE,
    PASSED,
    SIZE,
    WIDTH,
    column,
    count_at,
    cursor_at,
    entry,
    half,
    large_from,
    most,
    number,
    row_at,
    seek,
)

WINDOW = 8192
"""Number of documents that are scored together. Larger reads each list in fewer turns; the scores
of many more do not fit into the fastest cache. At 80,000 and 950,000 articles the kernel takes .17
and 1.8 ms with 4,096, .16 and 1.6 with 8,192, and .17 and 1.5 with 16,384: means of 200 queries of
`benchmarks.real_queries`, each the best of five."""
LEAF = 4
"""The numbers of a leaf."""
LISTED, BEGIN, STOP, POSTINGS = range(LEAF)
"""The columns of a leaf: whether it has lists; the first of its rows and the one behind the last,
or of its documents among those of all such leaves; the number of its postings."""
FEWER = 8
"""Factor. A list is looked up document by document if more than this many times the documents are
in it. Smaller looks up more often, which costs more for each document."""
READING = 4
"""The numbers of a list that is read in order: the address of the next gap, the document, its
posting, and the address of the next large count."""
_AT, _DOCUMENT, _POSTING, _LARGE = range(READING)
NONE = np.int64(1) << 62
"""The document behind the last one."""


@kernel
def _next(row: int, reading: IntsOut, place: int) -> None:
    """Move to the next document of a row, an address."""
    at, width = reading[place + _AT], column(row, WIDTH)
    if at >= column(row, GAPS_END):
        reading[place + _DOCUMENT] = NONE
        return
    document, step = reading[place + _DOCUMENT], 1 << width
    gap = entry(at, width)
    at += step
    while gap == 0:
        document += most(width)
        gap = entry(at, width)
        at += step
    reading[place + _DOCUMENT] = document + gap
    reading[place + _AT] = at


@kernel
def _begin(row: int, reading: IntsOut, place: int) -> None:
    """Begin to read a row, an address: move to its first document."""
    reading[place + _AT] = column(row, GAPS)
    reading[place + _DOCUMENT] = column(row, BASE) - 1
    reading[place + _POSTING] = column(row, FIRST)
    reading[place + _LARGE] = column(row, LARGE_COUNTS)
    _next(row, reading, place)


@kernel
def _from(documents: int, low: int, end: int, wanted: int) -> int:
    """Return the first place in [low, end) of a document that is at least `wanted`, or `end`.
    documents: an address."""
    high, step = low, 1
    while high < end and load8(documents + 8 * high) < wanted:
        low = high + 1
        high += step
        step *= 2
    high = min(high, end)
    while low < high:
        middle = (low + high) >> 1
        if load8(documents + 8 * middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _add_list(
    row: int, reading: IntsOut, place: int, window: int, stop: int, factor: float, bit: int,
    lengths: Points, norms: Reals, sums: RealsOut, held: SmallIntsOut, touched: SmallIntsOut,
    filled: int,
) -> int:  # fmt: skip
    """Add a row's documents before `stop` to the sums of a window. Return the number of touched
    documents.

    lengths, norms: as in `ranking.collect`.
    touched: `filled` places in the window, those with held > 0; new ones are appended.
    """
    document = reading[place + _DOCUMENT]
    if document >= stop:
        return filled
    at, end, width = reading[place + _AT], column(row, GAPS_END), column(row, WIDTH)
    posting, large, large_size = (
        reading[place + _POSTING], reading[place + _LARGE], column(row, LARGE_SIZE)
    )  # fmt: skip
    counts, base, live = column(row, COUNTS), column(row, BASE), column(row, LIVE)
    step, escape = 1 << width, most(width)
    while document < stop:
        count = half(counts, posting)
        posting += 1
        if count == LARGE_HALF:
            count = number(large, large_size)
            large += large_size
        if live == 0 or load1(live + document - base) != 0:
            here = document - window
            if held[here] == 0:
                touched[filled] = here
                filled += 1
            held[here] |= np.int32(bit)
            sums[here] += factor * count / (count + norms[lengths[document]])
        if at >= end:
            document = NONE
            break
        gap = entry(at, width)
        at += step
        while gap == 0:
            document += escape
            gap = entry(at, width)
            at += step
        document += gap
    reading[place + _AT], reading[place + _DOCUMENT] = at, document
    reading[place + _POSTING], reading[place + _LARGE] = posting, large
    return filled


@kernel
def _add_counted(
    documents: Ints, counts: Reals, at: int, end: int, window: int, stop: int, factor: float,
    bit: int, lengths: Points, norms: Reals, sums: RealsOut, held: SmallIntsOut,
    touched: SmallIntsOut, filled: int,
) -> int:  # fmt: skip
    """Add as `_add_list` those of the documents [at, end), which have counts."""
    while at < end and documents[at] < stop:
        here = documents[at] - window
        if held[here] == 0:
            touched[filled] = here
            filled += 1
        held[here] |= np.int32(bit)
        sums[here] += factor * counts[at] / (counts[at] + norms[lengths[documents[at]]])
        at += 1
    return filled


@kernel
def _add_counts(
    documents: Ints, counts: Reals, at: int, end: int, window: int, stop: int, factor: float,
    bit: int, lengths: Points, norms: Reals, sums: RealsOut, held: SmallIntsOut,
) -> int:  # fmt: skip
    """Add as `_add_counted`, to documents with held > 0. Return the place behind the window."""
    at = _from(documents.ctypes.data, at, end, window)
    while at < end and documents[at] < stop:
        here = documents[at] - window
        if held[here] != 0:
            held[here] |= np.int32(bit)
            sums[here] += factor * counts[at] / (counts[at] + norms[lengths[documents[at]]])
        at += 1
    return at


@kernel
def _add_looked_up(
    row: int, cursor: int, window: int, touched: SmallInts, filled: int, factor: float, bit: int,
    lengths: Points, norms: Reals, sums: RealsOut, held: SmallIntsOut,
) -> None:  # fmt: skip
    """Add a row to the sums of the touched documents, which are looked up. row, cursor:
    addresses."""
    base, end = column(row, BASE), column(row, END)
    for at in range(filled):
        here = touched[at]
        document = window + here
        if document < base or document >= end or seek(row, cursor, document) != document:
            continue
        count = np.float64(count_at(row, cursor, column(cursor, PASSED) - 1))
        held[here] |= np.int32(bit)
        sums[here] += factor * count / (count + norms[lengths[document]])


@kernel
def _add_passed(
    row: int, cursor: int, window: int, stop: int, factor: float, bit: int, lengths: Points,
    norms: Reals, sums: RealsOut, held: SmallIntsOut,
) -> None:  # fmt: skip
    """Add as `_add_looked_up`, by reading all postings of the window: to documents with held > 0.
    row, cursor: addresses."""
    document = seek(row, cursor, window)
    if document < 0 or document >= stop:
        return
    passed, width = column(cursor, PASSED), column(row, WIDTH)
    posting = column(row, FIRST) + passed - 1
    at, end = column(row, GAPS) + column(cursor, AT), column(row, GAPS_END)
    large_size, counts = column(row, LARGE_SIZE), column(row, COUNTS)
    large = column(row, LARGE_COUNTS) + large_from(row, cursor, posting) * large_size
    step, escape = 1 << width, most(width)
    while document < stop:
        count = half(counts, posting)
        posting += 1
        if count == LARGE_HALF:
            count = number(large, large_size)
            large += large_size
        here = document - window
        if held[here] != 0:
            held[here] |= np.int32(bit)
            sums[here] += factor * count / (count + norms[lengths[document]])
        if at >= end:
            break
        gap = entry(at, width)
        at += step
        while gap == 0:
            document += escape
            gap = entry(at, width)
            at += step
        document += gap


@kernel
def first_spans(leaves: Ints) -> IntsOut:
    """Return the spans (see `enter`) before the first segment."""
    spans = np.repeat(leaves[BEGIN::LEAF], 2)
    for leaf in range(len(leaves) // LEAF):
        if leaves[LEAF * leaf + LISTED] == 0:
            spans[2 * leaf + 1] = leaves[LEAF * leaf + STOP]
    return spans


@kernel
def enter(
    rows: Ints, leaves: Ints, base: int, documents: Ints, spans: IntsOut, reading: IntsOut
) -> None:
    """Go to the segment that begins at `base`.

    spans: gets the rows of each leaf in the segment, the first and the one behind the last; of a
    leaf without lists the place of its next document, and the one behind its last.
    """
    for leaf in range(len(leaves) // LEAF):
        stop = leaves[LEAF * leaf + STOP]
        if leaves[LEAF * leaf + LISTED] == 0:
            spans[2 * leaf] = _from(documents.ctypes.data, spans[2 * leaf], stop, base)
            continue
        one = spans[2 * leaf + 1]
        while one < stop and rows[COLUMNS * one + BASE] < base:
            one += 1
        spans[2 * leaf] = one
        while one < stop and rows[COLUMNS * one + BASE] == base:
            _begin(row_at(rows.ctypes.data, one), reading, READING * one)
            one += 1
        spans[2 * leaf + 1] = one


@kernel
def next_read(leaves: Ints, spans: Ints, read: Flags, documents: Ints, reading: Ints) -> int:
    """Return the next document of the leaves that are read."""
    found = NONE
    for leaf in range(len(read)):
        begin, end = spans[2 * leaf], spans[2 * leaf + 1]
        if not read[leaf] or begin == end:
            continue
        if leaves[LEAF * leaf + LISTED] == 0:
            found = min(found, documents[begin])
        else:
            for one in range(begin, end):
                found = min(found, reading[READING * one + _DOCUMENT])
    return found


@kernel
def fill(
    rows: Ints, leaves: Ints, factors: Reals, documents: Ints, counts: Reals, read: Flags,
    window: int, stop: int, spans: IntsOut, reading: IntsOut, lengths: Points, norms: Reals,
    sums: RealsOut, held: SmallIntsOut, touched: SmallIntsOut,
) -> int:  # fmt: skip
    """Add the documents of a window that the leaves hold which are read. Return their number."""
    filled, at_rows = 0, rows.ctypes.data
    for leaf in range(len(read)):
        if not read[leaf]:
            continue
        bit, begin, behind = np.int64(1) << leaf, spans[2 * leaf], spans[2 * leaf + 1]
        if leaves[LEAF * leaf + LISTED] == 0:
            filled = _add_counted(
                documents, counts, begin, behind, window, stop, factors[leaf], bit, lengths, norms,
                sums, held, touched, filled,
            )  # fmt: skip
            spans[2 * leaf] = _from(documents.ctypes.data, begin, behind, stop)
            continue
        for one in range(begin, behind):
            filled = _add_list(
                row_at(at_rows, one), reading, READING * one, window, stop, factors[leaf], bit,
                lengths, norms, sums, held, touched, filled,
            )  # fmt: skip
    at_rows = len(rows)
    return filled


@kernel
def look_up(
    leaf: int, bit: int, rows: Ints, cursors: IntsOut, leaves: Ints, factors: Reals,
    documents: Ints, counts: Reals, spans: IntsOut, window: int, stop: int, share: float,
    touched: SmallIntsOut, filled: int, lengths: Points, norms: Reals, sums: RealsOut,
    held: SmallIntsOut,
) -> None:  # fmt: skip
    """Add a leaf to the sums of the touched documents.

    share: the window's part of the segment.
    """
    at_rows, at_cursors = rows.ctypes.data, cursors.ctypes.data
    begin, behind, factor = spans[2 * leaf], spans[2 * leaf + 1], factors[leaf]
    if leaves[LEAF * leaf + LISTED] == 0:
        spans[2 * leaf] = _add_counts(
            documents, counts, begin, behind, window, stop, factor, bit, lengths, norms, sums, held
        )
        return
    for one in range(begin, behind):
        row, cursor = row_at(at_rows, one), cursor_at(at_cursors, one)
        if column(row, SIZE) * share < FEWER * filled:
            _add_passed(row, cursor, window, stop, factor, bit, lengths, norms, sums, held)
            continue
        touched[:filled] = np.sort(touched[:filled])
        _add_looked_up(
            row, cursor, window, touched, filled, factor, bit, lengths, norms, sums, held
        )
    at_rows, cursors[0] = len(rows), cursors[0]
