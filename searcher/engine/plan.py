"""Plans: a query resolved against the languages and the vocabulary of one index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from searcher.columnar.constants import B
from searcher.engine.patterns import Pattern
from searcher.engine.searches import Also, Sort
from searcher.engine.terms import FORM, TEXT
from searcher.query.tree import ColumnFilter, Copies, Language, Published, Warning


class PlanGroup(NamedTuple):
    """A Group of the query."""

    required: tuple[PlanNode, ...]
    """Nodes of the required clauses."""
    wanted: tuple[PlanNode, ...]
    """Nodes of the wanted clauses."""
    excluded: tuple[PlanNode, ...]
    """Nodes of the excluded clauses."""
    needs_wanted: bool
    """Whether one of `wanted` has to match."""


class PlanEither(NamedTuple):
    """An Either of the query."""

    nodes: tuple[PlanNode, ...]
    """Its alternatives."""


class Unresolved(NamedTuple):
    """A leaf that was not looked up before the deadline. It never adds an article to the result,
    even if it is excluded."""


PlanNode: TypeAlias = Unresolved | Pattern | ColumnFilter | PlanGroup | PlanEither


class PlacedWord(NamedTuple):
    """A word of the query with its place among the others."""

    pattern: Pattern
    """The pattern of the word."""
    start: int
    """Position in the query of its first term."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as an engine evaluates it."""

    root: PlanGroup
    """The clauses of the query, which score."""
    finds: PlanGroup
    """Those that an article has to match: common words beside others find nothing, and with
    match:all the wanted clauses are required."""
    every: PlanGroup
    """Those that an article matches if it has all that is wanted, apart from common words."""
    warnings: tuple[Warning, ...]
    """Warnings of the parser and of the planner."""
    words: tuple[PlacedWord, ...] = ()
    """Words outside of parentheses and fields that are not set aside, in order. Articles with
    neighbouring words near each other get extra score."""
    common: tuple[str, ...] = ()
    """Common words that were set aside: they add to scores and find nothing."""
    also: tuple[Also, ...] = ()
    """Other spellings of names that are matched, too."""
    added: frozenset[Pattern] = frozenset()
    """Patterns of words that broaden the query. They find and score, and are not highlighted."""
    names: tuple[str, ...] = ()
    """Names, for explanations, of the required and then the wanted clauses of the root."""
    narrowed: tuple[tuple[str, PlanGroup], ...] = ()
    """Filters that were chosen beside the query, by field."""
    prefers: bool = False
    """Whether articles that match `every` count, if there are any; see `searches.Ranking`."""
    leads: bool = True
    """Whether these rank before all others by relevance, too. By date they always do."""
    b: float = B
    """BM25's b."""
    copies: Copies | None = None
    """Whether copies of one text are hidden; None if the query does not say it."""

    @property
    def is_empty(self) -> bool:
        """Whether the query has no clause, so that nothing is found."""
        said = self.narrowed or self.copies
        return not (self.root.required or self.root.wanted or self.root.excluded or said)

    def mixes(self, sort: Sort) -> bool:
        """Return whether articles with all and with some of the words are ranked together."""
        return self.prefers and not self.leads and sort == "relevance"

    def patterns(self, scoring_only: bool = False) -> list[Pattern]:
        """Return every distinct pattern. With `scoring_only`, return only patterns of the text that
        are not excluded."""
        chosen = (group for _, group in self.narrowed)
        trees = (self.root,) if scoring_only else (self.root, self.finds, self.every, *chosen)
        every = dict.fromkeys(one for tree in trees for one in patterns_of(tree, scoring_only))
        return [one for one in every if not scoring_only or one not in self.added]


def plan_of_terms(terms: Sequence[str], start: datetime | None, end: datetime | None) -> Plan:
    """Return a plan that finds articles with some of these terms of the field of stems, published
    in [start, end)."""
    dated = (Published(start, end),) if start or end else ()
    wanted = tuple(Pattern(TEXT, ((frozenset((term,)),),)) for term in dict.fromkeys(terms))
    root = PlanGroup(required=dated, wanted=wanted, excluded=(), needs_wanted=True)
    return Plan(root, root, root, ())


def plan_of_names(
    names: Sequence[Collection[str]], language: str, start: datetime | None, end: datetime | None
) -> Plan:
    """Return a plan that finds articles in other languages than `language` with some of these
    names, each given as its spellings (forms), published in [start, end)."""
    dated = (Published(start, end),) if start or end else ()
    wanted = tuple(Pattern(FORM, ((frozenset(forms),),)) for forms in names)
    excluded = (Language((language,)),)
    root = PlanGroup(required=dated, wanted=wanted, excluded=excluded, needs_wanted=True)
    return Plan(root, root, root, ())


def scores(pattern: Pattern) -> bool:
    """Return whether a pattern adds to the score. Patterns of metadata only narrow the result."""
    return pattern.field in (TEXT, FORM)


def words_in(node: PlanNode) -> int:
    """Return the number of words that an article matches if it matches all of a node."""
    if isinstance(node, Pattern):
        return int(scores(node))
    if isinstance(node, PlanEither):
        return max(map(words_in, node.nodes), default=0)
    if isinstance(node, PlanGroup):
        return sum(map(words_in, (*node.required, *node.wanted)))
    return 0


def patterns_of(node: PlanNode, scoring_only: bool = False) -> Iterator[Pattern]:
    """Yield the patterns below a node; see `Plan.patterns`."""
    if isinstance(node, Pattern):
        if scores(node) or not scoring_only:
            yield node
    elif isinstance(node, PlanEither):
        for child in node.nodes:
            yield from patterns_of(child, scoring_only)
    elif isinstance(node, PlanGroup):
        for child in (*node.required, *node.wanted, *(() if scoring_only else node.excluded)):
            yield from patterns_of(child, scoring_only)
