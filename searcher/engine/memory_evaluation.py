"""The evaluation of plans by the engine in memory, article by article."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from searcher.article import Article
from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine import weights
from searcher.engine.explain import score_parts
from searcher.engine.formulas import bm25, freshness, idf
from searcher.engine.memory_places import MemoryPlaces
from searcher.engine.memory_vocabulary import TermEntries
from searcher.engine.patterns import BODY_START, Pattern, frequency
from searcher.engine.places import printed_key
from searcher.engine.plan import (
    PlacedWord,
    Plan,
    PlanEither,
    PlanGroup,
    PlanNode,
    Unresolved,
    scores,
)
from searcher.engine.searches import ScorePart, facet_value
from searcher.engine.terms import TEXT
from searcher.query.tree import (
    Copies,
    HasValue,
    Language,
    OfStory,
    Published,
    StorySize,
)

Frequencies = dict[str, float]
"""Frequency of a pattern by article id; articles without an occurrence are left out."""


class Evaluation:
    """The evaluation of one plan on all articles."""

    def __init__(
        self, plan: Plan, entries: TermEntries, places: MemoryPlaces, deadline: float | None
    ) -> None:
        """
        plan: the plan.
        entries: all articles.
        places: their places among the stories.
        deadline: time of time.monotonic after which no pattern is counted.
        """
        self.plan = plan
        self.entries = entries
        self._places = places
        self.cut_short = False
        lengths = [terms.length for _, terms in entries.values()]
        self.average_length = sum(lengths) / len(lengths) if lengths else 0.0
        self.frequencies: dict[Pattern, Frequencies] = {}
        for pattern in (*plan.patterns(), *(word.pattern for word in plan.words)):
            if deadline is None or time.monotonic() <= deadline:
                self.frequencies[pattern] = self._count(pattern)

    def _count(self, pattern: Pattern) -> Frequencies:
        counts = {
            article_id: frequency(pattern, terms.fields[pattern.field])
            for article_id, (_, terms) in self.entries.items()
        }
        return {article_id: count for article_id, count in counts.items() if count}

    def matching(self) -> list[Article]:
        """Return the articles that match the plan, before they are narrowed."""
        if self.plan.is_empty:
            return []
        return [
            article
            for article, _ in self.entries.values()
            if self.matches(self.plan.finds, article)
        ]

    def narrowed(self, articles: Iterable[Article], ignored: str | None = None) -> list[Article]:
        """Return those of the articles that match the filters that were chosen, apart from those of
        the field `ignored`."""
        chosen = [group for field, group in self.plan.narrowed if field != ignored]
        return [
            article for article in articles if all(self.matches(group, article) for group in chosen)
        ]

    def shown(self, articles: Iterable[Article], first: Collection[str]) -> list[Article]:
        """Return the articles without the copies that the query hides.

        first: ids of the articles that come before all others of their copies.
        """
        found = list(articles)
        if self.plan.copies is not Copies.HIDE:
            return found
        in_order = sorted(found, key=lambda one: (one.id not in first, *printed_key(one)))
        kept = {article.id for article in self._places.once(in_order)}
        return [article for article in found if article.id in kept]

    def matches(self, node: PlanNode, article: Article, unknown: bool = False) -> bool:
        """Return whether the article matches; `unknown` for a pattern that was not counted before
        the deadline."""
        match node:
            case PlanGroup():
                return (
                    all(self.matches(child, article, unknown) for child in node.required)
                    and not any(
                        self.matches(child, article, not unknown) for child in node.excluded
                    )
                    and (
                        not node.needs_wanted
                        or any(self.matches(child, article, unknown) for child in node.wanted)
                    )
                )
            case PlanEither():
                return any(self.matches(child, article, unknown) for child in node.nodes)
            case Unresolved():
                self.cut_short = True
                return unknown
            case Language():
                return article.language in node.codes
            case Published():
                moment = article.published.value if article.published else None
                return (
                    moment is not None
                    and (node.start is None or node.start <= moment)
                    and (node.end is None or moment < node.end)
                )
            case OfStory():
                exists = node.article_id in self.entries
                return exists and self._places.are_one_story(node.article_id, article.id)
            case StorySize():
                size = self._places.size(article.id)
                return node.low <= size and (node.high is None or size <= node.high)
            case HasValue():
                return facet_value(article, node.facet) in node.values
            case Pattern():
                if node not in self.frequencies:
                    self.cut_short = True
                    return unknown
                return article.id in self.frequencies[node]

    def score(self, node: PlanNode, article: Article) -> float:
        """Return the sum over the scoring leaves that the article matches. Leaves below a node that
        it does not match add nothing."""
        if not self.matches(node, article):
            return 0.0
        if isinstance(node, PlanGroup):
            return sum(self.score(child, article) for child in (*node.required, *node.wanted))
        if isinstance(node, PlanEither):
            return sum(self.score(child, article) for child in node.nodes)
        if isinstance(node, Pattern) and scores(node):
            found = self.frequencies[node]
            weight = node.factor * idf(len(found), len(self.entries))
            return self._bm25(article, found[article.id], weight)
        return 0.0

    def parts(self, article: Article, gains: Mapping[str, float]) -> tuple[ScorePart, ...]:
        """Return the parts of the article's score."""
        children = (*self.plan.root.required, *self.plan.root.wanted)
        return score_parts(
            self.plan.names, [self.score(child, article) for child in children], gains
        )

    def gains(
        self, found: list[tuple[Article, float]], first: frozenset[str], half_life: float | None
    ) -> dict[str, dict[str, float]]:
        """Return the extra score of the best articles, by id and kind.

        found: the articles found, with their scores by single words.
        first: ids of those that come before all others.
        half_life: age in seconds at which recency adds half as much; None ignores dates.
        """
        ranks = sorted(
            ((article.id in first, round(score, SCORE_DIGITS)) for article, score in found),
            reverse=True,
        )
        least = ranks[weights.WINDOW - 1] if len(ranks) >= weights.WINDOW else (False, 0.0)
        telling = [word for word in self.plan.words if self._is_telling(word.pattern)]
        pairs = list(self._pairs(telling))
        idf_sum = sum(
            idf(len(self.frequencies[word.pattern]), len(self.entries)) for word in telling
        )
        moments = [_seconds(article) for article, _ in self.entries.values()]
        newest = max((moment for moment in moments if moment is not None), default=0)
        gains = {}
        for article, score in found:
            rounded = round(score, SCORE_DIGITS)
            if (article.id in first, rounded) >= least and rounded > 0:
                all_words = len(telling) > 1 and all(
                    article.id in self.frequencies[word.pattern] for word in telling
                )
                gained = {
                    "pairs": self._weighted(pairs, article),
                    "all_words": weights.ALL_WORDS * idf_sum if all_words else 0.0,
                    "first_zone": weights.HEADLINE * idf_sum
                    if self._in_headline(telling, article)
                    else 0.0,
                }
                moment = _seconds(article)
                if half_life and moment is not None:
                    fresh = freshness(newest - moment, half_life)
                    gained["recency"] = weights.RECENCY * fresh * (score + sum(gained.values()))
                gains[article.id] = gained
        return gains

    def _weighted(self, counted: Iterable[tuple[float, Frequencies]], article: Article) -> float:
        return sum(
            weight
            * self._bm25(article, counts.get(article.id, 0), idf(len(counts), len(self.entries)))
            for weight, counts in counted
        )

    def _bm25(self, article: Article, frequency: float, weight: float) -> float:
        length = self.entries[article.id][1].length
        return bm25(frequency, length, self.average_length, weight, self.plan.b)

    def _is_telling(self, pattern: Pattern) -> bool:
        found = len(self.frequencies[pattern])
        return bool(found) and not weights.is_common(found, len(self.entries))

    def _pairs(self, telling: Sequence[PlacedWord]) -> Iterator[tuple[float, Frequencies]]:
        """Yield the frequencies of each pair of neighbouring words, each with its weight: first of
        the pair in the query's order, then of the pair near each other."""
        for left, right in pairwise(telling):
            first, second = left.pattern.alternatives[0][-1], right.pattern.alternatives[0][0]
            gap = right.start - left.start - len(left.pattern.alternatives[0]) + 1
            if first == second or gap >= weights.NEAR_WINDOW:
                continue
            ordered: Frequencies = {}
            for article_id, (_, terms) in self.entries.items():
                places = [
                    {at for term in run for at in terms.fields[TEXT].get(term, ())}
                    for run in (first, second)
                ]
                if count := sum(at + gap in places[1] for at in places[0]):
                    ordered[article_id] = count
            yield weights.ORDERED, ordered
            yield (
                weights.NEAR,
                self._count(Pattern(TEXT, ((first, second),), window=weights.NEAR_WINDOW)),
            )

    def _in_headline(self, telling: Sequence[PlacedWord], article: Article) -> bool:
        """Return whether the headline has the words in the query's order and distances."""
        terms = self.entries[article.id][1].fields[TEXT]
        starts: list[set[int]] = []
        for word in telling:
            run = word.pattern.alternatives[0]
            for edge, place in ((run[0], word.start), (run[-1], word.start + len(run) - 1)):
                at = {
                    position
                    for term in edge
                    for position in terms.get(term, ())
                    if position < BODY_START
                }
                starts.append({position - place for position in at})
        return bool(starts) and bool(set.intersection(*starts))


def _seconds(article: Article) -> int | None:
    return int(article.published.value.timestamp()) if article.published else None
