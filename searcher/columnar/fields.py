"""Field types. Their classes are pickled by name in the table of contents: moving or renaming one
makes another format."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from whoosh.fields import FieldType
from whoosh.formats import Existence, Format, Frequency, Positions

_POSITION = "I"


class PackedPositions(Format):  # type: ignore[misc]
    """A posting's value: its positions, ascending, as unsigned 32-bit integers of the machine's
    byte order."""

    def encode(self, positions: Sequence[int]) -> bytes:
        return array(_POSITION, positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return list(array(_POSITION, value))

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // array(_POSITION).itemsize

    def decode_weight(self, value: bytes) -> float:
        return float(self.decode_frequency(value))


class Key(FieldType):  # type: ignore[misc]
    """A text that no two documents share, indexed as it is."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None, unique=True)

    def index(self, value: str, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        yield value.encode(), 1, 1.0, b""


class Terms(FieldType):  # type: ignore[misc]
    """A field whose value is positions by term: the analysis is done before Whoosh sees the
    document."""

    def __init__(self, scorable: bool = False) -> None:
        super().__init__(format=PackedPositions(), analyzer=None, scorable=scorable, stored=False)

    def index(
        self, value: Mapping[str, Sequence[int]], **_: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        encode = self.format.encode
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), encode(positions)


class Zone(NamedTuple):
    """A part of a text whose first word stands at position `start`; between its passages `gap`
    positions stay free."""

    start: int
    passages: Sequence[str]


class Analysed(NamedTuple):
    """A text to be analysed by the writer: its zones, and the variant (say, the language) of the
    analysis."""

    zones: Sequence[Zone]
    variant: str = ""


class Analysis(Protocol):
    """How texts become the terms of one or several fields that share positions. Safe in threads.

    The writer cuts a passage at white space and asks once for each different chunk.
    """

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it fills. The length of a document is that of its text, the same in
        each."""

    @property
    def gap(self) -> int:
        """Positions between passages."""

    def split(self, chunk: str) -> list[str]:
        """The tokens of a chunk. A token is itself a chunk whose only token it is."""

    def analyse(
        self, tokens: Sequence[str], variant: str
    ) -> tuple[int, tuple[Sequence[tuple[str, int]], ...]]:
        """How many positions the tokens take, and for each field their terms, each with its
        position from the first token's."""


def has_positions(field: FieldType) -> bool:
    """Whether the field's postings are positions and nothing else."""
    return type(field.format) in (Positions, PackedPositions)


def has_counts(field: FieldType) -> bool:
    """Whether the field's postings are at most counts."""
    return type(field.format) in (Existence, Frequency)
