"""Hits with their snippets: one or two passages of an article that show best why it matches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.protocol import Ranking
from searcher.query.tree import Span
from searcher.search.highlight import Highlighter, beginning, merge
from searcher.search.hits import Hit, Snippet
from searcher.text.sentences import sentence_starts

SHORTEST_SNIPPET = 150
"""Minimum number of characters of a snippet, unless the body is shorter."""
LONGEST_SNIPPET = 220
"""Maximum number of characters of a snippet: about two lines of the page."""
_LEAD_IN = 60
"""Number of characters shown before a match that is too far from the beginning of its sentence."""
_LEAD_OUT = 20
"""Minimum number of characters left after a match whose sentence begins the snippet."""
_CANDIDATES_EACH = 60
"""Maximum number of matches of each pattern around which a passage is tried. Larger values cost
time in long articles."""


class _Window(NamedTuple):
    """A passage that may become a snippet."""

    start: int
    """First character in the body."""
    end: int
    """Character after the last."""
    patterns: frozenset[int]
    """Numbers of the patterns that match in it."""
    hits: int
    """Number of matches in it."""
    opens: bool
    """Whether a sentence begins at its start."""


def hits_of(
    ranking: Ranking, clock: Clock, deadline: float, explain: bool = False
) -> Iterator[Hit]:
    """Yield the hits of a ranking.

    deadline: monotonic time in seconds, after which hits show the beginning of their article
    without marks. explain: whether hits carry the parts of their score.
    """
    highlighter, plain = Highlighter(ranking.patterns), Highlighter(())
    explained = ranking.parts if explain else (None,) * len(ranking.ranked)
    for (article, score), parts in zip(ranking.ranked, explained, strict=True):
        chosen = highlighter if clock.monotonic() <= deadline else plain
        yield Hit(article, score, chosen.mark_title(article), snippets(article, chosen), parts)


def snippets(article: Article, highlighter: Highlighter) -> tuple[Snippet, ...]:
    """Return the best passage of the body, and a second one that matches other patterns or several.

    Passages match as many patterns as possible, begin with a sentence if possible, and cut no word.
    Without a match the beginning of the body is returned; without a body nothing is.
    """
    body = _Body(article, highlighter)
    if not body.text:
        return ()
    candidates = [body.window(span) for span in body.candidates()] or [body.window((0, 0))]
    best = max(candidates, key=_worth)
    chosen = [best]
    others = [
        window for window in candidates if window.end <= best.start or window.start >= best.end
    ]
    second = max(
        others,
        key=lambda window: (len(window.patterns - best.patterns), *_worth(window)),
        default=None,
    )
    if second and (second.patterns - best.patterns or len(second.patterns) > 1):
        chosen.append(second)
    return tuple(body.snippet(window) for window in sorted(chosen))


def _worth(window: _Window) -> tuple[int, bool, int, int]:
    """Return the key by which passages are compared; larger is better."""
    return (len(window.patterns), window.opens, window.hits, -window.start)


class _Body:
    """The paragraphs as one text, with its sentences and matches."""

    def __init__(self, article: Article, highlighter: Highlighter) -> None:
        paragraphs = list(beginning(article.paragraphs))
        self.text = " ".join(paragraphs)
        self.starts: list[int] = []
        """Beginnings of sentences, ascending."""
        offsets = []
        offset = 0
        for paragraph in paragraphs:
            offsets.append(offset)
            self.starts.extend(offset + start for start in sentence_starts(paragraph))
            offset += len(paragraph) + 1
        self.found: list[tuple[Span, int]] = [
            ((offsets[paragraph] + start, offsets[paragraph] + end), number)
            for paragraph, (start, end), number in highlighter.locate_body(article)
        ]
        self._begins = [span[0] for span, _ in self.found]

    def candidates(self) -> list[Span]:
        """Return the first matches of each pattern, at most _CANDIDATES_EACH."""
        taken: dict[int, int] = {}
        spans = []
        for span, number in self.found:
            taken[number] = taken.get(number, 0) + 1
            if taken[number] <= _CANDIDATES_EACH:
                spans.append(span)
        return spans

    def window(self, match: Span) -> _Window:
        """Return the passage around a match, from the beginning of its sentence if that fits."""
        start = self._start(match)
        end = self._end(start, match[1])
        if end - start < SHORTEST_SNIPPET and start > 0:
            start = self._earlier(end)
            end = self._end(start, match[1])
        inside = self.found[bisect_left(self._begins, start) : bisect_left(self._begins, end)]
        numbers = [number for span, number in inside if span[1] <= end]
        return _Window(start, end, frozenset(numbers), len(numbers), self._is_start(start))

    def _start(self, match: Span) -> int:
        sentence = self.starts[bisect_right(self.starts, match[0]) - 1] if self.starts else 0
        if match[1] - sentence <= LONGEST_SNIPPET - _LEAD_OUT:
            return sentence
        return self._word_start(max(0, match[0] - _LEAD_IN), match[0])

    def _earlier(self, end: int) -> int:
        """Return a start at least SHORTEST_SNIPPET before `end`: the start of a sentence if one is
        in reach, else of a word."""
        latest, earliest = max(0, end - SHORTEST_SNIPPET), max(0, end - LONGEST_SNIPPET)
        sentence = self.starts[max(0, bisect_right(self.starts, latest) - 1)]
        return sentence if sentence >= earliest else self._word_start(earliest, latest)

    def _word_start(self, at: int, latest: int) -> int:
        """Return the first beginning of a word from `at` to `latest`; `at` without a space in
        between."""
        if at == 0:
            return 0
        space = self.text.find(" ", at - 1, latest)
        return space + 1 if space >= 0 else at

    def _end(self, start: int, needed: int) -> int:
        """Return the end of the passage: of a sentence if it is then long enough, else of the last
        word that fits.

        needed: the passage contains the text up to here. A word longer than the passage is cut.
        """
        limit = start + LONGEST_SNIPPET
        if limit >= len(self.text):
            return len(self.text)
        sentence = self.starts[bisect_right(self.starts, limit + 1) - 1]
        end = len(self.text[start:sentence].rstrip()) + start
        if SHORTEST_SNIPPET <= end - start <= LONGEST_SNIPPET and end >= needed:
            return end
        space = self.text.rfind(" ", max(start, min(needed, start + SHORTEST_SNIPPET)), limit + 1)
        return space if space > start else limit

    def _is_start(self, at: int) -> bool:
        index = bisect_left(self.starts, at)
        return index < len(self.starts) and self.starts[index] == at

    def snippet(self, window: _Window) -> Snippet:
        """Return the passage with its matches marked."""
        inside = self.found[: bisect_left(self._begins, window.end)]
        clipped = [
            (max(start, window.start), min(end, window.end))
            for (start, end), _ in inside
            if end > window.start
        ]
        highlights = tuple(
            (start - window.start, end - window.start) for start, end in merge(clipped)
        )
        closes = (
            window.end == len(self.text)
            or self._is_start(window.end + 1)
            or self._is_start(window.end)
        )
        return Snippet(self.text[window.start : window.end], highlights, window.opens, closes)
