"""The query's abstract syntax tree: what a user asked for, before any language or engine is known.

A query is a tree of `Group` and `Either` over leaves. Spans are [start, end) in the query's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int]


class Occur(Enum):
    """What a clause of a group demands of an article."""

    WANTED = "wanted"
    REQUIRED = "required"
    EXCLUDED = "excluded"


class Region(Enum):
    """Which part of the text a leaf looks at."""

    ANYWHERE = "anywhere"
    HEADLINE = "headline"
    BODY = "body"


class Word(NamedTuple):
    """A word in any of its inflections."""

    text: str
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Exact(NamedTuple):
    """A word in the form as typed; case and accents do not count."""

    text: str
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Phrase(NamedTuple):
    """Words one after the other, in the forms as typed."""

    text: str
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Near(NamedTuple):
    """Words in any order and inflection, with at most `distance` other words among them."""

    text: str
    distance: int
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Prefix(NamedTuple):
    """Every word that begins with `text`."""

    text: str
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Fuzzy(NamedTuple):
    """Every word within `distance` edits (insert, delete, replace, swap neighbours) of `text`."""

    text: str
    distance: int
    region: Region = Region.ANYWHERE
    span: Span = (0, 0)


class Field(NamedTuple):
    """Articles whose metadata in the field `name` (see `query.fields`) has the words of `text` one
    after the other."""

    name: str
    text: str
    span: Span = (0, 0)


class Language(NamedTuple):
    """Articles in one of the languages (ISO 639-1 codes, or "und")."""

    codes: tuple[str, ...]
    span: Span = (0, 0)


class Published(NamedTuple):
    """Articles published in [start, end); an open end is None. Articles without a date never
    match."""

    start: datetime | None
    end: datetime | None
    span: Span = (0, 0)


class Clause(NamedTuple):
    occur: Occur
    node: Node


class Group(NamedTuple):
    """Clauses side by side.

    An article matches when it holds every required clause and no excluded one. If there are wanted
    clauses and none of the required ones is about the text, it also has to hold at least one of the
    wanted.
    """

    clauses: tuple[Clause, ...]


class Either(NamedTuple):
    """Alternatives joined by OR: an article matches when it holds at least one."""

    nodes: tuple[Node, ...]


Leaf: TypeAlias = Word | Exact | Phrase | Near | Prefix | Fuzzy | Field | Language | Published
Node: TypeAlias = Leaf | Group | Either

_FILTERS = (Field, Language, Published)


def is_filter(node: Node) -> bool:
    """Whether `node` only narrows the result, without saying what the text is to be about."""
    if isinstance(node, Group):
        return all(is_filter(clause.node) for clause in node.clauses)
    if isinstance(node, Either):
        return all(map(is_filter, node.nodes))
    return isinstance(node, _FILTERS)


def leaves(node: Node, excluded: bool = True) -> Iterator[Leaf]:
    """The leaves of a query in order, those that are `excluded` among them or not."""
    if isinstance(node, Group):
        for clause in node.clauses:
            if excluded or clause.occur is not Occur.EXCLUDED:
                yield from leaves(clause.node, excluded)
    elif isinstance(node, Either):
        for child in node.nodes:
            yield from leaves(child, excluded)
    else:
        yield node


class Added(NamedTuple):
    """A word, in any of its inflections, that adds to the score of what is found without it.

    weight: what it counts against a word that was typed.
    """

    text: str
    weight: float


class Warning(NamedTuple):
    """What was odd in a query and how it was read; `span` points into the query's text."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. With `match_all` every wanted clause is required. without: spellings of names
    that are not to be looked for beside those typed. added: words for which the best articles are
    looked through."""

    text: str
    root: Group
    match_all: bool = False
    warnings: tuple[Warning, ...] = ()
    without: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the query is limited to by lang:; empty when it is not."""
        for clause in self.root.clauses:
            if isinstance(clause.node, Language) and clause.occur is Occur.REQUIRED:
                return clause.node.codes
        return ()
