"""Stored lists as rows of numbers, and the reading of them by kernels.

A row says where the arrays of one list are mapped, so that one call of a kernel reads all lists of
a query in all segments. The formats are in `columnar.files`: `gaps` and `lists`. "Postings" are
numbered through the field of the segment. An address is that of the first byte, a size the bytes of
a number. The caller has verified all bytes that the kernel reads.

The functions take the addresses of rows and cursors, because arrays as arguments would cost a count
of references at each call. So their caller keeps the arrays alive: it uses each of them once more
behind the last call. `row_at` and `cursor_at` give the addresses.

After a change of this module the compiled code of the kernels has to be removed.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    kernel,
    load1,
    load2,
    load4,
    load8,
    part,
    store8,
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
CURSOR = 6
"""The numbers of a cursor, which moves on in one list. They are all 0 at first:

- AT: the bytes of the gaps that were read; PASSED: the postings up to the current one.
- _DOCUMENT: the current document in the segment plus 1.
- _POSITIONS, _PLACE: the bytes of the positions that were read, and the postings that they are of.
- _LARGE: the large counts that were passed.
"""
AT, _DOCUMENT, PASSED, _POSITIONS, _PLACE, _LARGE = range(CURSOR)
_ONES = np.int64(0x0101010101010101)
"""The lowest bit of each of eight bytes."""
_REST = np.int64(0x7F7F7F7F7F7F7F7F)
"""All other bits of eight bytes but the highest ones."""
_LOW_HALVES = np.int64(0x0F0F0F0F0F0F0F0F)
"""The lower half of each of eight bytes."""
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
def lower(address: int, size: int, low: int, count: int, wanted: int) -> int:
    """Return the first place from `low` on, of `count` ascending numbers, of one that is at least
    `wanted`."""
    high = count
    while low < high:
        middle = (low + high) >> 1
        if number(address + middle * size, size) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part
def column(address: int, number: int) -> int:
    """Return a number of the row or the cursor at an address."""
    return load8(address + 8 * number)


@part
def row_at(address: int, number: int) -> int:
    """Return the address of a row. address: of the first one."""
    return address + 8 * COLUMNS * number


@part
def cursor_at(address: int, number: int) -> int:
    """Return the address of a cursor. address: of the first one."""
    return address + 8 * CURSOR * number


@kernel
def large_from(row: int, cursor: int, posting: int) -> int:
    """Move a cursor to the first large count of `posting` or of one behind it. Return its place.

    posting: not less than that of the call before.
    """
    large, size, total = (
        column(row, LARGE), column(row, LARGE_NUMBER_SIZE), column(row, LARGE_TOTAL)
    )  # fmt: skip
    low = high = column(cursor, _LARGE)
    step = 1
    while high < total and number(large + high * size, size) < posting:
        low = high + 1
        high += step
        step *= 2
    low = lower(large, size, low, min(high, total), posting)
    store8(cursor + 8 * _LARGE, low)
    return low


@kernel
def count_at(row: int, cursor: int, place: int) -> int:
    """Return the count of the posting at a place of a list, not before that of the call before."""
    posting = column(row, FIRST) + place
    count = half(column(row, COUNTS), posting)
    if count != LARGE_HALF:
        return count
    size = column(row, LARGE_SIZE)
    return number(column(row, LARGE_COUNTS) + large_from(row, cursor, posting) * size, size)


@kernel
def _counted(row: int, cursor: int, start: int, end: int) -> int:
    """Return the sum of the counts of the postings at the places [start, end), as `count_at` finds
    each."""
    counts, first = column(row, COUNTS), column(row, FIRST)
    posting, stop = first + start, first + end
    found, has_large = 0, np.int64(0)
    while posting < stop:
        if posting & 1 == 0 and posting + 16 <= stop:
            eight = load8(counts + (posting >> 1))
            odd = (eight >> 4) & _LOW_HALVES
            even = eight & _LOW_HALVES
            has_large |= ((odd + _ONES) | (even + _ONES)) & ~_LOW_HALVES
            # The uppermost byte of the product is the sum of all bytes, at most 240.
            found += ((odd + even) * _ONES >> 56) & 255
            posting += 16
        else:
            count = half(counts, posting)
            has_large |= count == LARGE_HALF
            found += count
            posting += 1
    if has_large:
        here, total = large_from(row, cursor, first + start), column(row, LARGE_TOTAL)
        large, large_size = column(row, LARGE), column(row, LARGE_NUMBER_SIZE)
        size = column(row, LARGE_SIZE)
        while here < total and number(large + here * large_size, large_size) < stop:
            found += number(column(row, LARGE_COUNTS) + here * size, size) - LARGE_HALF
            here += 1
        store8(cursor + 8 * _LARGE, here)
    return found


@kernel
def _block_of(row: int, current: int, wanted: int) -> int:
    """Return the last block, from `current` on, that begins at most at the document `wanted` of the
    segment."""
    firsts, size, blocks = column(row, FIRSTS), column(row, FIRSTS_SIZE), column(row, BLOCKS)
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


@kernel
def seek(row: int, cursor: int, wanted: int) -> int:
    """Move a cursor to the first document from `wanted` on. Return the document; -1 if there is
    none.

    wanted: not less than the document of the call before.
    """
    document = column(cursor, _DOCUMENT) - 1
    base = column(row, BASE)
    local = wanted - base
    if document >= local:
        return base + document
    at, passed = column(cursor, AT), column(cursor, PASSED)
    size, blocks, block = column(row, FIRSTS_SIZE), column(row, BLOCKS), column(row, BLOCK)
    current = max(passed - 1, 0) // block
    if current + 1 < blocks and number(column(row, FIRSTS) + (current + 1) * size, size) <= local:
        current = _block_of(row, current + 1, local)
        passed = current * block
        document = number(column(row, FIRSTS) + current * size, size) - 1
        size = column(row, STARTS_SIZE)
        at = number(column(row, STARTS) + current * size, size)
    gaps, end, width = column(row, GAPS), column(row, GAPS_END), column(row, WIDTH)
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
    store8(cursor + 8 * AT, address - gaps)
    store8(cursor + 8 * _DOCUMENT, document + 1)
    store8(cursor + 8 * PASSED, passed)
    return base + document if document >= local else -1


@part
def document_of(row: int, cursor: int) -> int:
    """Return the document of a cursor that has moved."""
    return column(row, BASE) + column(cursor, _DOCUMENT) - 1


@kernel
def _passed(at: int, left: int) -> int:
    """Return the address behind `left` positions that begin at an address."""
    while left > 0:
        eight = load8(at)
        # An entry that is not 0 ends a position. The highest bit of each byte that is not 0:
        ending = (((eight & _REST) + _REST) | eight) & ~_REST
        ended = ((ending >> 7) & _ONES) * _ONES >> 56
        if ended >= left:
            break
        left -= ended
        at += 8
    while left > 0:
        left -= load1(at) != 0
        at += 1
    return at


@kernel
def _positions_at(row: int, cursor: int) -> int:
    """Return the address of the positions of a cursor's document."""
    wanted = column(cursor, PASSED) - 1
    read_bytes, place = column(cursor, _POSITIONS), column(cursor, _PLACE)
    starts, block = column(row, PLACE_STARTS), column(row, PLACE_BLOCK)
    if starts != 0 and wanted // block * block > place:
        place = wanted // block * block
        size = column(row, PLACE_SIZE)
        read_bytes = number(starts + place // block * size, size)
    # The positions of the postings in between are passed over.
    at = _passed(column(row, PLACES) + read_bytes, _counted(row, cursor, place, wanted))
    store8(cursor + 8 * _POSITIONS, at - column(row, PLACES))
    store8(cursor + 8 * _PLACE, wanted)
    return at


@part
def _zone_of(row: int, cursor: int) -> int:
    """Return the length of the first zone of a cursor's document plus 1; more than all positions
    if texts have one zone."""
    if column(row, ZONES) == 0:
        return 1 << 40
    size = column(row, ZONE_SIZE)
    return number(column(row, ZONES) + (column(cursor, _DOCUMENT) - 1) * size, size)


@kernel
def read(row: int, cursor: int, found: int, room: int) -> int:
    """Write the positions of a cursor's document to the address `found`. Return their number. If it
    is more than `room`, nothing is written."""
    at = _positions_at(row, cursor)
    count = count_at(row, cursor, column(cursor, PASSED) - 1)
    if count > room:
        return count
    zone, split = _zone_of(row, cursor), column(row, SPLIT)
    position = -1
    for number_of in range(count):
        gap = load1(at)
        at += 1
        position += gap - 1
        while gap == 0:
            gap = load1(at)
            at += 1
            position += ESCAPE + gap
        apart = split - zone if position >= zone else 0
        store8(found + 8 * number_of, position + apart)
    return count


@kernel
def keep(row: int, cursor: int, held: int, count: int, apart: int) -> int:
    """Keep those of `count` ascending positions, at the address `held`, that one of a cursor's
    document follows at a distance. Return their number. Positions behind them are not read."""
    at, left = _positions_at(row, cursor), count_at(row, cursor, column(cursor, PASSED) - 1)
    zone, split = _zone_of(row, cursor), column(row, SPLIT)
    wanted = load8(held) + apart
    kept = here = 0
    position = -1
    while left > 0:
        left -= 1
        gap = load1(at)
        at += 1
        position += gap - 1
        while gap == 0:
            gap = load1(at)
            at += 1
            position += ESCAPE + gap
        found = position + split - zone if position >= zone else position
        while found >= wanted:
            if found == wanted:
                store8(held + 8 * kept, wanted - apart)
                kept += 1
            here += 1
            if here == count:
                return kept
            wanted = load8(held + 8 * here) + apart
    return kept
