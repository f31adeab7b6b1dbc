"""Reverse search: which saved queries new articles match. Only queries of which an article holds some word are looked
at.

A query's anchors are terms of which every article that matches it holds at least one; queries are listed by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from searcher.article import Article
from searcher.engine.memory import MemorySnapshot
from searcher.engine.plan import PlanEither
from searcher.engine.plan import PlanGroup
from searcher.engine.plan import PlanNode
from searcher.engine.plan import resolve
from searcher.engine.terms import FORM
from searcher.engine.terms import NAME
from searcher.engine.terms import TEXT
from searcher.engine.terms import terms_of
from searcher.patterns import Pattern
from searcher.protocols import Ranking
from searcher.protocols import Vocabulary
from searcher.query import Clause
from searcher.query import Either
from searcher.query import Fuzzy
from searcher.query import Group
from searcher.query import Leaf
from searcher.query import Node
from searcher.query import Occur
from searcher.query import Prefix
from searcher.query import Query
from searcher.query import Word
from searcher.query import is_filter
from searcher.text.analyzer import LANGUAGES
from searcher.text.exonyms import spellings
from searcher.text.names import keys

_KEY = "key "
"""Before the keys of names among anchors."""


class SavedQueries:
    """Queries by name, listed by their anchors."""

    def __init__(self, queries: Iterable[tuple[str, Query]]) -> None:
        self._queries = dict(queries)
        self._by_anchor: dict[str, list[str]] = {}
        self._always: list[str] = []
        for name, query in self._queries.items():
            found = anchors(query.root, query.match_all)
            for anchor in found or ():
                self._by_anchor.setdefault(anchor, []).append(name)
            if found is None:
                self._always.append(name)

    def candidates(self, arrivals: Arrivals) -> list[str]:
        """The queries that may match one of the articles: all that do, and not many more."""
        found = dict.fromkeys(self._always)
        found.update(
            (name, None) for anchor in arrivals.held & self._by_anchor.keys() for name in self._by_anchor[anchor]
        )
        return list(found)

    def matches(self, arrivals: Arrivals) -> Iterator[tuple[str, Ranking]]:
        """The queries that articles match, with these articles."""
        for name in self.candidates(arrivals):
            found = arrivals.search(self._queries[name], "newest", 0, arrivals.count, None, totals=False)
            if found.ranked:
                yield name, found


class Arrivals(MemorySnapshot):
    """New articles, searched as if they were in the index already: what is a name, and how rare, is known from both."""

    def __init__(self, articles: Iterable[Article], index: Vocabulary | None) -> None:
        """index: the words of the index before they came, if there is one."""
        super().__init__(0, {article.id: (article, terms_of(article)) for article in articles})
        self._index = index
        self.held = frozenset(self._held())

    @property
    def vocabulary(self) -> Vocabulary:  # type: ignore[override]
        own = super().vocabulary
        return _Joint(own, self._index) if self._index is not None else own

    def _held(self) -> Iterator[str]:
        for _, terms in self.entries.values():
            yield from terms.fields[TEXT]
            yield from terms.fields[FORM]
            yield from (_KEY + name.partition(" ")[0] for name in terms.fields[NAME])


class _Joint:
    """The words of new articles, with what the index knows of them."""

    def __init__(self, own: Vocabulary, index: Vocabulary) -> None:
        self._own = own
        self._index = index
        self.with_prefix = own.with_prefix
        self.within = own.within
        self.listed = own.listed
        self.stems = own.stems
        self.completions = own.completions
        self.phrases = own.phrases

    def holding(self, form: str) -> int:
        return self._own.holding(form) + self._index.holding(form)

    def name_share(self, form: str) -> float:
        return (self._index if self._index.holding(form) else self._own).name_share(form)


def anchors(node: Node, all_wanted: bool) -> frozenset[str] | None:
    """Terms of which every article that matches a part of a query holds one; None if that cannot be said.

    all_wanted: whether everything wanted is required.
    """
    if isinstance(node, Either):
        return _any_of([anchors(child, all_wanted) for child in node.nodes])
    if isinstance(node, Group):
        required = [_of_clause(clause, all_wanted) for clause in node.clauses if clause.occur is Occur.REQUIRED]
        wanted = [_of_clause(clause, all_wanted) for clause in node.clauses if clause.occur is Occur.WANTED]
        demanded: list[frozenset[str]] = [
            found for found in (*required, *(wanted if all_wanted else ())) if found is not None
        ]
        if demanded:
            # The longest word is likely the rarest.
            return max(demanded, key=lambda found: max(map(len, found), default=0))
        about = any(clause.occur is Occur.REQUIRED and not is_filter(clause.node) for clause in node.clauses)
        return None if about or not wanted else _any_of(wanted)
    return _of_leaf(node)


def _of_clause(clause: Clause, all_wanted: bool) -> frozenset[str] | None:
    return anchors(clause.node, all_wanted)


def _any_of(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    found = [part for part in parts if part is not None]
    return frozenset(term for part in found for term in part) if len(found) == len(parts) else None


def _of_leaf(leaf: Leaf) -> frozenset[str] | None:
    if is_filter(leaf) or isinstance(leaf, (Prefix, Fuzzy)):
        return None
    found = _of_plan(_planned(leaf))
    if found is None or not isinstance(leaf, Word):
        return found
    others = [_of_plan(_planned(Word(spelling.text))) for spelling in spellings(leaf.text)]
    with_table = _any_of([found, *others])
    return with_table | {_KEY + key for key in keys(leaf.text)} if with_table is not None else None


def _planned(leaf: Leaf) -> PlanNode:
    """A leaf as it is looked for in an index of all languages."""
    return resolve(Query("", Group((Clause(Occur.REQUIRED, leaf),))), LANGUAGES, _NO_WORDS).root


def _of_plan(node: PlanNode) -> frozenset[str] | None:
    if isinstance(node, PlanGroup):
        children = (*node.required, *node.wanted)
        return _any_of([_of_plan(child) for child in children]) if children else None
    if isinstance(node, PlanEither):
        return _any_of([_of_plan(child) for child in node.nodes])
    if not isinstance(node, Pattern) or not all(all(run) for run in node.alternatives):
        return None
    # Of each way to write it the longest word, which is likely the rarest.
    longest = (max(run, key=lambda terms: max(map(len, terms))) for run in node.alternatives)
    return frozenset(term for terms in longest for term in terms)


_NO_WORDS = MemorySnapshot(0, {}).vocabulary
