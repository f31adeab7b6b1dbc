"""Whoosh's readers of a segment: its terms and its documents.

Methods whose names are Whoosh's are described in `whoosh.codec.base`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.codec.base import (
    Codec,
    EmptyCursor,
    FieldCursor,
    PerDocumentReader,
    Segment,
    TermsReader,
)
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import SegmentReader, TermInfo, TermNotFound

from searcher.columnar.arrays import NO_INTS, Array, Ints
from searcher.columnar.files.open_segment import OpenSegment, open_segment
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import VerifiedArray
from searcher.columnar.matcher import ColumnarMatcher, VectorMatcher, weights_of

Term = tuple[str, bytes]
"""A field and a term, as Whoosh has them."""


def term_info(postings: FieldPostings, number: int, lengths: VerifiedArray | None) -> TermInfo:
    """Return Whoosh's statistics of the term with this number.

    lengths: of all documents in the field, one each; None if it has none. Raises FileDamaged.
    """
    documents: Ints = postings.lists.documents(number)
    weights = weights_of(postings, number)
    held: Array | None = lengths.take(documents) if lengths else None
    shortest, longest = (int(held.min()), int(held.max())) if held is not None else (0, 0)
    edges = int(documents[0]), int(documents[-1])
    return TermInfo(
        float(weights.sum()), len(documents), shortest, longest, float(weights.max()), *edges
    )


class ColumnarTerms(TermsReader):  # type: ignore[misc]
    """The terms of all fields of a segment."""

    def __init__(self, opened: OpenSegment) -> None:
        self._opened = opened

    def _find(self, field: str, term: bytes) -> tuple[FieldPostings, int]:
        """Return a field and the number of a term in it. Raises TermNotFound."""
        postings = self._opened.fields.get(field)
        number = postings.dictionary.find(term) if postings is not None else -1
        if postings is None or number < 0:
            raise TermNotFound(f"No term {field}:{term!r}")
        return postings, number

    def __contains__(self, term: Term) -> bool:
        field, text = term
        return (
            field in self._opened.fields and self._opened.fields[field].dictionary.find(text) >= 0
        )

    def indexed_field_names(self) -> list[str]:
        return list(self._opened.fields)

    def cursor(self, fieldname: str, fieldobj: Any) -> FieldCursor:
        postings = self._opened.fields.get(fieldname)
        return _Cursor(self._opened, postings, fieldobj) if postings is not None else EmptyCursor()

    def terms(self) -> Iterator[Term]:
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        return (
            (field, postings.dictionary.term(number))
            for field, postings, number in self._from(fieldname, prefix)
        )

    def _from(self, field: str, prefix: bytes) -> Iterator[tuple[str, FieldPostings, int]]:
        for name, postings in sorted(self._opened.fields.items()):
            if name >= field:
                start = postings.dictionary.lower(prefix) if name == field else 0
                yield from (
                    (name, postings, number) for number in range(start, postings.term_count)
                )

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        for field, postings, number in self._from(fieldname, prefix):
            yield (
                (field, postings.dictionary.term(number)),
                term_info(postings, number, self._opened.lengths(field)),
            )

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return term_info(*self._find(fieldname, text), self._opened.lengths(fieldname))

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        if (fieldname, text) not in self:
            return 0
        postings, number = self._find(fieldname, text)
        return postings.lists.size(number)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> ColumnarMatcher:
        postings, number = self._find(fieldname, text)
        return ColumnarMatcher(
            postings, number, (fieldname, text), format_, self._opened.lengths(fieldname), scorer
        )

    def close(self) -> None:
        """Do nothing: the file is closed when there is no reference to it."""


class _Cursor(FieldCursor):  # type: ignore[misc]
    """A place among the terms of one field."""

    def __init__(self, opened: OpenSegment, postings: FieldPostings, field: Any) -> None:
        self._opened = opened
        self._postings = postings
        self._dictionary = postings.dictionary
        self._field = field
        self._number = 0

    def text(self) -> Any:
        return (
            self._field.from_bytes(self._dictionary.term(self._number)) if self.is_valid() else None
        )

    term = text

    def first(self) -> Any:
        self._number = 0
        return self.text()

    def find(self, string: Any) -> Any:
        self._number = self._dictionary.lower(
            string if isinstance(string, bytes) else self._field.to_bytes(string)
        )
        return self.text()

    def next(self) -> Any:
        self._number += 1
        return self.text()

    def is_valid(self) -> bool:
        return self._number < self._postings.term_count

    def term_info(self) -> TermInfo | None:
        if not self.is_valid():
            return None
        return term_info(self._postings, self._number, self._opened.lengths(self._postings.field))


def added_column(segment: Segment, field: str) -> str:
    """Return the name of the file of a column that was added to a segment later, as
    `whoosh.sorting.add_sortable` does."""
    return str(segment.make_filename(f".{field}.column"))


class ReaderPart:
    """The documents [first, end) of any reader, for Whoosh's writers to add."""

    def __init__(self, reader: Any, first: int, end: int) -> None:
        self._reader = reader
        self._first = first
        self._end = end

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def has_deletions(self) -> bool:
        """Return True. Some documents are skipped, so Whoosh has to renumber the others."""
        return True

    def iter_docs(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(self._first, min(self._end, self._reader.doc_count_all())):
            if not self._reader.is_deleted(number):
                yield number, self._reader.stored_fields(number)

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        for field, term in self._reader.all_terms():
            matcher = self._reader.postings(field, term)
            if matcher.is_active() and matcher.id() < self._first:
                matcher.skip_to(self._first)
            while matcher.is_active() and matcher.id() < self._end:
                yield field, term, matcher.id(), matcher.weight(), matcher.value()
                matcher.next()


class ColumnarDocuments(PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment."""

    def __init__(self, opened: OpenSegment, segment: Segment, storage: Any) -> None:
        self.opened = opened
        self.segment = segment
        self.storage = storage

    def doc_count(self) -> int:
        return self.opened.count - int(self.segment.deleted_count())

    def doc_count_all(self) -> int:
        return self.opened.count

    def has_deletions(self) -> bool:
        return bool(self.segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self.segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        found: Iterator[int] = self.segment.deleted_docs()
        return found

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return self.opened.has_column(fieldname) or self._is_added(fieldname)

    def _is_added(self, field: str) -> bool:
        return bool(self.storage.file_exists(added_column(self.segment, field)))

    def column_reader(self, fieldname: str, column: Any) -> Any:
        # Whoosh's readers may keep a position and can be reversed: each caller gets a new one.
        if self._is_added(fieldname):
            file = self.storage.open_file(added_column(self.segment, fieldname))
            data = memoryview(file.read())
            file.close()
        else:
            data = self.opened.column(fieldname).data
        return column.reader(BufferFile(data), 0, len(data), self.opened.count)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self.opened.lengths(fieldname)
        return int(lengths.slice(docnum, docnum + 1)[0]) if lengths else default

    def field_length(self, fieldname: str) -> int:
        return self.opened.length_sums.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        lengths = self.opened.lengths(fieldname)
        return int(lengths.whole().min()) if lengths else 0

    def max_field_length(self, fieldname: str) -> int:
        lengths = self.opened.lengths(fieldname)
        return int(lengths.whole().max()) if lengths else 0

    def _vector(self, docnum: int, fieldname: str) -> tuple[FieldPostings, int] | None:
        postings = self.opened.vectors.get(fieldname)
        key = docnum.to_bytes(4, "big")
        number = postings.dictionary.find(key) if postings is not None else -1
        return (postings, number) if postings is not None and number >= 0 else None

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return self._vector(docnum, fieldname) is not None

    def vector(self, docnum: int, fieldname: str, format_: Any) -> VectorMatcher:
        found = self._vector(docnum, fieldname)
        if found is None:
            raise KeyError(f"Field {fieldname!r} has no vector in docnum {docnum}")
        return VectorMatcher(*found, format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self.opened.stored.fields(docnum)


def documents_with(opened: OpenSegment, field: str, keys: set[bytes]) -> Ints:
    """Return the documents of a segment that have one of these terms in a field, one for each term
    and document. Raises FileDamaged."""
    postings = opened.fields.get(field)
    if postings is None:
        return NO_INTS
    numbers = postings.dictionary.numbers(keys)
    return postings.lists.many(numbers)[0] if len(numbers) else NO_INTS


def documents_of_other_codec(
    storage: Any, schema: Any, segment: Any, field: str, keys: set[bytes]
) -> list[int]:
    """Return the documents of a segment of another codec that have one of these terms in a
    field."""

    reader = SegmentReader(storage, schema, segment)
    try:
        found = []
        for key in keys:
            if (field, key) in reader:
                found.extend(reader.postings(field, key).all_ids())
        return found
    finally:
        reader.close()


class ReadingCodec(Codec):  # type: ignore[misc]
    """The reading half of the codec, which a segment names to Whoosh. The writing half, which makes
    segments, is in `codec`."""

    length_stats = False

    def terms_reader(self, storage: Any, segment: Segment) -> ColumnarTerms:
        return ColumnarTerms(open_segment(storage, segment))

    def per_document_reader(self, storage: Any, segment: Segment) -> PerDocumentReader:
        return ColumnarDocuments(open_segment(storage, segment), segment, storage)

    def column_filename(self, segment: Segment, fieldname: str) -> str:
        """Return the name of the file of a column that Whoosh adds to a written segment."""
        return added_column(segment, fieldname)
