"""Plans: a query resolved against the languages and the vocabulary of one index."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

from searcher.engine.patterns import Pattern, TermSet
from searcher.engine.protocol import Also, Vocabulary
from searcher.engine.spellings import other_spellings
from searcher.engine.terms import FORM, TEXT
from searcher.query.tree import (
    Either,
    Exact,
    Field,
    Fuzzy,
    Group,
    Language,
    Leaf,
    Near,
    Node,
    Occur,
    Phrase,
    Prefix,
    Published,
    Query,
    Region,
    Span,
    Warning,
    Word,
    is_filter,
    leaves,
)
from searcher.text.analyzer import field_terms, query_terms
from searcher.text.exonyms import is_known
from searcher.text.folding import fold
from searcher.text.tokens import ENDS_COMPOUND, Piece, lookups, surfaces

MOST_EXPANSIONS = 200
"""Words that a prefix or fuzzy word may stand for."""
MOST_SCANNED = 100_000
"""Words of the vocabulary that are looked at to find them."""
_LONGEST_RUN = 5
"""An unspaced run of more bigrams than this is several words, not a phrase."""
_LONGEST_PHRASE = 10
"""A longer phrase is looked for as it is typed, without the other spellings of compounds in it."""
OTHER_SPELLING = 0.7
"""What an occurrence of a name counts that is spelled otherwise than typed."""
_APART = 1000
"""Positions between words of a query that are no neighbours: more than any text is asked about."""
FUZZY_DISCOUNT = 0.5
"""What an occurrence counts for each edit that separates it from the word typed."""


class PlanGroup(NamedTuple):
    """As a query's Group. needs_wanted: whether one of `wanted` has to match."""

    required: tuple[PlanNode, ...]
    wanted: tuple[PlanNode, ...]
    excluded: tuple[PlanNode, ...]
    needs_wanted: bool


class PlanEither(NamedTuple):
    nodes: tuple[PlanNode, ...]


class Unknown(NamedTuple):
    """A leaf for which there was no time: whatever it would match, no article may be found on
    account of that."""


Run: TypeAlias = tuple[TermSet, ...]
PlanNode: TypeAlias = Unknown | Pattern | Language | Published | PlanGroup | PlanEither


class PlacedWord(NamedTuple):
    """A word of the query and the position in the query at which it begins."""

    pattern: Pattern
    start: int


@dataclass(frozen=True, slots=True)
class Plan:
    """words: those typed side by side outside of parentheses and fields, for how they stand to each
    other counts. also: for names among the words what else was looked for. added: patterns that add
    to the scores of the best, with their weights. names: what each clause of the root that can
    score is called."""

    root: PlanGroup
    match_all: bool
    warnings: tuple[Warning, ...]
    words: tuple[PlacedWord, ...] = ()
    also: tuple[Also, ...] = ()
    added: tuple[tuple[Pattern, float], ...] = ()
    names: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the query asks for nothing, so that nothing is found."""
        return not (self.root.required or self.root.wanted or self.root.excluded)

    def patterns(self, scoring_only: bool = False) -> list[Pattern]:
        """Every distinct pattern; with `scoring_only`, those that score: of the text, and not
        excluded."""
        return list(dict.fromkeys(_patterns(self.root, scoring_only)))


def scores(pattern: Pattern) -> bool:
    """Whether a pattern adds to the score: those of the metadata only narrow."""
    return pattern.field in (TEXT, FORM)


def _patterns(node: PlanNode, scoring_only: bool) -> Iterator[Pattern]:
    if isinstance(node, Pattern):
        if scores(node) or not scoring_only:
            yield node
    elif isinstance(node, PlanEither):
        for child in node.nodes:
            yield from _patterns(child, scoring_only)
    elif isinstance(node, PlanGroup):
        for child in (*node.required, *node.wanted, *(() if scoring_only else node.excluded)):
            yield from _patterns(child, scoring_only)


def resolve(
    query: Query, languages: Iterable[str], vocabulary: Vocabulary, deadline: float | None = None
) -> Plan:
    """The plan of `query` for an index that holds articles in `languages`.

    Prefixes and fuzzy words that are not looked up by the deadline (of time.monotonic) become
    Unknown.
    """
    known = tuple(query.languages or sorted(languages))
    typed = frozenset(fold(leaf.text) for leaf in leaves(query.root) if isinstance(leaf, Word))
    resolver = _Resolver(
        languages=known,
        vocabulary=vocabulary,
        deadline=deadline,
        warnings=list(query.warnings),
        without=frozenset(map(fold, query.without)),
        typed=typed,
    )
    root = resolver.group(query.root)
    words = tuple(resolver.placed(query.root))
    also = tuple(Also(word, tuple(texts)) for word, texts in resolver.also.items())
    added = tuple(
        (Pattern(TEXT, _runs(word.text, resolver.stems)), word.weight) for word in query.added
    )
    return Plan(
        root=root,
        match_all=query.match_all,
        warnings=tuple(resolver.warnings),
        words=words,
        also=also,
        added=added,
        names=_names(query.root, dict(also)),
    )


def _names(root: Group, also: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the required and then the wanted clauses of the root are called. also: other spellings
    of words."""
    ordered = sorted(root.clauses, key=lambda clause: clause.occur is not Occur.REQUIRED)
    names = [_name(clause.node) for clause in ordered if clause.occur is not Occur.EXCLUDED]
    return tuple(
        f"{name} (also {', '.join(also[name])})" if name in also else name for name in names
    )


