"""Common words: words in a large share of the articles of a language.

Beside other words, such a word adds to scores, but it finds nothing: "oil and price" finds the
articles with oil or price. A word may be common in one language and rare in another: of "die",
which is common in German, the English word still finds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from searcher.engine.alternatives import pieces
from searcher.engine.function_words import function_words
from searcher.engine.patterns import Alternative, Pattern, TermSet
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.engine.protocol import Vocabulary
from searcher.engine.related import compounds
from searcher.engine.terms import FORM
from searcher.query.tree import Language
from searcher.text.pieces import Piece

COMMON = 0.2
"""Part of the articles of a language. A word in more of them is common.

Smaller finds less: with .1, nDCG@10 of `python -m benchmarks.relevance DATA` falls from .664 to
.651 on TIME. Larger finds more that tells nothing: on TIME the median query finds 123 of 423
articles with .2, 135 with .3 and 423 without common words; on headlines of Reuters 3,803, 4,118 and
8,520 of 19,043. With .2 and .3, nDCG@10 is that without common words on both, and on ECB+, which
it was not chosen on (queries of 12 words; R@100 is .905, .912 and .917).
"""

FEW = 300
"""Number of articles of a language. With fewer, only function words are common, because shares of
few articles say little about a word. Larger uses the lists, which some languages lack, for longer.

In runs of Reuters articles the words that are common there, and in less than a tenth of all 19,043
articles, are 1.9 in runs of 50 articles, 1.5 in runs of 200, .4 in runs of 300 and .2 in runs of
500, on average."""

ACCIDENT = 0.1
"""Part of the articles that contain a common stem. If fewer contain the word in the form as typed,
the two have the same stem by accident, as the god Ares and "are". Larger takes inflections for
accidents.

