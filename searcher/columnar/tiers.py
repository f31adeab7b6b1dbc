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
QUICK = 2
"""The highest tier whose segments a quick commit merges: into 8,192 documents, which takes less
than a second."""


def tier(documents: int) -> int:
    """Return the tier of a segment with this number of documents. The largest segment of a tier is
    _FACTOR times as large as the largest of the tier below."""
    number, size = 0, _SMALLEST_TIER
    while documents > size:
        number, size = number + 1, size * _FACTOR
    return number


def choose(
    segments: Sequence[ColumnarSegment], highest: int | None = None
) -> list[ColumnarSegment]:
    """Return the segments to merge next, or an empty list.

    They are the segments of the lowest full tier. If no tier is full, it is one segment with many
    deleted documents.

    highest: highest tier that is considered; None for all.
    """
    tiers: dict[int, list[ColumnarSegment]] = {}
    for segment in segments:
        if highest is not None and tier(segment.doc_count_all()) > highest:
            continue
        if segment.deleted_count() > _MOST_DELETED * segment.doc_count_all():
            return [segment]
        tiers.setdefault(tier(segment.doc_count()), []).append(segment)
    for _, members in sorted(tiers.items()):
        if len(members) >= _FACTOR:
            chosen: list[ColumnarSegment] = []
            for segment in sorted(members, key=lambda member: member.doc_count()):
                if sum(member.doc_count() for member in (*chosen, segment)) <= LARGEST_MERGED:
                    chosen.append(segment)
            if len(chosen) > 1:
                return chosen
    return []


def merge_tiers(
    segments: Sequence[ColumnarSegment],
    merge: Callable[[Sequence[ColumnarSegment]], ColumnarSegment],
    highest: int | None = None,
) -> list[ColumnarSegment]:
    """Return the segments after all merges that are due. Merged documents keep their order.

    merge: makes one segment of several.
    highest: the highest tier that is merged; None for all.
    """
    current = [segment for segment in segments if segment.doc_count()]
    while chosen := choose(current, highest):
        inside = [segment for segment in current if segment in chosen]
        merged = merge(inside)
        first = current.index(inside[0])
        current = [segment for segment in current if segment not in inside]
        current.insert(min(first, len(current)), merged)
    return current