def _name(node: Node) -> str:
    match node:
        case Group():
            return " ".join(
                _name(clause.node) for clause in node.clauses if clause.occur is not Occur.EXCLUDED
            )
        case Either():
            return " or ".join(map(_name, node.nodes))
        case Phrase() | Near():
            return f"“{node.text}”"
        case Prefix():
            return f"{node.text}*"
        case Fuzzy():
            return f"{node.text}~"
        case Language() | Published():
            return ""
        case _:
            return node.text


@dataclass(slots=True)
class _Resolver:
    languages: tuple[str, ...]
    vocabulary: Vocabulary
    deadline: float | None
    warnings: list[Warning]
    without: frozenset[str]
    typed: frozenset[str]
    expanded: dict[Leaf, PlanNode] = field(default_factory=dict)
    words: dict[Word, PlanNode] = field(default_factory=dict)
    also: dict[str, dict[str, None]] = field(default_factory=dict)

    def node(self, node: Node) -> PlanNode:
        if isinstance(node, Group):
            return self.group(node)
        if isinstance(node, Either):
            return PlanEither(tuple(self.node(child) for child in node.nodes))
        return self.leaf(node)

    def group(self, group: Group) -> PlanGroup:
        clauses = [(clause.occur, self.node(clause.node)) for clause in group.clauses]
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

    def placed(self, root: Group) -> Iterator[PlacedWord]:
        """The words of the root, numbered through; what stands between two of them keeps them
        apart."""
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
        match leaf:
            case Language() | Published():
                return leaf
            case _ if not _pieces(leaf.text):
                return Pattern(FORM, ())
            case Field():
                return Pattern(
                    leaf.name, (tuple(frozenset((term,)) for term in field_terms(leaf.text)),)
                )
            case Word():
                if leaf not in self.words:
                    self.words[leaf] = self.word(leaf)
                return self.words[leaf]
            case Exact() | Phrase():
                return Pattern(FORM, _across_compounds(_runs(leaf.text, _form)), leaf.region)
            case Near():
                return self.near(leaf)
            case Prefix() | Fuzzy():
                return self.expansion(leaf)

    def stems(self, piece: Piece, languages: tuple[str, ...] = ()) -> TermSet:
        return query_terms(piece.lower, piece.form, languages or self.languages)

    def word(self, word: Word) -> PlanNode:
        runs = _runs(word.text, self.stems)
        if len(runs[0]) > _LONGEST_RUN:
            parts = tuple(Pattern(TEXT, ((part,),), word.region) for part in runs[0])
            return PlanGroup(required=(), wanted=parts, excluded=(), needs_wanted=True)
        alone = _lone_character(word.text)
        if alone:
            return self.expansion(Prefix(alone, word.region, word.span))
        return self.spelled(word.text, Pattern(TEXT, runs, word.region))

    def spelled(self, text: str, pattern: Pattern) -> Pattern:
        """The pattern of a word with the other spellings of the name that it is, which count
        less."""
        if not (text.isalpha() or is_known(text)) or self.is_late():
            return pattern
        weights: dict[str, float] = {}
        runs: list[Run] = []
        for spelling in other_spellings(text, self.vocabulary):
            spoken = tuple(
                language for language in self.languages if language in spelling.languages
            )
            other = fold(spelling.text)
            if other in self.without or other in self.typed or (spelling.languages and not spoken):
                continue
            for run in _runs(spelling.text, partial(self.stems, languages=spoken)):
                if all(any(self.vocabulary.stems(sorted(terms))) for terms in run):
                    runs.append(run)
                    weights.update(dict.fromkeys(run[0], OTHER_SPELLING))
                    self.also.setdefault(text, {})[spelling.text] = None
        if not runs:
            return pattern
        for own in pattern.alternatives:
            weights.update(dict.fromkeys(own[0], 1.0))
        if (
            all(len(run) == 1 for run in (*pattern.alternatives, *runs))
            and len(pattern.alternatives) == 1
        ):
            runs = [(frozenset(weights),)]
        else:
            runs = [*pattern.alternatives, *runs]
        return replace(pattern, alternatives=tuple(runs), weights=tuple(sorted(weights.items())))

    def near(self, near: Near) -> PlanNode:
        """The words within a window; compounds among them in parts, or joined, which stand at their
        first part."""
        runs = _runs(near.text, self.stems)
        shorter = len(runs[0]) - len(runs[-1])
        patterns = tuple(
            Pattern(
                TEXT,
                (run,),
                near.region,
                window=len(run) + near.distance + (shorter if run is runs[-1] else 0),
            )
            for run in dict.fromkeys(runs)
        )
        return patterns[0] if len(patterns) == 1 else PlanEither(patterns)

    def expansion(self, leaf: Prefix | Fuzzy) -> PlanNode:
        """What a prefix or fuzzy word stands for; looked up once for each, and not at all when time
        is up."""
        key = leaf._replace(span=(0, 0))
        if self.is_late():
            return Unknown()
        if key not in self.expanded:
            self.expanded[key] = self.prefix(leaf) if isinstance(leaf, Prefix) else self.fuzzy(leaf)
        return Unknown() if self.is_late() else self.expanded[key]

    def is_late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def prefix(self, prefix: Prefix) -> Pattern:
        runs = []
        # Of the spellings of "AT&T" only the one with its sign begins words that are meant.
        for run in _pieces(prefix.text)[-1 if "&" in prefix.text else 0 :]:
            forms = self.expand(run[-1].form, prefix)
            runs.append((*(frozenset((piece.form,)) for piece in run[:-1]), forms))
        return Pattern(FORM, tuple(runs), prefix.region)

    def expand(self, beginning: str, prefix: Prefix) -> TermSet:
        found: list[tuple[int, str]] = []
        for scanned, (form, articles) in enumerate(self.vocabulary.with_prefix(beginning)):
            if scanned == MOST_SCANNED or (scanned % 1000 == 999 and self.is_late()):
                break
            found.append((-articles, form))
        self.note_bound(f"{prefix.text}*", len(found), "the most frequent", prefix.span)
        return frozenset(form for _, form in heapq.nsmallest(MOST_EXPANSIONS, found))

    def fuzzy(self, fuzzy: Fuzzy) -> Pattern:
        word = (
            fold("".join(surfaces(fuzzy.text)))
            if len(surfaces(fuzzy.text)) > 1
            else _pieces(fuzzy.text)[-1][-1].form
        )
        found = [
            (edits, -articles, form)
            for form, edits, articles in self.vocabulary.within(word, fuzzy.distance)
        ]
        self.note_bound(f"{fuzzy.text}~", len(found), "the closest", fuzzy.span)
        kept = heapq.nsmallest(MOST_EXPANSIONS, found)
        weights = {form: FUZZY_DISCOUNT**edits for edits, _, form in kept}
        return Pattern(
            FORM, ((frozenset(weights),),), fuzzy.region, weights=tuple(sorted(weights.items()))
        )

    def note_bound(self, shown: str, found: int, kept: str, span: Span) -> None:
        """Warns when a leaf stands for more words than are searched."""
        if found > MOST_EXPANSIONS:
            message = (
                f"“{shown}” stands for more than {MOST_EXPANSIONS} words; {kept} were searched"
            )
            self.warnings.append(Warning(message, span))


