"""Readers of the formats that articles come in. A format is recognised by content, not by name.

To add a format:

1. Write its reader (`protocol.SourceReader`; `protocol.ZipReader` for a ZIP) in a module of this
   package.
2. Add it to `READERS` (`_ZIP_READERS` for a ZIP), before MailReader and TextReader: they take
   nearly every text.
3. Add a file of the format to tests/data/formats, and write the golden file again
   (`python tests/golden.py`).
4. Add the format to the three tables of tests/test_sources_formats.py: SAMPLES, HOSTILE and
   BEGINNINGS. A test fails for a format that one of them lacks.
5. Add its row to the table of formats in docs/indexing.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from searcher.article import Document, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.containers import ContainerReader, TarReader
from searcher.sources.docx import DocxReader
from searcher.sources.epub import EpubReader
from searcher.sources.feed import FeedReader
from searcher.sources.html import HtmlReader
from searcher.sources.jsonl import JsonLinesReader
from searcher.sources.lists import CsvReader, LinksReader
from searcher.sources.mail import MailReader
from searcher.sources.markdown import MarkdownReader
from searcher.sources.newsml import NewsmlReader
from searcher.sources.nitf import NitfReader
from searcher.sources.odt import OdtReader
from searcher.sources.pdf import PdfReader
from searcher.sources.protocol import RawInput, SourceReader, ZipReader
from searcher.sources.sitemap import SitemapReader
from searcher.sources.text import TextReader
from searcher.sources.warc import WarcReader
from searcher.sources.zipped import SIGNATURE, Package, kind_of, names_in
from searcher.text.encoding import is_binary


def read_documents(raw: RawInput) -> Iterator[Document | Rejected]:
    """Yield the articles in `raw`, and a Rejected for each part that cannot be read.

    Raises UnreadableFile, possibly after some articles, when nothing more of the file can be read.
    """
    return reader_for(raw).read(raw)


_CONTAINER = ContainerReader(read_documents)
"""The reader of a ZIP that is no format of its own."""

_ZIP_READERS: tuple[ZipReader, ...] = (EpubReader(), DocxReader(), OdtReader())
"""The readers of formats that are ZIP archives."""

READERS: tuple[SourceReader, ...] = (
    WarcReader(),
    PdfReader(),
    *_ZIP_READERS,
    _CONTAINER,
    TarReader(read_documents),
    LinksReader(),
    FeedReader(),
    SitemapReader(),
    NewsmlReader(),
    NitfReader(),
    HtmlReader(),
    JsonLinesReader(),
    CsvReader(),
    MarkdownReader(),
    MailReader(),
    TextReader(),
)
"""The readers in the order in which they are asked. The last one takes any text."""

_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a SQLite database",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old (.doc, .xls) or password-protected Office file",
}
"""First bytes of files that no reader reads, and the format's name for the message."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def reader_for(raw: RawInput) -> SourceReader:
    """Return the reader of the format of `raw`.

    Raises UnreadableFile, with the format's name where it is known, for an empty file and for one
    that no reader reads.
    """
    head = raw.head()
    if not head.strip():
        raise UnreadableFile(raw.name, "empty")
    for reader in READERS:
        if reader.is_binary and reader.recognises(head):
            return reader
    if head.startswith(SIGNATURE):
        return _zip_reader_for(raw, head)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise UnreadableFile(raw.name, f"unsupported format: {kind}")
    if is_binary(head):
        raise UnreadableFile(raw.name, "unsupported format: binary data")
    reader = next(one for one in READERS if not one.is_binary and one.recognises(head))
    if isinstance(reader, TextReader) and _is_xml(head):
        raise UnreadableFile(raw.name, "XML of an unknown format")
    return reader


def _zip_reader_for(raw: RawInput, head: bytes) -> ZipReader:
    """Return the reader of a ZIP whose first bytes do not state its format.

    Raises UnreadableFile for a format that no reader reads, and for a ZIP that is damaged.
    """
    kind = kind_of(names_in(head))
    try:
        names = Package(raw.read(), raw.name, "a ZIP archive").names
    except UnreadableFile:
        if not kind:
            raise
        names = ()
    for reader in _ZIP_READERS:
        if reader.has_names(names):
            return reader
    if kind := kind or kind_of(names):
        raise UnreadableFile(raw.name, f"unsupported format: {kind}")
    return _CONTAINER


def _is_xml(head: bytes) -> bool:
    return head.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<?xml")
