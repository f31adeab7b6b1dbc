"""From a word of a query to the terms of an index that it may match: its inflections, other
spellings of a name, compounds with it, and words that were typed together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from searcher.engine.alternatives import alternatives, lone_character, pieces
from searcher.engine.common_words import (
    MOST_KNOWN,
    CommonWord,
    CommonWords,
    OtherSpelling,
    ResolvedWord,
    forms_of,
)
from searcher.engine.expansion import Expansions
from searcher.engine.patterns import Alternative, Pattern, TermSet
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.protocol import Vocabulary
from searcher.engine.related import COMPOUND, Related, grouped, prefixed_forms, related
from searcher.engine.seams import between_seams
from searcher.engine.spellings import other_spellings
from searcher.engine.terms import TEXT
from searcher.query.tree import Prefix, Word
from searcher.text.analyzer import query_terms, stems
from searcher.text.exonyms import has_spellings
from searcher.text.folding import fold
from searcher.text.language import UNDETERMINED
from searcher.text.pieces import Piece

_LONGEST_PHRASE_OF_BIGRAMS = 5
"""Maximum number of bigrams of text without spaces (Chinese, Japanese) that are matched as one
phrase. Longer text is split into several words, which need not be adjacent."""

_SHORTEST_RUN = 3
"""Minimum number of bigrams of such text that may be two words."""

OTHER_SPELLING = 0.7
"""Weight of an occurrence of a name in another spelling. An occurrence as typed has weight 1."""


@dataclass(slots=True)
class WordPlanner:
    """The planning of the words of one query."""

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
    common: dict[Pattern, CommonWord] = field(default_factory=dict)
    """Words that are common."""
    also: dict[str, dict[str, None]] = field(default_factory=dict)
    """Other spellings by word, each once, in order."""

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
        kin = related(word.text, self.vocabulary)
        pattern = self.with_related(word.text, Pattern(TEXT, ways, word.region), kin)
        pattern = self.spelled(word.text, pattern, others)
        if self.expansions.is_late():
            return pattern
        common = self.common_words.of(pattern, word.text, self.stems, others)
        if common is not None:
            self.common[pattern] = common
        avoidable = self._avoidable(word.text, kin)
        if avoidable is not None and avoidable.isdisjoint(self.avoided):
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = ResolvedWord(
                pattern, tuple(self.also.get(word.text, ())), common, avoidable
            )
        return pattern

    def _avoidable(self, text: str, kin: Sequence[Related]) -> frozenset[str] | None:
        """Return `ResolvedWord.avoidable` of a word; None if it has compounds, which stems leave
        out. kin: its other forms."""
        if any(self.common_words.compounds(text, language) for language in self.compounding):
            return None
        forms = {other.form for other in self._others(text)}
        forms.update(fold(other.text) for other in kin)
        return frozenset(forms)

    def apart(self, word: Word, plan: Pattern) -> PlanNode:
        """Return the plan of a word, or that it or the words in it match, if it is a run of
        characters with seams."""
        run = plan.alternatives[0] if plan.alternatives else ()
        if len(run) < _SHORTEST_RUN:
            return plan
        typed = pieces(word.text)[0]
        if any(piece.lower for piece in typed):
            return plan
        found = between_seams([piece.form for piece in typed], self.vocabulary)
        shown = " ".join(word.text[one.start : one.stop + 1] for one in found)
        if len(found) == 1 or fold(shown) in self.avoided:
            return plan
        self.also.setdefault(word.text, {})[shown] = None
        parts = tuple(Pattern(TEXT, (run[one.start : one.stop],), word.region) for one in found)
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
        return _with_ways(pattern, ways, weights)

    def with_related(self, text: str, pattern: Pattern, kin: Sequence[Related]) -> Pattern:
        """Return the pattern with other forms of the word: in compounds, of a number in groups, and
        those of `kin`."""
        ways: list[Alternative] = []
        if groups := grouped(pieces(text)[0][0].form):
            ways.append(tuple(frozenset((group,)) for group in groups))
        weights: dict[str, float] = {}
        for other in kin:
            if fold(other.text) in self.avoided:
                continue
            for way in alternatives(other.text, self.stems):
                if way not in pattern.alternatives and self._is_held(way):
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
        return _with_ways(pattern, ways, weights)

    def _is_held(self, way: Alternative) -> bool:
        """Return whether the index has each word of an alternative."""
        return all(any(self.vocabulary.stems(sorted(terms))) for terms in way)

    def _others(self, text: str) -> tuple[OtherSpelling, ...]:
        """Return the other spellings of a word that the index has; none after the deadline."""
        if not (text.isalpha() or has_spellings(text)):
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
        for spelling in other_spellings(text, self.vocabulary, self.languages):
            spoken = tuple(
                language
                for language in self.languages
                if language in (*spelling.languages, UNDETERMINED)
            )
            if spelling.languages and not spoken:
                continue
            stems = partial(self.stems, languages=spoken if spelling.languages else ())
            every = (spelling.text, *prefixed_forms(spelling.text))
            ways = tuple(
                way for text in every for way in alternatives(text, stems) if self._is_held(way)
            )
            if ways:
                forms = forms_of(spelling.text, stems)
                yield OtherSpelling(spelling.text, fold(spelling.text), ways, forms)


def _with_ways(pattern: Pattern, ways: list[Alternative], weights: dict[str, float]) -> Pattern:
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
