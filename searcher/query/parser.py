"""From the text of a query to a Query. Never raises: malformed input is read as well as possible,
with a warning.

    query   = unit { [OR | AND | proximity] unit }
    unit    = { "+" | "-" | NOT | "=" | field ":" } primary
    primary = "(" query ")" | '"' words '"' ["~" number] | word ["*" | "~" [number]]

OR binds tighter than AND, and tighter than words side by side.

`lexer` finds the tokens, `prefixes` reads signs and fields, `primaries` and `leaves` words, phrases
and values, and `units` joins the units to clauses. This module has what nests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from searcher.query import dialects
from searcher.query.fields import BY_NAME
from searcher.query.leaves import Leaves
from searcher.query.lexer import Lexer
from searcher.query.prefixes import Prefix, extend
from searcher.query.primaries import primary
from searcher.query.tree import (
    Clause,
    Copies,
    Group,
    Node,
    Occur,
    Query,
    Span,
    Word,
    is_filter,
)
from searcher.query.typing import typed
from searcher.query.units import Unit, clauses_of
from searcher.query.whole import WHOLE
from searcher.wording import said

LONGEST_QUERY = 4000
"""Maximum number of characters of a query; the rest is ignored. It bounds the time of parsing."""

DEEPEST = 32
"""Maximum depth of parentheses; deeper ones are ignored. It bounds the recursion of the parser and
of the engines."""

MOST_WARNINGS = 20
"""Maximum number of warnings of a query, the first ones."""


def parse(text: str, now: datetime) -> Query:
    """Return the query that `text` states; relative dates ("7d", "today") count from `now`."""
    read = typed(text[:LONGEST_QUERY])
    leaves = Leaves(len(read), now)
    parser = _Parser(Lexer(read), leaves)
    if len(text) > LONGEST_QUERY:
        leaves.warn(
            said("only the first %(most)s characters were read", most=LONGEST_QUERY),
            (len(read), len(text)),
        )
    root = parser.group(0, "")
    if not root.clauses and (words := _only_operators(text)):
        root = Group(
            tuple(Clause(Occur.WANTED, Word(word.group(), span=word.span())) for word in words)
        )
    return Query(
        text=text,
        root=root,
        match_all=leaves.whole.match == "all",
        match_any=leaves.whole.match == "any",
        copies=Copies(leaves.whole.copies) if leaves.whole.copies else None,
        warnings=tuple(leaves.warnings[:MOST_WARNINGS]),
    )


def _only_operators(text: str) -> list[re.Match[str]]:
    """Return the words of a query that has only the words OR, AND and NOT, which are then searched
    for."""
    words = list(re.finditer(r"\S+", text[:LONGEST_QUERY]))
    return words if all(word.group() in ("OR", "AND", "NOT") for word in words) else []


@dataclass(slots=True)
class _Parser:
    """The parsing of one query."""

    lexer: Lexer
    """Its tokens."""
    leaves: Leaves
    """The leaves read so far, with warnings."""

    def group(self, depth: int, field_name: str) -> Group:
        """Return the units up to the closing parenthesis or the end.

        depth: number of parentheses around them.
        field_name: the field before the parenthesis, or "".
        """
        units: list[Unit] = []
        operator: tuple[str, Span] | None = None
        while (match := self.lexer.peek()) is not None:
            if match.lastgroup == "close":
                if depth:
                    break
                self._skip(match, said("a closing parenthesis without an opening one was ignored"))
                continue
            can_join = bool(units) and not operator
            if joins := self._operator(match, can_join):
                operator = (joins, match.span()) if can_join else operator
                self._pass(match, can_join)
                continue
            near = self._proximity(match) if can_join else None
            read = self.leaves.whole.read
            unit = self._unit(depth, field_name)
            if unit is None:
                if operator and self.leaves.whole.read > read:
                    self.leaves.warn(
                        said(
                            "%(operator)s joins nothing here and was ignored", operator=operator[0]
                        ),
                        operator[1],
                    )
                    operator = None
            elif near is not None:
                last = units[-1]
                last.node = self.leaves.near_each_other(last.node, unit.node, near, match.span())
            else:
                unit.joined = operator[0] if operator else ""
                operator = None
                units.append(unit)
        if operator:
            self.leaves.warn(
                said("%(operator)s has nothing to join here and was ignored", operator=operator[0]),
                operator[1],
            )
        return Group(clauses_of(units))

    def _skip(self, match: re.Match[str], problem: str) -> None:
        """Go behind a token that means nothing here, with a warning."""
        self.leaves.warn(problem, match.span())
        self.lexer.at = match.end()

    def _pass(self, operator: re.Match[str], joins: bool) -> None:
        """Go behind an operator. joins: whether there is something for it to join."""
        if joins:
            self.lexer.at = operator.end()
        else:
            self._skip(
                operator,
                said("%(sign)s has nothing to join here and was ignored", sign=operator.group()),
            )

    def _operator(self, match: re.Match[str], follows: bool) -> str:
        """Return the operator that a token is, "OR" or "AND", or "".

        follows: whether something is in front of it. Then "or" is an operator, too.
        """
        word = match.group()
        if match.lastgroup != "word":
            return ""
        if word in dialects.OPERATORS:
            return dialects.OPERATORS[word]
        if word in ("or", "not") and follows and self.lexer.text[match.end() :].strip():
            if word == "or":
                self.leaves.warn(said("“or” was read as OR; in quotes it is a word"), match.span())
                return "OR"
            self.leaves.warn(
                said("“not” was read as a word; a minus or NOT leaves articles out"), match.span()
            )
        return word if word in ("OR", "AND") else ""

    def _proximity(self, match: re.Match[str]) -> dialects.Proximity | None:
        """Return the operator between words near each other that a token is, and go behind it. None
        for other tokens, and at the end of the query."""
        if match.lastgroup != "word":
            return None
        end = self.lexer.with_number(match)
        found = dialects.proximity(self.lexer.text[match.start() : end]) if end else None
        if found is None:
            end = match.end()
            found = dialects.proximity(match.group())
        following = self.lexer.following(end) if found else None
        if found is None or following is None:
            return None
        if following.lastgroup == "close" or following.group() in ("OR", "AND", "NOT"):
            return None
        self.lexer.at = end
        return found

    def _unit(self, depth: int, field_name: str) -> Unit | None:
        begin, before = self.lexer.at, self.leaves.whole
        prefix = Prefix(field_name)
        while (match := self.lexer.peek()) is not None:
            self.lexer.at = match.end()
            if extend(prefix, match, self.lexer, self.leaves):
                if prefix.is_void:
                    return None
                if prefix.takes_rest:
                    return Unit(Occur.REQUIRED, self.group(depth, prefix.field_name))
                continue
            value = match.group()
            if match.lastgroup == "word" and (
                value in ("OR", "AND") or value in dialects.OPERATORS
            ):
                self.lexer.at = match.start()
                self.leaves.warn(
                    said("an operator before %(value)s was ignored", value=value),
                    (begin, match.start()),
                )
                return None
            node = self._primary(match, depth, prefix)
            if prefix.occur is Occur.EXCLUDED and self.leaves.whole.read > before.read:
                self.leaves.whole = before._replace(read=self.leaves.whole.read)
                self.leaves.warn(
                    said("match: and copies: have no opposite"), (begin, self.lexer.at)
                )
            if node is None:
                return None
            narrows = prefix.field_name or is_filter(node) or match.lastgroup == "url"
            if prefix.occur is Occur.WANTED and narrows:
                return Unit(Occur.REQUIRED, node)
            return Unit(prefix.occur, node)
        self.leaves.warn(said("an operator at the end was ignored"), (begin, len(self.lexer.text)))
        return None

    def _primary(self, match: re.Match[str], depth: int, prefix: Prefix) -> Node | None:
        if match.lastgroup == "open":
            return self._parenthesis(match, depth, prefix.field_name)
        if match.lastgroup == "close":
            self.lexer.at = match.start()
            self.leaves.warn(said("an operator before a parenthesis was ignored"), match.span())
            return None
        return primary(match, prefix.field_name, prefix.exact, self.lexer, self.leaves)

    def _parenthesis(self, match: re.Match[str], depth: int, field_name: str) -> Node | None:
        if depth >= DEEPEST:
            self.leaves.warn(
                said("parentheses deeper than %(most)s were ignored", most=DEEPEST), match.span()
            )
            return None
        read = self.leaves.whole.read
        group = self.group(depth + 1, field_name)
        closing = self.lexer.peek()
        if closing is None:
            self.lexer.at = len(self.lexer.text)
            self.leaves.warn(
                said("an unclosed parenthesis was read to the end"),
                (match.start(), self.lexer.at),
            )
        else:
            self.lexer.at = closing.end()
        has_whole = self.leaves.whole.read > read
        span = (match.start(), self.lexer.at)
        if has_whole and not _is_whole(field_name):
            self.leaves.warn(said("match: and copies: hold for the whole query"), span)
        if not group.clauses:
            if closing and not has_whole:
                self.leaves.warn(said("empty parentheses were ignored"), span)
            return None
        if len(group.clauses) == 1 and group.clauses[0].occur is not Occur.EXCLUDED:
            return group.clauses[0].node
        return group


def _is_whole(field_name: str) -> bool:
    return field_name in BY_NAME and BY_NAME[field_name].kind in WHOLE
