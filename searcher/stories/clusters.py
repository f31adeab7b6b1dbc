"""Clusters: the stories that an arriving article is of, among those that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from searcher.stories.likeness import Likeness, likeness
from searcher.stories.weights import Weighted

_FEW, _MOST = 4, 2.0
"""Number of rare names in common above which an article counts for more than one, and the maximum
that it counts for. Of pairs of Reuters that a person judged, nearly all wrong ones have at most
five: notices of one kind or of one company."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Minimum means of likeness.

    Chosen by `python -m benchmarks.stories DATA`: on ECB+ F1 is nearly the same with `joins` from
    .12 to .18 and `founds` from .2 to .3; the larger `founds`, the fewer stories of two articles
    are wrong.
    """

    joins: float = 0.14
    """Of an article with those of a story that it joins. Larger divides stories."""
    founds: float = 0.28
    """Added to that, divided by the evidence: a mean of few articles is less sure, and so is one of
    articles with few names in common."""
    merges: float = 0.25
    """Of the articles of two stories that become one, and of an article that makes them one with
    those of each. Larger leaves the order of arrival more to say; smaller joins events of one
    subject."""

    def are_met(self, found: Sequence[Likeness]) -> bool:
        """Return whether an article is of one story with others, by its likeness to each."""
        evidence = sum([min(max(len(one.common) / _FEW, 1.0), _MOST) for one in found])
        return _mean_score(found) >= self.joins + self.founds / evidence


LIMITS = Limits()
"""The limits that were chosen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that an arriving one is compared with."""

    article: Weighted
    """The article, weighted by the same frequencies as the arriving one."""
    story: int
    """Number of its story."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A story that an arriving article is of, and the reason."""

    story: int
    """Its number."""
    peer: str
    """Id of the candidate in it that is most like the arriving article."""
    likeness: Likeness
    """Likeness of the two."""


def joined(
    arriving: Weighted,
    candidates: Iterable[Candidate],
    limits: Limits = LIMITS,
    differs: Callable[[str], bool] = lambda _: False,
) -> tuple[Joined, ...]:
    """Return the stories that an arriving article is of, the most similar first: several become
    one, and without any it founds a story.

    The order of the candidates does not matter. differs: returns whether an article, by its id, is
    another notice of the same form as the arriving one; it is asked about those that are alike.
    """
    pairs: dict[int, list[tuple[Candidate, Likeness]]] = {}
    for candidate in candidates:
        found = likeness(arriving, candidate.article)
        if found.score >= limits.joins and differs(candidate.article.article):
            found = replace(found, score=0.0, doubt="form")
        pairs.setdefault(candidate.story, []).append((candidate, found))
    return tuple(_joined(pairs[story]) for story in _pooled(arriving, pairs, limits))


_Pairs = Sequence[tuple[Candidate, Likeness]]
"""The candidates in a story, each with its likeness to the arriving article."""


def _pooled(arriving: Weighted, pairs: Mapping[int, _Pairs], limits: Limits) -> list[int]:
    """Return the stories that an article is of, the most similar first.

    Stories that are alike count as one story, whose articles are evidence together. Without that,
    the first articles on an event would stay apart until one of them is alike enough alone.
    """
    means = {story: _mean_score([one for _, one in held]) for story, held in pairs.items()}
    near = sorted((-mean, story) for story, mean in means.items() if mean >= limits.joins)
    members: list[Weighted] = []
    found: list[Likeness] = []
    pooled: list[int] = []
    for _, story in near:
        others = [candidate for candidate, _ in pairs[story]]
        if not pooled or _are_alike(members, others, [one for _, one in pairs[story]], limits):
            members += [candidate.article for candidate in others]
            found += [one for _, one in pairs[story]]
            pooled.append(story)
    if pooled and limits.are_met(found):
        return pooled
    return [story for story in pooled[:1] if limits.are_met([one for _, one in pairs[story]])]


def _joined(pairs: _Pairs) -> Joined:
    """Return the story of some candidates as one that an article joins."""
    peer, found = min(pairs, key=lambda pair: (-pair[1].score, pair[0].article.article))
    return Joined(peer.story, peer.article.article, found)


def _are_alike(
    members: Sequence[Weighted],
    others: Sequence[Candidate],
    found: Sequence[Likeness],
    limits: Limits,
) -> bool:
    """Return whether a story is that of some members, too: their articles are like each other, and
    the arriving one is like its articles, as `found` says. One of both is not enough: an article on
    two events is like both, and events of one kind are like each other."""
    return min(_mean_score(found), _mean_likeness(members, others)) >= limits.merges


def _mean_likeness(articles: Sequence[Weighted], others: Sequence[Candidate]) -> float:
    """Return the mean likeness of the articles of two groups."""
    pairs = product(articles, others)
    return _mean([likeness(article, other.article).score for article, other in pairs])


def _mean_score(found: Sequence[Likeness]) -> float:
    return _mean([one.score for one in found])


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
