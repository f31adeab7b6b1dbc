"""What changed from one version of an article to the next, paragraph by paragraph and word by
word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from searcher.article import Article

Kind = Literal["same", "added", "removed"]

_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]")
_MOST_WORDS = 2_000
"""Paragraphs that together have more words are not compared word by word, which takes quadratic
time."""
_ALIKE = 0.5
"""A paragraph that has less of its words in common with the one before was replaced, not edited."""


class Run(NamedTuple):
    """A piece of a paragraph, and what became of it."""

    kind: Kind
    text: str


class ChangedParagraph(NamedTuple):
    """A paragraph as it was and is; `is_headline` for the headline."""

    runs: tuple[Run, ...]
    is_headline: bool = False


def changes(before: Article, after: Article) -> tuple[ChangedParagraph, ...]:
    """The paragraphs, and the headline, that are not the same in both, in order."""
    found: list[ChangedParagraph] = []
    if before.headline != after.headline:
        runs = _edited(before.headline, after.headline)
        found.append(ChangedParagraph(runs or _replaced(before.headline, after.headline), True))
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
    """Each new paragraph beside the old one that it was made of, if there is one; between these,
    what went and then what came."""
    left, come = list(old), []
    for text in new:
        at, runs = next(
            ((at, runs) for at, one in enumerate(left) if (runs := _edited(one, text))), (-1, ())
        )
        if not runs:
            come.append(text)
            continue
        yield from _whole(left[:at], come)
        left, come = left[at + 1 :], []
        yield ChangedParagraph(runs)
    yield from _whole(left, come)


def _whole(gone: Sequence[str], come: Sequence[str]) -> Iterator[ChangedParagraph]:
    yield from (ChangedParagraph((Run("removed", text),)) for text in gone)
    yield from (ChangedParagraph((Run("added", text),)) for text in come)


def _replaced(old: str, new: str) -> tuple[Run, ...]:
    return tuple(run for run in (Run("removed", old), Run("added", new)) if run.text)


def _edited(old: str, new: str) -> tuple[Run, ...]:
    """The edits that make one text the other; () if they have too little in common."""
    first, second = _WORDS.findall(old), _WORDS.findall(new)
    if not first or not second or len(first) + len(second) > _MOST_WORDS:
        return ()
    one, other = (Counter(word for word in words if word.isalnum()) for words in (first, second))
    if 2 * (one & other).total() < _ALIKE * (one.total() + other.total()):
        return ()
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    runs: list[Run] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run("same", "".join(first[old_start:old_end])))
            continue
        if old_end > old_start:
            runs.append(Run("removed", "".join(first[old_start:old_end])))
        if new_end > new_start:
            runs.append(Run("added", "".join(second[new_start:new_end])))
    return tuple(runs)
