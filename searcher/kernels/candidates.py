"""Documents that can be among the best: by the leaves that they hold, and by bounds of scores.

A document's `held` has the bits of leaves that it holds. A group is a set of leaves, as their bits;
a document has a group if it holds one of them.

After a change of this module the compiled code of `ranking` has to be removed.
"""

from __future__ import annotations

import numpy as np

from searcher.kernels.compiler import (
    Codes,
    Flags,
    FlagsOut,
    Ints,
    IntsOut,
    Reals,
    RealsOut,
    SmallInts,
    SmallIntsOut,
    kernel,
    load8,
    part,
)
from searcher.kernels.windows import FEWER, LEAF, NONE, POSTINGS

OPTIONS = 5
"""The numbers of the options."""
FINDERS, WANTED, PREFERS, BEST, WHOLE = range(OPTIONS)
"""The options:

- FINDERS: the number of leaves that find documents, the first ones: the n-th has bit n. The others
  only score.
- WANTED: a group that a document has to have; 0 if there is none.
- PREFERS: whether documents that have all groups of `every` come before all others.
- BEST: the number of the best documents that are asked for.
- WHOLE: whether all documents that match are asked for; else only the best.
"""
TOTALS = 3
"""The numbers of the totals."""
EVERY, OTHERS, FIRSTS = range(TOTALS)
"""The totals: documents that match and have all groups of `every`, and those that have not, if all
are asked for; documents that come before all others and may be among the best: all of them, if all
are asked for, else at least BEST of them or all."""
FOUND_COLUMNS = 3
"""The numbers of a document that was found: the document, its score, and 1 if it comes behind
others."""


@kernel
def _has_all(holds: int, needless: int, groups: int, count: int) -> bool:
    """Return whether a document with the bits `holds` has all of `count` groups at an address, but
    for those whose bits are in `needless`."""
    for group in range(count):
        if holds & load8(groups + 8 * group) == 0 and needless >> group & 1 == 0:
            return False
    return True


@kernel
def needed_group(leaves: Ints, finders: int, groups: Ints, excused: Ints, needs: Ints) -> int:
    """Return the smallest group that all documents that count have; 0 if there is none.

    needs: groups that all have to have. groups, excused: as in `collect`; those that no document
    is excused from count if there are no `needs`.
    """
    found, smallest = np.int64(0), NONE
    for one in range(len(needs) if len(needs) > 0 else len(groups)):
        group = needs[one] if len(needs) > 0 else groups[one]
        if len(needs) == 0:
            for code in range(len(excused)):
                if excused[code] >> one & 1:
                    group = np.int64(0)
        size = 0
        for leaf in range(finders):
            if group >> leaf & 1:
                size += leaves[LEAF * leaf + POSTINGS]
        if group != 0 and size < smallest:
            found, smallest = group, size
    return found


@kernel
def _read_less(
    leaves: Ints,
    bounds: Reals,
    order: Ints,
    needed: int,
    all_need: bool,
    reach: float,
    read: FlagsOut,
) -> None:
    """Choose the leaves that are read; the others are looked up.

    order: the leaves, those that find documents last, by ascending bound.
    needed: a group whose leaves are read in any case. all_need: whether all documents that count
    have it.
    reach: a score that documents without it have to reach by what else finds them.
    read: whether each leaf is read; one that is not is never read again.
    """
    finders = len(read)
    total, size = 0.0, 0
    for leaf in range(finders):
        if needed >> leaf & 1:
            size += leaves[LEAF * leaf + POSTINGS]
        elif not read[leaf]:
            total += bounds[leaf]
    for place in range(len(order) - finders, len(order)):
        leaf = order[place]
        if needed >> leaf & 1 or not read[leaf]:
            continue
        if all_need:
            read[leaf] = leaves[LEAF * leaf + POSTINGS] <= FEWER * size
        elif total + bounds[leaf] < reach:
            read[leaf] = False
            total += bounds[leaf]


