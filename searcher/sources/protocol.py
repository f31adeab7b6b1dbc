"""The seam between raw files and the readers of their formats."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import BinaryIO, Protocol

from searcher.article import Document, Rejected


class RawInput(Protocol):
    """A file as a source reader sees it: named, bounded in size, already decompressed."""

    @property
    def name(self) -> str:
        """The name that articles record as their origin, and messages use."""

    def head(self) -> bytes:
        """Return the first bytes, at most 64 KiB. Raises UnreadableFile."""

    def open(self) -> BinaryIO:
        """Open the whole content as a stream.

        Raises UnreadableFile; reading from the stream may raise OSError or EOFError.
        """

    def read(self) -> bytes:
        """Return the whole content.

        Raises UnreadableFile when it is damaged or larger than the limit.
        """


class SourceReader(Protocol):
    """Reads one format. Stateless, so threads can share it."""

    @property
    def format(self) -> str:
        """The name of the format, as articles record it and users see it."""

    @property
    def is_binary(self) -> bool:
        """Whether the format is not text. A file of binary data is offered to such readers only."""

    def recognises(self, head: bytes) -> bool:
        """Return whether content that begins with `head`, at most 64 KiB, has this format.

        Never raises.
        """

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        """Yield the articles in `raw`, in order, and a Rejected for a part that cannot be read.

        Raises UnreadableFile when nothing (more) of the file can be read.
        """


class ZipReader(SourceReader, Protocol):
    """Reads one format that is a ZIP archive."""

    def has_names(self, names: Collection[str]) -> bool:
        """Return whether an archive with members of these names has this format."""
