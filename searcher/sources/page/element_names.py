"""What the classes and ids of elements say of the text in them, by the words of
element_names.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")
_LONGEST = 2000
"""Characters of the names of one element that are looked at."""

Words = frozenset[str]
NONE: Words = frozenset()


@cache
def vocabulary(kind: str) -> Words:
    """The words of one kind: sure, likely, consent, weak, talk, state or standfirst."""
    data = tomllib.loads((files("searcher.sources.page") / "element_names.toml").read_text("utf-8"))
    return frozenset(data[kind].split())


@lru_cache(1 << 13)
def read_names(names: str, strict: bool) -> tuple[Words, Words]:
    """The words in the classes and ids of an element, and those that say that its text is no body.

    strict: for elements of text itself, of which only the words that leave no doubt count.
    """
    words: set[str] = set()
    telling: set[str] = set()
    for name in names[:_LONGEST].split():
        if ":" in name:
            # "print:hidden" and "md:block" are instructions for the layout.
            continue
        parts = [
            word.lower() for word in _WORD.findall(name.partition("--")[0] if strict else name)
        ]
        words.update(parts)
        if parts and parts[0] not in vocabulary("state"):
            telling.update(
                word for at, word in enumerate(parts) if _tells(word, at, len(parts), strict)
            )
    return frozenset(words), frozenset(telling)


def _tells(word: str, at: int, count: int, strict: bool) -> bool:
    if word in vocabulary("sure"):
        # Of "share-price" and "credit-union" the first word says nothing.
        return not strict or at == count - 1
    if strict:
        return False
    if word in vocabulary("weak"):
        return count <= 3 and (at == count - 1 or (at == 0 and count == 2))
    return word in vocabulary("likely") or word in vocabulary("consent")
