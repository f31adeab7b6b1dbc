"""Columns that are read as arrays: of whole numbers, and of texts of which few differ. They work
with any codec of Whoosh.

The classes of columns are pickled by name in the table of contents: they must not be moved or
renamed. Methods whose names are Whoosh's are described in `whoosh.columns`.
"""

from __future__ import annotations

import json
import math
import struct
from array import array
from io import BytesIO
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import Column, ColumnReader, ColumnWriter
from whoosh.filedb.structfile import StructFile

from searcher.columnar.arrays import Array, Bools, Ints, narrow, unique

DAY = 86_400
"""Seconds in a day."""

_AT_ONCE = 1 << 16
"""Number of documents whose days are computed at once, with 40 bytes each. More take memory that
the process keeps, and no less time."""
_TAIL = struct.Struct("<qIB")
"""The end of a column: the least value (or the length of the texts in bytes), the number of
documents, and the bytes of a code."""


Unit: TypeAlias = Literal["text", "day", "month", "year"]
"""The text of a CodeColumn; the day, month or year (UTC) of an IntColumn of seconds since 1970."""


class Values(NamedTuple):
    """The values of a column by which documents are counted."""

    column: str
    """Name of the column."""
    unit: Unit = "text"
    """The part of the value that is counted by."""
    once: str = ""
    """A late column: documents that share its value count once, at the earliest date of those that
    are counted. Only for a date."""


class IntColumn(Column):  # type: ignore[misc]
    """Signed whole numbers of 64 bits. A document without a value has the default."""

    def __init__(self, default: int = 0) -> None:
        self._default = default

    def default_value(self, reverse: bool = False) -> int:
        return self._default

    def writer(self, dbfile: Any) -> ColumnWriter:
        return _IntWriter(dbfile, self._default)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> IntReader:
        return IntReader(dbfile, basepos, length, doccount, self._default)


class CodeColumn(Column):  # type: ignore[misc]
    """Texts, each different one stored once. A document without a value has the empty text."""

    def default_value(self, reverse: bool = False) -> str:
        return ""

    def writer(self, dbfile: Any) -> ColumnWriter:
        return _CodeWriter(dbfile)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> CodeReader:
        return CodeReader(dbfile, basepos, length, doccount)


class _Writer(ColumnWriter):  # type: ignore[misc]
    """Collects documents, in order, and their values."""

    def __init__(self, dbfile: Any) -> None:
        super().__init__(dbfile)
        self.documents = array("I")
        self.values: Any = []

    def add(self, docnum: int, value: Any) -> None:
        self.documents.append(docnum)
        self.values.append(value)

    def _all(self, values: Array, doccount: int, default: int) -> Ints:
        """Return one number for each of `doccount` documents.

        values: one for each document that was added.
        default: value of documents that were not added.
        """
        found = np.full(doccount, default, np.int64)
        if len(self.documents):
            found[np.frombuffer(self.documents, np.uint32)] = values
        return found


class _IntWriter(_Writer):
    """Writes a code for each document in the smallest unsigned type, then the tail.

    The code is 0 for the default. Other codes are the distance from the least value, plus 1.
    """

    def __init__(self, dbfile: Any, default: int) -> None:
        super().__init__(dbfile)
        self._default = default
        self.values = array("q")

    def finish(self, doccount: int) -> None:
        values = self._all(np.array(self.values, np.int64), doccount, self._default)
        given = values != self._default
        least = int(values[given].min()) if given.any() else 0
        # Two's complement wraps around, so the difference is right even where it is no signed
        # number.
        codes = np.where(
            given, (values - np.int64(least)).view(np.uint64) + np.uint64(1), np.uint64(0)
        )
        packed = narrow(codes)
        self._dbfile.write(packed.tobytes())
        self._dbfile.write(_TAIL.pack(least, doccount, packed.itemsize))


class _CodeWriter(_Writer):
    """Writes a code for each document in the smallest unsigned type, then the texts as a JSON list
    in the order of their codes, then the tail. The code 0 is the empty text."""

    def finish(self, doccount: int) -> None:
        names = [""]
        codes = {"": 0}
        for value in self.values:
            if value not in codes:
                codes[value] = len(names)
                names.append(value)
        values = self._all(np.array([codes[value] for value in self.values], np.int64), doccount, 0)
        packed = narrow(values)
        text = json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        self._dbfile.write(packed.tobytes())
        self._dbfile.write(text)
        self._dbfile.write(_TAIL.pack(len(text), doccount, packed.itemsize))


