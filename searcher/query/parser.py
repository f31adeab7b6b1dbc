"""From the text of a query to a Query. Never raises: malformed input is read as well as possible,
with a warning.

    query   = unit { [OR | AND] unit }
    unit    = { "+" | "-" | NOT | "=" | field ":" } primary
    primary = "(" query ")" | '"' words '"' ["~" number] | word ["*" | "~" [number]]

OR binds tighter than AND, and tighter than words side by side.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime

from searcher.query.fields import BY_NAME, Kind, QueryField
from searcher.query.filters import read_filter
from searcher.query.tree import (
    Clause,
    Exact,
    Field,
    Fuzzy,
    Group,
    Near,
    Node,
    Occur,
    Phrase,
    Prefix,
    Query,
    Region,
    Span,
    Warning,
    Word,
    is_filter,
)
from searcher.query.typing import typed
from searcher.query.units import Unit, clauses_of, signed

LONGEST_QUERY = 4000
"""Maximum number of characters of a query; the rest is ignored. It bounds the time of parsing."""

MOST_LEAVES = 200
"""Maximum number of leaves (words, phrases, filters) of a query; the rest is ignored. Each is
looked up and evaluated."""

DEEPEST = 32
"""Maximum depth of parentheses; deeper ones are ignored. It bounds the recursion of the parser and
of the engines."""

MOST_WARNINGS = 20
"""Maximum number of warnings of a query, the first ones."""

LARGEST_EDITS = 2
"""Maximum number of edits of a fuzzy word; with three, most short words resemble one another."""

LARGEST_DISTANCE = 100
"""Maximum number of other words among those of a proximity query."""

_TOKEN = re.compile(
    r"""(?P<open>\()|(?P<close>\))
    |(?P<sign>[-+=](?=[^\s)]))
    |(?P<quote>["“”„«])
    |(?P<url>https?://[^\s()"]+)
    |(?P<field>[A-Za-z]+(?:-[A-Za-z]+)*):(?=\s*[^\s)])
    |(?P<word>[^\s()"“”„«»]+)
    |(?P<other>\S)""",
    re.VERBOSE,
)
_WORD = re.compile(r"(?P<word>[^\s()\"“”„«»]+)")
_CLOSING = {'"': '"', "“": "”“", "”": "”", "„": "“”", "«": "»"}
_DISTANCE = re.compile(r"~(\d+)")
_SUFFIX = re.compile(r"(.+?)(?:(\*)|~(\d*))$")
_HAS_WORD = re.compile(r"[^\W_]")


def parse(text: str, now: datetime) -> Query:
    """Return the query that `text` states; relative dates ("7d", "today") count from `now`."""
    read = typed(text[:LONGEST_QUERY])
    parser = _Parser(read, now)
    if len(text) > LONGEST_QUERY:
        parser.warn(f"only the first {LONGEST_QUERY} characters were read", (len(read), len(text)))
    root = parser.group(0, "")
    if not root.clauses and (words := _only_operators(text)):
        root = Group(
            tuple(Clause(Occur.WANTED, Word(word.group(), span=word.span())) for word in words)
        )
    return Query(
        text=text,
        root=root,
        match_all=parser.match == "all",
        match_any=parser.match == "any",
        warnings=tuple(parser.warnings[:MOST_WARNINGS]),
    )


def _only_operators(text: str) -> list[re.Match[str]]:
    """Return the words of a query that has only the words OR, AND and NOT, which are then searched
    for."""
    words = list(re.finditer(r"\S+", text[:LONGEST_QUERY]))
    return words if all(word.group() in ("OR", "AND", "NOT") for word in words) else []


@dataclass(slots=True)
class _Parser:
    """The parsing of one query."""

    text: str
    """The query."""
    now: datetime
    """The moment from which relative dates count."""
    at: int = 0
    """The character to be read next."""
    leaves: int = 0
    """Number of leaves read so far."""
    match: str = ""
    """The value of match: that was read, "all" or "any"."""
    warnings: list[Warning] = dataclasses.field(default_factory=list)
    """Warnings so far, in order."""

    def warn(self, message: str, span: Span) -> None:
        self.warnings.append(Warning(message, span))

    def group(self, depth: int, field_name: str) -> Group:
        """Return the units up to the closing parenthesis or the end.

        depth: number of parentheses around them.
        field_name: the field before the parenthesis, or "".
        """
        units: list[Unit] = []
        operator: tuple[str, Span] | None = None
        while (match := self._next()) is not None:
            kind = match.lastgroup
            if kind == "close":
                if depth:
                    break
                self.warn("a closing parenthesis without an opening one was ignored", match.span())
                self.at = match.end()
                continue
            if kind == "word" and match.group() in ("OR", "AND"):
                if not units or operator:
                    self.warn(
                        f"{match.group()} has nothing to join here and was ignored",
                        match.span(),
                    )
                else:
                    operator = (match.group(), match.span())
                self.at = match.end()
                continue
            unit = self._unit(depth, field_name)
            if unit is None:
                continue
            unit.joined = operator[0] if operator else ""
            operator = None
            units.append(unit)
        if operator:
            self.warn(f"{operator[0]} has nothing to join here and was ignored", operator[1])
        return Group(clauses_of(units))

    def _next(self) -> re.Match[str] | None:
        match = _TOKEN.search(self.text, self.at)
        if match:
            self.at = match.start()
        return match

    def _unit(self, depth: int, field_name: str) -> Unit | None:
        begin = self.at
        occur = Occur.WANTED
        exact = False
        while (match := self._next()) is not None:
            kind, value = match.lastgroup, match.group()
            self.at = match.end()
            if kind == "sign":
                occur = signed(occur, value)
                exact = exact or value == "="
            elif kind == "word" and value == "NOT":
                occur = Occur.EXCLUDED
            elif kind == "field" and match.group("field").lower() in BY_NAME:
                field_name = self._field(match, field_name)
            elif kind == "word" and value in ("OR", "AND"):
                self.at = match.start()
                self.warn(f"an operator before {value} was ignored", (begin, match.start()))
                return None
            else:
                if kind == "field":
                    match = self._unknown_field(match)
                node = self._primary(match, depth, field_name, exact)
                if node is None:
                    return None
                if occur is Occur.WANTED and (field_name or is_filter(node)):
                    occur = Occur.REQUIRED
                return Unit(occur, node)
        self.warn("an operator at the end was ignored", (begin, len(self.text)))
        return None

    def _field(self, match: re.Match[str], outer: str) -> str:
        """Return the name of a field. A space after it is ignored. A second field replaces the
        first one."""
        name = match.group("field").lower()
        following = self.text[match.end() : match.end() + 1]
        if following.isspace():
            self.warn(f"the space after {name}: was ignored", match.span())
        if outer and outer != name:
            self.warn(f"{outer}: was ignored, as {name}: follows", match.span())
        return name

    def _unknown_field(self, match: re.Match[str]) -> re.Match[str]:
        """Return "name:value" as a word, because no field has that name."""
        word = _WORD.match(self.text, match.start())
        assert word is not None
        self.at = word.end()
        if word.end() > match.end():
            name = match.group("field")
            self.warn(f"there is no field “{name}”; its words were searched instead", word.span())
        return word

    def _primary(
        self, match: re.Match[str], depth: int, field_name: str, exact: bool
    ) -> Node | None:
        kind = match.lastgroup
        if kind == "open":
            return self._parenthesis(match, depth, field_name)
        if kind == "quote":
            return self._quoted(match, field_name, exact)
        if kind == "close":
            self.at = match.start()
            self.warn("an operator before a parenthesis was ignored", match.span())
            return None
        if kind == "url":
            return self._leaf(Field("url", match.group().split("://", 1)[1], match.span()))
        return self._word(match.group(), match.span(), field_name, exact)

    def _parenthesis(self, match: re.Match[str], depth: int, field_name: str) -> Node | None:
        if depth >= DEEPEST:
            self.warn(f"parentheses deeper than {DEEPEST} were ignored", match.span())
            return None
        group = self.group(depth + 1, field_name)
        closing = self._next()
        if closing is None:
            self.at = len(self.text)
            self.warn(
                "an unclosed parenthesis was read to the end", (match.start(), len(self.text))
            )
        else:
            self.at = closing.end()
        if not group.clauses:
            if closing:
                self.warn("empty parentheses were ignored", (match.start(), self.at))
            return None
        if len(group.clauses) == 1 and group.clauses[0].occur is not Occur.EXCLUDED:
            return group.clauses[0].node
        return group

    def _quoted(self, match: re.Match[str], field_name: str, exact: bool) -> Node | None:
        ends = [
            end
            for mark in _CLOSING[match.group()]
            if (end := self.text.find(mark, match.end())) >= 0
        ]
        if ends:
            end = min(ends)
            self.at = end + 1
        else:
            end = self.at = len(self.text)
            self.warn("an unclosed quote was read to the end", (match.start(), end))
        words = self.text[match.end() : end]
        distance = _DISTANCE.match(self.text, self.at)
        if distance:
            self.at = distance.end()
        span = (match.start(), self.at)
        if not _HAS_WORD.search(words):
            self.warn("quotes without a word were ignored", span)
            return None
        field = BY_NAME.get(field_name)
        if field and field.kind is not Kind.REGION:
            return self._filter(field, words, span, exact)
        region = field.region if field else Region.ANYWHERE
        if distance:
            return self._leaf(
                Near(words, min(int(distance.group(1)[:6]), LARGEST_DISTANCE), region, span)
            )
        return self._leaf(Phrase(words, region, span))

    def _word(self, word: str, span: Span, field_name: str, exact: bool) -> Node | None:
        if not _HAS_WORD.search(word):
            self.warn(f"“{word}” holds no letter or digit and was ignored", span)
            return None
        if word[-1] == ":" and word[:-1].lower() in BY_NAME:
            self.warn(f"{word} has no value and was ignored", span)
            return None
        field = BY_NAME.get(field_name)
        if field and field.kind is not Kind.REGION:
            return self._filter(field, word, span, exact)
        region = field.region if field else Region.ANYWHERE
        suffix = _SUFFIX.match(word) if "*" in word or "~" in word else None
        stem, star, edits = suffix.groups() if suffix else (word, None, None)
        if exact and suffix:
            self.warn("= has no effect before a word with * or ~", span)
        if not _HAS_WORD.search(stem):
            stem, star, edits = word, None, None
        if "*" in stem:
            self.warn("* stands for the rest of a word only at its end", span)
            stem = next((part for part in stem.split("*") if _HAS_WORD.search(part)), stem)
        if star:
            return self._leaf(Prefix(stem, region, span))
        if edits is not None:
            distance = int(edits[:3] or 1)
            if distance > LARGEST_EDITS:
                self.warn(f"words are compared with at most {LARGEST_EDITS} edits", span)
            if distance:
                return self._leaf(Fuzzy(stem, min(distance, LARGEST_EDITS), region, span))
        if exact:
            return self._leaf(Exact(stem, region, span))
        return self._leaf(Word(stem, region, span))

    def _filter(self, field: QueryField, value: str, span: Span, exact: bool) -> Node | None:
        """Read the value of a field that narrows the result."""
        if exact and not field.facet:
            self.warn(f"= has no effect in {field.name}:", span)
        if field.kind is Kind.MATCH:
            if value.lower() not in ("all", "any"):
                self.warn("match: takes all or any", span)
            self.match = value.lower()
            return None
        node, problem = read_filter(field, value, span, self.now, exact)
        if problem:
            self.warn(problem, span)
        return self._leaf(node) if node is not None else None

    def _leaf(self, node: Node) -> Node | None:
        self.leaves += 1
        if self.leaves == MOST_LEAVES + 1:
            self.warn(f"only the first {MOST_LEAVES} words were read", (self.at, len(self.text)))
        return node if self.leaves <= MOST_LEAVES else None
