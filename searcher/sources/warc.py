"""Web archives: WARC files such as those of CC-NEWS, read record by record by warcio."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.fetching.content_encoding import EncodingDamaged, decoded
from searcher.sources.html import read_page
from searcher.sources.protocol import RawInput
from searcher.text.cleaning import clean_line

_LARGEST_PAGE = 16 << 20
_PAGES = ("text/html", "application/xhtml+xml")
_KINDS = frozenset(
    "warcinfo response resource request metadata revisit conversion continuation".split()
)
_CHARSET = "charset="


class WarcReader:
    """Each successful HTML response is an article. Requests, pictures, redirects and errors are
    passed over."""

    format = "warc"
    is_binary = True

    def recognises(self, head: bytes) -> bool:
        return head.startswith(b"WARC/")

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        number = known = 0
        with raw.open() as stream:
            try:
                for number, record in enumerate(ArchiveIterator(stream), 1):
                    known += record.rec_type in _KINDS
                    if _is_page(record):
                        yield _document(record, Origin(raw.name, number))
            except (ArchiveLoadFailed, EOFError, OSError, zlib.error, ValueError) as error:
                reason = (
                    "truncated"
                    if isinstance(error, EOFError)
                    else f"damaged ({clean_line(str(error))[:100]})"
                )
                raise UnreadableFile(raw.name, f"{reason} after record {number}") from error
        if not known:
            raise UnreadableFile(raw.name, "a damaged web archive: it has no records")


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return False
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower() in _PAGES


def _document(record: Any, origin: Origin) -> Document | Rejected:
    found = page_of(record, origin)
    if record.raw_stream.limit > 0 and not record.raw_stream.read(1):
        raise EOFError("the record is shorter than it says")
    return found


def page_of(record: Any, origin: Origin) -> Document | Rejected:
    """The article on the page that a `response` record holds. Raises ValueError where its content
    is damaged."""
    headers = record.http_headers
    encodings = headers.get_header("Content-Encoding") or ""
    headers.remove_header("Content-Encoding")
    received = record.content_stream().read(_LARGEST_PAGE + 1)
    try:
        data = decoded(received, encodings, _LARGEST_PAGE)
    except EncodingDamaged as error:
        # Of a page that was cut off on the way there is what came before.
        if not record.rec_headers.get_header("WARC-Truncated"):
            raise
        data = error.begun
    if len(data) > _LARGEST_PAGE:
        return Rejected(origin, f"a page larger than {_LARGEST_PAGE >> 20} MiB")
    kind = (headers.get_header("Content-Type") or "").lower()
    declared = kind.partition(_CHARSET)[2].partition(";")[0].strip("\"' ")
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    return read_page(
        data, origin, address.strip("<>"), declared, _moment(record), WarcReader.format
    )


def _moment(record: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
