"""The archive: what was fetched, appended to WARC files in raw/ and on the disk before anything
else is done with it.

What was written is never rewritten; only an end that a crash left behind, of which nobody was told,
is cut off.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from searcher.clock import Clock
from searcher.errors import AlreadyRefreshing, WriteFailed
from searcher.feeds.durable import sync_folder
from searcher.fetching.exchange import Exchange
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
            # Who holds it is told to those who wait; on a full disk it is held all the same.
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
        names = sorted(
            path.name for path in self.folder.iterdir() if FILE_NAME.fullmatch(path.name)
        )
        if names:
            self._open(self.folder / names[-1])

    def _open(self, path: Path) -> None:
        """Goes on in this file, from the end of its last whole record; if its first is damaged, in
        another one."""
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
        """Appends records, and returns when they are on the disk; returns how many bytes they take
        there.

        Raises WriteFailed; none of them is there then.
        """
        file = self._chosen()
        return self._write(file, b"".join(_packed(record, self._mark) for record in records))

    def _write(self, file: int, packed: bytes) -> int:
        data = memoryview(packed)
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
        """Cuts off what was not written in whole; if not even that is possible, the next write
        begins with it."""
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
            info = _info(name, self._clock.now())
            self._write(self._file, _packed(info, b""))
            self._mark = mark_of(info.identifier)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        os.close(self._lock)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be: its type, the address that it is about, its name, what it holds, and further
    headers."""

    kind: str
    url: str
    moment: datetime
    block: bytes
    content_type: str
    identifier: str
    headers: Mapping[str, str]


def record_id() -> str:
    """A new identifier of a record."""
    from warcio.statusandheaders import StatusAndHeadersParser

    return str(StatusAndHeadersParser.make_warc_id())


def response_record(exchange: Exchange, identifier: str) -> Record:
    """A server's answer as it was received, as a `response` record."""
    headers = {"WARC-Payload-Digest": digest(exchange.body), **_server(exchange)}
    if exchange.truncated:
        headers["WARC-Truncated"] = exchange.truncated
    return Record(
        "response", exchange.url, exchange.received, exchange.raw, _HTTP, identifier, headers
    )


def revisit_record(exchange: Exchange, identifier: str, refers_to: str) -> Record:
    """That an answer's content was that of an earlier one, `refers_to`, as a `revisit` record of
    its head alone."""
    headers = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": refers_to,
        "WARC-Payload-Digest": digest(exchange.body),
        **_server(exchange),
    }
    return Record(
        "revisit", exchange.url, exchange.received, exchange.head, _HTTP, identifier, headers
    )


def note_record(
    kind: str, url: str, moment: datetime, note: Mapping[str, Any], concurrent_to: str
) -> Record:
    """A `metadata` record of ours about the record `concurrent_to`; `kind` is ENTRY or PAGE of the
    format."""
    data = json.dumps(note, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return Record(
        "metadata", url, moment, data, kind, record_id(), {"WARC-Concurrent-To": concurrent_to}
    )


def digest(data: bytes) -> str:
    """The digest of a payload as web archives write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


_HTTP = "application/http; msgtype=response"


def _server(exchange: Exchange) -> dict[str, str]:
    return {"WARC-IP-Address": exchange.address} if exchange.address else {}


def _info(name: str, moment: datetime) -> Record:
    fields = f"software: {_SOFTWARE}\r\nformat: WARC File Format 1.1\r\n".encode()
    return Record(
        "warcinfo",
        "",
        moment,
        fields,
        "application/warc-fields",
        record_id(),
        {"WARC-Filename": name},
    )


def _packed(record: Record, mark: bytes) -> bytes:
    """A record as a gzip member. warcio would write the head of a response anew, so that is given
    as part of the block."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    date = record.moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = [
        ("WARC-Type", record.kind),
        ("WARC-Record-ID", record.identifier),
        ("WARC-Date", date),
    ]
    headers += [("WARC-Target-URI", record.url)] if record.url else []
    name, _, value = mark.decode().partition(": ")
    headers += [(name, value)] if mark else []
    headers += [*record.headers.items(), ("WARC-Block-Digest", digest(record.block))]
    head = StatusAndHeaders("", headers, protocol="WARC/1.1")
    out = BytesIO()
    size = len(record.block)
    found = ArcWarcRecord(
        "warc", record.kind, head, BytesIO(record.block), None, record.content_type, size
    )
    WARCWriter(out, gzip=True, warc_version="1.1").write_record(found)
    return out.getvalue()
