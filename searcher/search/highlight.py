"""The spans of an article's text that match a query's patterns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate

from searcher import kernels
from searcher.article import Article
from searcher.engine.patterns import BODY_START, PARAGRAPH_GAP, Pattern, occurrences
from searcher.query.tree import Region, Span
from searcher.search.body import Body, Joined, Match
from searcher.search.chunk_lexicon import ChunkFinder
from searcher.search.hits import Marked
from searcher.search.run_pieces import KnownPieces, Piece, Pieces, run_terms
from searcher.text.run_table import Run, Term, WantedTerms, run_table

_MOST_CHARACTERS = 300_000
"""Maximum number of characters of a text that are searched for matches. Longer texts are books; the
time to show one would grow with its length."""
_MOST_PATTERNS = 40
"""Maximum number of patterns that are marked, in the order of the query. With more, most of a text
would be marked."""


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
        self._wanted = WantedTerms(self._singles.keys() | self._parts)
        self._finders: dict[str, ChunkFinder] = {}
        self._pieces: dict[tuple[str, bool], KnownPieces] = {}

    def _add(self, number: int, pattern: Pattern) -> None:
        longer = tuple(one for one in pattern.alternatives if len(one) > 1)
        if longer:
            self._several.append((number, pattern._replace(alternatives=longer)))
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
        whole = (0, len(joined.text) + 1)
        found = self._matches(joined, self._runs(joined, language), whole, language, in_headline)
        return [(*joined.place(start, end), number) for start, end, number in found]

    def title_and_body(self, article: Article) -> tuple[Marked, Body]:
        """Return the article's title with every match marked, and its body with the matches in it,
        up to _MOST_CHARACTERS."""
        (found,) = self.titles_and_bodies([article])
        return found

    def titles_and_bodies(self, articles: Sequence[Article]) -> list[tuple[Marked, Body]]:
        """Return the same for several articles. Those in one language are analysed in one go."""
        languages: dict[str, list[int]] = {}
        for number, article in enumerate(articles):
            languages.setdefault(article.language, []).append(number)
        found: dict[int, tuple[Marked, Body]] = {}
        for language, numbers in languages.items():
            chosen = [articles[number] for number in numbers]
            found.update(zip(numbers, self._in_language(chosen, language), strict=True))
        return [found[number] for number in range(len(articles))]

    def _in_language(
        self, articles: Sequence[Article], language: str
    ) -> Iterator[tuple[Marked, Body]]:
        """Yield the same for articles in one language.

        A title is the headline, or the beginning of the body; only the first has the positions of
        headlines.
        """
        titles = [article.title[:_MOST_CHARACTERS] for article in articles]
        bodies = [Joined.of(beginning(article.searchable)) for article in articles]
        texts: list[str] = []
        starts: list[int] = []
        at = 0
        for title, body in zip(titles, bodies, strict=True):
            texts += (title, body.text)
            starts.append(at)
            at += len(title) + 1
            starts.extend(map(at.__add__, body.starts))
            at += len(body.text) + 1
        joined = Joined(" ".join(texts), tuple(starts))
        runs = self._runs(joined, language)
        at = 0
        for article, title, body in zip(articles, titles, bodies, strict=True):
            end = at + len(title) + 1
            marks = self._matches(joined, runs, (at, end), language, bool(article.headline))
            at = end + len(body.text) + 1
            found = self._matches(joined, runs, (end, at), language, False)
            marked = Marked(article.title, merge((start, stop) for start, stop, _ in marks))
            yield marked, _shown(article, body, found)

    def _runs(self, joined: Joined, language: str) -> list[Run]:
        if kernels.loaded:
            return (
                run_table(language).find(
                    joined.text, joined.starts, PARAGRAPH_GAP, self._wanted, bool(self._several)
                )
                if self._wanted.terms
                else []
            )
        finder = self._finders.get(language)
        if finder is None:
            finder = ChunkFinder(language, self._wanted, bool(self._several))
            self._finders[language] = finder
        return list(finder.runs(joined))

    def _matches(
        self, joined: Joined, runs: Sequence[Run], part: Span, language: str, in_headline: bool
    ) -> list[Match]:
        """Return the matches in a part of a text, ascending, by the characters of the part.

        runs: all runs of the text that may hold wanted terms.
        """
        text, begin = joined.text, part[0]
        known = self._known(language, in_headline)
        held = runs[bisect_left(runs, part[:1]) : bisect_left(runs, part[1:])]
        found = [
            (start - begin + first, start - begin + last, number)
            for start, end, _ in held
            for first, last, number in known[text[start:end]].matches
        ]
        if self._several and held:
            base = (0 if in_headline else BODY_START) - held[0][2]
            terms = (
                (start - begin, position, piece)
                for start, end, position in held
                for piece in known[text[start:end]].parts
            )
            found = sorted({*found, *self._together(terms, base)})
        return found

    def _known(self, language: str, in_headline: bool) -> KnownPieces:
        """Return the wanted terms of runs in headlines or bodies of a language."""
        known = self._pieces.get((language, in_headline))
        if known is None:
            known = KnownPieces(partial(self._analysed, language, in_headline))
            self._pieces[language, in_headline] = known
        return known

    def _analysed(self, language: str, in_headline: bool, run: str) -> Pieces:
        """Return the wanted terms of a run."""
        elsewhere = Region.BODY if in_headline else Region.HEADLINE
        matches: set[Match] = set()
        parts: list[Piece] = []
        for piece in run_terms(run, language):
            term = piece[:2]
            for number, region in self._singles.get(term, ()):
                if region is not elsewhere:
                    matches.add((piece.start, piece.end, number))
            if term in self._parts:
                parts.append(piece)
        return Pieces(tuple(sorted(matches)), tuple(parts))

    def _together(self, parts: Iterable[tuple[int, int, Piece]], base: int) -> Iterator[Match]:
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


def _shown(article: Article, searched: Joined, matches: list[Match]) -> Body:
    """Return the body as it is shown, with the matches in its searchable form."""
    if not article.joins:
        return Body(searched, matches)
    shown = Joined.of(beginning(article.paragraphs))
    inserted = [
        shown.starts[paragraph] + at + before
        for before, (paragraph, at) in enumerate(article.joins)
        if paragraph < len(shown.starts)
    ]
    return Body(
        shown,
        [
            (start - bisect_left(inserted, start), end - bisect_left(inserted, end), number)
            for start, end, number in matches
        ],
    )


def beginning(paragraphs: Sequence[str]) -> Sequence[str]:
    """Return the paragraphs up to _MOST_CHARACTERS in all; the last one is cut there."""
    before = list(accumulate(map(len, paragraphs), initial=0))
    if before[-1] < _MOST_CHARACTERS:
        return paragraphs
    last = bisect_left(before, _MOST_CHARACTERS, 0, len(paragraphs)) - 1
    return (*paragraphs[:last], paragraphs[last][: _MOST_CHARACTERS - before[last]])


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return ascending spans that do not overlap and cover the same characters."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
