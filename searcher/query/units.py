"""Units of a query with their signs and operators, joined to clauses."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.query.tree import (
    Clause,
    Either,
    Exact,
    Group,
    Near,
    Node,
    Occur,
    Phrase,
    Word,
    is_filter,
)


@dataclass(slots=True)
class Unit:
    """A unit of the grammar."""

    occur: Occur
    """Its effect on a match, by its sign."""
    node: Node
    """Its node."""
    joined: str = ""
    """The operator before it: "OR", "AND" or ""."""


def signed(occur: Occur, sign: str) -> Occur:
    """Return the effect of a clause with one more sign, "+", "-" or "="."""
    if sign == "-":
        return Occur.EXCLUDED
    return Occur.REQUIRED if sign == "+" and occur is Occur.WANTED else occur


def clauses_of(units: list[Unit]) -> tuple[Clause, ...]:
    """Return the units as clauses. Units joined by OR become one clause. AND requires both
    sides."""
    runs: list[list[Unit]] = []
    required: set[int] = set()
    for unit in units:
        if unit.joined == "OR" and runs:
            runs[-1].append(unit)
            continue
        if unit.joined == "AND":
            required.update((len(runs) - 1, len(runs)))
        runs.append([unit])
    return tuple(_clause(run, number in required) for number, run in enumerate(runs))


def _clause(run: list[Unit], required: bool) -> Clause:
    first = run[0]
    if len(run) == 1:
        occur = Occur.REQUIRED if required and first.occur is Occur.WANTED else first.occur
        return Clause(occur, first.node)
    nodes = tuple(
        Group((Clause(Occur.EXCLUDED, unit.node),)) if unit.occur is Occur.EXCLUDED else unit.node
        for unit in run
    )
    signed = any(unit.occur is Occur.REQUIRED and not is_filter(unit.node) for unit in run)
    narrowing = all(is_filter(unit.node) for unit in run)
    return Clause(
        Occur.REQUIRED if required or signed or narrowing else Occur.WANTED, Either(nodes)
    )


def near_texts(node: Node) -> list[str]:
    """Return the alternatives of words that a node has, for words near each other; none if it is
    something else."""
    if isinstance(node, (Word, Exact, Phrase, Near)):
        return [node.text]
    if isinstance(node, Either):
        found = [near_texts(one) for one in node.nodes]
    elif isinstance(node, Group):
        if any(clause.occur is Occur.EXCLUDED for clause in node.clauses):
            return []
        found = [near_texts(clause.node) for clause in node.clauses]
    else:
        return []
    return [text for texts in found for text in texts] if all(found) else []
