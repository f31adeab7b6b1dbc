"""The conditions of a search: a tree whose leaves ask about terms and columns, some with a score.

The engine translates its plan of a query into these (`engine/translate.py`). The names differ from
those of the query's own tree on purpose: a `Boolean` is made of a `Group`, an `AnyOf` of an
`Either`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from searcher.columnar import constants

AnyTerm: TypeAlias = frozenset[bytes]
"""A set of terms, any of which may occur at a position."""
TermSequence: TypeAlias = tuple[AnyTerm, ...]
"""Term sets at consecutive positions."""


class Occurs(NamedTuple):
    """Documents in which terms occur in a field, and the number of occurrences.

    A document's count is the sum over its distinct positions of occurrence.
    """

    field: str
    """The field whose terms are asked about."""
    alternatives: tuple[TermSequence, ...]
    """Any of these is an occurrence. A sequence occurs at position p if for each i one of the terms
    of its i-th set is at p + i."""
    window: int = 0
    """If not 0, there is one alternative, whose sets occur in any order within this number of
    positions."""
    weights: tuple[tuple[bytes, float], ...] = ()
    """The weight of an occurrence, by its first term. If empty, each weight is 1; else all terms
    have one."""
    start: int = 0
    """The first position at which an occurrence counts."""
    end: int | None = None
    """The position from which on occurrences do not count; None if there is none."""
    scores: bool = True
    """Whether the leaf adds to the score."""
    factor: float = 1.0
    """Factor of its score."""
    disjoint: bool = False
    """Guarantee of the caller that no document contains two terms of a set."""

    @property
    def terms(self) -> AnyTerm | None:
        """The terms that are occurrences by themselves; None if positions have to be read."""
        single = len(self.alternatives) == 1 and len(self.alternatives[0]) == 1
        anywhere = self.start == 0 and self.end is None
        return self.alternatives[0][0] if single and anywhere and not self.window else None


class ColumnRange(NamedTuple):
    """Documents whose value v in an IntColumn has low <= v < high. Those without a value do not
    match."""

    column: str
    """The name of the column."""
    low: float | None
    """The least value; None if there is no lower end."""
    high: float | None
    """The value from which on documents do not match; None if there is no upper end."""


class ColumnIn(NamedTuple):
    """Documents whose text in a CodeColumn is one of some texts."""

    column: str
    """The name of the column."""
    names: frozenset[str]
    """The texts."""


class Sharing(NamedTuple):
    """Documents that share their value in a late column with the document that has a term; that
    document alone, if it has no value."""

    column: str
    """The name of the late column."""
    field: str
    """A unique field."""
    term: bytes
    """The term of the document in it."""


class SharedBy(NamedTuple):
    """Documents whose value in a late column a number n of live documents has, low <= n <= high. A
    document without a value counts as 1."""

    column: str
    """The name of the late column."""
    low: int
    """The least number."""
    high: int | None
    """The greatest number; None if there is no upper end."""


class Once(NamedTuple):
    """Of the documents that match and share a value in a late column only the first: by date, then
    by key, those without a date last. All that have no value."""

    column: str
    """The name of the late column."""
    date: str
    """The IntColumn of seconds since 1970."""
    key: str
    """The field in which every document has one term of its own."""


class NotEvaluated(NamedTuple):
    """A condition that was not evaluated for lack of time. It never adds documents to the
    result."""


class Boolean(NamedTuple):
    """Documents that match all required conditions, no excluded one and, if needed, at least one of
    the wanted ones."""

    required: tuple[Condition, ...]
    """All of these match."""
    wanted: tuple[Condition, ...]
    """These add to the score where they match."""
    excluded: tuple[Condition, ...]
    """None of these matches."""
    needs_wanted: bool
    """Whether at least one wanted condition has to match."""


class AnyOf(NamedTuple):
    """Documents that match at least one of the conditions."""

    conditions: tuple[Condition, ...]
    """The conditions."""


LateCondition: TypeAlias = Sharing | SharedBy
"""Conditions on late columns."""
Condition: TypeAlias = (
    Occurs | ColumnRange | ColumnIn | LateCondition | NotEvaluated | Boolean | AnyOf
)


class Clauses(NamedTuple):
    """The conditions of a search."""

    scored: Boolean
    """Conditions whose scores are added up. Each document that is found matches them."""
    found: Boolean
    """The documents that are found. All of them match `scored`, too."""
    every: Boolean
    """Documents that have all that is wanted; they are counted."""
    narrowed: tuple[tuple[str, Boolean], ...] = ()
    """Conditions without a score that all documents have to match, too, by name. Counts may ignore
    one of them; see `ordering.Output`."""

    prefers: bool = False
    """Whether documents that match `every` rank before all others, and are counted without them, if
    there are any before `narrowed` is applied."""
    once: Once | None = None
    """The documents that are left out of those that match all other conditions; None if there are
    none. Of documents that share a value, those that count come before all others."""
    b: float = constants.B
    """BM25's b."""
    leads: bool = True
    """Whether `prefers` is also about ranks by relevance; if not, only about counts and ranks by
    date."""

    def splits(self, order: str) -> bool:
        """Return whether documents that match `every` come before all others in this order."""
        return self.prefers and (self.leads or order != "relevance")

    def narrow(self) -> Clauses:
        """Return the clauses with `narrowed` among the conditions of `found` and `every`."""
        if not self.narrowed:
            return self
        more = tuple(condition for _, condition in self.narrowed)
        found, every = (
            one._replace(required=(*one.required, *more)) for one in (self.found, self.every)
        )
        return self._replace(found=found, every=every)