class _Reader(ColumnReader):  # type: ignore[misc]
    """The codes of a column, and the bytes after them. Safe in threads."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
        data = memoryview(dbfile.get(basepos, length))
        self.tail: int
        self.tail, count, size = _TAIL.unpack(data[-_TAIL.size :])
        self.packed = np.frombuffer(data, f"<u{size}", count)
        """The code of each document, of an unsigned type."""
        self.rest = bytes(data[count * size : -_TAIL.size])

    def __len__(self) -> int:
        return len(self.packed)


class IntReader(_Reader):
    """Whole numbers. The code 0 means that there is no value. The value of another code is code +
    `least` - 1."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int, default: int) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self.least = self.tail
        """The least value."""
        self._default = default
        self._codes: dict[Unit, tuple[Array, list[str]]] = {}

    def codes(self, unit: Unit) -> tuple[Array, list[str]]:
        """For values that are seconds since 1970: the code of each document's day, month or year
        (UTC), and these by code, such as "2024-05". The code 0 means that there is no value."""
        if unit not in self._codes:
            days = self._days()
            held = unique(days)
            # The first day, 0, stands for no value.
            names, codes = np.unique(
                dated(held[held > 0].astype(np.int64) + self._before, unit), return_inverse=True
            )
            by_day = narrow(np.concatenate((np.zeros(len(held) - len(codes), np.int64), codes + 1)))
            self._codes[unit] = (
                by_day[held.searchsorted(days)],
                ["", *names.astype(str).tolist()],
            )
        return self._codes[unit]

    @property
    def _before(self) -> int:
        """The day before the earliest value, since 1970."""
        return self.least // DAY - 1

    def _days(self) -> NDArray[np.uint32]:
        """Return for each document the number of its day after `_before`, or 0."""
        found = np.empty(len(self), np.uint32)
        for start in range(0, len(found), _AT_ONCE):
            values, given = self.take(slice(start, start + _AT_ONCE))
            found[start : start + _AT_ONCE] = np.where(given, values // DAY - self._before, 0)
        return found

    def take(self, places: Any) -> tuple[Ints, Bools]:
        """Return the values of some documents (int64), and whether each has one.

        places: numbers in the segment or a mask over it.
        """
        codes = self.packed[places].astype(np.int64)
        return codes + (self.least - 1), codes != 0

    def between(self, low: float | None, high: float | None) -> Bools:
        """Return for each document whether it has a value v with low <= v < high. None: no end."""
        least, most = self._code(low), self._code(high) if high is not None else None
        found: Bools = (
            self.packed >= least if least <= self._largest else np.zeros(len(self), np.bool_)
        )
        if most is not None and most <= self._largest:
            found &= self.packed < most
        return found

    @property
    def _largest(self) -> int:
        return int(np.iinfo(self.packed.dtype).max)

    def _code(self, value: float | None) -> int:
        """Return the smallest code of a value that is not less than `value`."""
        return 1 if value is None else max(1, math.ceil(value) - self.least + 1)

    def __getitem__(self, docnum: int) -> int:
        code = int(self.packed[docnum])
        return code + self.least - 1 if code else self._default

    def __iter__(self) -> Any:
        return (self[docnum] for docnum in range(len(self)))


class CodeReader(_Reader):
    """Texts by their codes."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self.names: list[str] = json.loads(self.rest.decode("utf-8", "surrogatepass"))
        """The texts, by code."""

    def codes(self, unit: Unit) -> tuple[Array, list[str]]:
        """Return the code of each document, and the texts by code."""
        return self.packed, self.names

    def __getitem__(self, docnum: int) -> str:
        return self.names[int(self.packed[docnum])]

    def __iter__(self) -> Any:
        return (self.names[code] for code in self.packed.tolist())


def dated(days: Ints, unit: Unit) -> Array:
    """Return the days, months or years (datetime64) of these days since 1970."""
    held = days.astype("datetime64[D]")
    return held if unit == "day" else held.astype(f"datetime64[{unit[0].upper()}]")


def empty_column(column: Column, count: int) -> Array:
    """Return the bytes (uint8) of a column in which none of `count` documents has a value."""
    buffer = StructFile(BytesIO())
    column.writer(buffer).finish(count)
    return np.frombuffer(buffer.file.getvalue(), np.uint8)
