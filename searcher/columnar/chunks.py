"""What was learned of the chunks of texts, which are what stands between white space: their terms,
by number."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from searcher.columnar.arrays import Ints, ends_of, ranges
from searcher.columnar.fields import Analysis


class Pieces:
    """For each chunk, its terms in one field: numbers of terms, and positions within the chunk."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.terms = array("I")
        self.offsets = array("I")
        self.ends = array("Q", [0])
        self.sharing: set[int] = set()

    def learn(self, pieces: Sequence[tuple[str, int]]) -> None:
        """The terms of the next chunk."""
        if not pieces:
            self.ends.append(len(self.terms))
            return
        if len(pieces) == 1:
            ((term, offset),) = pieces
            self.terms.append(self.numbers.setdefault(term, len(self.numbers)))
            self.offsets.append(offset)
            self.ends.append(len(self.terms))
            return
        seen: dict[int, int] = {}
        for term, offset in pieces:
            number = self.numbers.setdefault(term, len(self.numbers))
            self.terms.append(number)
            self.offsets.append(offset)
            # All but one of those at a position: whoever counts two terms has to look where one of
            # them is marked.
            if seen.setdefault(offset, number) != number:
                self.sharing.add(number)
        self.ends.append(len(self.terms))

    def keep(self, chunks: Ints) -> None:
        """Forgets all but these chunks, which are numbered anew in their order."""
        ends = np.frombuffer(self.ends, np.uint64).astype(np.int64)
        sizes = np.diff(ends)[chunks]
        at = ranges(ends[chunks], sizes)
        terms = np.frombuffer(self.terms, np.uint32)[at]
        held, renumbered = np.unique(terms, return_inverse=True)
        names = list(self.numbers)
        self.sharing = set(np.flatnonzero(np.isin(held, list(self.sharing))).tolist())
        self.numbers = {names[number]: new for new, number in enumerate(held.tolist())}
        self.offsets = array("I", np.frombuffer(self.offsets, np.uint32)[at].tobytes())
        self.terms = array("I", renumbered.astype(np.uint32).tobytes())
        self.ends = array("Q", ends_of(sizes).astype(np.uint64).tobytes())


class _Chunks(dict[str, int]):
    """Numbers of chunks in one variant; a new one is analysed when it is asked for."""

    def __init__(self, vocabulary: Vocabulary, variant: str) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._variant = variant

    def __missing__(self, chunk: str) -> int:
        # "grain", "(grain" and "grain," are one.
        tokens = self._vocabulary.split(chunk)
        known = self.get(tokens[0]) if len(tokens) == 1 else None
        number = known if known is not None else self._vocabulary.learn(tokens, self._variant)
        if len(tokens) == 1 and self._vocabulary.split(tokens[0]) == tokens:
            self[tokens[0]] = number
        self[chunk] = number
        return number


class Vocabulary:
    """All chunks met so far, in all variants."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.widths = array("I")
        self.pieces = [Pieces() for _ in analysis.fields]
        self.chunks: dict[str, _Chunks] = {}

    def split(self, chunk: str) -> list[str]:
        return self._analysis.split(chunk)

    def learn(self, tokens: list[str], variant: str) -> int:
        width, fields = self._analysis.analyse(tokens, variant)
        self.widths.append(width)
        for pieces, found in zip(self.pieces, fields, strict=True):
            pieces.learn(found)
        return len(self.widths) - 1

    def keep(self, chunks: Ints) -> None:
        """Forgets all but these chunks."""
        new = np.full(len(self.widths), -1, np.int64)
        new[chunks] = np.arange(len(chunks))
        renumbered = new.tolist()
        self.widths = array("I", np.frombuffer(self.widths, np.uint32)[chunks].tobytes())
        for pieces in self.pieces:
            pieces.keep(chunks)
        for known in self.chunks.values():
            kept = [
                (chunk, renumbered[number])
                for chunk, number in known.items()
                if renumbered[number] >= 0
            ]
            known.clear()
            known.update(kept)

    def of(self, variant: str) -> _Chunks:
        found = self.chunks.get(variant)
        if found is None:
            found = self.chunks[variant] = _Chunks(self, variant)
        return found
