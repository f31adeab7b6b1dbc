"""The runs of texts that hold wanted terms, found by kernels (see `kernels.runs`).

A process analyses each word once and remembers hashes of its terms. What a text is asked for is not
remembered. `search.chunk_lexicon` is the plain reference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import chain, compress
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from searcher import kernels
from searcher.text.analyzer import LANGUAGES, chunk_terms, has_one_stem, word_terms
from searcher.text.folding import fold
from searcher.text.pieces import ENDS_COMPOUND
from searcher.text.run_classes import classes, code_points

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes: TypeAlias = NDArray[np.uint64]

Term: TypeAlias = tuple[str, str]
"""A field of terms, "text" or "form", and a term."""
Run: TypeAlias = tuple[int, int, int]
"""A part of a text: first character, character after the last, and position of its first token."""

_FIRST_SIZE = 1 << 12
"""Number of rows of a table at first. It doubles when half of them are used."""
_MOST_RUNS = 1 << 17
"""Maximum number of runs that a table remembers from one text to the next; then it is emptied. With
32 bytes a row and twice as many rows as runs it takes at most 8 MB for each language."""
_MOST_TERMS = 1 << 19
"""Maximum number of terms in the list of a table, 8 bytes each, likewise."""
_KEPT_ROOM = 1 << 16
"""Maximum number of runs for which room is kept from one text to the next, 33 bytes each. Longer
texts are books."""
_FEW = 16
"""Maximum number of unknown runs of a text that are not learned where positions are not needed: the
caller analyses them. Larger analyses frequent words again in each text. (`find` takes .80 ms a page
with 8, .69 with 16 and 32.)"""
_BEGIN_ALIKE = ("en", "und")
"""Languages in which each term of a word begins with the first letters of the word (see
`kernels.runs.LONG_PART`): without a list of forms, and stemmed by cutting the end if at all."""
_NUMERIC = re.compile(r"[\d.]*\d[\d.]*", re.ASCII)
"""A term of a number."""


class WantedTerms:
    """Terms to find in texts of any language."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = frozenset(terms)

    @cached_property
    def hashes(self) -> Hashes:
        """Their hashes, as a set of `kernels.runs`."""
        import numpy as np

        runs = kernels.runs
        stems = [term for field, term in self.terms if field == "text"]
        forms = [term for field, term in self.terms if field == "form"]
        digits = [term.replace(".", "") for _, term in self.terms if _NUMERIC.fullmatch(term)]
        found = np.concatenate(
            (
                _hashed(stems, runs.FIRST_TERMS),
                _hashed(forms, runs.SECOND_TERMS),
                _hashed(digits, runs.NUMBERS),
            )
        )
        held = np.zeros(1 << max(6, (4 * len(found)).bit_length()), np.uint64)
        runs.make_set(found, held)
        return held

    @cached_property
    def beginnings(self) -> NDArray[np.uint8]:
        """The flags of their beginnings for `kernels.runs`."""
        import numpy as np

        # Of a short word the first letter decides, and a term of one letter may be of any word that
        # begins with it.
        found = np.zeros(kernels.runs.BEGINNINGS, np.uint8)
        for _, term in self.terms:
            written = term.rpartition(":")[2].removeprefix(ENDS_COMPOUND)
            first, second = ((ord(char) & 31) * _is_letter(char) for char in f"{written}  "[:2])
            found[first << 5 | second] = 1
            found[first << 5] = 1
            if not second:
                found[first << 5 : (first + 1) << 5] = 1
        found[-1] = 1
        return found


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


@cache
def _secrets() -> Hashes:
    import numpy as np

    count = kernels.runs.SECRETS
    return np.frombuffer(os.urandom(8 * count), np.uint64)


def _hashed(texts: Sequence[str], kind: int) -> Hashes:
    """Return the hashes of texts. kind: the place of a secret in `kernels.runs`."""
    import numpy as np

    found = np.empty(len(texts), np.uint64)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    points = kernels.letters.code_points("".join(texts))
    kernels.runs.hashed(points, ends, _secrets(), kind, found)
    return found


class _Room:
    """Arrays for the runs of one text."""

    def __init__(self, runs: int) -> None:
        """runs: their maximum number."""
        import numpy as np

        self.size = runs
        self.begins, self.ends, self.unknown = (np.empty(runs, np.int32) for _ in range(3))
        self.kinds, self.keys = np.empty(runs, np.uint8), np.empty(runs, np.uint64)
        self.telling = np.empty(3 * runs, np.int32)


