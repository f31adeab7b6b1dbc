"""Peaks: periods in which a query has a larger share of all articles than in the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from searcher.search.telling import log_likelihood

MOST_PEAKS = 5
"""Maximum number of peaks. Each has a label on the chart, and takes a search to describe."""
_LEAST_ARTICLES = 3
"""Minimum number of articles in a peak."""
_TIMES = 1.5
"""Minimum ratio of the share in a peak to that in all other periods. In a large archive smaller
differences are significant, too, but nobody sees them."""
_SIGNIFICANT = 15.13
"""Minimum log-likelihood of a peak: p < .0001, as hundreds of periods are tested."""
_DIP = 0.5
"""Two peaks are one unless the share falls between them to this part of the lower one."""


class Count(NamedTuple):
    """The articles of a period."""

    articles: int
    """Number of those that match."""
    all_articles: int
    """Number of all articles of the period."""

    @property
    def share(self) -> float:
        """The share of the articles that match; 0 in a period without articles."""
        return self.articles / self.all_articles if self.all_articles else 0.0


def peaks(periods: Sequence[Count], archive: int) -> list[int]:
    """Return the places of the peaks, the most significant first, at most MOST_PEAKS.

    A period is a peak if its share exceeds that of all other periods together by the log-likelihood
    ratio test (Dunning 1993; Rayson and Garside 2000 on its critical values), if it is at least
    _TIMES that share, and if no higher peak is near: between two peaks the share falls to half of
    the lower one (the prominence of a summit, as in topography).

    archive: number of dated articles in the archive, also outside of the periods.
    """
    total = sum(articles for articles, _ in periods)
    high = (
        place
        for place, (articles, every) in enumerate(periods)
        # As products, for one pass over thousands of days.
        if articles >= _LEAST_ARTICLES
        and every < archive
        and articles * (archive - every) >= _TIMES * (total - articles) * every
    )
    weights = {place: _weight(periods[place], total, archive) for place in high}
    found: list[int] = []
    for place in sorted(weights, key=lambda place: (-weights[place], place)):
        if weights[place] < _SIGNIFICANT or len(found) == MOST_PEAKS:
            break
        if all(_is_apart(periods, place, other) for other in found):
            found.append(place)
    return found


def _weight(period: Count, total: int, archive: int) -> float:
    """Return the log-likelihood of a period."""
    rest, outside = archive - period.all_articles, total - period.articles
    return log_likelihood(period.articles, period.all_articles, outside, rest)


def _is_apart(periods: Sequence[Count], place: int, other: int) -> bool:
    """Return whether the share falls far enough between two periods."""
    first, last = sorted((place, other))
    lower = min(periods[first].share, periods[last].share)
    return any(period.share <= _DIP * lower for period in periods[first + 1 : last])
