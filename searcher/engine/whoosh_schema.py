"""The schema of the Whoosh index. Its classes are pickled by name in the table of contents: they hold no settings, and
moving or renaming one makes another format."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from whoosh.columns import NumericColumn
from whoosh.columns import RefBytesColumn
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN
from whoosh.fields import ID
from whoosh.fields import STORED
from whoosh.fields import FieldType
from whoosh.fields import Schema
from whoosh.formats import Format

from searcher.article import Article
from searcher.engine.terms import FIELDS

NO_DATE = -(1 << 62)
"""The value of the `published` column, in seconds since 1970, for an article without a date."""

FORMAT = "format_1"
"""A field without content whose name says how words were analysed: it changes whenever terms, positions or columns do,
for an index whose terms are not those of a query finds nothing and says nothing."""

_POSITION = "I"


class PackedPositions(Format):  # type: ignore[misc]
    """A posting's value: its positions, ascending, as unsigned 32-bit integers of the machine's byte order."""

    def encode(self, positions: Sequence[int]) -> bytes:
        return array(_POSITION, positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return list(array(_POSITION, value))

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // array(_POSITION).itemsize

    def decode_weight(self, value: bytes) -> float:
        return float(self.decode_frequency(value))


class Terms(FieldType):  # type: ignore[misc]
    """A field whose value is positions by term: the analysis is done before Whoosh sees the article."""

    def __init__(self) -> None:
        super().__init__(format=PackedPositions(), analyzer=None, scorable=False, stored=False)

    def index(self, value: Mapping[str, Sequence[int]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        encode = self.format.encode
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), encode(positions)


def schema() -> Schema:
    """A document is an article: its terms by field, columns to filter and sort by, and the whole of it stored."""
    return Schema(
        **{FORMAT: STORED()},
        id=ID(unique=True, sortable=VarBytesColumn()),
        article=STORED(),
        length=COLUMN(NumericColumn("i")),
        published=COLUMN(NumericColumn("q", default=NO_DATE)),
        language=COLUMN(RefBytesColumn()),
        source_name=COLUMN(RefBytesColumn()),
        **{name: Terms() for name in FIELDS},
    )


def pack(article: Article) -> bytes:
    """The stored form of an article."""
    return zlib.compress(json.dumps(article.to_json(), separators=(",", ":")).encode())


def unpack(stored: bytes) -> Article:
    """The inverse of `pack`; raises ValueError, KeyError or zlib.error for damaged bytes."""
    return Article.from_json(json.loads(zlib.decompress(stored)))
