"""How what was fetched is kept in raw/: WARC files of which every record is a gzip member of its
own.

The files are in a folder of their own, one or more for each month, and are only ever appended to.
Beside standard records they hold `metadata` records of ours, in JSON, that say which article a feed
led to.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

FOLDER = "fetched"
SUFFIX = ".warc.gz"
FILE_NAME = re.compile(r"(\d{4}-\d\d)-(\d{3})" + re.escape(SUFFIX))
ENTRY = "application/vnd.news-searcher.entry+json"
"""What an entry of a feed says."""
PAGE = "application/vnd.news-searcher.page+json"
"""What led to the page whose response is the next record: the entry, and the addresses on the
way."""
LARGEST_RECORD = 64 << 20
"""Bytes of a record before compression; what is fetched is bounded far below."""

_STEP = 32 << 10
_MAGIC = b"\x1f\x8b\x08"
_WARC = b"WARC/"
_RECORD_ID = re.compile(rb"^WARC-Record-ID: (<[^>\r\n]{1,100}>)", re.MULTILINE)


class Member(NamedTuple):
    """A record: where it begins and ends in the file, in bytes, and what it holds; None if it is
    damaged."""

    start: int
    end: int
    data: bytes | None


def is_archive(name: str) -> bool:
    """Whether a file of raw/, named relative to it, is one of those that fetching wrote."""
    folder, _, file = name.rpartition("/")
    return folder == FOLDER and FILE_NAME.fullmatch(file) is not None


def members(file: BinaryIO, start: int = 0) -> Iterator[Member]:
    """The records from byte `start` on, up to the last whole one: what follows it was not, or is
    not yet, written.

    What cannot be read although something whole follows is given once, as a Member without data.
    Raises OSError.
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
    """What every record of a file holds, and nobody knows who could have put something into one:
    the header that names the file's first record. None if that cannot be read."""
    first = _member(file, 0)
    found = (
        _RECORD_ID.search(first.data.partition(b"\r\n\r\n")[0]) if first and first.data else None
    )
    return mark_of(found[1].decode()) if found else None


def holds_records(file: BinaryIO) -> bool:
    """Whether something in a file can be read as a record."""
    return _member(file, 0) is not None or _next_whole(file, 0, b"") is not None


def mark_of(identifier: str) -> bytes:
    """The header that names a file's first record."""
    return f"WARC-Warcinfo-ID: {identifier}".encode()


def _member(file: BinaryIO, start: int) -> Member | None:
    """The record that begins at `start`, if it is whole."""
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
    """Where the next whole record from `start` on begins. One without the mark is part of what a
    server sent."""
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
