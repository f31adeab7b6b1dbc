"""Names of elements: what words in classes and ids say about the text, by element_names.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")
"""A word in a name such as "relatedStories" or "related-stories"."""
_LONGEST = 2000
"""Maximum number of characters of an element's classes and ids that are read."""

Words = frozenset[str]
"""Words, or classes, of an element."""
NONE: Words = frozenset()
"""No words."""


@cache
def vocabulary(kind: str) -> Words:
    """Return the words of one kind: sure, likely, consent, weak, talk, state or standfirst. Read
    once, cached."""
    data = tomllib.loads((files("searcher.sources.page") / "element_names.toml").read_text("utf-8"))
    return frozenset(data[kind].split())


@lru_cache(1 << 13)
def read_names(names: str, strict: bool) -> tuple[Words, Words]:
    """Return the words in the classes and ids of an element, and those that exclude its text from
    the body.

    Cached, as the elements of a site share a few hundred names.

    names: the classes and the id, with spaces between them.
    strict: for elements of text itself, which only words that leave no doubt exclude.
    """
    words: set[str] = set()
    telling: set[str] = set()
    for name in names[:_LONGEST].split():
        if ":" in name:
            # "print:hidden" and "md:block" are instructions to the layout.
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
    """Return whether a word at place `at` of a name with `count` words excludes the element's
    text."""
    if word in vocabulary("sure"):
        # In "share-price" and "credit-union" the first word does not exclude.
        return not strict or at == count - 1
    if strict:
        return False
    if word in vocabulary("weak"):
        return count <= 3 and (at == count - 1 or (at == 0 and count == 2))
    return word in vocabulary("likely") or word in vocabulary("consent")
