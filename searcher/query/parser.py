"""From the text of a query to a Query. Never raises: malformed input is read as well as possible,
with a warning.

    query   = unit { [OR | AND] unit }
    unit    = { "+" | "-" | NOT | "=" | field ":" } primary
    primary = "(" query ")" | '"' words '"' ["~" number] | word ["*" | "~" [number]]

OR binds tighter than AND, and tighter than words side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from searcher.query import dialects
from searcher.query.fields import BY_NAME, Kind
from searcher.query.leaves import HAS_WORD, LARGEST_DISTANCE, Leaves
from searcher.query.tree import (
    Clause,
    Copies,
    Either,
    Field,
    Group,
    Near,
    Node,
    Occur,
    Phrase,
    Query,
    Region,
    Span,
    Word,
    is_filter,
)
from searcher.query.typing import typed
from searcher.query.units import Unit, clauses_of, signed
from searcher.query.whole import WHOLE
from searcher.wording import said

LONGEST_QUERY = 4000
"""Maximum number of characters of a query; the rest is ignored. It bounds the time of parsing."""

DEEPEST = 32
"""Maximum depth of parentheses; deeper ones are ignored. It bounds the recursion of the parser and
of the engines."""

MOST_WARNINGS = 20
"""Maximum number of warnings of a query, the first ones."""

_TOKEN = re.compile(
    r"""(?P<open>\()|(?P<close>\))
    |(?P<sign>[-+!](?=[^\s)|])|=(?=[^\s)|=]))
    |(?P<quote>["“”„«])
    |(?P<expression>/[^\s/"]+/(?=[\s)]|$))
    |(?P<url>https?://[^\s()"]+)
    |(?P<field>[A-Za-z]+(?:[-_][A-Za-z]+)*):(?=\s*[^\s)])
    |(?P<word>\|\|?|(?:(?<=[א-ת])"(?=[א-ת])|[^\s()"“”„«»|])+)
    |(?P<other>\S)""",
    re.VERBOSE,
)
_WORD = re.compile(r"(?P<word>[^\s()\"“”„«»|]+)")
_DATES = re.compile(r"\s*[\[{][^\]}]*[\]}]")
_CLOSING = {'"': '"', "“": "”“", "”": "”", "„": "“”", "«": "»"}
_PARENTHESISED = re.compile(r"\(\d{1,3}\)")
_DISTANCE = re.compile(r"~(\d+)")


def parse(text: str, now: datetime) -> Query:
    """Return the query that `text` states; relative dates ("7d", "today") count from `now`."""
    read = typed(text[:LONGEST_QUERY])
    leaves = Leaves(len(read), now)
    parser = _Parser(read, leaves)
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


def _is_size(field_name: str) -> bool:
    return field_name in BY_NAME and BY_NAME[field_name].kind is Kind.STORY_SIZE


def _is_whole(field_name: str) -> bool:
    return field_name in BY_NAME and BY_NAME[field_name].kind in WHOLE


@dataclass(slots=True)
class _Parser:
    """The parsing of one query."""

    text: str
    """The query."""
    leaves: Leaves
    """The leaves read so far, with warnings."""
    at: int = 0
    """The character to be read next."""

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
                self.leaves.warn(
                    said("a closing parenthesis without an opening one was ignored"), match.span()
                )
                self.at = match.end()
                continue
            joins = self._operator(match, bool(units) and not operator)
            if joins:
                if not units or operator:
                    self.leaves.warn(
                        said(
                            "%(sign)s has nothing to join here and was ignored", sign=match.group()
                        ),
                        match.span(),
                    )
                else:
                    operator = (joins, match.span())
                self.at = match.end()
                continue
            near = self._proximity(match) if units and not operator else None
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
                continue
            if near is not None:
                units[-1].node = self.leaves.near_each_other(
                    units[-1].node, unit.node, near, match.span()
                )
                continue
            unit.joined = operator[0] if operator else ""
            operator = None
            units.append(unit)
        if operator:
            self.leaves.warn(
                said("%(operator)s has nothing to join here and was ignored", operator=operator[0]),
                operator[1],
            )
        return Group(clauses_of(units))

    def _operator(self, match: re.Match[str], follows: bool) -> str:
        """Return the operator that a token is, "OR" or "AND", or "".

        follows: whether something is in front of it. Then "or" is an operator, too.
        """
        word = match.group()
        if match.lastgroup != "word":
            return ""
        if word in dialects.OPERATORS:
            return dialects.OPERATORS[word]
        if word in ("or", "not") and follows and self.text[match.end() :].strip():
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
        after = _PARENTHESISED.match(self.text, match.end())
        end = after.end() if after else match.end()
        found = dialects.proximity(self.text[match.start() : end]) if after else None
        if found is None:
            end = match.end()
            found = dialects.proximity(match.group())
        following = _TOKEN.search(self.text, end) if found else None
        if found is None or following is None:
            return None
        if following.lastgroup == "close" or following.group() in ("OR", "AND", "NOT"):
            return None
        self.at = end
        return found

    def _next(self) -> re.Match[str] | None:
        match = _TOKEN.search(self.text, self.at)
        if match:
            self.at = match.start()
        return match

    def _unit(self, depth: int, field_name: str) -> Unit | None:
        begin, before = self.at, self.leaves.whole
        occur = Occur.WANTED
        exact = False
        while (match := self._next()) is not None:
            kind, value = match.lastgroup, match.group()
            self.at = match.end()
            if kind == "sign" and value == "-" and _is_size(field_name):
                self._negative_size(match, field_name)
                return None
            if kind == "sign":
                occur = signed(occur, "-" if value == "!" else value)
                exact = exact or value == "="
            elif kind == "word" and (size := dialects.with_colon(value)):
                self.at = match.start() + size
                field_name = self._alias(value[: size - 1].lower(), match.span())
            elif kind == "word" and value == "NOT":
                occur = Occur.EXCLUDED
            elif kind == "field" and match.group("field").lower() in BY_NAME:
                field_name = self._field(match, field_name)
            elif kind == "field" and (known := self._foreign(match)) is not None:
                field_name = known
                if match.group("field").lower().startswith("allin"):
                    return Unit(Occur.REQUIRED, self.group(depth, field_name))
            elif (
                kind == "field"
                and (instead := dialects.is_missing(match.group("field").lower())) is not None
            ):
                skipped = _WORD.search(self.text, match.end())
                self.at = skipped.end() if skipped else len(self.text)
                self.leaves.warn(
                    said(
                        "%(sign)s means nothing here and was left out%(instead)s",
                        sign=match.group(),
                        instead=instead,
                    ),
                    match.span(),
                )
                return None
            elif kind == "word" and (value in ("OR", "AND") or value in dialects.OPERATORS):
                self.at = match.start()
                self.leaves.warn(
                    said("an operator before %(value)s was ignored", value=value),
                    (begin, match.start()),
                )
                return None
            else:
                if kind == "field":
                    match = self._unknown_field(match)
                node = self._dates(match, field_name) or self._primary(
                    match, depth, field_name, exact
                )
                if occur is Occur.EXCLUDED and self.leaves.whole.read > before.read:
                    self.leaves.whole = before._replace(read=self.leaves.whole.read)
                    self.leaves.warn(said("match: and copies: have no opposite"), (begin, self.at))
                if node is None:
                    return None
                if occur is Occur.WANTED and (field_name or is_filter(node) or kind == "url"):
                    occur = Occur.REQUIRED
                return Unit(occur, node)
        self.leaves.warn(said("an operator at the end was ignored"), (begin, len(self.text)))
        return None

    def _field(self, match: re.Match[str], outer: str) -> str:
        """Return the name of a field. A space after it is ignored. A second field replaces the
        first one."""
        name = match.group("field").lower()
        following = self.text[match.end() : match.end() + 1]
        if following.isspace():
            self.leaves.warn(said("the space after %(name)s: was ignored", name=name), match.span())
        if outer and outer != name:
            self.leaves.warn(
                said("%(outer)s: was ignored, as %(name)s: follows", outer=outer, name=name),
                match.span(),
            )
        return name

    def _foreign(self, match: re.Match[str]) -> str | None:
        """Return our name of a field of another tool, "" for one that searches everywhere; None for
        other names."""
        name = match.group("field").lower()
        if name in dialects.ANYWHERE:
            return ""
        if name not in dialects.FIELDS:
            return None
        if name in ("site", "feed") and "/" in (self.text[match.end() :].split() or [""])[0]:
            return self._alias("inurl", match.span())
        return self._alias(name, match.span())

    def _alias(self, name: str, span: Span) -> str:
        ours = dialects.field_of(name)
        self.leaves.warn(said("%(name)s was read as %(ours)s:", name=name, ours=ours), span)
        return ours

    def _dates(self, match: re.Match[str], field_name: str) -> Node | None:
        """Return the dates in brackets behind a field of dates; None for anything else."""
        field = BY_NAME.get(field_name)
        dates = _DATES.match(self.text, match.start())
        if dates is None or field is None or field.kind is not Kind.DATE:
            return None
        self.at = dates.end()
        return self.leaves.filter(field, dates.group().strip(), dates.span(), False)

    def _unknown_field(self, match: re.Match[str]) -> re.Match[str]:
        """Return "name:value" as a word, because no field has that name."""
        word = _WORD.match(self.text, match.start())
        assert word is not None
        self.at = word.end()
        if word.end() > match.end():
            name = match.group("field")
            self.leaves.warn(
                said("there is no field “%(name)s”; its words were searched instead", name=name),
                word.span(),
            )
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
            self.leaves.warn(said("an operator before a parenthesis was ignored"), match.span())
            return None
        if kind == "url":
            address = match.group().split("://", 1)[1]
            own = self.leaves.leaf(Field("url", address, match.span()), match.span())
            if field_name or own is None or not HAS_WORD.search(address):
                return own
            # Texts name addresses, too.
            return Either((own, Phrase(address, Region.ANYWHERE, match.span())))
        return self.leaves.word(match.group(), match.span(), field_name, exact)

    def _parenthesis(self, match: re.Match[str], depth: int, field_name: str) -> Node | None:
        if depth >= DEEPEST:
            self.leaves.warn(
                said("parentheses deeper than %(most)s were ignored", most=DEEPEST), match.span()
            )
            return None
        read = self.leaves.whole.read
        group = self.group(depth + 1, field_name)
        closing = self._next()
        if closing is None:
            self.at = len(self.text)
            self.leaves.warn(
                said("an unclosed parenthesis was read to the end"), (match.start(), len(self.text))
            )
        else:
            self.at = closing.end()
        if self.leaves.whole.read > read and not _is_whole(field_name):
            self.leaves.warn(
                said("match: and copies: hold for the whole query"), (match.start(), self.at)
            )
        if not group.clauses:
            if closing and self.leaves.whole.read == read:
                self.leaves.warn(said("empty parentheses were ignored"), (match.start(), self.at))
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
            self.leaves.warn(said("an unclosed quote was read to the end"), (match.start(), end))
        words = self.text[match.end() : end]
        distance = _DISTANCE.match(self.text, self.at)
        if distance:
            self.at = distance.end()
        span = (match.start(), self.at)
        if not HAS_WORD.search(words):
            self.leaves.warn(said("quotes without a word were ignored"), span)
            return None
        field = BY_NAME.get(field_name)
        if field and field.kind is not Kind.REGION:
            return self.leaves.filter(field, words, span, exact)
        region = field.region if field else Region.ANYWHERE
        if distance:
            near = Near(words, min(int(distance.group(1)[:6]), LARGEST_DISTANCE), region, span)
            return self.leaves.leaf(near, span)
        return self.leaves.leaf(Phrase(words, region, span), span)

    def _negative_size(self, sign: re.Match[str], field_name: str) -> None:
        """Warn of the number behind a minus, which is no sign there, and go behind it."""
        word = _WORD.match(self.text, sign.start())
        assert word is not None
        self.at = word.end()
        self.leaves.read(BY_NAME[field_name], word.group(), word.span(), False)
