"""Snippets: the one or two passages of an article that show best why it was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from searcher.article import Article
from searcher.query.tree import Span
from searcher.search.highlight import Highlighter, beginning, merge
from searcher.search.hits import Snippet
from searcher.text.sentences import sentence_starts

SHORTEST = 150
LONGEST = 220
"""Characters in a snippet, unless the whole body has fewer or a single word is longer."""
_LEAD_IN = 60
"""Characters shown before a match that has no sentence start near enough."""
_CANDIDATES_EACH = 60
"""Matches of each pattern around which a passage is tried."""


class _Window(NamedTuple):
    start: int
    end: int
    patterns: frozenset[int]
    hits: int
    opens: bool


def snippets(article: Article, highlighter: Highlighter) -> tuple[Snippet, ...]:
    """The best passage of the body and, if it shows what the first does not, a second one.

    Passages cover as many patterns as they can, begin with a sentence where they can, and cut no
    word. Without a match in the body the beginning is shown; without a body there is none.
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
    return (len(window.patterns), window.opens, window.hits, -window.start)


class _Body:
    """The paragraphs as one text, with its sentences and the matches in it."""

    def __init__(self, article: Article, highlighter: Highlighter) -> None:
        paragraphs = list(beginning(article.paragraphs))
        self.text = " ".join(paragraphs)
        self.starts: list[int] = []
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
        """The first matches of each pattern."""
        taken: dict[int, int] = {}
        spans = []
        for span, number in self.found:
            taken[number] = taken.get(number, 0) + 1
            if taken[number] <= _CANDIDATES_EACH:
                spans.append(span)
        return spans

    def window(self, match: Span) -> _Window:
        """The passage to show for a match: from its sentence's start, if the match then fits into
        it."""
        start = self._start(match)
        end = self._end(start, match[1])
        if end - start < SHORTEST and start > 0:
            start = self._earlier(end)
            end = self._end(start, match[1])
        inside = self.found[bisect_left(self._begins, start) : bisect_left(self._begins, end)]
        numbers = [number for span, number in inside if span[1] <= end]
        return _Window(start, end, frozenset(numbers), len(numbers), self._is_start(start))

    def _start(self, match: Span) -> int:
        sentence = self.starts[bisect_right(self.starts, match[0]) - 1] if self.starts else 0
        if match[1] - sentence <= LONGEST - 20:
            return sentence
        return self._word_start(max(0, match[0] - _LEAD_IN), match[0])

    def _earlier(self, end: int) -> int:
        """A start that leaves at least the shortest passage before `end`: a sentence's, if one lies
        right."""
        latest, earliest = max(0, end - SHORTEST), max(0, end - LONGEST)
        sentence = self.starts[max(0, bisect_right(self.starts, latest) - 1)]
        return sentence if sentence >= earliest else self._word_start(earliest, latest)

    def _word_start(self, at: int, latest: int) -> int:
        """The first word start from `at` to `latest`; `at` itself where no space divides the
        text."""
        if at == 0:
            return 0
        space = self.text.find(" ", at - 1, latest)
        return space + 1 if space >= 0 else at

    def _end(self, start: int, needed: int) -> int:
        """Where the passage is long enough and holds `needed`: a sentence's end, else the last
        word's that fits.

        A word longer than all that is cut.
        """
        limit = start + LONGEST
        if limit >= len(self.text):
            return len(self.text)
        sentence = self.starts[bisect_right(self.starts, limit + 1) - 1]
        end = len(self.text[start:sentence].rstrip()) + start
        if SHORTEST <= end - start <= LONGEST and end >= needed:
            return end
        space = self.text.rfind(" ", max(start, min(needed, start + SHORTEST)), limit + 1)
        return space if space > start else limit

    def _is_start(self, at: int) -> bool:
        index = bisect_left(self.starts, at)
        return index < len(self.starts) and self.starts[index] == at

    def snippet(self, window: _Window) -> Snippet:
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