@kernel
def choose(
    leaves: Ints, bounds: Reals, order: Ints, options: Ints, needed: int, is_required: bool,
    heaps: Reals, totals: Ints, slack: float, rest: float, read: FlagsOut,
) -> None:  # fmt: skip
    """Choose the leaves that are read from now on, by the best so far.

    needed: the group of `needed_group`. is_required: whether documents have to have it.
    rest: the most that leaves add that only score.
    """
    prefers, best = options[PREFERS] != 0, options[BEST]
    full = totals[FIRSTS] >= best
    if prefers and needed == 0:
        return
    reach = heaps[best if prefers and not full else 0] - slack - rest
    all_need = is_required or (prefers and full)
    _read_less(leaves, bounds, order, needed, all_need, reach, read)


@kernel
def list_matches(
    window: int, touched: SmallIntsOut, filled: int, held: SmallIntsOut, sums: RealsOut,
    options: Ints, required: Ints, every: Ints, excused: Ints, codes: Codes, allowed: Flags,
    narrowed: Flags, matched: SmallIntsOut, totals: IntsOut,
) -> int:  # fmt: skip
    """Keep the touched documents that match and pass `narrowed`, and forget the others. Return
    their number. All that match are appended to `matched`."""
    kept, wanted, prefers = 0, options[WANTED], options[PREFERS] != 0
    required_at, every_at = required.ctypes.data, every.ctypes.data
    first, behind, before = totals[EVERY], len(matched) - totals[OTHERS], 0
    for at in range(filled):
        here = touched[at]
        document, holds = window + here, np.int64(held[here])
        matches = (wanted == 0 or holds & wanted != 0) and _has_all(
            holds, 0, required_at, len(required)
        )
        if matches and (len(allowed) == 0 or allowed[document]):
            needless = excused[codes[document]] if len(codes) > 0 else np.int64(0)
            has_all = _has_all(holds, needless, every_at, len(every))
            if has_all:
                matched[first] = document
                first += 1
            else:
                behind -= 1
                matched[behind] = document
            if len(narrowed) == 0 or narrowed[document]:
                before += has_all or not prefers
                touched[kept] = here
                kept += 1
                continue
        held[here], sums[here] = 0, 0.0
    totals[EVERY], totals[OTHERS] = first, len(matched) - behind
    totals[FIRSTS] += before
    required_at, every_at = len(required), len(every)
    return kept


@part
def _can_be_best(
    may_hold: int, needless: int, score: float, wanted: int, required: int, required_count: int,
    every: int, every_count: int, first_reach: float, other_reach: float,
) -> bool:  # fmt: skip
    """Return whether a document can be among the best.

    may_hold: the bits of leaves that it may hold. score: the most that it can have.
    required, every: the addresses of groups; none of `every` if no document is preferred.
    first_reach: the least score of those that come first; other_reach: of others.
    """
    reaches = score >= other_reach or (
        score >= first_reach and _has_all(may_hold, needless, every, every_count)
    )
    return (
        reaches
        and (wanted == 0 or may_hold & wanted != 0)
        and _has_all(may_hold, 0, required, required_count)
    )


@part
def _other_reach(prefers: int, best: int, firsts: int, lowest: float) -> float:
    """Return the least score of documents that do not come first. lowest: of the best of them."""
    return lowest if prefers != 0 and firsts < best else np.inf


@kernel
def keep_promising(
    window: int, touched: SmallIntsOut, filled: int, held: SmallIntsOut, sums: RealsOut,
    unknown: int, rest: float, options: Ints, required: Ints, every: Ints, excused: Ints,
    codes: Codes, allowed: Flags, heaps: Reals, totals: Ints, slack: float,
) -> int:  # fmt: skip
    """Keep the touched documents that can be among the best, and forget the others. Return their
    number.

    unknown: the bits of the leaves that were not read. rest: the most that these, and those that
    only score, add.
    """
    kept, best, wanted = 0, options[BEST], options[WANTED]
    required_at, every_at, every_count = required.ctypes.data, every.ctypes.data, len(every)
    if options[PREFERS] == 0:
        every_count = 0
    first_reach = heaps[0] - slack - rest
    other_reach = (
        _other_reach(options[PREFERS], best, totals[FIRSTS], heaps[best % len(heaps)])
        - slack
        - rest
    )
    for at in range(filled):
        here = touched[at]
        document = window + here
        needless = excused[codes[document]] if len(codes) > 0 else np.int64(0)
        if _can_be_best(
            np.int64(held[here]) | unknown, needless, sums[here], wanted, required_at,
            len(required), every_at, every_count, first_reach, other_reach,
        ) and (len(allowed) == 0 or allowed[document]):  # fmt: skip
            touched[kept] = here
            kept += 1
        else:
            held[here], sums[here] = 0, 0.0
    required_at, every_at = len(required), len(every)
    return kept


