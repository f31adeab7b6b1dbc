"""Reverse search: the saved queries that new articles match.

Running every query on every article would take too long. So each query has anchors: sets of terms
such that every matching article contains at least one term of each set. Queries are indexed by one
anchor, and only those whose anchors the articles contain are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import add
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.common_words import CommonWords, may_be_function_word
from searcher.engine.memory import MemorySnapshot
from searcher.engine.patterns import Pattern
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.planner import make_plan
from searcher.engine.protocol import Vocabulary
from searcher.engine.related import WITHIN_WORDS
from searcher.engine.searches import Ranking, Search
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
    Wildcard,
    Word,
    is_filter,
    leaves,
)
from searcher.text.analyzer import LANGUAGES
from searcher.text.exonyms import spellings
from searcher.text.folding import fold
from searcher.text.names import is_same_name, keys


class Anchor(NamedTuple):
    """A condition that every matching article meets: it contains one of the terms, or a name that
    may be another spelling of one of the names."""

    terms: frozenset[str]
    """Terms of the fields `text` and `form`."""
    names: frozenset[str] = frozenset()
    """Words of the query that may be names."""

    @property
    def length(self) -> int:
        """Length of its longest term. Long words are rare, so the longest anchor is the best."""
        return max(map(len, self.terms), default=0)


class SavedQueries:
    """Queries by name, indexed by their anchors."""

    def __init__(self, queries: Iterable[tuple[str, Query]]) -> None:
        self._queries = dict(queries)
        self._anchors: dict[str, tuple[Anchor, ...]] = {}
        """Anchors by the name of the query."""
        self._by_term: dict[str, list[str]] = {}
        """Names of queries by the terms of their best anchor."""
        self._by_key: dict[str, list[tuple[str, str]]] = {}
        """Words and names of queries by the keys that spellings of the word may have."""
        self._by_part: dict[str, list[str]] = {}
        """Names of queries by their folded words, which other words may contain."""
        self._always: list[str] = []
        """Names of queries without an anchor, which are run on all articles."""
        for name, query in self._queries.items():
            anchors = self._anchors[name] = anchors_of(query.root, query.match_all)
            if not anchors:
                self._always.append(name)
                continue
            for leaf in leaves(query.root, excluded=False):
                if isinstance(leaf, Word):
                    self._by_part.setdefault(fold(leaf.text), []).append(name)
            first = max(anchors, key=lambda anchor: anchor.length)
            for term in first.terms:
                self._by_term.setdefault(term, []).append(name)
            for word in first.names:
                for key in keys(word):
                    self._by_key.setdefault(key, []).append((word, name))

    def candidates(self, new: NewArticles) -> list[str]:
        """Return the names of all queries that may match one of the articles."""
        found = dict.fromkeys(self._always)
        found.update(
            (name, None) for term in new.held & self._by_term.keys() for name in self._by_term[term]
        )
        for key in new.names.keys() & self._by_key.keys():
            found.update(
                (name, None) for word, name in self._by_key[key] if new.spells(word, (key,))
            )
        kept = [name for name in found if all(map(new.meets, self._anchors[name]))]
        if new.joined:
            # A word is also found inside others, as parts of compounds and behind prefixes.
            held = (names for part, names in self._by_part.items() if part in new.joined)
            kept = list(dict.fromkeys([*kept, *(name for names in held for name in names)]))
        return kept

    def matches(self, new: NewArticles) -> Iterator[tuple[str, Ranking]]:
        """Yield the names of the queries that match, each with the articles that match it."""
        for name in self.candidates(new):
            everything = Search(self._queries[name], sort="newest", limit=new.count, totals=False)
            found = new.search(everything)
            if found.ranked:
                yield name, found


class NewArticles(MemorySnapshot):
    """New articles, searched as if they were in the index. The frequencies of words, and their
    shares of names, are those of both together."""

    def __init__(self, articles: Iterable[Article], index: Vocabulary | None) -> None:
        """index: the vocabulary of the index without these articles, if there is an index."""
        super().__init__(0, {article.id: (article, terms_of(article)) for article in articles})
        self._index = index
        terms = [terms.fields for _, terms in self.entries.values()]
        self.held = frozenset(
            term for fields in terms for name in (TEXT, FORM) for term in fields[name]
        )
        """All terms of the fields `text` and `form` in the articles."""
        languages = {article.language for article, _ in self.entries.values()}
        self.joined = " ".join(self.held) if languages & WITHIN_WORDS else ""
        """These terms, if words of queries may be found inside others; else ""."""
        self.names: dict[str, set[str]] = {}
        """Names in the articles, folded, by the key that their spellings share."""
        for listed in {name for fields in terms for name in fields[NAME]}:
            key, _, form = listed.partition(" ")
            self.names.setdefault(key, set()).add(form)

    def meets(self, anchor: Anchor) -> bool:
        """Return whether one of the articles meets an anchor's condition."""
        return not anchor.terms.isdisjoint(self.held) or any(
            self.spells(word, keys(word)) for word in anchor.names
        )

    def spells(self, word: str, among: Iterable[str]) -> bool:
        """Return whether a name of the articles may be another spelling of `word`.

        among: keys of the names to compare it with.
        """
        form = fold(word)
        return any(is_same_name(form, other) for key in among for other in self.names.get(key, ()))

    def _languages(self) -> Mapping[str, int]:
        """Return 0 for each language: what a saved query finds must not depend on the articles that
        happen to come with another. So only function words are common."""
        return dict.fromkeys(super()._languages(), 0)

    @property
    def vocabulary(self) -> Vocabulary:  # type: ignore[override]
        own = super().vocabulary
        return _Joint(own, self._index) if self._index is not None else own


