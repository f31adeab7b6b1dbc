"""Records of the archive: made from answers and notes, and packed as WARC 1.1."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from searcher.fetching.exchange import Exchange

_SOFTWARE = "news-searcher"
_HTTP = "application/http; msgtype=response"


@dataclass(frozen=True, slots=True)
class Record:
    """A record to write."""

    kind: str
    """WARC-Type."""
    url: str
    """WARC-Target-URI, or ""."""
    moment: datetime
    """WARC-Date."""
    block: bytes
    """Content."""
    content_type: str
    """Content-Type of the block."""
    identifier: str
    """WARC-Record-ID."""
    headers: Mapping[str, str]
    """Further headers."""


def record_id() -> str:
    """Return a new, random identifier of a record."""
    from warcio.statusandheaders import StatusAndHeadersParser

    return str(StatusAndHeadersParser.make_warc_id())


def response_record(exchange: Exchange, identifier: str) -> Record:
    """Return a `response` record: an answer as it was received."""
    headers = {"WARC-Payload-Digest": payload_digest(exchange.body), **_server(exchange)}
    if exchange.truncated:
        headers["WARC-Truncated"] = exchange.truncated
    return Record(
        "response", exchange.url, exchange.received, exchange.raw, _HTTP, identifier, headers
    )


def revisit_record(exchange: Exchange, identifier: str, refers_to: str) -> Record:
    """Return a `revisit` record: the head of an answer whose content the record `refers_to` has."""
    headers = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": refers_to,
        "WARC-Payload-Digest": payload_digest(exchange.body),
        **_server(exchange),
    }
    return Record(
        "revisit", exchange.url, exchange.received, exchange.head, _HTTP, identifier, headers
    )


def note_record(
    kind: str, url: str, moment: datetime, note: Mapping[str, Any], concurrent_to: str
) -> Record:
    """Return a `metadata` record with a note of ours about the record `concurrent_to`.

    kind: ENTRY or PAGE of `reading.archive_format`.
    """
    data = json.dumps(note, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return Record(
        "metadata", url, moment, data, kind, record_id(), {"WARC-Concurrent-To": concurrent_to}
    )


def payload_digest(data: bytes) -> str:
    """Return the SHA-1 digest of a payload as web archives write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _server(exchange: Exchange) -> dict[str, str]:
    return {"WARC-IP-Address": exchange.address} if exchange.address else {}


def info_record(name: str, moment: datetime) -> Record:
    """Return the `warcinfo` record that a file with this name begins with."""
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


def packed(record: Record, mark: bytes) -> bytes:
    """Return a record as a gzip member.

    mark: the header that records of its file have, as `name: value`; b"" for the first record.
    """
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
    headers += [*record.headers.items(), ("WARC-Block-Digest", payload_digest(record.block))]
    head = StatusAndHeaders("", headers, protocol="WARC/1.1")
    out = BytesIO()
    # warcio would write the head of a response anew, so the head is passed as part of the block.
    size = len(record.block)
    found = ArcWarcRecord(
        "warc", record.kind, head, BytesIO(record.block), None, record.content_type, size
    )
    WARCWriter(out, gzip=True, warc_version="1.1").write_record(found)
    return out.getvalue()
