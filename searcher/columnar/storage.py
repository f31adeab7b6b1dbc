"""A Whoosh storage whose files have reached the disk before they are renamed into place: Whoosh itself never syncs."""

from __future__ import annotations

import os
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


class SyncedStorage(FileStorage):  # type: ignore[misc]
    """Files are synced when closed; a rename, with which Whoosh publishes a table of contents, syncs the folder."""

    def create_file(self, name: str, **options: Any) -> StructFile:
        return super().create_file(name, onclose=_sync_file, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        sync_folder(self.folder)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.folder)


def _sync_file(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(path: str | os.PathLike[str]) -> None:
    """Makes the names of the files in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
