"""The chunks of texts and their terms, by number. A chunk is a text without white space. Each
distinct chunk is analysed once in each variant."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import Bools, Ints, ends_of, ranges
from searcher.columnar.fields import Analysis

_NO_CHUNKS = np.empty(0, np.uint32)
"""The numbers of the chunks of a text without any."""
_FEW = 4
"""Number of known terms for each used one, at least, with which the used ones are sorted alone. To
sort one that was not sorted before takes about as long as to take as many from the sorted ones."""


class ChunkTerms:
    """The terms of each chunk in one field."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        """The number of each term."""
        self.terms = array("I")
        """The terms of all chunks, by number, chunk after chunk."""
        self.offsets = array("I")
        """The position of each of these terms, relative to the chunk's first."""
        self.ends = array("Q", [0])
        """The ends of the chunks in `terms`: one more than there are chunks."""
        self.sharing: set[int] = set()
        """The terms that share a position with another term, except one term of each position."""
        self._sorted: list[int] = []

    def add(self, found: Sequence[tuple[str, int]]) -> None:
        """Add the next chunk: its terms, each with its offset."""
        numbers, terms = self.numbers, self.terms
        if len(found) == 1:
            ((term, offset),) = found
            terms.append(numbers.setdefault(term, len(numbers)))
            self.offsets.append(offset)
        elif found:
            seen: dict[int, int] = {}
            for term, offset in found:
                number = numbers.setdefault(term, len(numbers))
                terms.append(number)
                self.offsets.append(offset)
                # One of those at a position is not marked: to count two terms, positions are read
                # if at least one of them is marked.
                if seen.setdefault(offset, number) != number:
                    self.sharing.add(number)
        self.ends.append(len(terms))

    def ordered(self, used: Bools) -> tuple[list[str], Ints]:
        """Return all terms by number, and the numbers of those that are used in the order of the
        terms, as of their bytes in UTF-8."""
        names = list(self.numbers)
        if np.count_nonzero(used) * _FEW < len(names):
            found = np.flatnonzero(used).tolist()
            found.sort(key=names.__getitem__)
            return names, np.array(found, np.int64)
        # Most are in order from the last time, which makes sorting fast.
        self._sorted.extend(range(len(self._sorted), len(names)))
        self._sorted.sort(key=names.__getitem__)
        order = np.array(self._sorted, np.int64)
        return names, order[used[order]]

    def keep(self, chunks: Ints) -> None:
        """Forget all but these chunks (ascending), and renumber these in their order."""
        ends = np.frombuffer(self.ends, np.uint64).astype(np.int64)
        sizes = np.diff(ends)[chunks]
        at = ranges(ends[chunks], sizes)
        terms = np.frombuffer(self.terms, np.uint32)[at]
        held, renumbered = np.unique(terms, return_inverse=True)
        names, order = self.ordered(np.ones(len(self.numbers), np.bool_))
        new = np.full(len(names), -1, np.int64)
        new[held] = np.arange(len(held))
        self._sorted = new[order][new[order] >= 0].tolist()
        self.sharing = set(np.flatnonzero(np.isin(held, list(self.sharing))).tolist())
        self.numbers = {names[number]: new for new, number in enumerate(held.tolist())}
        self.offsets = array("I", np.frombuffer(self.offsets, np.uint32)[at].tobytes())
        self.terms = array("I", renumbered.astype(np.uint32).tobytes())
        self.ends = array("Q", ends_of(sizes).astype(np.uint64).tobytes())


class _Chunks(dict[str, int]):
    """The numbers of chunks in one variant. A new chunk is analysed when it is looked up."""

    def __init__(self, table: ChunkTable, variant: str) -> None:
        super().__init__()
        self._table = table
        self._variant = variant

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = self.learn(chunk)
        return number

    def learn(self, chunk: str) -> int:
        """Return the number of a chunk that is not known as it is written."""
        # "grain", "(grain" and "grain," get one number.
        tokens = self._table.split(chunk)
        if len(tokens) != 1:
            return self._table.add(tokens, self._variant)
        (token,) = tokens
        known = self.get(token)
        number = known if known is not None else self._table.add(tokens, self._variant)
        if token == chunk or self._table.split(token) == tokens:
            self[token] = number
        return number


class _CompiledChunks:
    """The numbers of chunks in one variant, by kernels. A chunk is looked up as it is written; a
    new one is left to the plain code, which knows tokens."""

    def __init__(self, plain: _Chunks) -> None:
        self._plain = plain
        self._words = kernels.words.Words()
        # The number of each chunk as it is written, by its number in `_words`.
        self._numbers = array("I")

    def of(self, text: str, edges: Ints) -> tuple[NDArray[np.uint32], Ints]:
        """Return the number of each chunk of texts, and the number of chunks up to the end of each
        text.

        text: the texts, with white space between two of them.
        edges: where the texts end in it, in characters.
        """
        words, ends, places = self._words.number(text, edges)
        numbers = self._numbers
        if self._words.count > len(numbers):
            learn = self._plain.learn
            for word in np.flatnonzero(words >= len(numbers)).tolist():
                if words[word] == len(numbers):
                    numbers.append(learn(text[places[2 * word] : places[2 * word + 1]]))
        return np.frombuffer(numbers, np.uint32)[words] if len(words) else _NO_CHUNKS, ends

    def keep(self, renumbered: Ints) -> None:
        """Forget chunks and renumber the others. renumbered: the new number of each; -1 for
        none."""
        numbers = renumbered[np.frombuffer(self._numbers, np.uint32)]
        kept = np.flatnonzero(numbers >= 0)
        self._numbers = array("I", numbers[kept].astype(np.uint32).tobytes())
        self._words.keep(kept)


class ChunkTable:
    """All chunks so far, in all variants."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.widths = array("I")
        """The number of positions that each chunk takes."""
        self.terms = [ChunkTerms() for _ in analysis.fields]
        """The terms of each chunk in each field."""
        self._chunks: dict[str, _Chunks] = {}
        self._compiled: dict[str, _CompiledChunks] = {}

    def split(self, chunk: str) -> list[str]:
        """Return the tokens of a chunk."""
        return self._analysis.split(chunk)

    def add(self, tokens: list[str], variant: str) -> int:
        """Analyse a chunk with these tokens. Return its number."""
        width, fields = self._analysis.analyse(tokens, variant)
        self.widths.append(width)
        for terms, found in zip(self.terms, fields, strict=True):
            terms.add(found)
        return len(self.widths) - 1

    def keep(self, chunks: Ints) -> None:
        """Forget all but these chunks (ascending)."""
        new = np.full(len(self.widths), -1, np.int64)
        new[chunks] = np.arange(len(chunks))
        renumbered = new.tolist()
        self.widths = array("I", np.frombuffer(self.widths, np.uint32)[chunks].tobytes())
        for terms in self.terms:
            terms.keep(chunks)
        for known in self._chunks.values():
            kept = [
                (chunk, renumbered[number])
                for chunk, number in known.items()
                if renumbered[number] >= 0
            ]
            known.clear()
            known.update(kept)
        for compiled in self._compiled.values():
            compiled.keep(new)

    def of(self, variant: str) -> _Chunks:
        """Return the numbers of the chunks in a variant. A new chunk is added."""
        found = self._chunks.get(variant)
        if found is None:
            found = self._chunks[variant] = _Chunks(self, variant)
        return found

    def compiled(self, variant: str) -> _CompiledChunks:
        """Return the same for kernels, which have to be loaded."""
        found = self._compiled.get(variant)
        if found is None:
            found = self._compiled[variant] = _CompiledChunks(self.of(variant))
        return found
