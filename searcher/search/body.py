"""The body of an article as one text, with the matches in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from searcher.query.tree import Span
from searcher.text.sentences import sentence_starts

Match: TypeAlias = tuple[int, int, int]
"""A match: first character, character after the last, number of the pattern."""

BEFORE = 8
"""Number of characters before a range in which the end of a sentence is looked for that is followed
by a sentence of the range: punctuation, quotes and spaces."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts joined by a space."""

    text: str
    """The whole."""
    starts: tuple[int, ...]
    """The characters at which the texts begin."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Joined:
        """Return these texts joined."""
        parts = tuple(texts)
        sizes = [len(part) + 1 for part in parts]
        return cls(" ".join(parts), tuple(accumulate(sizes[:-1], initial=0)) if parts else ())

    def place(self, start: int, end: int) -> tuple[int, Span]:
        """Return the number of the text that contains [start, end), and this span in it."""
        number = bisect_right(self.starts, start) - 1
        begin = self.starts[number]
        return number, (start - begin, end - begin)


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article as one text, with the matches in it."""

    joined: Joined
    """The paragraphs."""
    matches: Sequence[Match]
    """The matches, ascending."""

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return self.joined.text

    def sentences(self, first: int, last: int) -> list[int]:
        """Return the characters from `first` to `last` at which paragraphs or sentences begin."""
        starts = self.joined.starts
        paragraphs = starts[bisect_left(starts, first) : bisect_right(starts, last)]
        begin = max(0, first - BEFORE)
        found = {at for at in sentence_starts(self.text, begin, last + 1) if first <= at <= last}
        return sorted(found.union(paragraphs))
