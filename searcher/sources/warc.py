"""Web archives: WARC files such as those of CC-NEWS, read record by record with warcio."""

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
"""Maximum size of a page, in bytes after its content encoding is undone. A larger one is not an
article, and its parsed tree takes many times as much memory."""

_PAGES = ("text/html", "application/xhtml+xml")
_KINDS = frozenset(
    "warcinfo response resource request metadata revisit conversion continuation".split()
)
"""The types of record that WARC 1.1 defines. A file without any of them is not an archive."""

_CHARSET = "charset="


class WarcReader:
    """Each successful HTML response is an article; requests, pictures, redirects and errors are
    skipped."""

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
    """Return whether a record is a successful response with an HTML page."""
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return False
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower() in _PAGES


def _document(record: Any, origin: Origin) -> Document | Rejected:
    """Return the article of a record. Raises EOFError for a record that was cut off."""
    found = page_of(record, origin)
    if record.raw_stream.limit > 0 and not record.raw_stream.read(1):
        raise EOFError("the record is shorter than it says")
    return found


def page_of(record: Any, origin: Origin) -> Document | Rejected:
    """Return the article on the page in a `response` record.

    Raises ValueError for damaged content.
    """
    headers = record.http_headers
    encodings = headers.get_header("Content-Encoding") or ""
    headers.remove_header("Content-Encoding")
    received = record.content_stream().read(_LARGEST_PAGE + 1)
    try:
        data = decoded(received, encodings, _LARGEST_PAGE)
    except EncodingDamaged as error:
        # The fetcher cut off a long page, and recorded that: the beginning is read.
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
    """Return when a record was made; None for a date that is not one."""
    try:
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
