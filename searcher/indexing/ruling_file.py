"""The file of the readers' rulings, in raw/, because no index can be rebuilt without them.

It has a line for each ruling, and lines are only appended. A line that was cut off by a crash, or
is damaged, has a wrong checksum and is left out; so is one that has not the shape of a ruling.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from pathlib import Path

from searcher.durable import sync_folder
from searcher.errors import UnreadableFile, WriteFailed
from searcher.stories.rulings import KINDS, Ruling, Rulings, in_force

FILE = ".rulings"
"""Name of the file in the raw folder. Part of the format."""


def read_rulings(raw: Path) -> list[Ruling]:
    """Return the rulings of a raw folder, the oldest first. Raises UnreadableFile."""
    return [ruling for line in _lines(raw) if (ruling := _parsed(line)) is not None]


def damaged_lines(raw: Path) -> list[str]:
    """Return a message for each line of the file that holds no ruling, or for the file if it cannot
    be read."""
    try:
        lines = _lines(raw)
    except UnreadableFile as error:
        return [str(error)]
    return [
        f"{raw / FILE}, line {number}: not a ruling, left out"
        for number, line in enumerate(lines, 1)
        if line and _parsed(line) is None
    ]


def _lines(raw: Path) -> list[bytes]:
    try:
        return (raw / FILE).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnreadableFile(FILE, (error.strerror or str(error)).lower()) from error


def rulings_of(raw: Path) -> Rulings:
    """Return the rulings of a raw folder that hold. Raises UnreadableFile."""
    return in_force(read_rulings(raw))


def add_ruling(raw: Path, ruling: Ruling) -> None:
    """Append a ruling, and wait until it is on the disk. Raises WriteFailed; it is then not
    there."""
    line = _line(ruling)
    path = raw / FILE
    try:
        raw.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            _append(file, line)
        finally:
            os.close(file)
        sync_folder(raw)
    except OSError as error:
        raise WriteFailed(f"{path} cannot be written: {error.strerror}") from error


def _append(file: int, line: bytes) -> None:
    """Append a line behind the last whole one, and sync."""
    size = os.fstat(file).st_size
    # A line that a crash cut off would swallow the next one.
    begin = b"" if not size or os.pread(file, 1, size - 1) == b"\n" else b"\n"
    try:
        data = begin + line
        if os.pwrite(file, data, size) != len(data):
            raise OSError(0, "the disk is full")
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _line(ruling: Ruling) -> bytes:
    content = json.dumps(ruling._asdict(), ensure_ascii=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(content), content)


def _parsed(line: bytes) -> Ruling | None:
    """Return the ruling of a line; None if the line is damaged or has another shape."""
    sum_, _, content = line.partition(b" ")
    if not content or sum_ != b"%08x" % zlib.crc32(content):
        return None
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict) or not held.keys() >= set(Ruling._fields):
        return None
    kind, others = held["kind"], held["others"]
    if kind not in KINDS or not isinstance(others, list):
        return None
    if not all(isinstance(text, str) for text in (held["article"], held["time"], *others)):
        return None
    return Ruling(kind, held["article"], tuple(others), held["time"])
