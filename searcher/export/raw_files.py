"""The files that the articles of a result came from, in a ZIP archive: for research on the sources
themselves."""

from __future__ import annotations

import json
import shutil
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from searcher.export.json_formats import compact
from searcher.export.statement import statement
from searcher.reading.archive_format import is_archive, members
from searcher.reading.raw_store import RawStore
from searcher.search.listing import Row, WholeResult

OUTSIDE = "outside"
"""Folder, in the ZIP archive, of files that are not in the raw folder."""
MANIFEST = "manifest.jsonl"
"""File with a line for each article: its rank, id, address, and the file and part it came from."""
STATEMENT = "statement.json"
"""File that says what is listed."""
_COMPRESSED = {".gz", ".zip", ".zst", ".bz2", ".xz", ".docx", ".epub", ".pdf"}
"""Suffixes of files that compressing again makes no smaller."""
_IN_MEMORY = 4 << 20
"""Number of bytes of the manifest that are kept in memory; more are kept in a temporary file."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a ZIP archive can hold."""


def write_raw_files(result: WholeResult, store: RawStore, file: BinaryIO) -> int:
    """Write a ZIP archive of the files of all articles. Return the number of files that are
    missing.

    Each file is copied once, as it is. Of an archive of fetched pages, the records of the articles
    are copied alone. It takes memory for the name of each file, and 8 bytes for each such record.
    """
    head, rows = result
    with (
        ZipFile(file, "w", ZIP_DEFLATED) as target,
        SpooledTemporaryFile(_IN_MEMORY) as manifest,
    ):
        target.writestr(STATEMENT, json.dumps(statement(head), indent=2) + "\n")
        missing = 0
        records: dict[str, array[int]] = {}
        seen: set[str] = set()
        for row in rows:
            name = row.article.origin.file
            manifest.write((compact(_line(row)) + "\n").encode())
            if is_archive(name):
                records.setdefault(name, array("q")).append(row.article.origin.part)
            elif name not in seen:
                seen.add(name)
                missing += not _copy(target, store.path_of(name), zip_name(name))
        for name, starts in records.items():
            missing += not _copy_records(target, store.path_of(name), zip_name(name), starts)
        manifest.seek(0)
        with target.open(MANIFEST, "w", force_zip64=True) as entry:
            shutil.copyfileobj(manifest, entry)
    return missing


def _line(row: Row) -> dict[str, object]:
    article = row.article
    return {
        "rank": row.rank,
        "id": article.id,
        "url": article.url,
        "file": zip_name(article.origin.file),
        "part": article.origin.part,
    }


def zip_name(name: str) -> str:
    """Return the name in the ZIP archive of the file that articles record as `name`."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    inside = not name.startswith("/") and ":" not in name
    return "/".join(parts if inside else [OUTSIDE, *(part.replace(":", "") for part in parts)])


def _copy(target: ZipFile, path: Path, name: str) -> bool:
    """Copy a file. Return whether it could be opened."""
    try:
        source = path.open("rb")
    except OSError:
        return False
    with source, target.open(_entry(path, name), "w", force_zip64=True) as entry:
        shutil.copyfileobj(source, entry)
    return True


def _copy_records(target: ZipFile, path: Path, name: str, starts: array[int]) -> bool:
    """Copy the first record of an archive, which describes it, and those of articles that begin at
    some bytes. Return whether it could be opened."""
    try:
        source = path.open("rb")
    except OSError:
        return False
    with source, target.open(_entry(path, name), "w", force_zip64=True) as entry:
        for piece in _records(source, sorted({0, *starts})):
            entry.write(piece)
    return True


def _records(source: IO[bytes], starts: list[int]) -> Iterator[bytes]:
    """Yield the record that begins at each byte, and the page after it if it is a note on one."""
    for start in starts:
        wanted = b""
        for member in members(source, start):  # type: ignore[arg-type]
            head = (member.data or b"").partition(b"\r\n\r\n")[0]
            if wanted and wanted not in head:
                break
            source.seek(member.start)
            yield source.read(member.end - member.start)
            identifier = _header(head, b"WARC-Concurrent-To")
            if wanted or not identifier:
                break
            wanted = b"WARC-Record-ID: " + identifier


def _header(head: bytes, name: bytes) -> bytes:
    """Return the value of a header of a record; b"" if it has none."""
    found = head.partition(b"\r\n" + name + b": ")[2]
    return found.partition(b"\r\n")[0]


def _entry(path: Path, name: str) -> ZipInfo:
    written = time.gmtime(path.stat().st_mtime)[:6]
    entry = ZipInfo(name, max(written, _EARLIEST))
    entry.compress_type = ZIP_STORED if path.suffix.lower() in _COMPRESSED else ZIP_DEFLATED
    return entry
