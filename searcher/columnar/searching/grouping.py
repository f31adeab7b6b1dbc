"""A search that ranks only the first document of each group."""

from __future__ import annotations

from dataclasses import replace

from searcher.columnar.searching import collector
from searcher.columnar.searching.collector import Found
from searcher.columnar.searching.conditions import Clauses, Rescoring
from searcher.columnar.searching.ordering import Output
from searcher.columnar.searching.shared_values import shared_values
from searcher.columnar.searching.view import View

_AT_FIRST = 4
"""Number of documents that are ranked at first for each group asked for. Larger costs time where
groups are small; smaller searches again more often where they are large."""
_MORE = 8
"""Factor by which more documents are ranked when those were not enough."""


def search(
    view: View,
    clauses: Clauses,
    output: Output,
    deadline: float | None,
    rescoring: Rescoring | None = None,
    explain: bool = False,
) -> Found:
    """Search as `collector.search`, by group if `output.group` says so.

    The rank of a group is that of its best document.
    """
    if not output.group or output.end <= output.start:
        return collector.search(view, clauses, output, deadline, rescoring, explain)
    shared = shared_values(view, output.group)
    end = output.end * _AT_FIRST
    while True:
        asked = replace(output, start=0, end=end)
        found = collector.search(view, clauses, asked, deadline, rescoring, explain)
        kept = shared.first_of_each([document for document, _ in found.ranked])
        if len(kept) >= output.end or len(found.ranked) < end or found.cut_short:
            break
        end *= _MORE
    page = kept[output.start : output.end]
    found.ranked = [found.ranked[place] for place in page]
    found.explanations = [found.explanations[place] for place in page] if explain else []
    return found