@kernel
def _sift(heap: RealsOut, first: int, size: int, value: float) -> None:
    """Replace the smallest of a heap, which begins at `first`."""
    hole = 0
    while 2 * hole + 1 < size:
        child = 2 * hole + 1
        if child + 1 < size and heap[first + child + 1] < heap[first + child]:
            child += 1
        if heap[first + child] >= value:
            break
        heap[first + hole] = heap[first + child]
        hole = child
    heap[first + hole] = value


@kernel
def push(
    window: int, touched: SmallInts, filled: int, held: SmallIntsOut, sums: RealsOut, options: Ints,
    every: Ints, excused: Ints, codes: Codes, heaps: RealsOut, totals: IntsOut, slack: float,
    found: RealsOut, known: int,
) -> int:  # fmt: skip
    """Add those of the touched documents that are among the best so far to `found`, which has
    `known`, and forget all of them. Return the number of those that were found."""
    best, firsts, every_at = options[BEST], totals[FIRSTS], every.ctypes.data
    every_count = len(every) if options[PREFERS] != 0 else 0
    for at in range(filled):
        here = touched[at]
        document, holds, score = window + here, np.int64(held[here]), sums[here]
        held[here], sums[here] = 0, 0.0
        needless = excused[codes[document]] if len(codes) > 0 else np.int64(0)
        comes_first = _has_all(holds, needless, every_at, every_count)
        if options[WHOLE] == 0:
            firsts += comes_first
        side = 0 if comes_first else best
        if score < heaps[side] - slack:
            continue
        place = FOUND_COLUMNS * known
        found[place], found[place + 1] = document, score
        found[place + 2] = 0.0 if comes_first else 1.0
        known += 1
        if score > heaps[side]:
            _sift(heaps, side, best, score)
    totals[FIRSTS] = firsts
    every_at = len(every)
    return known


@kernel
def reaching(found: RealsOut, filled: int, heaps: Reals, best: int, slack: float) -> int:
    """Keep those of the documents that were found that can be among the best. Return their
    number."""
    kept = 0
    for one in range(filled):
        at, to = FOUND_COLUMNS * one, FOUND_COLUMNS * kept
        side = np.int64(found[at + 2])
        if found[at + 1] >= heaps[side * best] - slack:
            found[to], found[to + 1], found[to + 2] = found[at], found[at + 1], found[at + 2]
            kept += 1
    return kept


@kernel
def best_of(
    found: Reals, heaps: Reals, firsts: int, best: int, prefers: bool, slack: float
) -> RealsOut:
    """Return those of the documents that were found that are among the best, ascending: as many as
    are asked for, all that are at most `slack` below the last of them, and no others.

    firsts: the number of documents that come first. prefers: whether any do.
    """
    count = len(found) // FOUND_COLUMNS
    other_reach = np.inf
    if prefers and firsts < best:
        other_reach = heaps[best] - slack
        if firsts > 0:
            lower = np.sort(found[1::FOUND_COLUMNS][found[2::FOUND_COLUMNS] != 0.0])
            other_reach = (
                lower[len(lower) - (best - firsts)] - slack
                if len(lower) > best - firsts
                else -np.inf
            )
    order = np.argsort(found[::FOUND_COLUMNS])
    kept = np.empty(len(found))
    filled = 0
    for place in range(count):
        at = FOUND_COLUMNS * order[place]
        if found[at + 1] >= (heaps[0] - slack if found[at + 2] == 0.0 else other_reach):
            for column in range(FOUND_COLUMNS):
                kept[filled + column] = found[at + column]
            filled += FOUND_COLUMNS
    return kept[:filled].copy()
