"""Reading of packed posting lists: documents as gaps, counts in half bytes, positions as gaps.

A packed list is given as in its segment (see `columnar.gaps` and `columnar.lists`):

- gaps: its bytes.
- width: its width code; an entry of `gaps` has 1 << width bytes.
- counts: the bytes that hold its counts, two in each.
- first: the number of its first posting through the field.
- large, large_counts: all postings of the field whose count does not fit, and these counts.

Documents are numbers in the segment. Those of an index are numbers in the segment plus `base`.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Bytes,
    CodesOut,
    Flags,
    Ints,
    IntsOut,
    Points,
    Reals,
    RealsOut,
    SmallIntsOut,
    kernel,
    part,
)

_LARGE = 15
"""The half byte of a count that is listed in `large_counts`."""
_ESCAPE = 255
"""Distance that an entry of 0 among positions adds to the one that the next entry ends."""
SHIFT = 32
"""Number of bits of an occurrence that hold the position."""
POSITION = (1 << SHIFT) - 1
"""The bits that hold it."""


@part
def _entry(gaps: Bytes, at: int, width: int) -> int:
    """Return the entry of `gaps` that begins at byte `at`."""
    entry = np.int64(gaps[at])
    for byte in range(1, 1 << width):
        entry |= np.int64(gaps[at + byte]) << (8 * byte)
    return entry


@part
def _most(width: int) -> int:
    """Return the largest value of an entry."""
    return (1 << (8 << width)) - 1


@part
def _half(byte: int, posting: int) -> int:
    """Return the half byte of a posting, numbered through the field."""
    return (np.int64(byte) >> (4 * (posting & 1))) & 15


@kernel
def add_list(
    gaps: Bytes,
    width: int,
    counts: Bytes,
    first: int,
    large: Ints,
    large_counts: Ints,
    base: int,
    live: Flags,
    lengths: Points,
    norms: Reals,
    factor: float,
    bit: int,
    sums: RealsOut,
    held: SmallIntsOut,
    touched: SmallIntsOut,
    filled: int,
) -> int:
    """Add a list to the sums of an index: to each document its BM25 score, and to `held` a bit.
    Return the number of touched documents.

    live: whether each document is live; empty if all are.
    lengths: the length of each document of the index, in words.
    norms: K1 (1 - B + B length / average length), by length.
    factor: idf (K1 + 1).
    touched: `filled` documents of the index, those with held > 0; new ones are appended.
    """
    step, most, some_deleted = 1 << width, _most(width), len(live) > 0
    document, posting = -1, first
    for at in range(0, len(gaps), step):
        entry = _entry(gaps, at, width)
        if entry == 0:
            document += most
            continue
        document += entry
        count = _half(counts[(posting >> 1) - (first >> 1)], posting)
        if count == _LARGE:
            count = large_counts[np.searchsorted(large, posting)]
        posting += 1
        if some_deleted and not live[document]:
            continue
        number = document + base
        if held[number] == 0:
            touched[filled] = number
            filled += 1
        held[number] |= bit
        sums[number] += factor * count / (count + norms[lengths[number]])
    return filled


@kernel
def tally(
    gaps: Bytes, ends: Ints, widths: Bytes, least: int, times: CodesOut, found: SmallIntsOut
) -> int:
    """Count the lists that contain each document of a segment. Return the number of documents that
    `least` lists or more contain.

    gaps: the bytes of the lists, one list after the other.
    ends: the ends of the lists in it: one more than there are lists.
    widths: the width code of each list.
    times: zeros; gets the number of lists of each document.
    found: gets the documents.
    """
    filled = 0
    for number in range(len(widths)):
        width = np.int64(widths[number])
        step, most, document = 1 << width, _most(width), -1
        for at in range(ends[number], ends[number + 1], step):
            entry = _entry(gaps, at, width)
            if entry == 0:
                document += most
                continue
            document += entry
            times[document] += 1
            if times[document] == least:
                found[filled] = document
                filled += 1
    return filled


@kernel
def add_counted(
    documents: Ints,
    counts: Reals,
    base: int,
    lengths: Points,
    norms: Reals,
    factor: float,
    bit: int,
    sums: RealsOut,
    held: SmallIntsOut,
    touched: SmallIntsOut,
    filled: int,
) -> int:
    """Add documents with their counts, as `add_list` adds a packed list."""
    for place in range(len(documents)):
        number, count = documents[place] + base, counts[place]
        if held[number] == 0:
            touched[filled] = number
            filled += 1
        held[number] |= bit
        sums[number] += factor * count / (count + norms[lengths[number]])
    return filled


@kernel
def places(
    gaps: Bytes, width: int, firsts: Ints, starts: Ints, block: int, documents: Ints, base: int
) -> IntsOut:
    """Return for each of these ascending documents of the index its place in a list, or -1.

    firsts: for each block of `block` postings the document before it plus 1; empty without blocks.
    starts: the byte at which each block begins.
    """
    found = np.full(len(documents), -1)
    step, most = 1 << width, _most(width)
    at, document, passed, current = 0, -1, 0, 0
    for place in range(len(documents)):
        wanted = documents[place] - base
        if current + 1 < len(firsts) and firsts[current + 1] <= wanted:
            current = np.searchsorted(firsts, wanted, "right") - 1
            if current * block > passed:
                passed = current * block
                at, document = starts[current], firsts[current] - 1
        while document < wanted and at < len(gaps):
            entry = _entry(gaps, at, width)
            at += step
            while entry == 0:
                document += most
                entry = _entry(gaps, at, width)
                at += step
            document += entry
            passed += 1
        if document == wanted:
            found[place] = passed - 1
    return found


@kernel
def counts_at(counts: Bytes, first: int, large: Ints, large_counts: Ints, places: Ints) -> IntsOut:
    """Return the count at each place in a list; 0 where the place is -1."""
    found = np.zeros(len(places), np.int64)
    for at in range(len(places)):
        if places[at] < 0:
            continue
        posting = first + places[at]
        count = _half(counts[(posting >> 1) - (first >> 1)], posting)
        if count == _LARGE:
            count = large_counts[np.searchsorted(large, posting)]
        found[at] = count
    return found


@kernel
def add_counts(
    gaps: Bytes,
    width: int,
    counts: Bytes,
    first: int,
    large: Ints,
    large_counts: Ints,
    firsts: Ints,
    starts: Ints,
    block: int,
    documents: Ints,
    base: int,
    found: RealsOut,
) -> None:
    """Add to `found` the count of a term in each of these documents; see `places`."""
    held = places(gaps, width, firsts, starts, block, documents, base)
    times = counts_at(counts, first, large, large_counts, held)
    for at in range(len(times)):
        found[at] += times[at]


@kernel
def occurrences(
    gaps: Bytes,
    width: int,
    counts: Bytes,
    first: int,
    large: Ints,
    large_counts: Ints,
    firsts: Ints,
    starts: Ints,
    block: int,
    documents: Ints,
    base: int,
    data: Bytes,
    place_starts: Ints,
    place_block: int,
    zones: Points,
    split: int,
) -> IntsOut:
    """Return the occurrences (see `proximity`) of a term in these documents; see `places`.

    data: the positions of the list (see `columnar.gaps.encode_bytes`).
    place_starts: the byte of `data` at which each block of `place_block` postings begins; empty
    without blocks.
    zones: for each document of the segment the length of its first zone plus 1; empty if texts
    have one zone.
    split: the position at which the second zone begins.
    """
    held = places(gaps, width, firsts, starts, block, documents, base)
    times = counts_at(counts, first, large, large_counts, held)
    found = np.empty(times.sum(), np.int64)
    filled = at = place = 0
    for number in range(len(held)):
        wanted = held[number]
        if wanted < 0:
            continue
        if len(place_starts) > 0 and wanted // place_block * place_block > place:
            place = wanted // place_block * place_block
            at = place_starts[wanted // place_block]
        # The positions of the postings in between are passed over.
        while place < wanted:
            posting = first + place
            count = _half(counts[(posting >> 1) - (first >> 1)], posting)
            if count == _LARGE:
                count = large_counts[np.searchsorted(large, posting)]
            while count > 0:
                count -= data[at] != 0
                at += 1
            place += 1
        document = documents[number]
        zone = np.int64(zones[document - base]) if len(zones) > 0 else POSITION
        position = distance = np.int64(-1)
        left = times[number]
        while left > 0:
            entry = np.int64(data[at])
            at += 1
            if entry == 0:
                distance += _ESCAPE
                continue
            position += distance + entry
            distance = np.int64(-1)
            left -= 1
            shown = position if position < zone else position - zone + split
            found[filled] = (document << SHIFT) | shown
            filled += 1
        place += 1
    return found
