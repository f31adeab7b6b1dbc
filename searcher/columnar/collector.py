"""What a search gives back: how many documents match, the best of them in order, and how they are
distributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np

from searcher.columnar import sets
from searcher.columnar.arrays import NO_INTS, Bools, Floats, Ints, places_in
from searcher.columnar.constants import SCORE_DIGITS
from searcher.columnar.evaluator import Evaluator
from searcher.columnar.leaf import OutOfTime, kth_largest
from searcher.columnar.nodes import Group, Occurs, Rescoring, is_additive, leaves
from searcher.columnar.pruning import best
from searcher.columnar.rescoring import Gains, gains, no_gains
from searcher.columnar.sets import Documents
from searcher.columnar.view import Part, View

_DAY = 86_400
_FEW = 2_000
"""So many documents are scored without looking for bounds first."""

Order = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    The documents ranked [start, end), by score or by the IntColumn `date`: ties by the later date,
    those without one last, then by the smaller term in the field `key`. totals: whether to count
    what matches. texts, months: columns whose values are to be counted over all that matches, the
    latter as months ("2024-05").
    """

    date: str
    key: str
    order: Order = "relevance"
    start: int = 0
    end: int = 10
    totals: bool = True
    texts: Sequence[str] = ()
    months: Sequence[str] = ()


@dataclass(slots=True)
class Found:
    """ranked: documents and their scores, best first. total: how many match, all: how many of these
    hold everything wanted, -1 where it was not asked. counts: by column."""

    ranked: list[tuple[int, float]]
    total: int = -1
    all: int = -1
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    cut_short: bool = False
    explanations: list[Explanation] = field(default_factory=list)


class Explanation(NamedTuple):
    """The parts of one document's score."""

    clauses: list[float]
    """The part of each clause of the root: the required ones, then the wanted ones."""
    gains: dict[str, float]
    """The gain by each kind of rescoring, by the names in `rescoring.Gains`; empty if the document
    was not rescored."""


def search(
    view: View,
    root: Group,
    match_all: bool,
    wanted: Wanted,
    deadline: float | None,
    rescoring: Rescoring | None = None,
    explain: bool = False,
) -> Found:
    """Searches; with `match_all` only what holds everything matches. deadline: as of
    time.monotonic, or None.

    rescoring: what the best by single words gain. explain: whether to return the parts of the
    scores. Raises FileDamaged.
    """
    evaluator = Evaluator(view, deadline)
    found = Found([])
    matched: Documents | None = None
    if match_all or wanted.totals or wanted.texts or wanted.months or wanted.order != "relevance":
        held = evaluator.holding_all(root) if match_all or wanted.totals else None
        matched = _live(view, held if match_all and held is not None else evaluator.matching(root))
        found.total = len(matched)
        if held is not None:
            found.all = found.total if match_all else len(_live(view, held & matched))
        found.counts = {
            **texts(view, matched, wanted.texts),
            **months(view, matched, wanted.months),
        }
    if wanted.end > wanted.start:
        rescored, gained = _rank(evaluator, root, matched, wanted, rescoring, found)
        if explain:
            found.explanations = _explain(evaluator, root, found.ranked, rescored, gained)
    found.cut_short = evaluator.cut_short
    return found


def _rank(
    evaluator: Evaluator,
    root: Group,
    matched: Documents | None,
    wanted: Wanted,
    rescoring: Rescoring | None,
    found: Found,
) -> tuple[Ints, Gains]:
    """Put the page asked for into `found`. Return the documents that were rescored (ascending), and
    their gains."""
    view, rescored, gained = evaluator.view, NO_INTS, no_gains(0)
    window = rescoring.window if rescoring is not None else 0
    try:
        documents, scores = _best(
            evaluator, root, matched, replace(wanted, end=max(wanted.end, window))
        )
    except OutOfTime:
        documents = (
            matched if matched is not None else _live(view, evaluator.matching(root))
        ).as_numbers()
        scores, evaluator.cut_short = evaluator.scores(root, documents), True
    if rescoring and wanted.order == "relevance" and not evaluator.cut_short:
        try:
            at, gained = _rescored(evaluator, rescoring, documents, scores)
            rescored, scores = documents[at], scores.copy()
            scores[at] += gained.total()
        except OutOfTime:
            evaluator.cut_short = True
    found.ranked = _ranked(view, documents, scores, wanted)
    if wanted.order != "relevance" and found.ranked:
        found.ranked = _scored(evaluator, root, [document for document, _ in found.ranked])
    return rescored, gained


