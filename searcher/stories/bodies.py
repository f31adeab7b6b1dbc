"""Bodies of articles compared as runs of three words: the part that both have, and whether other
figures or names stand in it. Each comparison is the same in either order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from searcher.article import Article
from searcher.kernels.word_kinds import BEGINS_CAPITAL, HAS_DIGIT
from searcher.stories.forms import ODD_FIGURES, Filled, Passage, filled_in
from searcher.text.number_words import figure_words
from searcher.text.pieces import UNSPACED
from searcher.text.shingles import WIDTH, Words, distinct, hashed_words, shingles, word_spans
from searcher.text.sketches import Sketch, sketch_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

COPIED = 0.8
"""Minimum share of the shorter body that both have."""
FEWEST = 12
"""Minimum number of different runs of three words of a body."""
_FIGURES_EVERY, _EVERY = 100, 60
"""Number of common words for each figure, and for each figure or name, that may differ. Smaller
takes more notices for copies, such as fixtures of other teams. Larger takes copies that an editor
changed for notices: of 687 copies of Reuters, 40 loses none, 60 three and 100 six."""
_TABLE = 0.1
"""Minimum share of figures in a table."""
_MOST_FIGURES = 200
"""Maximum number of figures of a body that are compared in their order. Larger takes longer: the
time of two tables grows with the square."""
_EDGE = 12
"""Maximum number of words before or behind the common part that are compared with those of the
other body. More are a beginning or an end of its own."""
_WORTH = 0.6
"""Minimum share that bodies have in common, names in other spellings aside, for a closer look.
Smaller looks at more bodies in vain; larger misses copies in which many names are respelled."""
_BEYOND = "\u2e80"
"""The first of the characters of Chinese, Japanese and Korean. Two of these are a word, and four of
Thai, Lao, Burmese and Khmer, about."""


Span = tuple[int, int]
"""Words of a text: the first, and the one after the last."""


class Body(NamedTuple):
    """The body of an article, for comparing."""

    text: str
    """Its text."""
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


class Overlap(NamedTuple):
    """The part of the shorter of two bodies that the longer one has, too."""

    short: Body
    """The shorter body."""
    long: Body
    """The longer body."""
    inside: NDArray[np.bool_]
    """Whether the longer one has each run of the shorter one."""
    covered: NDArray[np.bool_]
    """Whether each word of the shorter one is in such a run."""

    def replaced(self) -> list[tuple[Span, Span]]:
        """Return the words inside that part, and at its edges, that are replaced by others of the
        longer body. Words that were added or left out are not among them."""
        return _replaced(self.short, self.long, self.covered) if self.covered.any() else []


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
    length: int = 0
    """Number of words of that part; in scripts without spaces it is estimated."""

    @property
    def is_filled_in(self) -> bool:
        """Whether the texts are one form, filled in with other figures or names."""
        return (
            self.figures > self.length // _FIGURES_EVERY
            or self.figures + self.names > self.length // _EVERY
        )


def body_of(article: Article) -> Body:
    """Return the body of an article for comparing."""
    text = "\n".join(article.searchable)
    words = hashed_words(text)
    run = shingles(words.hashes)
    return Body(text, words, run, distinct(run))


def compared(one: Body, other: Body) -> Comparison:
    """Return two bodies compared. Bodies with fewer than FEWEST runs have nothing in common."""
    if len(one.distinct) < FEWEST or len(other.distinct) < FEWEST:
        return Comparison(0.0, 0)
    share = shared(one, other)
    if share < _WORTH:
        return Comparison(share, 0)
    found = overlap(one, other)
    short, long, inside, covered = found
    replaced = found.replaced()
    filled = _filled_in(short, long, replaced)
    spelled, looked_at = np.zeros_like(covered), np.ones_like(covered)
    first, last = np.flatnonzero(covered)[[0, -1]]
    looked_at[:first], looked_at[last + 1 :] = False, False
    for ((begin, end), _), slot in zip(replaced, filled, strict=True):
        spelled[begin:end] = slot.is_spelling
        looked_at[begin:end] &= slot.figures > 0
    moved = _moved(short, long, looked_at)
    if spelled.any():
        covered |= spelled
        share = _share(short, inside, covered, spelled)
    common = int(covered.sum())
    if share < COPIED:
        return Comparison(share, 0)
    table = int(_are_figures(short.words).sum()) >= _TABLE * common
    differing = max(moved, sum(slot.figures for slot in filled))
    names = sum(slot.names for slot in filled)
    return Comparison(share, common, differing, names, table, _length(short, common))


def shared(one: Body, other: Body) -> float:
    """Return the share of the different runs of the shorter body that the longer one has."""
    short, long = sorted((one, other), key=_size)
    return float(within(short.distinct, long.distinct).mean()) if len(short.distinct) else 0.0


def overlap(one: Body, other: Body) -> Overlap:
    """Return the part that two bodies have in common."""
    short, long = sorted((one, other), key=_size)
    inside = within(short.run, long.distinct)
    covered = np.zeros(len(short.words.hashes), np.bool_)
    for place in range(WIDTH):
        covered[place : place + len(inside)] |= inside
    return Overlap(short, long, inside, covered)


def _share(
    body: Body, inside: NDArray[np.bool_], covered: NDArray[np.bool_], spelled: NDArray[np.bool_]
) -> float:
    """Return the share of the runs of a body that the other one has, some in other spellings.

    inside: whether it has each run. covered: whether it has each word. spelled: whether that is in
    another spelling.
    """
    runs = range(WIDTH)
    count = len(inside)
    has_all = np.logical_and.reduce([covered[place : place + count] for place in runs])
    has_some = np.logical_or.reduce([spelled[place : place + count] for place in runs])
    held = distinct(body.run[inside | (has_all & has_some)])
    return len(held) / len(body.distinct)


def _length(body: Body, common: int) -> int:
    """Return `Comparison.length` of some words of a body."""
    count = len(body.words.hashes)
    alone = "".join(UNSPACED.findall(body.text))
    wide = sum(char >= _BEYOND for char in alone)
    words = max(count - len(alone), 0) + wide / 2 + (len(alone) - wide) / 4
    return int(common * min(words / count, 1.0))


def _filled_in(short: Body, long: Body, replaced: Sequence[tuple[Span, Span]]) -> list[Filled]:
    """Return the figures and names in which words differ from those that replace them."""
    return [filled_in(one, other) for one, other in passages(short, long, replaced)]


def passages(
    short: Body, long: Body, replaced: Sequence[tuple[Span, Span]]
) -> list[tuple[Passage, Passage]]:
    """Return words of two bodies, and those that replace them."""
    if not replaced:
        return []
    plain = np.concatenate(
        [body.words.hashes[body.words.kinds & BEGINS_CAPITAL == 0] for body in (short, long)]
    )
    ours, theirs = (
        _passages(body, distinct(plain), [pair[side] for pair in replaced])
        for side, body in enumerate((short, long))
    )
    return list(zip(ours, theirs, strict=True))


def _passages(body: Body, plain: Hashes, spans: Sequence[Span]) -> Iterator[Passage]:
    """Yield parts of a body. plain: the hashes of words without a capital."""
    at = word_spans(body.text)
    are_plain = within(body.words.hashes, plain) & (body.words.kinds & BEGINS_CAPITAL != 0)
    for begin, end in spans:
        if begin == end:
            yield Passage("", (), ())
            continue
        text = body.text[at[begin][0] : at[end - 1][1]]
        words = [body.text[start:stop] for start, stop in at[begin:end]]
        yield Passage(text, words, are_plain[begin:end].tolist())


def _size(body: Body) -> tuple[int, int, bytes]:
    """Return the sort key of two bodies; equal ones have equal keys."""
    return len(body.distinct), len(body.run), body.words.hashes.tobytes()


def within(values: Hashes, ascending: Hashes) -> NDArray[np.bool_]:
    """Return whether each value is among ascending ones."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[at] == values
    return found


