"""Words, phrases, addresses and dates in brackets: the operands of a query that do not nest."""

from __future__ import annotations

import re

from searcher.query.fields import BY_NAME, Kind
from searcher.query.leaves import HAS_WORD, LARGEST_DISTANCE, Leaves
from searcher.query.lexer import Lexer
from searcher.query.tree import Either, Field, Near, Node, Phrase, Region
from searcher.wording import said


def primary(
    match: re.Match[str], field_name: str, exact: bool, lexer: Lexer, leaves: Leaves
) -> Node | None:
    """Return the node that begins with a token and go behind it; None for nothing to search.

    field_name: the field that it is searched in, or "".
    exact: whether only the word as typed is searched.
    """
    if match.lastgroup == "field":
        match = _unknown_field(match, lexer, leaves)
    if (dates := _dates(match, field_name, lexer, leaves)) is not None:
        return dates
    if match.lastgroup == "quote":
        return _quoted(match, field_name, exact, lexer, leaves)
    if match.lastgroup == "url":
        return _address(match, field_name, leaves)
    return leaves.word(match.group(), match.span(), field_name, exact)


def _unknown_field(match: re.Match[str], lexer: Lexer, leaves: Leaves) -> re.Match[str]:
    """Return "name:value" as a word, because no field has that name."""
    word = lexer.word(match.start())
    assert word is not None
    if word.end() > match.end():
        name = match.group("field")
        leaves.warn(
            said("there is no field “%(name)s”; its words were searched instead", name=name),
            word.span(),
        )
    return word


def _dates(match: re.Match[str], field_name: str, lexer: Lexer, leaves: Leaves) -> Node | None:
    """Return the dates in brackets behind a field of dates; None for anything else."""
    field = BY_NAME.get(field_name)
    if field is None or field.kind is not Kind.DATE:
        return None
    dates = lexer.dates(match.start())
    return leaves.filter(field, dates.group().strip(), dates.span(), False) if dates else None


def _address(match: re.Match[str], field_name: str, leaves: Leaves) -> Node | None:
    address = match.group().split("://", 1)[1]
    own = leaves.leaf(Field("url", address, match.span()), match.span())
    if field_name or own is None or not HAS_WORD.search(address):
        return own
    # Texts name addresses, too.
    return Either((own, Phrase(address, Region.ANYWHERE, match.span())))


def _quoted(
    match: re.Match[str], field_name: str, exact: bool, lexer: Lexer, leaves: Leaves
) -> Node | None:
    words, is_closed = lexer.quoted(match)
    if not is_closed:
        leaves.warn(said("an unclosed quote was read to the end"), (match.start(), lexer.at))
    distance = lexer.distance()
    span = (match.start(), lexer.at)
    if not HAS_WORD.search(words):
        leaves.warn(said("quotes without a word were ignored"), span)
        return None
    field = BY_NAME.get(field_name)
    if field and field.kind is not Kind.REGION:
        return leaves.filter(field, words, span, exact)
    region = field.region if field else Region.ANYWHERE
    if distance:
        others = min(int(distance.group(1)[:6]), LARGEST_DISTANCE)
        return leaves.leaf(Near(words, others, region, span), span)
    return leaves.leaf(Phrase(words, region, span), span)
