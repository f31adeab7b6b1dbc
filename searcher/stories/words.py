"""Texts cut into the words and marks that a comparison aligns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from searcher.article import Article
from searcher.text.folding import fold
from searcher.text.pieces import UNSPACED, decompose
from searcher.text.sentences import sentence_starts
from searcher.text.tokens import token_spans

MOST_WORDS = 100_000
"""Maximum number of words and marks of a text that are compared one by one. Each further paragraph
is compared as one word. More take more time: 7 us each
(`python -m benchmarks.comparing`)."""
_FORMS, _SHORT = 1 << 14, 32
"""Maximum number of words whose forms are remembered, and their maximum length. Most words of a
text come again, and texts that are compared have most of them in common. Larger takes more memory,
at most 3 MB."""
LONGEST_SENTENCE = 150
"""Maximum length of a sentence, in words and marks. A longer one is cut, so that a text without
full stops can be aligned. Hardly any sentence of news has as many."""
_MARKS = {
    **dict.fromkeys("“”„‟«»「」『』＂", '"'), **dict.fromkeys("‘’‚‛‹›ʼ＇`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}  # fmt: skip
"""Quotation marks and dashes, and the mark that each is compared as."""
_FOLDED_MARKS = str.maketrans(_MARKS)


class Word(NamedTuple):
    """A word, or a mark of punctuation, in a text."""

    paragraph: int
    """Number of its paragraph; that of the headline is 0."""
    start: int
    """Character of the paragraph at which it begins, white space in front of it included."""
    end: int
    """Character behind it."""
    stop: int
    """Character at which the next one begins, or the length of the paragraph."""
    form: str
    """The form that is compared: words that differ in case only have one form."""
    size: int
    """Number of words: 0 for a mark, 1 for a word, more for a paragraph that is not cut."""


@dataclass(frozen=True, slots=True)
class ComparedText:
    """The headline and the paragraphs of an article, cut into words and sentences."""

    texts: tuple[str, ...]
    """The headline and the paragraphs."""
    words: list[Word]
    """The words and marks of all of them, in order. Their spans cover the texts."""
    sentences: list[tuple[int, int]]
    """The sentences as [start, end) in `words`. Those of the headline are one sentence, the
    first."""
    language: str = ""
    """The code of its language, or ""."""

    @property
    def count(self) -> int:
        """Number of words."""
        return sum([word.size for word in self.words])

    def surface(self, number: int) -> str:
        """Return a word as written."""
        word = self.words[number]
        return self.texts[word.paragraph][word.start : word.end].strip()


def compared_text(article: Article) -> ComparedText:
    """Return the text of an article for comparing. Words that ran together are cut apart."""
    texts = (article.headline, *article.paragraphs)
    words: list[Word] = []
    sentences: list[tuple[int, int]] = []
    joins: dict[int, list[int]] = {}
    for paragraph, at in article.joins:
        joins.setdefault(paragraph + 1, []).append(at)
    for number, text in enumerate(texts):
        first = len(words)
        words.extend(_words(number, text, joins.get(number, []), MOST_WORDS - first))
        if number == 0:
            sentences.append((0, len(words)))
        else:
            sentences.extend(_sentences(text, words, first))
    return ComparedText(texts, words, sentences, article.language)


def text_alone(text: str) -> ComparedText:
    """Return a part of a paragraph for comparing, as one sentence."""
    words = list(_words(0, text, [], MOST_WORDS))
    return ComparedText((text,), words, [(0, len(words))])


def _sentences(text: str, words: list[Word], first: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the paragraph whose words begin at `first`."""
    starts = sentence_starts(text)
    begin, upcoming = first, next(starts, None)
    for at in range(first, len(words)):
        is_next = upcoming is not None and words[at].end > upcoming
        while upcoming is not None and words[at].end > upcoming:
            upcoming = next(starts, None)
        if at > begin and (is_next or at - begin == LONGEST_SENTENCE):
            yield begin, at
            begin = at
    if begin < len(words):
        yield begin, len(words)


def _words(paragraph: int, text: str, joins: list[int], most: int) -> Iterator[Word]:
    """Yield the words and marks of a paragraph; from the `most`th on, the rest as one word."""
    start = 0
    before: tuple[int, int, str, int] | None = None
    for span in _first_spans(text, joins, most):
        if before:
            following, (_, end, form, count) = span[0], before
            yield Word(paragraph, start, end, following, form, count)
            start = following
        before = span
    if before:
        _, end, form, count = before
        yield Word(paragraph, start, end, len(text), form, count)
    elif text:
        yield Word(paragraph, 0, 0, len(text), "", 0)


def _first_spans(text: str, joins: list[int], most: int) -> Iterable[tuple[int, int, str, int]]:
    """Return at most `most` spans of `_spans`, and the rest of the text as one span."""
    if len(text) <= most:
        return _spans(text, joins)
    spans = list(islice(_spans(text, joins), max(most, 0) + 1))
    if len(spans) > most:
        start = spans[-1][0]
        rest = text[start:]
        spans[-1] = (start, len(text), rest, len(rest.split()))
    return spans


def _spans(text: str, joins: list[int]) -> Iterator[tuple[int, int, str, int]]:
    """Yield start, end, form and count of each word and mark of a text."""
    begin = 0
    for stop in (*joins, len(text)):
        part, at = text[begin:stop], 0
        for start, end in token_spans(part):
            if start > at and (start > at + 1 or part[at] != " "):
                yield from _marks(part, begin, at, start)
            surface = part[start:end]
            if surface.isascii() or not UNSPACED.search(surface):
                yield begin + start, begin + end, _form(surface), 1
            else:
                yield from _unspaced(surface, begin + start)
            at = end
        yield from _marks(part, begin, at, len(part))
        begin = stop


def _marks(text: str, offset: int, start: int, end: int) -> Iterator[tuple[int, int, str, int]]:
    for at in range(start, end):
        char = text[at]
        if not char.isspace():
            yield offset + at, offset + at + 1, _MARKS.get(char, char), 0


def _unspaced(surface: str, offset: int) -> Iterator[tuple[int, int, str, int]]:
    """Yield the characters of a token in a script without spaces, each with its marks."""
    starts = sorted({piece.start for piece in decompose(surface)[0] if not piece.extra} | {0})
    for start, end in zip(starts, (*starts[1:], len(surface)), strict=True):
        yield offset + start, offset + end, fold(surface[start:end]), 1


def _form(surface: str) -> str:
    """Return the form of a word: folded, a number without separators of thousands."""
    return _of_short(surface) if len(surface) <= _SHORT else _formed(surface)


@lru_cache(_FORMS)
def _of_short(surface: str) -> str:
    return _formed(surface)


def _formed(surface: str) -> str:
    if surface[0].isdigit():
        if surface.isascii() and surface.isdecimal():
            return surface
        pieces = decompose(surface)[0]
        if pieces and pieces[0].end == len(surface):
            return pieces[0].form
    form = fold(surface)
    return form if form.isalnum() else form.translate(_FOLDED_MARKS) or surface


def folded_marks(surface: str) -> str:
    """Return a word without case, with its quotation marks and dashes as they are compared."""
    return surface.casefold().translate(_FOLDED_MARKS)


def without_possessive(form: str) -> str:
    """Return a word or its form without "'s"."""
    return form[:-2] if form.endswith(("'s", "’s")) else form
