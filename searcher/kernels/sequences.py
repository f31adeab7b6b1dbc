"""Terms at consecutive positions, in all segments of an index at once.

A list is a row of `stored`; several rows lie end to end. Documents are numbers in the index.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import Ints, IntsOut, kernel, load1, load8, store8
from searcher.kernels.postings import SHIFT
from searcher.kernels.stored import (
    BASE,
    COLUMNS,
    CURSOR,
    LIVE,
    SIZE,
    cursor_at,
    document_of,
    keep,
    read,
    row_at,
    seek,
)


@kernel
def _first_from(rows: int, cursors: int, begin: int, end: int, wanted: int) -> int:
    """Return the first document from `wanted` on in any of the lists [begin, end); -1 if there is
    none. rows, cursors: addresses."""
    found = -1
    for one in range(begin, end):
        document = seek(row_at(rows, one), cursor_at(cursors, one), wanted)
        if document >= 0 and (found < 0 or document < found):
            found = document
    return found


@kernel
def _positions(
    rows: int, cursors: int, begin: int, end: int, document: int, found: int, room: int
) -> int:
    """Write the positions of all lists [begin, end) in a document, list by list, to the address
    `found`. Return their number; if it is more than `room`, some are missing. The cursors are at
    the document where a list has it. rows, cursors: addresses."""
    filled = 0
    for one in range(begin, end):
        row, cursor = row_at(rows, one), cursor_at(cursors, one)
        if document_of(row, cursor) == document:
            filled += read(row, cursor, found + 8 * filled, max(room - filled, 0))
    return filled


@kernel
def _common(rows: int, cursors: int, plan: int, steps: int, wanted: int) -> int:
    """Return the first document from `wanted` on that has all sets; -1 if there is none.

    rows, cursors, plan: addresses; see `_choose`.
    """
    while wanted >= 0:
        document = wanted
        for place in range(steps):
            step = load8(plan + 8 * place)
            begin, end = load8(plan + 8 * (steps + step)), load8(plan + 8 * (2 * steps + step))
            wanted = _first_from(rows, cursors, begin, end, document)
            if wanted < 0 or (wanted != document and place > 0):
                break
            document = wanted
        if wanted == document:
            return wanted
    return -1


@kernel
def _keep(held: int, count: int, others: int, size: int, apart: int) -> int:
    """Keep those of `count` ascending positions that one of `size` others follows at a distance.
    Return their number. held, others: addresses."""
    kept = at = 0
    for here in range(count):
        position = load8(held + 8 * here)
        while at < size and load8(others + 8 * at) < position + apart:
            at += 1
        if at < size and load8(others + 8 * at) == position + apart:
            store8(held + 8 * kept, position)
            kept += 1
    return kept


@kernel
def _choose(rows: Ints, ends: Ints, base: int, plan: IntsOut) -> bool:
    """Choose what is read of the segment that begins at `base`. Return whether all sets have
    postings there.

    plan: gets the sets in their order, those with the fewest postings first; then the first list of
    each, then the list behind its last. It is at the segment before.
    """
    steps = len(ends)
    sizes = np.zeros(steps, np.int64)
    for step in range(steps):
        one = plan[2 * steps + step]
        while one < ends[step] and rows[one * COLUMNS + BASE] < base:
            one += 1
        plan[steps + step] = one
        while one < ends[step] and rows[one * COLUMNS + BASE] == base:
            sizes[step] += rows[one * COLUMNS + SIZE]
            one += 1
        plan[2 * steps + step] = one
    plan[:steps] = np.argsort(sizes, kind="mergesort")
    return bool(sizes[plan[0]] > 0)


@kernel
def _sort(numbers: int, count: int) -> None:
    """Sort numbers at an address (Shell 1959)."""
    apart = 1
    while 3 * apart < count:
        apart = 3 * apart + 1
    while apart > 0:
        for end in range(apart, count):
            value, at = load8(numbers + 8 * end), end
            while at >= apart and load8(numbers + 8 * (at - apart)) > value:
                store8(numbers + 8 * at, load8(numbers + 8 * (at - apart)))
                at -= apart
            store8(numbers + 8 * at, value)
        apart //= 3


@kernel
def _matches(
    rows: int, cursors: int, plan: int, steps: int, document: int, held: int, others: int, room: int
) -> int:
    """Write the positions in a document of the first set of the plan, at which a sequence occurs,
    to the address `held`. Return their number; if it is more than `room`, more room is needed.

    others: an address with as much room. The rest is as in `_common`.
    """
    first = load8(plan)
    begin, end = load8(plan + 8 * (steps + first)), load8(plan + 8 * (2 * steps + first))
    count = _positions(rows, cursors, begin, end, document, held, room)
    if count > room:
        return count
    if end - begin > 1:
        _sort(held, count)
    for place in range(1, steps):
        step = load8(plan + 8 * place)
        begin, end = load8(plan + 8 * (steps + step)), load8(plan + 8 * (2 * steps + step))
        if end - begin == 1:
            row, cursor = row_at(rows, begin), cursor_at(cursors, begin)
            count = keep(row, cursor, held, count, step - first)
        else:
            size = _positions(rows, cursors, begin, end, document, others, room)
            if size > room:
                return size
            _sort(others, size)
            count = _keep(held, count, others, size, step - first)
        if count == 0:
            break
    return count


@kernel
def starts(rows: Ints, ends: Ints) -> IntsOut:
    """Return the ascending occurrences (see `proximity`) at which a sequence begins: its n-th set
    of terms occurs n positions behind. Deleted documents are left out.

    ends: the number of lists up to the end of each set. The lists of a set are in the order of the
    segments.
    """
    steps = len(ends)
    found, filled = np.empty(64, np.int64), 0
    held, others = np.empty(64, np.int64), np.empty(64, np.int64)
    cursors = np.zeros(len(rows) // COLUMNS * CURSOR, np.int64)
    plan = np.zeros(3 * steps, np.int64)
    plan[2 * steps + 1 :] = ends[:-1]
    # Addresses, as each use of an array in the loop would cost a count of references.
    at_rows, at_cursors, at_plan = rows.ctypes.data, cursors.ctypes.data, plan.ctypes.data
    at_held, at_others, room = held.ctypes.data, others.ctypes.data, len(held)
    while plan[2 * steps] < ends[0]:
        base = rows[plan[2 * steps] * COLUMNS + BASE]
        document = base - 1 if _choose(rows, ends, base, plan) else np.int64(-2)
        live = rows[plan[steps] * COLUMNS + LIVE]
        while document >= -1:
            document = _common(at_rows, at_cursors, at_plan, steps, document + 1)
            if document < 0:
                break
            if live != 0 and load1(live + document - base) == 0:
                continue
            count = _matches(
                at_rows, at_cursors, at_plan, steps, document, at_held, at_others, room
            )
            while count > room:
                room = 2 * count
                held, others = np.empty(room, np.int64), np.empty(room, np.int64)
                at_held, at_others = held.ctypes.data, others.ctypes.data
                count = _matches(
                    at_rows, at_cursors, at_plan, steps, document, at_held, at_others, room
                )
            if filled + count > len(found):
                more = np.empty(2 * (filled + count), np.int64)
                more[:filled] = found[:filled]
                found = more
            for here in range(count):
                position = load8(at_held + 8 * here)
                # A position occurs once, though several terms of a set may have it.
                if here == 0 or position != load8(at_held + 8 * (here - 1)):
                    found[filled] = (document << SHIFT) | (position - plan[0])
                    filled += 1
    cursors[0] = len(rows)
    held[0] = others[0] = 0
    return found[:filled].copy()
