"""Words of texts, by number: distinct words are numbered in the order in which they are first met.

The known words are an open-addressing hash table in arrays (see `Words`). Texts are code points.
"""

from __future__ import annotations

import secrets
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from searcher.kernels.compiler import (
    HashesOut,
    Ints,
    IntsOut,
    Points,
    PointsOut,
    SmallInts,
    SmallIntsOut,
    kernel,
    part,
)
from searcher.kernels.letters import code_points

Number = TypeVar("Number", bound=np.generic)

_RARE_BLANKS = (0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
"""Code points of white space besides those of ASCII and the spaces from U+2000 on."""
_NUMBER = (1 << 32) - 1
"""The bits of a slot that hold the number of a word, plus one."""
_TAG = ((1 << 64) - 1) ^ _NUMBER
"""The bits of a slot that hold bits of the word's hash. Words with another tag need not be
compared."""
_FIRST_SIZE = 1 << 10
"""Number of words for which a table has room at first. It doubles when they fill it."""


@part
def is_blank(point: int) -> bool:
    """Return whether a code point is white space, as `str.split` has it."""
    if point <= 0x20:
        return point == 0x20 or 9 <= point <= 13 or 0x1C <= point <= 0x1F
    return 0x2000 <= point <= 0x200A or point in _RARE_BLANKS


@part
def _mixed(value: Any) -> Any:
    """Return a hash with its bits mixed: the finaliser of MurmurHash3 (Austin Appleby, 2008)."""
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))


@part
def _words(
    points: Points, edges: Ints, seed: int, ends: IntsOut, places: SmallIntsOut, values: HashesOut
) -> int:
    """Find the words of texts. Return how many they are. The parameters are those of `number`."""
    found = at = text = 0
    size = len(points)
    while at < size:
        if is_blank(points[at]):
            at += 1
            continue
        start = at
        value = np.uint64(seed)
        while at < size and not is_blank(points[at]):
            value = (value ^ np.uint64(points[at])) * np.uint64(0x100000001B3)
            at += 1
        while text < len(edges) and start >= edges[text]:
            ends[text] = found
            text += 1
        places[2 * found] = start
        places[2 * found + 1] = at
        values[found] = _mixed(value)
        found += 1
    while text < len(edges):
        ends[text] = found
        text += 1
    return found


@kernel
def number(
    points: Points,
    edges: Ints,
    seed: int,
    numbers: SmallIntsOut,
    ends: IntsOut,
    places: SmallIntsOut,
    values: HashesOut,
    slots: HashesOut,
    bounds: IntsOut,
    letters: PointsOut,
    count: int,
) -> tuple[int, int]:
    """Number the words of texts, which are divided by white space. Return how many words the texts
    have, and how many words are known afterwards.

    points: the texts, one after the other with a blank between them.
    edges: where the texts end in `points`, ascending.
    numbers: is filled with the number of each word.
    ends: is filled with the number of words up to the end of each text.
    places: is filled with the place in `points` of each word, as its start and end.
    values: is filled with the hash of each word.
    slots, bounds, letters, count: the known words; see `Words`.
    """
    found = _words(points, edges, seed, ends, places, values)
    mask = np.uint64(len(slots) - 1)
    for word in range(found):
        start = places[2 * word]
        size = places[2 * word + 1] - start
        tag = values[word] & np.uint64(_TAG)
        slot = values[word] & mask
        known = count
        while slots[slot]:
            other = slots[slot]
            slot = (slot + np.uint64(1)) & mask
            if other & np.uint64(_TAG) != tag:
                continue
            candidate = np.int64(other & np.uint64(_NUMBER)) - 1
            first = bounds[candidate]
            if bounds[candidate + 1] - first != size:
                continue
            at = 0
            while at < size and letters[first + at] == points[start + at]:
                at += 1
            if at == size:
                known = candidate
                break
        numbers[word] = known
        if known == count:
            slots[slot] = tag | np.uint64(count + 1)
            first = bounds[count]
            for at in range(size):
                letters[first + at] = points[start + at]
            bounds[count + 1] = first + size
            count += 1
    return found, count


@kernel
def fill(bounds: Ints, letters: Points, count: int, seed: int, slots: HashesOut) -> None:
    """Fill the empty `slots` with the words."""
    mask = np.uint64(len(slots) - 1)
    for word in range(count):
        value = np.uint64(seed)
        for at in range(bounds[word], bounds[word + 1]):
            value = (value ^ np.uint64(letters[at])) * np.uint64(0x100000001B3)
        value = _mixed(value)
        slot = value & mask
        while slots[slot]:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = (value & np.uint64(_TAG)) | np.uint64(word + 1)


