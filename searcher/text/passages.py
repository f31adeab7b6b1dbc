"""Passages in another language than the text around them: remarks in brackets, quotations,
paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from searcher.article import Passage
from searcher.text.language import UNDETERMINED, languages_beside

_SHORTEST = 30
"""Minimum length of a passage, in characters. Shorter ones are names and titles of works."""
_FEWEST_WORDS = 4
"""Minimum number of words in brackets or quotation marks, for the same reason."""
_ENCLOSED = {
    "[": re.compile(r"\[([^\[\]]{30,1000})\]"),
    "(": re.compile(r"\(([^()]{30,1000})\)"),
    "“": re.compile("“([^“”]{30,1000})”"),
    "«": re.compile("«([^«»]{30,1000})»"),
    '"': re.compile('"([^"]{30,1000})"'),
}
"""Texts in brackets and quotation marks, by the opening mark. Each kind is matched alone, as they
nest."""
_MOST_CHARACTERS = 100_000
"""Maximum size of a text that is looked through, in characters. It bounds the time for texts as
long as a book."""


def foreign_passages(paragraphs: Iterable[str], language: str) -> list[Passage]:
    """Return the passages of a text that are certainly in another language, in order.

    language: the language of the text (ISO 639-1, or "und": then none is found).
    """
    if language == UNDETERMINED:
        return []
    places = list(_candidates(paragraphs))
    found = languages_beside(language, [text for _, _, text in places])
    passages: list[Passage] = []
    for (number, start, text), other in zip(places, found, strict=True):
        # A quotation inside a foreign paragraph is no passage of its own.
        last = passages[-1] if passages else None
        if other and (last is None or last.paragraph != number or start >= last.end):
            passages.append(Passage(number, start, start + len(text), other))
    return passages


def _candidates(paragraphs: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the texts that may be in another language: the paragraph's index, the character at
    which they begin, and the text."""
    left = _MOST_CHARACTERS
    for number, paragraph in enumerate(paragraphs):
        left -= len(paragraph)
        if left < 0:
            return
        if len(paragraph) >= _SHORTEST:
            yield number, 0, paragraph
            for start, end in _enclosed(paragraph):
                if paragraph.count(" ", start, end) >= _FEWEST_WORDS - 1:
                    yield number, start, paragraph[start:end]


def _enclosed(paragraph: str) -> list[tuple[int, int]]:
    """Return the spans inside brackets and quotation marks, the outer before the inner."""
    patterns = [pattern for opening, pattern in _ENCLOSED.items() if opening in paragraph]
    spans = [match.span(1) for pattern in patterns for match in pattern.finditer(paragraph)]
    return sorted(spans, key=lambda span: (span[0], -span[1]))
