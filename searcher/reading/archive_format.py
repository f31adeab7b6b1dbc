"""The archive of fetched content in raw/: WARC files in which every record is a gzip member.

The files are in a folder of their own, at least one for each month, and are append-only. Besides
standard records they contain `metadata` records of this program, in JSON (notes), each of which is
an article: what a feed says of it, and the page that it led to.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

FOLDER = "fetched"
"""The name of the folder in raw/."""

SUFFIX = ".warc.gz"
FILE_NAME = re.compile(r"(\d{4}-\d\d)-(\d{3})" + re.escape(SUFFIX))
"""The name of a file: its month, and a number in the month."""

ENTRY = "application/vnd.news-searcher.entry+json"
"""The media type of a note with an entry of a feed."""

PAGE = "application/vnd.news-searcher.page+json"
"""The media type of a note before the response with a page: the entry and the addresses that led
to it."""

LARGEST_RECORD = 64 << 20
"""Maximum size of a record, in bytes before compression. The fetcher's own bound is far lower, so a
larger one is damage."""

_STEP = 32 << 10
"""Bytes that are read at a time."""

_MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a gzip member."""

_WARC = b"WARC/"
_RECORD_ID = re.compile(rb"^WARC-Record-ID: (<[^>\r\n]{1,100}>)", re.MULTILINE)


class Member(NamedTuple):
    """A record, or a damaged part of the file."""

    start: int
    """The byte at which it begins."""

    end: int
    """The byte after it."""

    data: bytes | None
    """The record, decompressed; None for a damaged part."""


def is_archive(name: str) -> bool:
    """Return whether a file was written by refreshes. name: its path relative to raw/."""
    folder, _, file = name.rpartition("/")
    return folder == FOLDER and FILE_NAME.fullmatch(file) is not None


def members(file: BinaryIO, start: int = 0) -> Iterator[Member]:
    """Yield the records from byte `start` on, up to the last whole one.

    An incomplete record at the end is still being written, or was cut off by a crash. A part that
    cannot be read, with a whole record after it, is one Member without data. Raises OSError.
    """
    mark = b""
    while True:
        found = _member(file, start)
        if found is None:
            mark = mark or (file_mark(file) or b"")
            following = _next_whole(file, start + 1, mark) if mark else None
            if following is None:
                return
            found = Member(start, following, None)
        yield found
        start = found.end


def file_mark(file: BinaryIO) -> bytes | None:
    """Return the mark of a file: the header with the random id of its first record.

    Every record has it. A server does not know it, so it cannot forge a record of the file. None if
    the first record cannot be read.
    """
    first = _member(file, 0)
    found = (
        _RECORD_ID.search(first.data.partition(b"\r\n\r\n")[0]) if first and first.data else None
    )
    return mark_of(found[1].decode()) if found else None


def holds_records(file: BinaryIO) -> bool:
    """Return whether a file contains a whole record."""
    return _member(file, 0) is not None or _next_whole(file, 0, b"") is not None


def mark_of(identifier: str) -> bytes:
    """Return the header that names the first record of a file. identifier: that record's id."""
    return f"WARC-Warcinfo-ID: {identifier}".encode()


def _member(file: BinaryIO, start: int) -> Member | None:
    """Return the record that begins at byte `start`; None if it is damaged or incomplete."""
    file.seek(start)
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    size, at = 0, start
    while not decompressor.eof:
        chunk = file.read(_STEP)
        if not chunk:
            return None
        at += len(chunk)
        try:
            parts.append(decompressor.decompress(chunk, LARGEST_RECORD + 1 - size))
        except zlib.error:
            return None
        size += len(parts[-1])
        if size > LARGEST_RECORD or (parts[0] and not parts[0].startswith(_WARC[: len(parts[0])])):
            return None
    return Member(start, at - len(decompressor.unused_data), b"".join(parts))


def _next_whole(file: BinaryIO, start: int, mark: bytes) -> int | None:
    """Return the byte at which the next whole record from `start` on begins; None for none.

    A record without the mark is part of a server's answer, and is skipped.
    """
    at, kept = start, b""
    file.seek(start)
    while chunk := file.read(_STEP):
        window = kept + chunk
        begin = at - len(kept)
        found = window.find(_MAGIC)
        while found >= 0:
            member = _member(file, begin + found)
            if member and member.data and mark in member.data.partition(b"\r\n\r\n")[0]:
                return begin + found
            found = window.find(_MAGIC, found + 1)
        at += len(chunk)
        kept = window[-len(_MAGIC) + 1 :]
        file.seek(at)
    return None
