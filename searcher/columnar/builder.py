"""A segment in the making: everything that is added to one, written as one file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from whoosh.columns import Column
from whoosh.filedb.structfile import StructFile
from whoosh.writing import IndexingError

from searcher.columnar.arrays import Array, Ints, narrow
from searcher.columnar.fields import Analysed
from searcher.columnar.lists import Lists, ListsWriter, Zones
from searcher.columnar.rows import Rows, add_all
from searcher.columnar.segment_file import SegmentFileWriter, Spool
from searcher.columnar.stored import Fields, StoredWriter
from searcher.columnar.words import Words

EXTENSION = ".col"
MEMORY = 256 << 20
"""Bytes that a writer may take, unless told otherwise."""
_VALUE_BYTES = 100
"""What a value of a column takes in memory, about, where the column does not write it at once."""
_LENGTH_BYTES = 24


class ColumnSpool:
    """A column that is written value by value, into a temporary file when it is large."""

    def __init__(self, folder: str | None, column: Column) -> None:
        self._spool = Spool(np.uint8, folder)
        self._writer = column.writer(StructFile(self._spool.file))

    def add(self, document: int, value: Any) -> None:
        """Documents come in order."""
        self._writer.add(document, value)

    def finish(self, file: SegmentFileWriter, name: str, count: int) -> None:
        """Writes the column of `count` documents to the file of the segment. Raises OSError."""
        self._writer.finish(count)
        self._spool.count = self._spool.file.tell()
        file.add_spool(f"columns.{name}", self._spool)


class SegmentBuilder:
    """Collects documents, numbered from 0 in the order in which they come."""

    def __init__(self, folder: str | None, words: Mapping[str, Words] | None = None) -> None:
        """folder: for temporary files. words: for texts that the writer analyses, by name."""
        self.folder = folder
        self.count = 0
        self.has_field_writer = False
        self.rows: dict[str, Rows] = {}
        self.words = dict(words or {})
        self.stored = StoredWriter(folder)
        self._lengths: dict[str, tuple[array[int], array[int]]] = {}
        self._columns: dict[str, ColumnSpool] = {}
        self._vectors: dict[str, Rows] = {}
        self._values = 0

    @property
    def memory(self) -> int:
        """The memory taken, about, and that writing will take."""
        rows = sum(rows.bytes for rows in (*self.rows.values(), *self._vectors.values()))
        lengths = sum(len(lengths) for _, lengths in self._lengths.values()) * _LENGTH_BYTES
        words = sum(words.bytes for words in self.words.values())
        return rows + lengths + words + self._values * _VALUE_BYTES

    def add_length(self, field: str, document: int, length: int) -> None:
        """The length of a document in a field."""
        if field not in self._lengths:
            self._lengths[field] = (array("I"), array("I"))
        documents, lengths = self._lengths[field]
        documents.append(document)
        lengths.append(length)

    def add_value(self, field: str, column: Column, document: int, value: Any) -> None:
        """The value of a document in a column."""
        if field not in self._columns:
            self._columns[field] = ColumnSpool(self.folder, column)
        self._columns[field].add(document, value)
        self._values += 1

    def add_vector(
        self, field: str, rows: Rows, document: int, items: Iterable[tuple[Any, float, bytes]]
    ) -> None:
        """The vector of a document: kept as a list whose term is the document and whose documents
        are numbers in the order of the vector's own terms, which are part of the values."""
        stored = self._vectors.setdefault(field, rows)
        for number, (text, weight, value) in enumerate(items):
            data = text if isinstance(text, bytes) else text.encode()
            # A vector gives its terms back as they were given.
            head = 2 * len(data) + isinstance(text, str)
            packed = head.to_bytes(4, "little") + data + (value or b"")
            stored.add(document.to_bytes(4, "big"), number, weight, packed)

    def add_words(self, name: str, document: int, text: Analysed) -> None:
        self.words[name].add(document, text)

    def add_stored(self, fields: Fields) -> None:
        """The stored fields of the next document."""
        self.stored.add(fields)

    def add_postings(
        self, schema: Any, items: Iterable[tuple[str, bytes, int, float, bytes]]
    ) -> None:
        add_all(self.rows, schema, items)

    def write(self, file: SegmentFileWriter, memory: int) -> None:
        """Writes the segment. memory: the bytes that there are for all that the writer does. Raises
        OSError."""
        lengths = {name: self.lengths(name) for name in self._lengths}
        lists: dict[str, Iterator[Lists]] = {
            name: iter([rows.lists()]) for name, rows in self.rows.items()
        }
        zones: dict[str, Zones | None] = {}
        for words in self.words.values():
            found, words_lengths, words_zones = words.finish(self.count, memory)
            lists.update(found)
            zones.update(dict.fromkeys(found, words_zones))
            lengths.update(dict.fromkeys(found, words_lengths))
        fields = {}
        for name in sorted(lists):
            writer = ListsWriter(file, f"postings.{name}", lengths.get(name), zones.get(name))
            for held in lists.pop(name):
                if held.terms:
                    writer.write(held)
            if writer.terms:
                fields[name] = writer.finish()
        for words in self.words.values():
            words.forget()
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
        sums = {name: int(values.sum()) for name, values in lengths.items()}
        file.finish(
            {
                "documents": self.count,
                "fields": fields,
                "vectors": vectors,
                "lengths": sums,
                "stored": names,
            }
        )

    def lengths(self, field: str) -> Ints:
        """The lengths of all documents so far in a field, as `add_length` was told them."""
        documents, lengths = self._lengths.get(field, (array("I"), array("I")))
        found = np.zeros(self.count, np.int64)
        if not len(documents):
            return found
        found[np.frombuffer(documents, np.uint32)] = np.frombuffer(lengths, np.uint32)
        return found


def write_lengths(file: SegmentFileWriter, lengths: Mapping[str, Array]) -> None:
    """Writes the documents' lengths in each field."""
    for name, values in sorted(lengths.items()):
        file.add(f"lengths.{name}", narrow(values))


class PostingPool:
    """What Whoosh's general way of adding puts postings into."""

    def __init__(self, builder: SegmentBuilder, schema: Any) -> None:
        self._builder = builder
        self._schema = schema

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        self._builder.add_postings(self._schema, [item])

    def iter_postings(self) -> Iterator[Any]:
        raise IndexingError("postings of this writer cannot be taken out again")

    def cleanup(self) -> None:
        """Nothing is kept outside of the builder."""