def _live(view: View, found: Documents) -> Documents:
    return found if view.live is None else found & Documents(view.count, mask=view.live)


def _best(
    evaluator: Evaluator, root: Group, matched: Documents | None, wanted: Wanted
) -> tuple[Ints, Floats]:
    """Documents, ascending, the best among them, with their exact scores. Raises OutOfTime."""
    scored = leaves(root) if wanted.order == "relevance" else []
    additive = all(is_additive(child) for child in (*root.required, *root.wanted))
    allowed = matched
    if matched is None:
        if additive and root.needs_wanted and all(not leaves(child) for child in root.required):
            allowed = _filters(evaluator, root)
        else:
            matched = allowed = _live(evaluator.view, evaluator.matching(root))
    if not scored or (matched is not None and (not additive or len(matched) <= _FEW)):
        documents = matched.as_numbers() if matched is not None else NO_INTS
        return documents, evaluator.scores(root, documents) if scored else np.zeros(len(documents))
    if matched is not None and _is_union(root):
        allowed = None if evaluator.view.live is None else matched
    documents, scores = best(
        evaluator.view, [evaluator.leaf(occurs) for occurs in scored], wanted.end, allowed
    )
    if np.count_nonzero(scores) >= wanted.end or (_is_union(root) and scored == list(root.wanted)):
        return documents, scores
    # Those that match by what does not score come last.
    matched = matched if matched is not None else _live(evaluator.view, evaluator.matching(root))
    found = matched.as_numbers()
    all_scores = np.zeros(len(found))
    places = places_in(found, documents)
    all_scores[places[places >= 0]] = scores[places >= 0]
    return found, all_scores


def _rescored(
    evaluator: Evaluator, rescoring: Rescoring, documents: Ints, scores: Floats
) -> tuple[Ints, Gains]:
    """Return the places of the best documents and what these gain. Raises OutOfTime."""
    rounded = np.round(scores, SCORE_DIGITS)
    at = np.flatnonzero((rounded >= kth_largest(rounded, rescoring.window)) & (rounded > 0))
    return at, gains(evaluator, rescoring, documents[at], scores[at]) if len(at) else no_gains(0)


def _explain(
    evaluator: Evaluator,
    root: Group,
    ranked: list[tuple[int, float]],
    rescored: Ints,
    gained: Gains,
) -> list[Explanation]:
    """Return the parts of the scores of the ranked documents. rescored: the documents (ascending)
    with `gained`."""
    numbers = np.array([document for document, _ in ranked], np.int64)
    order = np.argsort(numbers)
    clauses = [
        evaluator.scores(Group((child,), (), (), False), numbers[order])
        for child in (*root.required, *root.wanted)
    ]
    places = places_in(rescored, numbers)
    found = [Explanation([], {}) for _ in ranked]
    for rank, number in enumerate(order.tolist()):
        found[number].clauses.extend(float(scores[rank]) for scores in clauses)
    for number, place in enumerate(places.tolist()):
        if place >= 0:
            found[number].gains.update(
                (name, float(values[place])) for name, values in gained.by_kind()
            )
    return found


def _is_union(root: Group) -> bool:
    """Whether every live document with a score matches."""
    return (
        not root.required
        and not root.excluded
        and all(isinstance(child, Occurs) for child in root.wanted)
    )


def _filters(evaluator: Evaluator, root: Group) -> Documents | None:
    """The live documents that pass what does not score; None if all do."""
    view = evaluator.view
    if not root.required and not root.excluded and view.live is None:
        return None
    passing = sets.intersection(view.count, [evaluator.matching(child) for child in root.required])
    return _live(view, evaluator.without(passing, root))


