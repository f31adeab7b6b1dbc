"""The terms of tokens as the index gets them: stems, forms and names with their positions."""

from __future__ import annotations

from collections.abc import Sequence

from searcher.text.analyzer import stems, token_terms, word_terms
from searcher.text.listed_forms import has_list
from searcher.text.names import name_term, name_terms
from searcher.text.pieces import LONGEST_ABBREVIATION, TERM_LENGTH, plain_forms

PositionedTerms = list[tuple[str, int]]
"""Terms, each with its position."""

Analysed = tuple[int, tuple[PositionedTerms, PositionedTerms, PositionedTerms]]
"""The number of positions that tokens take, and their stems, forms and names."""


def each_terms(tokens: Sequence[str], language: str) -> list[Analysed]:
    """Return for each token what `tokens_terms` returns for it alone. Words of ASCII letters are
    stemmed in one call, and of words and numbers nothing is cached: a third of the time."""
    forms = [
        token.lower() if token.isascii() and token.isalpha() and len(token) <= TERM_LENGTH else ""
        for token in tokens
    ]
    held = iter(_stems([form for form in forms if form], language))
    return [
        _of_word(token, form, next(held)) if form else _of_number(token) or _of([token], language)
        for token, form in zip(tokens, forms, strict=True)
    ]


def _stems(words: list[str], language: str) -> Sequence[tuple[str, ...]]:
    """Return the terms of the `text` field for each of some lower-case words of ASCII letters."""
    if has_list(language):
        return [stems(word, language) for word in words]
    return list(zip(word_terms(words, language), strict=True))


def _of_word(token: str, form: str, stems: tuple[str, ...]) -> Analysed:
    """Return the terms of a word of ASCII letters."""
    held = [(stem, 0) for stem in stems]
    if form == token:
        return 1, (held, [(form, 0)], [])
    name = name_term(token, form)
    names = [(name, 0)] if name else []
    if 1 < len(token) <= LONGEST_ABBREVIATION and token.isupper():
        dotted = ".".join(form) + "."
        return 1, ([*held, (dotted, 0)], [(form, 0), (dotted, 0)], names)
    return 1, (held, [(form, 0)], names)


def _of_number(token: str) -> Analysed | None:
    """Return the terms of a number; None for another token."""
    numbers = [(form, 0) for form in plain_forms(token)]
    return (1, (numbers, numbers, [])) if numbers else None


def tokens_terms(tokens: Sequence[str], language: str) -> Analysed:
    """Return the number of positions that tokens take, and their stems, forms and names with
    positions.

    tokens: as `surfaces` returns them.
    """
    return each_terms(tokens, language)[0] if len(tokens) == 1 else _of(tokens, language)


def _of(tokens: Sequence[str], language: str) -> Analysed:
    """Return the same for tokens of any kind."""
    found: PositionedTerms = []
    forms: PositionedTerms = []
    names: PositionedTerms = []
    position = 0
    for surface in tokens:
        terms, width = token_terms(surface, language)
        for term, form, offset in terms:
            found.append((term, position + offset))
            # A word with two stems has one form.
            if not forms or forms[-1] != (form, position + offset):
                forms.append((form, position + offset))
        if not surface.islower():
            names.extend([(name, position) for name in name_terms(surface)])
        position += width
    return position, (found, forms, names)
