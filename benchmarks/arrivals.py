"""Articles that arrive one after the other, as in an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from searcher.stories.candidates import MemoryCandidates
from searcher.stories.clusters import Candidate, Limits, Story, place
from searcher.stories.profile import Profile
from searcher.stories.weights import Weighted


class Arrived(NamedTuple):
    """The stories when all articles have arrived."""

    groups: list[list[int]]
    """Numbers of the articles, in the order of arrival, by story."""
    actions: dict[str, int]
    """Number of articles that founded a story, joined one, or joined several."""


def arrive(
    profiles: Sequence[Profile], weighted: Mapping[str, Weighted], limits: Limits | None = None
) -> Arrived:
    """Return the stories of articles that arrive in this order.

    weighted: the articles by id.
    """
    known = MemoryCandidates()
    stories: dict[str, Story] = {}
    groups: dict[str, list[int]] = {}
    story_of: dict[str, str] = {}
    actions: Counter[str] = Counter()
    for number, profile in enumerate(profiles):
        article = weighted[profile.article]
        near = [
            Candidate(weighted[other.article], stories[story_of[other.article]])
            for other in known.near(article)
        ]
        change = place(article, near, limits or Limits())
        group = [number]
        for one in change.joined:
            stories.pop(one.story.id)
            group += groups.pop(one.story.id)
        stories[change.story.id] = change.story
        groups[change.story.id] = sorted(group)
        for member in group:
            story_of[profiles[member].article] = change.story.id
        known.add(profile)
        actions[("founded", "joined", "merged")[min(len(change.joined), 2)]] += 1
    return Arrived(list(groups.values()), dict(actions))
