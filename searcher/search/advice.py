"""Why a query finds nothing: which of its parts empties the result, and what is found without
it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from searcher.query.tree import (
    Clause,
    Group,
    Language,
    Near,
    Node,
    Occur,
    Phrase,
    Published,
    Query,
    Span,
    leaves,
)
from searcher.search.hits import Advice

_MOST_CLAUSES = 12
_BEFORE = re.compile(r"(?:[-+=(]|\b(?:NOT|AND|OR)\s+|[A-Za-z]+:\s*)+$")
_AFTER = re.compile(r"^\)*")


def diagnose(query: Query, count: Callable[[str | Query, bool], int]) -> tuple[Advice, ...]:
    """For each clause of a query that finds nothing how many articles are found without it. If
    leaving out one clause helps nowhere, how many are found by each alone, and by the words of a
    phrase.

    count: how many articles a query matches, or a text typed instead of it, with the filters that
    were not typed or without them.
    """
    clauses = query.root.clauses[:_MOST_CLAUSES]
    found = []
    for number, clause in enumerate(clauses if len(clauses) > 1 else ()):
        text = _without(query.text, clause.node)
        # What is counted is what the link will find: signs of the neighbours may go with the text.
        rest = replace(query, root=Group((*clauses[:number], *query.root.clauses[number + 1 :])))
        if total := count(text, True) if text is not None else count(rest, True):
            found.append(Advice(_shown(query.text, clause), text, total))
    if not found:
        found = [
            Advice(text, text, total, "only")
            for text in _parts(query)
            if (total := count(text, False))
        ]
    return tuple(sorted(found, key=lambda advice: -advice.total))


def _parts(query: Query) -> Iterator[str]:
    """The texts of the clauses, and of the words of phrases."""
    for clause in query.root.clauses[:_MOST_CLAUSES]:
        edges = _edges(query.text, clause.node)
        if edges is not None and len(query.root.clauses) > 1:
            yield query.text[edges[0] : edges[1]].strip()
        if isinstance(clause.node, Phrase | Near) and clause.occur is not Occur.EXCLUDED:
            yield clause.node.text


def _edges(text: str, node: Node) -> Span | None:
    """Where a clause stands in the text, with its signs and field; None if it was not typed."""
    spans = [leaf.span for leaf in leaves(node) if leaf.span != (0, 0)]
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
            return (
                f"after:{clause.node.start:%Y-%m-%d}"
                if clause.node.start
                else f"before:{clause.node.end:%Y-%m-%d}"
            )
        case node:
            return (
                f"{'-' if clause.occur is Occur.EXCLUDED else ''}source:{getattr(node, 'text', '')}"
            )


def _without(text: str, node: Node) -> str | None:
    edges = _edges(text, node)
    return (
        " ".join((text[: edges[0]] + " " + text[edges[1] :]).split()) if edges is not None else None
    )
