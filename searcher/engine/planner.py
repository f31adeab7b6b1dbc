"""From a query to its plan for one index.

Words become terms in the languages of the index, names get their other spellings, and prefixes and
fuzzy words become the words of its vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from searcher.engine.alternatives import (
    across_compounds,
    alternatives,
    exact,
    lone_character,
    parts_of,
    pieces,
)
from searcher.engine.common_words import (
    MOST_KNOWN,
    CommonWord,
    CommonWords,
    OtherSpelling,
    ResolvedWord,
    forms_of,
    may_be_function_word,
    narrowed,
)
from searcher.engine.expansion import Expansions
from searcher.engine.explain import BROADENED, clause_names
from searcher.engine.field_names import field_node
from searcher.engine.patterns import Alternative, Pattern, TermSet
from searcher.engine.plan import (
    PlacedWord,
    Plan,
    PlanEither,
    PlanGroup,
    PlanNode,
    patterns_of,
)
from searcher.engine.protocol import Also, Vocabulary
from searcher.engine.related import (
    COMPOUND,
    compounding,
    grouped,
    related,
)
from searcher.engine.seams import between_seams
from searcher.engine.spellings import other_spellings
from searcher.engine.terms import FORM, TEXT
from searcher.engine.weights import COMPOUND_PART
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
from searcher.text.analyzer import query_terms, stems
from searcher.text.exonyms import is_known
from searcher.text.folding import fold
from searcher.text.pieces import Piece

_LONGEST_PHRASE_OF_BIGRAMS = 5
"""Maximum number of bigrams of text without spaces (Chinese, Japanese) that are matched as one
phrase. Longer text is split into several words, which need not be adjacent."""

_SHORTEST_RUN = 3
"""Minimum number of bigrams of such text that may be two words."""

OTHER_SPELLING = 0.7
"""Weight of an occurrence of a name in another spelling. An occurrence as typed has weight 1."""

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
    planner = _Planner(
        languages=known,
        vocabulary=vocabulary,
        expansions=expansions,
        common_words=words,
        compounding=compounding(words.counts, query.languages),
        avoided=typed.union(map(fold, query.without)),
    )
    core = planner.group(query.root)
    also = tuple(Also(word, tuple(texts)) for word, texts in planner.also.items())
    chosen = tuple((one.field, planner.group(one.root)) for one in query.narrowed)
    every = narrowed(core, planner.common, all_wanted=True) or core
    finds = every if query.match_all else narrowed(core, planner.common) or core
    broad = planner.broadening(query.added)
    found = set(patterns_of(finds))
    common = [
        word for word, node in planner.words.items() if node in planner.common and node not in found
    ]
    names = clause_names(query.root, dict(also), common)
    return Plan(
        root=_broadened(core, broad, finds=True),
        finds=_broadened(finds, broad, finds=finds.needs_wanted),
        every=every,
        warnings=(*query.warnings, *expansions.warnings),
        words=tuple(planner.placed(query.root)),
        common=tuple(dict.fromkeys(word.text for word in common)),
        also=also,
        added=frozenset(patterns_of(broad)) if broad else frozenset(),
        names=(*names, BROADENED) if broad else names,
        narrowed=chosen,
        copies=query.copies,
        prefers=not query.match_any and not query.match_all and not broad and _is_optional(finds),
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

    languages: tuple[str, ...]
    """Languages in which words are stemmed."""
    vocabulary: Vocabulary
    """The words of the index."""
    expansions: Expansions
    """The words of prefixes and fuzzy words."""
    common_words: CommonWords
    """Decides which words are common."""
    compounding: tuple[str, ...]
    """Languages whose compounds with a word are looked up."""
    avoided: frozenset[str]
    """Folded spellings that are not added, and the folded words of the query: none of them is
    treated as another spelling of another."""
    words: dict[Word, PlanNode] = field(default_factory=dict)
    """Words that were looked up."""
    common: dict[Pattern, CommonWord] = field(default_factory=dict)
    """Those of them that are common."""
    also: dict[str, dict[str, None]] = field(default_factory=dict)
    """Other spellings by word, each once, in order."""

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
            Pattern(TEXT, ((self.stems(piece),),), node.region, factor=COMPOUND_PART)
            for piece in parts_of(node.text)
            if not may_be_function_word(piece.form)
        )
        if not parts:
            return self.apart(node, plan, occur)
        self.common.update(dict.fromkeys(parts, CommonWord(None, None)))
        return PlanGroup(required=(), wanted=(plan, *parts), excluded=(), needs_wanted=True)

    def broadening(self, added: tuple[Added, ...]) -> PlanGroup | None:
        """Return the words that broaden the query; None if there are none."""
        words = tuple(
            Pattern(TEXT, alternatives(word.text, self.stems), factor=word.weight) for word in added
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
                found = self.words[leaf] = self.word(leaf)
                return found
            case Exact() | Phrase():
                return Pattern(FORM, across_compounds(alternatives(leaf.text, exact)), leaf.region)
            case Near():
                return self.near(leaf)
            case Prefix() | Wildcard() | Fuzzy():
                return self.expansions.of(leaf)

    def stems(self, piece: Piece, languages: tuple[str, ...] = ()) -> TermSet:
        """Return the terms of a piece in these languages, by default those of the plan."""
        return query_terms(piece.lower, piece.form, languages or self.languages)

    def word(self, word: Word) -> PlanNode:
        """Return the plan of a word in its inflections and, if it is a name, other spellings."""
        known = self.common_words.resolved
        key = (word.text, word.region, self.languages, self.compounding)
        found = known.get(key)
        if found is not None and found.avoidable.isdisjoint(self.avoided):
            if found.also:
                self.also[word.text] = dict.fromkeys(found.also)
            if found.common is not None:
                self.common[found.pattern] = found.common
            return found.pattern
        ways = alternatives(word.text, self.stems)
        if len(ways[0]) > _LONGEST_PHRASE_OF_BIGRAMS:
            parts = tuple(Pattern(TEXT, ((part,),), word.region) for part in ways[0])
            return PlanGroup(required=(), wanted=parts, excluded=(), needs_wanted=True)
        alone = lone_character(word.text)
        if alone:
            return self.expansions.of(Prefix(alone, word.region, word.span))
        others: dict[str, frozenset[str]] = {}
        pattern = self.with_related(word.text, Pattern(TEXT, ways, word.region))
        pattern = self.spelled(word.text, pattern, others)
        if self.expansions.is_late():
            return pattern
        common = self.common_words.of(pattern, word.text, self.stems, others)
        if common is not None:
            self.common[pattern] = common
        avoidable = self._avoidable(word.text)
        if avoidable is not None and avoidable.isdisjoint(self.avoided):
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = ResolvedWord(
                pattern, tuple(self.also.get(word.text, ())), common, avoidable
            )
        return pattern

    def _avoidable(self, text: str) -> frozenset[str] | None:
        """Return `ResolvedWord.avoidable` of a word; None if it has compounds, which stems leave
        out."""
        if any(self.common_words.compounds(text, language) for language in self.compounding):
            return None
        forms = {other.form for other in self._others(text)}
        forms.update(fold(other.text) for other in related(text, self.vocabulary))
        return frozenset(forms)

    def apart(self, node: Node, plan: PlanNode, occur: Occur) -> PlanNode:
        """Return the plan of a clause, or that it or the words in it match, if it is a run of
        characters with seams. What is excluded is excluded as typed."""
        if not isinstance(node, Word) or not isinstance(plan, Pattern) or occur is Occur.EXCLUDED:
            return plan
        run = plan.alternatives[0] if plan.alternatives else ()
        if len(run) < _SHORTEST_RUN or any(piece.lower for piece in pieces(node.text)[0]):
            return plan
        words = between_seams([piece.form for piece in pieces(node.text)[0]], self.vocabulary)
        shown = " ".join(node.text[word.start : word.stop + 1] for word in words)
        if len(words) == 1 or fold(shown) in self.avoided:
            return plan
        self.also.setdefault(node.text, {})[shown] = None
        parts = tuple(Pattern(TEXT, (run[word.start : word.stop],), node.region) for word in words)
        together = PlanGroup(required=parts, wanted=(), excluded=(), needs_wanted=False)
        return PlanEither((plan, together))

    def spelled(self, text: str, pattern: Pattern, others: dict[str, frozenset[str]]) -> Pattern:
        """Return the pattern with the other spellings of the word, if it is a name. Their weight is
        OTHER_SPELLING.

        others: gets the forms of the other spellings.
        """
        weights: dict[str, float] = {}
        ways: list[Alternative] = []
        for spelling in self._others(text):
            if spelling.form not in self.avoided:
                self.also.setdefault(text, {})[spelling.text] = None
                for way in spelling.ways:
                    ways.append(way)
                    weights.update(dict.fromkeys(way[0], OTHER_SPELLING))
                others.update(spelling.forms)
        return with_ways(pattern, ways, weights)

    def with_related(self, text: str, pattern: Pattern) -> Pattern:
        """Return the pattern with other forms of the word: in compounds, with prefixes, without
        particles, and of a number in groups."""
        ways: list[Alternative] = []
        if groups := grouped(pieces(text)[0][0].form):
            ways.append(tuple(frozenset((group,)) for group in groups))
        weights: dict[str, float] = {}
        for other in related(text, self.vocabulary):
            if fold(other.text) in self.avoided:
                continue
            for way in alternatives(other.text, self.stems):
                if way not in pattern.alternatives and all(
                    any(self.vocabulary.stems(sorted(terms))) for terms in way
                ):
                    ways.append(way)
                    weights.update(dict.fromkeys(way[0], other.weight))
                    self.also.setdefault(text, {})[other.text] = None
        for language in self.compounding:
            unwanted = {term for form in self.avoided for term in stems(form, language)}
            found = self.common_words.compounds(text, language) if pattern.alternatives else []
            for term, shown in found:
                if term in unwanted:
                    continue
                ways.append((frozenset((term,)),))
                weights[term] = COMPOUND
                if shown:
                    self.also.setdefault(text, {})[shown] = None
        return with_ways(pattern, ways, weights)

    def _others(self, text: str) -> tuple[OtherSpelling, ...]:
        """Return the other spellings of a word that the index has; none after the deadline."""
        if not (text.isalpha() or is_known(text)):
            return ()
        known = self.common_words.spellings
        found = known.get((text, self.languages))
        if found is None:
            if self.expansions.is_late():
                return ()
            found = tuple(self._looked_up(text))
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[text, self.languages] = found
        return found

    def _looked_up(self, text: str) -> Iterator[OtherSpelling]:
        """Yield the other spellings of a word that the index has in the languages of the plan."""
        for spelling in other_spellings(text, self.vocabulary):
            spoken = tuple(
                language for language in self.languages if language in spelling.languages
            )
            if spelling.languages and not spoken:
                continue
            stems = partial(self.stems, languages=spoken)
            ways = tuple(
                way
                for way in alternatives(spelling.text, stems)
                if all(any(self.vocabulary.stems(sorted(terms))) for terms in way)
            )
            if ways:
                forms = forms_of(spelling.text, stems)
                yield OtherSpelling(spelling.text, fold(spelling.text), ways, forms)

    def near(self, near: Near) -> PlanNode:
        """Return the pattern of the words within a window. Compounds match in parts or joined. A
        joined compound has the position of its first part."""
        ways = alternatives(near.text, self.stems, adjacent=False)
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


def with_ways(pattern: Pattern, ways: list[Alternative], weights: dict[str, float]) -> Pattern:
    """Return a pattern with more alternatives.

    weights: those of their first terms.
    """
    if not ways:
        return pattern
    known = dict(pattern.weights)
    for own in pattern.alternatives:
        weights.update((term, known.get(term, 1.0)) for term in own[0])
    every = [*pattern.alternatives, *ways]
    if all(len(way) == 1 for way in every) and len(pattern.alternatives) == 1:
        every = [(frozenset(weights),)]
    return pattern._replace(alternatives=tuple(every), weights=tuple(sorted(weights.items())))
