"""The engine in memory: brute force, obviously right, the oracle of the others."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from searcher.article import Article
from searcher.columnar.scoring import bm25
from searcher.columnar.scoring import idf
from searcher.engine.contexts import Closing
from searcher.engine.contexts import Committing
from searcher.engine.plan import Plan
from searcher.engine.plan import PlanEither
from searcher.engine.plan import PlanGroup
from searcher.engine.plan import PlanNode
from searcher.engine.plan import Unknown
from searcher.engine.plan import resolve
from searcher.engine.plan import scores
from searcher.engine.ranking import BUDGET_SPENT
from searcher.engine.ranking import rank_key
from searcher.engine.terms import FORM
from searcher.engine.terms import ArticleTerms
from searcher.engine.terms import terms_of
from searcher.errors import IndexLocked
from searcher.errors import IndexMissing
from searcher.hits import MONTH
from searcher.hits import Sort
from searcher.patterns import Pattern
from searcher.patterns import frequency
from searcher.protocols import Ranking
from searcher.query import Language
from searcher.query import Published
from searcher.query import Query
from searcher.text.tokens import ENDS_COMPOUND

Frequencies = dict[str, float]
"""How often a pattern occurs, by article id; articles without an occurrence are not in it."""


class MemoryEngine:
    """Articles in a dict. A commit replaces the dict, so a snapshot is a reference to an old one."""

    def __init__(self) -> None:
        self._current: MemorySnapshot | None = None
        self._lock = threading.Lock()

    def exists(self) -> bool:
        return self._current is not None

    def snapshot(self) -> MemorySnapshot:
        if self._current is None:
            raise IndexMissing("there is no index in memory yet")
        return self._current

    def writer(self, wait: float = 10.0, afresh: bool = False) -> MemoryWriter:
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
    def __init__(self, generation: int, entries: Mapping[str, tuple[Article, ArticleTerms]]) -> None:
        self.generation = generation
        self.entries = entries

    @property
    def count(self) -> int:
        return len(self.entries)

    def search(
        self,
        query: Query,
        sort: Sort,
        offset: int,
        limit: int,
        seconds: float | None,
        totals: bool = True,
        facets: Sequence[str] = (),
    ) -> Ranking:
        deadline = time.monotonic() + seconds if seconds is not None else None
        plan = resolve(query, self.facet("language"), _Vocabulary(self.entries), deadline)
        evaluation = _Evaluation(plan, self.entries, deadline)
        found = [(article, evaluation.score(plan.root, article)) for article in evaluation.matching()]
        total_all = sum(evaluation.holds_all(plan.root, article) for article, _ in found)
        found.sort(key=lambda pair: rank_key(pair[0], pair[1], sort))
        warnings = plan.warnings + ((BUDGET_SPENT,) if evaluation.cut_short else ())
        return Ranking(
            len(found) if totals else -1,
            total_all if totals else -1,
            tuple(found[offset : offset + limit]),
            tuple(plan.patterns(scoring_only=True)),
            warnings,
            {name: dict(Counter(_values(name, (article for article, _ in found)))) for name in facets},
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
        return ((form, count) for form, count in sorted(self._counts().items()) if form.startswith(prefix))

    def within(self, word: str, distance: int) -> Iterable[tuple[str, int, int]]:
        for form, count in self._counts().items():
            if form[0] != ENDS_COMPOUND and (edits := edit_distance(word, form)) <= distance:
                yield form, edits, count


def edit_distance(first: str, second: str) -> int:
    """Optimal string alignment distance by its recurrence (Damerau 1964; Boytsov 2011, section 2.2.3)."""
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            if i == 0 or j == 0:
                rows[i][j] = i + j
                continue
            same = first[i - 1] == second[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


class _Evaluation:
    """One plan on all articles."""

    def __init__(self, plan: Plan, entries: Mapping[str, tuple[Article, ArticleTerms]], deadline: float | None) -> None:
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
        """Whether the article matches; `unknown` is what it is taken to do where there was no time to look."""
        match node:
            case PlanGroup():
                return (
                    all(self.matches(child, article, unknown) for child in node.required)
                    and not any(self.matches(child, article, not unknown) for child in node.excluded)
                    and (not node.needs_wanted or any(self.matches(child, article, unknown) for child in node.wanted))
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
            return all(self.holds_all(child, article) for child in (*node.required, *node.wanted)) and not any(
                self.matches(child, article, unknown=True) for child in node.excluded
            )
        if isinstance(node, PlanEither):
            return any(self.holds_all(child, article) for child in node.nodes)
        return self.matches(node, article)

    def score(self, node: PlanNode, article: Article) -> float:
        """The sum over the scoring leaves that the article matches; what stands in an unmatched part adds nothing."""
        if not self.matches(node, article):
            return 0.0
        if isinstance(node, PlanGroup):
            return sum(self.score(child, article) for child in (*node.required, *node.wanted))
        if isinstance(node, PlanEither):
            return sum(self.score(child, article) for child in node.nodes)
        if isinstance(node, Pattern) and scores(node):
            found = self.frequencies[node]
            weight = idf(len(found), len(self.entries))
            return bm25(found[article.id], self.entries[article.id][1].length, self.average_length, weight)
        return 0.0
