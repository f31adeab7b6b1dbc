"""Single words and filters of a query, read as nodes with warnings."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime

from searcher.query import dialects
from searcher.query.fields import BY_NAME, Kind, QueryField
from searcher.query.filters import read_filter
from searcher.query.tree import (
    Clause,
    Either,
    Exact,
    Fuzzy,
    Group,
    Near,
    Node,
    Occur,
    Phrase,
    Prefix,
    Region,
    Span,
    Warning,
    Wildcard,
    Word,
)
from searcher.query.units import near_texts
from searcher.query.whole import WHOLE, Whole
from searcher.wording import said

MOST_LEAVES = 200
"""Maximum number of leaves (words, phrases, filters) of a query; the rest is ignored. Each is
looked up and evaluated."""

LARGEST_EDITS = 2
"""Maximum number of edits of a fuzzy word; with three, most short words resemble one another."""

MOST_PAIRS = 20
"""Maximum number of pairs of alternatives that are near each other. Each is a pattern to match."""

SHORTEST_KNOWN = 2
"""Minimum number of letters side by side in a word with wildcards. With fewer, nearly every word
would match."""

LARGEST_DISTANCE = 100
"""Maximum number of other words among those of a proximity query."""

_SUFFIX = re.compile(r"(.+?)(?:(\*)|~(\d*))$")
HAS_WORD = re.compile(r"[^\W_]")
"""A letter or a digit."""


@dataclass(slots=True)
class Leaves:
    """The leaves of one query, and what they say of the result as a whole."""

    size: int
    """Number of characters of the query."""
    now: datetime
    """The moment from which relative dates count."""
    count: int = 0
    """Number of leaves read so far."""
    whole: Whole = dataclasses.field(default_factory=Whole)
    """The parts about the result as a whole that were read so far."""
    warnings: list[Warning] = dataclasses.field(default_factory=list)
    """Warnings so far, in order."""

    def warn(self, message: str, span: Span) -> None:
        """Add a warning about some characters of the query."""
        self.warnings.append(Warning(message, span))

    def word(self, word: str, span: Span, field_name: str, exact: bool) -> Node | None:
        """Return the node of a word or of the value of a field; None for nothing to search."""
        if word.isalpha() and not field_name and not exact:
            # Letters alone have none of the signs that are looked for below.
            return self.leaf(Word(word, Region.ANYWHERE, span), span)
        if not HAS_WORD.search(word):
            self.warn(said("“%(word)s” holds no letter or digit and was ignored", word=word), span)
            return None
        if word[-1] == ":" and word[:-1].lower() in BY_NAME:
            self.warn(said("%(word)s has no value and was ignored", word=word), span)
            return None
        field = BY_NAME.get(field_name)
        if field and field.kind is not Kind.REGION:
            return self.filter(field, word, span, exact)
        region = field.region if field else Region.ANYWHERE
        if (ends := dialects.numbers(word)) is not None:
            return self._numbers(*ends, region, span)
        plain = self._translated(word, span)
        if plain is None:
            return None
        if dialects.is_wild(plain):
            return self._wild(plain, region, span)
        return self._suffixed(plain, region, span, exact)

    def _translated(self, word: str, span: Span) -> str | None:
        """Return a word of Lucene's without its weight, and a regular expression as the word with
        wildcards that it is; None for other expressions."""
        word, weight = dialects.unweighted(word)
        if weight:
            self.warn(
                said(
                    "the weight %(weight)s was ignored: words weigh by how rare they are",
                    weight=weight,
                ),
                span,
            )
        expression = dialects.from_expression(word)
        if expression == "":
            self.warn(
                said("regular expressions are not read; * stands for letters, ? for one"), span
            )
            return None
        return expression or word

    def _suffixed(self, word: str, region: Region, span: Span, exact: bool) -> Node | None:
        """Return the leaf of a word, with * or ~ at its end or without."""
        suffix = _SUFFIX.match(word) if "*" in word or "~" in word else None
        stem, star, edits = suffix.groups() if suffix else (word, None, None)
        if exact and suffix:
            self.warn(said("= has no effect before a word with * or ~"), span)
        if not HAS_WORD.search(stem):
            stem, star, edits = word, None, None
        if star:
            return self.leaf(Prefix(stem, region, span), span)
        distance = int(edits[:3] or 1) if edits is not None else 0
        if distance > LARGEST_EDITS:
            self.warn(
                said("words are compared with at most %(most)s edits", most=LARGEST_EDITS), span
            )
        if distance:
            return self.leaf(Fuzzy(stem, min(distance, LARGEST_EDITS), region, span), span)
        return self.leaf(Exact(stem, region, span) if exact else Word(stem, region, span), span)

    def _wild(self, word: str, region: Region, span: Span) -> Node | None:
        """Return the leaf of a word with wildcards."""
        known = max(re.split("[*?]+", word), key=len)
        if len(known) < SHORTEST_KNOWN:
            self.warn(
                said(
                    "“%(word)s” was left out: it needs %(least)s letters side by side",
                    word=word,
                    least=SHORTEST_KNOWN,
                ),
                span,
            )
            return None
        return self.leaf(Wildcard(word, region, span), span)

    def _numbers(self, first: int, last: int, region: Region, span: Span) -> Node | None:
        """Return the alternatives of a range of numbers."""
        if not 0 <= last - first < dialects.MOST_NUMBERS:
            self.warn(
                said(
                    "a range has at most %(most)s numbers; after: and before: are for dates",
                    most=dialects.MOST_NUMBERS,
                ),
                span,
            )
            return None
        self.warn(
            said(
                "read as the numbers from %(first)s to %(last)s", first=str(first), last=str(last)
            ),
            span,
        )
        words = [self.leaf(Word(str(one), region, span), span) for one in range(first, last + 1)]
        return Either(tuple(word for word in words if word is not None))

    def near_each_other(
        self, left: Node, right: Node, near: dialects.Proximity, span: Span
    ) -> Node:
        """Return the node of words near each other; both sides where they are no words."""
        pairs = [f"{one} {other}" for one in near_texts(left) for other in near_texts(right)]
        if not pairs or len(pairs) > MOST_PAIRS:
            self.warn(said("words near each other are single words, phrases or alternatives"), span)
            return Group((Clause(Occur.REQUIRED, left), Clause(Occur.REQUIRED, right)))
        distance = min(near.distance, LARGEST_DISTANCE)
        shown = ", ".join(" ".join(near_texts(side)) for side in (left, right))
        region = getattr(left, "region", Region.ANYWHERE)
        if near == dialects.Proximity(0, True):
            self.warn(said("read as neighbours: %(shown)s", shown=shown), span)
            nodes: tuple[Node, ...] = tuple(Phrase(pair, region, span) for pair in pairs)
        else:
            if near.ordered:
                message = said(
                    "read as within %(distance)s words in any order; a phrase keeps it: %(shown)s",
                    distance=distance,
                    shown=shown,
                )
            else:
                message = said(
                    "read as within %(distance)s words: %(shown)s", distance=distance, shown=shown
                )
            self.warn(message, span)
            nodes = tuple(Near(pair, distance, region, span) for pair in pairs)
        return nodes[0] if len(nodes) == 1 else Either(nodes)

    def filter(self, field: QueryField, value: str, span: Span, exact: bool) -> Node | None:
        """Return the node of the value of a field that narrows the result; None if it has none."""
        if exact and not field.facet:
            self.warn(said("= has no effect in %(name)s:", name=field.name), span)
        if field.kind in WHOLE:
            self.whole, problem = self.whole.having(field.kind, value)
            if problem:
                self.warn(problem, span)
            return None
        values = [value]
        if field.kind is Kind.STORY and len(ids := value.strip(",").split(",")) > 1:
            # An id may have a comma, too.
            values += filter(None, ids)
        found = [self.read(field, one, span, exact) for one in values]
        nodes = tuple(node for node in found if node is not None)
        return Either(nodes) if len(nodes) > 1 else nodes[0] if nodes else None

    def read(self, field: QueryField, value: str, span: Span, exact: bool) -> Node | None:
        """Return the leaf of one value of such a field; None if it cannot be read."""
        node, problem = read_filter(field, value, span, self.now, exact)
        if problem:
            self.warn(problem, span)
        return self.leaf(node, span) if node is not None else None

    def leaf(self, node: Node, span: Span) -> Node | None:
        """Return a leaf, read from these characters; None if the query has too many."""
        self.count += 1
        if self.count == MOST_LEAVES + 1:
            self.warn(
                said("only the first %(most)s words were read", most=MOST_LEAVES),
                (span[1], self.size),
            )
        return node if self.count <= MOST_LEAVES else None
