"""The terms of chunks, remembered across queries.

A chunk is a run of characters without white space. A highlighter asks for every chunk of every hit
how many positions it takes and whether one of its terms is wanted. Articles share most of their
chunks, so a process analyses each one once and keeps the answer for later queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import filterfalse

from searcher.text.analyzer import chunk_terms, plain_terms
from searcher.text.pieces import plain_forms

LONGEST_CHUNK = 40
"""Longest chunk that is remembered, in characters. Longer ones are addresses and text without
spaces, which rarely recur."""

_MOST_CHUNKS = 1 << 16
"""Maximum number of chunks remembered in each language. With about 600 bytes each they take at most
40 MB. A full lexicon is replaced by an empty one."""


_AROUND = '.,;:!?"()[]“”«»—–…'
"""Characters around a word that never belong to a token."""


@lru_cache(1 << 10)
def _width(chunk: str, language: str) -> int:
    """Return the positions of a chunk. Cached (1,024 chunks): marking a text asks for each twice,
    and a paragraph of a script without spaces is one long chunk."""
    return chunk_terms(chunk, language)[1]


class ChunkLexicon(dict[str, int]):
    """The number of positions of each chunk in one language.

    Safe in threads: a chunk that two threads learn at once is listed twice under its terms.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self._holders: dict[tuple[str, str], list[str]] = {}

    def __missing__(self, chunk: str) -> int:
        """Return the positions of a chunk that is too long to be remembered."""
        return _width(chunk, self.language)

    def learn(self, chunks: Iterable[str]) -> None:
        """Remember those of these chunks that are new and not too long."""
        plain: dict[str, str] = {}
        for chunk in filterfalse(self.__contains__, set(chunks)):
            word = chunk.strip(_AROUND)
            if word.isascii() and word.isalpha() and len(chunk) <= LONGEST_CHUNK:
                plain[chunk] = word
            elif len(chunk) <= LONGEST_CHUNK:
                terms, width = chunk_terms(chunk, self.language)
                self._add(chunk, width, terms)
        words = list(map(str.lower, plain.values()))
        for (chunk, word), term in zip(
            plain.items(), plain_terms(words, self.language), strict=True
        ):
            forms = [("form", form) for form in plain_forms(word)]
            self._add(
                chunk, 1, [("text", term), *forms, *(("text", form) for _, form in forms[1:])]
            )

    def _add(self, chunk: str, width: int, terms: Iterable[tuple[str, str]]) -> None:
        for term in terms:
            self._holders.setdefault(term, []).append(chunk)
        self[chunk] = width

    def holding(self, terms: Iterable[tuple[str, str]]) -> set[str]:
        """Return the remembered chunks that contain one of these terms, each a field and a term."""
        found: set[str] = set()
        for term in terms:
            found.update(self._holders.get(term, ()))
        return found


_lexicons: dict[str, ChunkLexicon] = {}


def lexicon(language: str) -> ChunkLexicon:
    """Return the process's lexicon of a language."""
    found = _lexicons.get(language)
    if found is None or len(found) >= _MOST_CHUNKS:
        found = _lexicons[language] = ChunkLexicon(language)
    return found
