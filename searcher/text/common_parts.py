"""Common words that are parts of compounds, in languages that write compounds as one word.

The lists are written by `benchmarks/tables/parts.py`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

PARTED = frozenset("da de et fi hu is nl no sv".split())
"""Languages with a list (ISO 639-1)."""
LEAST_PART = 4
"""Minimum length of a part, in letters."""
LINKS = ("", "s", "es", "n", "en", "er", "e", "o", "te")
"""Letters between the parts of a compound."""


def common_parts(language: str) -> frozenset[str]:
    """Return the folded words and stems that are listed for a language. Read once, cached: 1 ms and
    2 MB, as hundreds are looked up for a word."""
    return _parts(language) if language in PARTED else frozenset()


@cache
def _parts(language: str) -> frozenset[str]:
    path = Path(__file__).parent / f"lemmas/parts-{language}.txt"
    return frozenset(path.read_text("utf-8").split("\n")) - {""}


def heads(beginning: str) -> list[str]:
    """Return what the beginning of a compound may be without the letters that link it to the
    rest."""
    return [
        beginning[: len(beginning) - len(link)]
        for link in LINKS
        if beginning.endswith(link) and len(beginning) - len(link) >= LEAST_PART
    ]


def rests(end: str) -> list[str]:
    """Return what the end of a compound may be without the letters that link it to the rest."""
    return [
        end[len(link) :]
        for link in LINKS
        if end.startswith(link) and len(end) - len(link) >= LEAST_PART
    ]


def is_made_of_parts(word: str, language: str) -> bool:
    """Return whether a folded word or stem is a listed part, or two of them."""
    parts = common_parts(language)
    return word in parts or any(
        word[at:] in parts and any(head in parts for head in heads(word[:at]))
        for at in range(LEAST_PART, len(word) - LEAST_PART + 1)
    )
