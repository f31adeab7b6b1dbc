"""The chunks of texts and their terms, by number. A chunk is a text without white space. Each
distinct chunk is analysed once in each variant."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, islice

import numpy as np
from numpy.typing import NDArray

from searcher import kernels
from searcher.columnar.arrays import Bools, Ints, ends_of, ranges
from searcher.columnar.fields import AnalysedTokens, Analysis

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
        self._names: list[str] = []
        self._sorted: list[int] = []
        self._sharing = bytearray()

    def add(self, chunks: Sequence[Sequence[tuple[str, int]]]) -> None:
        """Add chunks: the terms of each, each with its offset."""
        numbers, count = self.numbers, len(self.terms)
        flat = chain.from_iterable(chunks)
        self.terms.extend([numbers.setdefault(term, len(numbers)) for term, _ in flat])
        self.offsets.extend([offset for found in chunks for _, offset in found])
        self.ends.extend(accumulate(map(len, chunks[1:]), initial=count + len(chunks[0])))
        for found in chunks:
            if len(found) > 1:
                self._mark(found)

    def _mark(self, found: Sequence[tuple[str, int]]) -> None:
        """Mark those terms of a chunk that share a position with another one. One of those at a
        position is not marked: to count two terms, positions are read if at least one of them is
        marked."""
        self._pad()
        seen: dict[int, int] = {}
        for term, offset in found:
            number = self.numbers[term]
            if seen.setdefault(offset, number) != number:
                self._sharing[number] = True

    @property
    def names(self) -> list[str]:
        """The terms by number."""
        new = len(self.numbers) - len(self._names)
        self._names.extend(reversed([*islice(reversed(self.numbers), new)]))
        return self._names

    @property
    def sharing(self) -> Bools:
        """Whether each term shares a position with another term; one term of each position does
        not count."""
        self._pad()
        return np.frombuffer(self._sharing, np.bool_)

    def _pad(self) -> None:
        """Make room for a mark of each term."""
        self._sharing.extend(bytes(len(self.numbers) - len(self._sharing)))

    def ordered(self, used: Bools) -> tuple[list[str], Ints]:
        """Return all terms by number, and the numbers of those that are used in the order of the
        terms, as of their bytes in UTF-8."""
        names = self.names
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
        self._sharing = bytearray(self.sharing[held].tobytes())
        self._names = []
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

    def learn_all(self, chunks: Sequence[str]) -> list[int]:
        """Return the numbers of chunks that are not known as they are written, as `learn` gives
        them one by one."""
        split = self._table.split
        found = [split(chunk) for chunk in chunks]
        alone = [tokens[0] for tokens in found if len(tokens) == 1]
        new = list(dict.fromkeys([token for token in alone if token not in self]))
        first = self._table.add_each(new, self._variant)
        numbers = dict(zip(new, range(first, first + len(new)), strict=True))
        for token, number in numbers.items():
            if split(token) == [token]:
                self[token] = number
        known = {token: self.get(token, numbers.get(token, 0)) for token in alone}
        return [
            known[tokens[0]] if len(tokens) == 1 else self._table.add(tokens, self._variant)
            for tokens in found
        ]


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
        words, ends, _ = self._words.number(text, edges)
        numbers = self._numbers
        if self._words.count > len(numbers):
            numbers.extend(self._plain.learn_all(self._words.texts(len(numbers))))
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
        return self._add([self._analysis.analyse(tokens, variant)])

    def add_each(self, tokens: Sequence[str], variant: str) -> int:
        """Analyse tokens, each a chunk. Return the number of the first; the others follow."""
        return self._add(self._analysis.analyse_each(tokens, variant))

    def _add(self, analysed: Sequence[AnalysedTokens]) -> int:
        """Add chunks. Return the number of the first."""
        first = len(self.widths)
        self.widths.extend([width for width, _ in analysed])
        for number, terms in enumerate(self.terms if analysed else ()):
            terms.add([fields[number] for _, fields in analysed])
        return first

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
