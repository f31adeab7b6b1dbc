"""What can be asked of an index: a tree of conditions on its documents, some of which score."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

TermSet = frozenset[bytes]
Run = tuple[TermSet, ...]


class Occurs(NamedTuple):
    """Documents in which something occurs in a field.

    alternatives: runs of term sets; a run occurs at position p when for each i one of its i-th
    terms is at p + i. window: if not 0, there is one alternative, whose sets occur in any order
    within so many positions. weights: what an occurrence counts by the term that it begins with, if
    given for all of these; else 1. start, end: only occurrences at positions p with start <= p <
    end count. scores: whether it adds to the score. A document's count is the sum over its distinct
    positions of occurrence. disjoint: a promise that no document holds two of the terms of a set.
    """

    field: str
    alternatives: tuple[Run, ...]
    window: int = 0
    weights: tuple[tuple[bytes, float], ...] = ()
    start: int = 0
    end: int | None = None
    scores: bool = True
    disjoint: bool = False

    @property
    def terms(self) -> TermSet | None:
        """The terms any of which is an occurrence by itself; None if positions have to be looked
        at."""
        single = len(self.alternatives) == 1 and len(self.alternatives[0]) == 1
        anywhere = self.start == 0 and self.end is None
        return self.alternatives[0][0] if single and anywhere and not self.window else None


class Within(NamedTuple):
    """Documents whose value in an IntColumn is at least `low` and less than `high`; those without
    one are not."""

    column: str
    low: float | None
    high: float | None


class OneOf(NamedTuple):
    """Documents whose text in a CodeColumn is one of these."""

    column: str
    names: frozenset[str]


class Unknown(NamedTuple):
    """A condition for which there was no time: nothing is found on account of it."""


class Group(NamedTuple):
    """Documents that meet all required conditions, no excluded one and, if needed, one of the
    wanted."""

    required: tuple[Node, ...]
    wanted: tuple[Node, ...]
    excluded: tuple[Node, ...]
    needs_wanted: bool


class Either(NamedTuple):
    """Documents that meet one of the conditions."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Occurs | Within | OneOf | Unknown | Group | Either


class Placed(NamedTuple):
    """A word of a query, and the position in the query at which its first term stands."""

    occurs: Occurs
    start: int


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
    """Part of the words' idf that a document gains if its first zone has them as the query has."""
    recency: float
    """Part of its score that the newest document gains."""


class Rescoring(NamedTuple):
    """What is added to the scores of the documents that are the best by single words."""

    field: str
    """The field in whose positions the words are compared."""
    words: tuple[Placed, ...]
    """The words of the query, in its order."""
    first_zone_end: int
    """The position at which the first zone of a text has ended (see `fields.Zone`)."""
    date: str
    """The IntColumn of seconds since 1970 by which documents are new."""
    weights: Weights
    """What each kind of addition counts."""
    window: int
    """Number of documents, the best by single words, that are rescored."""
    half_life: float | None = None
    """Seconds of age in which being new counts half as much; None if it does not count."""
    added: tuple[tuple[Occurs, float], ...] = ()
    """Further leaves whose scores are added, each with its weight."""


def is_additive(node: Node) -> bool:
    """Whether every scoring leaf below adds its score to each document that matches `node` and
    holds the leaf."""
    if isinstance(node, Either):
        return all(map(is_additive, node.nodes))
    if isinstance(node, Group):
        return not node.required and not node.excluded and all(map(is_additive, node.wanted))
    return True


def leaves(node: Node) -> list[Occurs]:
    """The scoring leaves below a node, each as often as it scores."""
    if isinstance(node, Occurs):
        return [node] if node.scores else []
    if isinstance(node, Either):
        return [leaf for child in node.nodes for leaf in leaves(child)]
    if isinstance(node, Group):
        return [leaf for child in (*node.required, *node.wanted) for leaf in leaves(child)]
    return []
