"""A Whoosh storage whose files have reached the disk before they are renamed into place, and whose
tables of contents are sealed with a checksum: Whoosh itself does neither."""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, FileIndex, clean_files

from searcher.columnar.segment_file import FileDamaged

_TOC = ".toc"
_SEAL = struct.Struct("<8sI")
_SEAL_MAGIC = b"\x89TOCSUM\n"


class SyncedStorage(FileStorage):  # type: ignore[misc]
    """Files are synced when closed; a rename, with which Whoosh publishes a table of contents,
    syncs the folder.

    A table of contents ends with a magic and the CRC-32 of what is before it, which Whoosh does not
    read. One without is taken as it is: stock Whoosh wrote it.
    """

    def create_file(self, name: str, **options: Any) -> StructFile:
        return super().create_file(
            name, onclose=_seal_and_sync if _TOC in name else _sync, **options
        )

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Raises FileDamaged for a table of contents that is not as it was written."""
        if name.endswith(_TOC):
            path = Path(self.folder, name)
            data = path.read_bytes()
            magic, crc = _SEAL.unpack(data[-_SEAL.size :].rjust(_SEAL.size, b"\0"))
            if (magic == _SEAL_MAGIC) != (zlib.crc32(data[: -_SEAL.size]) == crc):
                raise FileDamaged(f"{path} is damaged: wrong checksum")
        return super().open_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        sync_folder(self.folder)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.folder)


def open_index(storage: FileStorage, indexname: str = _DEF_INDEX_NAME) -> FileIndex:
    """The latest state of an index. Raises OSError, EmptyIndexError, and FileDamaged, which names
    the file."""
    try:
        return FileIndex(storage, indexname=indexname)
    except (OSError, EmptyIndexError, FileDamaged):
        raise
    except Exception as error:
        # A table of contents holds pickles: a damaged one can raise anything.
        name = TOC._filename(indexname, TOC._latest_generation(storage, indexname))
        raise FileDamaged(f"{Path(storage.folder, name)} is damaged: {error!r}") from error


def remove_unfinished(storage: Any, indexname: str) -> None:
    """Removes tables of contents whose writers were ended before they were complete. Only for who
    holds the lock."""
    unfinished = re.compile(rf"_{re.escape(indexname)}_\d+\.toc\..+")
    for name in storage.list():
        if unfinished.fullmatch(name):
            storage.delete_file(name)


def remove_unnamed(storage: Any, indexname: str) -> None:
    """Removes the files of segments that the latest table of contents does not name. Only for who
    holds the lock."""
    contents = TOC.read(storage, indexname)
    clean_files(storage, indexname, contents.generation, contents.segments)


def _seal_and_sync(file: StructFile) -> None:
    file.flush()
    written = Path(file.file.name).read_bytes()
    file.write(_SEAL.pack(_SEAL_MAGIC, zlib.crc32(written)))
    _sync(file)


def _sync(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(path: str | os.PathLike[str]) -> None:
    """Makes the names of the files in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
