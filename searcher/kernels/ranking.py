"""A whole search by relevance in one call: the documents that match, and the best of them.

Documents are scored in windows. The best so far and the bounds of the leaves show which leaves need
not be read, and which documents cannot be among the best (MaxScore: Turtle and Flood 1995; in
windows: Lucene's MaxScoreBulkScorer).
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.candidates import (
    BEST,
    FINDERS,
    FOUND_COLUMNS,
    PREFERS,
    WHOLE,
    choose,
    keep_promising,
    list_matches,
    needed_group,
    push,
    reaching,
)
from searcher.kernels.compiler import (
    Codes,
    Flags,
    Ints,
    IntsOut,
    Points,
    Reals,
    RealsOut,
    SmallIntsOut,
    kernel,
)
from searcher.kernels.stored import COLUMNS, CURSOR
from searcher.kernels.windows import (
    READING,
    WINDOW,
    enter,
    fill,
    first_spans,
    look_up,
    next_read,
)


@kernel
def _settle(
    rows: Ints, cursors: IntsOut, leaves: Ints, factors: Reals, bounds: Reals, order: Ints,
    read: Flags, documents: Ints, counts: Reals, spans: IntsOut, window: int, stop: int,
    share: float, touched: SmallIntsOut, filled: int, options: Ints, required: Ints, every: Ints,
    excused: Ints, codes: Codes, allowed: Flags, lengths: Points, norms: Reals, sums: RealsOut,
    held: SmallIntsOut, heaps: Reals, totals: Ints, slack: float,
) -> int:  # fmt: skip
    """Add the leaves that were not read to the sums of those touched documents that can be among
    the best, and forget the others. Return their number."""
    unknown, rest = np.int64(0), 0.0
    for leaf in range(len(bounds)):
        if leaf >= len(read) or not read[leaf]:
            rest += bounds[leaf]
            unknown |= np.int64(1) << leaf if leaf < len(read) else np.int64(0)
    # By descending bound; those that only score come last.
    for place in range(len(order) - 1, -1, -1):
        leaf = order[place]
        if leaf < len(read) and read[leaf]:
            continue
        filled = keep_promising(
            window, touched, filled, held, sums, unknown, rest, options, required, every, excused,
            codes, allowed, heaps, totals, slack,
        )  # fmt: skip
        if filled == 0:
            return 0
        bit = np.int64(1) << leaf if leaf < len(read) else np.int64(0)
        look_up(
            leaf, bit, rows, cursors, leaves, factors, documents, counts, spans, window, stop,
            share, touched, filled, lengths, norms, sums, held,
        )  # fmt: skip
        unknown &= ~bit
        rest -= bounds[leaf]
    return keep_promising(
        window, touched, filled, held, sums, unknown, 0.0, options, required, every, excused, codes,
        allowed, heaps, totals, slack,
    )  # fmt: skip


@kernel
def _ordered(bounds: Reals, finders: int) -> IntsOut:
    """Return the leaves by ascending bound: those that only score, then those that find."""
    order = np.empty(len(bounds), np.int64)
    order[: len(bounds) - finders] = np.argsort(bounds[finders:]) + finders
    order[len(bounds) - finders :] = np.argsort(bounds[:finders])
    return order


@kernel
def collect(
    rows: Ints, leaves: Ints, factors: Reals, bounds: Reals, documents: Ints, counts: Reals,
    edges: Ints, options: Ints, required: Ints, every: Ints, excused: Ints, codes: Codes,
    allowed: Flags, narrowed: Flags, lengths: Points, norms: Reals, slack: float, heaps: RealsOut,
    matched: SmallIntsOut, totals: IntsOut,
) -> RealsOut:  # fmt: skip
    """Search some segments, one behind the other. Return documents that are among the best,
    FOUND_COLUMNS numbers each, in no order; some that others have displaced may be among them.

    rows: the lists of all leaves; those of a leaf are in the order of the segments, and no document
    is in two of them.
    leaves: LEAF numbers each. factors: idf (K1 + 1); bounds: the most that each adds to a score.
    documents, counts: of the leaves without lists.
    edges: the first document of each segment, and the one behind the last.
    required: groups that a document has to have, all of them.
    every: groups. codes: the code of each document of the index; empty if there are none. excused:
    by code, the groups of `every` that a document with it need not have: bit n for the n-th.
    allowed, narrowed: whether each document of the index may match, and whether it may be among the
    best; empty if all may.
    lengths: the length of each document, in words.
    norms: K1 (1 - B + B length / average length), by length.
    slack: documents whose score is at most this much less than the last of the best are returned.
    heaps: the scores of the BEST documents so far that come before all others, then of the others:
    -inf at first.
    matched: gets all documents that match, those with all groups of `every` from the front, the
    others from the end, if the options say so.
    totals: are added to.
    """
    finders, best, whole = options[FINDERS], options[BEST], options[WHOLE] != 0
    sums, held = np.zeros(WINDOW), np.zeros(WINDOW, np.int32)
    touched = np.empty(WINDOW, np.int32)
    reading = np.empty(READING * (len(rows) // COLUMNS), np.int64)
    cursors = np.zeros(CURSOR * (len(rows) // COLUMNS) + 1, np.int64)
    spans, order = first_spans(leaves), _ordered(bounds, finders)
    read, rest = np.ones(finders, np.bool_), bounds[finders:].sum()
    needed = np.int64(0)
    if options[PREFERS] != 0 or len(required) > 0:
        needed = needed_group(leaves, finders, every, excused, required)
    found, known = np.empty(FOUND_COLUMNS * (2 * best + 2 * WINDOW)), 0
    for segment in range(len(edges) - 1):
        enter(rows, leaves, edges[segment], documents, spans, reading)
        end = edges[segment + 1]
        while True:
            if not whole:
                choose(
                    leaves, bounds, order, options, needed, len(required) > 0, heaps, totals, slack,
                    rest, read,
                )  # fmt: skip
            window = next_read(leaves, spans, read, documents, reading)
            if window >= end:
                break
            stop = min(window + WINDOW, end)
            filled = fill(
                rows, leaves, factors, documents, counts, read, window, stop, spans, reading,
                lengths, norms, sums, held, touched,
            )  # fmt: skip
            if whole:
                filled = list_matches(
                    window, touched, filled, held, sums, options, required, every, excused, codes,
                    allowed, narrowed, matched, totals,
                )  # fmt: skip
            share = (stop - window) / (end - edges[segment])
            filled = _settle(
                rows, cursors, leaves, factors, bounds, order, read, documents, counts, spans,
                window, stop, share, touched, filled, options, required, every, excused, codes,
                allowed, lengths, norms, sums, held, heaps, totals, slack,
            )  # fmt: skip
            if FOUND_COLUMNS * (known + filled) > len(found):
                known = reaching(found, known, heaps, best, slack)
                more = np.empty(2 * FOUND_COLUMNS * (known + WINDOW))
                more[: FOUND_COLUMNS * known] = found[: FOUND_COLUMNS * known]
                found = more
            known = push(
                window, touched, filled, held, sums, options, every, excused, codes, heaps, totals,
                slack, found, known,
            )  # fmt: skip
    known = reaching(found, known, heaps, best, slack)
    return found[: FOUND_COLUMNS * known].copy()
