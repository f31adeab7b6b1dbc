"""Reverse search: which saved queries new articles match. Only queries of which an article holds
some word are looked at.

A query's anchors are sets of terms of which every article that matches it holds at least one each;
queries are listed by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.memory import MemorySnapshot
from searcher.engine.patterns import Pattern
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.planner import make_plan
from searcher.engine.protocol import Ranking, Search, Vocabulary
from searcher.engine.terms import FORM, NAME, TEXT, terms_of
from searcher.query.tree import (
    Clause,
    Either,
    Fuzzy,
    Group,
    Leaf,
    Node,
    Occur,
    Prefix,
    Query,
    Word,
    is_filter,
)
from searcher.text.analyzer import LANGUAGES
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import is_same_name, keys


class Anchor(NamedTuple):
    """What an article that matches holds: one of these terms, or a name that may be another
    spelling of one of these words."""

    terms: frozenset[str]
    names: frozenset[str] = frozenset()

    @property
    def length(self) -> int:
        """Of its longest term: long words are likely rare."""
        return max(map(len, self.terms), default=0)


class SavedQueries:
    """Queries by name, listed by what articles that match them hold."""

    def __init__(self, queries: Iterable[tuple[str, Query]]) -> None:
        self._queries = dict(queries)
        self._demands: dict[str, tuple[Anchor, ...]] = {}
        self._by_term: dict[str, list[str]] = {}
        self._by_key: dict[str, list[tuple[str, str]]] = {}
        self._always: list[str] = []
        for name, query in self._queries.items():
            demands = self._demands[name] = demands_of(query.root, query.match_all)
            if not demands:
                self._always.append(name)
                continue
            first = max(demands, key=lambda anchor: anchor.length)
            for term in first.terms:
                self._by_term.setdefault(term, []).append(name)
            for word in first.names:
                for key in keys(word):
                    self._by_key.setdefault(key, []).append((word, name))

    def candidates(self, arrivals: Arrivals) -> list[str]:
        """The queries that may match one of the articles: all that do, and not many more."""
        found = dict.fromkeys(self._always)
        found.update(
            (name, None)
            for term in arrivals.held & self._by_term.keys()
            for name in self._by_term[term]
        )
        for key in arrivals.names.keys() & self._by_key.keys():
            found.update(
                (name, None) for word, name in self._by_key[key] if arrivals.spells(word, (key,))
            )
        return [name for name in found if all(map(arrivals.meets, self._demands[name]))]

    def matches(self, arrivals: Arrivals) -> Iterator[tuple[str, Ranking]]:
        """The queries that articles match, with these articles."""
        for name in self.candidates(arrivals):
            everything = Search(
                self._queries[name], sort="newest", limit=arrivals.count, totals=False
            )
            found = arrivals.search(everything)
            if found.ranked:
                yield name, found


class Arrivals(MemorySnapshot):
    """New articles, searched as if they were in the index already: what is a name, and how rare, is
    known from both."""

    def __init__(self, articles: Iterable[Article], index: Vocabulary | None) -> None:
        """index: the words of the index before they came, if there is one."""
        super().__init__(0, {article.id: (article, terms_of(article)) for article in articles})
        self._index = index
        terms = [terms.fields for _, terms in self.entries.values()]
        self.held = frozenset(
            term for fields in terms for name in (TEXT, FORM) for term in fields[name]
        )
        self.names: dict[str, set[str]] = {}
        for listed in {name for fields in terms for name in fields[NAME]}:
            key, _, form = listed.partition(" ")
            self.names.setdefault(key, set()).add(form)

    def meets(self, anchor: Anchor) -> bool:
        """Whether one of the articles holds what an anchor asks for."""
        return not anchor.terms.isdisjoint(self.held) or any(
            self.spells(word, keys(word)) for word in anchor.names
        )

    def spells(self, word: str, among: Iterable[str]) -> bool:
        """Whether a name that is listed under one of these keys may be another spelling of
        `word`."""
        form = fold(word)
        return any(is_same_name(form, other) for key in among for other in self.names.get(key, ()))

    @property
    def vocabulary(self) -> Vocabulary:  # type: ignore[override]
        own = super().vocabulary
        return _Joint(own, self._index) if self._index is not None else own


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


@lru_cache(1 << 15)
def demands_of(root: Group, all_wanted: bool) -> tuple[Anchor, ...]:
    """What every article that matches a query holds, all of it; () if that cannot be said.

    all_wanted: whether everything wanted is required.
    """
    wanted = [clause for clause in root.clauses if clause.occur is Occur.WANTED]
    required = [clause for clause in root.clauses if clause.occur is Occur.REQUIRED]
    found = [
        _of(clause.node, all_wanted) for clause in (*required, *(wanted if all_wanted else ()))
    ]
    about = any(not is_filter(clause.node) for clause in required)
    if not about and wanted and not all_wanted:
        found.append(_any_of([_of(clause.node, all_wanted) for clause in wanted]))
    return tuple(anchor for anchor in found if anchor is not None)


def _of(node: Node, all_wanted: bool) -> Anchor | None:
    """What every article that matches a part of a query holds; None if that cannot be said."""
    if isinstance(node, Either):
        return _any_of([_of(child, all_wanted) for child in node.nodes])
    if isinstance(node, Group):
        return max(demands_of(node, all_wanted), key=lambda anchor: anchor.length, default=None)
    return _of_leaf(node)


def _any_of(parts: Sequence[Anchor | None]) -> Anchor | None:
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    terms = frozenset(term for part in found for term in part.terms)
    return Anchor(terms, frozenset(name for part in found for name in part.names))


def _of_leaf(leaf: Leaf) -> Anchor | None:
    if is_filter(leaf) or isinstance(leaf, (Prefix, Fuzzy)):
        return None
    found = _of_plan(_planned(leaf))
    if found is None or not isinstance(leaf, Word):
        return found
    others = _any_of(
        [found, *(_of_plan(_planned(Word(spelling.text))) for spelling in spellings(leaf.text))]
    )
    return others._replace(names=frozenset((leaf.text,))) if others is not None else None


def _planned(leaf: Leaf) -> PlanNode:
    """A leaf as it is looked for in an index of all languages."""
    return make_plan(Query("", Group((Clause(Occur.REQUIRED, leaf),))), LANGUAGES, _NO_WORDS).root


def _of_plan(node: PlanNode) -> Anchor | None:
    if isinstance(node, PlanGroup):
        children = (*node.required, *node.wanted)
        return _any_of([_of_plan(child) for child in children]) if children else None
    if isinstance(node, PlanEither):
        return _any_of([_of_plan(child) for child in node.nodes])
    if not isinstance(node, Pattern) or not all(all(run) for run in node.alternatives):
        return None
    # Of each way to write it the longest word, which is likely the rarest.
    longest = (max(run, key=lambda terms: max(map(len, terms))) for run in node.alternatives)
    return Anchor(frozenset(term for terms in longest for term in terms))


_NO_WORDS = MemorySnapshot(0, {}).vocabulary
