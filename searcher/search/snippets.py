"""Hits with their snippets: one or two passages of an article that show best why it matches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.protocol import Ranking
from searcher.search.body import Body
from searcher.search.highlight import Highlighter, merge
from searcher.search.hits import Hit, Snippet
from searcher.search.windows import Window, Windows

_TOGETHER = 100_000
"""Maximum number of characters of articles that are analysed together. More takes memory: 20 bytes
a character."""
_LONGEST_MATCH = 1000
"""Maximum number of characters of a match that begins before a passage and is marked in it."""


def hits_of(
    ranking: Ranking, clock: Clock, deadline: float, explain: bool = False
) -> Iterator[Hit]:
    """Yield the hits of a ranking.

    deadline: monotonic time in seconds, after which hits show the beginning of their article
    without marks. explain: whether hits carry the parts of their score.
    """
    highlighter, plain = Highlighter(ranking.patterns), Highlighter(())
    explained = ranking.parts if explain else (None,) * len(ranking.ranked)
    at = 0
    while at < len(ranking.ranked):
        group = _group([article for article, _ in ranking.ranked[at:]])
        chosen = highlighter if clock.monotonic() <= deadline else plain
        for title, body in chosen.titles_and_bodies(group):
            article, score = ranking.ranked[at]
            yield Hit(article, score, title, _passages(body), explained[at])
            at += 1


def _group(articles: Sequence[Article]) -> Sequence[Article]:
    """Return the first of these articles, at most _TOGETHER characters and at least one."""
    sizes = accumulate(sum(map(len, article.paragraphs)) for article in articles)
    return articles[: max(1, sum(1 for _ in takewhile(_TOGETHER.__ge__, sizes)))]


def snippets(article: Article, highlighter: Highlighter) -> tuple[Snippet, ...]:
    """Return the best passage of the body, and a second one that matches other patterns or several.

    Passages match as many patterns as possible, begin with a sentence if possible, and cut no word.
    Without a match the beginning of the body is returned; without a body nothing is.
    """
    return _passages(highlighter.title_and_body(article)[1])


def _passages(body: Body) -> tuple[Snippet, ...]:
    if not body.text:
        return ()
    windows = Windows(body)
    best = windows.best()
    second = windows.second(best)
    chosen = [best] if second is None else sorted((best, second))
    return tuple(_snippet(body, window) for window in chosen)


def _snippet(body: Body, window: Window) -> Snippet:
    """Return the passage with its matches marked."""
    first = bisect_left(body.matches, (window.start - _LONGEST_MATCH, 0, 0))
    last = bisect_left(body.matches, (window.end, 0, 0))
    clipped = [
        (max(start, window.start) - window.start, min(end, window.end) - window.start)
        for start, end, _ in body.matches[first:last]
        if end > window.start
    ]
    text = body.text[window.start : window.end]
    return Snippet(text, merge(clipped), window.opens, window.closes)
