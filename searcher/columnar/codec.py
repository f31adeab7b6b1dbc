"""The codec: how Whoosh reads and writes our segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh.codec.base import Codec, FieldWriter, PerDocumentReader, PerDocumentWriter
from whoosh.fields import FieldType
from whoosh.formats import Format

from searcher.columnar.arrays import Ints
from searcher.columnar.builder import EXTENSION, MEMORY, SegmentBuilder
from searcher.columnar.readers import ColumnarDocuments, ColumnarTerms, added_column
from searcher.columnar.rows import Rows
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment_file import new_segment_file


class ColumnarCodec(Codec):  # type: ignore[misc]
    """Segments as arrays in one file. It works with any writer of Whoosh's; `ColumnarWriter` is
    faster."""

    length_stats = False

    def per_document_writer(
        self, storage: Any, segment: ColumnarSegment
    ) -> ColumnarPerDocumentWriter:
        return ColumnarPerDocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: ColumnarSegment) -> ColumnarFieldWriter:
        return ColumnarFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: ColumnarSegment) -> ColumnarTerms:
        return ColumnarTerms(segment.open(storage))

    def per_document_reader(self, storage: Any, segment: ColumnarSegment) -> PerDocumentReader:
        builder = segment.__dict__.get("builder")
        if builder is not None:
            return PendingLengths(builder)
        return ColumnarDocuments(segment.open(storage), segment, storage)

    def column_filename(self, segment: ColumnarSegment, fieldname: str) -> str:
        """The file of a column that Whoosh adds to a segment when that has been written."""
        return added_column(segment, fieldname)

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)


def builder_of(segment: ColumnarSegment, storage: Any) -> SegmentBuilder:
    """The builder that the two writers of a segment share, kept with it until it is written."""
    builder: SegmentBuilder | None = segment.__dict__.get("builder")
    if builder is None:
        builder = segment.__dict__["builder"] = SegmentBuilder(getattr(storage, "folder", None))
    return builder


def write_segment(
    storage: Any, segment: ColumnarSegment, builder: SegmentBuilder, memory: int = MEMORY
) -> None:
    """Writes the file of a segment. Raises OSError; what was written is then removed."""
    with new_segment_file(storage, segment.make_filename(EXTENSION)) as file:
        builder.write(file, memory)
    segment.set_doc_count(builder.count)


class PendingLengths(PerDocumentReader):  # type: ignore[misc]
    """The lengths of documents whose segment has not been written, for who adds their postings."""

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
    """Takes the documents' stored fields, lengths, columns and vectors."""

    def __init__(self, storage: Any, segment: ColumnarSegment) -> None:
        self._storage = storage
        self._segment = segment
        self._builder = builder_of(segment, storage)
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
        # Numbers are given in order; a document that was cancelled leaves none free.
        self._builder.add_stored(self._stored)
        self._builder.count = self._document + 1

    def cancel_doc(self) -> None:
        """Nothing of a document that was cancelled is stored; its number goes to the next one."""

    def close(self) -> None:
        # A segment without a writer of fields is complete; else that one writes it.
        if (
            not self._builder.has_field_writer
            and self._segment.__dict__.pop("builder", None) is not None
        ):
            write_segment(self._storage, self._segment, self._builder)
        self.is_closed = True


class _VectorFormat(Format):  # type: ignore[misc]
    """Values as they come."""


_VECTOR_FIELD = FieldType(_VectorFormat(), None)


class ColumnarFieldWriter(FieldWriter):  # type: ignore[misc]
    """Takes postings in Whoosh's order and writes the segment when it is closed."""

    def __init__(self, storage: Any, segment: ColumnarSegment) -> None:
        self._storage = storage
        self._segment = segment
        self._builder = builder_of(segment, storage)
        self._builder.has_field_writer = True
        self._term = b""
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        self._rows = self._builder.rows.setdefault(fieldname, Rows(fieldobj))

    def start_term(self, text: Any) -> None:
        self._term = text if isinstance(text, bytes) else text.encode()

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        self._rows.add(self._term, docnum, weight, vbytes or b"")
        self._builder.count = max(self._builder.count, docnum + 1)

    def finish_term(self) -> None:
        """A term needs no ending."""

    def close(self) -> None:
        if self._segment.__dict__.pop("builder", None) is not None:
            write_segment(self._storage, self._segment, self._builder)
        self.is_closed = True
