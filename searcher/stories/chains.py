"""Pairs of sentences that ascend in both texts, and those that share no sentence."""

from __future__ import annotations

Pair = tuple[int, int]
"""Numbers of a sentence of the first text and of one of the second."""


def heaviest_chain(weights: dict[Pair, int]) -> list[Pair]:
    """Return the pairs of largest weight that ascend in both numbers, one of which may stay the
    same; by a tree of prefix maxima (Fenwick 1994)."""
    pairs = sorted(weights)
    if not pairs:
        return []
    size = max(j for _, j in pairs) + 1
    tree: list[tuple[int, int]] = [(0, -1)] * (size + 1)
    before = [-1] * len(pairs)
    for number, (i, j) in enumerate(pairs):
        at, best = j + 1, (0, -1)
        while at:
            best = max(best, tree[at])
            at &= at - 1
        before[number] = best[1]
        total = (best[0] + weights[i, j], number)
        at = j + 1
        while at <= size:
            tree[at] = max(tree[at], total)
            at += at & -at
    at, number = size, -1
    best = (0, -1)
    while at:
        best = max(best, tree[at])
        at &= at - 1
    chain = []
    number = best[1]
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def covered(chain: list[Pair], side: int) -> set[int]:
    """Return the sentences of a side that are in the chain, or between two that correspond to one
    sentence."""
    found: set[int] = set()
    for before, pair in zip([None, *chain], chain, strict=False):
        if before and before[1 - side] == pair[1 - side]:
            found.update(range(before[side], pair[side]))
        found.add(pair[side])
    return found


def disjoint(pairs: list[Pair], taken: tuple[set[int], set[int]]) -> list[Pair]:
    """Return pairs of sentences that are in no pair before them and not among `taken`."""
    found = []
    for i, j in pairs:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            found.append((i, j))
    return sorted(found)
