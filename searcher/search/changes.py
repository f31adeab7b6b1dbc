"""Differences between two versions of an article, by paragraphs and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from searcher.article import Article

Kind = Literal["same", "added", "removed"]
"""Kinds of the parts of a difference."""

_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]")
"""Units of the comparison: white space, words, and single other characters."""
_MOST_WORDS = 2_000
"""Maximum number of units in two paragraphs that are compared word by word. The time is quadratic;
larger paragraphs count as replaced."""
_ALIKE = 0.5
"""Minimum share of common words in two paragraphs of which one is an edit of the other. With a
smaller share, the difference would be unreadable. Such a paragraph counts as replaced."""


class DiffPart(NamedTuple):
    """A part of a paragraph that is the same in both versions, or in one of them only."""

    kind: Kind
    """Whether the later version keeps, adds or removes the text."""
    text: str
    """The text, with its white space."""


class ChangedParagraph(NamedTuple):
    """A paragraph that differs between two versions."""

    parts: tuple[DiffPart, ...]
    """The parts in order; those of both versions are merged."""
    is_headline: bool = False
    """Whether this is the headline."""


def changes(before: Article, after: Article) -> tuple[ChangedParagraph, ...]:
    """Return the headline and the paragraphs that differ, in order."""
    found: list[ChangedParagraph] = []
    if before.headline != after.headline:
        parts = _edited(before.headline, after.headline)
        found.append(ChangedParagraph(parts or _replaced(before.headline, after.headline), True))
    matcher = SequenceMatcher(None, before.paragraphs, after.paragraphs, autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            found.extend(
                _paragraphs(
                    before.paragraphs[old_start:old_end], after.paragraphs[new_start:new_end]
                )
            )
    return tuple(found)


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[ChangedParagraph]:
    """Yield each new paragraph as an edit of the first similar old one. Other paragraphs are
    yielded as removed or added ones.
    """
    left, added = list(old), []
    for text in new:
        at, parts = next(
            ((at, parts) for at, one in enumerate(left) if (parts := _edited(one, text))), (-1, ())
        )
        if not parts:
            added.append(text)
            continue
        yield from _whole(left[:at], added)
        left, added = left[at + 1 :], []
        yield ChangedParagraph(parts)
    yield from _whole(left, added)


def _whole(removed: Sequence[str], added: Sequence[str]) -> Iterator[ChangedParagraph]:
    yield from (ChangedParagraph((DiffPart("removed", text),)) for text in removed)
    yield from (ChangedParagraph((DiffPart("added", text),)) for text in added)


def _replaced(old: str, new: str) -> tuple[DiffPart, ...]:
    parts = (DiffPart("removed", old), DiffPart("added", new))
    return tuple(part for part in parts if part.text)


def _edited(old: str, new: str) -> tuple[DiffPart, ...]:
    """Return the parts that turn one text into the other; () if too few words are common."""
    first, second = _WORDS.findall(old), _WORDS.findall(new)
    if not first or not second or len(first) + len(second) > _MOST_WORDS:
        return ()
    one, other = (Counter(word for word in words if word.isalnum()) for words in (first, second))
    if 2 * (one & other).total() < _ALIKE * (one.total() + other.total()):
        return ()
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    parts: list[DiffPart] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            parts.append(DiffPart("same", "".join(first[old_start:old_end])))
            continue
        if old_end > old_start:
            parts.append(DiffPart("removed", "".join(first[old_start:old_end])))
        if new_end > new_start:
            parts.append(DiffPart("added", "".join(second[new_start:new_end])))
    return tuple(parts)
