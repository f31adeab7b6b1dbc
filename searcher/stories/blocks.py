"""Longest common subsequences of two sequences of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

_LONGEST = 8_192
"""Maximum length of sequences that are compared at once. Longer ones are cut at the same shares of
their lengths, so that they take memory and time in proportion to their length: 8 MB and 10 ms for
each of this length. Texts of news are shorter."""

Block = tuple[int, int, int]
"""A common run: where it begins in the first and in the second sequence, and its length."""


def common_blocks(first: Sequence[int], second: Sequence[int]) -> Iterator[Block]:
    """Yield the blocks of a longest common subsequence, in order.

    The common beginning and end are always in it. In sequences that are longer than _LONGEST
    without them, the subsequence may not be the longest.
    """
    shorter = min(len(first), len(second))
    head = _common_prefix(first, second, shorter)
    if head:
        yield 0, 0, head
    tail = _common_prefix(first[::-1], second[::-1], shorter - head)
    ours, theirs = first[head : len(first) - tail], second[head : len(second) - tail]
    if ours and theirs:
        pieces = max(len(ours), len(theirs)) // _LONGEST + 1
        for number in range(pieces):
            i, i_end = (len(ours) * at // pieces for at in (number, number + 1))
            j, j_end = (len(theirs) * at // pieces for at in (number, number + 1))
            found = LCSseq.opcodes(ours[i:i_end], theirs[j:j_end]).as_matching_blocks()
            for a, b, length in found:
                if length:
                    yield head + i + a, head + j + b, length
    if tail:
        yield len(first) - tail, len(second) - tail, tail


def _common_prefix(first: Sequence[int], second: Sequence[int], most: int) -> int:
    """Return the length of the common beginning, at most `most`."""
    if first[:most] == second[:most]:
        return most
    return next(at for at in range(most) if first[at] != second[at])
