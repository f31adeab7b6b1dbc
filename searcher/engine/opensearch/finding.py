"""One search: its conditions, its numbers and its articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from searcher.engine.base import BUDGET_SPENT
from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.counting import COPIED, Counts
from searcher.engine.opensearch.ranking import Ranked, Row
from searcher.engine.opensearch.scoring import Scoring, Statistics, pairs_of, telling
from searcher.engine.opensearch.translate import Conditions, Sizes, StoryOf, occurs
from searcher.engine.opensearch.view import Budget, View, but, every
from searcher.engine.patterns import Pattern
from searcher.engine.plan import Plan, patterns_of
from searcher.engine.searches import NARROWED_BY, Ranking, Search
from searcher.query.tree import Copies, Warning
from searcher.wording import said


@dataclass(slots=True)
class Known:
    """Numbers of one commit that were asked for."""

    patterns: dict[Pattern, int] = field(default_factory=dict)
    """The number of articles in which a pattern occurs."""
    conditions: dict[str, int] = field(default_factory=dict)
    """The number of articles that meet a condition, by its text."""


@dataclass(slots=True)
class Finding:
    """One search among the articles of a commit."""

    view: View
    """The articles."""
    plan: Plan
    """The plan of the query."""
    search: Search
    """The search."""
    numbers: Statistics
    """The numbers of the commit."""
    known: Known
    """Those that were counted before."""
    story_of: StoryOf
    """Looks up stories."""
    sizes: Sizes
    """Looks up the stories of some sizes."""
    deadline: float | None
    """Time of time.monotonic at which the search is cut short."""
    budget: Budget = field(init=False)
    """The rest of its time."""
    ranked: Ranked = field(init=False)
    """Its articles."""
    _conditions: Conditions = field(init=False)
    """Translates its plan."""
    _counts: Counts = field(init=False)
    """Counts its articles."""
    _found: Json = field(init=False)
    """The condition of all that it finds."""
    _tiers: list[Json] = field(init=False)
    """The conditions of those that count, and of the others."""
    _counted: list[Json] = field(init=False)
    """The same, as they are shown."""

    def __post_init__(self) -> None:
        self.budget = Budget(self.deadline)
        self._counts = Counts(self.view, self.budget)
        self._conditions = Conditions(self.story_of, self.sizes)

    def prepare(self) -> None:
        """Count what the search depends on. Raises Spent and IndexUnreachable."""
        plan = self.plan
        self._found = every(self.view.visible, self._conditions.of(plan.finds))
        wanted = self._conditions.of(plan.every)
        best = every(self._found, wanted)
        self._tiers = [self._found]
        if self._count_patterns(best) and plan.prefers:
            self._tiers = [best, but(self._found, wanted)]
        self._counted = self._shown(self._tiers)
        order = self._counted
        if len(order) > 1 and plan.mixes(self.search.sort):
            order = [self._either(order)]
        self.ranked = Ranked(self.view, self._scoring(), order, self.search, self.budget)

    def _either(self, tiers: list[Json]) -> Json:
        """Return the condition of the articles of all tiers."""
        return but(self._found, but(self._found, *tiers))

    def _count_patterns(self, best: Json) -> int:
        """Count the articles in which each pattern occurs. Return the number of those that match
        all that is wanted, if it matters."""
        placed = (word.pattern for word in self.plan.words)
        scoring = dict.fromkeys((*patterns_of(self.plan.root, scoring_only=True), *placed))
        missing = [one for one in scoring if one not in self.known.patterns]
        conditions = [occurs(one) for one in missing] + [best] * self.plan.prefers
        found = self._counts.many(conditions, self.view.visible)
        self.known.patterns.update(zip(missing, found, strict=False))
        return found[-1] if self.plan.prefers else 0

    def _scoring(self) -> Scoring:
        words = telling(self.plan, self.known.patterns, self.numbers.articles)
        pairs = pairs_of(words) if self.search.sort == "relevance" else []
        asked = [one for pair in pairs for one in (pair.ordered, pair.near)]
        missing = {repr(one): one for one in asked if repr(one) not in self.known.conditions}
        found = self._counts.many(list(missing.values()), self.view.visible)
        self.known.conditions.update(zip(missing, found, strict=True))
        counted = [self.known.conditions[repr(one)] for one in asked]
        held = list(zip(pairs, counted[::2], counted[1::2], strict=True))
        return Scoring(self.plan, self.numbers, self.known.patterns, self._conditions, held)

    def _narrowed(self, condition: Json, ignored: str | None = None) -> Json:
        """Return a condition with the filters that were chosen, apart from those of a field."""
        chosen = [
            self._conditions.of(group) for name, group in self.plan.narrowed if name != ignored
        ]
        return every(condition, *chosen) if chosen else condition

    def _shown(self, tiers: list[Json], ignored: str | None = None) -> list[Json]:
        """Return conditions narrowed, and without the copies that the query hides."""
        narrowed = [self._narrowed(one, ignored) for one in tiers]
        return self._counts.shown(narrowed) if self.plan.copies is Copies.HIDE else narrowed

    def add_numbers(self, ranking: dict[str, object]) -> None:
        """Add the totals, facets and other counts that were asked for. Raises Spent."""
        if self.search.totals:
            ranking.update(self._totals())
        counting: dict[str | None, Json] = {}

        def among(ignored: str | None) -> Json:
            if ignored not in counting:
                (counting[ignored],) = self._shown(self._tiers[:1], ignored)
            return counting[ignored]

        asked = {name: among(NARROWED_BY.get(name)) for name in self.search.facets}
        ranking["facets"] = self._counts.facets(asked)
        if self.search.since:
            since: list[Json] = [
                {"range": {"published": {"gte": moment.timestamp()}}}
                for moment in self.search.since
            ]
            ranking["since"] = tuple(self._counts.many(since, among("date")))

    def _totals(self) -> dict[str, int]:
        counts, tiers = self._counts, self._counted
        counted, *others = tiers
        complete = counted
        if len(tiers) == 1:
            wanted = every(self._found, self._conditions.of(self.plan.every))
            (complete,) = self._shown([wanted])
        total, total_all, copied, *rest = counts.many(
            [counted, complete, every(counted, COPIED), *others], self._found
        )
        found = {
            "total": total,
            "total_some": sum(rest),
            "total_all": total_all,
            "total_copies": copied - counts.distinct("copies", counted) if copied else 0,
            "entries": total + sum(rest),
        }
        if self.search.by_story:
            found["total_stories"] = counts.stories(counted)
            found["entries"] = found["total_stories"]
            if others:
                found["entries"] = counts.stories(self._either(tiers))
        return found

    def take_any_time(self) -> None:
        """Read the rows of a prepared search without a time budget."""
        self.budget = Budget(None)
        self.ranked = replace(self.ranked, budget=self.budget)

    def rows(self, rescored: bool = True) -> Iterator[Row]:
        """Yield the articles in order. Raises Spent."""
        rows = self.ranked.rows(rescored)
        return self.ranked.once_each_story(rows) if self.search.by_story else rows

    @property
    def is_cut_short(self) -> bool:
        """Whether something was not looked at in time."""
        return self.budget.cut_short or self._conditions.unresolved

    def warnings(self) -> tuple[Warning, ...]:
        """Return the warnings of the plan and of the search."""
        found = list(self.plan.warnings)
        if self.is_cut_short:
            found.append(BUDGET_SPENT)
        if self.budget.failed:
            found.append(missing_parts(self.budget.failed, self.budget.parts))
        return tuple(found)


def missing_parts(failed: int, parts: int) -> Warning:
    """Return the warning that some parts of an index did not answer."""
    return Warning(
        said(
            "%(failed)s of %(parts)s parts of the index did not answer: articles are missing and "
            "counts are too low",
            failed=failed,
            parts=parts,
        ),
        (0, 0),
    )


def empty(plan: Plan, search: Search) -> Ranking:
    """Return the result of a query without a clause."""
    zero = 0 if search.totals else -1
    return Ranking(
        total=zero,
        total_some=zero,
        total_all=zero,
        total_stories=zero if search.by_story else -1,
        total_copies=zero,
        entries=zero,
        patterns=tuple(plan.patterns(scoring_only=True)),
        warnings=plan.warnings,
        facets={name: {} for name in search.facets},
        since=(0,) * len(search.since),
        also=plan.also,
        common=plan.common,
        mixed=plan.mixes(search.sort),
    )
