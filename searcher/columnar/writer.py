"""The writer: Whoosh's own, but for the pool, the merging and the texts that it analyses itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.writing import IndexingError, SegmentWriter

from searcher.columnar.builder import EXTENSION, MEMORY, PostingPool
from searcher.columnar.codec import ColumnarCodec, builder_of, write_segment
from searcher.columnar.fields import Analysed, Analysis
from searcher.columnar.merge import is_current, merge_segments
from searcher.columnar.readers import ReaderPart, documents_of_other_codec, documents_with
from searcher.columnar.rows import POSTING_BYTES, Rows
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.storage import SyncedStorage, remove_unfinished
from searcher.columnar.tiers import QUICK, merge_tiers
from searcher.columnar.words import Words

_SHARE = 0.55
"""The part of them that is filled before a segment is written; that, and what analyses keep, takes
the rest."""
_KEY_BYTES = 300
"""What a key of a document that is replaced takes in memory, about."""


class ColumnarWriter(SegmentWriter):  # type: ignore[misc]
    """Writes segments of our codec within bounded memory, and merges them in tiers.

    A document may have `_words`: texts that the writer analyses itself, by the name of their
    analysis. What is given for fields is as for any writer. Documents can be replaced and deleted
    by key, those added before included.
    """

    docnum: int
    storage: Any
    pool: Any

    def __init__(
        self,
        ix: Any,
        analyses: Mapping[str, Analysis] | None = None,
        memory: int = MEMORY,
        quick: bool = False,
        **options: Any,
    ) -> None:
        """memory: the bytes that writing and merging may take. quick: whether merges that take more
        than a second are left to a later commit. options: as of Whoosh's SegmentWriter."""
        self._highest_tier = QUICK if quick else None
        self._words = {name: Words(analysis) for name, analysis in (analyses or {}).items()}
        self._memory = memory
        self._flushed: list[ColumnarSegment] = []
        self._keys: dict[tuple[str, bytes], int] = {}
        self._replaced: dict[str, set[bytes]] = {}
        self._superseded: list[int] = []
        self._plans: dict[str, tuple[Any, bool]] = {}
        self._failure: BaseException | None = None
        super().__init__(ix, codec=ColumnarCodec(), **options)
        if type(ix.storage) is FileStorage:
            self.storage = SyncedStorage(ix.storage.folder)
        self._use(self.newsegment)

    def _check_state(self) -> None:
        if self._failure is not None:
            raise IndexingError(
                "an earlier write failed, so that this writer can only be cancelled: "
                f"{self._failure}"
            )
        super()._check_state()

    def _use(self, segment: ColumnarSegment) -> None:
        """Directs what is added to the builder of this segment."""
        self.newsegment = segment
        self.perdocwriter = self.codec.per_document_writer(self.storage, segment)
        self.fieldwriter = self.codec.field_writer(self.storage, segment)
        self._builder = builder_of(segment, self.storage)
        self._builder.words = self._words
        self.pool.cleanup()
        self.pool = PostingPool(self._builder, self.schema)

    def add_document(self, **fields: Any) -> None:
        self._check_state()
        words: Mapping[str, Analysed] | None = fields.pop("_words", None)
        if any(name[0] == "_" for name in fields):
            super().add_document(**fields)
            number = self.docnum - 1
        else:
            number = self._add(fields)
        for name, text in (words or {}).items():
            self._builder.add_words(name, number, text)
        if self.taken > self._memory * _SHARE:
            self._rotate()

    @property
    def taken(self) -> int:
        """The memory taken by what was added since a segment was written."""
        keys = len(self._keys) + sum(map(len, self._replaced.values()))
        return self._builder.memory + keys * _KEY_BYTES

    def _add(self, fields: Mapping[str, Any]) -> int:
        """Adds a document whose fields have nothing but values, without the detours of the general
        way."""
        plans = [
            (name, value, self._plan(name)) for name, value in fields.items() if value is not None
        ]
        if any(not plain for _, _, (_, plain) in plans):
            super().add_document(**fields)
            return int(self.docnum) - 1
        number, builder = self.docnum, self._builder
        stored = {}
        for name, value, (field, _) in plans:
            if field.indexed:
                self._index(name, field, number, value)
            if field.stored:
                stored[name] = value
            if field.column_type:
                builder.add_value(name, field.column_type, number, field.to_column_value(value))
        builder.add_stored(stored)
        builder.count = number + 1
        self._added = True
        self.docnum += 1
        return int(number)

    def _index(self, name: str, field: Any, number: int, value: Any) -> None:
        rows = self._builder.rows.get(name)
        if rows is None:
            rows = self._builder.rows[name] = Rows(field)
        length = 0
        for term, frequency, weight, data in field.index(value):
            rows.add(term, number, weight, data)
            length += frequency
        if field.scorable and length:
            self._builder.add_length(name, number, length)

    def _plan(self, name: str) -> tuple[Any, bool]:
        """A field, and whether nothing but its terms, column and stored value are asked for."""
        plan = self._plans.get(name)
        if plan is None:
            self._check_fields(self.schema, [name])
            field = self.schema[name]
            plan = self._plans[name] = (field, not field.vector and not field.separate_spelling())
        return plan

    def update_document(self, **fields: Any) -> None:
        """Adds a document in place of those, committed or not, that have the same value in a unique
        field."""
        keys = [
            (name, key)
            for name in self._unique_fields(fields)
            for key in self._terms(name, fields[name])
        ]
        for name, key in keys:
            self.delete_key(name, key)
        number = self.docnum
        self.add_document(**fields)
        for pair in keys:
            # The segment may have been written since, with the document in it.
            if self.docnum > number:
                self._keys[pair] = number

    def _terms(self, name: str, value: Any) -> list[bytes]:
        return [term for term, *_ in self.schema[name].index(value)]

    def delete_key(self, field: str, key: bytes) -> None:
        """Deletes the documents, committed or not, that have this term in a unique field."""
        number = self._keys.pop((field, key), None)
        if number is not None:
            self._superseded.append(number)
        self._replaced.setdefault(field, set()).add(key)

    def _rotate(self) -> None:
        """Writes what was added as a segment and goes on with another one."""
        self._apply_replaced()
        if not self._added:
            return
        segment, builder = self.newsegment, self._builder
        segment.__dict__.pop("builder", None)
        try:
            write_segment(self.storage, segment, builder, self._memory)
        except BaseException as error:
            # What was added is lost, so that a commit would leave out documents without a word.
            self._failure = error
            raise
        self._flushed.append(segment)
        if self._superseded:
            segment.delete_documents(np.array(self._superseded))
        self._keys, self._superseded = {}, []
        self.docnum, self._added = self.docbase, False
        self._use(self.codec.new_segment(self.storage, self.indexname))

    def _apply_replaced(self) -> None:
        """Deletes the documents that others took the place of from all segments that are
        written."""
        replaced, self._replaced = self._replaced, {}
        for segment in (*self.segments, *self._flushed):
            self._delete_replaced(segment, replaced)

    def _delete_replaced(self, segment: Any, replaced: Mapping[str, set[bytes]]) -> None:
        for field, keys in replaced.items():
            if isinstance(segment, ColumnarSegment):
                found = documents_with(segment.open(self.storage), field, keys)
                if len(found):
                    segment.delete_documents(found)
            else:
                for number in documents_of_other_codec(
                    self.storage, self.schema, segment, field, keys
                ):
                    segment.delete_document(number)

    def _merge(self, segments: Sequence[ColumnarSegment]) -> ColumnarSegment:
        merged = merge_segments(self.storage, self.schema, self.indexname, segments, self._memory)
        self._flushed.append(merged)
        return merged

    def _migrate(self, segments: Sequence[Any]) -> list[ColumnarSegment]:
        """The segments, those of other codecs written anew in ours."""
        from whoosh.reading import SegmentReader

        found: list[ColumnarSegment] = []
        for segment in segments:
            if isinstance(segment, ColumnarSegment):
                found.append(segment)
            elif segment.doc_count():
                before = len(self._flushed)
                reader = SegmentReader(self.storage, self.schema, segment)
                try:
                    self.add_reader(reader)
                finally:
                    reader.close()
                self._rotate()
                found.extend(self._flushed[before:])
        return found

    def add_reader(self, reader: Any) -> None:
        """Adds the documents of a reader, some at a time, as memory allows."""
        postings = sum(
            reader.field_length(name)
            for name in reader.indexed_field_names()
            if name in self.schema
        )
        count = reader.doc_count_all()
        each = POSTING_BYTES * (postings / count + len(self.schema.names())) if count else 1
        step = max(int(self._memory * _SHARE / each), 1)
        for first in range(0, count, step):
            super().add_reader(ReaderPart(reader, first, first + step))
            self._builder.count = self.docnum
            if first + step < count:
                self._rotate()

    def commit(
        self, mergetype: Any = None, optimize: bool | None = None, merge: bool | None = None
    ) -> None:
        """As Whoosh's. Without a `mergetype`, segments of other codecs are converted, and merged in
        tiers.

        Raises OSError when it was not possible; the index is then as it was before.
        """
        self._check_state()
        policy = mergetype or self.mergetype
        try:
            self._apply_replaced()
            kept = list(policy(self, self.segments)) if policy else list(self.segments)
            self._prepare_commit()
            # What was learned of words is not needed to merge, which takes memory of its own.
            self._words.clear()
            self._builder.words.clear()
            segments = [*kept, *self._flushed]
            if not policy and (self.merge if merge is None else merge):
                segments = self._migrate(segments)
                if self.optimize if optimize is None else optimize:
                    done = len(segments) < 2 and all(map(self._is_current, segments))
                    segments = segments if done else [self._merge(segments)]
                else:
                    segments = merge_tiers(segments, self._merge, self._highest_tier)
            self._commit_toc([segment for segment in segments if segment.doc_count()])
        except BaseException:
            self.remove_flushed()
            raise
        finally:
            self._finish()

    def _is_current(self, segment: ColumnarSegment) -> bool:
        return is_current(self.storage, self.schema, segment)

    def _prepare_commit(self) -> None:
        """Writes what was added."""
        self._rotate()

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        try:
            super()._commit_toc(segments)
        finally:
            # Once it is named by a table of contents, a segment is not ours to remove, whatever
            # failed after that.
            if TOC._latest_generation(self.storage, self.indexname) >= self.generation:
                self._flushed = []
        remove_unfinished(self.storage, self.indexname)

    def give_up(self) -> list[ColumnarSegment]:
        """Writes what was added and leaves the segments, which no table of contents names yet, to
        the caller."""
        self._rotate()
        return [segment for segment in self._flushed if segment.doc_count()]

    def cancel(self) -> None:
        self._failure = None
        self.newsegment.__dict__.pop("builder", None)
        self.remove_flushed()
        super().cancel()

    def remove_flushed(self) -> None:
        """Removes the files of segments that no table of contents names."""
        for segment in self._flushed:
            name = segment.make_filename(EXTENSION)
            if self.storage.file_exists(name):
                self.storage.delete_file(name)
        self._flushed = []
