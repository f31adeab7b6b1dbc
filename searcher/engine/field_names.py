"""The other names by which a field of metadata finds its value: those of a wire service or a
place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from searcher.engine.patterns import Alternative, Pattern
from searcher.engine.plan import PlanEither, PlanGroup, PlanNode
from searcher.query.fields import METADATA, Naming
from searcher.query.tree import Field, Language
from searcher.text.analyzer import field_terms
from searcher.text.exonyms import Spelling, spellings
from searcher.text.folding import fold
from searcher.text.names import are_spelled_alike

_NAMINGS = {field.name: field.naming for field in METADATA}
"""The names that each field also finds."""


def field_node(leaf: Field) -> PlanNode:
    """Return the plan of a field of metadata: its words as typed, or another name of the same."""
    typed = leaf.text.strip()
    match _NAMINGS[leaf.name]:
        case Naming.AGENCY:
            # Few queries name a service, and the table takes longer to import than a search.
            from searcher.text.agencies import agency_names

            return Pattern(leaf.name, _ways((typed, *agency_names(typed))))
        case Naming.PLACE:
            return _place(leaf.name, typed)
        case Naming.NONE:
            return Pattern(leaf.name, _ways((typed,)))


def _place(name: str, typed: str) -> PlanNode:
    """Return the plan of a place, in each language by the spellings that mean it there: "Island" is
    Iceland in German, and a part of "Staten Island" in English."""
    others = spellings(typed)
    everywhere = [spelling.text for spelling in others if _means_it_everywhere(typed, spelling)]
    local = sorted(
        (spelling for spelling in others if spelling.text not in everywhere),
        key=lambda spelling: spelling.languages,
    )
    nodes: list[PlanNode] = [Pattern(name, _ways((typed, *everywhere)))]
    for languages, held in groupby(local, key=lambda spelling: spelling.languages):
        pattern = Pattern(name, _ways(spelling.text for spelling in held))
        nodes.append(PlanGroup((Language(languages), pattern), (), (), needs_wanted=False))
    return PlanEither(tuple(nodes)) if len(nodes) > 1 else nodes[0]


def _means_it_everywhere(typed: str, spelling: Spelling) -> bool:
    """Return whether a spelling is read as the name in all languages: by the table, or as it is
    spelled like it, or in another script, which few languages have in common."""
    other = spelling.text
    return not spelling.languages or not fold(other).isascii() or are_spelled_alike(typed, other)


def _ways(names: Iterable[str]) -> tuple[Alternative, ...]:
    """Return each name as the terms of its words, those without a word left out."""
    found = (tuple(frozenset((term,)) for term in field_terms(name)) for name in names)
    return tuple(dict.fromkeys(way for way in found if way))
