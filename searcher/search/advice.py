"""Advice for a query without results: the clauses that exclude all articles.

The cost is bounded but not small. `diagnose` counts the matches of at most 2 x MOST_CLAUSES further
queries, and of one more for each phrase among these clauses. Together they may take a quarter of
the time budget (see `search.service`). Most take little, because they still need a word that the
index does not have. It runs only for an empty result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from searcher.query.tree import (
    Clause,
    Either,
    Group,
    HasValue,
    Language,
    Narrowing,
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

MOST_CLAUSES = 12
"""Maximum number of clauses that advice looks at. Each costs up to two searches."""
_BEFORE = re.compile(r"(?:[-+=(]|\b(?:NOT|AND|OR)\s+|[A-Za-z]+:\s*)+$")
"""Signs, operators and fields that belong to the clause after them."""
_AFTER = re.compile(r"^\)*")
"""Closing parentheses behind a clause."""


def diagnose(query: Query, count: Callable[[str | Query, bool], int]) -> tuple[Advice, ...]:
    """Return the number of matches without each clause of a query that finds nothing, the largest
    first.

    If removing one clause never helps, return the number of matches of each clause alone, and of
    the words of each phrase. Parts without matches, or not counted in time, are skipped.

    count: returns the number of matches of a parsed query, or of a text; with False, the filters
    that were not typed are not applied to that text.
    """
    clauses = query.root.clauses[:MOST_CLAUSES]
    found = []
    is_one = len(clauses) + len(query.narrowed) < 2
    for number, clause in enumerate(clauses if not is_one else ()):
        text = _without(query.text, clause.node)
        # The count is that of the link: leaving out text may also change the clauses beside it.
        rest = replace(query, root=Group((*clauses[:number], *query.root.clauses[number + 1 :])))
        if total := count(text, True) if text is not None else count(rest, True):
            found.append(Advice(_shown(query.text, clause), text, total))
    for number, narrowing in enumerate(query.narrowed if not is_one else ()):
        others = (*query.narrowed[:number], *query.narrowed[number + 1 :])
        if total := count(replace(query, narrowed=others), True):
            found.append(Advice(_shown_filter(narrowing), None, total))
    if not found:
        found = [
            Advice(text, text, total, "only")
            for text in _parts(query)
            if (total := count(text, False))
        ]
    return tuple(sorted(found, key=lambda advice: -advice.total))


def _parts(query: Query) -> Iterator[str]:
    """Yield the texts of the clauses, and the words of phrases."""
    for clause in query.root.clauses[:MOST_CLAUSES]:
        edges = _edges(query.text, clause.node)
        if edges is not None and len(query.root.clauses) + len(query.narrowed) > 1:
            yield query.text[edges[0] : edges[1]].strip()
        if isinstance(clause.node, Phrase | Near) and clause.occur is not Occur.EXCLUDED:
            yield clause.node.text


def _edges(text: str, node: Node) -> Span | None:
    """Return the span of a clause with its signs and field; None if it was not typed."""
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
    """Return the text of a clause."""
    edges = _edges(text, clause.node)
    return text[edges[0] : edges[1]].strip() if edges is not None else ""


def _shown_filter(narrowing: Narrowing) -> str:
    """Return a filter as it would be typed."""
    return " ".join(
        ("-" if clause.occur is Occur.EXCLUDED else "") + _typed(narrowing.field, clause.node)
        for clause in narrowing.root.clauses
    )


def _typed(field: str, node: Node) -> str:
    match node:
        case Either():
            return " OR ".join(_typed(field, one) for one in node.nodes)
        case Language():
            return f"{field}:{','.join(node.codes)}"
        case Published() if node.start:
            return f"after:{node.start:%Y-%m-%d}"
        case Published():
            return f"before:{node.end:%Y-%m-%d}"
        case HasValue():
            return f'{field}:="{node.values[0]}"'
        case _:
            return f"{field}:{getattr(node, 'text', '')}"


def _without(text: str, node: Node) -> str | None:
    """Return the query's text without a clause; None if the clause was not typed."""
    edges = _edges(text, node)
    if edges is None:
        return None
    return " ".join((text[: edges[0]] + " " + text[edges[1] :]).split())
