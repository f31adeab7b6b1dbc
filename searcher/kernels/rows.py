"""Looking terms up in all segments of an index at once, and the rows of their lists.

A table has FIELDS numbers of one field in one segment, which say where its arrays are mapped;
several tables lie end to end. "Held" are lists that were found, HELD numbers each. The formats are
in `columnar.files`: `lists`, `ends` and `segment_file`. The caller has verified those arrays that a
lookup reads, all but those of RANGES.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Bytes,
    BytesOut,
    Ints,
    IntsOut,
    kernel,
    load1,
    load4,
    part,
    store8,
)
from searcher.kernels.stored import COLUMNS, column, lower, number

TERMS, TERM_ENDS, TERM_COUNT = range(3)
POSTING_ENDS, GAP_ENDS, PLACE_ENDS = range(3, 15, 4)
(
    FLAGS,
    COUNTS,
    LARGE,
    LARGE_SIZE,
    LARGE_TOTAL,
    LARGE_COUNT_SIZE,
    LONG_TERMS,
    LONG_SIZE,
    LONG_TOTAL,
    BLOCK_ENDS,
    BLOCK_ENDS_SIZE,
    PLACE_BLOCKS,
    PLACE_BLOCKS_SIZE,
    LONG,
    BLOCK,
    PLACES,
    ZONES,
    ZONE_SIZE,
    SPLIT,
    BASE,
    END,
    LIVE,
    PAGE,
    RANGES,
) = range(15, 39)
"""The columns of a table:

- TERMS, TERM_ENDS, TERM_COUNT: the addresses of the terms and of their ends (4 bytes each), and
  the number of terms.
- POSTING_ENDS, GAP_ENDS, PLACE_ENDS: ENDS columns each: the address and size of the ends, and the
  address and number of their turns. 0 where a field has no positions.
- FLAGS, COUNTS, ZONES, ZONE_SIZE, SPLIT, BASE, END, LIVE: as in a row of `stored`, of the whole
  field; FLAGS is the address of the terms' flags.
- LARGE, LARGE_SIZE, LARGE_TOTAL, LARGE_COUNT_SIZE: the address, size and number of the postings
  with large counts, and the size of these counts.
- LONG_TERMS, LONG_SIZE, LONG_TOTAL: the address, size and number of the terms with blocks.
  BLOCK_ENDS, PLACE_BLOCKS: the addresses of the ends of their blocks, of postings and of positions,
  each with its size.
- LONG, BLOCK, PLACES, PAGE: the postings of the shortest list with blocks, of a block, and of a
  block of positions; the bytes of a page.
- RANGES: for each array that is verified page by page, RANGE columns: its address, the size of an
  element, and the address of whether each page is verified.
"""
ENDS, RANGE = 4, 3
"""Columns of ends and of a range."""
IN_GAPS, IN_COUNTS, IN_LARGE_COUNTS, IN_FIRSTS, IN_STARTS, IN_POSITIONS, IN_PLACES, ARRAYS = range(
    8
)
"""The arrays of RANGES, and their number. Those from IN_POSITIONS on are of positions."""
FIELDS = RANGES + ARRAYS * RANGE
"""The numbers of a table."""
HELD = 4
"""The numbers of a list that was found: its table, the number of the term among those that were
looked up, its number in the field, and the number of postings."""
UNVERIFIED, UNPLACED, SHARES = 1, 2, 4
"""Bits of what `fill` says of a list: pages of its documents and counts are to be verified, or
those of its positions; its term may share a position with others, in a field with positions."""
_SHARES_FLAG, _WIDTH_FLAGS = 4, 3
"""The bits of a term's flags."""


@part
def _end(table: int, ends: int, one: int) -> int:
    """Return the end before a list. ends: the first of the ENDS columns."""
    low = column(table, ends)
    size = column(table, ends + 1)
    turns, first, last = column(table, ends + 2), 0, column(table, ends + 3)
    while first < last:
        middle = (first + last) >> 1
        if load4(turns + 4 * middle) <= one:
            first = middle + 1
        else:
            last = middle
    return number(low + one * size, size) + (first << 16)


