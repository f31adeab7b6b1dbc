"""Analysis: from text to the terms that an index holds, and from a query's words to the terms that
it looks for.

Three fields of terms come from one text. `text` holds stems in the text's own language, "en:grain",
or the folded word where no stemmer knows the language; `form` holds the folded words as they stand;
`name` holds what is written as a name, under its key. They number positions alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from threading import local

from searcher.text.folding import fold
from searcher.text.names import listed
from searcher.text.tokens import Piece, decompose, plain_forms, surfaces, tokenize

Postings = dict[str, list[int]]
"""Positions by term, ascending, without repeats."""

Terms = list[tuple[str, int]]
"""Terms, each with its position."""

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
LANGUAGES = (*_ALGORITHMS, "und")
"""Those whose words are stemmed, and one that stands for all others."""
_PLAIN = frozenset(("en", "id"))
"""Languages whose accents are foreign: there the stemmer must not tell "Beyoncé" from "Beyonce"."""

_thread = local()


@lru_cache(1 << 15)
def stem(word: str, language: str) -> str:
    """The folded stem of a lower-case word by the Snowball algorithm of `language`.

    The stemmer sees the accents where its rules need them; its result is folded.
    """
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None:
        return fold(word)
    # Snowball stemmers keep state while they work, so each thread has its own.
    stemmers = _thread.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        stemmers[language] = Stemmer.Stemmer(algorithm)
    if word.isascii():
        return stemmers[language].stemWord(word).lower() or word
    return fold(stemmers[language].stemWord(fold(word) if language in _PLAIN else word)) or fold(
        word
    )


def piece_term(piece: Piece, language: str) -> str:
    """The term of the `text` field under which a text in `language` holds this piece."""
    return _word_term(piece.lower, language) if piece.lower else piece.form


def _word_term(word: str, language: str) -> str:
    """A stem carries its language, for it means nothing in another: Turkish stems "Putin" to
    "put"."""
    return f"{language}:{stem(word, language)}" if language in _ALGORITHMS else fold(word)


@lru_cache(1 << 14)
def token_terms(surface: str, language: str) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """The terms of a token: for each piece its stem, its form and its position; and how many
    positions it takes."""
    plain = plain_forms(surface)
    if plain:
        first = _word_term(plain[0], language) if surface.isalpha() else plain[0]
        return ((first, plain[0], 0), *((form, form, 0) for form in plain[1:])), 1
    pieces, width = decompose(surface)
    return tuple((piece_term(piece, language), piece.form, piece.offset) for piece in pieces), width


def add_terms(
    text: str,
    language: str,
    position: int,
    stems: Postings,
    forms: Postings,
    names: Postings | None = None,
) -> int:
    """Adds the terms of `text`, its first word at `position`, to the fields; returns the position
    after its last."""
    for surface in surfaces(text):
        terms, width = token_terms(surface, language)
        if names is not None:
            for name in listed(surface):
                _add(names, name, position)
        for term, form, offset in terms:
            _add(stems, term, position + offset)
            _add(forms, form, position + offset)
        position += width
    return position


def chunk_terms(chunk: str, language: str) -> tuple[set[tuple[str, str]], int]:
    """Return the terms of a text without white space, each with its field, and the number of
    positions that the text takes."""
    found: set[tuple[str, str]] = set()
    width = 0
    for surface in surfaces(chunk):
        terms, size = token_terms(surface, language)
        for term, form, _ in terms:
            found.add(("text", term))
            found.add(("form", form))
        width += size
    return found, width


def tokens_terms(tokens: Iterable[str], language: str) -> tuple[int, tuple[Terms, Terms, Terms]]:
    """How many positions tokens as `surfaces` gives them take, and their stems, forms and names,
    each with its position."""
    stems: Terms = []
    forms: Terms = []
    names: Terms = []
    position = 0
    for surface in tokens:
        terms, width = token_terms(surface, language)
        for term, form, offset in terms:
            stems.append((term, position + offset))
            forms.append((form, position + offset))
        if not surface.islower():
            names.extend([(name, position) for name in listed(surface)])
        position += width
    return position, (stems, forms, names)


def _add(postings: Postings, term: str, position: int) -> None:
    positions = postings.get(term)
    if positions is None:
        postings[term] = [position]
    elif positions[-1] < position:
        positions.append(position)
    elif (at := bisect_left(positions, position)) == len(positions) or positions[at] != position:
        positions.insert(at, position)


def field_terms(text: str) -> list[str]:
    """The folded words of a short field (author, source, section, url), in order."""
    return [piece.form for token in tokenize(text) for piece in token.pieces if not piece.extra]


@lru_cache(1 << 14)
def query_terms(lower: str, form: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The terms of the `text` field that a query's word stands for in an index that holds
    `languages`.

    A word typed without its accents is stemmed as typed, and an accented one also without them, so
    that either finds texts written either way.
    """
    if not lower:
        return frozenset((form,))
    spellings = (lower, form)
    return frozenset(
        _word_term(word, language) for language in languages or ("und",) for word in spellings
    )
