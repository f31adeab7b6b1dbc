"""Which segments to merge, so that many small commits cost little each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from searcher.columnar.segment import ColumnarSegment

LARGEST = 1 << 19
"""A segment is not merged into one of more documents than this."""
_FACTOR = 8
"""So many segments of one tier make one of the next."""
_SMALLEST_TIER = 16
_MOST_DELETED = 1 / 3
QUICK = 2
"""The highest tier of which segments are merged within a second: into 8,192 documents."""


def tier(documents: int) -> int:
    """The tier of a segment: each holds segments some times as large as the one before."""
    number, size = 0, _SMALLEST_TIER
    while documents > size:
        number, size = number + 1, size * _FACTOR
    return number


def choose(
    segments: Sequence[ColumnarSegment], highest: int | None = None
) -> list[ColumnarSegment]:
    """The segments to merge next: a full tier, the smallest first, or one of which much is deleted;
    or none.

    highest: of this tier at most, if given.
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
                if sum(member.doc_count() for member in (*chosen, segment)) <= LARGEST:
                    chosen.append(segment)
            if len(chosen) > 1:
                return chosen
    return []


def merge_tiers(
    segments: Sequence[ColumnarSegment],
    merge: Callable[[Sequence[ColumnarSegment]], ColumnarSegment],
    highest: int | None = None,
) -> list[ColumnarSegment]:
    """The segments after all merges that are due; the order of the documents is kept within those
    merged.

    highest: the tier beyond which none are merged, if given.
    """
    current = [segment for segment in segments if segment.doc_count()]
    while chosen := choose(current, highest):
        inside = [segment for segment in current if segment in chosen]
        merged = merge(inside)
        first = current.index(inside[0])
        current = [segment for segment in current if segment not in inside]
        current.insert(min(first, len(current)), merged)
    return current
