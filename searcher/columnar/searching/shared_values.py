"""Documents that share a value in a late column: which, how many, and the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.columnar.arrays import Array, Bools, Ints
from searcher.columnar.searching.conditions import LateCondition, Once, SharedBy, Sharing
from searcher.columnar.searching.view import View

_UNDATED = np.iinfo(np.int64).max
"""Sort value of documents without a date: they come last."""


class SharedValues:
    """The values of one late column in a generation. Safe in threads. Methods raise FileDamaged.

    0 stands for no value, which documents do not share.
    """

    def __init__(self, view: View, column: str) -> None:
        self._view = view
        self._ranks: dict[Once, Ints] = {}
        self.values: Array = view.late(column)
        """The value of each document."""

    @cached_property
    def sizes(self) -> Ints:
        """The number of live documents by value."""
        live = self.values if self._view.live is None else self.values[self._view.live]
        return np.bincount(live, minlength=1)

    @cached_property
    def numbers(self) -> tuple[Array, int]:
        """The values as kernels take them, and the largest."""
        values, largest = self.values, int(self.values.max(initial=0))
        if not largest:
            # Pages of zeros that nobody writes to take no memory.
            return np.zeros(len(values), np.int32), 0
        same_size = values.itemsize == np.int32().itemsize
        return values.view(np.int32) if same_size else values.astype(np.int32), largest

    def having(self, values: Ints) -> Ints:
        """Return the live documents (ascending) that have one of these values, which are not 0."""
        wanted = np.zeros(int(max(values.max(initial=0), self.values.max(initial=0))) + 1, np.bool_)
        wanted[values] = True
        wanted[0] = False
        found = wanted[self.values]
        return np.flatnonzero(found if self._view.live is None else found & self._view.live)

    def groups(self, documents: Ints) -> int:
        """Return the number of groups among documents: those that share a value are one."""
        values = self.values[documents]
        held = np.zeros(int(values.max(initial=0)) + 1, np.bool_)
        held[values] = True
        return int(np.count_nonzero(held[1:]) + np.count_nonzero(values == 0))

    def first_of_each(self, documents: Sequence[int]) -> list[int]:
        """Return the places in `documents`, in any order, of the first one of each group."""
        values = self.values[np.array(documents, np.int64)].tolist()
        kept: dict[tuple[int, int], int] = {}
        for place, (document, value) in enumerate(zip(documents, values, strict=True)):
            kept.setdefault((value, 0 if value else document), place)
        return list(kept.values())

    def matching(self, condition: LateCondition) -> Bools:
        """Return whether each document meets a condition on this column."""
        match condition:
            case Sharing():
                return self._sharing(condition)
            case SharedBy():
                sizes = self.sizes.copy()
                sizes[0] = 1
                fits = sizes >= condition.low
                if condition.high is not None:
                    fits &= sizes <= condition.high
                found: Bools = fits[np.minimum(self.values, len(sizes) - 1)]
                return found

    def _sharing(self, condition: Sharing) -> Bools:
        found = np.zeros(self._view.count, np.bool_)
        lists = self._view.term_lists.of_any(condition.field, frozenset((condition.term,)))
        for held in lists.lists:
            documents = held.postings.lists.documents(held.number)
            if held.part.live is not None:
                documents = documents[held.part.live[documents]]
            for document in (documents + held.part.base).tolist():
                if self.values[document]:
                    found |= self.values == self.values[document]
                else:
                    found[document] = True
        return found

    def once(self, documents: Ints, order: Once) -> Ints:
        """Return those of the documents (ascending) that are the first of their group."""
        if order not in self._ranks:
            self._ranks[order] = self._ranked(order)
        values = self.values[documents]
        shared = np.flatnonzero(values)
        kept = values == 0
        ranked = shared[np.argsort(self._ranks[order][documents[shared]])]
        kept[ranked[np.diff(values[ranked], prepend=0) != 0]] = True
        found: Ints = documents[kept]
        return found

    def without_groups_of(self, documents: Ints, others: Ints) -> Ints:
        """Return those of the documents that share no value with one of the others."""
        held = np.zeros(int(self.values.max(initial=0)) + 1, np.bool_)
        held[self.values[others]] = True
        held[0] = False
        left: Ints = documents[~held[self.values[documents]]]
        return left

    def _ranked(self, order: Once) -> Ints:
        """Return the rank of each live document that shares a value: by value, then by `order`."""
        view = self._view
        shared = np.flatnonzero(self.values if view.live is None else self.values * view.live)
        dates, dated = view.numbers(order.date, shared)
        moments = np.where(dated, dates, _UNDATED)
        values = self.values[shared]
        ranked = np.lexsort((moments, values))
        differs = np.ones(len(ranked) + 1, np.bool_)
        differs[1:-1] = (np.diff(values[ranked]) != 0) | (np.diff(moments[ranked]) != 0)
        edges = np.flatnonzero(differs)
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if end - start > 1:
                tied = np.sort(ranked[start:end])
                ranked[start:end] = tied[self._by_key(shared[tied], order.key)]
        ranks = np.zeros(view.count, np.int64)
        ranks[shared[ranked]] = np.arange(len(ranked))
        return ranks

    def _by_key(self, documents: Ints, key: str) -> list[int]:
        """Return the places of the documents (ascending) in the order of their keys."""
        found, place = [], 0
        for part, chosen in self._view.split(documents):
            ranks = part.opened.ranks(key)[documents[chosen] - part.base]
            dictionary = part.opened.fields[key].dictionary
            for rank in ranks.tolist():
                found.append((dictionary.term(rank), place))
                place += 1
        return [place for _, place in sorted(found)]


def shared_values(view: View, column: str) -> SharedValues:
    """Return the values of a late column, cached for the generation. Raises FileDamaged."""
    found: SharedValues | None = view.derived.get(("shared", column))
    if found is None:
        found = view.derived["shared", column] = SharedValues(view, column)
    return found
