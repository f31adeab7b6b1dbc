"""A file of sorted rows, searched as it is: few words are asked of most lists, so that reading one
into a dictionary would take longer than all its answers."""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path


def rows_of(path: Path) -> mmap:
    """Return the rows of a file, mapped: all processes share their memory."""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def row_of(word: bytes, rows: bytes | mmap) -> list[bytes] | None:
    """Return the columns of the row that begins with a word, or None.

    rows: rows of columns with a space between them, each with a line feed behind it, ascending by
    the bytes of their first column.
    """
    low, high = 0, len(rows)
    while low < high:
        start = rows.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = rows.find(b"\n", start)
        columns = rows[start:end].split(b" ")
        if columns[0] == word:
            return columns
        low, high = (end + 1, high) if columns[0] < word else (low, start)
    return None
