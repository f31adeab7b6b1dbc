"""The file of a segment, opened for reading."""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.base import Segment

from searcher.columnar.arrays import Array, Bools, Ints
from searcher.columnar.columns import empty_column
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import FileDamaged, VerifiedArray, open_segment_file
from searcher.columnar.files.stored import StoredFieldsReader

EXTENSION = ".col"
"""The end of the name of a segment's file. Part of the format."""


class _Mapped:
    """The bytes of a column as the file that its reader reads. They are not copied, as they are by
    Whoosh's BufferFile."""

    def __init__(self, data: Array) -> None:
        self._data = data.data

    def get(self, position: int, length: int) -> memoryview:
        return self._data[position : position + length]


class OpenSegment:
    """The fields, lengths, columns and stored fields of a segment. Safe in threads and after fork.

    Documents are numbered from 0, deleted ones included. Methods raise FileDamaged.
    """

    def __init__(self, storage: Any, name: str) -> None:
        """storage: Whoosh's. name: of the file in it. Raises OSError and FileDamaged."""
        self.file = open_segment_file(storage, name)
        meta = self.file.meta
        try:
            self.count = int(meta["documents"])
            self.fields = {
                field: FieldPostings(self.file, f"postings.{field}", entry)
                for field, entry in meta["fields"].items()
            }
            self.vectors = {
                field: FieldPostings(self.file, f"vectors.{field}", entry)
                for field, entry in meta["vectors"].items()
            }
            self.length_sums: dict[str, int] = meta["lengths"]
        except (KeyError, TypeError, ValueError) as error:
            raise FileDamaged(
                f"{name} is damaged: {error!r} is missing in its directory"
            ) from error
        self.stored = StoredFieldsReader(self.file, frozenset(meta["stored"]))
        self._readers: dict[str, Any] = {}
        self._same_lengths: dict[tuple[str, str], bool] = {}
        self._ranks: dict[str, Ints] = {}

    def lengths(self, field: str) -> VerifiedArray | None:
        """Return the length of each document in a field, in words; None if it has no lengths."""
        name = f"lengths.{field}"
        return self.file.array(name) if name in self.file else None

    def same_lengths(self, field: str, other: str) -> bool:
        """Return whether all documents have the same length in one field as in the other."""
        pair = (field, other)
        found = self._same_lengths.get(pair)
        if found is None:
            first, second = self.lengths(field), self.lengths(other)
            found = (
                first is not None
                and second is not None
                and np.array_equal(first.whole(), second.whole())
            )
            self._same_lengths[pair] = found
        return found

    def columns(self) -> list[str]:
        """Return the names of the columns in the file."""
        return [name.partition(".")[2] for name in self.file.names() if name.startswith("columns.")]

    def has_column(self, field: str) -> bool:
        """Return whether the file has a column of this name."""
        return f"columns.{field}" in self.file

    def column(self, field: str) -> Array:
        """Return the bytes of a column (uint8) as Whoosh's column type wrote them."""
        return self.file.array(f"columns.{field}").whole()

    def column_reader(self, field: str, column: Any) -> Any:
        """Return the reader of a column of one of our types, which threads can share.

        column: the type, which also gives the values if the file has no such column.
        """
        found = self._readers.get(field)
        if found is None:
            data = (
                self.column(field) if self.has_column(field) else empty_column(column, self.count)
            )
            found = self._readers[field] = column.reader(_Mapped(data), 0, len(data), self.count)
        return found

    def ranks(self, field: str) -> Ints:
        """Return for each document the number of its term (int32), in a field of which every
        document has one term."""
        found = self._ranks.get(field)
        if found is None:
            postings = self.fields[field]
            lists = postings.range_lists(0, postings.term_count)
            found = np.zeros(self.count, np.int64)
            found[lists.documents] = np.repeat(np.arange(postings.term_count), np.diff(lists.ends))
            self._ranks[field] = found = found.astype(np.int32)
        return found


class Part(NamedTuple):
    """A segment in its place in the index."""

    opened: OpenSegment
    """Its file."""
    base: int
    """The number in the index of its first document."""
    live: Bools | None
    """Whether each of its documents is live; None if all are."""

    @property
    def end(self) -> int:
        """The number in the index after its last document."""
        return self.base + self.opened.count


class OpenSegments:
    """The segments that are open in this process: each file is mapped, verified and cached once,
    however many readers use it.

    A segment is dropped as soon as no reader refers to it. Written files never change and names of
    segments are random, so no entry is ever out of date. Safe in threads. Two threads that open a
    segment at the same time may open it twice; one copy is dropped later.
    """

    def __init__(self) -> None:
        self._held: weakref.WeakValueDictionary[tuple[Any, str], OpenSegment] = (
            weakref.WeakValueDictionary()
        )

    def open(self, storage: Any, segment: Segment) -> OpenSegment:
        """Return the file of a segment, opened. Raises OSError and FileDamaged."""
        # A storage that is no folder is itself the place of its files.
        key = (getattr(storage, "folder", None) or id(storage), segment.segment_id())
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = OpenSegment(storage, segment.make_filename(EXTENSION))
        if found.count != segment.doc_count_all():
            count = segment.doc_count_all()
            raise FileDamaged(
                f"{found.file.name} is damaged: it holds {found.count} documents, not {count}"
            )
        return found


_OPEN = OpenSegments()
"""The open segments of this process. They are kept here because Whoosh makes new readers and
storages for each commit."""


def open_segment(storage: Any, segment: Segment) -> OpenSegment:
    """Return the file of a segment, opened once for all readers in this process. Raises OSError and
    FileDamaged."""
    return _OPEN.open(storage, segment)
