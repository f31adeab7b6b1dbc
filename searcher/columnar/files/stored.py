"""Stored fields: a dictionary of values for each document, pickled, and compressed in blocks of
several documents.

Documents that are many enough are compressed with a compression dictionary: texts that are frequent
in some of them, which the blocks then need not repeat.
"""

from __future__ import annotations

import pickle
import struct
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import zstandard

from searcher.columnar.arrays import Array, Bools
from searcher.columnar.files.segment_file import FileDamaged, SegmentFile, SegmentFileWriter, Spool

_BLOCK = 16 << 10
"""Bytes. Without a compression dictionary, a block ends with the document that makes it this large
before compression. Larger compresses better; reading one document takes longer."""
_SHORT_BLOCK = 4 << 10
"""The same with a compression dictionary, in bytes. Larger hardly compresses better then, and
reading one article takes longer: on articles of 450 words, .8% in 16 KiB and four times the time.
"""
_SMALL = _BLOCK >> 3
"""Bytes after compression. Smaller blocks without a compression dictionary are joined with their
neighbours when segments are merged; larger ones are copied as they are."""
_LEVEL = 5
"""Level of compression of zstandard. Higher is smaller and slower to write: 7 takes twice the time
for 4% fewer bytes."""
_ENOUGH = 4 << 20
"""Bytes of documents. A segment with fewer has no compression dictionary. A writer holds this many
bytes in memory. Smaller makes more segments that gain less than their dictionary takes."""
_COMPRESSION = 2
"""Bytes of documents, at least, in a byte of a block without a compression dictionary."""
_DICTIONARY = 256 << 10
"""Bytes of a compression dictionary. Larger compresses better and takes room in each segment. On
Reuters articles joined to 450 words, trained on half of them and measured on the others, an article
takes 1,684 bytes without one, 1,364 with 112 KiB, 1,284 with 256 KiB."""
_SAMPLES = 500
"""Number of documents that a compression dictionary is trained on, about. 2,000 take three times
the time (.2 s) for no fewer bytes."""
_SEGMENT, _DMER = 200, 8
"""Parameters k and d of the training (the COVER algorithm). Letting zstandard choose them takes
four times the time for .5% fewer bytes."""

Fields = dict[str, Any]
"""The stored fields of one document: values by name, of types that can be pickled."""


class StoredFieldsWriter:
    """Collects the stored fields of documents in order. Compressed blocks are kept in a temporary
    file. Methods raise OSError."""

    def __init__(self, folder: str | None, dictionary: bytes = b"", least: int = _ENOUGH) -> None:
        """folder: for the temporary file; None for the system's.
        dictionary: the compression dictionary for `least` bytes of documents or more; if it is
        empty, one is trained on the first of these documents.
        """
        self._blocks = Spool(np.uint8, folder)
        self.count = 0
        self.names: set[str] = set()
        self.dictionary = dictionary
        """The compression dictionary, once it is known; empty if there is none. Another segment may
        use it, too."""
        self._firsts = [0]
        self._ends = [0]
        self._least = least
        self._waiting: list[bytes] = []
        self.memory = 0
        """Bytes of the documents that are not compressed yet."""
        self._compressor: zstandard.ZstdCompressor | None = None
        if not least:
            self._begin(dictionary)

    def add(self, fields: Fields) -> None:
        """Add the stored fields of the next document."""
        self.names.update(fields)
        self.add_pickled(pickle.dumps(fields, pickle.HIGHEST_PROTOCOL))

    def add_pickled(self, data: bytes) -> None:
        """Add the stored fields of the next document, as they are in a block. The caller adds their
        names."""
        self.count += 1
        self._waiting.append(data)
        self.memory += len(data)
        if self._compressor is None:
            if self.memory < self._least:
                return
            self._begin(self.dictionary or _trained(self._waiting))
        elif self.memory >= self._size:
            self._flush()

    def copies(self, dictionary: bytes) -> bool:
        """Return whether `add_block` may add blocks that are compressed with this dictionary."""
        return self._compressor is not None and self.dictionary == dictionary

    def add_block(self, block: bytes, count: int) -> None:
        """Add a block of `count` documents that is compressed with this writer's dictionary."""
        self._flush()
        self.count += count
        self._put(block, count)

    def _put(self, block: bytes, count: int) -> None:
        self._blocks.append(np.frombuffer(block, np.uint8))
        self._firsts.append(self._firsts[-1] + count)
        self._ends.append(self._ends[-1] + len(block))

    def _begin(self, dictionary: bytes) -> None:
        """Compress from now on, the documents that wait for it first."""
        self.dictionary = dictionary
        self._size = _SHORT_BLOCK if dictionary else _BLOCK
        held = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        if held is not None:
            held.precompute_compress(_LEVEL)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=held)
        waiting, self._waiting, self.memory = self._waiting, [], 0
        for data in waiting:
            self._waiting.append(data)
            self.memory += len(data)
            if self.memory >= self._size:
                self._flush()

    def _flush(self) -> None:
        """Compress the documents that wait, as one block."""
        if self._compressor is None:
            self._begin(b"")
        assert self._compressor is not None
        if self._waiting:
            waiting, self._waiting, self.memory = self._waiting, [], 0
            sizes = np.array(list(map(len, waiting)), "<u4").tobytes()
            self._put(self._compressor.compress(sizes + b"".join(waiting)), len(waiting))

    def finish(self, file: SegmentFileWriter) -> list[str]:
        """Write all documents to the file of the segment. Return the names of all fields."""
        self._flush()
        file.add("stored.firsts", np.array(self._firsts, np.uint32))
        file.add("stored.ends", np.array(self._ends, np.uint64))
        if self.dictionary:
            file.add("stored.dictionary", np.frombuffer(self.dictionary, np.uint8))
        file.add_spool("stored.blocks", self._blocks)
        return sorted(self.names)


