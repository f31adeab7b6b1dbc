"""The engine in memory: brute force, obviously right, the oracle of the others."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise

from searcher.article import Article
from searcher.columnar.constants import SCORE_DIGITS
from searcher.engine import weights
from searcher.engine.contexts import Closing, Committing
from searcher.engine.formulas import bm25, freshness, idf
from searcher.engine.patterns import BODY_START, Pattern, frequency
from searcher.engine.plan import (
    PlacedWord,
    Plan,
    PlanEither,
    PlanGroup,
    PlanNode,
    Unknown,
    resolve,
    scores,
)
from searcher.engine.protocol import MONTH, Ranking, ScorePart, Search
from searcher.engine.ranking import BUDGET_SPENT, rank_key, score_parts
from searcher.engine.terms import FORM, NAME, PHRASE, TEXT, ArticleTerms, terms_of
from searcher.errors import IndexLocked, IndexMissing
from searcher.query.tree import Language, Published
from searcher.text.names import ALL_CAPS, key
from searcher.text.tokens import ENDS_COMPOUND

Frequencies = dict[str, float]
"""How often a pattern occurs, by article id; articles without an occurrence are not in it."""


class MemoryEngine:
    """Articles in a dict. A commit replaces the dict, so a snapshot is a reference to an old
    one."""

    def __init__(self) -> None:
        self._current: MemorySnapshot | None = None
        self._lock = threading.Lock()

    def exists(self) -> bool:
        return self._current is not None

    def snapshot(self) -> MemorySnapshot:
        if self._current is None:
            raise IndexMissing("there is no index in memory yet")
        return self._current

    def is_untidy(self) -> bool:
        return False

    def writer(self, wait: float = 10.0, afresh: bool = False, quick: bool = False) -> MemoryWriter:
        if not self._lock.acquire(timeout=wait):
            raise IndexLocked("the index in memory is being written by this process")
        if self._current is None:
            self._current = MemorySnapshot(0, {})
        return MemoryWriter(self, afresh)


class MemoryWriter(Committing):
    def __init__(self, engine: MemoryEngine, afresh: bool) -> None:
        self._engine = engine
        current = engine.snapshot()
        self._generation = current.generation + 1
        self._entries = {} if afresh else dict(current.entries)

    def add(self, article: Article) -> None:
        self._entries[article.id] = (article, terms_of(article))

    def delete(self, article_id: str) -> None:
        self._entries.pop(article_id, None)

    def commit(self) -> int:
        self._engine._current = MemorySnapshot(self._generation, self._entries)
        self._engine._lock.release()
        return self._generation

    def cancel(self) -> None:
        self._engine._lock.release()


class MemorySnapshot(Closing):
    def __init__(
        self, generation: int, entries: Mapping[str, tuple[Article, ArticleTerms]]
    ) -> None:
        self.generation = generation
        self.entries = entries

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def vocabulary(self) -> _Vocabulary:
        return _Vocabulary(self.entries)

    def search(self, search: Search) -> Ranking:
        deadline = time.monotonic() + search.seconds if search.seconds is not None else None
        plan = resolve(search.query, self.facet("language"), self.vocabulary, deadline)
        evaluation = _Evaluation(plan, self.entries, deadline)
        found = [
            (article, evaluation.score(plan.root, article)) for article in evaluation.matching()
        ]
        total_all = sum(evaluation.holds_all(plan.root, article) for article, _ in found)
        gains: dict[str, dict[str, float]] = {}
        if search.sort == "relevance" and not evaluation.cut_short:
            gains = evaluation.gains(found, search.half_life)
            found = [
                (article, score + sum(gains.get(article.id, {}).values()))
                for article, score in found
            ]
        found.sort(key=lambda pair: rank_key(pair[0], pair[1], search.sort))
        page = found[search.offset : search.offset + search.limit] if not plan.is_empty else []
        explained = page if search.explain else []
        return Ranking(
            total=len(found) if search.totals else -1,
            total_all=total_all if search.totals else -1,
            ranked=tuple(page),
            patterns=tuple(plan.patterns(scoring_only=True)),
            warnings=plan.warnings + ((BUDGET_SPENT,) if evaluation.cut_short else ()),
            facets={
                name: dict(Counter(_values(name, (article for article, _ in found))))
                for name in search.facets
            },
            also=plan.also,
            parts=tuple(evaluation.parts(one, gains.get(one.id, {})) for one, _ in explained),
        )

    def article(self, article_id: str) -> Article | None:
        entry = self.entries.get(article_id)
        return entry[0] if entry else None

    def articles(self) -> Iterator[Article]:
        return (article for article, _ in self.entries.values())

    def facet(self, name: str) -> dict[str, int]:
        return dict(Counter(getattr(article, name) for article, _ in self.entries.values()))

    def check(self) -> Iterator[str]:
        for article_id, (article, terms) in self.entries.items():
            if article.id != article_id or terms != terms_of(article):
                yield f"article {article_id}: its terms are not those of its text"

    def close(self) -> None:
        """Nothing to give up."""


def _values(facet: str, articles: Iterable[Article]) -> Iterator[str]:
    """The values of a facet; articles without a date are in no month."""
    for article in articles:
        if facet != MONTH:
            yield getattr(article, facet)
        elif article.published:
            moment = article.published.value.astimezone(UTC)
            yield f"{moment.year:04}-{moment.month:02}"


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    entries: Mapping[str, tuple[Article, ArticleTerms]]

    def _counts(self) -> dict[str, int]:
        return Counter(form for _, terms in self.entries.values() for form in terms.fields[FORM])

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        return (
            (form, count)
            for form, count in sorted(self._counts().items())
            if form.startswith(prefix)
        )

    def listed(self, keys: Iterable[str]) -> Iterator[tuple[str, int]]:
        counts = Counter(name for _, terms in self.entries.values() for name in terms.fields[NAME])
        for name, count in counts.items():
            begin, _, form = name.partition(" ")
            if begin in keys:
                yield form, count

    def holding(self, form: str) -> int:
        return sum(form in terms.fields[FORM] for _, terms in self.entries.values())

    def name_share(self, form: str) -> float:
        held = [terms.fields for _, terms in self.entries.values() if form in terms.fields[FORM]]
        named = [len(fields[NAME].get(f"{key(form)} {form}", ())) for fields in held]
        shouted = [len(fields[NAME].get(f"{ALL_CAPS} {form}", ())) for fields in held]
        if 2 * (sum(map(bool, named)) + sum(map(bool, shouted))) < len(held):
            return 0.0
        written = sum(len(fields[FORM][form]) for fields in held) - sum(shouted)
        return sum(named) / written if written else 0.0

    def stems(self, terms: Sequence[str]) -> list[int]:
        return [
            sum(term in held.fields[TEXT] for _, held in self.entries.values()) for term in terms
        ]

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return sorted(self.with_prefix(prefix), key=lambda found: (-found[1], found[0]))[:count]

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        counts = Counter(
            phrase for _, terms in self.entries.values() for phrase in terms.fields[PHRASE]
        )
        found = [(phrase, times) for phrase, times in counts.items() if phrase.startswith(prefix)]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:count]

    def within(self, word: str, distance: int) -> Iterable[tuple[str, int, int]]:
        for form, count in self._counts().items():
            if form[0] != ENDS_COMPOUND and (edits := edit_distance(word, form)) <= distance:
                yield form, edits, count


def edit_distance(first: str, second: str) -> int:
    """Optimal string alignment distance by its recurrence (Damerau 1964; Boytsov 2011, section
    2.2.3)."""
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            if i == 0 or j == 0:
                rows[i][j] = i + j
                continue
            same = first[i - 1] == second[j - 1]
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same)
            )
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


class _Evaluation:
    """One plan on all articles."""

    def __init__(
        self,
        plan: Plan,
        entries: Mapping[str, tuple[Article, ArticleTerms]],
        deadline: float | None,
    ) -> None:
        self.plan = plan
        self.entries = entries
        self.cut_short = False
        lengths = [terms.length for _, terms in entries.values()]
        self.average_length = sum(lengths) / len(lengths) if lengths else 0.0
        self.frequencies: dict[Pattern, Frequencies] = {}
        for pattern in plan.patterns():
            if deadline is None or time.monotonic() <= deadline:
                self.frequencies[pattern] = self._count(pattern)

    def _count(self, pattern: Pattern) -> Frequencies:
        counts = {
            article_id: frequency(pattern, terms.fields[pattern.field])
            for article_id, (_, terms) in self.entries.items()
        }
        return {article_id: count for article_id, count in counts.items() if count}

    def matching(self) -> list[Article]:
        if self.plan.is_empty:
            return []
        holds = self.holds_all if self.plan.match_all else self.matches
        return [article for article, _ in self.entries.values() if holds(self.plan.root, article)]

    def matches(self, node: PlanNode, article: Article, unknown: bool = False) -> bool:
        """Whether the article matches; `unknown` is what it is taken to do where there was no time
        to look."""
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
            case Unknown():
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
            case Pattern():
                if node not in self.frequencies:
                    self.cut_short = True
                    return unknown
                return article.id in self.frequencies[node]

    def holds_all(self, node: PlanNode, article: Article) -> bool:
        if isinstance(node, PlanGroup):
            return all(
                self.holds_all(child, article) for child in (*node.required, *node.wanted)
            ) and not any(self.matches(child, article, unknown=True) for child in node.excluded)
        if isinstance(node, PlanEither):
            return any(self.holds_all(child, article) for child in node.nodes)
        return self.matches(node, article)

    def score(self, node: PlanNode, article: Article) -> float:
        """The sum over the scoring leaves that the article matches; what stands in an unmatched
        part adds nothing."""
        if not self.matches(node, article):
            return 0.0
        if isinstance(node, PlanGroup):
            return sum(self.score(child, article) for child in (*node.required, *node.wanted))
        if isinstance(node, PlanEither):
            return sum(self.score(child, article) for child in node.nodes)
        if isinstance(node, Pattern) and scores(node):
            found = self.frequencies[node]
            weight = idf(len(found), len(self.entries))
            return bm25(
                found[article.id], self.entries[article.id][1].length, self.average_length, weight
            )
        return 0.0

    def parts(self, article: Article, gains: Mapping[str, float]) -> tuple[ScorePart, ...]:
        """What the article's score is made of."""
        children = (*self.plan.root.required, *self.plan.root.wanted)
        return score_parts(
            self.plan.names, [self.score(child, article) for child in children], gains
        )

    def gains(
        self, found: list[tuple[Article, float]], half_life: float | None
    ) -> dict[str, dict[str, float]]:
        """Return by article id what rescoring adds to the best by single words, by its kind."""
        window = weights.BROAD_WINDOW if self.plan.added else weights.WINDOW
        ranks = sorted((round(score, SCORE_DIGITS) for _, score in found), reverse=True)
        least = ranks[window - 1] if len(ranks) >= window else 0.0
        telling = [word for word in self.plan.words if self._is_telling(word.pattern)]
        pairs = list(self._pairs(telling))
        added = [(weight, self._count(pattern)) for pattern, weight in self.plan.added]
        idf_sum = sum(
            idf(len(self.frequencies[word.pattern]), len(self.entries)) for word in telling
        )
        moments = [_seconds(article) for article, _ in self.entries.values()]
        newest = max((moment for moment in moments if moment is not None), default=0)
        gains = {}
        for article, score in found:
            if round(score, SCORE_DIGITS) >= least and round(score, SCORE_DIGITS) > 0:
                all_words = len(telling) > 1 and all(
                    article.id in self.frequencies[word.pattern] for word in telling
                )
                gained = {
                    "pairs": self._weighted(pairs, article),
                    "all_words": weights.ALL_WORDS * idf_sum if all_words else 0.0,
                    "first_zone": weights.HEADLINE * idf_sum
                    if self._in_headline(telling, article)
                    else 0.0,
                    "added": self._weighted(added, article),
                }
                moment = _seconds(article)
                if half_life and moment is not None:
                    fresh = freshness(newest - moment, half_life)
                    gained["recency"] = weights.RECENCY * fresh * (score + sum(gained.values()))
                gains[article.id] = gained
        return gains

    def _weighted(self, counted: Iterable[tuple[float, Frequencies]], article: Article) -> float:
        length = self.entries[article.id][1].length
        return sum(
            weight
            * bm25(
                counts.get(article.id, 0),
                length,
                self.average_length,
                idf(len(counts), len(self.entries)),
            )
            for weight, counts in counted
        )

    def _is_telling(self, pattern: Pattern) -> bool:
        found = len(self.frequencies[pattern])
        return bool(found) and not weights.is_common(found, len(self.entries))

    def _pairs(self, telling: Sequence[PlacedWord]) -> Iterator[tuple[float, Frequencies]]:
        """For neighbours among the words how often each article holds them as in the query, and
        near each other."""
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
        """Whether the words stand in the headline as they do in the query."""
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
