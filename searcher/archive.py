"""The archive: what was fetched, appended to WARC files in raw/ and on the disk before anything else is done with it.

What was written is never rewritten; only an end that a crash left behind, of which nobody was told, is cut off.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from searcher.archive_format import FILE_NAME
from searcher.archive_format import FOLDER
from searcher.archive_format import SUFFIX
from searcher.archive_format import members
from searcher.errors import AlreadyRefreshing
from searcher.errors import WriteFailed
from searcher.protocols import Clock
from searcher.protocols import Exchange

_LOCK = ".lock"
_LARGEST_FILE = 256 << 20
"""After so many bytes a month goes on in another file."""
_SOFTWARE = "news-searcher"


class Archive:
    """The open archive of a raw/ folder; one process at a time has it. Not safe in threads."""

    def __init__(self, raw: Path, clock: Clock, largest: int = _LARGEST_FILE) -> None:
        """Repairs what an interrupted write left. largest: bytes of one file.

        Raises AlreadyRefreshing if another process has it, and WriteFailed.
        """
        self.folder = raw / FOLDER
        self._clock = clock
        self._largest = largest
        self._file: int | None = None
        self._path = self.folder
        self._size = 0
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
            raise AlreadyRefreshing(f"feeds are being refreshed by process {holder or '?'}") from error
        with suppress(OSError):
            # Who holds it is told to those who wait; on a full disk it is held all the same.
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        names = sorted(path.name for path in self.folder.iterdir() if FILE_NAME.fullmatch(path.name))
        if names:
            self._open(self.folder / names[-1])

    def _open(self, path: Path) -> None:
        """Goes on in this file, from the end of its last whole record."""
        try:
            if self._file is not None:
                os.close(self._file)
            self._file, self._path = None, path
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            with open(path, "rb") as readable:
                self._size = max((member.end for member in members(readable)), default=0)
            if self._size < os.fstat(file).st_size:
                os.ftruncate(file, self._size)
                os.fsync(file)
            self._file = file
        except OSError as error:
            raise WriteFailed(f"{path} cannot be written: {error.strerror}") from error

    def append(self, records: Iterable[bytes]) -> None:
        """Appends records, and returns when they are on the disk. Raises WriteFailed; none of them is there then."""
        file = self._chosen()
        data = memoryview(b"".join(records))
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(file, data[written:], self._size + written)
            os.fsync(file)
        except OSError as error:
            self._take_back(file)
            raise WriteFailed(f"{self._path} cannot be written: {error.strerror}") from error
        self._size += len(data)

    def _take_back(self, file: int) -> None:
        """Cuts off what was not written in whole; if not even that is possible, the next write begins with it."""
        self._file = None
        try:
            os.ftruncate(file, self._size)
        except OSError:
            return
        finally:
            os.close(file)

    def _chosen(self) -> int:
        """The file that records go to now. The clock may be set back; the files never go back."""
        month = f"{self._clock.now():%Y-%m}"
        last = FILE_NAME.fullmatch(self._path.name)
        if last is not None and self._file is None:
            self._open(self._path)
        if last is None or last[1] < month:
            self._begin_file(f"{month}-001{SUFFIX}")
        elif self._size >= self._largest:
            self._begin_file(f"{last[1]}-{int(last[2]) + 1:03}{SUFFIX}")
        assert self._file is not None
        return self._file

    def _begin_file(self, name: str) -> None:
        self._open(self.folder / name)
        sync_folder(self.folder)
        self.append([_info(name, self._clock.now())])

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        os.close(self._lock)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sync_folder(folder: Path) -> None:
    """Puts the names of a folder's files on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def record_id() -> str:
    """A new identifier of a record."""
    from warcio.statusandheaders import StatusAndHeadersParser

    return str(StatusAndHeadersParser.make_warc_id())


def response_record(exchange: Exchange, identifier: str) -> bytes:
    """A server's answer as it was received, as a `response` record."""
    more = {"WARC-Payload-Digest": digest(exchange.body)}
    if exchange.truncated:
        more["WARC-Truncated"] = exchange.truncated
    return _record(
        "response", exchange.url, exchange.received, exchange.raw, _HTTP, identifier, more | _address(exchange)
    )


def revisit_record(exchange: Exchange, identifier: str, refers_to: str) -> bytes:
    """That an answer's content was that of an earlier one, `refers_to`, as a `revisit` record without a block."""
    more = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": refers_to,
        "WARC-Payload-Digest": digest(exchange.body),
    }
    return _record("revisit", exchange.url, exchange.received, b"", _HTTP, identifier, more | _address(exchange))


def note_record(kind: str, url: str, moment: datetime, note: Mapping[str, Any], concurrent_to: str) -> bytes:
    """A `metadata` record of ours about the record `concurrent_to`; `kind` is ENTRY or PAGE of the format."""
    data = json.dumps(note, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return _record("metadata", url, moment, data, kind, record_id(), {"WARC-Concurrent-To": concurrent_to})


def digest(data: bytes) -> str:
    """The digest of a payload as web archives write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


_HTTP = "application/http; msgtype=response"


def _address(exchange: Exchange) -> dict[str, str]:
    return {"WARC-IP-Address": exchange.address} if exchange.address else {}


def _info(name: str, moment: datetime) -> bytes:
    fields = f"software: {_SOFTWARE}\r\nformat: WARC File Format 1.1\r\n".encode()
    return _record("warcinfo", "", moment, fields, "application/warc-fields", record_id(), {"WARC-Filename": name})


def _record(
    kind: str, url: str, moment: datetime, block: bytes, content_type: str, identifier: str, more: Mapping[str, str]
) -> bytes:
    """A record as a gzip member. warcio would write the head of a response anew, so it is given as part of the
    block."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    date = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = [("WARC-Type", kind), ("WARC-Record-ID", identifier), ("WARC-Date", date)]
    headers += [("WARC-Target-URI", url)] if url else []
    headers += [*more.items(), ("WARC-Block-Digest", digest(block))]
    head = StatusAndHeaders("", headers, protocol="WARC/1.1")
    out = BytesIO()
    record = ArcWarcRecord("warc", kind, head, BytesIO(block), None, content_type, len(block))
    WARCWriter(out, gzip=True, warc_version="1.1").write_record(record)
    return out.getvalue()