class Placed(NamedTuple):
    """A word of a query with its place in the query."""

    occurs: Occurs
    """The word: one alternative, which may be a sequence."""
    start: int
    """The position in the query of the word's first term."""


class Weights(NamedTuple):
    """The weights of rescoring, and the limits below which words and pairs count."""

    ordered: float
    """Weight of the BM25 score of two neighbouring words that occur in the query's order and
    distance."""
    near: float
    """Weight of the BM25 score of two neighbouring words that occur within `near_window`."""
    near_window: int
    """Number of positions within which two words are near each other, in any order."""
    common: float
    """Part of all documents. A word in more of them does not count for rescoring."""
    never_common: int
    """Number of documents. A word in at most this many counts, whatever `common` says."""
    all_words: float
    """Part of the words' idf that a document gains if it holds all of them."""
    first_zone: float
    """Part of the words' idf that a document gains if its first zone has them in the query's order
    and distances."""
    recency: float
    """Part of its score that the newest document gains."""


class Rescoring(NamedTuple):
    """Scores that are added to the documents that rank best by single words."""

    field: str
    """The field in whose positions the words are compared."""
    words: tuple[Placed, ...]
    """The words of the query, in its order."""
    first_zone_end: int
    """The position at which the first zone of a text has ended (see `fields.Zone`)."""
    date: str
    """The IntColumn with the times of documents, in seconds since 1970, for recency."""
    weights: Weights
    """The weight of each kind of addition."""
    window: int
    """Number of documents, the best by single words, that are rescored."""
    half_life: float | None = None
    """Age in seconds at which recency counts half as much; None if it does not count."""


def is_additive(condition: Condition) -> bool:
    """Return whether every scoring leaf below adds its score to each document that matches the
    condition and holds the leaf."""
    if isinstance(condition, AnyOf):
        return all(map(is_additive, condition.conditions))
    if isinstance(condition, Boolean):
        plain = not condition.required and not condition.excluded
        return plain and all(map(is_additive, condition.wanted))
    return True


class Roles(NamedTuple):
    """The leaves of a search by what they do."""

    finding: list[Occurs]
    """Leaves that find documents and score."""
    silent: list[Occurs]
    """Leaves that only score: they are looked up in documents that others find."""
    finders: list[Occurs]
    """Leaves that only find documents. Each document that is found holds one of them, or one of
    `finding`."""


def roles(clauses: Clauses) -> Roles | None:
    """Return the roles of the leaves; None if documents are found by conditions without leaves."""
    found = _finding_leaves(clauses.found)
    if found is None:
        return None
    scored, left = scoring_leaves(clauses.scored), set(scoring_leaves(clauses.found))
    return Roles(
        [leaf for leaf in scored if leaf in left],
        [leaf for leaf in scored if leaf not in left],
        [leaf for leaf in found if leaf not in scored],
    )


def _finding_leaves(condition: Condition) -> list[Occurs] | None:
    """Return leaves of which each document that matches holds at least one; None if there are
    none."""
    if isinstance(condition, Occurs):
        return [condition]
    if isinstance(condition, AnyOf):
        return _united(condition.conditions)
    if isinstance(condition, Boolean):
        ways = [_united(condition.wanted)] if condition.needs_wanted else []
        ways += map(_finding_leaves, condition.required)
        known = [way for way in ways if way is not None]
        return min(known, key=lambda way: sum(not leaf.scores for leaf in way), default=None)
    return None


def _united(conditions: Sequence[Condition]) -> list[Occurs] | None:
    ways = [_finding_leaves(condition) for condition in conditions]
    if any(way is None for way in ways):
        return None
    return [leaf for way in ways if way is not None for leaf in way]


def scoring_leaves(condition: Condition) -> list[Occurs]:
    """Return the scoring leaves below a condition. A leaf that scores several times is repeated."""
    if isinstance(condition, Occurs):
        return [condition] if condition.scores else []
    if isinstance(condition, AnyOf):
        return [leaf for child in condition.conditions for leaf in scoring_leaves(child)]
    if isinstance(condition, Boolean):
        children = (*condition.required, *condition.wanted)
        return [leaf for child in children for leaf in scoring_leaves(child)]
    return []
