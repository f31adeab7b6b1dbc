"""Rulings: statements of readers about which articles are of one story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["separate", "join", "undo"]
"""A ruling: articles are not of one story, or are, or are as the program decides."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""All kinds."""


class Ruling(NamedTuple):
    """A statement of a reader about an article and others."""

    kind: Kind
    """The statement."""
    article: str
    """Id of the article."""
    others: tuple[str, ...]
    """Ids of the articles that it is, or is not, of one story with."""
    time: str
    """When it was said, as ISO 8601."""


Pairs: TypeAlias = Mapping[str, frozenset[str]]
"""For each article, the others of its pairs, by id."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rulings that hold: for each pair of articles the last one."""

    apart: Pairs = field(default_factory=dict)
    """Articles that are not of one story."""
    together: Pairs = field(default_factory=dict)
    """Articles that are of one story."""
    leaving: Pairs = field(default_factory=dict)
    """Of those that are not, for an article that leaves a story those whose story it leaves."""


NO_RULINGS = Rulings()


def in_force(rulings: Iterable[Ruling]) -> Rulings:
    """Return the rulings that hold after all of these, in their order."""
    kinds: dict[frozenset[str], tuple[Kind, str]] = {}
    for ruling in rulings:
        for other in ruling.others:
            kinds[frozenset((ruling.article, other))] = (ruling.kind, ruling.article)
    found: dict[Kind, dict[str, set[str]]] = {kind: {} for kind in KINDS}
    leaving: dict[str, set[str]] = {}
    for pair, (kind, article) in kinds.items():
        if len(pair) == 2:
            one, other = pair
            found[kind].setdefault(one, set()).add(other)
            found[kind].setdefault(other, set()).add(one)
            if kind == "separate":
                leaving.setdefault(article, set()).update(pair - {article})
    return Rulings(_frozen(found["separate"]), _frozen(found["join"]), _frozen(leaving))


def _frozen(pairs: Mapping[str, set[str]]) -> Pairs:
    return {one: frozenset(others) for one, others in pairs.items()}
