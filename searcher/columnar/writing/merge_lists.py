"""The merge of one field's lists of several segments, some terms at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import ne
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import Bools, Bytes, Ints, Singles, ends_of, ranges
from searcher.columnar.files.lists import Lists, ListsWriter
from searcher.columnar.files.open_segment import OpenSegment
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.readers import ColumnarDocuments

_BATCH_PART = 2
"""Divisor. The positions of a long list are merged in batches of the maximum number of entries
divided by this, because a batch is copied when it is written."""


class MergeSource(NamedTuple):
    """A segment to be merged."""

    opened: OpenSegment
    """Its file."""
    reader: ColumnarDocuments
    """Whoosh's reader of its documents."""
    live: Bools | None
    """Whether each document is live; None if all are."""
    numbers: Ints
    """The number in the merged segment of each live document. The values of deleted ones are
    undefined."""


def merge_field(writer: ListsWriter, sources: Sequence[MergeSource], name: str, most: int) -> None:
    """Write the merged lists of a field.

    most: the number of entries (terms, postings and positions) merged at once, about. A single list
    with more entries is merged in batches of positions.

    The writer computes bounds again, from counts and lengths. Raises OSError and FileDamaged.
    """
    parts = [
        (source, source.opened.fields[name]) for source in sources if name in source.opened.fields
    ]
    # A field has weights for all of its postings or for none.
    weighted = any(postings.has("weights") for _, postings in parts)
    at = [0] * len(parts)
    while (first := min(_terms(at, parts), default=None)) is not None:
        combined, reach = _next_lists(at, parts, first, most)
        if weighted and combined.weights is None:
            combined.weights = combined.counts.astype(np.float32)
        if combined.terms:
            writer.write(combined)
        at = reach


_FieldPart = tuple[MergeSource, FieldPostings]
"""A segment that has the field, and the field in it."""


def _next_lists(
    at: Sequence[int], parts: Sequence[_FieldPart], first: bytes, most: int
) -> tuple[Lists, list[int]]:
    """Return the merged lists of the next terms, and the end of these terms in each part.

    at: the next term of each part.
    first: the smallest of these terms.
    most: as for `merge_field`.
    """
    here = [
        start < postings.term_count and postings.dictionary.term(start) == first
        for start, (_, postings) in zip(at, parts, strict=True)
    ]
    holding = [(start, part) for start, part, holds in zip(at, parts, here, strict=True) if holds]
    entries = sum(
        postings.entries_before(start + 1) - postings.entries_before(start)
        for start, (_, postings) in holding
    )
    if entries > most:
        reach = [start + holds for start, holds in zip(at, here, strict=True)]
        return _long_term(holding, most), reach
    reach = _reached(at, parts, most)
    lists = [
        _live(postings.range_lists(start, end), source)
        for start, end, (source, postings) in zip(at, reach, parts, strict=True)
        if start < end
    ]
    return _combine(lists), reach


def _terms(at: Sequence[int], parts: Sequence[_FieldPart]) -> list[bytes]:
    """Return the next term of each part that has terms left. at: the next term of each part."""
    return [
        postings.dictionary.term(start)
        for start, (_, postings) in zip(at, parts, strict=True)
        if start < postings.term_count
    ]


