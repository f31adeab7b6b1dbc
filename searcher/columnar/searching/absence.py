"""Conditions that no document can meet, because the terms that they need are in no segment."""

from __future__ import annotations

from searcher.columnar.searching.conditions import AnyOf, Boolean, Condition, Occurs
from searcher.columnar.searching.view import View


def cannot_match(view: View, condition: Condition) -> bool:
    """Return whether a condition certainly matches no document. Only dictionaries are read."""
    if isinstance(condition, Occurs):
        return all(
            any(not view.term_lists.of_any(condition.field, terms).count for terms in sequence)
            for sequence in condition.alternatives
        )
    if isinstance(condition, AnyOf):
        return all(cannot_match(view, child) for child in condition.conditions)
    if isinstance(condition, Boolean):
        return any(cannot_match(view, child) for child in condition.required) or (
            condition.needs_wanted and all(cannot_match(view, child) for child in condition.wanted)
        )
    return False
