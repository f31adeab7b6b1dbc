"""Segments merged into one, some terms at a time, so that memory does not grow with the segments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

import numpy as np

from searcher.columnar.arrays import Bools
from searcher.columnar.arrays import Bytes
from searcher.columnar.arrays import Ints
from searcher.columnar.arrays import Singles
from searcher.columnar.arrays import ends_of
from searcher.columnar.arrays import ranges
from searcher.columnar.builder import EXTENSION
from searcher.columnar.builder import ColumnSpool
from searcher.columnar.builder import write_lengths
from searcher.columnar.lists import Lists
from searcher.columnar.lists import ListsWriter
from searcher.columnar.lists import Zones
from searcher.columnar.postings import FieldPostings
from searcher.columnar.readers import ColumnarDocuments
from searcher.columnar.readers import added_column
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.segment import OpenSegment
from searcher.columnar.segment_file import SegmentFileWriter
from searcher.columnar.segment_file import new_segment_file
from searcher.columnar.stored import StoredWriter

_POSTING_BYTES = 800
"""What a posting, or a term, takes in memory, about, while it is merged."""


class _Source(NamedTuple):
    """A segment to be merged. numbers: the new number of each document that is live; live: None if all are."""

    opened: OpenSegment
    reader: ColumnarDocuments
    live: Bools | None
    numbers: Ints


def _sources(storage: Any, segments: Sequence[ColumnarSegment]) -> list[_Source]:
    sources, base = [], 0
    for segment in segments:
        opened, live = segment.open(storage), segment.live
        numbers = np.arange(base, base + opened.count) if live is None else np.cumsum(live) + (base - 1)
        sources.append(_Source(opened, ColumnarDocuments(opened, segment, storage), live, numbers))
        base += segment.doc_count()
    return sources


def merge_segments(
    storage: Any, schema: Any, indexname: str, segments: Sequence[ColumnarSegment], memory: int
) -> ColumnarSegment:
    """A new segment with the live documents of `segments`, in their order, and the fields of `schema`.

    memory: bytes that it may take. Raises OSError, when nothing of the new segment is left, and FileDamaged.
    """
    sources = _sources(storage, segments)
    merged = ColumnarSegment(indexname)
    merged.set_doc_count(sum(segment.doc_count() for segment in segments))
    with new_segment_file(storage, merged.make_filename(EXTENSION)) as file:
        _write(file, sources, schema, merged.doc_count(), memory)
    return merged


def _write(file: SegmentFileWriter, sources: Sequence[_Source], schema: Any, count: int, memory: int) -> None:
    names = {name for source in sources for name in source.opened.fields if name in schema}
    held = {name for source in sources for name in source.opened.length_sums if name in schema}
    lengths = {name: _lengths(sources, name) for name in sorted(held)}
    fields = {}
    for name in sorted(names):
        writer = ListsWriter(file, f"postings.{name}", lengths.get(name), _zones(sources, name))
        _merge_field(writer, sources, name, memory // _POSTING_BYTES)
        if writer.terms:
            fields[name] = writer.finish()
    vectors = {}
    for name in sorted({name for source in sources for name in source.opened.vectors if name in schema}):
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
    columns = {name for source in sources for name in (*schema.names(), *source.opened.columns()) if name in schema}
    for name in sorted(columns):
        if schema[name].column_type and any(source.reader.has_column(name) for source in sources):
            _merge_column(file, sources, name, schema[name].column_type, count)
    sums = {name: int(values.sum()) for name, values in lengths.items()}
    file.finish({"documents": count, "fields": fields, "vectors": vectors, "lengths": sums, "stored": stored_names})


def _lengths(sources: Sequence[_Source], field: str) -> Ints:
    parts = []
    for source in sources:
        stored = source.opened.lengths(field)
        held = stored.whole().astype(np.int64) if stored else np.zeros(source.opened.count, np.int64)
        parts.append(held if source.live is None else held[source.live])
    return np.concatenate(parts)


def _zones(sources: Sequence[_Source], field: str) -> Zones | None:
    """The zones of all documents, if they begin at one position in all segments."""
    held = [source.opened.fields[field].zones if field in source.opened.fields else None for source in sources]
    starts = {zones.start for zones in held if zones is not None}
    if len(starts) != 1:
        return None
    parts = []
    for source, zones in zip(sources, held, strict=True):
        lengths = zones.lengths if zones is not None else np.zeros(source.opened.count, np.uint8)
        parts.append(lengths if source.live is None else lengths[source.live])
    if any(zones is None and field in source.opened.fields for source, zones in zip(sources, held, strict=True)):
        return None
    return Zones(starts.pop(), np.concatenate(parts))


def _merge_field(writer: ListsWriter, sources: Sequence[_Source], name: str, most: int) -> None:
    """Merges the lists of a field, about `most` postings at a time."""
    parts = [(source, source.opened.fields[name]) for source in sources if name in source.opened.fields]
    # A field has weights for all of its postings or for none.
    weighted = any(postings.has("weights") for _, postings in parts)
    at = [0] * len(parts)
    while any(start < postings.term_count for start, (_, postings) in zip(at, parts, strict=True)):
        reach = [_reach(postings, start, most // len(parts)) for start, (_, postings) in zip(at, parts, strict=True)]
        edges = [
            postings.term(end) for end, (_, postings) in zip(reach, parts, strict=True) if end < postings.term_count
        ]
        if edges:
            edge = min(edges)
            reach = [postings.lower(edge) for _, postings in parts]
        lists = [
            _live(postings.range_lists(start, end), source)
            for start, end, (source, postings) in zip(at, reach, parts, strict=True)
            if start < end
        ]
        combined = _combine(lists)
        if weighted and combined.weights is None:
            combined.weights = combined.counts.astype(np.float32)
        if combined.terms:
            writer.write(combined)
        at = reach


def _reach(postings: FieldPostings, start: int, most: int) -> int:
    """The end of the terms from `start` on that are, with their postings, about `most`, but at least one."""
    if start == postings.term_count:
        return start
    ends = postings.posting_ends
    limit = int(ends[start]) + start + most
    end = bisect_right(range(postings.term_count + 1), limit, start + 1, key=lambda number: int(ends[number]) + number)
    return max(end - 1, start + 1)


def _live(lists: Lists, source: _Source) -> Lists:
    """The lists without deleted documents, the others by their new numbers."""
    if source.live is None:
        lists.documents = source.numbers[lists.documents]
        return lists
    kept = source.live[lists.documents]
    places = np.flatnonzero(kept)
    found = Lists(
        lists.terms,
        ends_of(kept)[lists.ends],
        source.numbers[lists.documents[places]],
        lists.counts[places],
        shares=lists.shares,
    )
    if lists.positions is not None:
        found.positions = lists.positions[np.repeat(kept, lists.counts)]
    if lists.weights is not None:
        found.weights = lists.weights[places]
    if lists.values is not None:
        ends, data = lists.values
        sizes = np.diff(ends)[places]
        found.values = ends_of(sizes), data[ranges(ends[:-1][places], sizes)]
    return found


def _combine(parts: Sequence[Lists]) -> Lists:
    """The lists of several segments as one; documents of an earlier part come before those of a later one."""
    held: set[bytes] = set()
    for part in parts:
        sizes = np.diff(part.ends)
        held.update(term for term, size in zip(part.terms, sizes.tolist(), strict=True) if size)
    terms = sorted(held)
    rank = {term: number for number, term in enumerate(terms)}
    ranks = [np.array([rank.get(term, -1) for term in part.terms], np.int64) for part in parts]
    totals = np.zeros(len(terms), np.int64)
    for part, places in zip(parts, ranks, strict=True):
        totals[places[places >= 0]] += np.diff(part.ends)[places >= 0]
    ends = ends_of(totals)
    free = ends[:-1].copy()
    targets = []
    for part, places in zip(parts, ranks, strict=True):
        sizes = np.diff(part.ends)
        targets.append(ranges(np.where(places >= 0, free[places], 0), sizes) if terms else sizes[:0])
        free[places[places >= 0]] += sizes[places >= 0]
    return _gather(parts, terms, ends, targets, ranks)


def _gather(
    parts: Sequence[Lists], terms: list[bytes], ends: Ints, targets: Sequence[Ints], ranks: Sequence[Ints]
) -> Lists:
    count = int(ends[-1])
    merged = Lists(terms, ends, np.empty(count, np.int64), np.empty(count, np.int64))
    for part, target in zip(parts, targets, strict=True):
        merged.documents[target] = part.documents
        merged.counts[target] = part.counts
    if any(part.weights is not None for part in parts):
        merged.weights = np.empty(count, np.float32)
        for part, target in zip(parts, targets, strict=True):
            merged.weights[target] = _weights(part)
    if any(part.positions is not None for part in parts):
        merged.shares = np.zeros(len(terms), np.bool_)
        token_ends = ends_of(merged.counts)
        merged.positions = np.empty(int(token_ends[-1]), np.int64)
        for part, target, places in zip(parts, targets, ranks, strict=True):
            assert part.positions is not None
            assert part.shares is not None
            merged.positions[ranges(token_ends[target], part.counts)] = part.positions
            merged.shares[places[part.shares & (places >= 0)]] = True
    if any(part.values is not None for part in parts):
        merged.values = _values(parts, targets, count)
    return merged


def _weights(part: Lists) -> Singles:
    return part.weights if part.weights is not None else part.counts.astype(np.float32)


def _values(parts: Sequence[Lists], targets: Sequence[Ints], count: int) -> tuple[Ints, Bytes]:
    sizes = np.zeros(count, np.int64)
    for part, target in zip(parts, targets, strict=True):
        assert part.values is not None
        sizes[target] = np.diff(part.values[0])
    ends = ends_of(sizes)
    blob = np.empty(int(ends[-1]), np.uint8)
    for part, target in zip(parts, targets, strict=True):
        assert part.values is not None
        blob[ranges(ends[target], sizes[target])] = part.values[1]
    return ends, blob


def _merge_vectors(writer: ListsWriter, sources: Sequence[_Source], name: str) -> None:
    """Vectors go over one source after the other: their terms are documents, which keep their order."""
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


def _merge_column(file: SegmentFileWriter, sources: Sequence[_Source], name: str, column: Any, count: int) -> None:
    spool = ColumnSpool(file.folder, column)
    for source in sources:
        if source.reader.has_column(name):
            reader = source.reader.column_reader(name, column)
            live = range(source.opened.count) if source.live is None else np.flatnonzero(source.live).tolist()
            for document in live:
                spool.add(int(source.numbers[document]), reader[document])
    spool.finish(file, name, count)


def is_current(storage: Any, schema: Any, segment: ColumnarSegment) -> bool:
    """Whether merging the segment with none would change nothing."""
    opened = segment.open(storage)
    names = {*opened.fields, *opened.vectors, *opened.length_sums, *opened.columns(), *opened.stored.names}
    added = any(storage.file_exists(added_column(segment, name)) for name in schema.names())
    return not segment.has_deletions() and not added and all(name in schema for name in names)
