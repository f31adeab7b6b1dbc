"""A segment: what the table of contents says of it, and its file opened for reading."""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.codec.base import Segment

from searcher.columnar.arrays import Array, Bools, Ints
from searcher.columnar.builder import EXTENSION
from searcher.columnar.columns import empty_column
from searcher.columnar.postings import FieldPostings
from searcher.columnar.segment_file import FileDamaged, Stored, open_segment_file
from searcher.columnar.stored import StoredReader


class ColumnarSegment(Segment):  # type: ignore[misc]
    """Pickled in the table of contents as its name, how many documents it has, and which of them
    are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._count = 0
        self._deleted: Bools | None = None
        self._deleted_count = 0

    def __getstate__(self) -> dict[str, Any]:
        deleted = (
            np.packbits(self._deleted).tobytes()
            if self._deleted is not None and self._deleted_count
            else b""
        )
        state = {"indexname": self.indexname, "segid": self.segid, "count": self._count}
        return {
            **state,
            "deleted": zlib.compress(deleted, 1) if deleted else b"",
            "sum": self._sum(deleted),
        }

    def _sum(self, deleted: bytes) -> int:
        return zlib.crc32(f"{self.indexname} {self.segid} {self._count} ".encode() + deleted)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__init__(state["indexname"])
        self.segid = state["segid"]
        self._count = state["count"]
        self._deleted, self._deleted_count = None, 0
        packed = zlib.decompress(state["deleted"]) if state["deleted"] else b""
        if self._sum(packed) != state["sum"]:
            raise FileDamaged(
                f"the table of contents is damaged: what it says of {self.segment_id()}"
            )
        if packed:
            bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=self._count)
            self._deleted = bits.astype(np.bool_)
            self._deleted_count = int(bits.sum())

    def codec(self, **_: Any) -> Any:
        from searcher.columnar.codec import ColumnarCodec

        return ColumnarCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, count: int) -> None:
        self._count = count

    def doc_count_all(self) -> int:
        return self._count

    def deleted_count(self) -> int:
        return self._deleted_count

    def deleted_docs(self) -> Iterator[int]:
        return iter(np.flatnonzero(self._deleted).tolist() if self._deleted is not None else ())

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh asks for the number after the last one, too.
        return (
            self._deleted is not None
            and docnum < len(self._deleted)
            and bool(self._deleted[docnum])
        )

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        self.delete_documents(np.array([docnum]), delete)

    def delete_documents(self, documents: Ints, delete: bool = True) -> None:
        """Marks documents as deleted, or with `delete` false as not."""
        # A reader opened on this state keeps the array that it was given.
        deleted = np.zeros(self._count, np.bool_) if self._deleted is None else self._deleted.copy()
        deleted[documents] = delete
        self._deleted, self._deleted_count = deleted, int(deleted.sum())

    @property
    def live(self) -> Bools | None:
        """Which documents are not deleted; None if all are."""
        return ~self._deleted if self._deleted is not None and self._deleted_count else None

    def open(self, storage: Any) -> OpenSegment:
        """The segment's file; opened once for all readers in the process. Raises OSError and
        FileDamaged."""
        key = (getattr(storage, "folder", None) or id(storage), self.segment_id())
        found = _open.get(key)
        if found is None:
            found = OpenSegment(storage, self.make_filename(EXTENSION))
            _open[key] = found
        if found.count != self._count:
            raise FileDamaged(
                f"{found.file.name} is damaged: it holds {found.count} documents, not {self._count}"
            )
        return found


_open: weakref.WeakValueDictionary[tuple[Any, str], OpenSegment] = weakref.WeakValueDictionary()


class OpenSegment:
    """The file of a segment: its fields, lengths, columns and stored fields. Safe in threads and
    after fork."""

    def __init__(self, storage: Any, name: str) -> None:
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
        self.stored = StoredReader(self.file, frozenset(meta["stored"]))
        self._readers: dict[str, Any] = {}
        self._same_lengths: dict[tuple[str, str], bool] = {}

    def lengths(self, field: str) -> Stored | None:
        """The lengths of all documents in a field, if it has lengths."""
        name = f"lengths.{field}"
        return self.file.array(name) if name in self.file else None

    def same_lengths(self, field: str, other: str) -> bool:
        """Whether all documents are as long in one field as in the other."""
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
        """The names of the columns in the file."""
        return [name.partition(".")[2] for name in self.file.names() if name.startswith("columns.")]

    def has_column(self, field: str) -> bool:
        return f"columns.{field}" in self.file

    def column(self, field: str) -> Array:
        """The bytes of a column as Whoosh's column type wrote them."""
        return self.file.array(f"columns.{field}").whole()

    def column_reader(self, field: str, column: Any) -> Any:
        """The reader of a column of a type of ours, which can be shared."""
        found = self._readers.get(field)
        if found is None:
            from whoosh.filedb.structfile import BufferFile

            data = (
                self.column(field) if self.has_column(field) else empty_column(column, self.count)
            )
            found = self._readers[field] = column.reader(
                BufferFile(data.data), 0, len(data), self.count
            )
        return found

    @cached_property
    def _ranks(self) -> dict[str, Ints]:
        return {}

    def ranks(self, field: str) -> Ints:
        """For each document the number of its term in a field of which every document has one."""
        found = self._ranks.get(field)
        if found is None:
            postings = self.fields[field]
            lists = postings.range_lists(0, postings.term_count)
            found = np.zeros(self.count, np.int64)
            found[lists.documents] = np.repeat(np.arange(postings.term_count), np.diff(lists.ends))
            self._ranks[field] = found = found.astype(np.int32)
        return found
