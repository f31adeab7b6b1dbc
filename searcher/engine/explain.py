"""Explanations of scores: the parts that they are made of, with names for the user."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from searcher.engine.searches import ScorePart
from searcher.query.tree import (
    Either,
    Fuzzy,
    Group,
    HasValue,
    Language,
    Near,
    Node,
    Occur,
    OfStory,
    Phrase,
    Prefix,
    Published,
    StorySize,
    Word,
)

BROADENED = "words added by broaden"
"""Name of the clause of the words that broaden a query."""

_LEAST_SHOWN = 0.0005
"""Smallest part of a score that is shown: smaller ones would be printed as 0.000."""

_KINDS = {
    "pairs": "words side by side or near each other",
    "all_words": "all words are there",
    "first_zone": "headline contains the words as typed",
    "recency": "recency",
}
"""Names of the gains of rescoring, by their kind."""


def clause_names(
    root: Group, also: Mapping[str, tuple[str, ...]], common: Collection[Word]
) -> tuple[str, ...]:
    """Return the names of the required and then the wanted clauses of a query.

    also: other spellings of its words, by word.
    common: words that were set aside.
    """
    ordered = sorted(root.clauses, key=lambda clause: clause.occur is not Occur.REQUIRED)
    found = []
    for node in (clause.node for clause in ordered if clause.occur is not Occur.EXCLUDED):
        name = _name(node)
        notes = [f"also {', '.join(also[name])}"] if name in also else []
        notes += ["common word"] if node in common else []
        found.append(f"{name} ({'; '.join(notes)})" if notes else name)
    return tuple(found)


def _name(node: Node) -> str:
    match node:
        case Group():
            return " ".join(
                _name(clause.node) for clause in node.clauses if clause.occur is not Occur.EXCLUDED
            )
        case Either():
            return " or ".join(map(_name, node.nodes))
        case Phrase() | Near():
            return f"“{node.text}”"
        case Prefix():
            return f"{node.text}*"
        case Fuzzy():
            return f"{node.text}~"
        case Language() | Published() | OfStory() | StorySize() | HasValue():
            return ""
        case _:
            return node.text


def score_parts(
    names: Sequence[str], clauses: Sequence[float], gains: Mapping[str, float]
) -> tuple[ScorePart, ...]:
    """Return the parts of a score, the largest first.

    names, clauses: the name of each clause and what it adds to the score.
    gains: what rescoring adds, by kind.
    """
    parts = [ScorePart(name, score) for name, score in zip(names, clauses, strict=True)]
    parts += [ScorePart(_KINDS[kind], score) for kind, score in gains.items()]
    return tuple(
        sorted((part for part in parts if part.score >= _LEAST_SHOWN), key=lambda part: -part.score)
    )