def _reached(at: Sequence[int], parts: Sequence[_FieldPart], most: int) -> list[int]:
    """Return for each part the end of the terms to merge next: the number of the same term in
    all."""
    reach = [
        _reach(postings, start, most // len(parts))
        for start, (_, postings) in zip(at, parts, strict=True)
    ]
    edges = [
        postings.dictionary.term(end)
        for end, (_, postings) in zip(reach, parts, strict=True)
        if end < postings.term_count
    ]
    return [postings.dictionary.lower(min(edges)) for _, postings in parts] if edges else reach


def _long_term(here: Sequence[tuple[int, _FieldPart]], most: int) -> Lists:
    """Return the merged list of one term, whose positions are read when they are written.

    here: the parts that have the term, with its number in each.
    """
    merged = _combine(
        [_live(postings.range_lists(at, at + 1, False), source) for at, (source, postings) in here]
    )
    shares = [
        postings.positions.shares(np.array([at]))[0]
        for at, (_, postings) in here
        if postings.positions is not None
    ]
    if shares:
        merged.shares = np.array([any(shares)])
        merged.position_batches = _position_batches(here, max(most // _BATCH_PART, 1))
    return merged


def _position_batches(
    here: Sequence[tuple[int, _FieldPart]], size: int
) -> Iterator[tuple[int, Ints]]:
    """Yield the numbers of some live postings of a term, and their positions: about `size`
    positions at a time."""
    for at, (source, postings) in here:
        if postings.positions is None:
            continue
        for documents, counts, positions in postings.positions.batches(at, size):
            if source.live is None:
                yield len(documents), positions
            elif (kept := source.live[documents]).any():
                yield int(kept.sum()), positions[np.repeat(kept, counts)]


def _reach(postings: FieldPostings, start: int, most: int) -> int:
    """Return the end of the terms from `start` on that have about `most` entries together, but at
    least one term."""
    if start == postings.term_count:
        return start
    limit = postings.entries_before(start) + most
    end = bisect_right(
        range(postings.term_count + 1), limit, start + 1, key=postings.entries_before
    )
    return max(end - 1, start + 1)


def _live(lists: Lists, source: MergeSource) -> Lists:
    """Return the lists without deleted documents, the live ones by their new numbers."""
    if source.live is None:
        lists.documents = source.numbers[lists.documents]
        return lists
    kept = source.live[lists.documents]
    places = np.flatnonzero(kept)
    found = Lists(
        lists.terms,
        ends_of(kept)[lists.ends],
        source.numbers[lists.documents[places]],
        lists.counts[places],
        shares=lists.shares,
    )
    if lists.positions is not None:
        found.positions = lists.positions[np.repeat(kept, lists.counts)]
    if lists.weights is not None:
        found.weights = lists.weights[places]
    if lists.values is not None:
        ends, data = lists.values
        sizes = np.diff(ends)[places]
        found.values = ends_of(sizes), data[ranges(ends[:-1][places], sizes)]
    return found


def _combine(parts: Sequence[Lists]) -> Lists:
    """Return the lists of several segments as one. Documents of an earlier part are less than
    those of a later one."""
    terms, ranks = _united(parts)
    totals = np.zeros(len(terms), np.int64)
    for part, places in zip(parts, ranks, strict=True):
        totals[places[places >= 0]] += np.diff(part.ends)[places >= 0]
    ends = ends_of(totals)
    free = ends[:-1].copy()
    targets = []
    for part, places in zip(parts, ranks, strict=True):
        sizes = np.diff(part.ends)
        targets.append(
            ranges(np.where(places >= 0, free[places], 0), sizes) if terms else sizes[:0]
        )
        free[places[places >= 0]] += sizes[places >= 0]
    return _gather(parts, terms, ends, targets, ranks)


def _united(parts: Sequence[Lists]) -> tuple[list[bytes], list[Ints]]:
    """Return the terms of all lists that are not empty, in order, and for each part the place
    among them of each of its terms, or -1."""
    names = [term for part in parts for term in part.terms]
    held = np.flatnonzero(np.concatenate([np.diff(part.ends) for part in parts])).tolist()
    # The terms of each part are in order, so that sorting merges them.
    held.sort(key=names.__getitem__)
    ordered = [names[number] for number in held]
    new = np.ones(len(held), np.bool_)
    new[1:] = list(map(ne, ordered[1:], ordered))
    ranks = np.full(len(names), -1, np.int64)
    ranks[held] = np.cumsum(new) - 1
    edges = np.cumsum([len(part.terms) for part in parts])[:-1]
    return list(compress(ordered, new)), np.split(ranks, edges)


def _gather(
    parts: Sequence[Lists],
    terms: list[bytes],
    ends: Ints,
    targets: Sequence[Ints],
    ranks: Sequence[Ints],
) -> Lists:
    """Return the merged lists.

    terms, ends: of the merged lists.
    targets: for each part, the place in the merged lists of each of its postings.
    ranks: for each part, the place among `terms` of each of its terms, or -1.
    """
    count = int(ends[-1])
    merged = Lists(terms, ends, np.empty(count, np.int64), np.empty(count, np.int64))
    for part, target in zip(parts, targets, strict=True):
        merged.documents[target] = part.documents
        merged.counts[target] = part.counts
    if any(part.weights is not None for part in parts):
        merged.weights = np.empty(count, np.float32)
        for part, target in zip(parts, targets, strict=True):
            merged.weights[target] = _weights(part)
    if any(part.positions is not None for part in parts):
        merged.shares = np.zeros(len(terms), np.bool_)
        token_ends = ends_of(merged.counts)
        merged.positions = np.empty(int(token_ends[-1]), np.int64)
        for part, target, places in zip(parts, targets, ranks, strict=True):
            assert part.positions is not None
            assert part.shares is not None
            merged.positions[ranges(token_ends[target], part.counts)] = part.positions
            merged.shares[places[part.shares & (places >= 0)]] = True
    if any(part.values is not None for part in parts):
        merged.values = _values(parts, targets, count)
    return merged


def _weights(part: Lists) -> Singles:
    """Return the weight of each posting."""
    return part.weights if part.weights is not None else part.counts.astype(np.float32)


def _values(parts: Sequence[Lists], targets: Sequence[Ints], count: int) -> tuple[Ints, Bytes]:
    """Return the ends and the bytes of the merged values. targets: as in `_gather`; count: the
    number of merged postings."""
    sizes = np.zeros(count, np.int64)
    for part, target in zip(parts, targets, strict=True):
        assert part.values is not None
        sizes[target] = np.diff(part.values[0])
    ends = ends_of(sizes)
    blob = np.empty(int(ends[-1]), np.uint8)
    for part, target in zip(parts, targets, strict=True):
        assert part.values is not None
        blob[ranges(ends[target], sizes[target])] = part.values[1]
    return ends, blob
