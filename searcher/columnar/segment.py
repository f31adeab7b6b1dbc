"""A segment as the table of contents describes it.

The class is pickled there by its name: it must not be moved or renamed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec.base import Segment

from searcher.columnar.arrays import Bools, Ints
from searcher.columnar.files.open_segment import OpenSegment, open_segment
from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.readers import ReadingCodec


class ColumnarSegment(Segment):  # type: ignore[misc]
    """The name of a segment, its number of documents, which of them are deleted, and the number of
    the file of its late columns."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._count = 0
        self._deleted: Bools | None = None
        self._deleted_count = 0
        self.late = 0
        """The number of the file of its late columns (see `late_columns`); 0 if it has none."""

    def __getstate__(self) -> dict[str, Any]:
        deleted = (
            np.packbits(self._deleted).tobytes()
            if self._deleted is not None and self._deleted_count
            else b""
        )
        return {
            "indexname": self.indexname,
            "segid": self.segid,
            "count": self._count,
            "deleted": zlib.compress(deleted, 1) if deleted else b"",
            **({"late": self.late} if self.late else {}),
            "sum": self._sum(deleted),
        }

    def _sum(self, deleted: bytes) -> int:
        """Return the checksum of the state."""
        late = f"{self.late} " if self.late else ""
        text = f"{self.indexname} {self.segid} {self._count} {late}"
        return zlib.crc32(text.encode() + deleted)

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Not by Whoosh's __init__, which draws an id: of 40 segments in .14 ms, at each opening.
        self.indexname = state["indexname"]
        self.segid = state["segid"]
        self.compound = False
        self._count = state["count"]
        self.late = state.get("late", 0)
        self._deleted, self._deleted_count = None, 0
        packed = zlib.decompress(state["deleted"]) if state["deleted"] else b""
        if self._sum(packed) != state["sum"]:
            raise FileDamaged(
                f"the table of contents is damaged: its entry of segment {self.segment_id()} has "
                "a wrong checksum"
            )
        if packed:
            bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=self._count)
            self._deleted = bits.astype(np.bool_)
            self._deleted_count = int(bits.sum())

    def codec(self, **_: Any) -> ReadingCodec:
        """Return the codec that Whoosh reads the segment with."""
        return ReadingCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, count: int) -> None:
        """Set the number of documents, when the segment is written."""
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
        """Mark documents as deleted, or with `delete` false as not deleted.

        documents: numbers in the segment, in any order.
        """
        # A reader opened on this state keeps its array, so a new one is made.
        deleted = np.zeros(self._count, np.bool_) if self._deleted is None else self._deleted.copy()
        deleted[documents] = delete
        self._deleted, self._deleted_count = deleted, int(deleted.sum())

    @property
    def live(self) -> Bools | None:
        """Whether each document is live; None if all are."""
        return ~self._deleted if self._deleted is not None and self._deleted_count else None

    def open(self, storage: Any) -> OpenSegment:
        """Return the segment's file, opened. Raises OSError and FileDamaged."""
        return open_segment(storage, self)
