"""Clusters: what an arriving article does among the stories that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from searcher.stories.likeness import Likeness, likeness
from searcher.stories.weights import Weighted


@dataclass(frozen=True, slots=True)
class Limits:
    """Minimum means of likeness.

    Chosen by `python -m benchmarks.stories DATA`: on ECB+ F1 is nearly the same with `joins` from
    .18 to .24 and `founds` from 0 to .08; the larger `founds`, the fewer stories of two articles
    are wrong.
    """

    joins: float = 0.18
    """Of an article with those of a story that it joins. Larger divides stories."""
    founds: float = 0.15
    """Added to that, divided by the number of the articles compared: a mean of few is less sure."""
    merges: float = 0.22
    """Of the articles of two stories that become one. Larger leaves the order of arrival more to
    say; smaller joins events of one subject."""


_NEVER = datetime.max.replace(tzinfo=UTC)
"""The time of an article without one: it is first of a story only if all others are without."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story, as far as it is needed to change it."""

    id: str
    """Its id: that of its earliest article."""
    time: datetime | None
    """When its earliest article was published."""
    size: int
    """Number of its articles."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that an arriving one is compared with."""

    article: Weighted
    """The article, weighted by the same frequencies as the arriving one."""
    story: Story
    """Its story."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A story that an arriving article is of, and the reason."""

    story: Story
    """The story as it was."""
    peer: str
    """Id of the candidate in it that is most like the arriving article."""
    likeness: Likeness
    """Likeness of the two."""


@dataclass(frozen=True, slots=True)
class Change:
    """The effect of an arriving article on the stories."""

    article: str
    """Id of the article."""
    story: Story
    """Its story, with the article in it."""
    joined: tuple[Joined, ...] = ()
    """The stories that became this one, the one that is most like the article first; () if the
    article founds a story."""

    @property
    def former(self) -> tuple[str, ...]:
        """Ids that lead to the story from now on."""
        return tuple(one.story.id for one in self.joined if one.story.id != self.story.id)


_LIMITS = Limits()


def place(arriving: Weighted, candidates: Iterable[Candidate], limits: Limits = _LIMITS) -> Change:
    """Return what an arriving article does: it joins a story, founds one, or joins two or more that
    become one.

    The order of the candidates does not matter.
    """
    pairs: dict[str, list[tuple[Candidate, Likeness]]] = {}
    for candidate in candidates:
        found = likeness(arriving, candidate.article)
        pairs.setdefault(candidate.story.id, []).append((candidate, found))
    scores = {story: [found.score for _, found in pairs[story]] for story in pairs}
    near = sorted(
        (-_mean(found), story)
        for story, found in scores.items()
        if _mean(found) >= limits.joins + limits.founds / len(found)
    )
    if not near:
        return Change(arriving.article, Story(arriving.article, arriving.time, 1))
    members = [arriving]
    joined: list[Joined] = []
    for _, story in near:
        others = [candidate for candidate, _ in pairs[story]]
        if not joined or _mean_likeness(members, others) >= limits.merges:
            members += [candidate.article for candidate in others]
            peer, reason = min(
                pairs[story], key=lambda pair: (-pair[1].score, pair[0].article.article)
            )
            joined.append(Joined(others[0].story, peer.article.article, reason))
    own = Story(arriving.article, arriving.time, 1)
    return Change(arriving.article, united([own, *(one.story for one in joined)]), tuple(joined))


def united(stories: Sequence[Story]) -> Story:
    """Return the story of all articles of some stories."""
    first = min(stories, key=lambda story: (story.time or _NEVER, story.id))
    return Story(first.id, first.time, sum(story.size for story in stories))


def _mean_likeness(articles: Sequence[Weighted], others: Sequence[Candidate]) -> float:
    """Return the mean likeness of the articles of two groups."""
    pairs = product(articles, others)
    return _mean([likeness(article, other.article).score for article, other in pairs])


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