class _Joint:
    """The vocabulary of the new articles, with frequencies from the index."""

    def __init__(self, own: Vocabulary, index: Vocabulary) -> None:
        self._own = own
        self._index = index
        self.with_prefix = own.with_prefix
        self.within = own.within
        self.containing = own.containing
        self.listed = own.listed
        self.stems_beginning = own.stems_beginning
        self.stems_ending = own.stems_ending
        self.completions = own.completions
        self.phrases = own.phrases

    def holding(self, form: str) -> int:
        return self._own.holding(form) + self._index.holding(form)

    def stems(self, terms: Sequence[str]) -> list[int]:
        return [*map(add, self._own.stems(terms), self._index.stems(terms))]

    def forms(self, forms: Sequence[str]) -> list[int]:
        return [*map(add, self._own.forms(forms), self._index.forms(forms))]

    def name_share(self, form: str) -> float:
        return (self._index if self._index.holding(form) else self._own).name_share(form)


@lru_cache(1 << 15)
def anchors_of(root: Group, all_wanted: bool) -> tuple[Anchor, ...]:
    """Return conditions that are met by every article that matches a query; () if there are none.

    all_wanted: whether all optional clauses are required.
    """
    wanted = [clause.node for clause in root.clauses if clause.occur is Occur.WANTED]
    required = [clause.node for clause in root.clauses if clause.occur is Occur.REQUIRED]
    found = [_of(node, all_wanted) for node in required]
    about = any(not is_filter(node) for node in required)
    telling = [node for node in wanted if not _may_be_common(node)] if all_wanted else []
    found += [_of(node, all_wanted) for node in telling]
    # Common words are not required beside others. Of words that may all be common, one is.
    if not about and wanted and not telling:
        found.append(_any_of([_of(node, all_wanted) for node in wanted]))
    return tuple(anchor for anchor in found if anchor is not None)


def _may_be_common(node: Node) -> bool:
    """Return whether all wanted words of a part of a query may be common in new articles."""
    if isinstance(node, Group):
        wanted = (clause.node for clause in node.clauses if clause.occur is Occur.WANTED)
        return all(map(_may_be_common, wanted))
    return isinstance(node, Word) and may_be_function_word(node.text)


def _of(node: Node, all_wanted: bool) -> Anchor | None:
    """Return a condition that is met by every article that matches a part of a query, if there is
    one."""
    if isinstance(node, Either):
        return _any_of([_of(child, all_wanted) for child in node.nodes])
    if isinstance(node, Group):
        return max(anchors_of(node, all_wanted), key=lambda anchor: anchor.length, default=None)
    return _of_leaf(node)


def _any_of(parts: Sequence[Anchor | None]) -> Anchor | None:
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    terms = frozenset(term for part in found for term in part.terms)
    return Anchor(terms, frozenset(name for part in found for name in part.names))


def _of_leaf(leaf: Leaf) -> Anchor | None:
    if is_filter(leaf) or isinstance(leaf, (Prefix, Wildcard, Fuzzy)):
        return None
    found = _of_plan(_planned(leaf))
    if found is None or not isinstance(leaf, Word):
        return found
    others = _any_of(
        [found, *(_of_plan(_planned(Word(spelling.text))) for spelling in spellings(leaf.text))]
    )
    return others._replace(names=frozenset((leaf.text,))) if others is not None else None


def _planned(leaf: Leaf) -> PlanNode:
    """Return the plan of a leaf for an index with articles in all languages."""
    return make_plan(Query("", Group((Clause(Occur.REQUIRED, leaf),))), _NO_WORDS).root


def _of_plan(node: PlanNode) -> Anchor | None:
    if isinstance(node, PlanGroup):
        children = (*node.required, *node.wanted)
        return _any_of([_of_plan(child) for child in children]) if children else None
    if isinstance(node, PlanEither):
        return _any_of([_of_plan(child) for child in node.nodes])
    if not isinstance(node, Pattern) or not all(all(run) for run in node.alternatives):
        return None
    # Each alternative is represented by its longest word, which is probably the rarest.
    longest = (max(run, key=lambda terms: max(map(len, terms))) for run in node.alternatives)
    return Anchor(frozenset(term for terms in longest for term in terms))


_NO_WORDS = CommonWords(dict.fromkeys(LANGUAGES, 0), MemorySnapshot(0, {}).vocabulary)
