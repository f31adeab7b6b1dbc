"""Why a query finds nothing: which of its parts empties the result, and what is found without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace

from searcher.hits import Advice
from searcher.query import Clause
from searcher.query import Either
from searcher.query import Group
from searcher.query import Language
from searcher.query import Node
from searcher.query import Occur
from searcher.query import Published
from searcher.query import Query
from searcher.query import Span

_MOST_CLAUSES = 12
_BEFORE = re.compile(r"(?:[-+=(]|\b(?:NOT|AND|OR)\s+|[A-Za-z]+:\s*)+$")
_AFTER = re.compile(r"^\)*")


def diagnose(query: Query, count: Callable[[Query], int]) -> tuple[Advice, ...]:
    """For each clause of a query that finds nothing how many articles are found without it. If leaving out one clause
    helps nowhere, how many are found by each alone.

    count: how many articles a query matches.
    """
    clauses = query.root.clauses[:_MOST_CLAUSES]
    if len(clauses) < 2:
        return ()
    found = []
    for number, clause in enumerate(clauses):
        rest = replace(query, root=Group((*clauses[:number], *clauses[number + 1 :])))
        if total := count(rest):
            found.append(Advice(_shown(query.text, clause), _without(query.text, clause.node), total))
    if not found:
        for clause in clauses:
            edges = _edges(query.text, clause.node)
            if edges is not None and (total := count(replace(query, root=Group((clause,))))):
                text = query.text[edges[0] : edges[1]].strip()
                found.append(Advice(text, text, total, "only"))
    return tuple(sorted(found, key=lambda advice: -advice.total))


def _spans(node: Node) -> Iterator[Span]:
    if isinstance(node, Group):
        for clause in node.clauses:
            yield from _spans(clause.node)
    elif isinstance(node, Either):
        for child in node.nodes:
            yield from _spans(child)
    else:
        yield node.span


def _edges(text: str, node: Node) -> Span | None:
    """Where a clause stands in the text, with its signs and field; None if it was not typed."""
    spans = [span for span in _spans(node) if span != (0, 0)]
    if not spans:
        return None
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    if before := _BEFORE.search(text[:start]):
        start = before.start()
    opened = text[start:end].count("(") - text[start:end].count(")")
    if opened > 0 and (after := _AFTER.match(text[end:])):
        end += min(opened, after.end())
    return start, end


def _shown(text: str, clause: Clause) -> str:
    edges = _edges(text, clause.node)
    if edges is not None:
        return text[edges[0] : edges[1]].strip()
    match clause.node:
        case Language():
            return f"lang:{','.join(clause.node.codes)}"
        case Published():
            return f"after:{clause.node.start:%Y-%m-%d}" if clause.node.start else f"before:{clause.node.end:%Y-%m-%d}"
        case node:
            return f"{'-' if clause.occur is Occur.EXCLUDED else ''}source:{getattr(node, 'text', '')}"


def _without(text: str, node: Node) -> str | None:
    edges = _edges(text, node)
    return " ".join((text[: edges[0]] + " " + text[edges[1] :]).split()) if edges is not None else None
