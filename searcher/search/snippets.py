"""Hits with their snippets: one or two passages of an article that show best why it matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from searcher.article import Article
from searcher.clock import Clock
from searcher.engine.searches import Ranking
from searcher.search.highlight import Highlighter
from searcher.search.hits import Hit, Snippet
from searcher.search.passages import passages

_TOGETHER = 100_000
"""Maximum number of characters of articles that are analysed together. More takes memory: 20 bytes
a character."""


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
        shown = chosen.titles_and_bodies(group)
        chosen_passages = passages([body for _, body in shown])
        for (title, _), texts in zip(shown, chosen_passages, strict=True):
            article, score = ranking.ranked[at]
            yield Hit(article, score, title, texts, explained[at])
            at += 1


def _group(articles: Sequence[Article]) -> Sequence[Article]:
    """Return the first of these articles, at most _TOGETHER characters and at least one."""
    sizes = accumulate(sum(map(len, article.paragraphs)) for article in articles)
    return articles[: max(1, sum(1 for _ in takewhile(_TOGETHER.__ge__, sizes)))]


def snippets(article: Article, highlighter: Highlighter) -> tuple[Snippet, ...]:
    """Return the passages of an article; see `passages`."""
    (found,) = passages([highlighter.title_and_body(article)[1]])
    return found
