"""The choice of passages: the parts of a body that show best why it matches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from searcher.search.body import Body, Match

SHORTEST_SNIPPET = 150
"""Minimum number of characters of a snippet, unless the body is shorter."""
LONGEST_SNIPPET = 220
"""Maximum number of characters of a snippet: about two lines of the page."""
LEAD_IN = 60
"""Number of characters shown before a match that is too far from the beginning of its sentence."""
LEAD_OUT = 20
"""Minimum number of characters left after a match whose sentence begins the snippet."""
REACH = LONGEST_SNIPPET - 30
"""Number of characters from a match on that its passage is expected to show; the rest is before the
match. Larger values expect too much, smaller ones miss passages. Chosen with TRIED so that the
passages show the same patterns as the best of all passages in 99.3% of 2,715 hits of articles of
450 words (queries of `benchmarks.real`)."""
TRIED = 6
"""Maximum number of passages that are made to choose one of them. Larger values cost 5 us each."""

_Ahead: TypeAlias = tuple[int, int]
"""The patterns that a passage from a match on is expected to show, a bit each, and the number of
matches."""


class Window(NamedTuple):
    """A passage that may become a snippet."""

    start: int
    """First character in the body."""
    end: int
    """Character after the last."""
    patterns: int
    """The patterns that match in it, a bit each."""
    hits: int
    """Number of matches in it."""
    opens: bool
    """Whether it begins at the beginning of a sentence."""
    closes: bool
    """Whether it ends at the end of a sentence."""


class Windows:
    """The passages of one body."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._ahead = _ahead(body.matches)

    def best(self) -> Window:
        """Return the passage that matches most patterns; without matches the beginning."""
        if not self._ahead:
            return self._window((0, 0, -1))
        found = self._best(range(len(self._ahead)), 0)
        assert found is not None
        return found

    def second(self, best: Window) -> Window | None:
        """Return a passage apart from the best one that matches other patterns, or several; None
        without one."""
        outside = [
            number
            for number, ((start, end, _), (mask, _)) in enumerate(
                zip(self._body.matches, self._ahead, strict=True)
            )
            if (mask & ~best.patterns or mask.bit_count() > 1)
            and (start >= best.end or end <= best.start - LEAD_OUT)
        ]
        found = self._best(
            outside, best.patterns, lambda one: one.end <= best.start or one.start >= best.end
        )
        if found and (found.patterns & ~best.patterns or found.patterns.bit_count() > 1):
            return found
        return None

    def _best(
        self,
        numbers: Iterable[int],
        shown: int,
        fits: Callable[[Window], bool] = lambda window: True,
    ) -> Window | None:
        """Return the best of the passages around these matches that fit.

        shown: patterns that another passage shows; others are preferred to them.
        """
        expected = {
            number: ((mask & ~shown).bit_count(), mask.bit_count(), hits, -number)
            for number, (mask, hits) in ((number, self._ahead[number]) for number in numbers)
        }
        best, best_worth = None, (-1, -1, False, 0, 0)
        for _ in range(min(TRIED, len(expected))):
            number = max(expected, key=expected.__getitem__)
            new, patterns, _, _ = expected.pop(number)
            if (new, patterns) < best_worth[:2]:
                break
            window = self._window(self._body.matches[number])
            if fits(window) and (worth := _worth(window, shown)) > best_worth:
                best, best_worth = window, worth
            if best and best.opens and best_worth[:2] >= (new, patterns):
                break
        return best

    def _window(self, match: Match) -> Window:
        """Return the passage around a match, from the beginning of its sentence if that fits."""
        first, last, _ = match
        starts = self._body.sentences(last - LONGEST_SNIPPET, first + LONGEST_SNIPPET + 1)
        start = self._start(first, last, starts)
        end = self._end(start, last, starts)
        if end - start < SHORTEST_SNIPPET and start > 0:
            starts = self._body.sentences(end - LONGEST_SNIPPET, end + LONGEST_SNIPPET + 1)
            start = self._earlier(end, starts)
            end = self._end(start, last, starts)
        matches = self._body.matches
        patterns = hits = 0
        for at in range(bisect_left(matches, (start, 0, 0)), len(matches)):
            begin, stop, number = matches[at]
            if begin >= end:
                break
            if stop <= end:
                patterns |= 1 << number
                hits += 1
        closes = end == len(self._body.text) or end + 1 in starts or end in starts
        return Window(start, end, patterns, hits, start in starts, closes)

    def _start(self, first: int, last: int, starts: Sequence[int]) -> int:
        """Return the start of a passage around the match [first, last)."""
        at = bisect_right(starts, first) - 1
        if at >= 0 and last - starts[at] <= LONGEST_SNIPPET - LEAD_OUT:
            return starts[at]
        return self._word_start(max(0, first - LEAD_IN), first)

    def _earlier(self, end: int, starts: Sequence[int]) -> int:
        """Return a start at least SHORTEST_SNIPPET before `end`: the start of a sentence if one is
        in reach, else of a word."""
        latest, earliest = max(0, end - SHORTEST_SNIPPET), max(0, end - LONGEST_SNIPPET)
        at = bisect_right(starts, latest) - 1
        if at >= 0 and starts[at] >= earliest:
            return starts[at]
        return self._word_start(earliest, latest)

    def _word_start(self, at: int, latest: int) -> int:
        """Return the first beginning of a word from `at` to `latest`; `at` without a space in
        between."""
        if at == 0:
            return 0
        space = self._body.text.find(" ", at - 1, latest)
        return space + 1 if space >= 0 else at

    def _end(self, start: int, needed: int, starts: Sequence[int]) -> int:
        """Return the end of the passage: of a sentence if it is then long enough, else of the last
        word that fits.

        needed: the passage contains the text up to here. A word longer than the passage is cut.
        """
        text, limit = self._body.text, start + LONGEST_SNIPPET
        if limit >= len(text):
            return len(text)
        at = bisect_right(starts, limit + 1) - 1
        if at >= 0:
            end = start + len(text[start : starts[at]].rstrip())
            if SHORTEST_SNIPPET <= end - start <= LONGEST_SNIPPET and end >= needed:
                return end
        space = text.rfind(" ", max(start, min(needed, start + SHORTEST_SNIPPET)), limit + 1)
        return space if space > start else limit


def _worth(window: Window, shown: int) -> tuple[int, int, bool, int, int]:
    """Return the key by which passages are compared; larger is better."""
    new = (window.patterns & ~shown).bit_count()
    return (new, window.patterns.bit_count(), window.opens, window.hits, -window.start)


def _ahead(matches: Sequence[Match]) -> list[_Ahead]:
    """Return for each match the patterns and the number of matches within REACH from it on."""
    return list(_counted(matches))


def _counted(matches: Sequence[Match]) -> Iterator[_Ahead]:
    counts: dict[int, int] = {}
    mask = last = 0
    for first, (start, _, pattern) in enumerate(matches):
        while last < len(matches) and (last == first or matches[last][1] <= start + REACH):
            number = matches[last][2]
            counts[number] = counts.get(number, 0) + 1
            mask |= 1 << number
            last += 1
        yield mask, last - first
        counts[pattern] -= 1
        if not counts[pattern]:
            mask &= ~(1 << pattern)
