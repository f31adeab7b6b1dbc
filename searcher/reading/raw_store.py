"""The raw folder: its files, decompressed and bounded in size."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from searcher.errors import UnreadableFile
from searcher.reading.archive_format import Member, is_archive, members

HEAD_BYTES = 64 << 10
"""Number of bytes by which a format is recognised."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file on disk, as readers of formats see it (RawInput)."""

    path: Path
    """Path of the file."""

    name: str
    """Its path relative to raw/, or its absolute path if it is elsewhere."""

    size: int
    """Its size, in bytes."""

    mtime_ns: int
    """When it was last written, in nanoseconds since 1970."""

    limit: int
    """Maximum number of bytes that `read` returns."""

    on_read: Callable[[int], None] = field(default=lambda _: None, compare=False)
    """Called with the number of bytes of the file that were read, while its articles are read."""

    start: int = 0
    """In an archive, which is append-only: the byte from which on it is read."""

    @property
    def written(self) -> datetime:
        """When the file was last written, in UTC, to the second."""
        return datetime.fromtimestamp(self.mtime_ns // 1_000_000_000, UTC)

    @property
    def is_archive(self) -> bool:
        """Whether the file is an archive that refreshes write."""
        return is_archive(self.name)

    def members(self) -> Iterator[Member]:
        """Yield the records of an archive from `start` on. Raises UnreadableFile."""
        try:
            with open(self.path, "rb") as file:
                for member in members(file, self.start):
                    self.on_read(member.end - member.start)
                    yield member
        except OSError as error:
            raise UnreadableFile(self.name, _reason(error)) from error

    def open(self) -> BinaryIO:
        return self._open(self.on_read)

    def _open(self, on_read: Callable[[int], None]) -> BinaryIO:
        try:
            file = _MeteredFile(self.path, on_read)
            magic = file.peek(2)
        except OSError as error:
            raise UnreadableFile(self.name, _reason(error)) from error
        if magic.startswith(_GZIP_MAGIC):
            return cast(BinaryIO, _ClosingGzip(fileobj=file))
        return file

    def head(self) -> bytes:
        return self._bytes(HEAD_BYTES, lambda _: None)

    def read(self) -> bytes:
        data = self._bytes(self.limit + 1, self.on_read)
        if len(data) > self.limit:
            raise UnreadableFile(
                self.name, f"larger than {self.limit >> 20} MiB after decompression"
            )
        return data

    def _bytes(self, size: int, on_read: Callable[[int], None]) -> bytes:
        try:
            with self._open(on_read) as stream:
                return stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(self.name, _reason(error)) from error


class _MeteredFile(io.BufferedReader):
    """A file that calls `on_read` with the number of bytes read from it."""

    def __init__(self, path: Path, on_read: Callable[[int], None]) -> None:
        raw = _MeteredIO(path)
        raw.on_read = on_read
        super().__init__(raw)


class _MeteredIO(io.FileIO):
    """The unbuffered file under a _MeteredFile."""

    on_read: Callable[[int], None]

    def readinto(self, buffer: Any, /) -> int:
        count = super().readinto(buffer)
        self.on_read(count or 0)
        return count or 0

    def readall(self) -> bytes:
        data = super().readall()
        self.on_read(len(data))
        return data


class _ClosingGzip(gzip.GzipFile):
    """A GzipFile that also closes the file under it."""

    def close(self) -> None:
        under = self.fileobj
        super().close()
        if isinstance(under, io.BufferedReader):
            under.close()


class RawStore:
    """The folder raw/, and files elsewhere that a command names."""

    def __init__(self, root: Path, limit: int) -> None:
        """root: the folder. limit: maximum size of a file that is read whole, in bytes."""
        self.root = Path(os.path.abspath(root))
        self.limit = limit

    def name_of(self, path: Path) -> str:
        """Return the name under which articles record `path` as their origin."""
        resolved = Path(os.path.abspath(path))
        try:
            return resolved.relative_to(self.root).as_posix()
        except ValueError:
            return resolved.as_posix()

    def path_of(self, name: str) -> Path:
        """Return the path of a name: the inverse of `name_of`."""
        return self.root / name

    def files(self, paths: Iterable[Path]) -> Iterator[RawFile | UnreadableFile]:
        """Yield the files that `paths` name or contain, each once; a folder's sorted by path.

        Hidden files and folders in a folder are skipped. A missing path, or a file that cannot be
        examined, is yielded as an UnreadableFile.
        """
        seen: set[str] = set()
        for path in paths:
            for found in _walk(Path(os.path.abspath(path))):
                name = self.name_of(found)
                if name in seen:
                    continue
                seen.add(name)
                yield self._file(found, name)

    def _file(self, path: Path, name: str) -> RawFile | UnreadableFile:
        if name != name.encode("utf-8", "replace").decode():
            return UnreadableFile(
                name.encode("utf-8", "backslashreplace").decode(), "its name is not valid UTF-8"
            )
        try:
            status = path.stat()
        except OSError as error:
            return UnreadableFile(name, _reason(error))
        if not path.is_file():
            return UnreadableFile(name, "not a regular file")
        return RawFile(path, name, status.st_size, status.st_mtime_ns, self.limit)


def _walk(path: Path) -> Iterator[Path]:
    """Yield the path, or the files in it if it is a folder."""
    if not path.is_dir():
        yield path
        return
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def _reason(error: Exception) -> str:
    """Return why a file cannot be read, for a message."""
    if isinstance(error, EOFError):
        return "truncated gzip data"
    if isinstance(error, (gzip.BadGzipFile, zlib.error)):
        return f"damaged gzip data ({error})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
