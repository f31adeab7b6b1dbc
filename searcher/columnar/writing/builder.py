"""A segment in memory, until it is written to one file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

import numpy as np
from whoosh.columns import Column
from whoosh.filedb.structfile import StructFile
from whoosh.writing import IndexingError

from searcher.columnar.arrays import Array, Ints, narrow
from searcher.columnar.fields import Analysed
from searcher.columnar.files.lists import Lists, ListsWriter, Zones
from searcher.columnar.files.segment_file import SegmentFileWriter, Spool
from searcher.columnar.files.stored import Fields, StoredFieldsWriter
from searcher.columnar.writing.collected_postings import CodeRows, Rows, add_all
from searcher.columnar.writing.inverter import TextInverter

_VALUE_BYTES = 100
"""Bytes of memory that a value of a column takes, about, in columns that collect values."""
_LENGTH_BYTES = 24
"""Bytes of memory that a document's length in a field takes, about, including the final array."""


class ColumnSpool:
    """A column that is written value by value, into a temporary file if it is large."""

    def __init__(self, folder: str | None, column: Column) -> None:
        """folder: for the temporary file; None for the system's. column: the column's type."""
        self._spool = Spool(np.uint8, folder)
        self._writer = column.writer(StructFile(self._spool.file))

    def add(self, document: int, value: Any) -> None:
        """Add a value. Documents are added in ascending order."""
        self._writer.add(document, value)

    def finish(self, file: SegmentFileWriter, name: str, count: int) -> None:
        """Write the column of `count` documents to the file of the segment. Raises OSError."""
        self._writer.finish(count)
        self._spool.count = self._spool.file.tell()
        file.add_spool(f"columns.{name}", self._spool)


class SegmentBuilder:
    """Collects documents, numbered from 0 in the order in which they are added."""

    def __init__(self, folder: str | None) -> None:
        """folder: for temporary files; None for the system's."""
        self.folder = folder
        self.count = 0
        """Number of documents."""
        self.has_field_writer = False
        """Whether Whoosh also adds postings. Then it closes two writers."""
        self.rows: dict[str, Rows | CodeRows] = {}
        """Postings that were added one by one, by field."""
        self.inverters: Mapping[str, TextInverter] = {}
        """Texts, by the name of their analysis. The writer owns them and reuses them, with their
        known chunks, in the next segment."""
        self.unplaced: Set[str] = frozenset()
        """The fields whose lists are written without positions."""
        self.stored = StoredFieldsWriter(folder)
        """Stored fields of all documents."""
        self._lengths: dict[str, tuple[array[int], array[int]]] = {}
        self._columns: dict[str, ColumnSpool] = {}
        self._vectors: dict[str, Rows] = {}
        self._values = 0

    @property
    def memory(self) -> int:
        """Bytes of memory taken, about, including the memory for writing."""
        rows = sum(rows.bytes for rows in (*self.rows.values(), *self._vectors.values()))
        lengths = sum(len(lengths) for _, lengths in self._lengths.values()) * _LENGTH_BYTES
        texts = sum(inverter.bytes for inverter in self.inverters.values())
        return rows + lengths + texts + self._values * _VALUE_BYTES + self.stored.memory

    def add_length(self, field: str, document: int, length: int) -> None:
        """Add the length of a document in a field."""
        if field not in self._lengths:
            self._lengths[field] = (array("I"), array("I"))
        documents, lengths = self._lengths[field]
        documents.append(document)
        lengths.append(length)

    def add_value(self, field: str, column: Column, document: int, value: Any) -> None:
        """Add the value of a document in a column."""
        if field not in self._columns:
            self._columns[field] = ColumnSpool(self.folder, column)
        self._columns[field].add(document, value)
        self._values += 1

    def add_vector(
        self, field: str, rows: Rows, document: int, items: Iterable[tuple[Any, float, bytes]]
    ) -> None:
        """Add the vector of a document: terms with weights and values.

        It is kept as an inverted list whose term is the document's number. Its postings are
        numbered in the order of the vector's terms, which are a part of the values.

        rows: where to add them, if this is the field's first vector.
        """
        stored = self._vectors.setdefault(field, rows)
        for number, (text, weight, value) in enumerate(items):
            data = text if isinstance(text, bytes) else text.encode()
            # The head tells text from bytes, because a vector returns its terms as they were given.
            head = 2 * len(data) + isinstance(text, str)
            packed = head.to_bytes(4, "little") + data + (value or b"")
            stored.add(document.to_bytes(4, "big"), number, weight, packed)

    def add_text(self, analysis: str, document: int, text: Analysed) -> None:
        """Add a text to the inverter of an analysis."""
        self.inverters[analysis].add(document, text)

    def add_stored(self, fields: Fields) -> None:
        """Add the stored fields of the next document."""
        self.stored.add(fields)

    def add_postings(
        self, schema: Any, items: Iterable[tuple[str, bytes, int, float, bytes]]
    ) -> None:
        """Add postings, each as (field, term, document, weight, value)."""
        add_all(self.rows, schema, items)

    def write(self, file: SegmentFileWriter, memory: int) -> None:
        """Write the segment.

        memory: bytes that the writer may take, of which the segment's are a part. Raises OSError.
        """
        lengths = {name: self.lengths(name) for name in self._lengths}
        lists: dict[str, Iterator[Lists]] = {
            name: iter([rows.lists()]) for name, rows in self.rows.items()
        }
        zones: dict[str, Zones | None] = {}
        for inverter in self.inverters.values():
            found, text_lengths, text_zones = inverter.finish(self.count, memory)
            lists.update(found)
            lists.update(
                (name, map(_unplaced, found[name])) for name in found.keys() & self.unplaced
            )
            zones.update(dict.fromkeys(found.keys() - self.unplaced, text_zones))
            lengths.update(dict.fromkeys(found, text_lengths))
        fields = _write_fields(file, lists, lengths, zones)
        for inverter in self.inverters.values():
            inverter.forget()
        vectors = {}
        for name, rows in sorted(self._vectors.items()):
            writer = ListsWriter(file, f"vectors.{name}", None)
            writer.write(rows.lists())
            vectors[name] = writer.finish()
        while self.stored.count < self.count:
            self.stored.add({})
        names = self.stored.finish(file)
        write_lengths(file, lengths)
        for name, column in sorted(self._columns.items()):
            column.finish(file, name, self.count)
        file.finish(directory(self.count, fields, vectors, lengths, names))

    def lengths(self, field: str) -> Ints:
        """Return the length of each document so far in a field, as `add_length` got them."""
        documents, lengths = self._lengths.get(field, (array("I"), array("I")))
        found = np.zeros(self.count, np.int64)
        if not len(documents):
            return found
        found[np.frombuffer(documents, np.uint32)] = np.frombuffer(lengths, np.uint32)
        return found


