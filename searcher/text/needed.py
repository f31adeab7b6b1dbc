"""The strings that a regular expression needs, to rule most texts out before it is tried.

Expressions are compared with texts as with `re.IGNORECASE`, and texts are of ASCII.
"""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_ASCII = 128
"""Number of ASCII characters."""
_LIKE_ASCII = frozenset("ſıİ\u212a")
"""Other characters that an expression without case takes for a letter of ASCII."""

Needed = frozenset[str]
"""Strings in lower case, one of which at least is in each text that matches."""
_ANYTHING: Needed = frozenset(("",))
"""The strings of an expression that can match any text."""


def needed_by(pattern: str) -> Needed:
    """Return the strings that `pattern` needs. They are none if no text of ASCII matches, and the
    empty one if nothing is known."""
    return _sequence(parser.parse(pattern, re.IGNORECASE))


def has_one(text: str, needed: Needed) -> bool:
    """Return whether a text has one of the strings, or is not of ASCII."""
    return not text.isascii() or any(map(text.lower().__contains__, needed))


def _sequence(items: Any) -> Needed:
    """Return the strings that one item of a sequence needs: of the item with the longest ones."""
    found = [_ANYTHING]
    run = ""
    for operator, argument in items:
        if operator is codes.LITERAL and argument < _ASCII:
            run += chr(argument).lower()
            continue
        found += [frozenset((run,)), _item(operator, argument)]
        run = ""
    return max((*found, frozenset((run,))), key=_worth)


def _worth(needed: Needed) -> float:
    """Return how many characters a text needs at least; infinitely many if it cannot match."""
    return min(map(len, needed), default=float("inf"))


def _item(operator: Any, argument: Any) -> Needed:
    """Return the strings that one item of an expression needs."""
    if operator is codes.LITERAL:
        return _ANYTHING if chr(argument) in _LIKE_ASCII else frozenset()
    if operator is codes.SUBPATTERN:
        return _sequence(argument[-1])
    if operator is codes.BRANCH:
        return frozenset().union(*map(_sequence, argument[1]))
    if operator in (codes.MAX_REPEAT, codes.MIN_REPEAT) and argument[0]:
        return _sequence(argument[2])
    return _ANYTHING
