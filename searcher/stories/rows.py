"""Two texts in rows of corresponding paragraphs, with their differing words marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from searcher.stories.edits import Edit, Forms, edits
from searcher.stories.parts import Kind, Part, Row, Span, ordered
from searcher.stories.sentences import Correspondence
from searcher.stories.words import ComparedText, Word, folded_marks

_LIGHT = 4
"""Number of occurrences in both texts above which a word is frequent in short texts; in long ones
it has to be one in _LIGHT_SHARE of their words."""
_LIGHT_SHARE = 60
_LEAST_OF_HEADLINE = 0.25
"""Minimum share of common words in headlines whose words are marked one by one."""
_ONE_SIDED: tuple[Kind, Kind] = ("cut", "added")

Side = tuple[int, int]
"""Words of a text, as [start, end)."""


class Group(NamedTuple):
    """Sentences of two texts that correspond."""

    first: Side
    """The words of the first text."""
    second: Side
    """The words of the second text."""


class _Moved(NamedTuple):
    """A sentence that the other text has elsewhere."""

    end: int
    """The word behind its last."""
    parts: list[Part]
    """Its parts."""


class Rows:
    """Makes the rows of two texts."""

    def __init__(
        self, texts: tuple[ComparedText, ComparedText], forms: Forms, found: Correspondence
    ) -> None:
        self._texts = texts
        self._words = (texts[0].words, texts[1].words)
        self._forms = forms
        counts = Counter(forms[0]) + Counter(forms[1])
        frequent = max(_LIGHT, counts.total() // _LIGHT_SHARE)
        self._light = {form for form, count in counts.items() if count > frequent}
        self._begins = tuple(_beginnings(text) for text in texts)
        self._in_order = list(self._groups(found.in_order))
        self._moved: tuple[dict[int, _Moved], dict[int, _Moved]] = ({}, {})
        self.edits: list[list[Edit]] = []
        """The edits of each group of sentences that correspond."""
        for i, j in found.moved:
            self._note_moved(self._group((i, i), (j, j)))

    def make(self) -> Iterator[Row]:
        """Yield the rows, in order."""
        ends = [len(text.texts) for text in self._texts]
        if any(text.texts[0] for text in self._texts):
            yield Row(range(1), range(1), tuple(ordered(self._headline_parts())))
        at = (1, 1)
        row: list[Group] = []
        reach = at
        for group in self._in_order:
            first, second = self._paragraphs(group)
            if row and (first.start < reach[0] or second.start < reach[1]):
                reach = (max(reach[0], first.stop), max(reach[1], second.stop))
            else:
                if row:
                    yield self._row(at, reach, row)
                    at = reach
                yield from self._gap(at, (first.start, second.start))
                at, reach, row = (first.start, second.start), (first.stop, second.stop), []
            row.append(group)
        if row:
            yield self._row(at, reach, row)
            at = reach
        yield from self._gap(at, (ends[0], ends[1]))

    def _gap(self, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Row]:
        """Yield the row of paragraphs without counterparts, if there are any."""
        if start != end:
            yield self._row(start, end, [])

    def _row(self, start: tuple[int, int], end: tuple[int, int], groups: list[Group]) -> Row:
        """Return the row of some paragraphs. groups: the sentences in it that correspond."""
        first, second = (self._begins[side][start[side]] for side in (0, 1))
        parts: list[Part] = []
        for group in groups:
            parts += self._alone(0, first, group.first[0])
            parts += self._alone(1, second, group.second[0])
            parts += self._edited(self._edits(group))
            first, second = group.first[1], group.second[1]
        parts += self._alone(0, first, self._begins[0][end[0]])
        parts += self._alone(1, second, self._begins[1][end[1]])
        return Row(range(start[0], end[0]), range(start[1], end[1]), tuple(ordered(parts)))

    def _headline_parts(self) -> Iterator[Part]:
        group = self._group((0, 0), (0, 0))
        found = self._edits(group)
        most = max(_count(self._words[side], *group[side]) for side in (0, 1))
        common = sum(_count(self._words[0], *edit.first) for edit in found if edit.is_same)
        if common < _LEAST_OF_HEADLINE * most:
            found[:] = [Edit(False, group.first, group.second)]
        return self._edited(found)

    def shared_words(self) -> int:
        """Return the number of words of a text that the other one has in a corresponding
        sentence. It is the same for both texts. Call it after `make`."""
        return sum(
            _count(self._words[0], *edit.first)
            for found in self.edits
            for edit in found
            if edit.is_same
        )

    def _edits(self, group: Group) -> list[Edit]:
        found = list(
            edits(self._words, self._forms, group.first, group.second, self._light.__contains__)
        )
        self.edits.append(found)
        return found

    def _groups(self, pairs: list[tuple[int, int]]) -> Iterator[Group]:
        """Yield pairs of sentences; those that share a sentence as one group."""
        i, j = pairs[0] if pairs else (0, 0)
        first = last = (i, j)
        for pair in pairs[1:]:
            if pair[0] != last[0] and pair[1] != last[1]:
                yield self._group((first[0], last[0]), (first[1], last[1]))
                first = pair
            last = pair
        if pairs:
            yield self._group((first[0], last[0]), (first[1], last[1]))

    def _group(self, first: tuple[int, int], second: tuple[int, int]) -> Group:
        """Return the group of the sentences from the first to the last of each text."""
        ours, theirs = (text.sentences for text in self._texts)
        return Group(
            (ours[first[0]][0], ours[first[1]][1]), (theirs[second[0]][0], theirs[second[1]][1])
        )

    def _paragraphs(self, group: Group) -> tuple[range, range]:
        first, second = (
            range(self._words[side][start].paragraph, self._words[side][end - 1].paragraph + 1)
            for side, (start, end) in enumerate(group)
        )
        return first, second

    def _note_moved(self, group: Group) -> None:
        parts = list(self._edited(self._edits(group)))
        paragraphs = self._paragraphs(group)
        for side in (0, 1):
            self._moved[side][group[side][0]] = _Moved(
                group[side][1],
                [
                    _part(part.kind, side, span, paragraphs[1 - side].start)
                    for part in parts
                    if (span := (part.first, part.second)[side])
                ],
            )

    def _alone(self, side: int, start: int, end: int) -> Iterator[Part]:
        """Yield the parts of words that have no counterpart in the row."""
        at = start
        while at < end:
            moved = self._moved[side].get(at)
            if moved:
                yield from moved.parts
                at = moved.end
                continue
            begin = at
            while at < end and at not in self._moved[side]:
                at += 1
            for span in self._spans(side, begin, at):
                yield _part(_ONE_SIDED[side], side, span)

    def _edited(self, found: list[Edit]) -> Iterator[Part]:
        """Yield the parts of edits, each in one paragraph of a text."""
        for edit in found:
            if edit.is_same:
                yield from self._same(edit)
                continue
            first, second = list(self._spans(0, *edit.first)), list(self._spans(1, *edit.second))
            if len(first) == len(second) == 1:
                yield Part("reworded", first[0], second[0])
                continue
            yield from (Part("cut", span, None) for span in first)
            yield from (Part("added", None, span) for span in second)

    def _same(self, edit: Edit) -> Iterator[Part]:
        """Yield the parts of equal words: those spelled alike, and those in two spellings."""
        ours, theirs = self._words[0][slice(*edit.first)], self._words[1][slice(*edit.second)]
        first, second = edit.first[0], edit.second[0]
        for key, run in groupby(map(self._kind, ours, theirs)):
            length = sum(1 for _ in run)
            (one,) = self._spans(0, first, first + length)
            (other,) = self._spans(1, second, second + length)
            yield Part(key[0], one, other)
            first, second = first + length, second + length

    def _kind(self, first: Word, second: Word) -> tuple[Kind, int, int]:
        """Return how two words of one form differ, and their paragraphs."""
        ours = self._texts[0].texts[first.paragraph][first.start : first.end]
        theirs = self._texts[1].texts[second.paragraph][second.start : second.end]
        is_same = ours == theirs or _are_spelled_alike(ours.strip(), theirs.strip())
        return "same" if is_same else "spelling", first.paragraph, second.paragraph

    def _spans(self, side: int, start: int, end: int) -> Iterator[Span]:
        """Yield the spans of the words from `start` to `end`, one for each paragraph."""
        words = self._words[side]
        while start < end:
            paragraph = words[start].paragraph
            stop = min(end, self._begins[side][paragraph + 1])
            yield Span(paragraph, words[start].start, words[stop - 1].stop)
            start = stop


def _are_spelled_alike(first: str, second: str) -> bool:
    """Return whether two words of one form are spelled alike but for case and marks."""
    return first == second or folded_marks(first) == folded_marks(second)


def _part(kind: Kind, side: int, span: Span, moved: int | None = None) -> Part:
    return Part(kind, None, span, moved) if side else Part(kind, span, None, moved)


def _count(words: list[Word], start: int, end: int) -> int:
    return sum([word.size for word in words[start:end]])


def _beginnings(text: ComparedText) -> list[int]:
    """Return the number of the first word of each paragraph, and the number of words."""
    found: list[int] = []
    for number, word in enumerate(text.words):
        found += [number] * (word.paragraph + 1 - len(found))
    return found + [len(text.words)] * (len(text.texts) + 1 - len(found))
