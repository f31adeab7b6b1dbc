"""The terms of chunks, remembered across queries.

A chunk is a run of characters without white space. A highlighter asks of every chunk of every hit
whether one of its terms is wanted, and where it is in the text. Articles share most of their
words, so a process analyses each one once and keeps the answer for later queries.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, chain, filterfalse, pairwise

from searcher.engine.patterns import PARAGRAPH_GAP
from searcher.search.body import Joined
from searcher.text.analyzer import chunk_terms, has_one_stem, word_terms
from searcher.text.run_table import Run, Term, WantedTerms

LONGEST_CHUNK = 40
"""Longest chunk that is remembered, in characters. Longer ones are addresses and text without
spaces, which rarely recur."""

_MOST_CHUNKS = 1 << 16
"""Maximum number of chunks remembered in each language. With about 300 bytes each they take at most
20 MB. A full lexicon is replaced by an empty one."""

_AROUND = '.,;:!?"()[]“”«»—–…'
"""Characters around a word that never belong to a token."""

_CHUNK = re.compile(r"\S+")
"""A chunk: text between white space."""


@lru_cache(1 << 10)
def _width(chunk: str, language: str) -> int:
    """Return the positions of a chunk. Cached (1,024 chunks), as texts of a script without spaces
    are shown again and again."""
    return chunk_terms(chunk, language)[1]


class ChunkLexicon:
    """The entries of the chunks of one language. Chunks of one word share an entry. Safe in
    threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.entries: dict[str, int] = {}
        """Entries by chunk."""
        self.widths: list[int] = []
        """Number of positions by entry."""
        self._words: dict[str, int] = {}
        self._holders: defaultdict[Term, list[int]] = defaultdict(list)
        self._lock = threading.Lock()

    def learn(self, chunks: Iterable[str]) -> None:
        """Remember those of these chunks that are new and not too long."""
        new = filterfalse(self.entries.__contains__, set(chunks))
        words: dict[str, str] = {}
        with self._lock:
            for chunk in new:
                word = chunk.strip(_AROUND)
                if len(chunk) > LONGEST_CHUNK:
                    continue
                if self._is_plain(word):
                    words[chunk] = word.lower()
                else:
                    terms, width = chunk_terms(chunk, self.language)
                    for term in terms:
                        self._holders[term].append(len(self.widths))
                    self.entries[chunk] = len(self.widths)
                    self.widths.append(width)
            self._learn_words(list(set(words.values()).difference(self._words)))
            self.entries.update(
                zip(words, map(self._words.__getitem__, words.values()), strict=True)
            )

    def _is_plain(self, word: str) -> bool:
        """Return whether a word of ASCII letters has one stem and one form."""
        letters = word.isascii() and word.isalpha() and not word.isupper()
        return letters and has_one_stem(word.lower(), self.language)

    def _learn_words(self, words: list[str]) -> None:
        """Remember plain words in lower case."""
        first = len(self.widths)
        self.widths.extend([1] * len(words))
        self._words.update(zip(words, range(first, len(self.widths)), strict=True))
        for number, stem in enumerate(word_terms(words, self.language), first):
            self._holders["text", stem].append(number)

    def holding(self, terms: Iterable[Term]) -> set[int]:
        """Return the entries that contain one of these terms."""
        found: set[int] = set()
        for field, term in terms:
            found.update(self._holders.get((field, term), ()))
            if field == "form" and term in self._words:
                found.add(self._words[term])
        return found


_lexicons: dict[str, ChunkLexicon] = {}


def lexicon(language: str) -> ChunkLexicon:
    """Return the process's lexicon of a language."""
    found = _lexicons.get(language)
    if found is None or len(found.entries) >= _MOST_CHUNKS:
        found = _lexicons[language] = ChunkLexicon(language)
    return found


class ChunkFinder:
    """Finds the chunks of texts in one language that contain wanted terms."""

    def __init__(self, language: str, wanted: WantedTerms, positions: bool) -> None:
        """positions: whether positions are needed. They are 0 otherwise."""
        self._language = language
        self._wanted = wanted
        self._positions = positions
        self._telling: tuple[ChunkLexicon | None, int, set[int | None]] = (None, 0, set())

    def runs(self, joined: Joined) -> Iterator[Run]:
        """Yield the chunks that contain wanted terms, and all that are too long to be
        remembered. Texts are PARAGRAPH_GAP positions apart."""
        if not self._wanted.terms:
            return
        known, text, position = lexicon(self._language), joined.text, 0
        parts = list(pairwise((*joined.starts, len(text))))
        split = [text[start:end].split() for start, end in parts]
        known.learn(chain.from_iterable(split))
        telling = self._in(known)
        for (start, end), chunks in zip(parts, split, strict=True):
            entries = list(map(known.entries.get, chunks))
            widths = self._widths(known, chunks, entries)
            if not telling.isdisjoint(entries):
                places = accumulate(widths, initial=position)
                found = zip(_CHUNK.finditer(text, start, end), entries, places, strict=False)
                for match, entry, at in found:
                    if entry in telling:
                        yield match.start(), match.end(), at
            position += sum(widths) + PARAGRAPH_GAP

    def _widths(
        self, known: ChunkLexicon, chunks: list[str], entries: list[int | None]
    ) -> list[int]:
        if not self._positions:
            return [0] * len(chunks)
        return [
            _width(chunk, self._language) if entry is None else known.widths[entry]
            for chunk, entry in zip(chunks, entries, strict=True)
        ]

    def _in(self, known: ChunkLexicon) -> set[int | None]:
        """Return the entries of a lexicon that contain wanted terms, and None."""
        lexicon, size, telling = self._telling
        if lexicon is not known or size != len(known.widths):
            size, telling = len(known.widths), {None, *known.holding(self._wanted.terms)}
            self._telling = known, size, telling
        return telling
