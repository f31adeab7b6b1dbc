"""Stored fields: a dictionary of values for each document, pickled, and compressed in blocks of
several documents."""

from __future__ import annotations

import pickle
import struct
import threading
from collections.abc import Collection, Iterator
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import zstandard

from searcher.columnar.arrays import Array, Bools
from searcher.columnar.segment_file import FileDamaged, SegmentFile, SegmentFileWriter, Spool

_BLOCK = 16 << 10
"""Bytes. A block ends with the document that makes it this large before compression. Larger
compresses better; reading one document takes longer."""
_SMALL = _BLOCK >> 3
"""Bytes after compression. Smaller blocks are joined with their neighbours when segments are
merged; larger ones are copied as they are."""
_LEVEL = 5
"""Level of compression of zstandard. Higher is smaller and slower to write."""

Fields = dict[str, Any]
"""The stored fields of one document: values by name, of types that can be pickled."""


class StoredFieldsWriter:
    """Collects the stored fields of documents in order. Compressed blocks are kept in a temporary
    file. Methods raise OSError."""

    def __init__(self, folder: str | None) -> None:
        self._blocks = Spool(np.uint8, folder)
        self.count = 0
        self.names: set[str] = set()
        self._firsts = [0]
        self._ends = [0]
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)

    def add(self, fields: Fields) -> None:
        """Add the stored fields of the next document."""
        self.count += 1
        self.names.update(fields)
        data = pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)
        self._waiting.append(data)
        self._waiting_size += len(data)
        if self._waiting_size >= _BLOCK:
            self._flush()

    def add_block(self, block: bytes, count: int) -> None:
        """Add a compressed block of `count` documents."""
        self._flush()
        self._blocks.append(np.frombuffer(block, np.uint8))
        self._firsts.append(self._firsts[-1] + count)
        self._ends.append(self._ends[-1] + len(block))

    def _flush(self) -> None:
        if self._waiting:
            waiting, self._waiting, self._waiting_size = self._waiting, [], 0
            sizes = np.array(list(map(len, waiting)), "<u4").tobytes()
            self.add_block(self._compressor.compress(sizes + b"".join(waiting)), len(waiting))

    def finish(self, file: SegmentFileWriter) -> list[str]:
        """Write all documents to the file of the segment. Return the names of all fields."""
        self._flush()
        file.add("stored.firsts", np.array(self._firsts, np.uint32))
        file.add("stored.ends", np.array(self._ends, np.uint64))
        file.add_spool("stored.blocks", self._blocks)
        return sorted(self.names)


_thread = threading.local()
"""Holds the decompressor of each thread."""


def _decompressor() -> zstandard.ZstdDecompressor:
    """Return this thread's decompressor: it is not safe in threads."""
    found: zstandard.ZstdDecompressor | None = getattr(_thread, "decompressor", None)
    if found is None:
        found = _thread.decompressor = zstandard.ZstdDecompressor()
    return found


class StoredFieldsReader:
    """The stored fields of a segment's documents. Safe in threads. Methods raise FileDamaged."""

    def __init__(self, file: SegmentFile, names: frozenset[str]) -> None:
        """names: of all stored fields."""
        self.names = names
        self._file = file
        self._blocks = file.array("stored.blocks")
        self._last: tuple[int, bytes, list[int]] = (-1, b"", [])

    def _array(self, name: str) -> Array:
        """Return the first documents ("firsts", uint32) or the ends in bytes ("ends", uint64) of
        the blocks."""
        return self._file.array(f"stored.{name}").whole()

    def fields(self, document: int) -> Fields:
        """Return the stored fields of one document."""
        firsts = self._array("firsts")
        block = int(firsts.searchsorted(document, "right")) - 1
        number, data, ends = self._last
        if number != block:
            data, ends = self._open(block, int(firsts[block + 1]) - int(firsts[block]))
            self._last = (block, data, ends)
        at = document - int(firsts[block])
        fields: Fields = pickle.loads(data[ends[at] : ends[at + 1]])
        return fields

    def _open(self, block: int, count: int) -> tuple[bytes, list[int]]:
        """Return the bytes of a block and the ends of its documents in them.

        count: the number of its documents.
        """
        try:
            data = _decompressor().decompress(self._block(block))
        except zstandard.ZstdError as error:
            raise FileDamaged(
                f"{self._file.name} is damaged: stored block {block}: {error}"
            ) from error
        sizes = struct.unpack_from(f"<{count}I", data)
        return data, list(accumulate(sizes, initial=4 * count))

    def _block(self, number: int) -> bytes:
        ends = self._array("ends")
        return self._blocks.slice(int(ends[number]), int(ends[number + 1])).tobytes()

    def copy_to(
        self, writer: StoredFieldsWriter, live: Bools | None, removed: Collection[str] = ()
    ) -> None:
        """Add the stored fields of the live documents to a writer. Blocks are copied whole where
        all their documents are live.

        live: whether each document is live; None if all are.
        removed: names of fields that are left out.
        """
        writer.names.update(self.names.difference(removed))
        firsts = self._array("firsts").tolist()
        for number, (first, end) in enumerate(pairwise(firsts)):
            block = self._block(number)
            if not removed and len(block) >= _SMALL and (live is None or live[first:end].all()):
                writer.add_block(block, end - first)
                continue
            for document in range(first, end):
                if live is None or live[document]:
                    fields = self.fields(document)
                    writer.add(
                        {name: fields[name] for name in fields if name not in removed}
                        if removed
                        else fields
                    )

    def all(self) -> Iterator[Fields]:
        """Yield the stored fields of all documents, deleted ones included."""
        for document in range(int(self._array("firsts")[-1])):
            yield self.fields(document)
