"""Field types, and texts that the writer analyses itself.

The classes of fields and formats are pickled by name in the table of contents: they must not be
moved or renamed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from whoosh.fields import FieldType
from whoosh.formats import Existence, Format, Frequency, Positions
from whoosh.system import pack_uint

_POSITION = "I"
"""The type of a position in a posting's value: an unsigned integer of 32 bits."""


class PackedPositions(Format):  # type: ignore[misc]
    """The format of postings whose value is their positions: ascending unsigned integers of 32 bits
    in the machine's byte order. Only in memory; the file has its own format."""

    def encode(self, positions: Sequence[int]) -> bytes:
        """Return the value of a posting with these positions."""
        return array(_POSITION, positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions in a value."""
        return list(array(_POSITION, value))

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions in a value."""
        return len(value) // array(_POSITION).itemsize

    def decode_weight(self, value: bytes) -> float:
        """Return the weight of a posting: its number of positions."""
        return float(self.decode_frequency(value))


class Key(FieldType):  # type: ignore[misc]
    """A text that identifies a document, indexed as one term."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None, unique=True)

    def index(self, value: str, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield the one posting of a document: term, count, weight, value."""
        yield value.encode(), 1, 1.0, b""


class Terms(FieldType):  # type: ignore[misc]
    """A field whose value is a mapping from terms to positions: the text is analysed before Whoosh
    gets the document."""

    def __init__(self, scorable: bool = False, placed: bool = True) -> None:
        """placed: whether postings have positions; else they have only their counts."""
        kind = PackedPositions() if placed else Frequency()
        super().__init__(format=kind, analyzer=None, scorable=scorable, stored=False)

    def index(
        self, value: Mapping[str, Sequence[int]], **_: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield the postings of a document: term, count, weight, value.

        value: positions by term.
        """
        placed = has_positions(self)
        for term, positions in value.items():
            count = len(positions)
            packed = self.format.encode(positions) if placed else pack_uint(count)
            yield term.encode(), count, float(count), packed


CODE_BYTES = 2
"""Number of bytes of a term of a Codes field."""


class CodeSet(NamedTuple):
    """A set of numbers of 16 bits."""

    codes: bytes
    """The numbers, ascending, each in CODE_BYTES bytes, big-endian."""
    size: int
    """The length of the document in the field: the size of what the set is a sample of."""


class Codes(FieldType):  # type: ignore[misc]
    """A field whose value is a CodeSet: each number is a term, without counts and positions."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None, scorable=True, stored=False)

    def index(self, value: CodeSet, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield the postings of a document: term, count, weight, value."""
        for at in range(0, len(value.codes), CODE_BYTES):
            yield value.codes[at : at + CODE_BYTES], 1, 1.0, b""


class Zone(NamedTuple):
    """A part of a text with positions of its own, such as the headline or the body."""

    start: int
    """The position of its first word."""
    passages: Sequence[str]
    """The texts in it, such as paragraphs. `Analysis.gap` positions are left free between two."""


class Analysed(NamedTuple):
    """A text that the writer analyses."""

    zones: Sequence[Zone]
    """Its zones, by ascending start."""
    variant: str = ""
    """The variant of the analysis, such as a language."""


AnalysedTokens = tuple[int, tuple[Sequence[tuple[str, int]], ...]]
"""The number of positions that tokens take, and their terms with positions in each field."""


class Analysis(Protocol):
    """How a text becomes the terms of one or several fields that share positions. Safe in threads.

    The writer splits a passage at white space into chunks. Each distinct chunk is analysed once in
    each variant.
    """

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that get terms. A document has the same length in each: the positions of its
        text."""

    @property
    def gap(self) -> int:
        """Number of unused positions between two passages."""

    def split(self, chunk: str) -> list[str]:
        """Return the tokens of a chunk. A token is a chunk, too, whose only token is itself."""

    def analyse(self, tokens: Sequence[str], variant: str) -> AnalysedTokens:
        """Return the number of positions that the tokens take, and for each field the terms of the
        tokens, each with its position from the first token's."""

    def analyse_each(self, tokens: Sequence[str], variant: str) -> Sequence[AnalysedTokens]:
        """Return for each token what `analyse` returns for it alone."""


def has_positions(field: FieldType) -> bool:
    """Return whether the field's postings are only positions."""
    return type(field.format) in (Positions, PackedPositions)


def has_counts(field: FieldType) -> bool:
    """Return whether the field's postings are counts, or only documents."""
    return type(field.format) in (Existence, Frequency)
