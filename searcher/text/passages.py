"""Passages in another language than the text around them: a remark in brackets, a quotation, a
paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from searcher.text.language import UNDETERMINED, languages_beside

_SHORTEST = 30
"""Characters; names and titles of works are shorter."""
_FEWEST_WORDS = 4
_ENCLOSED = {
    "[": re.compile(r"\[([^\[\]]{30,1000})\]"),
    "(": re.compile(r"\(([^()]{30,1000})\)"),
    "“": re.compile("“([^“”]{30,1000})”"),
    "«": re.compile("«([^«»]{30,1000})»"),
    '"': re.compile('"([^"]{30,1000})"'),
}
"""By what opens them; each kind on its own, for they stand in each other."""
_MOST_CHARACTERS = 100_000

Passage = tuple[int, int, int, str]
"""The number of a paragraph, the characters [start, end) in it, and their language."""


def foreign_passages(paragraphs: Iterable[str], language: str) -> list[Passage]:
    """The passages of a text in `language` that are in another one, in order, as far as that is
    certain."""
    if language == UNDETERMINED:
        return []
    places = list(_candidates(paragraphs))
    found = languages_beside(language, [text for _, _, text in places])
    passages: list[Passage] = []
    for (number, start, text), other in zip(places, found, strict=True):
        # Of a paragraph that is foreign as a whole its quotations are no passages of their own.
        if other and (not passages or passages[-1][0] != number or start >= passages[-1][2]):
            passages.append((number, start, start + len(text), other))
    return passages


def _candidates(paragraphs: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """What may be in another language: the paragraph's number, where it begins there, and the
    text."""
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
    """Where brackets and quotations stand, without the marks, the outer before the inner."""
    patterns = [pattern for opening, pattern in _ENCLOSED.items() if opening in paragraph]
    spans = [match.span(1) for pattern in patterns for match in pattern.finditer(paragraph)]
    return sorted(spans, key=lambda span: (span[0], -span[1]))
