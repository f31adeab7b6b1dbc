"""The archive: everything that was fetched, in WARC files in raw/fetched. It is on disk before it
is used. Files are append-only. The only exception is an incomplete record at the end of a file,
left by a crash, which is cut off.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from searcher.clock import Clock
from searcher.durable import sync_folder
from searcher.errors import AlreadyRefreshing, WriteFailed
from searcher.feeds.records import Record, info_record, packed
from searcher.reading.archive_format import (
    FILE_NAME,
    FOLDER,
    SUFFIX,
    file_mark,
    holds_records,
    mark_of,
    members,
)

_LOCK = ".lock"

_LARGEST_FILE = 256 << 20
"""Size in bytes after which the records of a month go to another file. A larger file takes longer
to scan when the archive is opened; smaller ones are more files."""


class Archive:
    """The open archive of a raw/ folder. Only one process at a time can open it. Not safe in
    threads."""

    def __init__(self, raw: Path, clock: Clock, largest: int = _LARGEST_FILE) -> None:
        """Open the archive, and repair the end of an interrupted write.

        largest: maximum size of one file, in bytes. Raises AlreadyRefreshing if another process has
        the archive, and WriteFailed.
        """
        self.folder = raw / FOLDER
        self._clock = clock
        self._largest = largest
        self._file: int | None = None
        self._path = self.folder
        self._size = 0
        self._mark = b""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise WriteFailed(f"{self.folder} cannot be written: {error.strerror}") from error
        try:
            self._begin()
        except BaseException:
            os.close(self._lock)
            raise

    def _begin(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._lock, 20, 0).decode("ascii", "replace").strip()
            raise AlreadyRefreshing(
                f"feeds are being refreshed by process {holder or '?'}"
            ) from error
        with suppress(OSError):
            # The lock holds even if its holder cannot be written, which is for a message only.
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        names = sorted(
            path.name for path in self.folder.iterdir() if FILE_NAME.fullmatch(path.name)
        )
        if names:
            self._open(self.folder / names[-1])

    def _open(self, path: Path) -> None:
        """Append to this file, after its last whole record. If its first record is damaged, append
        to another file."""
        try:
            if self._file is not None:
                os.close(self._file)
            self._file, self._path = None, path
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            with open(path, "rb") as readable:
                self._mark = file_mark(readable) or b""
                is_damaged = not self._mark and holds_records(readable)
                self._size = max((member.end for member in members(readable)), default=0)
            if is_damaged:
                self._size = self._largest
            elif self._size < os.fstat(file).st_size:
                os.ftruncate(file, self._size)
                os.fsync(file)
            self._file = file
        except OSError as error:
            raise WriteFailed(f"{path} cannot be written: {error.strerror}") from error

    def append(self, records: Sequence[Record]) -> int:
        """Append records, wait until they are on disk, and return their size there in bytes.

        Raises WriteFailed; then none of them is there.
        """
        file = self._chosen()
        return self._write(file, b"".join(packed(record, self._mark) for record in records))

    def _write(self, file: int, content: bytes) -> int:
        data = memoryview(content)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(file, data[written:], self._size + written)
            os.fsync(file)
        except OSError as error:
            self._take_back(file)
            raise WriteFailed(f"{self._path} cannot be written: {error.strerror}") from error
        self._size += len(data)
        return len(data)

    def _take_back(self, file: int) -> None:
        """Cut off an incomplete write. If that fails, too, the next write does it first."""
        self._file = None
        try:
            os.ftruncate(file, self._size)
        except OSError:
            return
        finally:
            os.close(file)

    def _chosen(self) -> int:
        """Return the file to append to. If the clock is set back, the files stay in order."""
        month = f"{self._clock.now():%Y-%m}"
        if self._file is not None and not os.fstat(self._file).st_nlink:
            raise WriteFailed(f"{self._path} was removed")
        last = FILE_NAME.fullmatch(self._path.name)
        if last is not None and self._file is None:
            self._open(self._path)
        if last is None or last[1] < month:
            self._begin_file(f"{month}-001{SUFFIX}")
        elif self._size >= self._largest or self._size == 0:
            number = int(last[2]) + (self._size > 0)
            self._begin_file(f"{last[1]}-{number:03}{SUFFIX}")
        assert self._file is not None
        return self._file

    def _begin_file(self, name: str) -> None:
        self._open(self.folder / name)
        if self._size == 0 and self._file is not None:
            sync_folder(self.folder)
            info = info_record(name, self._clock.now())
            self._write(self._file, packed(info, b""))
            self._mark = mark_of(info.identifier)

    def close(self) -> None:
        """Close the files and release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        os.close(self._lock)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
