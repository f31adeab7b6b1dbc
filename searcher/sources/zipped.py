"""ZIP containers: which format a ZIP is, by the names in it, and its members, read within bounds.

Nothing is unpacked to disk, and no member is itself opened as an archive.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from lxml.etree import _Element

from searcher.errors import UnreadableFile
from searcher.sources.xml import parse_xml

SIGNATURE = b"PK\x03\x04"
"""The first bytes of a ZIP that is not empty: the signature of a member's header."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
"""The signature of each entry of the directory at the end of a ZIP."""

_HEADER = struct.Struct("<4s5H3I2H")
"""A member's header: signature, version, flags, method, time, date, CRC-32, compressed size, size,
length of the name, length of the extra field (APPNOTE.TXT of PKWARE, 4.3.7)."""

_ENCRYPTED = 1
"""The bit of a member's flags that says that it is encrypted."""

_LONGEST_NAME = 500
"""Maximum number of bytes of a name. A longer one is taken for compressed data that happens to
contain the signature."""

_MEDIA_TYPE_WITHIN = 200
"""Bytes of the member "mimetype" in which the media type is looked for. All are far shorter."""

_MEDIA_TYPE = re.compile(rb"application/[\w.+-]+?(?=PK[\x01-\x08]|[^\w.+-]|\Z)")
"""A media type, up to the signature of the next header: the size of a member is not always in its
header."""

_MOST_MEMBERS = 10_000
"""Maximum number of members. Python's zipfile makes an object of each before anything is read."""

_LARGEST_MEMBER = 16 << 20
"""Maximum size of a member, in bytes after decompression. Larger takes more memory: a document of
30 MiB of short paragraphs took 1 GiB, its parsed tree and paragraphs together."""

_LARGEST_TOTAL = 64 << 20
"""Maximum number of bytes that are decompressed of one file: as many as a file that is read whole
may have by default. Larger costs memory and time."""

_LARGEST_RATIO = 200
"""Maximum of decompressed bytes for each byte of the file. Text compresses to a third or a tenth;
deflate's limit, which only a bomb reaches, is about 1,000."""

_SMALL = 1 << 20
"""Decompressed bytes for which the ratio is not looked at: a short repetitive text is harmless."""

_DAMAGE = (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, struct.error, zlib.error)
"""The errors that zipfile raises on damaged content."""

_KINDS = (
    (re.compile(r"application/vnd\.oasis\.opendocument\.spreadsheet"), "a spreadsheet (.ods)"),
    (re.compile(r"application/vnd\.oasis\.opendocument\.presentation"), "a presentation (.odp)"),
    (re.compile(r"\bxl/"), "a spreadsheet (.xlsx)"),
    (re.compile(r"\bppt/"), "a presentation (.pptx)"),
    (re.compile(r"\bMETA-INF/MANIFEST\.MF"), "a Java archive (.jar)"),
)
"""Formats in a ZIP that no reader reads: how their names or their declared type begin."""


def names_in(head: bytes) -> tuple[str, ...]:
    """Return the names of the members whose headers are in the first bytes of a ZIP, in order.

    The first member of EPUB and OpenDocument is called "mimetype" and holds the format's media
    type: it is given as "mimetype:application/epub+zip".
    """
    return tuple(_names(head)) if head.startswith(SIGNATURE) else ()


def _names(head: bytes) -> Iterator[str]:
    at = 0
    while at >= 0 and at + _HEADER.size <= len(head):
        _, _, _, method, _, _, _, packed, _, length, extra = _HEADER.unpack_from(head, at)
        begin = at + _HEADER.size
        name = head[begin : begin + length].decode("utf-8", "replace")
        if 0 < length <= _LONGEST_NAME and name.isprintable():
            size = min(packed or _MEDIA_TYPE_WITHIN, _MEDIA_TYPE_WITHIN)
            content = head[begin + length + extra :][:size]
            kind = _media_type(content, method) if name == "mimetype" else ""
            yield f"mimetype:{kind}" if kind else name
        at = head.find(SIGNATURE, at + len(SIGNATURE))


def _media_type(content: bytes, method: int) -> str:
    """Return the media type that a member begins with; "" for none.

    It should be stored, but some programs compress it.
    """
    if method == ZIP_DEFLATED:
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, _MEDIA_TYPE_WITHIN)
        except zlib.error:
            return ""
    found = _MEDIA_TYPE.match(content)
    return found.group().decode() if found else ""


def kind_of(names: Collection[str]) -> str:
    """Return the format of a ZIP that no reader reads, by the names of its members; "" if it is
    not known."""
    found = (kind for pattern, kind in _KINDS if any(map(pattern.search, names)))
    return next(found, "")


class Package:
    """The members of a ZIP that holds one publication; each is read whole, within bounds.

    Methods raise UnreadableFile where the file is damaged, encrypted or exceeds a bound.
    """

    def __init__(self, data: bytes, name: str, kind: str) -> None:
        """Open the ZIP in `data`.

        name: the file that a message names.
        kind: the format that a message names, with its article: "an EPUB".
        """
        self._name = name
        self._kind = kind
        self._left = min(_LARGEST_TOTAL, max(_LARGEST_RATIO * len(data), _SMALL))
        if data.count(_DIRECTORY_ENTRY) > _MOST_MEMBERS:
            raise self.error(f"{kind} with more than {_MOST_MEMBERS:,} files in it")
        try:
            self._zip = ZipFile(BytesIO(data))
            self._names = {one.filename: one for one in self._zip.infolist()}
        except _DAMAGE as error:
            raise self.error(f"{kind} that is damaged or cut off ({error})") from error

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, as the directory at the end of the file lists them."""
        return tuple(self._names)

    def error(self, reason: str) -> UnreadableFile:
        """Return the error for this file with a reason."""
        return UnreadableFile(self._name, reason)

    def __contains__(self, member: str) -> bool:
        return member in self._names

    def read(self, member: str) -> bytes:
        """Return the content of a member."""
        info = self._names.get(member)
        if info is None:
            raise self.error(f"{self._kind} without {member[:100]!r}")
        if info.flag_bits & _ENCRYPTED:
            raise self.error(f"{self._kind} that is encrypted")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise self.error(f"{self._kind} with a compression that is not read")
        bound = min(_LARGEST_MEMBER, self._left)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(bound + 1)
        except _DAMAGE as error:
            raise self.error(f"{self._kind} that is damaged or cut off ({error})") from error
        if len(data) > bound:
            raise self.error(
                f"{self._kind} that unpacks to too much data: more than {_LARGEST_TOTAL >> 20} MiB,"
                f" {_LARGEST_MEMBER >> 20} MiB in one part, or {_LARGEST_RATIO} times its size"
            )
        self._left -= len(data)
        return data

    def xml(self, member: str) -> _Element:
        """Return the root element of a member that is XML."""
        return parse_xml(self.read(member), self._name)
