"""Synchronisation of files and folders with the disk."""

from __future__ import annotations

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk. Raises OSError."""
    _sync(path)


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Wait until the names of a folder's files are on the disk. Raises OSError."""
    _sync(folder)


def _sync(path: str | os.PathLike[str]) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
