"""The file of a segment: named arrays, aligned and checksummed page by page, mapped into memory
for reading.

    header     magic, format version
    arrays     one after the other, each at a multiple of 64 bytes, little-endian
    sums       CRC-32 of each 16 KiB page of each array
    directory  JSON: type, length, offset and first sum of each array; metadata
    trailer    offset, length and CRC-32 of the directory, size of the file, magic

A page is verified the first time that a process reads from it. So a damaged file causes an error
and never a wrong answer, and opening a file is fast.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np

from searcher.columnar.arrays import Array, Ints, unique

MAGIC = b"\x89COLSEG\n"
"""The first and the last bytes of a segment's file."""
FORMAT_VERSION = 2
"""The format version. It is raised when a program of the old version would read a new file
wrongly."""
_READABLE = (1, FORMAT_VERSION)
"""The versions that this program reads. A file of version 1 has no compression dictionary and no
turns."""
PAGE_BYTES = 1 << 14
"""Bytes that share a checksum. Larger takes less space and verifies more bytes that are not needed.
Part of the format."""
_ALIGNMENT = 64
"""Bytes of which the offset of each array is a multiple: a cache line. Part of the format."""
_COPY = 1 << 20
"""Bytes copied at a time from a temporary file. A multiple of PAGE_BYTES."""
_IN_MEMORY = 1 << 18
"""Bytes. A spooled array that is larger is kept in a temporary file."""
_HEADER = struct.Struct("<8sII")
"""Magic, version, and a reserved number, which is 0."""
_TRAILER = struct.Struct("<QIIQ8s")
"""Offset, length and CRC-32 of the directory; size of the file; magic."""


class FileDamaged(Exception):
    """A file of an index was changed after it was written. The message names it."""


class FormatUnknown(FileDamaged):
    """A segment is of a format version that this program cannot read."""


class Spool:
    """An array that is appended to: in memory while it is small, then in a temporary file."""

    def __init__(self, dtype: Any, folder: str | None) -> None:
        self.dtype = np.dtype(dtype)
        self.count = 0
        # Here, as it imports many modules and only writing needs it.
        import tempfile

        self.file = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=folder)  # noqa: SIM115

    def append(self, array: Array) -> None:
        """Append the values of `array`, converted to the spool's type. Raises OSError."""
        if len(array):
            self.file.write(np.ascontiguousarray(array, self.dtype).data.cast("B"))
            self.count += len(array)

    def __del__(self) -> None:
        # If writing a segment fails half-way, its spools go out of use without being closed.
        self.file.close()


