"""The choice of segments to merge. It keeps each of many small commits fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from searcher.columnar.segment import ColumnarSegment

LARGEST_MERGED = 1 << 19
"""Maximum number of documents of a merged segment. Larger makes fewer segments to search and longer
commits."""
_FACTOR = 8
"""Number of segments of one tier that are merged into one of the next. Larger rewrites a document
less often and leaves more segments to search."""
_SMALLEST_TIER = 16
"""Maximum number of documents of a segment of the lowest tier."""
_MOST_DELETED = 1 / 3
"""Part of a segment's documents. If more are deleted, the segment is rewritten without them."""
_QUICK_TIER = 2
"""The highest tier whose segments a quick commit merges."""
_QUICK_MERGED = 1 << 11
"""Maximum number of documents of a segment that a quick commit merges. Larger takes more than a
second."""
_QUICK_FACTOR = 32
"""Number of segments of one tier that a quick commit merges. Smaller writes articles more often,
while others wait: with 8, the next tier is merged four times as often. Larger leaves more segments
to search until they are merged: 24 of 50 documents add a tenth to the median time of a page on
80,000 articles, and a quarter to its 95th percentile."""


def tier(documents: int) -> int:
    """Return the tier of a segment with this number of documents. The largest segment of a tier is
    _FACTOR times as large as the largest of the tier below."""
    number, size = 0, _SMALLEST_TIER
    while documents > size:
        number, size = number + 1, size * _FACTOR
    return number


def choose(segments: Sequence[ColumnarSegment], quick: bool = False) -> list[ColumnarSegment]:
    """Return the segments to merge next, or an empty list.

    They are the segments of the lowest full tier. If no tier is full, it is one segment with many
    deleted documents.

    quick: whether merges that take long, or that can wait, are left to a later commit.
    """
    factor, most = (_QUICK_FACTOR, _QUICK_MERGED) if quick else (_FACTOR, LARGEST_MERGED)
    tiers: dict[int, list[ColumnarSegment]] = {}
    for segment in segments:
        if quick and tier(segment.doc_count_all()) > _QUICK_TIER:
            continue
        if segment.deleted_count() > _MOST_DELETED * segment.doc_count_all():
            return [segment]
        tiers.setdefault(tier(segment.doc_count()), []).append(segment)
    for _, members in sorted(tiers.items()):
        if len(members) >= factor:
            chosen: list[ColumnarSegment] = []
            for segment in sorted(members, key=lambda member: member.doc_count()):
                if sum(member.doc_count() for member in (*chosen, segment)) <= most:
                    chosen.append(segment)
            if len(chosen) > 1:
                return chosen
    return []


def merge_tiers(
    segments: Sequence[ColumnarSegment],
    merge: Callable[[Sequence[ColumnarSegment]], ColumnarSegment],
    quick: bool = False,
) -> list[ColumnarSegment]:
    """Return the segments after all merges that are due. Merged documents keep their order.

    merge: makes one segment of several.
    quick: as for `choose`.
    """
    current = [segment for segment in segments if segment.doc_count()]
    while chosen := choose(current, quick):
        inside = [segment for segment in current if segment in chosen]
        merged = merge(inside)
        first = current.index(inside[0])
        current = [segment for segment in current if segment not in inside]
        current.insert(min(first, len(current)), merged)
    return current