@kernel
def compact(kept: Ints, bounds: IntsOut, letters: PointsOut) -> None:
    """Move the words with these numbers, ascending, to the front."""
    end = 0
    for number in range(len(kept)):
        for at in range(bounds[kept[number]], bounds[kept[number] + 1]):
            letters[end] = letters[at]
            end += 1
        bounds[number] = end
    for number in range(len(kept), 0, -1):
        bounds[number] = bounds[number - 1]
    bounds[0] = 0


class Words:
    """The words that are known so far.

    Not safe in threads. The words are compared by their code points, not by their hashes alone.
    """

    def __init__(self) -> None:
        self.count = 0
        """Number of known words."""
        self.bounds = np.zeros(_FIRST_SIZE + 1, np.int64)
        """Where each word begins in `letters`, and where the last one ends."""
        self.letters = np.zeros(8 * _FIRST_SIZE, np.uint32)
        """The code points of all words, one after the other."""
        # Hashes cannot be foreseen, so no text is made of words that share a slot.
        self._seed = secrets.randbits(62)
        self._slots = np.zeros(4 * _FIRST_SIZE, np.uint64)
        self._numbers = np.zeros(_FIRST_SIZE, np.int32)
        self._places = np.zeros(2 * _FIRST_SIZE, np.int32)
        self._values = np.zeros(_FIRST_SIZE, np.uint64)

    def clear(self) -> None:
        """Forget all words."""
        self.count = 0
        self._slots[:] = 0

    def keep(self, kept: Ints) -> None:
        """Forget all words but those with these numbers, ascending. They are numbered anew, in
        their order."""
        compact(kept, self.bounds, self.letters)
        self.count = len(kept)
        self._slots[:] = 0
        fill(self.bounds, self.letters, self.count, self._seed, self._slots)

    def number(self, text: str, edges: Ints) -> tuple[SmallInts, Ints, SmallInts]:
        """Return the number of each word of texts, the number of words up to the end of each text,
        and where each word begins and ends in `text`, in turn. The arrays are valid until the next
        call.

        Words without a number get the next ones, in the order of the text.

        text: the texts, with a blank or line feed between two of them.
        edges: where the texts end in it, in characters.
        """
        points = code_points(text)
        self._reserve(len(points))
        ends = np.empty(len(edges), np.int64)
        found, self.count = number(
            points,
            edges,
            self._seed,
            self._numbers,
            ends,
            self._places,
            self._values,
            self._slots,
            self.bounds,
            self.letters,
            self.count,
        )
        return self._numbers[:found], ends, self._places[: 2 * found]

    def text(self, number: int) -> str:
        """Return a word."""
        word = self.letters[self.bounds[number] : self.bounds[number + 1]]
        return word.tobytes().decode("utf-32-le", "surrogatepass")

    def texts(self, first: int) -> list[str]:
        """Return the words from the number `first` on."""
        bounds = self.bounds[first : self.count + 1]
        together = self.letters[bounds[0] : bounds[-1]].tobytes()
        text = together.decode("utf-32-le", "surrogatepass")
        return [text[start:end] for start, end in pairwise((bounds - bounds[0]).tolist())]

    def _reserve(self, size: int) -> None:
        """Make room for the words of a text of `size` characters."""
        most = size // 2 + 1
        if len(self._numbers) < most:
            self._numbers = np.zeros(2 * most, np.int32)
            self._places = np.zeros(4 * most, np.int32)
            self._values = np.zeros(2 * most, np.uint64)
        self.letters = _grown(self.letters, int(self.bounds[self.count]) + size)
        self.bounds = _grown(self.bounds, self.count + most + 1)
        wanted = 2 * (self.count + most)
        if len(self._slots) < wanted:
            self._slots = np.zeros(1 << wanted.bit_length(), np.uint64)
            fill(self.bounds, self.letters, self.count, self._seed, self._slots)


def _grown(array: NDArray[Number], size: int) -> NDArray[Number]:
    """Return the array, or a copy with room for at least `size` elements."""
    if len(array) >= size:
        return array
    grown = np.zeros(max(size, 2 * len(array)), array.dtype)
    grown[: len(array)] = array
    return grown
