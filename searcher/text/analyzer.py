"""Analysis: from text to the terms that an index holds, and from a query's words to the terms to
look up.

Three fields of terms come from one text. `text` holds stems in the text's own language
("en:grain"), or the folded word if no stemmer knows the language. `form` holds the folded words.
`name` holds the words written as names, with their key. The three fields count positions alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from threading import local
from typing import Any

from searcher.text.endings import LISTED, bare, has_table, lemma
from searcher.text.folding import fold
from searcher.text.listed_forms import has_list, listed_lemma
from searcher.text.names import name_terms
from searcher.text.pieces import (
    Piece,
    decompose,
    plain_forms,
)
from searcher.text.suffixes import SUFFIXED, without_endings
from searcher.text.tokens import surfaces, tokenize

Postings = dict[str, list[int]]
"""Positions by term, ascending, without repetitions."""

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""Snowball algorithms by language (ISO 639-1)."""
_STEMMED = frozenset(_ALGORITHMS) | LISTED | SUFFIXED | {"bs", "hr"}
"""Languages whose words have stems: by an algorithm, by a table of endings, by both, or by a light
stemmer."""
LANGUAGES = (*sorted(_STEMMED), "und")
"""The languages with stems, and "und" for all others."""
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
"""Letters of German, Danish and Norwegian, and how they are typed on other keyboards. In Swedish
and Finnish few people type them so, and the terms would add a tenth to the postings."""
_SLAVIC = {"đ": "dj", "ђ": "dj"}
"""The same for languages of former Yugoslavia."""
_WITHOUT_UMLAUTS = "ca en es fr hr id it lt lv nl pl pt ro sl und".split()
"""Languages in which ä, ö, ü, å and ø are letters of foreign names alone: "Mueller" for Müller."""
_TRANSCRIBED = {
    **dict.fromkeys(("da", "de", "no", *_WITHOUT_UMLAUTS), str.maketrans(_GERMAN)),
    **dict.fromkeys(("bs", "hr", "sr"), str.maketrans(_SLAVIC)),
}
"""By language, letters that are typed as two; `fold` keeps one."""
_ARTICLE = re.compile("^[وف]?(?:ال|[بك]ال|لل)(?=...)")
"""The article of Arabic with its prefixes (and, in, as, to), in front of a listed plural."""
_PLAIN = frozenset(("en", "id"))
"""Languages in which accents occur in foreign words only. Their words are folded before they are
stemmed, so that "Beyoncé" and "Beyonce" have one stem."""

_thread = local()
"""The stemmers of each thread."""


@lru_cache(1 << 12)
def stem(word: str, language: str) -> str:
    """Return the folded stem of a lower-case word: that of its lemma where the language has a table
    of endings, else that of the Snowball algorithm of `language`.

    Without a table the stemmer gets the accents that its rules need; its result is folded. Cached
    (4,096 words), as a text repeats its words; `stems` keeps more.
    """
    if language not in _STEMMED:
        return fold(word)
    if language in SUFFIXED:
        return without_endings(fold(word), language) or fold(word)
    if has_table(language):
        return _stem_of_lemma(lemma(fold(word), language), language) or fold(word)
    stemmer = _stemmer(language)
    if word.isascii():
        return stemmer.stemWord(word).lower() or word
    return fold(stemmer.stemWord(fold(word) if language in _PLAIN else word)) or fold(word)


def _stem_of_lemma(word: str, language: str) -> str:
    """Return the stem of a folded lemma."""
    return fold(_stemmer(language).stemWord(word)) if language in _ALGORITHMS else bare(word)


def _stemmer(language: str) -> Any:
    """Return this thread's stemmer of a language: Snowball stemmers keep state while they work."""
    stemmers = _thread.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import Stemmer

        # Its own cache takes longer than stemming a new word, and known words are cached here.
        stemmers[language] = Stemmer.Stemmer(_ALGORITHMS[language], 0)
    return stemmers[language]


def word_terms(words: list[str], language: str) -> list[str]:
    """Return the terms of the `text` field for lower-case words, all stemmed in one call."""
    if language not in _STEMMED:
        return list(map(fold, words))
    if has_table(language) or language in SUFFIXED:
        return [f"{language}:{stem(word, language)}" for word in words]
    asked = words
    if language in _PLAIN:
        asked = [word if word.isascii() else fold(word) for word in words]
    return [
        f"{language}:{(stem.lower() if word.isascii() else fold(stem)) or fold(word)}"
        for word, stem in zip(words, _stemmer(language).stemWords(asked), strict=True)
    ]


