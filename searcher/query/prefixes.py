"""The signs and the field in front of a word, a phrase or parentheses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from searcher.query import dialects
from searcher.query.fields import BY_NAME, Kind
from searcher.query.leaves import Leaves
from searcher.query.lexer import Lexer
from searcher.query.tree import Occur, Span
from searcher.query.units import signed
from searcher.wording import said


@dataclass(slots=True)
class Prefix:
    """A prefix, as far as it is read."""

    field_name: str
    """Its field, or that of the parentheses around it, or ""."""
    occur: Occur = Occur.WANTED
    """The effect of what follows on a match."""
    exact: bool = False
    """Whether only the word as typed is searched."""
    takes_rest: bool = False
    """Whether it holds for all that follows, as "allintitle:" does."""
    is_void: bool = False
    """Whether it means nothing here, and what it stood before is left out."""


def extend(prefix: Prefix, match: re.Match[str], lexer: Lexer, leaves: Leaves) -> bool:
    """Return whether a token belongs to a prefix, and read it into the prefix. The lexer is behind
    the token."""
    kind, value = match.lastgroup, match.group()
    if kind == "sign":
        _sign(prefix, match, lexer, leaves)
    elif kind == "word" and (size := dialects.with_colon(value)):
        lexer.at = match.start() + size
        prefix.field_name = _alias(value[: size - 1].lower(), match.span(), leaves)
    elif kind == "word" and value == "NOT":
        prefix.occur = Occur.EXCLUDED
    elif kind == "field":
        return _field(prefix, match, lexer, leaves)
    else:
        return False
    return True


def _sign(prefix: Prefix, match: re.Match[str], lexer: Lexer, leaves: Leaves) -> None:
    value = match.group()
    field = BY_NAME.get(prefix.field_name)
    if value == "-" and field is not None and field.kind is Kind.STORY_SIZE:
        # A minus is part of a number there. The field has no negative one and says so.
        word = lexer.word(match.start())
        assert word is not None
        leaves.read(field, word.group(), word.span(), False)
        prefix.is_void = True
        return
    prefix.occur = signed(prefix.occur, "-" if value == "!" else value)
    prefix.exact = prefix.exact or value == "="


def _field(prefix: Prefix, match: re.Match[str], lexer: Lexer, leaves: Leaves) -> bool:
    """Return whether there is a field of this name, here or in another tool."""
    name = match.group("field").lower()
    if name in BY_NAME:
        _own(prefix, name, match, lexer, leaves)
    elif name in dialects.ANYWHERE:
        prefix.field_name = ""
    elif name in dialects.FIELDS:
        value = (lexer.text[match.end() :].split() or [""])[0]
        is_address = name in ("site", "feed") and "/" in value
        prefix.field_name = _alias("inurl" if is_address else name, match.span(), leaves)
        prefix.takes_rest = name.startswith("allin")
    elif (instead := dialects.is_missing(name)) is not None:
        lexer.skip_word()
        leaves.warn(
            said(
                "%(sign)s means nothing here and was left out%(instead)s",
                sign=match.group(),
                instead=instead,
            ),
            match.span(),
        )
        prefix.is_void = True
    else:
        return False
    return True


def _own(prefix: Prefix, name: str, match: re.Match[str], lexer: Lexer, leaves: Leaves) -> None:
    """Read one of our fields. A space after it is ignored. A second field replaces the first."""
    if lexer.text[match.end() : match.end() + 1].isspace():
        leaves.warn(said("the space after %(name)s: was ignored", name=name), match.span())
    outer = prefix.field_name
    if outer and outer != name:
        leaves.warn(
            said("%(outer)s: was ignored, as %(name)s: follows", outer=outer, name=name),
            match.span(),
        )
    prefix.field_name = name


def _alias(name: str, span: Span, leaves: Leaves) -> str:
    ours = dialects.field_of(name)
    leaves.warn(said("%(name)s was read as %(ours)s:", name=name, ours=ours), span)
    return ours
