"""The passages that hits show, of several bodies at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from searcher import kernels
from searcher.search.body import BEFORE, Body
from searcher.search.highlight import merge
from searcher.search.hits import Snippet
from searcher.search.windows import (
    LEAD_IN,
    LEAD_OUT,
    LONGEST_SNIPPET,
    REACH,
    SHORTEST_SNIPPET,
    TRIED,
    Window,
    Windows,
)
from searcher.text import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_MATCH = 1000
"""Maximum number of characters of a match that begins before a passage and is marked in it."""


def passages(bodies: Sequence[Body]) -> list[tuple[Snippet, ...]]:
    """Return the best passage of each body, and a second one that matches other patterns or
    several; of an empty body nothing.

    Passages match as many patterns as possible, begin with a sentence if possible, and cut no word.
    Of a body without a match, the beginning is returned.
    """
    filled = [body for body in bodies if body.text]
    found = iter(_by_kernel(filled) if kernels.loaded else map(_plain, filled))
    return [next(found) if body.text else () for body in bodies]


def _plain(body: Body) -> tuple[Snippet, ...]:
    """Return the passages of a body; the reference of `_by_kernel`."""
    windows = Windows(body)
    best = windows.best()
    second = windows.second(best)
    chosen = [best] if second is None else sorted((best, second))
    return tuple(_snippet(body, window) for window in chosen)


def _snippet(body: Body, window: Window) -> Snippet:
    """Return the passage with its matches marked."""
    first = bisect_left(body.matches, (window.start - _LONGEST_MATCH, 0, 0))
    last = bisect_left(body.matches, (window.end, 0, 0))
    clipped = [
        (max(start, window.start) - window.start, min(end, window.end) - window.start)
        for start, end, _ in body.matches[first:last]
        if end > window.start
    ]
    text = body.text[window.start : window.end]
    return Snippet(text, merge(clipped), window.opens, window.closes)


@cache
def _limits() -> NDArray[np.int64]:
    import numpy as np

    places = kernels.sentences
    limits = np.empty(places.LIMITS, np.int64)
    for place, value in (
        (places.SHORTEST, SHORTEST_SNIPPET),
        (places.LONGEST, LONGEST_SNIPPET),
        (places.LEAD_IN, LEAD_IN),
        (places.LEAD_OUT, LEAD_OUT),
        (places.REACH, REACH),
        (places.TRIED, TRIED),
        (places.BEFORE, BEFORE),
        (places.LONGEST_MATCH, _LONGEST_MATCH),
        (places.ABBREVIATED, sentences.LONGEST_ABBREVIATION),
    ):
        limits[place] = value
    return limits


def _by_kernel(bodies: Sequence[Body]) -> Iterator[tuple[Snippet, ...]]:
    """Yield the passages of bodies that are not empty."""
    import numpy as np

    joined = "".join(body.text for body in bodies)
    points = kernels.letters.code_points(joined)
    chars, abbreviations = sentences.table()
    if not len(points) or points.max() >= len(chars):
        yield from map(_plain, bodies)
        return
    sizes = np.array([(len(body.text), len(body.matches)) for body in bodies])
    ends = sizes.cumsum(0)
    places = np.stack((ends - sizes, ends), 2).ravel()
    paragraphs = _numbers(body.joined.starts for body in bodies)
    paragraphs += np.repeat(places[::4], [len(body.joined.starts) for body in bodies])
    matches = _numbers(chain.from_iterable(body.matches for body in bodies))
    matches = np.ascontiguousarray(matches.reshape(-1, 3).T)
    matches[:2] += np.repeat(places[::4], sizes[:, 1])
    rows = np.zeros(2 * kernels.passages.ROW * len(bodies), np.int64)
    spans = np.empty(4 * matches.shape[1], np.int64)
    kernels.passages.choose(
        points,
        chars,
        abbreviations,
        _limits(),
        paragraphs,
        places,
        matches[0],
        matches[1],
        matches[2],
        rows,
        spans,
    )
    yield from _snippets(joined, rows, spans)


def _numbers(parts: Iterator[Sequence[int]]) -> NDArray[np.int64]:
    import numpy as np

    return np.fromiter(chain.from_iterable(parts), np.int64)


def _snippets(
    text: str, rows: NDArray[np.int64], spans: NDArray[np.int64]
) -> Iterator[tuple[Snippet, ...]]:
    """Yield the passages that `kernels.passages.choose` chose, of each body."""
    size = kernels.passages.ROW
    numbers = rows.tolist()
    marks = spans[: 2 * max(numbers[size - 1 :: size])].tolist()
    pairs = list(zip(marks[::2], marks[1::2], strict=True))
    found = [
        Snippet(text[start:end], tuple(pairs[first:last]), bool(opens), bool(closes))
        for start, end, opens, closes, first, last in zip(*[iter(numbers)] * size, strict=True)
    ]
    seconds = numbers[size + 1 :: 2 * size]
    for best, second, end in zip(found[::2], found[1::2], seconds, strict=True):
        yield (best, second) if end else (best,)
