"""Bodies of articles compared as runs of three words: the part that both have, and whether other
figures or names stand in it. Each comparison is the same in either order."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from searcher.article import Article
from searcher.kernels.word_kinds import BEGINS_CAPITAL, HAS_DIGIT
from searcher.text.number_words import figure_words
from searcher.text.shingles import WIDTH, Words, distinct, hashed_words, shingles
from searcher.text.sketches import Sketch, sketch_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

COPIED = 0.8
"""Minimum share of the shorter body that both have."""
FEWEST = 12
"""Minimum number of different runs of three words of a body."""
_FIGURES_EVERY, _NAMES_EVERY = 100, 40
"""Number of common words for each place at which other figures, or names, may stand. Smaller takes
more notices for copies; larger takes copies that an editor brought up to date for notices."""
_TABLE = 0.1
"""Minimum share of figures in a table."""
_MOST_FIGURES = 200
"""Maximum number of figures of a body that are compared in their order. Larger takes longer: the
time of two tables grows with the square."""
_EDGE = 12
"""Maximum number of words before or behind the common part that are compared with those of the
other body. More are a beginning or an end of its own."""
_OTHER_NUMBERS = "first second third half 二 两 兩 三 四 五 六 七 八 九 十 百 千 万 萬 亿 億"
"""Words that are figures beside those of `text.number_words`. Each Han character is a word."""


class Body(NamedTuple):
    """The body of an article, for comparing."""

    words: Words
    """Its words."""
    run: Hashes
    """The hash of the three words that begin at each word."""
    distinct: Hashes
    """The different ones, ascending."""

    @property
    def sketch(self) -> Sketch:
        """Its sketch, as in an index."""
        return sketch_of(self.distinct)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bodies compared. It is the same in either order."""

    share: float
    """Share of the shorter body that both have."""
    common: int
    """Number of words of the shorter body in that part."""
    figures: int = 0
    """Number of places inside it at which the other one has other figures."""
    names: int = 0
    """Number of places inside it at which the other one has other names."""
    is_table: bool = False
    """Whether much of it is figures."""

    @property
    def is_filled_in(self) -> bool:
        """Whether the texts are one form, filled in with other figures or names."""
        return (
            self.figures > self.common // _FIGURES_EVERY or self.names > self.common // _NAMES_EVERY
        )

    @property
    def reason(self) -> str:
        """The reason for taking one for a copy of the other, in words for the user."""
        return f"{percent(self.share)}% of its text"


def percent(share: float) -> int:
    """Return a share in percent, rounded down, so that only the whole is 100."""
    return int(100 * share)


def body_of(article: Article) -> Body:
    """Return the body of an article for comparing."""
    words = hashed_words("\n".join(article.searchable))
    run = shingles(words.hashes)
    return Body(words, run, distinct(run))


def compared(one: Body, other: Body) -> Comparison:
    """Return two bodies compared. Bodies with fewer than FEWEST runs have nothing in common."""
    if len(one.distinct) < FEWEST or len(other.distinct) < FEWEST:
        return Comparison(0.0, 0)
    short, long = sorted((one, other), key=_size)
    share = float(within(short.distinct, long.distinct).mean())
    if share < COPIED:
        return Comparison(share, 0)
    covered = np.zeros(len(short.words.hashes), np.bool_)
    held = within(short.run, long.distinct)
    for place in range(WIDTH):
        covered[place : place + len(held)] |= held
    replaced = names = 0
    for (begin, end), (other_begin, other_end) in _replaced(short, long, covered):
        ours = _telling(short.words, begin, end)
        theirs = _telling(long.words, other_begin, other_end)
        replaced += ours[0] != theirs[0]
        names += bool(ours[1] - theirs[1] and theirs[1] - ours[1])
    common = int(covered.sum())
    table = len(figures(short.words)) >= _TABLE * common
    return Comparison(share, common, max(_moved(short, long, covered), replaced), names, table)


def _size(body: Body) -> tuple[int, int, bytes]:
    """Return the sort key of two bodies; equal ones have equal keys."""
    return len(body.distinct), len(body.run), body.words.hashes.tobytes()


def within(values: Hashes, ascending: Hashes) -> NDArray[np.bool_]:
    """Return whether each value is among ascending ones."""
    at = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[at] == values
    return found


