"""ZIP and tar archives of files: each file in one is read as if it were beside it.

Nothing is unpacked to disk. The number of files, their sizes, the factor of compression and the
depth of archives in archives are bounded.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

from searcher.article import Document, Origin, Rejected
from searcher.errors import UnreadableFile
from searcher.sources.protocol import RawInput
from searcher.sources.zipped import SIGNATURE, Package

_HEAD = 64 << 10
"""Number of bytes by which a format is recognised."""
_DEEPEST = 2
"""Maximum number of archives around a file. A bomb of archives nests them; an export of an export
is two."""
_MOST_MEMBERS = 10_000
"""Maximum number of files that are read of a tar archive."""
_LARGEST_MEMBER = 16 << 20
"""Maximum size of a file in an archive, in bytes, decompressed. Larger costs memory."""
_LARGEST_TOTAL = 256 << 20
"""Maximum size of all files of an archive that are read, and of those in archives in it, in bytes.
Larger costs time."""
_TAR_MAGIC_AT = 257
"""Byte at which a tar archive says that it is one."""
_TAR_MAGIC = b"ustar"
_GZIP = b"\x1f\x8b"
_FIRST_NAME = 100
"""Number of bytes of a ZIP in which the name of its first file is."""
_LONGEST_NAME = 200
"""Maximum number of characters of a name that a message quotes."""
_BESIDE_PAGES = frozenset(
    "jpg jpeg png gif webp svg avif ico bmp tif tiff css js mjs map woff woff2 ttf otf eot mp3 mp4 "
    "m4a m4v webm ogg mov wav ds_store".split()
)
"""Endings of files that are saved with pages, and are passed over in silence."""

Read = Callable[[RawInput], Iterator[Document | Rejected]]
"""Function that reads a file of any format."""


class Budget:
    """Number of bytes that may be read of an archive and of the archives in it."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> bool:
        """Take `count` bytes, and return whether they were left."""
        self.left -= count
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, as readers of formats see it (RawInput)."""

    name: str
    """The name of the archive and of the file in it."""
    data: bytes
    """Its content."""
    depth: int
    """Number of archives around it."""
    budget: Budget
    """The bytes that may still be read of the outermost archive."""

    def head(self) -> bytes:
        return self.data[:_HEAD]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)

    def read(self) -> bytes:
        return self.data


def is_tar(head: bytes) -> bool:
    """Return whether content that begins with `head` is a tar archive."""
    return head[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC)


class TarReader:
    """The articles of all files in a tar archive."""

    format = "tar"
    is_binary = True

    def __init__(self, read: Read) -> None:
        """read: reads a file in the archive."""
        self._read = read

    def recognises(self, head: bytes) -> bool:
        return is_tar(head)

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        yield from read_members(raw, _tar_members(raw), self._read)


class ContainerReader:
    """The articles of all files in a ZIP archive that is no format of its own."""

    format = "zip"
    is_binary = True

    def __init__(self, read: Read) -> None:
        """read: reads a file in the archive."""
        self._read = read

    def recognises(self, head: bytes) -> bool:
        """Return False: a ZIP is one of these if it is nothing else."""
        return False

    def has_names(self, names: object) -> bool:
        """Return True: files of any names may be in it."""
        return True

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        package = Package(raw.read(), raw.name, "a ZIP archive")
        names = (name for name in package.names if not name.endswith("/"))
        members = ((name, partial(package.read, name)) for name in names)
        yield from read_members(raw, members, self._read)


def read_members(
    raw: RawInput, members: Iterator[tuple[str, Callable[[], bytes]]], read: Read
) -> Iterator[Document | Rejected]:
    """Yield the articles of the files in an archive, numbered through, and a Rejected, with the
    name of the file, for each that cannot be read.

    members: the name of each file, and a function that returns its content.
    """
    depth, budget = 1, Budget(_LARGEST_TOTAL)
    if isinstance(raw, Member):
        depth, budget = raw.depth + 1, raw.budget
    number = 0
    for name, content in members:
        if _is_beside_pages(name):
            continue
        if budget.left < 0:
            raise UnreadableFile(
                raw.name, f"an archive that unpacks to more than {_LARGEST_TOTAL >> 20} MiB"
            )
        for found in _documents(raw, name, content, depth, budget, read):
            number += 1
            yield replace(found, origin=Origin(raw.name, number))
    if not number:
        raise UnreadableFile(raw.name, "an archive without files that can be read")


def _documents(
    raw: RawInput,
    name: str,
    content: Callable[[], bytes],
    depth: int,
    budget: Budget,
    read: Read,
) -> Iterator[Document | Rejected]:
    """Yield the articles of one file of an archive."""
    origin, shown = Origin(raw.name), repr(name[:_LONGEST_NAME])
    try:
        data = content()
        data = _decompressed(data) if data.startswith(_GZIP) else data
        if not budget.take(len(data)):
            return
        if depth >= _DEEPEST and _is_container(data):
            yield Rejected(origin, f"{shown}: archives are nested too deeply")
            return
        for found in read(Member(f"{raw.name}:{name}", data, depth, budget)):
            if isinstance(found, Rejected):
                found = Rejected(origin, f"{shown}: {found.reason}")
            yield found
    except UnreadableFile as error:
        yield Rejected(origin, f"{shown}: {error.reason}")


def _is_container(data: bytes) -> bool:
    """Return whether a file is an archive, and no document (EPUB, ODT, DOCX) in a ZIP."""
    head = data[:_HEAD]
    is_document = b"mimetype" in head[:_FIRST_NAME] or b"[Content_Types].xml" in head
    return is_tar(head) or (head.startswith(SIGNATURE) and not is_document)


def _decompressed(data: bytes) -> bytes:
    """Return the content of a file that is compressed with gzip. Raises UnreadableFile."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            found = stream.read(_LARGEST_MEMBER + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile("", f"damaged gzip data ({error})") from error
    return _bounded(found)


def _bounded(data: bytes) -> bytes:
    if len(data) > _LARGEST_MEMBER:
        raise UnreadableFile("", f"larger than {_LARGEST_MEMBER >> 20} MiB")
    return data


def _tar_members(raw: RawInput) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the files of a tar archive, read as a stream. Raises UnreadableFile."""
    count = 0
    try:
        with raw.open() as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for info in archive:
                count += 1
                if count > _MOST_MEMBERS:
                    raise UnreadableFile(
                        raw.name, f"a tar archive with more than {_MOST_MEMBERS:,} files in it"
                    )
                if info.isfile():
                    # Of a stream, the content can be read only now.
                    content = archive.extractfile(info)
                    data = content.read(_LARGEST_MEMBER + 1) if content else b""
                    yield info.name, partial(_bounded, data)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise UnreadableFile(raw.name, f"a damaged tar archive ({error})") from error


def _is_beside_pages(name: str) -> bool:
    """Return whether a file is a picture, a style or the like, or is hidden."""
    base = posixpath.basename(name)
    return (
        base.startswith(".")
        or "__MACOSX/" in name
        or (base.rpartition(".")[2].lower() in _BESIDE_PAGES)
    )
