"""Articles that arrive one after the other, placed among the stories as in an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.protocol import Snapshot
from searcher.stories.clusters import LIMITS, Limits
from searcher.stories.judging import StoryJudge
from searcher.stories.placing import Placing


class Arrived(NamedTuple):
    """The stories when all articles have arrived."""

    groups: list[list[int]]
    """Numbers of the articles, in the order of arrival, by story."""
    actions: dict[str, int]
    """Number of articles that founded a story, joined one, or joined several."""


def arrive(articles: Sequence[Article], snapshot: Snapshot, limits: Limits = LIMITS) -> Arrived:
    """Return the stories of articles that arrive in this order.

    snapshot: of an index that holds them, and places none.
    """
    judge = StoryJudge(snapshot, limits)
    placing = Placing(snapshot)
    judge.expect(articles)
    actions: Counter[str] = Counter()
    for article in articles:
        found = judge.verdicts(article, placing.place)
        places = (placing.place(verdict.article_id) for verdict in found)
        stories = {place.story for place in places if place}
        actions[("founded", "joined", "merged")[min(len(stories), 2)]] += 1
        placing.add(article.id, found)
    groups: dict[int, list[int]] = {}
    for number, article in enumerate(articles):
        groups.setdefault(placing.places[article.id].story, []).append(number)
    return Arrived(list(groups.values()), dict(actions))