class RunTable:
    """The terms of the runs of texts in one language. Safe in threads."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lock = Lock()
        self._room = _Room(0)
        self._empty()

    def _empty(self) -> None:
        import numpy as np

        self._table: Hashes = np.zeros(_FIRST_SIZE * kernels.runs.ROW, np.uint64)
        self._terms: Hashes = np.zeros(1 << 10, np.uint64)
        self._runs = self._used = 0

    def find(
        self,
        text: str,
        starts: Sequence[int],
        gap: int,
        wanted: WantedTerms,
        placed: bool = True,
    ) -> list[Run]:
        """Return the runs that hold wanted terms, and perhaps others, in order.

        starts: where paragraphs begin, between which `gap` positions are left out.
        placed: whether positions are needed; else they may be wrong.
        """
        import numpy as np

        points = code_points(text)
        begins = np.array(starts, np.int64)
        with self._lock:
            if self._runs > _MOST_RUNS or self._used > _MOST_TERMS:
                self._empty()
            room = self._room
            if room.size <= len(points) // 2:
                room = self._room = _Room(len(points) // 2 + 1)
            count = kernels.runs.split(
                points, *classes(), _secrets(), room.begins, room.ends, room.kinds, room.keys
            )
            found, unknown = self._look_up(points, begins, gap, count, wanted, placed)
            if unknown > (0 if placed else _FEW):
                self._learn(text, room.unknown[:unknown])
                found, _ = self._look_up(points, begins, gap, count, wanted, placed)
            telling = room.telling[: 3 * found].tolist()
            if room.size > _KEPT_ROOM:
                self._room = _Room(0)
        return list(zip(telling[::3], telling[1::3], telling[2::3], strict=True))

    def _look_up(
        self,
        points: NDArray[np.uint32],
        starts: NDArray[np.int64],
        gap: int,
        count: int,
        wanted: WantedTerms,
        placed: bool,
    ) -> tuple[int, int]:
        room = self._room
        return kernels.runs.look_up(
            points,
            starts,
            gap,
            count,
            room.begins,
            room.ends,
            room.kinds,
            room.keys,
            _secrets(),
            self._table,
            self._terms,
            wanted.hashes,
            wanted.beginnings if self._language in _BEGIN_ALIKE else wanted.beginnings[:0],
            placed,
            room.telling,
            room.unknown,
        )

    def _learn(self, text: str, unknown: NDArray[np.int32]) -> None:
        """Add runs of a text to the table. unknown: their numbers."""
        import numpy as np

        room = self._room
        keys, first = np.unique(room.keys[unknown], return_index=True)
        unknown = unknown[first]
        begins, ends = room.begins[unknown].tolist(), room.ends[unknown].tolist()
        texts = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        words = room.kinds[unknown] == kernels.runs.WORDS
        for at in np.flatnonzero(words).tolist():
            words[at] = has_one_stem(texts[at].lower(), self._language)
        self._add(self._word_rows(keys[words], list(compress(texts, words))))
        if not words.all():
            self._add(self._other_rows(keys[~words], list(compress(texts, ~words))))

    def _word_rows(self, keys: Hashes, words: list[str]) -> Hashes:
        """Return rows of words, which have a stem and one form."""
        import numpy as np

        rows = np.ones((len(words), kernels.runs.ROW), np.uint64)
        stems = word_terms(list(map(str.lower, words)), self._language)
        rows[:, 0] = keys
        rows[:, 1] = _hashed(stems, kernels.runs.FIRST_TERMS)
        rows[:, 2] = _hashed(list(map(fold, words)), kernels.runs.SECOND_TERMS)
        return rows

    def _other_rows(self, keys: Hashes, texts: list[str]) -> Hashes:
        """Return rows of other runs, after adding their terms to the list."""
        import numpy as np

        analysed = [chunk_terms(text, self._language) for text in texts]
        hashes, owners = [], []
        for kind, wanted in (
            (kernels.runs.FIRST_TERMS, "text"),
            (kernels.runs.SECOND_TERMS, "form"),
        ):
            held = [[term for field, term in terms if field == wanted] for terms, _ in analysed]
            hashes.append(_hashed(list(chain.from_iterable(held)), kind))
            owners.append(np.repeat(np.arange(len(texts)), list(map(len, held))))
        owner = np.concatenate(owners)
        counts = np.bincount(owner, minlength=len(texts)).astype(np.uint64)
        rows = np.empty((len(texts), kernels.runs.ROW), np.uint64)
        rows[:, 0] = keys
        rows[:, 1] = self._used + np.cumsum(counts) - counts
        rows[:, 2] = counts | np.uint64(kernels.runs.MANY)
        rows[:, 3] = [width for _, width in analysed]
        self._append(np.concatenate(hashes)[owner.argsort(kind="stable")])
        return rows

    def _append(self, terms: Hashes) -> None:
        """Add to the list of terms."""
        import numpy as np

        used = self._used + len(terms)
        if used > len(self._terms):
            self._terms = np.concatenate((self._terms, np.zeros(used, np.uint64)))
        self._terms[self._used : used] = terms
        self._used = used

    def _add(self, rows: Hashes) -> None:
        """Add rows to the table, which grows where they have no room."""
        import numpy as np

        self._runs += len(rows)
        while 2 * self._runs > len(self._table) // kernels.runs.ROW or not kernels.runs.add_rows(
            rows.ravel(), self._table
        ):
            larger = np.zeros(2 * len(self._table), np.uint64)
            while not kernels.runs.add_rows(self._table, larger):
                larger = np.zeros(2 * len(larger), np.uint64)
            self._table = larger


_tables: dict[str, RunTable] = {}


def run_table(language: str) -> RunTable:
    """Return the process's table of a language."""
    if language not in LANGUAGES:
        language = "und"
    found = _tables.get(language)
    if found is None:
        found = _tables.setdefault(language, RunTable(language))
    return found
