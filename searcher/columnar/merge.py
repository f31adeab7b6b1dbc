"""Segments merged into one, some terms at a time, so that memory does not grow with the
segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from searcher.columnar.arrays import Ints
from searcher.columnar.builder import EXTENSION, ColumnSpool, write_lengths
from searcher.columnar.combine import Source, merge_field
from searcher.columnar.lists import ListsWriter, Zones
from searcher.columnar.readers import ColumnarDocuments, added_column
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment_file import SegmentFileWriter, new_segment_file
from searcher.columnar.stored import StoredWriter

_ENTRY_BYTES = 400
"""So many bytes of all memory there are for each entry, be it a term, a posting or a position, that
is merged at once; they take a fifth of that."""


def _sources(storage: Any, segments: Sequence[ColumnarSegment]) -> list[Source]:
    sources, base = [], 0
    for segment in segments:
        opened, live = segment.open(storage), segment.live
        numbers = (
            np.arange(base, base + opened.count) if live is None else np.cumsum(live) + (base - 1)
        )
        sources.append(Source(opened, ColumnarDocuments(opened, segment, storage), live, numbers))
        base += segment.doc_count()
    return sources


def merge_segments(
    storage: Any, schema: Any, indexname: str, segments: Sequence[ColumnarSegment], memory: int
) -> ColumnarSegment:
    """A new segment with the live documents of `segments`, in their order, and the fields of
    `schema`.

    memory: bytes that it may take. Raises OSError, when nothing of the new segment is left, and
    FileDamaged.
    """
    sources = _sources(storage, segments)
    merged = ColumnarSegment(indexname)
    merged.set_doc_count(sum(segment.doc_count() for segment in segments))
    with new_segment_file(storage, merged.make_filename(EXTENSION)) as file:
        _write(file, sources, schema, merged.doc_count(), memory)
    return merged


def _write(
    file: SegmentFileWriter, sources: Sequence[Source], schema: Any, count: int, memory: int
) -> None:
    names = {name for source in sources for name in source.opened.fields if name in schema}
    held = {name for source in sources for name in source.opened.length_sums if name in schema}
    lengths = {name: _lengths(sources, name) for name in sorted(held)}
    fields = {}
    for name in sorted(names):
        writer = ListsWriter(file, f"postings.{name}", lengths.get(name), _zones(sources, name))
        merge_field(writer, sources, name, memory // _ENTRY_BYTES)
        if writer.terms:
            fields[name] = writer.finish()
    vectors = {}
    for name in sorted(
        {name for source in sources for name in source.opened.vectors if name in schema}
    ):
        writer = ListsWriter(file, f"vectors.{name}", None)
        _merge_vectors(writer, sources, name)
        if writer.terms:
            vectors[name] = writer.finish()
    stored = StoredWriter(file.folder)
    for source in sources:
        removed = {name for name in source.opened.stored.names if name not in schema}
        source.opened.stored.copy_to(stored, source.live, removed)
    stored_names = stored.finish(file)
    write_lengths(file, lengths)
    # A field of a pattern is in the schema, but not among its names.
    columns = {
        name
        for source in sources
        for name in (*schema.names(), *source.opened.columns())
        if name in schema
    }
    for name in sorted(columns):
        if schema[name].column_type and any(source.reader.has_column(name) for source in sources):
            _merge_column(file, sources, name, schema[name].column_type, count)
    sums = {name: int(values.sum()) for name, values in lengths.items()}
    file.finish(
        {
            "documents": count,
            "fields": fields,
            "vectors": vectors,
            "lengths": sums,
            "stored": stored_names,
        }
    )


def _lengths(sources: Sequence[Source], field: str) -> Ints:
    parts = []
    for source in sources:
        stored = source.opened.lengths(field)
        held = (
            stored.whole().astype(np.int64) if stored else np.zeros(source.opened.count, np.int64)
        )
        parts.append(held if source.live is None else held[source.live])
    return np.concatenate(parts)


def _zones(sources: Sequence[Source], field: str) -> Zones | None:
    """The zones of all documents, if they begin at one position in all segments."""
    held = [
        source.opened.fields[field].zones if field in source.opened.fields else None
        for source in sources
    ]
    starts = {zones.start for zones in held if zones is not None}
    if len(starts) != 1:
        return None
    parts = []
    for source, zones in zip(sources, held, strict=True):
        lengths = zones.lengths if zones is not None else np.zeros(source.opened.count, np.uint8)
        parts.append(lengths if source.live is None else lengths[source.live])
    if any(
        zones is None and field in source.opened.fields
        for source, zones in zip(sources, held, strict=True)
    ):
        return None
    return Zones(starts.pop(), np.concatenate(parts))


def _merge_vectors(writer: ListsWriter, sources: Sequence[Source], name: str) -> None:
    """Vectors go over one source after the other: their terms are documents, which keep their
    order."""
    for source in sources:
        postings = source.opened.vectors.get(name)
        if postings is None:
            continue
        for number in range(postings.term_count):
            document = int.from_bytes(postings.term(number), "big")
            if source.live is None or source.live[document]:
                lists = postings.range_lists(number, number + 1)
                lists.terms = [int(source.numbers[document]).to_bytes(4, "big")]
                writer.write(lists)


def _merge_column(
    file: SegmentFileWriter, sources: Sequence[Source], name: str, column: Any, count: int
) -> None:
    spool = ColumnSpool(file.folder, column)
    for source in sources:
        if source.reader.has_column(name):
            reader = source.reader.column_reader(name, column)
            live = (
                range(source.opened.count)
                if source.live is None
                else np.flatnonzero(source.live).tolist()
            )
            for document in live:
                spool.add(int(source.numbers[document]), reader[document])
    spool.finish(file, name, count)


def is_current(storage: Any, schema: Any, segment: ColumnarSegment) -> bool:
    """Return whether the segment would be written again as it is: nothing is deleted, no field was
    removed from the schema, no column was added, and the bounds on scores can be used."""
    opened = segment.open(storage)
    names = {
        *opened.fields,
        *opened.vectors,
        *opened.length_sums,
        *opened.columns(),
        *opened.stored.names,
    }
    added = any(storage.file_exists(added_column(segment, name)) for name in schema.names())
    bounded = all(
        postings.has_current_bounds
        for postings in opened.fields.values()
        if postings.peaks is not None
    )
    return (
        bounded
        and not segment.has_deletions()
        and not added
        and all(name in schema for name in names)
    )
