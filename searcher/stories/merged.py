"""A comparison as one text, in which both wordings of a part are side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from searcher.stories.comparison import Comparison
from searcher.stories.parts import Kind, Part, Row


class Wording(NamedTuple):
    """A part of the merged text."""

    kind: Kind
    """How the two texts differ here."""
    first: str
    """The words of the first text; "" if it has none here."""
    second: str
    """The words of the second text; "" if it has none here."""
    moved: int | None = None
    """As in Part."""


def changed_rows(comparison: Comparison) -> Iterator[Row]:
    """Yield the rows whose texts differ."""
    for row in comparison.rows:
        first, second = comparison.texts_of(row)
        if first != second:
            yield row


def merged_lines(comparison: Comparison, row: Row) -> Iterator[list[Wording]]:
    """Yield the lines of a row: a new one begins where a paragraph of either text begins.

    White space behind words that differ is a part of its own. A row that differs in case and
    marks only is reworded as a whole.
    """
    first, second = comparison.texts_of(row)
    if first != second and all(part.kind == "same" and part.moved is None for part in row.parts):
        yield [Wording("reworded", "\n".join(first), "\n".join(second))]
        return
    line: list[Wording] = []
    before: Part | None = None
    are_apart = not any(part.first and part.second for part in row.parts)
    at: list[int | None] = [None, None]
    for part in row.parts:
        spans = (part.first, part.second)
        begins = any(
            span and at[side] not in (None, span.paragraph) for side, span in enumerate(spans)
        )
        turns = before and (
            before.moved != part.moved
            or (are_apart and part.moved is None and before.kind != part.kind)
        )
        if before and (begins or turns):
            yield line
            line = []
        at = [span.paragraph if span else at[side] for side, span in enumerate(spans)]
        line += _wordings(comparison, part)
        before = part
    if line:
        yield line


def _wordings(comparison: Comparison, part: Part) -> Iterator[Wording]:
    first, second = (
        texts[span.paragraph][span.start : span.end] if span else ""
        for texts, span in ((comparison.first, part.first), (comparison.second, part.second))
    )
    if part.kind == "same" and part.moved is None:
        yield Wording("same", first, second)
        return
    yield Wording(part.kind, first.strip(), second.strip(), part.moved)
    if first[-1:].isspace() or second[-1:].isspace():
        space = (" ", " ") if part.moved is None else (first[-1:] and " ", second[-1:] and " ")
        yield Wording("same", *space, part.moved)
