"""Stored lists as rows of numbers, and the reading of them by kernels.

A row says where the arrays of one list are mapped, so that one call of a kernel reads all lists of
a query in all segments. The formats are in `columnar.gaps` and `columnar.lists`. "Postings" are
numbered through the field of the segment. An address is that of the first byte, a size the bytes of
a number. The caller has verified all bytes that the kernel reads.

After a change of this module the compiled code of the kernels has to be removed.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Ints,
    IntsOut,
    kernel,
    load1,
    load2,
    load4,
    load8,
    part,
)

COLUMNS = 27
"""The numbers of a row."""
(
    GAPS,
    GAPS_END,
    WIDTH,
    COUNTS,
    FIRST,
    SIZE,
    LARGE_COUNTS,
    LARGE_SIZE,
    LARGE,
    LARGE_NUMBER_SIZE,
    LARGE_TOTAL,
    BASE,
    END,
    LIVE,
    FIRSTS,
    FIRSTS_SIZE,
    STARTS,
    STARTS_SIZE,
    BLOCKS,
    BLOCK,
    PLACES,
    PLACE_STARTS,
    PLACE_SIZE,
    PLACE_BLOCK,
    ZONES,
    ZONE_SIZE,
    SPLIT,
) = range(COLUMNS)
"""The columns of a row:

- GAPS, GAPS_END: the addresses of the documents as gaps, and of the byte behind; WIDTH: their width
  code.
- COUNTS: the address of the half bytes of the whole field.
- FIRST, SIZE: the first posting, and the number of postings.
- LARGE_COUNTS, LARGE_SIZE: the address and size of the counts that do not fit into half a byte.
- LARGE, LARGE_NUMBER_SIZE, LARGE_TOTAL: the address, size and number of the postings with these.
- BASE, END: the numbers in the index of the segment's first document and of the one behind its
  last.
- LIVE: the address of whether each document of the segment is live; 0 if all are.
- FIRSTS, FIRSTS_SIZE, BLOCKS: the address, size and number of the documents before each block
  plus 1; BLOCK: the postings of a block; STARTS, STARTS_SIZE: the address and size of the bytes of
  GAPS at which the blocks begin.
- PLACES: the address of the positions. PLACE_STARTS, PLACE_SIZE: the address and size of the bytes
  at which blocks of positions begin, PLACE_BLOCK postings each; the address is 0 without blocks.
- ZONES, ZONE_SIZE: the address and size of the lengths of the documents' first zones plus 1; the
  address is 0 if texts have one zone. SPLIT: the position at which the second zone begins.
"""
LARGE_HALF = 15
"""The half byte of a count that is listed in LARGE_COUNTS."""
CURSOR = 5
"""The numbers of a cursor, which moves on in one list. They are all 0 at first:

