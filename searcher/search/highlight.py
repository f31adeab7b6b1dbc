"""The spans of an article's text that match a query's patterns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.patterns import BODY_START, Pattern, occurrences
from searcher.query.tree import Region, Span
from searcher.search.body import Body, Joined, Match
from searcher.search.chunk_lexicon import ChunkFinder, Run, Term
from searcher.search.hits import Marked
from searcher.text.analyzer import piece_term
from searcher.text.tokens import tokenize

_MOST_CHARACTERS = 300_000
"""Maximum number of characters of a text that are searched for matches. Longer texts are books; the
time to show one would grow with its length."""
_MOST_PATTERNS = 40
"""Maximum number of patterns that are marked, in the order of the query. With more, most of a text
would be marked."""


class _Piece(NamedTuple):
    """A wanted term in a run."""

    field: str
    """Field of the term, "text" or "form"."""
    term: str
    """The term."""
    offset: int
    """Positions after the run's first."""
    start: int
    """First character of the run that belongs to the piece."""
    end: int
    """Character after the last."""


class _Pieces(NamedTuple):
    """The wanted terms of a run."""

    matches: tuple[Match, ...]
    """The matches of single terms, by characters of the run."""
    parts: tuple[_Piece, ...]
    """Terms of patterns that need several."""