def _ranked(view: View, documents: Ints, scores: Floats, wanted: Wanted) -> list[tuple[int, float]]:
    """The page asked for of documents, ascending, with their scores."""
    if not len(documents):
        return []
    rounded = np.round(scores, SCORE_DIGITS)
    if wanted.order == "relevance" and len(documents) > wanted.end and rounded.any():
        kept = _top(rounded, wanted.end)
        documents, scores, rounded = documents[kept], scores[kept], rounded[kept]
    dates, dated = view.numbers(wanted.date, documents)
    by_date = np.where(
        dated, dates if wanted.order != "oldest" else -dates, -np.iinfo(np.int64).max
    )
    if wanted.order != "relevance" or not rounded.any():
        kept = (
            _top(by_date, wanted.end) if len(documents) > wanted.end else np.arange(len(documents))
        )
        documents, scores, by_date = documents[kept], scores[kept], by_date[kept]
        rounded = np.zeros(len(kept))
    order = (
        np.lexsort((-by_date, -rounded))
        if wanted.order == "relevance"
        else np.argsort(-by_date, kind="stable")
    )
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(rounded[order]) != 0) | (np.diff(by_date[order]) != 0)
    order = _by_key(view, documents, order, new, wanted)
    chosen = order[wanted.start : wanted.end]
    return list(zip(documents[chosen].tolist(), scores[chosen].tolist(), strict=True))


def _scored(evaluator: Evaluator, root: Group, documents: list[int]) -> list[tuple[int, float]]:
    """The documents, in their order, with their scores."""
    ascending = np.array(sorted(documents))
    scores = dict(zip(ascending.tolist(), evaluator.scores(root, ascending).tolist(), strict=True))
    return [(document, scores[document]) for document in documents]


def _top(values: Floats | Ints, count: int) -> Ints:
    """The places of the `count` largest values and all equal to the least of them."""
    return np.flatnonzero(values >= np.partition(values, len(values) - count)[len(values) - count])


def _by_key(view: View, documents: Ints, order: Ints, new: Bools, wanted: Wanted) -> Ints:
    """The order with ties, which begin where `new` is, put in order of their keys as far as the
    page shows them."""
    starts = np.flatnonzero(new).tolist()
    pieces: list[Ints] = []
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        if start >= wanted.end:
            break
        tied = order[start:end]
        if len(tied) > 1 and end > wanted.start:
            tied = _first_keys(view, documents, np.sort(tied), wanted.key, wanted.end - start)
        pieces.append(tied)
    return np.concatenate(pieces) if pieces else NO_INTS


def _first_keys(view: View, documents: Ints, places: Ints, field: str, count: int) -> Ints:
    """Of documents at these places (ascending) the `count` with the smallest keys, in their
    order."""
    found: list[tuple[bytes, int]] = []
    for part, chosen in view.split(documents[places]):
        inside = places[chosen]
        ranks = part.opened.ranks(field)[documents[inside] - part.base]
        postings = part.opened.fields[field]
        for at in np.argsort(ranks)[:count].tolist():
            found.append((postings.term(int(ranks[at])), int(inside[at])))
    return np.array([place for _, place in sorted(found)[:count]], np.int64)


def texts(view: View, documents: Documents, columns: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many of the documents have each text of these CodeColumns."""
    counts: dict[str, dict[str, int]] = {}
    for column in columns:
        total: Counter[str] = Counter()
        for part, held in _inside(view, documents):
            reader = view.column(part, column)
            codes = np.bincount(reader.packed[held], minlength=len(reader.names)).tolist()
            total.update(
                {name: count for name, count in zip(reader.names, codes, strict=True) if count}
            )
        counts[column] = dict(total)
    return counts


def months(view: View, documents: Documents, columns: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many of the documents fall into each month (UTC) by these IntColumns of seconds since
    1970."""
    counts: dict[str, dict[str, int]] = {}
    for column in columns:
        total: Counter[str] = Counter()
        for part, held in _inside(view, documents):
            values, given = view.column(part, column).take(held)
            days = values[given] // _DAY
            if len(days):
                # Far fewer days than documents have to be told apart as months.
                first = int(days.min())
                times = np.bincount(days - first)
                inside = np.flatnonzero(times)
                months = (inside + first).astype("datetime64[D]").astype("datetime64[M]")
                names, at = np.unique(months, return_inverse=True)
                total.update(
                    dict(zip(names.astype(str).tolist(), _sums(at, times[inside]), strict=True))
                )
        counts[column] = dict(total)
    return counts


def _sums(groups: Ints, values: Ints) -> list[int]:
    sums: list[int] = np.bincount(groups, values).astype(np.int64).tolist()
    return sums


def _inside(view: View, documents: Documents) -> list[tuple[Part, Ints | Bools]]:
    """The segments, and which of their documents are in the set."""
    if documents.mask is not None:
        return [(part, documents.mask[part.base : part.end]) for part in view.parts]
    numbers = documents.as_numbers()
    return [(part, numbers[chosen] - part.base) for part, chosen in view.split(numbers)]
