"""Columns of whole numbers that are written after their segment, when its file cannot change any
more.

A file holds all late columns of a segment, in the layout of `segment_file`. A change writes
another file with the next number, which the segment in the table of contents names. So a commit
changes them all or not at all, and readers of an earlier generation keep what they opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from searcher.columnar.arrays import NO_INTS, Array, Ints, narrow
from searcher.columnar.files.segment_file import (
    FileDamaged,
    VerifiedArray,
    new_segment_file,
    open_segment_file,
)
from searcher.columnar.segment import ColumnarSegment

_EXTENSION = ".late"
"""The end of the names of their files. Part of the format."""

Values = Mapping[bytes, Mapping[str, int]]
"""By term of the unique field, the values (0 to 2^64 - 1) of a document by column."""


def late_columns(storage: Any, segment: ColumnarSegment) -> dict[str, VerifiedArray]:
    """Return the late columns of a segment: an unsigned number for each document, 0 where none was
    written. Raises OSError and FileDamaged."""
    if not segment.late:
        return {}
    file = open_segment_file(storage, _filename(segment, segment.late))
    found = {name: file.array(name) for name in file.names()}
    for name, column in found.items():
        if len(column) != segment.doc_count_all():
            raise FileDamaged(f"{file.name} is damaged: {name!r} has {len(column)} documents")
    return found


def write_late(storage: Any, segment: ColumnarSegment, columns: Mapping[str, Array]) -> None:
    """Write the late columns of a segment, in place of those that it has. Raises OSError."""
    with new_segment_file(storage, _filename(segment, segment.late + 1)) as file:
        for name, column in sorted(columns.items()):
            file.add(name, narrow(column))
        file.finish({"documents": segment.doc_count_all()})
    segment.late += 1


def set_late(storage: Any, segments: Iterable[ColumnarSegment], field: str, values: Values) -> None:
    """Write values of documents into the late columns of their segments.

    field: the unique field by whose terms `values` names the documents. Raises OSError and
    FileDamaged.
    """
    for segment in segments:
        postings = segment.open(storage).fields.get(field)
        numbers = postings.dictionary.numbers(values) if postings is not None else NO_INTS
        if postings is None or not len(numbers):
            continue
        documents, _, ends = postings.lists.many(numbers)
        keys = [postings.dictionary.term(number) for number in numbers.tolist()]
        columns = {
            name: column.whole().astype(np.uint64)
            for name, column in late_columns(storage, segment).items()
        }
        for key, start, end in zip(keys, ends.tolist(), ends[1:].tolist(), strict=False):
            for name, value in values[key].items():
                if name not in columns:
                    columns[name] = np.zeros(segment.doc_count_all(), np.uint64)
                columns[name][documents[start:end]] = value
        write_late(storage, segment, columns)


def merge_late(
    storage: Any,
    merged: ColumnarSegment,
    sources: Sequence[tuple[ColumnarSegment, Ints]],
) -> None:
    """Write the late columns of a merged segment.

    sources: the merged segments in order, each with the numbers in it of its live documents.
    Raises OSError and FileDamaged.
    """
    held = [late_columns(storage, segment) for segment, _ in sources]
    columns = {}
    for name in sorted({name for one in held for name in one}):
        parts = [
            one[name].whole()[live] if name in one else np.zeros(len(live), np.uint8)
            for one, (_, live) in zip(held, sources, strict=True)
        ]
        columns[name] = np.concatenate(parts)
    if columns:
        write_late(storage, merged, columns)


def remove_former(storage: Any, segments: Iterable[ColumnarSegment]) -> None:
    """Remove the files of late columns that the segments do not name any more.

    The caller holds the writer's lock. Raises OSError, except for a file that is in use.
    """
    current = {_filename(segment, segment.late) for segment in segments}
    pattern = re.compile(rf".+\.\d+{re.escape(_EXTENSION)}")
    for name in storage.list():
        if pattern.fullmatch(name) and name not in current:
            with suppress(PermissionError):
                storage.delete_file(name)


def _filename(segment: ColumnarSegment, number: int) -> str:
    return str(segment.make_filename(f".{number}{_EXTENSION}"))
