"""The laws of words by language: `python -m benchmarks.words DATA`.

For each language with sentences in DATA/language/sentences.jsonl it prints

- law 1: words of the sentences that are not found in one of the ways in which they may be typed
  (capitals, title case, decomposed, in Latin and Greek letters without accents), and how many were
  tried;
- law 2: the share of inflected common words that meet their lemma, of their occurrences, if
  simplemma 2.0 and wordfreq 3.1 are installed and know the language. Its lists of irregular words
  are made of the same lists, so that this is no test of unseen words;
- compounds: of common compounds of two listed parts, the share that the second part finds, where
  the language writes them as one word.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from searcher.engine.related import compounds
from searcher.text.analyzer import query_terms, stem, stems, token_terms
from searcher.text.common_parts import PARTED, common_parts
from searcher.text.folding import fold
from searcher.text.tokens import lookups, surfaces

_MOST = 20_000
"""Number of the most common words of a language that are looked at."""
_COMMONEST = 1e-3
"""Share of all occurrences from which a word is a function word, and left out."""
_CYRILLIC = "\u0400"
"""The first character behind the Latin and Greek ones."""
_ASKED = 200
"""Number of compounds of a language that are asked for."""
_LEAST_PART = 5
"""Minimum length of their parts, in letters."""
_NAMES = {"no": "nb", "nb": "nb", "nn": "nn", "hr": "hbs", "sr": "hbs", "bs": "hbs"}
"""Names of languages in simplemma that are not their code."""
_COUNTS = {"no": "nb", "hr": "sh", "sr": "sh", "bs": "sh", "tl": "fil"}
"""The same of wordfreq."""
_WRITTEN = {"nb": "no", "nn": "no"}
"""Names of languages in the sentences that are not those of the analysis."""


def ways(word: str) -> Iterator[str]:
    """Yield the ways in which a word may be typed."""
    yield from (word.lower(), word.upper(), word.title())
    yield unicodedata.normalize("NFD", word)
    # In other scripts a mark makes another letter, as in "й".
    if word and word[0] < _CYRILLIC:
        decomposed = unicodedata.normalize("NFD", word)
        yield "".join(char for char in decomposed if not unicodedata.combining(char))


def is_found(word: str, typed: str, language: str) -> bool:
    """Return whether a word of a text is found if it is typed in another way."""
    held = {term for term, _, _ in token_terms(word, language)[0]}
    asked = [run for surface in surfaces(typed) for run in lookups(surface)]
    return any(
        all(held & query_terms(piece.lower, piece.form, (language,)) for piece in run)
        for run in asked
    )


def violations(sentences: Sequence[str], language: str) -> tuple[int, int]:
    """Return the number of words that are not found in a way of typing, and of those tried."""
    words = {word for text in sentences for word in surfaces(text) if word.isalpha()}
    missed = sum(any(not is_found(word, way, language) for way in ways(word)) for word in words)
    return missed, len(words)


def met_lemmas(language: str) -> float | None:
    """Return the share of the occurrences of inflected common words that meet their lemma; None if
    they are not known."""
    if not all(map(importlib.util.find_spec, ("simplemma", "wordfreq"))):
        return None
    from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk
    from wordfreq import available_languages, get_frequency_dict

    counted = _COUNTS.get(language, language)
    if counted not in available_languages():
        return None
    try:
        lemmas = _load_dictionary_from_disk(_NAMES.get(language, language))
    except ValueError:
        return None
    common = list(get_frequency_dict(counted).items())[:_MOST]
    met = total = 0.0
    for word, share in common:
        lemma = lemmas.get(word.encode(), b"").decode().lower()
        if share < _COMMONEST and lemma and word.isalpha() and fold(lemma) != fold(word):
            total += share
            met += share * bool(set(stems(word, language)) & set(stems(lemma, language)))
    return met / total if total else None


class _Vocabulary:
    """The stems of some words: what `compounds` asks of an index."""

    def __init__(self, words: Sequence[str], language: str) -> None:
        self._stems = {f"{language}:{stem(word, language)}" for word in words}

    def stems(self, terms: Sequence[str]) -> list[int]:
        return [int(term in self._stems) for term in terms]

    def forms(self, forms: Sequence[str]) -> list[int]:
        return [0] * len(forms)

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return []

    def stems_beginning(self, language: str, begin: str, count: int) -> list[tuple[str, int]]:
        return [(term, 1) for term in self._stems if term.startswith(f"{language}:{begin}")][:count]

    def stems_ending(self, language: str, end: str, count: int) -> list[tuple[str, int]]:
        return [(term, 1) for term in self._stems if term.endswith(end)][:count]


def recall(language: str) -> float | None:
    """Return the share of compounds of two listed parts, drawn at random, that the second part
    finds in a small index; None if the language has no list."""
    parts = sorted(part for part in common_parts(language) if len(part) >= _LEAST_PART)
    if language not in PARTED:
        return None
    drawn = random.Random(1)
    found = 0
    for _ in range(_ASKED):
        first, second = drawn.sample(parts, 2)
        whole = _Vocabulary([first + second], language)
        found += bool(compounds(second, whole, language))  # type: ignore[arg-type]
    return found / _ASKED


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with language/sentences.jsonl")
    texts: dict[str, list[str]] = defaultdict(list)
    lines = (parser.parse_args().data / "language/sentences.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        texts[_WRITTEN.get(row["lang"], row["lang"])].append(row["text"])
    print("| language | law 1: missed | of words | law 2: lemmas met | compounds found |")
    print("| --- | --- | --- | --- | --- |")
    for language in sorted(texts):
        missed, words = violations(texts[language], language)
        shares = (met_lemmas(language), recall(language))
        shown = " | ".join("–" if share is None else f"{share:.2f}" for share in shares)
        print(f"| {language} | {missed} | {words:,} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
