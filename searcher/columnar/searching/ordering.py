"""The order of results: by score or date, then by date, then by key; one page of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from searcher.columnar.arrays import Bools, Floats, Ints
from searcher.columnar.columns import Values
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.searching.view import View

SortOrder: TypeAlias = Literal["relevance", "newest", "oldest"]
"""By score; by date, the latest first; by date, the earliest first."""
SINCE = "date"
"""Name of the condition on dates among those of `Clauses.narrowed`."""
LIFT = float(1 << 20)
"""Added to the sort value of documents that come first. Scores are less, and with it they keep the
SCORE_DIGITS digits that tell them apart."""
_UNDATED = -np.iinfo(np.int64).max
"""Sort value of documents without a date: they come last."""


@dataclass(frozen=True, slots=True)
class Output:
    """The result of a search: a page of ranked documents, totals, distributions.

    Ties are broken by date (the later first, no date last), then by key (the smaller first).
    """

    date: str
    """The IntColumn of seconds since 1970 to sort by."""
    key: str
    """The field in which every document has one term of its own."""
    order: SortOrder = "relevance"
    """The values that the documents are sorted by."""
    start: int = 0
    """The first rank of the page, from 0."""
    end: int = 10
    """The rank after the last one of the page."""
    totals: bool = True
    """Whether to count the documents that match."""
    counted: Sequence[Values] = ()
    """The values by which all that matches is counted."""
    ignoring: Mapping[Values, str] = field(default_factory=dict)
    """By values the name of the condition of `Clauses.narrowed` that their counts ignore."""
    since: Sequence[float] = ()
    """Times since each of which documents are counted. These counts ignore the condition named
    SINCE."""
    group: str = ""
    """A late column. Of documents that share a value in it only the first is ranked; "" ranks
    all."""
    repeated: str = ""
    """A late column. Totals say how many documents repeat a value of it; "" counts none."""


def ranked_page(
    view: View, documents: Ints, scores: Floats, output: Output, first: Bools | None = None
) -> list[tuple[int, float]]:
    """Return the page that `output` asks for: documents with their scores, best first.

    documents: ascending numbers in the index.
    scores: one a document; all 0 if the order is not by relevance.
    first: whether each document comes before all others; None if none does.
    """
    if not len(documents):
        return []
    ranks = lifted(np.round(scores, SCORE_DIGITS), first)
    if len(documents) > output.end and ranks.any():
        kept = _largest(ranks, output.end)
        documents, scores, ranks = documents[kept], scores[kept], ranks[kept]
    if output.order == "relevance":
        order = np.argsort(-ranks, kind="stable")
        ordered = ranks[order]
        if (ordered[1:] != ordered[:-1]).all():
            return _page(documents, scores, order, output)
    dates, dated = view.numbers(output.date, documents)
    by_date = np.where(dated, dates if output.order != "oldest" else -dates, _UNDATED)
    if len(documents) > output.end and ranks.min() == ranks.max():
        kept = _largest(by_date, output.end)
        documents, by_date = documents[kept], by_date[kept]
        scores, ranks = scores[kept], ranks[kept]
    order = np.lexsort((-by_date, -ranks))
    differs = np.ones(len(order), np.bool_)
    differs[1:] = (np.diff(ranks[order]) != 0) | (np.diff(by_date[order]) != 0)
    return _page(documents, scores, _ties_by_key(view, documents, order, differs, output), output)


def _page(documents: Ints, scores: Floats, order: Ints, output: Output) -> list[tuple[int, float]]:
    """Return the documents of the page with their scores. order: places in `documents`, best
    first."""
    chosen = order[output.start : output.end]
    return list(zip(documents[chosen].tolist(), scores[chosen].tolist(), strict=True))


def lifted(scores: Floats, first: Bools | None) -> Floats:
    """Return sort values: the scores, with LIFT added for documents that come first."""
    return scores if first is None else scores + LIFT * first


def _largest(values: Floats | Ints, count: int) -> Ints:
    """Return the places of the `count` largest values, and of all values equal to the smallest of
    these."""
    return np.flatnonzero(values >= np.partition(values, len(values) - count)[len(values) - count])


def _ties_by_key(view: View, documents: Ints, order: Ints, differs: Bools, output: Output) -> Ints:
    """Return the order with ties sorted by key, as far as the page shows them. It changes `order`.

    order: places in `documents`, best first.
    differs: for each place, True if its score or date differs from the previous one.
    """
    starts = np.flatnonzero(differs)
    ends = np.append(starts[1:], len(order))
    tied = (ends - starts > 1) & (ends > output.start) & (starts < output.end)
    for start, end in zip(starts[tied].tolist(), ends[tied].tolist(), strict=True):
        held = np.sort(order[start:end])
        count = min(output.end, end) - start
        order[start : start + count] = _smallest_keys(view, documents, held, output.key, count)
    return order


def _smallest_keys(view: View, documents: Ints, places: Ints, field: str, count: int) -> Ints:
    """Return the places of the `count` documents with the smallest keys, in the order of the keys.

    places: ascending places in `documents`.
    """
    found: list[tuple[bytes, int]] = []
    for part, chosen in view.split(documents[places]):
        held = places[chosen]
        ranks = part.opened.ranks(field)[documents[held] - part.base]
        dictionary = part.opened.fields[field].dictionary
        for at in np.argsort(ranks)[:count].tolist():
            found.append((dictionary.term(int(ranks[at])), int(held[at])))
    return np.array([place for _, place in sorted(found)[:count]], np.int64)
