"""Parts of two texts that correspond, as spans of their paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple

Kind = Literal["same", "spelling", "reworded", "cut", "added"]
"""Kinds of parts: equal words; words or names in two spellings; words that replace others; words of
the first text only; words of the second text only."""
_MIRRORED: dict[Kind, Kind] = {"cut": "added", "added": "cut"}


class Span(NamedTuple):
    """A part of a paragraph."""

    paragraph: int
    """Number of the paragraph. The headline is 0."""
    start: int
    """Its first character in the paragraph, from 0."""
    end: int
    """The character behind its last."""


class Part(NamedTuple):
    """A part of one text and its counterpart in the other."""

    kind: Kind
    """How the two texts differ here."""
    first: Span | None
    """The part of the first text; None if it has none, or has it in another row."""
    second: Span | None
    """The part of the second text; None in the same cases."""
    moved: int | None = None
    """Number of the paragraph of the other text that has the sentence of this part; None if it did
    not move."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a part in `--json` and the API."""
        return {
            "kind": self.kind,
            "first": list(self.first) if self.first else None,
            "second": list(self.second) if self.second else None,
            "moved": self.moved,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs of two texts that correspond, or have no counterpart."""

    first: range
    """Numbers of the paragraphs of the first text."""
    second: range
    """Numbers of the paragraphs of the second text."""
    parts: tuple[Part, ...]
    """The parts, in the order of both texts."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented form of a row in `--json` and the API."""
        return {
            "first": list(self.first),
            "second": list(self.second),
            "parts": [part.to_json() for part in self.parts],
        }

    def spans(self, side: int) -> Iterator[tuple[Part, Span]]:
        """Yield the parts that a text has in this row, with their spans. side: 0 for the first
        text, 1 for the second."""
        for part in self.parts:
            span = part.second if side else part.first
            if span:
                yield part, span


def ordered(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts; of neighbours that one text has alone, those of the first text first."""
    for one_sided, run in groupby(parts, lambda part: part.first is None or part.second is None):
        if one_sided:
            alone = list(run)
            yield from (part for part in alone if part.first)
            yield from (part for part in alone if not part.first)
        else:
            yield from run


def mirrored(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows as if the texts had been compared in the other order."""
    return tuple(
        Row(
            row.second,
            row.first,
            tuple(
                ordered(
                    Part(_MIRRORED.get(part.kind, part.kind), part.second, part.first, part.moved)
                    for part in row.parts
                )
            ),
        )
        for row in rows
    )
