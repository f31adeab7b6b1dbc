"""The words of the vocabulary that a prefix or a fuzzy word matches."""

from __future__ import annotations

import heapq
import re
import time

from searcher.engine.alternatives import pieces
from searcher.engine.patterns import Pattern, TermSet
from searcher.engine.plan import PlanNode, Unresolved
from searcher.engine.protocol import Vocabulary
from searcher.engine.terms import FORM
from searcher.query.tree import Fuzzy, Prefix, Span, Warning, Wildcard
from searcher.text.folding import fold
from searcher.text.pieces import ENDS_COMPOUND
from searcher.text.tokens import surfaces
from searcher.wording import said

MOST_EXPANSIONS = 200
"""Maximum number of words that a prefix or fuzzy word expands to; the most frequent or closest are
kept. Each is a list of postings to read."""

MOST_SCANNED = 100_000
"""Maximum number of words of the vocabulary that are scanned to expand a prefix. It bounds the time
of prefixes of one or two letters."""

FUZZY_DISCOUNT = 0.5
"""Factor of the weight of an occurrence for each edit between it and the word typed."""


class Expansions:
    """The expansions of one query, each looked up once."""

    def __init__(self, vocabulary: Vocabulary, deadline: float | None) -> None:
        """deadline: time of time.monotonic after which nothing is looked up."""
        self._vocabulary = vocabulary
        self._deadline = deadline
        self._expanded: dict[Prefix | Wildcard | Fuzzy, PlanNode] = {}
        self.warnings: list[Warning] = []
        """Warnings of leaves that expand to too many words."""

    def of(self, leaf: Prefix | Wildcard | Fuzzy) -> PlanNode:
        """Return the pattern of a prefix or fuzzy word, looked up once for each; Unresolved after
        the deadline."""
        key = leaf._replace(span=(0, 0))
        if self.is_late():
            return Unresolved()
        if key not in self._expanded:
            self._expanded[key] = self._expand_leaf(leaf)
        return Unresolved() if self.is_late() else self._expanded[key]

    def is_late(self) -> bool:
        """Return whether the deadline has passed."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def _expand_leaf(self, leaf: Prefix | Wildcard | Fuzzy) -> Pattern:
        if isinstance(leaf, Prefix):
            return self._prefix(leaf)
        return self._wild(leaf) if isinstance(leaf, Wildcard) else self._fuzzy(leaf)

    def _wild(self, wild: Wildcard) -> Pattern:
        """Return the pattern of the most frequent forms that a word with wildcards describes, at
        most MOST_EXPANSIONS."""
        parts = [fold(part) for part in re.split(r"[*?]+", wild.text)]
        signs = {"*": r"\S*", "?": r"\S"}
        matches = re.compile("".join(signs.get(char, re.escape(fold(char))) for char in wild.text))
        known = max(parts, key=len)
        found = [
            (-articles, form)
            for form, articles in self._vocabulary.containing(known, parts[0])
            if form[0] != ENDS_COMPOUND and matches.fullmatch(form)
        ]
        self._note_bound(wild.text, len(found), wild.span)
        forms = frozenset(form for _, form in heapq.nsmallest(MOST_EXPANSIONS, found))
        return Pattern(FORM, ((forms,),) if forms else (), wild.region)

    def _prefix(self, prefix: Prefix) -> Pattern:
        """Return the pattern of the words that begin with a prefix."""
        ways = []
        # Of the spellings of "AT&T" only the one with its sign begins the words that are meant.
        for way in pieces(prefix.text)[-1 if "&" in prefix.text else 0 :]:
            forms = self._expand(way[-1].form, prefix)
            ways.append((*(frozenset((piece.form,)) for piece in way[:-1]), forms))
        return Pattern(FORM, tuple(ways), prefix.region)

    def _expand(self, beginning: str, prefix: Prefix) -> TermSet:
        """Return the most frequent forms that begin with `beginning`, at most MOST_EXPANSIONS."""
        found: list[tuple[int, str]] = []
        for scanned, (form, articles) in enumerate(self._vocabulary.with_prefix(beginning)):
            if scanned == MOST_SCANNED or (scanned % 1000 == 999 and self.is_late()):
                break
            found.append((-articles, form))
        self._note_bound(f"{prefix.text}*", len(found), prefix.span)
        return frozenset(form for _, form in heapq.nsmallest(MOST_EXPANSIONS, found))

    def _fuzzy(self, fuzzy: Fuzzy) -> Pattern:
        """Return the pattern of the forms close to a word, weighted by their edits."""
        word = (
            fold("".join(surfaces(fuzzy.text)))
            if len(surfaces(fuzzy.text)) > 1
            else pieces(fuzzy.text)[-1][-1].form
        )
        found = [
            (edits, -articles, form)
            for form, edits, articles in self._vocabulary.within(word, fuzzy.distance)
        ]
        self._note_bound(f"{fuzzy.text}~", len(found), fuzzy.span, closest=True)
        kept = heapq.nsmallest(MOST_EXPANSIONS, found)
        weights = {form: FUZZY_DISCOUNT**edits for edits, _, form in kept}
        return Pattern(
            FORM, ((frozenset(weights),),), fuzzy.region, weights=tuple(sorted(weights.items()))
        )

    def _note_bound(self, shown: str, found: int, span: Span, closest: bool = False) -> None:
        """Warn if a leaf expands to more words than are searched."""
        if found > MOST_EXPANSIONS:
            most = MOST_EXPANSIONS
            if closest:
                message = said(
                    "“%(word)s” matches more than %(most)s words; only the closest were searched",
                    word=shown,
                    most=most,
                )
            else:
                message = said(
                    "“%(word)s” matches more than %(most)s words; only the most frequent were "
                    "searched",
                    word=shown,
                    most=most,
                )
            self.warnings.append(Warning(message, span))
