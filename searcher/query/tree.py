"""The abstract syntax tree of a query, independent of languages and engines.

A query is a tree of `Group` and `Either` over leaves. Spans are [start, end) in the query's text,
in characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int]


class Occur(Enum):
    """The effect of a clause on the match of its group."""

    WANTED = "wanted"
    """Matching it adds to the score."""
    REQUIRED = "required"
    """The article has to match it."""
    EXCLUDED = "excluded"
    """The article must not match it."""


class Copies(Enum):
    """The articles to show of several that have the same text."""

    HIDE = "hide"
    """Of those that match everything else the one that was published first."""
    SHOW = "show"
    """All that match."""


class Region(Enum):
    """The part of the text that a leaf searches."""

    ANYWHERE = "anywhere"
    """Headline and body."""
    HEADLINE = "headline"
    """The headline alone."""
    BODY = "body"
    """The body alone."""

    # Members are equal to themselves alone; the hash of Enum is computed in Python.
    __hash__ = object.__hash__


class Word(NamedTuple):
    """A word in any of its inflections."""

    text: str
    """The word as typed."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Exact(NamedTuple):
    """A word in the form as typed; case and accents do not count."""

    text: str
    """The word as typed."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Phrase(NamedTuple):
    """Adjacent words, in the forms as typed."""

    text: str
    """The words as typed, without the quotes."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Near(NamedTuple):
    """Words in any order and inflection, with at most `distance` other words among them."""

    text: str
    """The words as typed, without the quotes."""
    distance: int
    """Maximum number of other words between them."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Prefix(NamedTuple):
    """Every word that begins with `text`."""

    text: str
    """The beginning, as typed, without the asterisk."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Wildcard(NamedTuple):
    """Every word that `text` describes: an asterisk stands for any letters, a question mark for
    one."""

    text: str
    """The word as typed, with its wildcards."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Fuzzy(NamedTuple):
    """Every word within `distance` edits (insert, delete, replace, swap neighbours) of `text`."""

    text: str
    """The word as typed, without the tilde."""
    distance: int
    """Maximum number of edits."""
    region: Region = Region.ANYWHERE
    """The part of the text that it searches."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Field(NamedTuple):
    """Articles whose metadata in the field `name` (see `query.fields`) has the words of `text` one
    after the other."""

    name: str
    """Name of the field."""
    text: str
    """The words as typed."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Language(NamedTuple):
    """Articles in one of the languages (ISO 639-1 codes, or "und")."""

    codes: tuple[str, ...]
    """Codes of the languages."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Published(NamedTuple):
    """Articles published in [start, end); an open end is None. Articles without a date never
    match."""

    start: datetime | None
    """First moment; None if there is no lower bound."""
    end: datetime | None
    """Moment after the last; None if there is no upper bound."""
    span: Span = (0, 0)
    """Its characters in the query."""


class OfStory(NamedTuple):
    """The articles of the story of one article."""

    article_id: str
    """Id of the article."""
    span: Span = (0, 0)
    """Its characters in the query."""


class StorySize(NamedTuple):
    """Articles whose story has this many articles."""

    low: int
    """The least number."""
    high: int | None
    """The greatest number; None if there is no upper end."""
    span: Span = (0, 0)
    """Its characters in the query."""


class HasValue(NamedTuple):
    """Articles whose value of a facet is one of some values, as a whole and as it is written."""

    facet: str
    """Name of the facet; see `engine.searches.FACETS`."""
    values: tuple[str, ...]
    """The values."""
    span: Span = (0, 0)
    """Its characters in the query."""


class Clause(NamedTuple):
    """A part of a group."""

    occur: Occur
    """Its effect on the match."""
    node: Node
    """The part."""


class Group(NamedTuple):
    """Clauses side by side. An article matches if it matches every required clause and no excluded
    one. If there are wanted clauses and no required clause searches the text, it also has to match
    at least one wanted clause.
    """

    clauses: tuple[Clause, ...]
    """The clauses, in the order of the query."""


class Either(NamedTuple):
    """Alternatives joined by OR. An article matches if it matches at least one."""

    nodes: tuple[Node, ...]
    """The alternatives, in the order of the query."""


ColumnFilter: TypeAlias = Language | Published | OfStory | StorySize | HasValue
"""Leaves about values of an article that are no words of its text or metadata."""
Filter: TypeAlias = Field | ColumnFilter
"""Leaves that only filter, without searching the text."""
Leaf: TypeAlias = Word | Exact | Phrase | Near | Prefix | Wildcard | Fuzzy | Filter
Node: TypeAlias = Leaf | Group | Either


def is_filter(node: Node) -> bool:
    """Return whether `node` only filters, without searching the text."""
    if isinstance(node, Group):
        return all(is_filter(clause.node) for clause in node.clauses)
    if isinstance(node, Either):
        return all(map(is_filter, node.nodes))
    return isinstance(node, Filter)


def leaves(node: Node, excluded: bool = True) -> Iterator[Leaf]:
    """Yield the leaves of a query in order.

    excluded: whether those of excluded clauses are among them.
    """
    if isinstance(node, Group):
        for clause in node.clauses:
            if excluded or clause.occur is not Occur.EXCLUDED:
                yield from leaves(clause.node, excluded)
    elif isinstance(node, Either):
        for child in node.nodes:
            yield from leaves(child, excluded)
    else:
        yield node


class Narrowing(NamedTuple):
    """The values of one field that were chosen beside the query. An article has to match; it gains
    no score."""

    field: str
    """Name of the field; "date" for after and before."""
    root: Group
    """The conditions: filters alone, required or excluded."""


class Added(NamedTuple):
    """A word, in any of its inflections, that adds to the score of articles found without it."""

    text: str
    """The word."""
    weight: float
    """Its weight; a word that was typed has 1."""


class Warning(NamedTuple):
    """A warning about a query."""

    message: str
    """The problem, and how the query was read, as text for the user."""
    span: Span
    """The characters of the query that it is about."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    text: str
    """The text that was parsed."""
    root: Group
    """Its clauses."""
    match_all: bool = False
    """Whether every wanted clause is required."""
    match_any: bool = False
    """Whether articles that match some wanted clauses are ranked and counted together with those
    that match all. By default they come after them."""
    copies: Copies | None = None
    """Whether copies of one text are hidden; None if the query does not say it."""
    warnings: tuple[Warning, ...] = ()
    """Warnings of the parser."""
    without: tuple[str, ...] = ()
    """Other spellings of names that are not matched."""
    added: tuple[Added, ...] = ()
    """Words that add to the scores of the best articles."""
    narrowed: tuple[Narrowing, ...] = ()
    """Filters that were chosen, one a field. Words are read in all languages, whatever they are."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that lang: limits the query to; empty if it does not."""
        for clause in self.root.clauses:
            if isinstance(clause.node, Language) and clause.occur is Occur.REQUIRED:
                return clause.node.codes
        return ()
