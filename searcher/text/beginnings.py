"""The beginnings of the texts that a regular expression can match, to rule most texts out before
the expression is tried.

A beginning is made of the first word characters of a text, whatever is between them, in lower case.
Expressions are compared with texts as with `re.IGNORECASE`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_LENGTH = 3
"""Number of word characters of a beginning. More rule out more texts, and make more beginnings: 3
leave one paragraph of news in forty to the rules of tails.toml."""
_HEAD = re.compile(r"\W*([A-Za-z])\W*([A-Za-z])\W*([A-Za-z])")
"""The head of a text that begins with `_LENGTH` ASCII letters. Only such texts are ruled out."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ANYTHING = "?"
"""The end of a beginning behind which any word character can follow."""

Beginnings = frozenset[str]
"""Beginnings of _LENGTH letters; shorter ones that end in _ANYTHING or where a text may end."""


def beginnings_of(pattern: str) -> Beginnings | None:
    """Return the beginnings of the texts that `pattern` can match as a whole; None if they can be
    any."""
    found = _sequence(parser.parse(pattern, re.IGNORECASE), {""})
    return None if _ANYTHING in found else frozenset(found)


def may_begin(text: str, beginnings: Beginnings) -> bool:
    """Return whether a text begins with one of these beginnings, or cannot be ruled out."""
    head = _HEAD.match(text)
    if head is None:
        return True
    first, second, third = head.group(1, 2, 3)
    begin = (first + second + third).lower()
    return (
        begin in beginnings
        or f"{begin[:1]}{_ANYTHING}" in beginnings
        or f"{begin[:2]}{_ANYTHING}" in beginnings
    )


def _is_open(begin: str) -> bool:
    """Return whether more word characters can be added to a beginning."""
    return len(begin) < _LENGTH and not begin.endswith(_ANYTHING)


def _sequence(items: Any, begun: set[str]) -> set[str]:
    """Return the beginnings that an expression makes of those before it."""
    for operator, argument in items:
        if not any(map(_is_open, begun)):
            break
        begun = _joined(begun, _item(operator, argument))
    return begun


def _joined(begun: set[str], following: set[str]) -> set[str]:
    """Return each beginning with each of those that follow it."""
    found = {begin for begin in begun if not _is_open(begin)}
    for begin, other in product(filter(_is_open, begun), following):
        whole = (begin + other)[: _LENGTH + 1]
        found.add(whole if whole.endswith(_ANYTHING) and len(whole) <= _LENGTH else whole[:_LENGTH])
    return found


def _item(operator: Any, argument: Any) -> set[str]:
    """Return the beginnings that one element of a parsed expression matches: "" for one without
    word characters."""
    if operator is codes.LITERAL:
        return set(_letters(argument))
    if operator is codes.IN:
        return _characters(argument)
    if operator is codes.BRANCH:
        return {begin for branch in argument[1] for begin in _sequence(branch, {""})}
    if operator is codes.SUBPATTERN:
        return _sequence(argument[-1], {""})
    if operator in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return _repeated(*argument)
    if operator in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return {""}
    return {_ANYTHING}


def _repeated(least: int, most: int, items: Any) -> set[str]:
    """Return the beginnings of an expression that is repeated `least` to `most` times."""
    once = _sequence(items, {""})
    found, times = ({""} if least == 0 else set()), {""}
    for number in range(1, min(most, _LENGTH + least) + 1):
        times = _joined(times, once)
        if number >= least:
            found |= times
    return found


def _characters(members: Any) -> set[str]:
    """Return the beginnings of one character of a set."""
    found: set[str] = set()
    for operator, argument in members:
        if operator is codes.LITERAL:
            found |= _letters(argument)
        elif operator is codes.CATEGORY and argument in (
            codes.CATEGORY_NOT_WORD,
            codes.CATEGORY_SPACE,
        ):
            found.add("")
        elif operator is codes.CATEGORY and argument is codes.CATEGORY_DIGIT:
            # A text that begins with a digit is never ruled out.
            continue
        else:
            return {_ANYTHING}
    return found


@lru_cache(1 << 10)
def _letters(codepoint: int) -> frozenset[str]:
    """Return the ASCII letters that a literal matches; "" if it is no word character, nothing for
    other word characters, as no text with one is ruled out."""
    char = chr(codepoint)
    if not re.fullmatch(r"\w", char):
        return frozenset(("",))
    literal = re.compile(re.escape(char), re.IGNORECASE)
    return frozenset(letter for letter in _LETTERS if literal.fullmatch(letter))
