"""The spans of an article's text that match a query's patterns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP, Pattern, occurrences
from searcher.query.tree import Span
from searcher.search.chunk_lexicon import LONGEST_CHUNK, ChunkLexicon, lexicon
from searcher.search.hits import Marked
from searcher.text.analyzer import piece_term
from searcher.text.tokens import tokenize

_MOST_CHARACTERS = 300_000
"""Maximum number of characters of a text that are searched for matches. Longer texts are books; the
time to show one would grow with its length."""
_MOST_PATTERNS = 40
"""Maximum number of patterns that are marked, in the order of the query. With more, most of a text
would be marked."""
_CHUNK = re.compile(r"\S+")
"""A chunk: text between white space."""


class _Piece(NamedTuple):
    """A wanted term in a chunk."""

    field: str
    """Field of the term, "text" or "form"."""
    term: str
    """The term."""
    offset: int
    """Positions after the chunk's first."""
    start: int
    """First character of the chunk that belongs to the piece."""
    end: int
    """Character after the last."""
    numbers: tuple[int, ...]
    """The patterns that want the term."""


class _Wanted:
    """The chunks that contain wanted terms, among those that a lexicon remembers."""

    def __init__(self, lexicon: ChunkLexicon, terms: Collection[tuple[str, str]]) -> None:
        self.lexicon = lexicon
        self._terms = terms
        self._size = -1
        self._chunks: set[str] = set()

    def chunks(self) -> set[str]:
        """Return the chunks, also those that the lexicon learned since the last call."""
        size = len(self.lexicon)
        if size != self._size:
            self._size, self._chunks = size, self.lexicon.holding(self._terms)
        return self._chunks


class Highlighter:
    """Finds the matches of one search's patterns in texts."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns[:_MOST_PATTERNS]
        self._numbers: dict[tuple[str, str], list[int]] = {}
        self._wanted: dict[str, _Wanted] = {}
        self._pieces: dict[tuple[str, str], tuple[_Piece, ...]] = {}
        for number, pattern in enumerate(self.patterns):
            for term in {term for run in pattern.alternatives for terms in run for term in terms}:
                self._numbers.setdefault((pattern.field, term), []).append(number)

    def locate(
        self, paragraphs: Iterable[str], language: str, in_headline: bool = False
    ) -> list[tuple[int, Span, int]]:
        """Return the matches in order: number of the paragraph, span in it, number of the pattern.

        A phrase is one span. Words near each other, perhaps in two paragraphs, are a span each.
        in_headline: whether the text is a headline, whose positions begin at 0.
        """
        postings: dict[str, dict[str, list[int]]] = {"text": {}, "form": {}}
        places: dict[tuple[str, str, int], tuple[int, int, int]] = {}
        matched: set[int] = set()
        position = 0 if in_headline else BODY_START
        texts = list(paragraphs)
        split = [text.split() for text in texts]
        wanted = self._wanted_in(language)
        wanted.lexicon.learn(chain.from_iterable(split))
        telling = wanted.chunks()
        for paragraph, (text, chunks) in enumerate(zip(texts, split, strict=True)):
            width = sum(map(wanted.lexicon.__getitem__, chunks))
            if not telling.isdisjoint(chunks) or _has_long(chunks):
                for at, start, piece in self._found_in(text, wanted):
                    matched.update(piece.numbers)
                    at += position + piece.offset
                    postings[piece.field].setdefault(piece.term, []).append(at)
                    span = (start + piece.start, start + piece.end)
                    places[piece.field, piece.term, at] = (paragraph, *span)
            position += width + PARAGRAPH_GAP
        found: set[tuple[int, Span, int]] = set()
        for number in matched:
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
        """Return the matches in an article's paragraphs, as `locate`, up to _MOST_CHARACTERS."""
        found = self.locate(beginning(article.searchable), article.language)
        if not article.joins:
            return found
        shown = article.as_shown
        return [
            (number, (shown(number, start), shown(number, end)), pattern)
            for number, (start, end), pattern in found
        ]

    def _wanted_in(self, language: str) -> _Wanted:
        """Return the wanted chunks of a language, by the lexicon that the process has now."""
        known, found = lexicon(language), self._wanted.get(language)
        if found is None or found.lexicon is not known:
            found = self._wanted[language] = _Wanted(known, self._numbers)
        return found

    def _found_in(self, text: str, wanted: _Wanted) -> Iterator[tuple[int, int, _Piece]]:
        """Yield the wanted terms of a paragraph: the position and the character at which the chunk
        begins, and the piece."""
        widths, chunks, at = wanted.lexicon, wanted.chunks(), 0
        for match in _CHUNK.finditer(text):
            chunk = match.group()
            if chunk in chunks or len(chunk) > LONGEST_CHUNK:
                for piece in self._pieces_of(chunk, widths.language):
                    yield at, match.start(), piece
            at += widths[chunk]

    def _pieces_of(self, chunk: str, language: str) -> tuple[_Piece, ...]:
        """Return the wanted terms of a chunk."""
        known = self._pieces.get((chunk, language))
        if known is None:
            known = self._pieces[chunk, language] = tuple(self._analysed(chunk, language))
        return known

    def _analysed(self, chunk: str, language: str) -> Iterator[_Piece]:
        at = 0
        for token in tokenize(chunk):
            for piece in token.pieces:
                span = (token.start + piece.start, token.start + piece.end)
                for field, term in (("text", piece_term(piece, language)), ("form", piece.form)):
                    numbers = self._numbers.get((field, term))
                    if numbers:
                        yield _Piece(field, term, at + piece.offset, *span, tuple(numbers))
            at += token.width

    def mark(self, text: str, language: str, in_headline: bool = False) -> Marked:
        """Return `text` with every match marked. in_headline: as for `locate`."""
        found = self.locate([text[:_MOST_CHARACTERS]], language, in_headline)
        return Marked(text, merge(span for _, span, _ in found))

    def mark_body(self, article: Article) -> tuple[Marked, ...]:
        """Return the article's paragraphs with every match marked."""
        spans: dict[int, list[Span]] = {}
        for paragraph, span, _ in self.locate_body(article):
            spans.setdefault(paragraph, []).append(span)
        return tuple(
            Marked(text, merge(spans.get(number, ())))
            for number, text in enumerate(article.paragraphs)
        )

    def mark_title(self, article: Article) -> Marked:
        """Return the article's title with every match marked.

        A title is the headline, or the beginning of the body; only the first has the positions of
        headlines.
        """
        return self.mark(article.title, article.language, in_headline=bool(article.headline))


def _has_long(chunks: list[str]) -> bool:
    return max(map(len, chunks), default=0) > LONGEST_CHUNK


def beginning(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the paragraphs up to _MOST_CHARACTERS in all; the last one is cut there."""
    left = _MOST_CHARACTERS
    for paragraph in paragraphs:
        if left <= 0:
            return
        yield paragraph[:left]
        left -= len(paragraph)


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return ascending spans that do not overlap and cover the same characters."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