Of the forms of common stems in Reuters, those below a tenth are names, misprints and derived words
(Reuters, willing, marketers, corps); from there on they are inflections (companies, being, years).
"""

MOST_KNOWN = 5_000
"""Maximum number of cached decisions. A full cache is emptied."""

Forms = Mapping[str, frozenset[str]]
"""The forms of a word of the query, by the terms that they are looked up as."""


class CommonWord(NamedTuple):
    """The matches of a common word beside other words."""

    finds: PlanNode | None
    """The articles that it finds: by its rare terms, and by a rare form. None if there are none."""
    demands: PlanNode | None
    """The articles that have it, or do not need it where all words are required. None if no article
    needs it."""


@cache
def _any_function_words() -> frozenset[str]:
    return frozenset().union(*function_words().values())


def may_be_function_word(text: str) -> bool:
    """Return whether a word of a query is made of function words, in whatever language."""
    words = _any_function_words()
    return any(all(piece.form in words for piece in sequence) for sequence in pieces(text))


def language_of(term: str) -> str:
    """Return the language of a stem; "" for a term that languages share."""
    return term.partition(":")[0] if ":" in term else ""


class OtherSpelling(NamedTuple):
    """Another spelling of a name that an index has."""

    text: str
    """The spelling."""
    form: str
    """The spelling in folded form."""
    ways: tuple[Alternative, ...]
    """The alternatives by which it occurs."""
    forms: Forms
    """The forms of its words by the terms that they are looked up as."""


class ResolvedWord(NamedTuple):
    """A word of a query in an index, beside words that leave all its other forms in."""

    pattern: Pattern
    """Its pattern."""
    also: tuple[str, ...]
    """The other spellings and forms that are shown."""
    common: CommonWord | None
    """Its matches beside other words; None if it is not common."""
    avoidable: frozenset[str]
    """The folded forms that would be left out if they were words of the query, too."""


@dataclass(frozen=True, slots=True)
class CommonWords:
    """Decides which words of queries are common in one state of an index, and remembers them
    and their compounds. Safe in threads."""

    counts: Mapping[str, int]
    """Number of articles by language."""
    vocabulary: Vocabulary
    """The words of the index."""
    resolved: dict[Hashable, ResolvedWord] = field(default_factory=dict)
    """Cached words of queries, at most MOST_KNOWN."""
    spellings: dict[tuple[str, tuple[str, ...]], tuple[OtherSpelling, ...]] = field(
        default_factory=dict
    )
    """Cached other spellings by word and languages, at most MOST_KNOWN."""
    divided: dict[Pattern, PlanNode] = field(default_factory=dict)
    """Cached words divided by language, at most MOST_KNOWN; see `engine.by_language`."""
    _compounds: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    """Cached compounds by word and language."""

    def compounds(self, text: str, language: str) -> list[tuple[str, str]]:
        """Return the stems of compounds with a word, as `related.compounds`. Cached."""
        key = (text, language)
        found = self._compounds.get(key)
        if found is None:
            if len(self._compounds) >= MOST_KNOWN:
                self._compounds.clear()
            found = self._compounds[key] = compounds(text, self.vocabulary, language)
        return found

    def of(
        self, pattern: Pattern, text: str, stems: Callable[[Piece], TermSet], others: Forms
    ) -> CommonWord | None:
        """Return the matches of a word beside other words if it is common, else None.

        pattern: of the word.
        text: the word as typed.
        stems: returns the terms of a piece of it.
        others: the forms of its other spellings.
        """
        held = self._frequent(_terms(pattern))
        if not held and not may_be_function_word(text):
            return None
        typed = forms_of(text, stems)
        common = held.keys() | {term for term in typed if self._is_listed(term, typed[term])}
        telling = _without(pattern, frozenset(common)) if common else pattern
        if telling == pattern:
            return None
        common = common & (_terms(pattern) - (_terms(telling) if telling else frozenset()))
        rare: dict[str, frozenset[str]] = {}
        if all(len(way) == 1 for way in pattern.alternatives):
            rare = {
                term: forms
                for term in common
                if (forms := self._rare_forms(held.get(term, 0), term, typed, others))
            }
        finds: list[PlanNode] = [telling] if telling else []
        if rare:
            forms = frozenset().union(*rare.values())
            finds.append(Pattern(FORM, ((forms,),), pattern.region))
        languages = {language_of(term) for term in common - rare.keys()}
        needless = [Language(tuple(sorted(languages)))] if languages else []
        if not finds or "" in languages:
            return CommonWord(_any_of(finds), None)
        return CommonWord(_any_of(finds), _any_of([*finds, *needless]))

    def _frequent(self, terms: Iterable[str]) -> dict[str, int]:
        """Return the number of articles with each of the terms that are in more than COMMON of
        the articles of their language. Shared terms are compared with all articles."""
        every = sum(self.counts.values())
        asked = {
            term: articles
            for term in terms
            if (articles := self.counts.get(language_of(term), 0) if ":" in term else every) >= FEW
        }
        held = dict(zip(asked, self.vocabulary.stems(list(asked)), strict=True)) if asked else {}
        return {term: count for term, count in held.items() if count > COMMON * asked[term]}

    def _is_listed(self, term: str, forms: frozenset[str]) -> bool:
        """Return whether a term is a function word of a language with few articles."""
        language = language_of(term)
        if self.counts.get(language, FEW) >= FEW:
            return False
        return not forms.isdisjoint(function_words().get(language, frozenset()))

    def _rare_forms(self, held: int, term: str, typed: Forms, others: Forms) -> frozenset[str]:
        """Return the forms that have a common term by accident; empty if one is not rare.

        held: number of articles with the term.
        """
        forms = typed.get(term, frozenset()) | others.get(term, frozenset())
        rare = all(self.vocabulary.holding(form) < ACCIDENT * held for form in forms)
        return forms if rare else frozenset()


def forms_of(text: str, stems: Callable[[Piece], TermSet]) -> dict[str, frozenset[str]]:
    """Return the forms of the words in `text` by the terms that they are looked up as.

    stems: returns the terms of a piece.
    """
    found: dict[str, frozenset[str]] = {}
    for piece in (piece for sequence in pieces(text) for piece in sequence):
        for term in stems(piece):
            found[term] = found.get(term, frozenset()) | {piece.form}
    return found


def _terms(pattern: Pattern) -> TermSet:
    return frozenset(term for way in pattern.alternatives for terms in way for term in terms)


def _without(pattern: Pattern, common: TermSet) -> Pattern | None:
    """Return the pattern without the common terms; None if no alternative is left."""
    ways = tuple(rest for way in pattern.alternatives if all(rest := _telling_terms(way, common)))
    firsts = frozenset().union(*(way[0] for way in ways))
    weights = tuple(one for one in pattern.weights if one[0] in firsts)
    return pattern._replace(alternatives=ways, weights=weights) if ways else None


def _telling_terms(way: Alternative, common: TermSet) -> Alternative:
    """Return an alternative without the terms of those languages in which the words at all of its
    positions are common: French "d'un", but not "l'eau"."""
    languages = [{language_of(term) for term in terms & common} for terms in way]
    shared = set.intersection(*languages)
    return tuple(
        frozenset(term for term in terms if term not in common or language_of(term) not in shared)
        for terms in way
    )


def _any_of(nodes: list[PlanNode]) -> PlanNode | None:
    """Return a node that matches where one of the nodes does; None if there are none."""
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return PlanEither(tuple(nodes))


def narrowed(
    group: PlanGroup,
    common: Mapping[Pattern, CommonWord],
    all_wanted: bool = False,
    beside: bool = False,
) -> PlanGroup | None:
    """Return the clauses that find articles: those of `group`, without what its common words do not
    find. None if nothing is left.

    A word is set aside if it is wanted and another clause of its group finds articles. So it is not
    if it is required, excluded or an alternative, or if all words beside it are common, too.

    all_wanted: whether all clauses are required, apart from common words.
    beside: whether the group has only common words, and a clause beside it finds articles.
    """
    aside = (
        beside or not group.needs_wanted or not all(_is_common(one, common) for one in group.wanted)
    )
    required = _parts(group.required, common, all_wanted, False)
    wanted = _parts(group.wanted, common, all_wanted, aside)
    if all_wanted:
        left = required or wanted or group.excluded or not group.wanted
        return PlanGroup((*required, *wanted), (), group.excluded, False) if left else None
    if group.needs_wanted and not wanted:
        return None
    return group._replace(required=required, wanted=wanted)


def _parts(
    nodes: Iterable[PlanNode], common: Mapping[Pattern, CommonWord], all_wanted: bool, aside: bool
) -> tuple[PlanNode, ...]:
    """Return the nodes as `narrowed`. aside: whether common words among them are set aside."""
    found = (_part(node, common, all_wanted, aside) for node in nodes)
    return tuple(node for node in found if node is not None)


def _part(
    node: PlanNode, common: Mapping[Pattern, CommonWord], all_wanted: bool, aside: bool
) -> PlanNode | None:
    if isinstance(node, PlanGroup):
        return narrowed(node, common, all_wanted, beside=aside and _is_common(node, common))
    if isinstance(node, PlanEither):
        return PlanEither(_parts(node.nodes, common, all_wanted, False))
    if aside and isinstance(node, Pattern) and node in common:
        return common[node].demands if all_wanted else common[node].finds
    return node


def _is_common(node: PlanNode, common: Mapping[Pattern, CommonWord]) -> bool:
    """Return whether a node has no word but common ones. A word without a token counts as one."""
    if isinstance(node, PlanGroup):
        return node.needs_wanted and all(_is_common(one, common) for one in node.wanted)
    return isinstance(node, Pattern) and (node in common or not node.alternatives)
