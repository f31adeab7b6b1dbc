"""Which characters of an article a query's patterns stand on."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from searcher.article import Article
from searcher.hits import Marked
from searcher.patterns import BODY_START
from searcher.patterns import Pattern
from searcher.patterns import occurrences
from searcher.query import Span
from searcher.text.analyzer import piece_term
from searcher.text.tokens import tokenize

_MOST_CHARACTERS = 300_000


def matches(text: str, language: str, patterns: Sequence[Pattern], in_headline: bool) -> list[tuple[Span, int]]:
    """The spans of `text` that the patterns stand on, each with its pattern's number, by their beginning.

    A phrase is one span; words near each other are a span each.
    """
    wanted = {
        (pattern.field, term) for pattern in patterns for run in pattern.alternatives for terms in run for term in terms
    }
    postings: dict[str, dict[str, list[int]]] = {}
    spans: dict[tuple[str, str, int], Span] = {}
    position = 0 if in_headline else BODY_START
    for token in tokenize(text):
        for piece in token.pieces:
            for field, term in (("text", piece_term(piece, language)), ("form", piece.form)):
                if (field, term) in wanted:
                    at = position + piece.offset
                    postings.setdefault(field, {}).setdefault(term, []).append(at)
                    spans[field, term, at] = (token.start + piece.start, token.start + piece.end)
        position += token.width
    found: set[tuple[Span, int]] = set()
    for number, pattern in enumerate(patterns):
        for occurrence in occurrences(pattern, postings.get(pattern.field, {})):
            pieces = [spans[pattern.field, term, at] for term, at in occurrence.terms]
            if pattern.window:
                found.update((span, number) for span in pieces)
            else:
                found.add(((min(start for start, _ in pieces), max(end for _, end in pieces)), number))
    return sorted(found)


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Ascending spans that do not overlap and cover the same characters."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def mark(text: str, language: str, patterns: Sequence[Pattern], in_headline: bool = False) -> Marked:
    """`text` with every occurrence of the patterns marked; of a text as long as a book, those in its beginning."""
    found = matches(text[:_MOST_CHARACTERS], language, patterns, in_headline)
    return Marked(text, merge(span for span, _ in found))


def mark_title(article: Article, patterns: Sequence[Pattern]) -> Marked:
    """The article's title, marked as what it is: its headline, or the beginning of its body."""
    return mark(article.title, article.language, patterns, in_headline=bool(article.headline))