@kernel
def _compared(table: int, at: int, term: int, size: int) -> int:
    """Return -1, 0 or 1 as the term numbered `at` is less than, equal to, or greater than the one
    of `size` bytes at the address `term`."""
    terms, ends = column(table, TERMS), column(table, TERM_ENDS) + 4 * at
    here, end = terms + load4(ends), terms + load4(ends + 4)
    for place in range(size):
        if here + place == end or load1(here + place) < load1(term + place):
            return -1
        if load1(here + place) > load1(term + place):
            return 1
    return 0 if here + size == end else 1


@kernel
def find(tables: Ints, terms: Bytes, ends: Ints, held: IntsOut) -> int:
    """Look terms up in all tables. Return the number of lists that were found.

    terms, ends: the bytes of the terms end to end, and where each ends.
    held: gets the lists, table by table; has room for one of each term in each table.
    """
    found = 0
    for one in range(len(tables) // FIELDS):
        table, start = tables.ctypes.data + 8 * FIELDS * one, 0
        for asked in range(len(ends)):
            low, high = 0, column(table, TERM_COUNT)
            order = 1
            while low < high:
                middle = (low + high) >> 1
                compared = _compared(table, middle, terms.ctypes.data + start, ends[asked] - start)
                if compared < 0:
                    low = middle + 1
                else:
                    high, order = middle, compared
            start = ends[asked]
            if order == 0:
                size = _end(table, POSTING_ENDS, low + 1) - _end(table, POSTING_ENDS, low)
                held[HELD * found], held[HELD * found + 1] = one, asked
                held[HELD * found + 2], held[HELD * found + 3] = low, size
                found += 1
    return found


@kernel
def _ranges(table: int, term: int, ranges: int) -> int:
    """Set which elements of the ARRAYS a term's list has, first and behind the last. Return the
    place of the term among those with blocks, or -1. ranges: an address."""
    first, last = _end(table, POSTING_ENDS, term), _end(table, POSTING_ENDS, term + 1)
    large, size, total = column(table, LARGE), column(table, LARGE_SIZE), column(table, LARGE_TOTAL)
    large_first = lower(large, size, 0, total, first)
    large_last = lower(large, size, large_first, total, last)
    place, block, block_end, positions, positions_end = -1, 0, 0, 0, 0
    if last - first >= column(table, LONG):
        size, total = column(table, LONG_SIZE), column(table, LONG_TOTAL)
        place = lower(column(table, LONG_TERMS), size, 0, total, term)
        if place < total and number(column(table, LONG_TERMS) + place * size, size) == term:
            size = column(table, BLOCK_ENDS_SIZE)
            at = column(table, BLOCK_ENDS) + place * size
            block, block_end = number(at, size), number(at + size, size)
            if column(table, PLACE_BLOCKS) != 0:
                size = column(table, PLACE_BLOCKS_SIZE)
                at = column(table, PLACE_BLOCKS) + place * size
                positions, positions_end = number(at, size), number(at + size, size)
        else:
            place = -1
    start, end = 0, 0
    if column(table, PLACE_ENDS) != 0:
        start, end = _end(table, PLACE_ENDS, term), _end(table, PLACE_ENDS, term + 1)
    store8(ranges, _end(table, GAP_ENDS, term))
    store8(ranges + 8, _end(table, GAP_ENDS, term + 1))
    store8(ranges + 16, first >> 1)
    store8(ranges + 24, (last + 1) >> 1)
    store8(ranges + 32, large_first)
    store8(ranges + 40, large_last)
    store8(ranges + 48, block)
    store8(ranges + 56, block_end)
    store8(ranges + 64, block)
    store8(ranges + 72, block_end)
    store8(ranges + 80, start)
    store8(ranges + 88, end)
    store8(ranges + 96, positions)
    store8(ranges + 104, positions_end)
    return place


@kernel
def _unverified(table: int, ranges: int) -> int:
    """Return the bits of the pages that are to be verified. ranges: an address."""
    found = 0
    for array in range(ARRAYS):
        start, end = column(ranges, 2 * array), column(ranges, 2 * array + 1)
        if start < end:
            size = column(table, RANGES + RANGE * array + 1)
            flags, page = column(table, RANGES + RANGE * array + 2), column(table, PAGE)
            for one in range(start * size // page, (end * size - 1) // page + 1):
                if load1(flags + one) == 0:
                    found |= UNVERIFIED if array < IN_POSITIONS else UNPLACED
                    break
    return found


@part
def _address(table: int, ranges: int, array: int) -> int:
    """Return the address of the first element of a list in one of the ARRAYS."""
    size = column(table, RANGES + RANGE * array + 1)
    return column(table, RANGES + RANGE * array) + size * column(ranges, 2 * array)


@kernel
def _set_row(table: int, ranges: int, term: int, place: int, row: int) -> None:
    """Set a row of `stored`. ranges, row: addresses. place: of the term among those with blocks."""
    sizes = table + 8 * (RANGES + 1)
    first = _end(table, POSTING_ENDS, term)
    gaps = _address(table, ranges, IN_GAPS)
    store8(row, gaps)
    store8(row + 8, gaps + column(ranges, 1) - column(ranges, 0))
    store8(row + 16, load1(column(table, FLAGS) + term) & _WIDTH_FLAGS)
    store8(row + 24, column(table, COUNTS))
    store8(row + 32, first)
    store8(row + 40, _end(table, POSTING_ENDS, term + 1) - first)
    store8(row + 48, _address(table, ranges, IN_LARGE_COUNTS))
    store8(row + 56, column(table, LARGE_COUNT_SIZE))
    large_size = column(table, LARGE_SIZE)
    store8(row + 64, column(table, LARGE) + large_size * column(ranges, 2 * IN_LARGE_COUNTS))
    store8(row + 72, large_size)
    in_large = 2 * IN_LARGE_COUNTS
    store8(row + 80, column(ranges, in_large + 1) - column(ranges, in_large))
    store8(row + 88, column(table, BASE))
    store8(row + 96, column(table, END))
    store8(row + 104, column(table, LIVE))
    store8(row + 112, _address(table, ranges, IN_FIRSTS))
    store8(row + 120, column(sizes, RANGE * IN_FIRSTS))
    store8(row + 128, _address(table, ranges, IN_STARTS))
    store8(row + 136, column(sizes, RANGE * IN_STARTS))
    store8(row + 144, column(ranges, 2 * IN_FIRSTS + 1) - column(ranges, 2 * IN_FIRSTS))
    store8(row + 152, column(table, BLOCK))
    store8(row + 160, _address(table, ranges, IN_POSITIONS))
    has_places = place >= 0 and column(table, PLACE_BLOCKS) != 0
    store8(row + 168, _address(table, ranges, IN_PLACES) if has_places else 0)
    store8(row + 176, column(sizes, RANGE * IN_PLACES))
    store8(row + 184, column(table, PLACES))
    store8(row + 192, column(table, ZONES))
    store8(row + 200, column(table, ZONE_SIZE))
    store8(row + 208, column(table, SPLIT))


@kernel
def fill(tables: Ints, held: Ints, rows: IntsOut, ranges: IntsOut, found: BytesOut) -> None:
    """Make the rows of lists that `find` found.

    rows: gets COLUMNS numbers for each list.
    ranges: gets for each list which elements of the ARRAYS it has, first and behind the last.
    found: gets the bits UNVERIFIED, UNPLACED and SHARES of each list.
    """
    for one in range(len(found)):
        table = tables.ctypes.data + 8 * FIELDS * held[HELD * one]
        term = held[HELD * one + 2]
        range_at = ranges.ctypes.data + 8 * 2 * ARRAYS * one
        place = _ranges(table, term, range_at)
        _set_row(table, range_at, term, place, rows.ctypes.data + 8 * COLUMNS * one)
        bits = _unverified(table, range_at)
        shares = load1(column(table, FLAGS) + term) & _SHARES_FLAG
        if shares and column(table, PLACE_ENDS) != 0:
            bits |= SHARES
        found[one] = np.uint8(bits)
