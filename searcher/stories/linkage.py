"""Linkage: the stories of articles that are all known, by average linkage.

Likeness is relative here: two articles have to be as alike as those that are most like each of
them. On one subject all articles are alike, on another the articles on one event have little in
common.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush, nlargest
from math import sqrt

NEAREST = 3
"""Number of the articles that are most like one."""

LEAST, MOST = 0.36, 0.55
"""Least and largest mean likeness with these. An article that has none like it keeps the first;
copies do not raise it above the second."""

LINKS = 0.44
"""Minimum mean relative likeness of two groups that become one."""

Scores = Mapping[tuple[int, int], float]
"""Likeness by the numbers of two articles, the smaller first; missing pairs have none."""


def linked(count: int, scores: Scores, least: float = LINKS) -> list[list[int]]:
    """Return groups of articles, numbered from 0 to `count` - 1, by average linkage over relative
    likeness, until no two groups have a mean of at least `least`.

    Each group is in order, and groups are in the order of their first articles.
    """
    means: list[dict[int, float]] = [{} for _ in range(count)]
    for (one, other), score in relative(count, scores).items():
        means[one][other] = means[other][one] = score
    groups = [[number] for number in range(count)]
    heap = [
        (-score, one, other)
        for one in range(count)
        for other, score in means[one].items()
        if one < other and score >= least
    ]
    heapify(heap)
    while heap:
        negative, one, other = heappop(heap)
        # Entries of groups that have changed since are stale.
        if means[one].get(other) != -negative:
            continue
        sizes = len(groups[one]), len(groups[other])
        groups[one] += groups[other]
        groups[other] = []
        for third in means[one].keys() | means[other].keys():
            if third in (one, other):
                continue
            mean = (
                sizes[0] * means[one].get(third, 0.0) + sizes[1] * means[other].get(third, 0.0)
            ) / sum(sizes)
            means[one][third] = means[third][one] = mean
            means[third].pop(other, None)
            if mean >= least:
                heappush(heap, (-mean, min(one, third), max(one, third)))
        means[one].pop(other)
        means[other] = {}
    return [sorted(group) for group in groups if group]


def relative(count: int, scores: Scores) -> Scores:
    """Return the likeness of each pair divided by the geometric mean of what both have with the
    articles most like them (Zelnik-Manor and Perona, "Self-tuning spectral clustering", 2004)."""
    near: list[list[float]] = [[] for _ in range(count)]
    for pair, score in scores.items():
        for number in pair:
            near[number].append(score)
    usual = [min(max(sum(nlargest(NEAREST, found)) / NEAREST, LEAST), MOST) for found in near]
    return {
        (one, other): score / sqrt(usual[one] * usual[other])
        for (one, other), score in scores.items()
    }
