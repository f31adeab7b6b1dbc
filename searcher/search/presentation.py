"""Hits made of a ranking: each article with its marked title and its snippets."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.clock import Clock
from searcher.engine.protocol import Ranking
from searcher.search.highlight import Highlighter
from searcher.search.hits import Hit
from searcher.search.snippets import snippets


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