class SegmentFileWriter:
    """Writes arrays one after the other. Methods raise OSError, such as when the disk is full."""

    def __init__(self, file: IO[bytes] | Any, folder: str | None = None) -> None:
        """folder: for temporary files; None for the system's."""
        self._file = file
        self.folder = folder
        self._at = 0
        self._arrays: dict[str, tuple[str, int, int, int]] = {}
        self._sums: list[int] = []
        self._write(_HEADER.pack(MAGIC, FORMAT_VERSION, 0))

    def _write(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._at += len(data)

    def add(self, name: str, array: Array) -> None:
        """Write an array of one dimension and any number type."""
        data = np.ascontiguousarray(array)
        view = data.data.cast("B") if len(data) else memoryview(b"")
        self._begin(name, data.dtype, len(data))
        for start in range(0, len(view), PAGE_BYTES):
            self._sums.append(zlib.crc32(view[start : start + PAGE_BYTES]))
        self._write(view)

    def spool(self, dtype: Any) -> Spool:
        """Return an empty array to append to and to write with `add_spool`."""
        return Spool(dtype, self.folder)

    def add_spool(self, name: str, spool: Spool) -> None:
        """Write a spooled array and close its temporary file."""
        self._begin(name, spool.dtype, spool.count)
        with spool.file as file:
            file.seek(0)
            while data := file.read(_COPY):
                self._sums.extend(
                    zlib.crc32(data[start : start + PAGE_BYTES])
                    for start in range(0, len(data), PAGE_BYTES)
                )
                self._write(data)

    def _begin(self, name: str, dtype: np.dtype[Any], count: int) -> None:
        assert name not in self._arrays
        self._write(b"\0" * (-self._at % _ALIGNMENT))
        self._arrays[name] = (dtype.newbyteorder("<").str, count, self._at, len(self._sums))

    def finish(self, meta: dict[str, Any]) -> None:
        """Write the sums, the directory with `meta`, and the trailer. The file stays open."""
        sums = np.array(self._sums, np.uint32)
        self._write(b"\0" * (-self._at % _ALIGNMENT))
        sums_at = self._at
        self._write(sums.tobytes())
        entry = [sums_at, len(sums), zlib.crc32(sums.tobytes())]
        directory = json.dumps(
            {"arrays": self._arrays, "sums": entry, "meta": meta}, separators=(",", ":")
        ).encode()
        start = self._at
        self._write(directory)
        size = self._at + _TRAILER.size
        self._write(_TRAILER.pack(start, len(directory), zlib.crc32(directory), size, MAGIC))


@contextmanager
def new_segment_file(storage: Any, name: str) -> Iterator[SegmentFileWriter]:
    """Create a file to be written. If that fails, the file is removed. Raises OSError."""
    try:
        file = storage.create_file(name)
        try:
            yield SegmentFileWriter(file, getattr(storage, "folder", None))
        finally:
            file.close()
    except BaseException:
        if storage.file_exists(name):
            storage.delete_file(name)
        raise


class VerifiedArray:
    """An array in a segment file, whose pages are verified when they are first read. Safe in
    threads. Methods raise FileDamaged."""

    __slots__ = ("_address", "_file", "_name", "_pending", "_sums", "_verified", "view")

    def __init__(self, file: SegmentFile, name: str, view: Array, sums: Array) -> None:
        self._file = file
        self._name = name
        self.view = view
        """The array itself, not verified."""
        self._address: int = view.ctypes.data
        self._sums = sums
        # A bytearray, because its elements are read faster than those of a numpy array.
        self._verified = bytearray(len(sums))
        self._pending = len(sums) > 0

    def __len__(self) -> int:
        return len(self.view)

    def whole(self) -> Array:
        """Return the whole array."""
        if self._pending:
            self._verify(0, len(self._verified))
            self._pending = False
        return self.view

    def slice(self, start: int, end: int) -> Array:
        """Return the elements [start, end)."""
        if self._pending and start < end:
            size = self.view.itemsize
            self._verify(start * size // PAGE_BYTES, (end * size - 1) // PAGE_BYTES + 1)
        return self.view[start:end]

    def address(self, start: int, end: int) -> int:
        """Return the address of the element `start`, from which on compiled kernels may read the
        elements [start, end). The file stays mapped as long as the array is referred to."""
        size = self.view.itemsize
        if self._pending and start < end:
            self._verify(start * size // PAGE_BYTES, (end * size - 1) // PAGE_BYTES + 1)
        return self._address + start * size

    def columns(self) -> tuple[int, int, int]:
        """Return the columns of a range of `kernels.rows`. They are valid as long as the array is
        referred to."""
        verified = np.frombuffer(self._verified, np.uint8)
        return self._address, self.view.itemsize, verified.ctypes.data

    def take(self, places: Ints) -> Array:
        """Return the elements at these places (int64, in any order)."""
        if self._pending and len(places):
            pages = places * self.view.itemsize // PAGE_BYTES
            for page in unique(pages[np.frombuffer(self._verified, np.uint8)[pages] == 0]).tolist():
                self._verify(page, page + 1)
        return self.view[places]

    def verify(self) -> None:
        """Read the whole array again, verified pages included."""
        # In place, because kernels may know the address.
        self._verified[:] = bytes(len(self._verified))
        self._verify(0, len(self._verified))

    def _verify(self, first: int, end: int) -> None:
        """Verify the pages [first, end) that are not verified yet."""
        while (page := self._verified.find(0, first, end)) >= 0:
            data = self.view.data.cast("B")[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]
            if zlib.crc32(data) != self._sums[page]:
                raise FileDamaged(
                    f"{self._file.name} is damaged: wrong checksum in its array {self._name!r}"
                )
            self._verified[page] = 1


class SegmentFile:
    """A segment file opened for reading. Safe in threads and after fork: only the record of what is
    verified changes."""

    def __init__(self, buffer: Any, name: str) -> None:
        """buffer: the bytes of the file. name: for messages.

        Raises FileDamaged unless the directory and the checksums are intact.
        """
        self.name = name
        self._buffer = buffer
        try:
            directory = self._directory()
            self._entries: dict[str, list[Any]] = directory["arrays"]
            self.meta: dict[str, Any] = directory["meta"]
            start, count, crc = directory["sums"]
            sums = np.frombuffer(buffer, np.uint32, count, start)
            if zlib.crc32(sums.tobytes()) != crc:
                raise FileDamaged(f"{name} is damaged: wrong checksum of its checksums")
            self._sums = sums
        except (struct.error, ValueError, KeyError, TypeError) as error:
            raise FileDamaged(f"{name} is damaged: {error}") from error
        self._opened: dict[str, VerifiedArray] = {}

    def _directory(self) -> Any:
        size = len(self._buffer)
        if size < _HEADER.size + _TRAILER.size:
            raise FileDamaged(f"{self.name} is truncated: {size} bytes")
        magic, version, _ = _HEADER.unpack(self._buffer[: _HEADER.size])
        if magic != MAGIC:
            raise FileDamaged(f"{self.name} is damaged: it does not begin like a segment")
        if version not in _READABLE:
            raise FormatUnknown(
                f"{self.name} has format version {version}, and this program reads version "
                f"{FORMAT_VERSION}: "
                "use the program that wrote it, or build the index again"
            )
        start, length, crc, written, magic = _TRAILER.unpack(self._buffer[size - _TRAILER.size :])
        if magic != MAGIC or written != size:
            raise FileDamaged(f"{self.name} is truncated: {size} bytes")
        data = self._buffer[start : start + length]
        if zlib.crc32(data) != crc:
            raise FileDamaged(f"{self.name} is damaged: wrong checksum of its directory")
        return json.loads(bytes(data))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """Return the names of all arrays, in the order of the file."""
        return list(self._entries)

    def array(self, name: str) -> VerifiedArray:
        """Return an array by its name. Raises FileDamaged if there is none, or if it does not lie
        inside the file."""
        found = self._opened.get(name)
        if found is None:
            try:
                dtype, count, start, first = self._entries[name]
                view = np.frombuffer(self._buffer, dtype, count, start)
            except (KeyError, ValueError, TypeError) as error:
                raise FileDamaged(
                    f"{self.name} is damaged: its array {name!r} is not in it"
                ) from error
            sums = self._sums[first : first + -(-view.nbytes // PAGE_BYTES)]
            found = self._opened[name] = VerifiedArray(self, name, view, sums)
        return found

    def release(self) -> None:
        """Give the memory of all that was read back to the system. Arrays stay valid: a page is
        mapped again when it is read."""
        if isinstance(self._buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._buffer.madvise(mmap.MADV_DONTNEED)

    def verify(self) -> None:
        """Read all arrays. Raises FileDamaged."""
        for name in self._entries:
            self.array(name).verify()


def open_segment_file(storage: Any, name: str) -> SegmentFile:
    """Open a file of a Whoosh storage: mapped, or read into memory if it is not a real file.

    Raises OSError and FileDamaged.
    """
    file = storage.open_file(name)
    name = os.path.join(getattr(storage, "folder", ""), name)
    try:
        if getattr(file, "is_real", False):
            try:
                buffer: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise FileDamaged(f"{name} is truncated: it is empty") from error
        else:
            buffer = file.read()
    finally:
        file.close()
    return SegmentFile(buffer, name)