class Highlighter:
    """Finds the matches of one search's patterns in texts."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._singles: dict[Term, list[tuple[int, Region]]] = {}
        """For a term the patterns that it matches by itself, each with the region."""
        self._several: list[tuple[int, Pattern]] = []
        """Patterns that need several terms."""
        for number, pattern in enumerate(patterns[:_MOST_PATTERNS]):
            self._add(number, pattern)
        self._parts = {
            (pattern.field, term)
            for _, pattern in self._several
            for run in pattern.alternatives
            for terms in run
            for term in terms
        }
        self._finders: dict[str, ChunkFinder] = {}
        self._pieces: dict[tuple[str, bool], dict[str, _Pieces]] = {}

    def _add(self, number: int, pattern: Pattern) -> None:
        longer = tuple(one for one in pattern.alternatives if len(one) > 1)
        if longer:
            self._several.append((number, replace(pattern, alternatives=longer)))
        for terms in (one[0] for one in pattern.alternatives if len(one) == 1):
            for term in terms:
                found = self._singles.setdefault((pattern.field, term), [])
                found.append((number, pattern.region))

    def locate(
        self, paragraphs: Iterable[str], language: str, in_headline: bool = False
    ) -> list[tuple[int, Span, int]]:
        """Return the matches in order: number of the paragraph, span in it, number of the pattern.

        A phrase is one span. Words near each other, perhaps in two paragraphs, are a span each.
        in_headline: whether the text is a headline, whose positions begin at 0.
        """
        joined = Joined.of(paragraphs)
        found = self._matches(joined, self._runs(joined, language), language, in_headline)
        return [(*joined.place(start, end), number) for start, end, number in found]

    def title_and_body(self, article: Article) -> tuple[Marked, Body]:
        """Return the article's title with every match marked, and its body with the matches in it.

        A title is the headline, or the beginning of the body; only the first has the positions of
        headlines. The body ends after _MOST_CHARACTERS. Both are analysed in one go.
        """
        title = article.title[:_MOST_CHARACTERS]
        joined = Joined.of((title, *beginning(article.searchable)))
        runs = list(self._runs(joined, article.language))
        begin = len(title) + 1
        first = bisect_left(runs, (begin, 0, 0))
        marks = self._matches(joined, runs[:first], article.language, bool(article.headline))
        found = self._matches(joined, runs[first:], article.language, False)
        matches = [(start - begin, end - begin, number) for start, end, number in found]
        shown = Joined.of(beginning(article.paragraphs))
        if article.joins:
            inserted = _inserted(article, shown)
            matches = [
                (start - bisect_left(inserted, start), end - bisect_left(inserted, end), number)
                for start, end, number in matches
            ]
        marked = Marked(article.title, merge((start, end) for start, end, _ in marks))
        return marked, Body(shown, matches)

    def _runs(self, joined: Joined, language: str) -> Iterator[Run]:
        finder = self._finders.get(language)
        if finder is None:
            wanted = self._singles.keys() | self._parts
            finder = self._finders[language] = ChunkFinder(language, wanted, bool(self._several))
        return finder.runs(joined)

    def _matches(
        self, joined: Joined, runs: Iterable[Run], language: str, in_headline: bool
    ) -> list[Match]:
        """Return the matches in these runs of a text, ascending."""
        text, known = joined.text, self._pieces.setdefault((language, in_headline), {})
        found: list[Match] = []
        parts: list[tuple[int, int, _Piece]] = []
        for start, end, position in runs:
            run = text[start:end]
            pieces = known.get(run)
            if pieces is None:
                pieces = known[run] = self._analysed(run, language, in_headline)
            for first, last, number in pieces.matches:
                found.append((start + first, start + last, number))
            for part in pieces.parts:
                parts.append((start, position, part))
        if parts:
            base = 0 if in_headline else BODY_START
            found = sorted({*found, *self._together(parts, base)})
        return found

    def _analysed(self, run: str, language: str, in_headline: bool) -> _Pieces:
        """Return the wanted terms of a run."""
        elsewhere = Region.BODY if in_headline else Region.HEADLINE
        matches: set[Match] = set()
        parts: list[_Piece] = []
        at = 0
        for token in tokenize(run):
            for piece in token.pieces:
                start, end = token.start + piece.start, token.start + piece.end
                for term in (("text", piece_term(piece, language)), ("form", piece.form)):
                    for number, region in self._singles.get(term, ()):
                        if region is not elsewhere:
                            matches.add((start, end, number))
                    if term in self._parts:
                        parts.append(_Piece(*term, at + piece.offset, start, end))
            at += token.width
        return _Pieces(tuple(sorted(matches)), tuple(parts))

    def _together(self, parts: Iterable[tuple[int, int, _Piece]], base: int) -> Iterator[Match]:
        """Yield the matches of patterns that need several terms.

        parts: the terms found, each with the character and the position at which its run begins.
        base: what the position of the first word of the text is counted from.
        """
        postings: dict[str, dict[str, list[int]]] = {"text": {}, "form": {}}
        places: dict[tuple[str, str, int], Span] = {}
        for start, position, part in parts:
            at = base + position + part.offset
            postings[part.field].setdefault(part.term, []).append(at)
            places[part.field, part.term, at] = (start + part.start, start + part.end)
        for number, pattern in self._several:
            for occurrence in occurrences(pattern, postings[pattern.field]):
                spans = [places[pattern.field, term, at] for term, at in occurrence.terms]
                if pattern.window:
                    for start, end in spans:
                        yield start, end, number
                else:
                    yield min(start for start, _ in spans), max(end for _, end in spans), number

    def mark(self, text: str, language: str, in_headline: bool = False) -> Marked:
        """Return `text` with every match marked. in_headline: as for `locate`."""
        found = self.locate([text[:_MOST_CHARACTERS]], language, in_headline)
        return Marked(text, merge(span for _, span, _ in found))

    def mark_article(self, article: Article) -> tuple[Marked, tuple[Marked, ...]]:
        """Return the article's title and paragraphs with every match marked."""
        title, body = self.title_and_body(article)
        spans: dict[int, list[Span]] = {}
        for start, end, _ in body.matches:
            paragraph, span = body.joined.place(start, end)
            spans.setdefault(paragraph, []).append(span)
        return title, tuple(
            Marked(text, merge(spans.get(number, ())))
            for number, text in enumerate(article.paragraphs)
        )


def _inserted(article: Article, shown: Joined) -> list[int]:
    """Return the characters of the joined searchable paragraphs that the shown ones lack."""
    return [
        shown.starts[paragraph] + at + before
        for before, (paragraph, at) in enumerate(article.joins)
        if paragraph < len(shown.starts)
    ]


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
