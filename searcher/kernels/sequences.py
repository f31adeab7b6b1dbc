"""Terms at consecutive positions, in all segments of an index at once.

A list is a row of `stored`; several rows lie end to end. Documents are numbers in the index.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import Ints, IntsOut, kernel, load1
from searcher.kernels.postings import SHIFT
from searcher.kernels.stored import BASE, COLUMNS, CURSOR, LIVE, SIZE, read, seek


@kernel
def _first_from(rows: Ints, begin: int, end: int, cursors: IntsOut, wanted: int) -> int:
    """Return the first document from `wanted` on in any of the lists [begin, end); -1 if there is
    none."""
    found = -1
    for one in range(begin, end):
        document = seek(rows, one * COLUMNS, cursors, one * CURSOR, wanted)
        if document >= 0 and (found < 0 or document < found):
            found = document
    return found


@kernel
def _positions(
    rows: Ints, begin: int, end: int, cursors: IntsOut, document: int, buffer: IntsOut
) -> IntsOut:
    """Return the ascending positions of any of the lists [begin, end) in a document. The cursors
    are at it where a list has it. buffer: is used for the result if it is long enough."""
    filled, lists = 0, 0
    for one in range(begin, end):
        row, cursor = one * COLUMNS, one * CURSOR
        if seek(rows, row, cursors, cursor, document) != document:
            continue
        after = read(rows, row, cursors, cursor, buffer, filled)
        if after > len(buffer):
            more = np.empty(2 * after, np.int64)
            more[:filled] = buffer[:filled]
            buffer = more
            after = read(rows, row, cursors, cursor, buffer, filled)
        filled = after
        lists += 1
    return np.sort(buffer[:filled]) if lists > 1 else buffer[:filled]


@kernel
def _choose(rows: Ints, ends: Ints, base: int, first: IntsOut, last: IntsOut) -> int:
    """Set the lists [first, last) of each set in the segment that begins at `base`. Return the set
    with the fewest postings there; -1 if one has none.

    last: is at the lists of the segment before.
    """
    rarest, fewest = 0, np.int64(1) << 62
    for step in range(len(ends)):
        one, size = last[step], 0
        while one < ends[step] and rows[one * COLUMNS + BASE] < base:
            one += 1
        first[step] = one
        while one < ends[step] and rows[one * COLUMNS + BASE] == base:
            size += rows[one * COLUMNS + SIZE]
            one += 1
        last[step] = one
        if size < fewest:
            rarest, fewest = step, size
    return rarest if fewest > 0 else -1


@kernel
def starts(rows: Ints, ends: Ints) -> IntsOut:
    """Return the ascending occurrences (see `proximity`) at which a sequence begins: its n-th set
    of terms occurs n positions behind. Deleted documents are left out.

    ends: the number of lists up to the end of each set. The lists of a set are in the order of the
    segments.
    """
    steps = len(ends)
    found, filled = np.empty(64, np.int64), 0
    cursors = np.zeros(len(rows) // COLUMNS * CURSOR, np.int64)
    first, last = np.empty(steps, np.int64), np.empty(steps, np.int64)
    last[0] = 0
    last[1:] = ends[:-1]
    buffers = np.empty(64, np.int64), np.empty(64, np.int64)
    while last[0] < ends[0]:
        base = rows[last[0] * COLUMNS + BASE]
        rarest = _choose(rows, ends, base, first, last)
        live = rows[first[0] * COLUMNS + LIVE]
        wanted = base if rarest >= 0 else np.int64(-1)
        while wanted >= 0:
            document = _first_from(rows, first[rarest], last[rarest], cursors, wanted)
            wanted = document
            for step in range(steps):
                if wanted == document and document >= 0 and step != rarest:
                    wanted = _first_from(rows, first[step], last[step], cursors, document)
            if wanted != document or document < 0:
                continue
            wanted += 1
            if live != 0 and load1(live + document - base) == 0:
                continue
            held = _positions(rows, first[0], last[0], cursors, document, buffers[0])
            count = len(held)
            for step in range(1, steps):
                if count == 0:
                    break
                others = _positions(rows, first[step], last[step], cursors, document, buffers[1])
                kept = at = 0
                for here in range(count):
                    while at < len(others) and others[at] < held[here] + step:
                        at += 1
                    if at < len(others) and others[at] == held[here] + step:
                        held[kept] = held[here]
                        kept += 1
                count = kept
            if filled + count > len(found):
                more = np.empty(2 * (filled + count), np.int64)
                more[:filled] = found[:filled]
                found = more
            for here in range(count):
                # A position occurs once, though several terms of a set may have it.
                if here == 0 or held[here] != held[here - 1]:
                    found[filled] = (document << SHIFT) | held[here]
                    filled += 1
    return found[:filled].copy()
