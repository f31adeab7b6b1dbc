"""The postings and columns of a Whoosh reader as arrays. Documents are numbered through all segments."""

from __future__ import annotations

import threading
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from searcher.article import Article
from searcher.engine.arrays import Floats
from searcher.engine.arrays import Ints
from searcher.engine.evaluate import Documents
from searcher.engine.terms import FORM
from searcher.engine.whoosh_schema import NO_DATE
from searcher.engine.whoosh_schema import unpack
from searcher.errors import IndexDamaged
from searcher.text.tokens import ENDS_COMPOUND


class WhooshPostings:
    """Reads through Whoosh's own matchers and columns. They share file positions, so one thread reads at a time."""

    def __init__(self, reader: Any) -> None:
        self._segments: list[tuple[Any, int]] = list(reader.leaf_readers())
        self._reader = reader
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Where Whoosh reads: one thread at a time, and any failure of it is damage.

        Whoosh reads pickles and compressed blocks without checksums: a damaged file can raise anything.
        """
        with self._lock:
            try:
                yield
            except Exception as error:
                raise IndexDamaged(f"the index is damaged: {error!r}; “searcher check” says where") from error

    def frequencies(self, field: str, term: str) -> tuple[Ints, Floats]:
        ids, counts = self._read(field, term, lambda matcher: matcher.weight())
        return ids, np.array(counts, np.float64)

    def occurrences(self, field: str, term: str) -> Ints:
        ids, values = self._read(field, term, lambda matcher: matcher.value())
        positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
        return np.repeat(ids << 32, [len(value) // 4 for value in values]) | positions

    def _read(self, field: str, term: str, value: Callable[[Any], Any]) -> tuple[Ints, list[Any]]:
        """The documents that hold the term, and for each what `value` takes from Whoosh's matcher there."""
        ids, values = [], []
        with self.reading():
            for matcher, base in self.matchers(field, term.encode()):
                while matcher.is_active():
                    ids.append(base + matcher.id())
                    values.append(value(matcher))
                    matcher.next()
        return np.array(ids, np.int64), values

    def matchers(self, field: str, term: bytes) -> Iterator[tuple[Any, int]]:
        """Whoosh's matcher for the term in each segment that has it, and the number of the segment's first document."""
        for reader, base in self._segments:
            if (field, term) in reader:
                yield reader.postings(field, term), base

    def stored(self, number: int) -> Article:
        """The article of a document."""
        with self.reading():
            return unpack(self._reader.stored_fields(number)["article"])

    @cached_property
    def documents(self) -> Documents:
        with self.reading():
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
        with self.reading():
            values = [value for reader, _ in self._segments for value in _column(reader, name)]
        return [value.decode() if isinstance(value, bytes) else value for value in values]


def _column(reader: Any, name: str) -> Iterable[Any]:
    if reader.has_column(name):
        column = reader.column_reader(name)
        return (column[number] for number in range(reader.doc_count_all()))
    default = reader.schema[name].column_type.default_value()
    return (default for _ in range(reader.doc_count_all()))


class WhooshVocabulary:
    """The forms of live documents; the list of all of them, which fuzzy words need, is kept once made."""

    def __init__(self, reader: Any, postings: WhooshPostings) -> None:
        self._reader = reader
        self._postings = postings

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        with self._postings.reading():
            for form in self._reader.expand_prefix(FORM, prefix.encode()):
                if count := self._count(form):
                    yield form.decode(), count

    @cached_property
    def _forms(self) -> list[str]:
        with self._postings.reading():
            forms = (form.decode() for form in self._reader.lexicon(FORM))
            return [form for form in forms if form[0] != ENDS_COMPOUND]

    def within(self, word: str, distance: int) -> list[tuple[str, int, int]]:
        found = process.extract(word, self._forms, scorer=OSA.distance, score_cutoff=distance, limit=None)
        with self._postings.reading():
            counted = [(form, edits, self._count(form.encode())) for form, edits, _ in found]
        return [entry for entry in counted if entry[2]]

    def _count(self, form: bytes) -> int:
        """How many live articles hold a form. Whoosh counts deleted ones until their segment is merged."""
        if not self._reader.has_deletions():
            return int(self._reader.doc_frequency(FORM, form))
        return sum(1 for matcher, _ in self._postings.matchers(FORM, form) for _ in matcher.all_ids())