def _trained(documents: Sequence[bytes]) -> bytes:
    """Return a compression dictionary for such documents; empty if they are too few or too
    alike."""
    samples = documents[:: max(len(documents) // _SAMPLES, 1)]
    try:
        trained = zstandard.train_dictionary(_DICTIONARY, [*samples], k=_SEGMENT, d=_DMER)
    except zstandard.ZstdError:
        return b""
    return bytes(trained.as_bytes())


def merged_writer(folder: str | None, readers: Sequence[StoredFieldsReader]) -> StoredFieldsWriter:
    """Return a writer for the documents of several segments.

    It has the compression dictionary with which most of their bytes are compressed, so that these
    are copied. If none has one, it is trained if they are large enough together.
    """
    sizes: Counter[bytes] = Counter()
    for reader in readers:
        sizes[reader.dictionary] += reader.size
    plain = sizes.pop(b"", 0)
    if sizes:
        return StoredFieldsWriter(folder, sizes.most_common(1)[0][0], least=0)
    return StoredFieldsWriter(folder, least=0 if plain * _COMPRESSION < _ENOUGH else _ENOUGH)


class StoredFieldsReader:
    """The stored fields of a segment's documents. Safe in threads. Methods raise FileDamaged."""

    def __init__(self, file: SegmentFile, names: frozenset[str]) -> None:
        """names: of all stored fields."""
        self.names = names
        self._file = file
        self._blocks = file.array("stored.blocks")
        self._last: tuple[int, bytes, list[int]] = (-1, b"", [])
        self._thread = threading.local()

    @property
    def size(self) -> int:
        """Bytes of all blocks."""
        return len(self._blocks)

    @property
    def dictionary(self) -> bytes:
        """The compression dictionary; empty if there is none."""
        name = "stored.dictionary"
        return self._file.array(name).whole().tobytes() if name in self._file else b""

    @cached_property
    def _shared(self) -> zstandard.ZstdCompressionDict | None:
        """The compression dictionary as decompressors use it, in all threads."""
        held = self.dictionary
        return zstandard.ZstdCompressionDict(held) if held else None

    def _decompress(self, block: bytes) -> bytes:
        """Return a block decompressed, by this thread's decompressor: it is not safe in threads.
        Raises ZstdError."""
        found: zstandard.ZstdDecompressor | None = getattr(self._thread, "decompressor", None)
        if found is None:
            found = zstandard.ZstdDecompressor(dict_data=self._shared)
            self._thread.decompressor = found
        return bytes(found.decompress(block))

    @cached_property
    def _firsts(self) -> Array:
        """The first document of each block, and the number of documents (uint32)."""
        return self._file.array("stored.firsts").whole()

    @cached_property
    def _ends(self) -> Array:
        """The ends of the blocks in bytes, from 0 on (uint64)."""
        return self._file.array("stored.ends").whole()

    def fields(self, document: int) -> Fields:
        """Return the stored fields of one document."""
        fields: Fields = pickle.loads(self._pickled(document))
        return fields

    def _pickled(self, document: int) -> bytes:
        """Return the stored fields of one document as they are in its block."""
        firsts = self._firsts
        # A number of another type would convert the whole array.
        block = int(firsts.searchsorted(firsts.dtype.type(document), "right")) - 1
        number, data, ends = self._last
        if number != block:
            data, ends = self._open(block, int(firsts[block + 1]) - int(firsts[block]))
            self._last = (block, data, ends)
        at = document - int(firsts[block])
        return data[ends[at] : ends[at + 1]]

    def _open(self, block: int, count: int) -> tuple[bytes, list[int]]:
        """Return the bytes of a block and the ends of its documents in them.

        count: the number of its documents.
        """
        try:
            data = self._decompress(self._block(block))
        except zstandard.ZstdError as error:
            raise FileDamaged(
                f"{self._file.name} is damaged: stored block {block}: {error}"
            ) from error
        sizes = struct.unpack_from(f"<{count}I", data)
        return data, list(accumulate(sizes, initial=4 * count))

    def _block(self, number: int) -> bytes:
        ends = self._ends
        return self._blocks.slice(int(ends[number]), int(ends[number + 1])).tobytes()

    def copy_to(
        self, writer: StoredFieldsWriter, live: Bools | None, removed: Collection[str] = ()
    ) -> None:
        """Add the stored fields of the live documents to a writer. Blocks are copied whole where
        all their documents are live and the writer has the same compression dictionary.

        live: whether each document is live; None if all are.
        removed: names of fields that are left out.
        """
        writer.names.update(self.names.difference(removed))
        same = not removed and writer.copies(self.dictionary)
        least = 0 if self.dictionary else _SMALL
        firsts = self._firsts.tolist()
        for number, (first, end) in enumerate(pairwise(firsts)):
            if same and (live is None or live[first:end].all()):
                block = self._block(number)
                if len(block) >= least:
                    writer.add_block(block, end - first)
                    continue
            for document in range(first, end):
                if live is None or live[document]:
                    writer.add_pickled(self._without(document, removed))

    def _without(self, document: int, removed: Collection[str]) -> bytes:
        """Return the stored fields of one document without some, as they are in a block."""
        if not removed:
            return self._pickled(document)
        fields = self.fields(document)
        kept = {name: fields[name] for name in fields if name not in removed}
        return pickle.dumps(kept, pickle.HIGHEST_PROTOCOL)

    def all(self) -> Iterator[Fields]:
        """Yield the stored fields of all documents, deleted ones included."""
        for document in range(int(self._firsts[-1])):
            yield self.fields(document)
