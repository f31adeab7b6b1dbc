"""A Whoosh storage that syncs files to the disk before it renames them into place, and that seals
tables of contents with a checksum. Whoosh does neither."""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files

from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.whoosh_private import (
    DEFAULT_INDEX_NAME,
    contents_filename,
    latest_generation,
)
from searcher.durable import sync_folder

_TOC = ".toc"
"""Part of the names of tables of contents."""
_SEAL = struct.Struct("<8sI")
"""The end of a table of contents: _SEAL_MAGIC and the CRC-32 of all bytes before. Whoosh does not
read it."""
_SEAL_MAGIC = b"\x89TOCSUM\n"
"""Marks a seal. A table of contents without it was written by stock Whoosh."""


class SyncedStorage(FileStorage):  # type: ignore[misc]
    """Files are synced when they are closed. A rename, with which Whoosh publishes a table of
    contents, syncs the folder before and after.

    A table of contents gets a seal when it is closed, which is checked when it is opened.
    """

    def create_file(self, name: str, **options: Any) -> StructFile:
        """Create a file that is synced, and sealed if it is a table of contents, when it is
        closed. Raises OSError."""
        return super().create_file(
            name, onclose=_seal_and_sync if _TOC in name else _sync, **options
        )

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Open a file for reading. Raises OSError, and FileDamaged for a table of contents whose
        seal is wrong."""
        if name.endswith(_TOC):
            path = Path(self.folder, name)
            data = path.read_bytes()
            magic, crc = _SEAL.unpack(data[-_SEAL.size :].rjust(_SEAL.size, b"\0"))
            if (magic == _SEAL_MAGIC) != (zlib.crc32(data[: -_SEAL.size]) == crc):
                raise FileDamaged(f"{path} is damaged: wrong checksum")
        return super().open_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file durably: the folder is synced before and after. Raises OSError."""
        sync_folder(self.folder)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.folder)


def open_index(storage: FileStorage, indexname: str = DEFAULT_INDEX_NAME) -> FileIndex:
    """Return the latest state of an index.

    Raises OSError, EmptyIndexError if there is none, and FileDamaged.
    """
    try:
        return FileIndex(storage, indexname=indexname)
    except (OSError, EmptyIndexError, FileDamaged):
        raise
    except Exception as error:
        # A table of contents is a pickle: loading a damaged one can raise any error.
        name = contents_filename(indexname, latest_generation(storage, indexname))
        raise FileDamaged(f"{Path(storage.folder, name)} is damaged: {error!r}") from error


def remove_unfinished(storage: Any, indexname: str) -> None:
    """Remove tables of contents that were never completed, because their writer was killed.

    The caller holds the writer's lock. Raises OSError.
    """
    unfinished = re.compile(rf"_{re.escape(indexname)}_\d+\.toc\..+")
    for name in storage.list():
        if unfinished.fullmatch(name):
            storage.delete_file(name)


def remove_unnamed(storage: Any, indexname: str) -> None:
    """Remove the files of segments that the latest table of contents does not name.

    The caller holds the writer's lock. Raises OSError.
    """
    contents = TOC.read(storage, indexname)
    clean_files(storage, indexname, contents.generation, contents.segments)


def _seal_and_sync(file: StructFile) -> None:
    """Append the seal to a table of contents, and sync it."""
    file.flush()
    written = Path(file.file.name).read_bytes()
    file.write(_SEAL.pack(_SEAL_MAGIC, zlib.crc32(written)))
    _sync(file)


def _sync(file: StructFile) -> None:
    """Write a file through to the disk."""
    file.flush()
    os.fsync(file.fileno())
