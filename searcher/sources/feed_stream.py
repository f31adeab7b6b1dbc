"""Large feeds, cut between their entries into small ones, so that memory does not grow with the
file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 20
"""Number of bytes that are read at once."""
_PART = 1 << 20
"""Size of the entries of one part from which on it is complete, in bytes. Larger costs memory:
feedparser takes about 30 bytes for each."""
_LARGEST_ENTRY = 8 << 20
"""Maximum size of an entry, in bytes. A larger one is skipped."""
_LONGEST_MARK = 64
"""Maximum length of a mark, in bytes: as much is kept of a piece that may end within one."""
_BEGIN = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
"""The beginning of an entry."""
_MARKS = re.compile(
    rb"<!\[CDATA\[|\]\]>|<!--|-->|</(?:[\w.-]{1,20}:)?(?:item|entry)\s{0,9}>", re.IGNORECASE
)
"""The end of an entry, and the marks around text in which it means nothing."""
_CLOSING = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
"""Marks that end such a text, by those that begin it."""
_OPENED = re.compile(rb"<((?:[\w.-]{1,20}:)?(?:rss|rdf|feed|channel))[\s>]", re.IGNORECASE)
"""The elements around the entries."""


def parts_of(first: bytes, stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the parts of a feed, each a feed of its own with some of the entries; None in place of
    an entry that is too large.

    The last part ends where the file ends, perhaps within an entry.

    first: the bytes that were read of it already.
    """
    while (begin := _BEGIN.search(first)) is None and len(first) <= _LARGEST_ENTRY:
        if not (piece := stream.read(_PIECE)):
            break
        first += piece
    if begin is None:
        yield first
        return
    head = first[: begin.start()]
    tail = _closing(head)
    cutter = _Cutter()
    pending: list[bytes] = []
    size = 0
    piece = first[begin.start() :]
    while piece:
        for entry in cutter.cut(piece):
            if entry is not None:
                pending.append(entry)
                size += len(entry)
            if pending and (size >= _PART or entry is None):
                yield b"".join((head, *pending, tail))
                pending, size = [], 0
            if entry is None:
                yield None
        piece = stream.read(_PIECE)
    rest = cutter.rest()
    if pending or _BEGIN.search(rest):
        yield b"".join((head, *pending, rest))


def _closing(head: bytes) -> bytes:
    """Return the tags that close the elements that the beginning of a feed leaves open."""
    names = [name for name in _OPENED.findall(head) if b"</" + name + b">" not in head]
    return b"".join(b"</" + name + b">" for name in reversed(names))


class _Cutter:
    """Cuts a stream behind each end of an entry."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._looked_at = 0
        self._within = b""
        """The mark that ends the text that the place is in; b"" outside of such a text."""
        self._skips = False
        """Whether the entry is too large, and is passed over."""

    def cut(self, piece: bytes) -> Iterator[bytes | None]:
        """Yield the entries that end in the next piece; None for one that is too large."""
        self._buffer += piece
        done = 0
        for match in _MARKS.finditer(self._buffer, self._looked_at):
            mark = match.group().upper()
            self._looked_at = match.end()
            if self._within:
                self._within = b"" if mark == self._within else self._within
            elif mark in _CLOSING:
                self._within = _CLOSING[mark]
            elif mark.startswith(b"</"):
                yield None if self._skips else bytes(self._buffer[done : match.end()])
                self._skips, done = False, match.end()
        del self._buffer[:done]
        self._looked_at = max(self._looked_at - done, len(self._buffer) - _LONGEST_MARK, 0)
        if len(self._buffer) > _LARGEST_ENTRY:
            self._skips = True
            del self._buffer[:-_LONGEST_MARK]
            self._looked_at = min(self._looked_at, len(self._buffer))

    def rest(self) -> bytes:
        """Return the bytes behind the last entry."""
        return b"" if self._skips else bytes(self._buffer)
