"""The lists of several segments as one, some terms at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import Bools, Bytes, Ints, Singles, ends_of, ranges
from searcher.columnar.lists import Lists, ListsWriter
from searcher.columnar.postings import FieldPostings
from searcher.columnar.readers import ColumnarDocuments
from searcher.columnar.segment import OpenSegment

_PIECE = 2
"""The part of the entries merged at once that a piece of a longer list has."""


class Source(NamedTuple):
    """A segment to be merged. numbers: the new number of each document that is live; live: None if
    all are."""

    opened: OpenSegment
    reader: ColumnarDocuments
    live: Bools | None
    numbers: Ints


def merge_field(writer: ListsWriter, sources: Sequence[Source], name: str, most: int) -> None:
    """Merges the lists of a field, about `most` entries at a time, longer ones with some of their
    positions at a time. Raises OSError and FileDamaged."""
    parts = [
        (source, source.opened.fields[name]) for source in sources if name in source.opened.fields
    ]
    # A field has weights for all of its postings or for none.
    weighted = any(postings.has("weights") for _, postings in parts)
    at = [0] * len(parts)
    while (first := min(_terms(at, parts), default=None)) is not None:
        here = [
            start < postings.term_count and postings.term(start) == first
            for start, (_, postings) in zip(at, parts, strict=True)
        ]
        holding = [
            (start, part) for start, part, holds in zip(at, parts, here, strict=True) if holds
        ]
        if (
            sum(
                postings.entries(start + 1) - postings.entries(start)
                for start, (_, postings) in holding
            )
            > most
        ):
            combined = _long_term(holding, most)
            reach = [start + holds for start, holds in zip(at, here, strict=True)]
        else:
            reach = _reached(at, parts, most)
            combined = _combine(
                [
                    _live(postings.range_lists(start, end), source)
                    for start, end, (source, postings) in zip(at, reach, parts, strict=True)
                    if start < end
                ]
            )
        if weighted and combined.weights is None:
            combined.weights = combined.counts.astype(np.float32)
        if combined.terms:
            writer.write(combined)
        at = reach


_Part = tuple[Source, FieldPostings]


def _terms(at: Sequence[int], parts: Sequence[_Part]) -> list[bytes]:
    """The next terms of the parts that have any left."""
    return [
        postings.term(start)
        for start, (_, postings) in zip(at, parts, strict=True)
        if start < postings.term_count
    ]


def _reached(at: Sequence[int], parts: Sequence[_Part], most: int) -> list[int]:
    """For each part the end of the terms to merge next: the same term for all."""
    reach = [
        _reach(postings, start, most // len(parts))
        for start, (_, postings) in zip(at, parts, strict=True)
    ]
    edges = [
        postings.term(end)
        for end, (_, postings) in zip(reach, parts, strict=True)
        if end < postings.term_count
    ]
    return [postings.lower(min(edges)) for _, postings in parts] if edges else reach


def _long_term(here: Sequence[tuple[int, _Part]], most: int) -> Lists:
    """The lists of one term as one, whose positions are read when they are written."""
    merged = _combine(
        [_live(postings.range_lists(at, at + 1, False), source) for at, (source, postings) in here]
    )
    if any(postings.has("positions") for _, (_, postings) in here):
        merged.shares = np.array(
            [any(postings.shares(np.array([at]))[0] for at, (_, postings) in here)]
        )
        merged.pieces = _pieces(here, max(most // _PIECE, 1))
    return merged


def _pieces(here: Sequence[tuple[int, _Part]], size: int) -> Iterator[tuple[int, Ints]]:
    for at, (source, postings) in here:
        for documents, counts, positions in postings.position_pieces(at, size):
            if source.live is None:
                yield len(documents), positions
            elif (kept := source.live[documents]).any():
                yield int(kept.sum()), positions[np.repeat(kept, counts)]


def _reach(postings: FieldPostings, start: int, most: int) -> int:
    """The end of the terms from `start` on that have about `most` entries together, but at least
    one."""
    if start == postings.term_count:
        return start
    limit = postings.entries(start) + most
    end = bisect_right(range(postings.term_count + 1), limit, start + 1, key=postings.entries)
    return max(end - 1, start + 1)


def _live(lists: Lists, source: Source) -> Lists:
    """The lists without deleted documents, the others by their new numbers."""
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
    """The lists of several segments as one; documents of an earlier part come before those of a
    later one."""
    held: set[bytes] = set()
    for part in parts:
        sizes = np.diff(part.ends)
        held.update(term for term, size in zip(part.terms, sizes.tolist(), strict=True) if size)
    terms = sorted(held)
    rank = {term: number for number, term in enumerate(terms)}
    ranks = [np.array([rank.get(term, -1) for term in part.terms], np.int64) for part in parts]
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


def _gather(
    parts: Sequence[Lists],
    terms: list[bytes],
    ends: Ints,
    targets: Sequence[Ints],
    ranks: Sequence[Ints],
) -> Lists:
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
    return part.weights if part.weights is not None else part.counts.astype(np.float32)


def _values(parts: Sequence[Lists], targets: Sequence[Ints], count: int) -> tuple[Ints, Bytes]:
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
