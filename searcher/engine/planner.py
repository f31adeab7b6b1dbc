"""From a query to its plan for one index.

Words become terms of the index (`word_planner`), prefixes and fuzzy words become words of its
vocabulary, and common words are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from searcher.engine.alternatives import (
    across_compounds,
    alternatives,
    exact,
    parts_of,
    pieces,
)
from searcher.engine.by_language import by_language
from searcher.engine.common_words import (
    CommonWord,
    CommonWords,
    may_be_function_word,
    narrowed,
)
from searcher.engine.expansion import Expansions
from searcher.engine.explain import BROADENED, clause_names
from searcher.engine.field_names import field_node
from searcher.engine.patterns import Pattern
from searcher.engine.plan import (
    PlacedWord,
    Plan,
    PlanEither,
    PlanGroup,
    PlanNode,
    patterns_of,
    words_in,
)
from searcher.engine.related import (
    compounding,
)
from searcher.engine.searches import Also
from searcher.engine.terms import FORM, TEXT
from searcher.engine.weighing import weighed
from searcher.engine.weights import COMPOUND_PART, LEADING_WORDS, length_weight
from searcher.engine.word_planner import WordPlanner
from searcher.query.tree import (
    Added,
    Either,
    Exact,
    Field,
    Fuzzy,
    Group,
    HasValue,
    Language,
    Leaf,
    Near,
    Node,
    Occur,
    OfStory,
    Phrase,
    Prefix,
    Published,
    Query,
    Region,
    StorySize,
    Wildcard,
    Word,
    is_filter,
    leaves,
)
from searcher.text.folding import fold

_APART = 1000
"""Positions between words of the query that are not neighbours. Words that far apart make no
pair."""


def make_plan(query: Query, words: CommonWords, deadline: float | None = None) -> Plan:
    """Return the plan of `query` for an index.

    words: the words of the index and of its common words.
    deadline: time of time.monotonic; prefixes and fuzzy words that are not looked up by then become
    Unresolved.
    """
    vocabulary = words.vocabulary
    known = tuple(query.languages or sorted(words.counts))
    typed = frozenset(fold(leaf.text) for leaf in leaves(query.root) if isinstance(leaf, Word))
    expansions = Expansions(vocabulary, deadline)
    resolver = WordPlanner(
        languages=known,
        vocabulary=vocabulary,
        expansions=expansions,
        common_words=words,
        compounding=compounding(words.counts, query.languages),
        avoided=typed.union(map(fold, query.without)),
    )
    planner = _Planner(resolver, expansions)
    core = planner.group(query.root)
    also = tuple(Also(word, tuple(texts)) for word, texts in resolver.also.items())
    chosen = tuple((one.field, planner.group(one.root)) for one in query.narrowed)
    every = narrowed(core, resolver.common, all_wanted=True) or core
    some = narrowed(core, resolver.common) or core
    finds = every if query.match_all else some
    broad = planner.broadening(query.added)
    found, telling = set(patterns_of(finds)), words_in(some)
    aside = {one for one, held in resolver.common.items() if not held.finds} - found
    common = [
        word
        for word, node in planner.words.items()
        if node in resolver.common and node not in found
    ]
    names = clause_names(query.root, dict(also), common)
    prefers = not query.match_any and not query.match_all and not broad and _is_optional(finds)
    core = weighed(core, resolver.common, found)
    if broad:
        broad = by_language(broad, words)
    return Plan(
        root=_broadened(by_language(core, words), broad, finds=True),
        finds=_broadened(by_language(finds, words), broad, finds=finds.needs_wanted),
        every=by_language(every, words),
        warnings=(*query.warnings, *expansions.warnings),
        words=tuple(one for one in planner.placed(query.root) if one.pattern not in aside),
        common=tuple(dict.fromkeys(word.text for word in common)),
        also=also,
        added=frozenset(patterns_of(broad)) if broad else frozenset(),
        names=(*names, BROADENED) if broad else names,
        narrowed=chosen,
        copies=query.copies,
        prefers=prefers,
        leads=telling <= LEADING_WORDS,
        b=length_weight(telling),
    )


def _broadened(group: PlanGroup, broad: PlanGroup | None, finds: bool) -> PlanGroup:
    """Return a group with the words that broaden the query, if there are any.

    finds: whether they find articles.
    """
    if broad is None or not finds:
        return group
    return group._replace(wanted=(*group.wanted, broad))


def _is_optional(node: PlanNode) -> bool:
    """Return whether an article can match without matching all that is wanted."""
    if isinstance(node, PlanEither):
        return any(map(_is_optional, node.nodes))
    if not isinstance(node, PlanGroup):
        return False
    needed = 1 if node.needs_wanted else 0
    return len(node.wanted) > needed or any(map(_is_optional, (*node.required, *node.wanted)))


@dataclass(slots=True)
class _Planner:
    """The planning of one query."""

    resolver: WordPlanner
    """Plans its words."""
    expansions: Expansions
    """The words of prefixes and fuzzy words."""
    words: dict[Word, PlanNode] = field(default_factory=dict)
    """Words that were looked up."""

    def node(self, node: Node) -> PlanNode:
        """Return the plan of a part of the query."""
        if isinstance(node, Group):
            return self.group(node)
        if isinstance(node, Either):
            return PlanEither(tuple(self.node(child) for child in node.nodes))
        return self.leaf(node)

    def group(self, group: Group) -> PlanGroup:
        clauses = [
            (clause.occur, self.clause(clause.node, clause.occur)) for clause in group.clauses
        ]
        about = any(
            clause.occur is Occur.REQUIRED and not is_filter(clause.node)
            for clause in group.clauses
        )
        wanted = tuple(node for occur, node in clauses if occur is Occur.WANTED)
        return PlanGroup(
            required=tuple(node for occur, node in clauses if occur is Occur.REQUIRED),
            wanted=wanted,
            excluded=tuple(node for occur, node in clauses if occur is Occur.EXCLUDED),
            needs_wanted=bool(wanted) and not about,
        )

    def clause(self, node: Node, occur: Occur) -> PlanNode:
        """Return the plan of a clause. A compound is also scored by its parts, which find
        nothing. Words that were typed together are found apart."""
        plan = self.node(node)
        if not isinstance(plan, Pattern) or not isinstance(node, Word) or occur is Occur.EXCLUDED:
            return plan
        parts = tuple(
            Pattern(TEXT, ((self.resolver.stems(piece),),), node.region, factor=COMPOUND_PART)
            for piece in parts_of(node.text)
            if not may_be_function_word(piece.form)
        )
        if not parts:
            return self.resolver.apart(node, plan)
        self.resolver.common.update(dict.fromkeys(parts, CommonWord(None, None)))
        return PlanGroup(required=(), wanted=(plan, *parts), excluded=(), needs_wanted=True)

    def broadening(self, added: tuple[Added, ...]) -> PlanGroup | None:
        """Return the words that broaden the query; None if there are none."""
        words = tuple(
            Pattern(TEXT, alternatives(word.text, self.resolver.stems), factor=word.weight)
            for word in added
        )
        return PlanGroup((), words, (), needs_wanted=True) if words else None

    def placed(self, root: Group) -> Iterator[PlacedWord]:
        """Yield the words of the root with their positions. Words with another clause between them
        are _APART positions apart."""
        position = 0
        for clause in root.clauses:
            node = clause.node
            if (
                isinstance(node, Word)
                and node.region is Region.ANYWHERE
                and clause.occur is not Occur.EXCLUDED
            ):
                pattern = self.leaf(node)
                if isinstance(pattern, Pattern) and pattern.field == TEXT and pattern.alternatives:
                    yield PlacedWord(pattern, position)
                    position += len(pattern.alternatives[0])
                    continue
            position += 0 if is_filter(node) else _APART

    def leaf(self, leaf: Leaf) -> PlanNode:
        """Return the plan of a leaf. For a leaf without a token it is an empty Pattern, which
        matches nothing."""
        if isinstance(leaf, Word) and (known := self.words.get(leaf)) is not None:
            return known
        match leaf:
            case Language() | Published() | OfStory() | StorySize() | HasValue():
                return leaf
            case _ if not pieces(leaf.text):
                return Pattern(FORM, ())
            case Field():
                return field_node(leaf)
            case Word():
                found = self.words[leaf] = self.resolver.word(leaf)
                return found
            case Exact() | Phrase():
                return Pattern(FORM, across_compounds(alternatives(leaf.text, exact)), leaf.region)
            case Near():
                return self.near(leaf)
            case Prefix() | Wildcard() | Fuzzy():
                return self.expansions.of(leaf)

    def near(self, near: Near) -> PlanNode:
        """Return the pattern of the words within a window. Compounds match in parts or joined. A
        joined compound has the position of its first part."""
        ways = alternatives(near.text, self.resolver.stems, adjacent=False)
        shorter = len(ways[0]) - len(ways[-1])
        patterns = tuple(
            Pattern(
                TEXT,
                (way,),
                near.region,
                window=len(way) + near.distance + (shorter if way is ways[-1] else 0),
            )
            for way in dict.fromkeys(ways)
        )
        return patterns[0] if len(patterns) == 1 else PlanEither(patterns)
