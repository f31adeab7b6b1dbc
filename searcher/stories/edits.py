"""Edits: the words that turn one run of words into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from searcher.stories.blocks import Block, common_blocks
from searcher.stories.words import Word

_MOST_LIGHT = 3
"""Maximum length of a common run of frequent words that is marked as changed if the words on both
sides of it changed, and are no fewer. Marks around "of the" alone are hard to read."""


class Edit(NamedTuple):
    """Two runs of words that are equal, or of which one replaces the other."""

    is_same: bool
    """Whether the runs have the same forms."""
    first: tuple[int, int]
    """The words of the first text, as [start, end)."""
    second: tuple[int, int]
    """The words of the second text."""


Forms = tuple[Sequence[int], Sequence[int]]
"""Numbers of the forms of the words of both texts."""


def edits(
    words: tuple[list[Word], list[Word]],
    forms: Forms,
    first: tuple[int, int],
    second: tuple[int, int],
    is_light: Callable[[int], bool],
) -> Iterator[Edit]:
    """Yield the edits that turn a run of words of the first text into one of the second.

    Words are matched before marks, so that a comma never holds two sentences together.
    is_light: whether a form is so frequent that it is no common word by itself.
    """
    ours, theirs = (
        [at for at, word in enumerate(words[side][slice(*span)], span[0]) if word.size]
        for side, span in enumerate((first, second))
    )
    blocks = list(common_blocks([forms[0][at] for at in ours], [forms[1][at] for at in theirs]))
    at = start = (first[0], second[0])
    found: list[Edit] = []
    for i, j, length in _readable(
        blocks, len(ours), len(theirs), lambda i: is_light(forms[0][ours[i]])
    ):
        for here in zip(ours[i : i + length], theirs[j : j + length], strict=True):
            if here != at:
                if at != start:
                    found.append(_same(start, at))
                found.extend(_between(forms, at, here))
                start = here
            at = (here[0] + 1, here[1] + 1)
    if at != start:
        found.append(_same(start, at))
    found.extend(_between(forms, at, (first[1], second[1])))
    return _joined(found)


def _same(start: tuple[int, int], end: tuple[int, int]) -> Edit:
    return Edit(True, (start[0], end[0]), (start[1], end[1]))


def _readable(
    blocks: list[Block], ours: int, theirs: int, is_light: Callable[[int], bool]
) -> Iterator[Block]:
    """Yield the blocks without short ones of frequent words between changes; see _MOST_LIGHT."""
    i_end = j_end = 0
    for number, (i, j, length) in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else (ours, theirs, 0)
        before_changed = max(i - i_end, j - j_end)
        after_changed = max(after[0] - i - length, after[1] - j - length)
        if length <= min(_MOST_LIGHT, before_changed, after_changed) and all(
            is_light(at) for at in range(i, i + length)
        ):
            continue
        yield i, j, length
        i_end, j_end = i + length, j + length


def _between(forms: Forms, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Edit]:
    """Yield the edits between two pairs of common words: common marks at the beginning and at the
    end, and the rest as changed."""
    (i, j), (i_end, j_end) = start, end
    while i < i_end and j < j_end and forms[0][i] == forms[1][j]:
        yield Edit(True, (i, i + 1), (j, j + 1))
        i, j = i + 1, j + 1
    last = 0
    while i < i_end - last and j < j_end - last:
        if forms[0][i_end - last - 1] != forms[1][j_end - last - 1]:
            break
        last += 1
    if i < i_end - last or j < j_end - last:
        yield Edit(False, (i, i_end - last), (j, j_end - last))
    if last:
        yield Edit(True, (i_end - last, i_end), (j_end - last, j_end))


def _joined(found: list[Edit]) -> Iterator[Edit]:
    """Yield the edits with neighbours of one kind joined."""
    before: Edit | None = None
    for edit in found:
        if before and before.is_same == edit.is_same:
            before = Edit(
                edit.is_same, (before.first[0], edit.first[1]), (before.second[0], edit.second[1])
            )
        else:
            if before:
                yield before
            before = edit
    if before:
        yield before
