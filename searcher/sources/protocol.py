"""The seam between raw files and the readers of their formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from searcher.article import Document, Rejected


class RawInput(Protocol):
    """A file as a source reader sees it: named, bounded, already decompressed."""

    @property
    def name(self) -> str:
        """The name under which articles record the file as their origin."""

    def head(self) -> bytes:
        """The first bytes, at most 64 KiB. Raises UnreadableFile."""

    def open(self) -> BinaryIO:
        """The whole content as a stream. Raises UnreadableFile; reading it may raise OSError or
        EOFError."""

    def read(self) -> bytes:
        """The whole content. Raises UnreadableFile when it is damaged or larger than the limit."""


class SourceReader(Protocol):
    """Reads one format. Stateless, so safe in threads."""

    @property
    def format(self) -> str:
        """The format's name as shown to users."""

    def recognises(self, head: bytes) -> bool:
        """Whether content that begins with `head` is of this format. Never raises."""

    def read(self, raw: RawInput) -> Iterator[Document | Rejected]:
        """The articles in `raw`, in order. A part that cannot be read is yielded as Rejected and
        the rest goes on.

        Raises UnreadableFile when nothing (more) of the file can be read.
        """