def _form(piece: Piece) -> TermSet:
    return frozenset((piece.form,))


@lru_cache(1 << 10)
def _pieces(text: str) -> tuple[tuple[Piece, ...], ...]:
    """The ways in which the tokens of `text` may stand one after the other: all in parts, or all
    joined; or none."""
    tokens = [ways for surface in surfaces(text) if (ways := lookups(surface))]
    if not tokens:
        return ()
    runs = [tuple(piece for ways in tokens for piece in ways[0])]
    if any(len(ways) > 1 for ways in tokens):
        runs.append(tuple(piece for ways in tokens for piece in ways[-1]))
    return tuple(runs)


def _runs(text: str, terms: Callable[[Piece], TermSet]) -> tuple[Run, ...]:
    return tuple(tuple(terms(piece) for piece in run) for run in _pieces(text))


def _across_compounds(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs, and each with one of its words written as two parts: "ceasefire talks" is found in
    "cease-fire talks".

    There the joined spelling stands at the first part, its end at the second, and the next word
    after that.
    """
    found = dict.fromkeys(runs)
    for run in runs:
        for at, terms in enumerate(run[:-1] if len(run) <= _LONGEST_PHRASE else ()):
            ends = frozenset(ENDS_COMPOUND + term for term in terms)
            found[(*run[: at + 1], ends, *run[at + 1 :])] = None
    return tuple(found)


def _lone_character(text: str) -> str:
    """The character of an unspaced script that `text` consists of, if it does: it is found inside
    longer words."""
    words: Sequence[str] = surfaces(text)
    if len(words) != 1 or len(words[0]) != 1:
        return ""
    piece = lookups(words[0])[0][0]
    return words[0] if not piece.lower and not words[0].isdigit() else ""