def _replaced(short: Body, long: Body, covered: NDArray[np.bool_]) -> list[tuple[Span, Span]]:
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


def _at_edges(short: Body, long: Body, first: int, end: int) -> list[tuple[Span, Span]]:
    """Return the few words before and behind the common part, where both bodies have some.

    first, end: of the common part in the shorter body.
    """
    found: list[tuple[Span, Span]] = []
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


def _moved(short: Body, long: Body, inside: NDArray[np.bool_]) -> int:
    """Return the number of figures of some words of the shorter body that the longer body does not
    have in the same order: in a table, the same figures may stand in other places."""
    held = figures(Words(short.words.hashes[inside], short.words.kinds[inside]))
    others = figures(long.words)
    if not held or len(held) > _MOST_FIGURES or len(others) > 4 * _MOST_FIGURES:
        return 0
    blocks = SequenceMatcher(None, held, others, autojunk=False).get_matching_blocks()
    return len(held) - sum(block.size for block in blocks)


def figures(words: Words) -> tuple[int, ...]:
    """Return the figures of words in order, as hashes."""
    found: list[int] = words.hashes[_are_figures(words)].tolist()
    return tuple(found)


def _are_figures(words: Words) -> NDArray[np.bool_]:
    """Return whether each word is a figure or a part of one."""
    digits: NDArray[np.bool_] = words.kinds & HAS_DIGIT != 0
    return digits | within(words.hashes, _number_hashes())


@cache
def _number_hashes() -> Hashes:
    """Return the hashes of the words that are figures, ascending."""
    return distinct(hashed_words(" ".join((*ODD_FIGURES, *figure_words()))).hashes)
