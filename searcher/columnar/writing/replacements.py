"""Documents that are replaced while an index is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from searcher.columnar.readers import documents_of_other_codec, documents_with
from searcher.columnar.segment import ColumnarSegment

_KEY_BYTES = 300
"""Bytes of memory that a key of a replaced document takes, about. An estimate: too small lets a
writer take more memory than it may."""

Keys = Mapping[str, set[bytes]]
"""Terms by unique field: documents that have one of them are deleted."""


class Replacements:
    """The keys of documents to delete: in segments that are written, and in the one in memory.

    A key is a term in a unique field. Deleting a key deletes the documents that have it and were
    added before, committed or not.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, bytes], int] = {}
        self._superseded: list[int] = []
        self._deleted: dict[str, set[bytes]] = {}

    @property
    def memory(self) -> int:
        """Bytes of memory taken, about."""
        return (len(self._held) + sum(map(len, self._deleted.values()))) * _KEY_BYTES

    def delete(self, field: str, key: bytes) -> None:
        """Delete the documents with this key that were added before."""
        number = self._held.pop((field, key), None)
        if number is not None:
            self._superseded.append(number)
        self._deleted.setdefault(field, set()).add(key)

    def hold(self, field: str, key: bytes, document: int) -> None:
        """Note that a document of the segment in memory has a key."""
        self._held[field, key] = document

    def take_deleted(self) -> Keys:
        """Return the keys to delete in written segments, and forget them."""
        deleted, self._deleted = self._deleted, {}
        return deleted

    def finish_segment(self, segment: ColumnarSegment) -> None:
        """Delete the replaced documents of the segment in memory when it is written. Forget its
        keys."""
        if self._superseded:
            segment.delete_documents(np.array(self._superseded))
        self._held, self._superseded = {}, []


def delete_keys(storage: Any, schema: Any, segments: Sequence[Any], keys: Keys) -> None:
    """Delete the documents that have one of the keys in any of the segments, of any codec.

    Raises OSError and FileDamaged.
    """
    for segment in segments:
        for field, terms in keys.items():
            if isinstance(segment, ColumnarSegment):
                found = documents_with(segment.open(storage), field, terms)
                if len(found):
                    segment.delete_documents(found)
            else:
                for number in documents_of_other_codec(storage, schema, segment, field, terms):
                    segment.delete_document(number)
