"""Columns that are read as arrays: whole numbers, and texts of which few differ. Under any codec of
Whoosh."""

from __future__ import annotations

import json
import math
import struct
from array import array
from io import BytesIO
from typing import Any

import numpy as np
from whoosh.columns import Column, ColumnReader, ColumnWriter
from whoosh.filedb.structfile import StructFile

from searcher.columnar.arrays import Array, Bools, Ints, narrow

_HEAD = struct.Struct("<qIB")


class IntColumn(Column):  # type: ignore[misc]
    """Whole numbers of 64 bits, signed; a document without a value has the default."""

    def __init__(self, default: int = 0) -> None:
        self._default = default

    def default_value(self, reverse: bool = False) -> int:
        return self._default

    def writer(self, dbfile: Any) -> ColumnWriter:
        return _IntWriter(dbfile, self._default)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> IntReader:
        return IntReader(dbfile, basepos, length, doccount, self._default)


class CodeColumn(Column):  # type: ignore[misc]
    """Texts, each different one stored once; a document without a value has the empty text."""

    def default_value(self, reverse: bool = False) -> str:
        return ""

    def writer(self, dbfile: Any) -> ColumnWriter:
        return _CodeWriter(dbfile)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> CodeReader:
        return CodeReader(dbfile, basepos, length, doccount)


class _Writer(ColumnWriter):  # type: ignore[misc]
    """Collects (document, value) pairs."""

    def __init__(self, dbfile: Any) -> None:
        super().__init__(dbfile)
        self.documents = array("I")
        self.values: Any = []

    def add(self, docnum: int, value: Any) -> None:
        self.documents.append(docnum)
        self.values.append(value)

    def _all(self, values: Array, doccount: int, default: int) -> Ints:
        found = np.full(doccount, default, np.int64)
        if len(self.documents):
            found[np.frombuffer(self.documents, np.uint32)] = values
        return found


class _IntWriter(_Writer):
    """A code for each document, in as few bytes as they need: 0 for the default, else the distance
    from the least value plus 1; then the least value, count and bytes each."""

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
        self._dbfile.write(_HEAD.pack(least, doccount, packed.itemsize))


class _CodeWriter(_Writer):
    """A code for each document; then the texts as JSON in the order of their codes; then length,
    count and bytes."""

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
        self._dbfile.write(_HEAD.pack(len(text), doccount, packed.itemsize))


class _Reader(ColumnReader):  # type: ignore[misc]
    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
        data = bytes(dbfile.get(basepos, length))
        self.head, count, size = _HEAD.unpack(data[-_HEAD.size :])
        self.packed = np.frombuffer(data, f"<u{size}", count)
        self.rest = data[count * size : -_HEAD.size]

    def __len__(self) -> int:
        return len(self.packed)


class IntReader(_Reader):
    """packed: the codes of all documents, 0 where there is no value; a value is its code plus
    `least` less 1."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int, default: int) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self.least = self.head
        self._default = default

    def take(self, places: Any) -> tuple[Ints, Bools]:
        """The numbers of some documents, and whether each has one."""
        codes = self.packed[places].astype(np.int64)
        return codes + (self.least - 1), codes != 0

    def between(self, low: float | None, high: float | None) -> Bools:
        """Which documents have a value v with low <= v < high; an open end is None."""
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
        """The smallest code of a value that is not less than this one."""
        return 1 if value is None else max(1, math.ceil(value) - self.least + 1)

    def __getitem__(self, docnum: int) -> int:
        code = int(self.packed[docnum])
        return code + self.least - 1 if code else self._default

    def __iter__(self) -> Any:
        return (self[docnum] for docnum in range(len(self)))


class CodeReader(_Reader):
    """names: the texts by code. packed: the codes of all documents."""

    def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
        super().__init__(dbfile, basepos, length, doccount)
        self.names: list[str] = json.loads(self.rest.decode("utf-8", "surrogatepass"))

    def __getitem__(self, docnum: int) -> str:
        return self.names[int(self.packed[docnum])]

    def __iter__(self) -> Any:
        return (self.names[code] for code in self.packed.tolist())


def empty_column(column: Column, count: int) -> Array:
    """The bytes of a column in which none of `count` documents has a value."""
    buffer = StructFile(BytesIO())
    column.writer(buffer).finish(count)
    return np.frombuffer(buffer.file.getvalue(), np.uint8)
