"""Which characters of an article a query's patterns stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from searcher.article import Article
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP, Pattern, occurrences
from searcher.query.tree import Span
from searcher.search.hits import Marked
from searcher.text.analyzer import chunk_terms, piece_term
from searcher.text.tokens import tokenize

_MOST_CHARACTERS = 300_000
"""Of a text as long as a book only the beginning is marked."""
_MOST_PATTERNS = 40
"""A query of more words than this is marked by its first ones: what marks everything shows
nothing."""


class _Known(dict[str, int]):
    """How many positions a chunk (what stands between white space) takes, in texts of one language.

    telling: chunks in which there are terms of the patterns.
    """

    def __init__(self, numbers: Mapping[tuple[str, str], list[int]], language: str) -> None:
        super().__init__()
        self._numbers = numbers
        self._language = language
        self.telling: set[str] = set()

    def __missing__(self, chunk: str) -> int:
        terms, width = chunk_terms(chunk, self._language)
        if not self._numbers.keys().isdisjoint(terms):
            self.telling.add(chunk)
        self[chunk] = width
        return width


class Highlighter:
    """Finds the patterns of one search in texts."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns[:_MOST_PATTERNS]
        self._numbers: dict[tuple[str, str], list[int]] = {}
        self._knowledge: dict[str, _Known] = {}
        for number, pattern in enumerate(self.patterns):
            for term in {term for run in pattern.alternatives for terms in run for term in terms}:
                self._numbers.setdefault((pattern.field, term), []).append(number)

    def locate(
        self, paragraphs: Iterable[str], language: str, in_headline: bool = False
    ) -> list[tuple[int, Span, int]]:
        """Where the patterns stand: the paragraph's number, the span in it, the pattern's number;
        in order.

        A phrase is one span; words near each other, perhaps in two paragraphs, are a span each.
        """
        postings: dict[str, dict[str, list[int]]] = {"text": {}, "form": {}}
        places: dict[tuple[str, str, int], tuple[int, int, int]] = {}
        met: set[int] = set()
        position = 0 if in_headline else BODY_START
        known = self._known(language)
        for paragraph, text in enumerate(paragraphs):
            chunks = text.split()
            width = sum(map(known.__getitem__, chunks))
            # Only the few passages in which something stands are read token by token.
            if not known.telling.isdisjoint(chunks):
                at = position
                for token in tokenize(text):
                    for piece in token.pieces:
                        for field, term in (
                            ("text", piece_term(piece, language)),
                            ("form", piece.form),
                        ):
                            numbers = self._numbers.get((field, term))
                            if numbers:
                                met.update(numbers)
                                postings[field].setdefault(term, []).append(at + piece.offset)
                                span = (token.start + piece.start, token.start + piece.end)
                                places[field, term, at + piece.offset] = (paragraph, *span)
                    at += token.width
            position += width + PARAGRAPH_GAP
        found: set[tuple[int, Span, int]] = set()
        for number in met:
            pattern = self.patterns[number]
            for occurrence in occurrences(pattern, postings[pattern.field]):
                pieces = [places[pattern.field, term, at] for term, at in occurrence.terms]
                if pattern.window:
                    found.update(
                        (paragraph, (start, end), number) for paragraph, start, end in pieces
                    )
                else:
                    span = (min(start for _, start, _ in pieces), max(end for _, _, end in pieces))
                    found.add((pieces[0][0], span, number))
        return sorted(found)

    def locate_body(self, article: Article) -> list[tuple[int, Span, int]]:
        """Where the patterns stand in an article's paragraphs, as far as a book is marked."""
        found = self.locate(beginning(article.searchable), article.language)
        if not article.joins:
            return found
        shown = article.as_shown
        return [
            (number, (shown(number, start), shown(number, end)), pattern)
            for number, (start, end), pattern in found
        ]

    def _known(self, language: str) -> _Known:
        if language not in self._knowledge:
            self._knowledge[language] = _Known(self._numbers, language)
        return self._knowledge[language]

    def mark(self, text: str, language: str, in_headline: bool = False) -> Marked:
        """`text` with every occurrence of the patterns marked."""
        found = self.locate([text[:_MOST_CHARACTERS]], language, in_headline)
        return Marked(text, merge(span for _, span, _ in found))

    def mark_body(self, article: Article) -> tuple[Marked, ...]:
        """The article's paragraphs with every occurrence of the patterns marked."""
        spans: dict[int, list[Span]] = {}
        for paragraph, span, _ in self.locate_body(article):
            spans.setdefault(paragraph, []).append(span)
        return tuple(
            Marked(text, merge(spans.get(number, ())))
            for number, text in enumerate(article.paragraphs)
        )

    def mark_title(self, article: Article) -> Marked:
        """The article's title, marked as what it is: its headline, or the beginning of its body."""
        return self.mark(article.title, article.language, in_headline=bool(article.headline))


def beginning(paragraphs: Iterable[str]) -> Iterator[str]:
    """The paragraphs until the text gets as long as a book."""
    left = _MOST_CHARACTERS
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Ascending spans that do not overlap and cover the same characters."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