- _AT: the bytes of the gaps that were read; PASSED: the postings up to the current one.
- _DOCUMENT: the current document in the segment plus 1.
- _POSITIONS, _PLACE: the bytes of the positions that were read, and the postings that they are of.
"""
_AT, _DOCUMENT, PASSED, _POSITIONS, _PLACE = range(CURSOR)
_ONES = np.int64(0x0101010101010101)
"""The lowest bit of each of eight bytes."""
_TOPS = np.int64(-0x7F7F7F7F7F7F7F80)
"""The highest bit of each of eight bytes. `(x - _ONES) & ~x & _TOPS` is 0 if no byte of x is."""
ESCAPE = 255
"""Distance that an entry of 0 among positions adds to the one that the next entry ends."""


@part
def number(address: int, size: int) -> int:
    """Return the number of `size` bytes at an address."""
    if size == 1:
        return load1(address)
    if size == 2:
        return load2(address)
    if size == 4:
        return load4(address)
    return load8(address)


@part
def entry(address: int, width: int) -> int:
    """Return the entry of gaps at an address."""
    if width == 0:
        return load1(address)
    if width == 1:
        return load2(address)
    return load4(address)


@part
def most(width: int) -> int:
    """Return the largest value of an entry of gaps, which an entry of 0 stands for."""
    return (1 << (8 << width)) - 1


@part
def half(counts: int, posting: int) -> int:
    """Return the half byte of a posting."""
    return (load1(counts + (posting >> 1)) >> (4 * (posting & 1))) & 15


@part
def large_place(large: int, size: int, total: int, posting: int) -> int:
    """Return the number of large counts before that of a posting."""
    low, high = 0, total
    while low < high:
        middle = (low + high) >> 1
        if number(large + middle * size, size) < posting:
            low = middle + 1
        else:
            high = middle
    return low


@part
def count_of(rows: Ints, row: int, place: int) -> int:
    """Return the count of the posting at a place of a list."""
    posting = rows[row + FIRST] + place
    count = half(rows[row + COUNTS], posting)
    if count != LARGE_HALF:
        return count
    large, size = rows[row + LARGE], rows[row + LARGE_NUMBER_SIZE]
    here = large_place(large, size, rows[row + LARGE_TOTAL], posting)
    size = rows[row + LARGE_SIZE]
    return number(rows[row + LARGE_COUNTS] + here * size, size)


@part
def block_of(rows: Ints, row: int, current: int, wanted: int) -> int:
    """Return the last block, from `current` on, that begins at most at the document `wanted` of the
    segment."""
    firsts, size, blocks = rows[row + FIRSTS], rows[row + FIRSTS_SIZE], rows[row + BLOCKS]
    step, low = 1, current
    while low + step < blocks and number(firsts + (low + step) * size, size) <= wanted:
        low += step
        step *= 2
    high = min(low + step, blocks)
    while low + 1 < high:
        middle = (low + high) >> 1
        if number(firsts + middle * size, size) <= wanted:
            low = middle
        else:
            high = middle
    return low


@part
def seek(rows: Ints, row: int, cursors: IntsOut, cursor: int, wanted: int) -> int:
    """Move a cursor to the first document from `wanted` on. Return the document; -1 if there is
    none.

    row, cursor: where the list and the cursor begin in `rows` and `cursors`.
    wanted: not less than the document of the call before.
    """
    document: int = cursors[cursor + _DOCUMENT] - 1
    local: int = wanted - rows[row + BASE]
    if document >= local:
        return wanted - local + document
    at, passed = cursors[cursor + _AT], cursors[cursor + PASSED]
    size, blocks, block = rows[row + FIRSTS_SIZE], rows[row + BLOCKS], rows[row + BLOCK]
    current = max(passed - 1, 0) // block
    if current + 1 < blocks and number(rows[row + FIRSTS] + (current + 1) * size, size) <= local:
        current = block_of(rows, row, current + 1, local)
        passed = current * block
        document = number(rows[row + FIRSTS] + current * size, size) - 1
        size = rows[row + STARTS_SIZE]
        at = number(rows[row + STARTS] + current * size, size)
    gaps, end, width = rows[row + GAPS], rows[row + GAPS_END], rows[row + WIDTH]
    address, step, escape = gaps + at, 1 << width, most(width)
    while document < local and address < end:
        gap = entry(address, width)
        address += step
        while gap == 0:
            document += escape
            gap = entry(address, width)
            address += step
        document += gap
        passed += 1
    cursors[cursor + _AT] = address - gaps
    cursors[cursor + _DOCUMENT] = document + 1
    cursors[cursor + PASSED] = passed
    return wanted - local + document if document >= local else -1


@kernel
def read(rows: Ints, row: int, cursors: IntsOut, cursor: int, found: IntsOut, filled: int) -> int:
    """Append the positions of a cursor's document to `found`, which holds `filled` numbers. Return
    the number that it holds then. If it is too short, nothing is appended, and the result is the
    length that is needed."""
    wanted = cursors[cursor + PASSED] - 1
    read_bytes, place = cursors[cursor + _POSITIONS], cursors[cursor + _PLACE]
    starts, block = rows[row + PLACE_STARTS], rows[row + PLACE_BLOCK]
    if starts != 0 and wanted // block * block > place:
        place = wanted // block * block
        size = rows[row + PLACE_SIZE]
        read_bytes = number(starts + place // block * size, size)
    at = rows[row + PLACES] + read_bytes
    # The positions of the postings in between are passed over.
    left = 0
    while place < wanted:
        left += count_of(rows, row, place)
        place += 1
    while left > 0:
        if left >= 8:
            eight = load8(at)
            if (eight - _ONES) & ~eight & _TOPS == 0:
                left -= 8
                at += 8
                continue
        left -= load1(at) != 0
        at += 1
    cursors[cursor + _POSITIONS] = at - rows[row + PLACES]
    cursors[cursor + _PLACE] = place
    count = count_of(rows, row, place)
    if filled + count > len(found):
        return filled + count
    zone, split = 0, rows[row + SPLIT]
    if rows[row + ZONES] != 0:
        size = rows[row + ZONE_SIZE]
        zone = number(rows[row + ZONES] + (cursors[cursor + _DOCUMENT] - 1) * size, size)
    position = -1
    for _ in range(count):
        gap = load1(at)
        at += 1
        position += gap - 1
        while gap == 0:
            gap = load1(at)
            at += 1
            position += ESCAPE + gap
        found[filled] = position - zone + split if zone != 0 and position >= zone else position
        filled += 1
    return filled
