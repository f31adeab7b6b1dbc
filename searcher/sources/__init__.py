"""Readers of the formats that articles come in, told apart by content."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.article import Document, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.feed import FeedReader
from searcher.sources.html import HtmlReader
from searcher.sources.jsonl import JsonLinesReader
from searcher.sources.mail import MailReader
from searcher.sources.markdown import MarkdownReader
from searcher.sources.newsml import NewsmlReader
from searcher.sources.nitf import NitfReader
from searcher.sources.pdf import PdfReader
from searcher.sources.protocol import RawInput, SourceReader
from searcher.sources.sitemap import SitemapReader
from searcher.sources.text import TextReader
from searcher.sources.warc import WarcReader
from searcher.text.encoding import is_binary

_BINARY: tuple[SourceReader, ...] = (WarcReader(), PdfReader())
READERS: tuple[SourceReader, ...] = (
    *_BINARY,
    FeedReader(),
    SitemapReader(),
    NewsmlReader(),
    NitfReader(),
    HtmlReader(),
    JsonLinesReader(),
    MarkdownReader(),
    MailReader(),
    TextReader(),
)
"""In the order in which they are asked; the last takes any text."""

_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a SQLite database",
}


def reader_for(raw: RawInput) -> SourceReader:
    """The reader of the format that `raw` is in. Raises UnreadableFile for empty files and what is
    not text."""
    head = raw.head()
    if not head.strip():
        raise UnreadableFile(raw.name, "empty")
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise UnreadableFile(raw.name, f"{kind}, not a text format")
    if is_binary(head) and not any(reader.recognises(head) for reader in _BINARY):
        raise UnreadableFile(raw.name, "binary, not a text format")
    reader = next(reader for reader in READERS if reader.recognises(head))
    if isinstance(reader, TextReader) and head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(
        b"<?xml"
    ):
        raise UnreadableFile(raw.name, "XML, but of no format that is known")
    return reader


def read_documents(raw: RawInput) -> Iterator[Document | Rejected]:
    """The articles in `raw`, whatever its format. Raises UnreadableFile, perhaps after some
    articles."""
    return reader_for(raw).read(raw)