def _unplaced(lists: Lists) -> Lists:
    """Return the lists without positions."""
    return Lists(lists.terms, lists.ends, lists.documents, lists.counts)


def _write_fields(
    file: SegmentFileWriter,
    lists: dict[str, Iterator[Lists]],
    lengths: Mapping[str, Ints],
    zones: Mapping[str, Zones | None],
) -> dict[str, Any]:
    """Write the lists of all fields, and remove them from `lists` to free their memory. Return the
    fields' entries in the directory."""
    fields = {}
    for name in sorted(lists):
        writer = ListsWriter(file, f"postings.{name}", lengths.get(name), zones.get(name))
        for held in lists.pop(name):
            if held.terms:
                writer.write(held)
        if writer.terms:
            fields[name] = writer.finish()
    return fields


def write_lengths(file: SegmentFileWriter, lengths: Mapping[str, Array]) -> None:
    """Write the lengths of documents: one array for each field, with an element for each
    document."""
    for name, values in sorted(lengths.items()):
        file.add(f"lengths.{name}", narrow(values))


def directory(
    count: int,
    fields: Mapping[str, Any],
    vectors: Mapping[str, Any],
    lengths: Mapping[str, Ints],
    stored: list[str],
) -> dict[str, Any]:
    """Return the metadata in the directory of a segment's file.

    count: the number of documents.
    fields, vectors: entries by name, as `ListsWriter.finish` returns them.
    lengths: of each document, by field.
    stored: the names of all stored fields.
    """
    return {
        "documents": count,
        "fields": fields,
        "vectors": vectors,
        "lengths": {name: int(values.sum()) for name, values in lengths.items()},
        "stored": stored,
    }


class PostingPool:
    """Whoosh's pool of postings, for its own way of adding documents: it adds them to a builder."""

    def __init__(self, builder: SegmentBuilder, schema: Any) -> None:
        self._builder = builder
        self._schema = schema

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add a posting: field, term, document, weight and value."""
        self._builder.add_postings(self._schema, [item])

    def iter_postings(self) -> Iterator[Any]:
        """Raise IndexingError: the postings are the builder's."""
        raise IndexingError("postings of this writer cannot be taken out again")

    def cleanup(self) -> None:
        """Do nothing: the pool keeps nothing itself."""