def piece_terms(piece: Piece, language: str) -> tuple[str, ...]:
    """Return the terms of the `text` field for a piece of a token in a text in `language`."""
    return stems(piece.lower, language) if piece.lower else (piece.form,)


def word_term(word: str, language: str) -> str:
    """Return the term of a lower-case word as written, the first of `stems`. A stem has its
    language in front: Turkish stems "Putin" to "put"."""
    return f"{language}:{stem(word, language)}" if language in _STEMMED else fold(word)


@lru_cache(1 << 15)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Return the terms of a lower-case word: that of the word as written, those of the word as
    typed without accents, if the stemmer makes other ones of it, and that of its listed lemma. So
    each spelling finds the others, and each form its lemma.

    Cached (32,768 words), as a text repeats its words.
    """
    return tuple({word_term(typed, language): None for typed in _spellings(word, language)})


def _spellings(word: str, language: str) -> Iterator[str]:
    """Yield a lower-case word as written, without accents, with letters typed as two, and as its
    listed lemma."""
    yield word
    folded = fold(word)
    if (listed := listed_lemma(folded, language)) is not None or (
        language == "ar"
        and (bare := _ARTICLE.sub("", folded)) != folded
        and (listed := listed_lemma(bare, language)) is not None
    ):
        yield listed
    if word.isascii():
        return
    yield folded
    letters = _TRANSCRIBED.get(language)
    if letters is not None and (transcribed := word.translate(letters)) != word:
        yield fold(transcribed)


def has_one_stem(word: str, language: str) -> bool:
    """Return whether a lower-case word has one term of the `text` field."""
    plain = word.isascii() and not has_list(language)
    return plain or len(stems(word, language)) == 1


@lru_cache(1 << 14)
def token_terms(surface: str, language: str) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """Return the terms of a token, each as (stem, form, position), and the number of positions it
    takes.

    Cached (16,384 tokens), as a text repeats its words.
    """
    plain = plain_forms(surface)
    if plain:
        first = stems(plain[0], language) if surface.isalpha() else plain[:1]
        held = [*((term, plain[0], 0) for term in first), *((form, form, 0) for form in plain[1:])]
        return tuple(held), 1
    pieces, width = decompose(surface)
    found = (
        (term, piece.form, piece.offset)
        for piece in pieces
        for term in piece_terms(piece, language)
    )
    return tuple(found), width


def add_terms(
    text: str,
    language: str,
    position: int,
    stems: Postings,
    forms: Postings,
    names: Postings | None = None,
) -> int:
    """Add the terms of `text` to the postings of the three fields, and return the position behind
    its last word.

    position: the position of its first word.
    names: postings of the `name` field; None to leave names out.
    """
    for surface in surfaces(text):
        terms, width = token_terms(surface, language)
        if names is not None:
            for name in name_terms(surface):
                _add(names, name, position)
        for term, form, offset in terms:
            _add(stems, term, position + offset)
            _add(forms, form, position + offset)
        position += width
    return position


def chunk_terms(chunk: str, language: str) -> tuple[set[tuple[str, str]], int]:
    """Return the terms of a text without white space, each with its field, and the number of
    positions it takes.

    Cached (32,768 chunks), as highlighting meets the same words in each article.
    """
    found: set[tuple[str, str]] = set()
    width = 0
    for surface in surfaces(chunk):
        terms, size = token_terms(surface, language)
        for term, form, _ in terms:
            found.add(("text", term))
            found.add(("form", form))
        width += size
    return found, width


def _add(postings: Postings, term: str, position: int) -> None:
    """Add a position to the postings of a term, in order and once."""
    positions = postings.get(term)
    if positions is None:
        postings[term] = [position]
    elif positions[-1] < position:
        positions.append(position)
    elif (at := bisect_left(positions, position)) == len(positions) or positions[at] != position:
        positions.insert(at, position)


def field_terms(text: str) -> list[str]:
    """Return the folded words of a short field (author, source, section, url), in order."""
    return [piece.form for token in tokenize(text) for piece in token.pieces if not piece.extra]


@lru_cache(1 << 14)
def query_terms(lower: str, form: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Return the terms of the `text` field for a query's word in an index with these languages.

    A word typed without accents is stemmed as typed, and a word with accents is stemmed with and
    without them, so that each spelling finds texts in the other. Cached (16,384 words), as
    highlighting asks again for each article.

    lower: the word in lower case; "" for a token that is not stemmed.
    form: the folded word.
    """
    if not lower:
        return frozenset((form,))
    return frozenset(
        word_term(word, language)
        for language in languages or ("und",)
        for word in (*_spellings(lower, language), form)
    )
