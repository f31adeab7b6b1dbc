"""The postings and columns of a Whoosh reader as arrays. Documents are numbered through all segments."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from searcher.engine.arrays import Floats
from searcher.engine.arrays import Ints
from searcher.engine.evaluate import Documents
from searcher.engine.terms import FORM
from searcher.engine.whoosh_schema import NO_DATE


class WhooshPostings:
    """Reads through Whoosh's own matchers and columns. They share file positions, so one thread reads at a time."""

    def __init__(self, reader: Any) -> None:
        self._segments: list[tuple[Any, int]] = list(reader.leaf_readers())
        self._reader = reader
        self.lock = threading.RLock()

    def frequencies(self, field: str, term: str) -> tuple[Ints, Floats]:
        ids, counts = [], []
        for matcher, base in self._matchers(field, term):
            while matcher.is_active():
                ids.append(base + matcher.id())
                counts.append(matcher.weight())
                matcher.next()
        return np.array(ids, np.int64), np.array(counts, np.float64)

    def occurrences(self, field: str, term: str) -> Ints:
        ids, values = [], []
        for matcher, base in self._matchers(field, term):
            while matcher.is_active():
                ids.append(base + matcher.id())
                values.append(matcher.value())
                matcher.next()
        positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
        counts = [len(value) // 4 for value in values]
        return np.repeat(np.array(ids, np.int64) << 32, counts) | positions

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Any, int]]:
        with self.lock:
            for reader, base in self._segments:
                if (field, term.encode()) in reader:
                    yield reader.postings(field, term.encode()), base

    @cached_property
    def documents(self) -> Documents:
        with self.lock:
            count = self._reader.doc_count_all()
            live = np.ones(count, np.bool_)
            length, published = np.zeros(count, np.int64), np.full(count, NO_DATE)
            language: list[bytes] = []
            for reader, base in self._segments:
                size = reader.doc_count_all()
                live[base : base + size] = [not reader.is_deleted(number) for number in range(size)]
                length[base : base + size] = list(_column(reader, "length"))
                published[base : base + size] = list(_column(reader, "published"))
                language.extend(_column(reader, "language"))
        names, codes = np.unique(np.array([name.decode() for name in language], dtype="U"), return_inverse=True)
        live_count = int(live.sum())
        average = float(length[live].sum()) / live_count if live_count else 0.0
        return Documents(
            live,
            length,
            published,
            published != NO_DATE,
            codes.astype(np.int64),
            tuple(names.tolist()),
            live_count,
            average,
        )

    @cached_property
    def id_ranks(self) -> Ints:
        """For each document the rank of its article's id among all ids."""
        ids = np.array(self.column("id"), dtype=object)
        ranks = np.empty(len(ids), np.int64)
        ranks[np.argsort(ids, kind="stable")] = np.arange(len(ids))
        return ranks

    def column(self, name: str) -> list[str]:
        """The values of a text column for all documents."""
        with self.lock:
            values = [value for reader, _ in self._segments for value in _column(reader, name)]
        return [value.decode() if isinstance(value, bytes) else value for value in values]


def _column(reader: Any, name: str) -> Iterable[Any]:
    if reader.has_column(name):
        column = reader.column_reader(name)
        return (column[number] for number in range(reader.doc_count_all()))
    default = reader.schema[name].column_type.default_value()
    return (default for _ in range(reader.doc_count_all()))


class WhooshVocabulary:
    """The forms of a reader; the list of all of them, which fuzzy words need, is kept once made."""

    def __init__(self, reader: Any, lock: threading.RLock) -> None:
        self._reader = reader
        self._lock = lock

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        with self._lock:
            for form in self._reader.expand_prefix(FORM, prefix.encode()):
                yield form.decode(), self._reader.doc_frequency(FORM, form)

    @cached_property
    def _forms(self) -> list[str]:
        with self._lock:
            return [form.decode() for form in self._reader.lexicon(FORM)]

    def within(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        found = process.extract(word, self._forms, scorer=OSA.distance, score_cutoff=distance, limit=None)
        with self._lock:
            return [(form, edits, self._reader.doc_frequency(FORM, form.encode())) for form, edits, _ in found]