_Span = tuple[int, int]
"""Words of a text: the first, and the one after the last."""


def _replaced(short: Body, long: Body, covered: NDArray[np.bool_]) -> list[tuple[_Span, _Span]]:
    """Return the words inside the common part that are replaced by others, with those of the longer
    body in their place. Words that were added or left out are not among them."""
    edges = np.flatnonzero(covered[1:] != covered[:-1]) + 1
    if covered[0]:
        edges = np.append(0, edges)
    # Common parts begin at even edges; the words between two of them begin at odd ones.
    begins, ends = edges[1:-1:2].tolist(), edges[2::2].tolist()
    order = np.argsort(long.run, kind="stable")
    ordered = long.run[order]
    found = []
    for begin, end in zip(begins, ends, strict=False):
        before = _places(order, ordered, short.run[begin - WIDTH]) + WIDTH
        behind = _places(order, ordered, short.run[end])
        at = behind.searchsorted(before, "right")
        gaps = [
            (int(behind[place] - start), int(start))
            for start, place in zip(before.tolist(), at.tolist(), strict=True)
            if place < len(behind)
        ]
        if gaps:
            gap, start = min(gaps)
            found.append(((begin, end), (start, start + gap)))
    return found + _at_edges(short, long, int(edges[0]), int(np.flatnonzero(covered)[-1]) + 1)


def _at_edges(short: Body, long: Body, first: int, end: int) -> list[tuple[_Span, _Span]]:
    """Return the few words before and behind the common part, where both bodies have some.

    first, end: of the common part in the shorter body.
    """
    found: list[tuple[_Span, _Span]] = []
    before = int(np.flatnonzero(long.run == short.run[first])[0])
    if 0 < first <= _EDGE and 0 < before <= _EDGE:
        found.append(((0, first), (0, before)))
    behind = int(np.flatnonzero(long.run == short.run[end - WIDTH])[-1]) + WIDTH
    length, other_length = len(short.words.hashes), len(long.words.hashes)
    if 0 < length - end <= _EDGE and 0 < other_length - behind <= _EDGE:
        found.append(((end, length), (behind, other_length)))
    return found


def _places(order: NDArray[np.int64], ordered: Hashes, run: np.uint64) -> NDArray[np.int64]:
    """Return the places of a run of words, ascending. order: the places of all runs, `ordered`."""
    return order[ordered.searchsorted(run) : ordered.searchsorted(run, "right")]


def _moved(short: Body, long: Body, covered: NDArray[np.bool_]) -> int:
    """Return the number of figures of the common part that the longer body does not have in the
    same order: in a table, the same figures may stand in other places."""
    inside = np.flatnonzero(covered)[[0, -1]]
    part = slice(inside[0], inside[1] + 1)
    held = figures(Words(short.words.hashes[part], short.words.kinds[part]))
    others = figures(long.words)
    if not held or len(held) > _MOST_FIGURES or len(others) > 4 * _MOST_FIGURES:
        return 0
    blocks = SequenceMatcher(None, held, others, autojunk=False).get_matching_blocks()
    return len(held) - sum(block.size for block in blocks)


def figures(words: Words) -> tuple[int, ...]:
    """Return the figures of words in order, as hashes."""
    numbers = within(words.hashes, _number_hashes())
    found: list[int] = words.hashes[(words.kinds & HAS_DIGIT != 0) | numbers].tolist()
    return tuple(found)


def _telling(words: Words, begin: int, end: int) -> tuple[set[int], set[int]]:
    """Return the figures and the names of some words, as hashes."""
    figures: set[int] = set()
    names: set[int] = set()
    for word, kind in zip(
        words.hashes[begin:end].tolist(), words.kinds[begin:end].tolist(), strict=True
    ):
        if kind & HAS_DIGIT or word in _numbers():
            figures.add(word)
        elif kind & BEGINS_CAPITAL:
            names.add(word)
    return figures, names


@cache
def _number_hashes() -> Hashes:
    """Return the hashes of the words that are figures, ascending."""
    return distinct(hashed_words(" ".join((_OTHER_NUMBERS, *figure_words()))).hashes)


@cache
def _numbers() -> frozenset[int]:
    """Return the same as a set."""
    return frozenset(_number_hashes().tolist())
