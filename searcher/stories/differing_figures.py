"""Figures in which two texts differ: "800 civilians" and "more than 800 civilians"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from searcher.stories.edits import Edit
from searcher.stories.figures import CURRENCIES, Figure, figures
from searcher.stories.summary import Pair
from searcher.stories.words import ComparedText

_LONGEST_CHANGE = 4
"""Maximum number of words of a changed passage that is a figure and its surroundings."""


def differing_figures(
    texts: tuple[ComparedText, ComparedText], groups: Iterable[list[Edit]]
) -> tuple[Pair, ...]:
    """Return the figures in which sentences that correspond differ.

    They are those of one value with different words in front of it ("about", "more than"), and
    those of different values with the same noun or in the same place, unless each text has both.
    groups: the edits of sentences that correspond.
    """
    found = (figures(texts[0]), figures(texts[1]))
    places = tuple([figure.word for figure in side] for side in found)
    known = tuple(
        {(figure.unit, value) for figure in side for value in figure.values} for side in found
    )
    pairs: dict[Pair, None] = {}
    for edits in groups:
        if not edits:
            continue
        ours, theirs = (
            found[side][
                bisect_left(places[side], _sides(edits[0])[side][0]) : bisect_left(
                    places[side], _sides(edits[-1])[side][1]
                )
            ]
            for side in (0, 1)
        )
        for one, other in _pairs(list(ours), list(theirs), edits):
            is_known = all(
                any((figure.unit, value) in known[side] for value in figure.values)
                for side, figure in ((1, one), (0, other))
            )
            if one.values & other.values or not is_known or one.unit != other.unit:
                pairs[Pair(one.text, other.text)] = None
    return tuple(pairs)


def _sides(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    return edit.first, edit.second


def _pairs(
    ours: list[Figure], theirs: list[Figure], edits: list[Edit]
) -> Iterator[tuple[Figure, Figure]]:
    """Yield the differing pairs among the figures of corresponding sentences."""
    left: tuple[dict[int, Figure], dict[int, Figure]] = (
        {figure.word: figure for figure in ours},
        {figure.word: figure for figure in theirs},
    )
    for one, other in _equal(ours, theirs):
        if one.word in left[0] and other.word in left[1]:
            del left[0][one.word], left[1][other.word]
            if one.sign != other.sign:
                yield one, other
    if not left[0] or not left[1]:
        return
    changed = _changed(edits)
    for one in left[0].values():
        place = changed[0].get(one.word, -1)
        noun = one.noun if len(one.noun) > 1 or not one.noun.isascii() else None
        for other in left[1].values():
            in_place = place == changed[1].get(other.word)
            is_other_money = in_place and {one.unit, other.unit} <= CURRENCIES
            same_unit = one.unit == other.unit and (in_place or noun == other.noun)
            if same_unit or is_other_money:
                del left[1][other.word]
                yield one, other
                break


def _equal(ours: list[Figure], theirs: list[Figure]) -> list[tuple[Figure, Figure]]:
    """Return the pairs of figures of one value, those with words of one meaning in front first."""
    places: dict[tuple[str, float], list[int]] = {}
    for at, other in enumerate(theirs):
        for value in other.values:
            places.setdefault((other.unit, value), []).append(at)
    found = [
        (one, theirs[at])
        for one in ours
        for at in sorted({at for value in one.values for at in places.get((one.unit, value), ())})
    ]
    found.sort(key=lambda pair: pair[0].sign != pair[1].sign)
    return found


def _changed(edits: list[Edit]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the number of the short change that each word of both texts is in."""
    found: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for number, edit in enumerate(edits):
        sides = _sides(edit)
        if not edit.is_same and max(end - start for start, end in sides) <= _LONGEST_CHANGE:
            for side, span in enumerate(sides):
                found[side].update(dict.fromkeys(range(*span), number))
    return found
