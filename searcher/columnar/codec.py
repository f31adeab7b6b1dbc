"""The codec: how Whoosh reads and writes our segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh.codec.base import Codec
from whoosh.codec.base import FieldWriter
from whoosh.codec.base import PerDocumentWriter
from whoosh.fields import FieldType
from whoosh.formats import Format

from searcher.columnar.builder import EXTENSION
from searcher.columnar.builder import SegmentBuilder
from searcher.columnar.readers import ColumnarDocuments
from searcher.columnar.readers import ColumnarTerms
from searcher.columnar.rows import Rows
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment_file import SegmentFileWriter


class ColumnarCodec(Codec):  # type: ignore[misc]
    """Segments as arrays in one file. It works with any writer of Whoosh's; `ColumnarWriter` is faster."""

    length_stats = False

    def per_document_writer(self, storage: Any, segment: ColumnarSegment) -> ColumnarPerDocumentWriter:
        return ColumnarPerDocumentWriter(builder_of(segment, storage))

    def field_writer(self, storage: Any, segment: ColumnarSegment) -> ColumnarFieldWriter:
        return ColumnarFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: ColumnarSegment) -> ColumnarTerms:
        return ColumnarTerms(segment.open(storage))

    def per_document_reader(self, storage: Any, segment: ColumnarSegment) -> ColumnarDocuments:
        return ColumnarDocuments(segment.open(storage), segment)

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)


def builder_of(segment: ColumnarSegment, storage: Any) -> SegmentBuilder:
    """The builder that the two writers of a segment share, kept with it until it is written."""
    builder: SegmentBuilder | None = segment.__dict__.get("builder")
    if builder is None:
        builder = segment.__dict__["builder"] = SegmentBuilder(getattr(storage, "folder", None))
    return builder


def write_segment(storage: Any, segment: ColumnarSegment, builder: SegmentBuilder, vocabulary: int = 0) -> None:
    """Writes the file of a segment. Raises OSError; what was written is then removed."""
    name = segment.make_filename(EXTENSION)
    try:
        file = storage.create_file(name)
        try:
            builder.write(SegmentFileWriter(file, builder.folder), vocabulary)
        finally:
            file.close()
    except BaseException:
        if storage.file_exists(name):
            storage.delete_file(name)
        raise
    segment.set_doc_count(builder.count)


class ColumnarPerDocumentWriter(PerDocumentWriter):  # type: ignore[misc]
    """Takes the documents' stored fields, lengths, columns and vectors."""

    def __init__(self, builder: SegmentBuilder) -> None:
        self._builder = builder
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
        self.is_closed = True


class _VectorFormat(Format):  # type: ignore[misc]
    """Values as they come."""


_VECTOR_FIELD = FieldType(_VectorFormat(), None)


class ColumnarFieldWriter(FieldWriter):  # type: ignore[misc]
    """Takes postings in Whoosh's order and writes the segment when it is closed."""

    def __init__(self, storage: Any, segment: ColumnarSegment) -> None:
        self._storage = storage
        self._segment = segment
        self._complete = False
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        builder_of(self._segment, self._storage).add_postings(schema, items)
        self._complete = True

    def close(self) -> None:
        builder = self._segment.__dict__.pop("builder", None)
        if self._complete and builder is not None:
            write_segment(self._storage, self._segment, builder)
        self.is_closed = True
