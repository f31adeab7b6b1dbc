"""Segments merged into one, some terms at a time, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from searcher.columnar.arrays import Ints
from searcher.columnar.files.lists import ListsWriter, Zones
from searcher.columnar.files.open_segment import EXTENSION
from searcher.columnar.files.segment_file import SegmentFileWriter, new_segment_file
from searcher.columnar.files.stored import merged_writer
from searcher.columnar.late_columns import merge_late
from searcher.columnar.readers import ColumnarDocuments, added_column
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.writing.builder import ColumnSpool, directory, write_lengths
from searcher.columnar.writing.merge_lists import MergeSource, merge_field

_ENTRY_BYTES = 400
"""Bytes of memory of a merge for each entry (term, posting or position) in a batch. An entry takes
about a fifth of them. The rest is for uneven lists and for other arrays. Larger makes batches
smaller."""


def _sources(storage: Any, segments: Sequence[ColumnarSegment]) -> list[MergeSource]:
    """Return the segments, opened, with the new numbers of their documents. Raises OSError and
    FileDamaged."""
    sources, base = [], 0
    for segment in segments:
        opened, live = segment.open(storage), segment.live
        numbers = (
            np.arange(base, base + opened.count) if live is None else np.cumsum(live) + (base - 1)
        )
        sources.append(
            MergeSource(opened, ColumnarDocuments(opened, segment, storage), live, numbers)
        )
        base += segment.doc_count()
    return sources


def merge_segments(
    storage: Any, schema: Any, indexname: str, segments: Sequence[ColumnarSegment], memory: int
) -> ColumnarSegment:
    """Return a new segment with the live documents of `segments`, in their order, and the fields
    of `schema`.

    memory: bytes that merging may take.

    Raises OSError and FileDamaged; then the new segment belongs to no index.
    """
    sources = _sources(storage, segments)
    merged = ColumnarSegment(indexname)
    merged.set_doc_count(sum(segment.doc_count() for segment in segments))
    with new_segment_file(storage, merged.make_filename(EXTENSION)) as file:
        _write(file, sources, schema, merged.doc_count(), memory)
    live = [
        np.arange(source.opened.count) if source.live is None else np.flatnonzero(source.live)
        for source in sources
    ]
    merge_late(storage, merged, list(zip(segments, live, strict=True)))
    return merged


def _write(
    file: SegmentFileWriter, sources: Sequence[MergeSource], schema: Any, count: int, memory: int
) -> None:
    """Write the merged segment. count: its number of documents. Raises OSError and FileDamaged."""
    names = {name for source in sources for name in source.opened.fields if name in schema}
    held = {name for source in sources for name in source.opened.length_sums if name in schema}
    lengths = {name: _lengths(sources, name) for name in sorted(held)}
    fields = {}
    for name in sorted(names):
        writer = ListsWriter(file, f"postings.{name}", lengths.get(name), _zones(sources, name))
        merge_field(writer, sources, name, memory // _ENTRY_BYTES)
        if writer.terms:
            fields[name] = writer.finish()
        # Else the process has as much memory as the segments, though none of it is needed again.
        for source in sources:
            source.opened.file.release()
    vectors = {}
    for name in sorted(
        {name for source in sources for name in source.opened.vectors if name in schema}
    ):
        writer = ListsWriter(file, f"vectors.{name}", None)
        _merge_vectors(writer, sources, name)
        if writer.terms:
            vectors[name] = writer.finish()
    stored = merged_writer(file.folder, [source.opened.stored for source in sources])
    for source in sources:
        removed = {name for name in source.opened.stored.names if name not in schema}
        source.opened.stored.copy_to(stored, source.live, removed)
    stored_names = stored.finish(file)
    write_lengths(file, lengths)
    # A field of the schema that has a name with a wildcard is not among its names.
    columns = {
        name
        for source in sources
        for name in (*schema.names(), *source.opened.columns())
        if name in schema
    }
    for name in sorted(columns):
        if schema[name].column_type and any(source.reader.has_column(name) for source in sources):
            _merge_column(file, sources, name, schema[name].column_type, count)
    file.finish(directory(count, fields, vectors, lengths, stored_names))


def _lengths(sources: Sequence[MergeSource], field: str) -> Ints:
    """Return the length of each live document in a field, 0 where a segment has none."""
    parts = []
    for source in sources:
        stored = source.opened.lengths(field)
        held = (
            stored.whole().astype(np.int64) if stored else np.zeros(source.opened.count, np.int64)
        )
        parts.append(held if source.live is None else held[source.live])
    return np.concatenate(parts)


def _zones(sources: Sequence[MergeSource], field: str) -> Zones | None:
    """Return the zones of the live documents; None unless the second one begins at the same
    position in all segments."""
    held = [_zones_of(source, field) for source in sources]
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


def _zones_of(source: MergeSource, field: str) -> Zones | None:
    """Return the zones of a segment's documents, if it has the field and they have two."""
    postings = source.opened.fields.get(field)
    positions = postings.positions if postings is not None else None
    return positions.zones if positions is not None else None


def _merge_vectors(writer: ListsWriter, sources: Sequence[MergeSource], name: str) -> None:
    """Write the vectors of the live documents, source by source: the terms of a vector are document
    numbers, which stay in order."""
    for source in sources:
        postings = source.opened.vectors.get(name)
        if postings is None:
            continue
        for number in range(postings.term_count):
            document = int.from_bytes(postings.dictionary.term(number), "big")
            if source.live is None or source.live[document]:
                lists = postings.range_lists(number, number + 1)
                lists.terms = [int(source.numbers[document]).to_bytes(4, "big")]
                writer.write(lists)


def _merge_column(
    file: SegmentFileWriter, sources: Sequence[MergeSource], name: str, column: Any, count: int
) -> None:
    """Write a column of the `count` merged documents, value by value. column: its type."""
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
    """Return whether writing the segment again would not change it. That is so if no document is
    deleted, no field was removed from the schema, no column was added, and the bounds on scores can
    be used."""
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
        postings.bounds.are_current
        for postings in opened.fields.values()
        if postings.bounds.peaks is not None
    )
    return (
        bounded
        and not segment.has_deletions()
        and not added
        and all(name in schema for name in names)
    )
