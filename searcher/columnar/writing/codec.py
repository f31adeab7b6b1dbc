"""The codec: how Whoosh writes our segments, and reads them.

Methods whose names are Whoosh's are described in `whoosh.codec.base`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh.codec.base import FieldWriter, PerDocumentReader, PerDocumentWriter, Segment
from whoosh.fields import FieldType
from whoosh.formats import Format

from searcher.columnar.arrays import Ints
from searcher.columnar.constants import MEMORY
from searcher.columnar.files.open_segment import EXTENSION
from searcher.columnar.files.segment_file import new_segment_file
from searcher.columnar.readers import ReadingCodec
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.writing.builder import SegmentBuilder
from searcher.columnar.writing.collected_postings import Rows, rows_of


class ColumnarCodec(ReadingCodec):
    """Segments as arrays in one file. It works with any writer of Whoosh's; `ColumnarWriter` is
    faster.

    It owns the builders of the segments that are being written. Whoosh writes a segment through two
    objects, one for documents and one for postings, and both add to the segment's builder.
    """

    def __init__(self) -> None:
        self._builders: dict[str, SegmentBuilder] = {}

    def builder(self, storage: Any, segment: Segment) -> SegmentBuilder:
        """Return the builder of a segment that is not written yet."""
        found = self._builders.get(segment.segment_id())
        if found is None:
            found = SegmentBuilder(getattr(storage, "folder", None))
            self._builders[segment.segment_id()] = found
        return found

    def take_builder(self, segment: Segment) -> SegmentBuilder | None:
        """Remove the builder of a segment and return it; None if it was removed before."""
        return self._builders.pop(segment.segment_id(), None)

    def write(self, storage: Any, segment: ColumnarSegment) -> None:
        """Write the file of a segment, unless that is done. Raises OSError."""
        builder = self.take_builder(segment)
        if builder is not None:
            write_segment(storage, segment, builder)

    def per_document_writer(
        self, storage: Any, segment: ColumnarSegment
    ) -> ColumnarPerDocumentWriter:
        return ColumnarPerDocumentWriter(self, storage, segment)

    def field_writer(self, storage: Any, segment: ColumnarSegment) -> ColumnarFieldWriter:
        return ColumnarFieldWriter(self, storage, segment)

    def per_document_reader(self, storage: Any, segment: Segment) -> PerDocumentReader:
        builder = self._builders.get(segment.segment_id())
        if builder is not None:
            return PendingLengths(builder)
        return super().per_document_reader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)


def write_segment(
    storage: Any, segment: ColumnarSegment, builder: SegmentBuilder, memory: int = MEMORY
) -> None:
    """Write the file of a segment.

    memory: bytes that writing may take. Raises OSError; then no part of the file remains.
    """
    with new_segment_file(storage, segment.make_filename(EXTENSION)) as file:
        builder.write(file, memory)
    segment.set_doc_count(builder.count)


class PendingLengths(PerDocumentReader):  # type: ignore[misc]
    """The lengths of documents whose segment is not written yet: Whoosh reads them when it adds the
    postings."""

    def __init__(self, builder: SegmentBuilder) -> None:
        self._builder = builder
        self._lengths: dict[str, Ints] = {}

    def doc_count_all(self) -> int:
        return self._builder.count

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        if fieldname not in self._lengths:
            self._lengths[fieldname] = self._builder.lengths(fieldname)
        return int(self._lengths[fieldname][docnum])


class ColumnarPerDocumentWriter(PerDocumentWriter):  # type: ignore[misc]
    """Adds stored fields, lengths, columns and vectors of documents to the segment's builder."""

    def __init__(self, codec: ColumnarCodec, storage: Any, segment: ColumnarSegment) -> None:
        self._codec = codec
        self._storage = storage
        self._segment = segment
        self._builder = codec.builder(storage, segment)
        self._document = 0
        self._stored: dict[str, Any] = {}
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        self._document = docnum
        self._stored = {}

    def add_field(self, fieldname: str, fieldobj: FieldType, value: Any, length: int) -> None:
        if value is not None:
            self._stored[fieldname] = value
        if length:
            self._builder.add_length(fieldname, self._document, length)

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        self._builder.add_value(fieldname, columnobj, self._document, value)

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: Iterable[Any]) -> None:
        self._builder.add_vector(fieldname, Rows(_VECTOR_FIELD), self._document, items)

    def finish_doc(self) -> None:
        # Numbers are given in order; a cancelled document leaves no gap.
        self._builder.add_stored(self._stored)
        self._builder.count = self._document + 1

    def cancel_doc(self) -> None:
        """Do nothing: no part of the document is stored yet, and the next document gets its
        number."""

    def close(self) -> None:
        # If there is a writer of postings, too, that one writes the segment when it is closed.
        if not self._builder.has_field_writer:
            self._codec.write(self._storage, self._segment)
        self.is_closed = True


class _VectorFormat(Format):  # type: ignore[misc]
    """A format of values that are kept as they are."""


_VECTOR_FIELD = FieldType(_VectorFormat(), None)


class ColumnarFieldWriter(FieldWriter):  # type: ignore[misc]
    """Adds postings in Whoosh's order to the segment's builder. Writes the segment when closed."""

    def __init__(self, codec: ColumnarCodec, storage: Any, segment: ColumnarSegment) -> None:
        self._codec = codec
        self._storage = storage
        self._segment = segment
        self._builder = codec.builder(storage, segment)
        self._builder.has_field_writer = True
        self._term = b""
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        self._rows = self._builder.rows.setdefault(fieldname, rows_of(fieldobj))

    def start_term(self, text: Any) -> None:
        self._term = text if isinstance(text, bytes) else text.encode()

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        self._rows.add(self._term, docnum, weight, vbytes or b"")
        self._builder.count = max(self._builder.count, docnum + 1)

    def finish_term(self) -> None:
        """Do nothing: a term needs no end."""

    def close(self) -> None:
        self._codec.write(self._storage, self._segment)
        self.is_closed = True
