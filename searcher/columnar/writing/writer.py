"""The writer of an index. It is Whoosh's writer with another pool, other merges, and its own
analysis of texts.

`whoosh_private` lists the private members of Whoosh's writer that are used here, with the reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import IndexingError, SegmentWriter

from searcher.columnar.constants import MEMORY
from searcher.columnar.fields import Analysed, Analysis, has_counts
from searcher.columnar.files.open_segment import EXTENSION
from searcher.columnar.files.storage import SyncedStorage, remove_unfinished
from searcher.columnar.late_columns import remove_former, set_late
from searcher.columnar.readers import ReaderPart
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.whoosh_private import latest_generation
from searcher.columnar.writing.builder import PostingPool
from searcher.columnar.writing.codec import ColumnarCodec, write_segment
from searcher.columnar.writing.collected_postings import POSTING_BYTES, CodeRows, rows_of
from searcher.columnar.writing.inverter import TextInverter
from searcher.columnar.writing.merge import is_current, merge_segments
from searcher.columnar.writing.replacements import Replacements, delete_keys
from searcher.columnar.writing.tiers import merge_tiers

_SHARE = 0.55
"""Part of a writer's memory. When documents take more, a segment is written. The rest is for
writing it and for the chunks of inverters. Larger writes larger segments and can exceed the
memory."""

_KEPT = 48 << 20
"""Maximum memory of the chunks that a quick writer leaves for the next one, in bytes. When they
take more they are forgotten, and the next commit takes half as long again. Larger has this happen
less often: here after the first 2,000 articles of 450 words that `benchmarks.targets` commits."""

Texts = Mapping[str, Analysed]
"""The texts of a document, by the name of their analysis."""


class ColumnarWriter(SegmentWriter):  # type: ignore[misc]
    """Writes segments of our codec in bounded memory, and merges them in tiers.

    Documents are added as with any writer of Whoosh's (`add_document`, `update_document`), or with
    texts that the writer analyses itself (`add_with_texts`, `update_with_texts`). Documents can be
    replaced and deleted by key, also before they are committed.

    Methods raise OSError and FileDamaged. After a write has failed, only `cancel` is possible.
    """

    docnum: int
    storage: Any
    pool: Any
    codec: ColumnarCodec

    def __init__(
        self,
        ix: Any,
        analyses: Mapping[str, Analysis] | None = None,
        memory: int = MEMORY,
        quick: bool = False,
        inverters: dict[str, TextInverter] | None = None,
        **options: Any,
    ) -> None:
        """ix: Whoosh's index.
        analyses: of texts, by name.
        memory: bytes that writing and merging may take.
        quick: whether to leave merges to another commit if there are new documents, so that these
            are found at once, and merges that take more than a second in any case.
        inverters: those that an earlier writer left, which are used. This writer leaves its own
            there if it is quick and its commit succeeds.
        options: as of Whoosh's SegmentWriter.
        """
        self._quick = quick
        self._inverters = inverters if inverters is not None else {}
        for name, analysis in (analyses or {}).items():
            self._inverters.setdefault(name, TextInverter(analysis))
        self._memory = memory
        self._flushed: list[ColumnarSegment] = []
        # Segments of one writer share it: it is trained once, and merges copy what it compressed.
        self._dictionary = b""
        self._replacements = Replacements()
        self._late: dict[str, dict[bytes, Mapping[str, int]]] = {}
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
        """Add documents to this segment from now on."""
        self.newsegment = segment
        self.perdocwriter = self.codec.per_document_writer(self.storage, segment)
        self.fieldwriter = self.codec.field_writer(self.storage, segment)
        self._builder = self.codec.builder(self.storage, segment)
        self._builder.inverters = self._inverters
        self._builder.stored.dictionary = self._dictionary
        self.pool.cleanup()
        self.pool = PostingPool(self._builder, self.schema)

    def add_document(self, **fields: Any) -> None:
        """Add a document. fields: as Whoosh takes them."""
        self.add_with_texts(fields, {})

    def add_with_texts(self, fields: Mapping[str, Any], texts: Texts) -> None:
        """Add a document with texts. fields: as `add_document` takes them."""
        self._check_state()
        if any(name[0] == "_" for name in fields):
            super().add_document(**fields)
            number = self.docnum - 1
        else:
            number = self._add(fields)
        for analysis, text in texts.items():
            self._builder.add_text(analysis, number, text)
        if self.memory > self._memory * _SHARE:
            self._rotate()

    @property
    def memory(self) -> int:
        """Bytes of memory taken, about, by documents that are not in a written segment yet."""
        return self._builder.memory + self._replacements.memory

    @property
    def _known(self) -> int:
        """Bytes of memory taken, about, by the chunks of all texts."""
        return sum(inverter.bytes for inverter in self._inverters.values())

    def _add(self, fields: Mapping[str, Any]) -> int:
        """Add a document whose fields have only values, with fewer steps than Whoosh. Return its
        number in the segment."""
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
        """Add the postings and the length of a value."""
        rows = self._builder.rows.get(name)
        if rows is None:
            rows = self._builder.rows[name] = rows_of(field)
        if isinstance(rows, CodeRows):
            rows.add_all(value.codes, number)
            self._builder.add_length(name, number, value.size)
            return
        length = 0
        for term, frequency, weight, data in field.index(value):
            rows.add(term, number, weight, data)
            length += frequency
        if field.scorable and length:
            self._builder.add_length(name, number, length)

    def _plan(self, name: str) -> tuple[Any, bool]:
        """Return a field, and whether the short way can add it. It can if the field has neither a
        vector nor words for spelling."""
        plan = self._plans.get(name)
        if plan is None:
            self._check_fields(self.schema, [name])
            field = self.schema[name]
            plan = self._plans[name] = (field, not field.vector and not field.separate_spelling())
        return plan

    def update_document(self, **fields: Any) -> None:
        """Add a document in place of those, committed or not, that have the same value in a unique
        field."""
        self.update_with_texts(fields, {})

    def update_with_texts(self, fields: Mapping[str, Any], texts: Texts) -> None:
        """Add a document with texts as `update_document` does."""
        keys = [
            (name, key)
            for name in self._unique_fields(fields)
            for key in self._terms(name, fields[name])
        ]
        for name, key in keys:
            self.delete_key(name, key)
        number = self.docnum
        self.add_with_texts(fields, texts)
        for name, key in keys:
            # If the document is in a segment that is written, its number is not in this one.
            if self.docnum > number:
                self._replacements.hold(name, key, number)

    def _terms(self, name: str, value: Any) -> list[bytes]:
        return [term for term, *_ in self.schema[name].index(value)]

    def delete_key(self, field: str, key: bytes) -> None:
        """Delete the documents, committed or not, that have this term in a unique field."""
        self._replacements.delete(field, key)

    def set_late(self, field: str, key: bytes, values: Mapping[str, int]) -> None:
        """Set values of late columns when this writer commits.

        field, key: the unique field and the term of the document, committed or not.
        values: by column; 0 to 2^64 - 1.
        """
        self._late.setdefault(field, {})[key] = values

    def _rotate(self) -> None:
        """Write the documents in memory as a segment, and begin another one."""
        self._apply_deletions()
        if not self._added:
            return
        segment, builder = self.newsegment, self._builder
        # The schema of a rebuild replaces the one that the writer was opened with.
        builder.unplaced = {name for name, field in self.schema.items() if has_counts(field)}
        self.codec.take_builder(segment)
        try:
            write_segment(self.storage, segment, builder, self._memory)
        except BaseException as error:
            # The documents are lost, so a commit would leave them out without a message.
            self._failure = error
            raise
        self._flushed.append(segment)
        self._dictionary = builder.stored.dictionary
        self._replacements.finish_segment(segment)
        self.docnum, self._added = self.docbase, False
        self._use(self.codec.new_segment(self.storage, self.indexname))

    def _apply_deletions(self) -> None:
        """Delete replaced documents in all written segments."""
        keys = self._replacements.take_deleted()
        delete_keys(self.storage, self.schema, [*self.segments, *self._flushed], keys)

    def _merge(self, segments: Sequence[ColumnarSegment]) -> ColumnarSegment:
        merged = merge_segments(self.storage, self.schema, self.indexname, segments, self._memory)
        self._flushed.append(merged)
        return merged

    def _migrate(self, segments: Sequence[Any]) -> list[ColumnarSegment]:
        """Return the segments. Those of other codecs are rewritten in ours."""

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
        """Add the documents of a reader, in batches that fit into memory."""
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
        """Commit as Whoosh does. Without a `mergetype`, segments of other codecs are converted, and
        segments are merged in tiers.

        Raises OSError if that fails; the index is then as it was before.
        """
        self._check_state()
        policy = mergetype or self.mergetype
        try:
            self._apply_deletions()
            kept = list(policy(self, self.segments)) if policy else list(self.segments)
            self._prepare_commit()
            if not self._quick or self._known > _KEPT:
                # Long merges take memory of their own, so the chunks are forgotten.
                self._inverters.clear()
            segments = [*kept, *self._flushed]
            for field, values in self._late.items():
                ours = [one for one in segments if isinstance(one, ColumnarSegment)]
                set_late(self.storage, ours, field, values)
            if not policy and (self.merge if merge is None else merge):
                optimize = self.optimize if optimize is None else optimize
                segments = self._merged(self._migrate(segments), optimize)
            self._commit_toc([segment for segment in segments if segment.doc_count()])
        except BaseException:
            self._inverters.clear()
            self.remove_flushed()
            raise
        finally:
            self._finish()

    def _merged(self, segments: list[ColumnarSegment], optimize: bool) -> list[ColumnarSegment]:
        """Return the segments after the merges that are due: into one with `optimize`, none with
        new documents of a quick writer, else by tiers."""
        if self._quick and self._flushed:
            return segments
        if not optimize:
            return merge_tiers(segments, self._merge, self._quick)
        current = [is_current(self.storage, self.schema, segment) for segment in segments]
        return segments if len(segments) < 2 and all(current) else [self._merge(segments)]

    def _prepare_commit(self) -> None:
        """Write the documents in memory."""
        self._rotate()

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        try:
            super()._commit_toc(segments)
        finally:
            # Once a table of contents names a segment, its file must stay, even if a later step
            # fails.
            if latest_generation(self.storage, self.indexname) >= self.generation:
                self._flushed = []
        remove_unfinished(self.storage, self.indexname)
        remove_former(self.storage, segments)

    def give_up(self) -> list[ColumnarSegment]:
        """Write the documents in memory. Return all segments written, which no table of contents
        names yet, for another writer to commit."""
        self._rotate()
        return [segment for segment in self._flushed if segment.doc_count()]

    def cancel(self) -> None:
        """Discard all changes since the last commit, and remove the files of written segments."""
        self._failure = None
        # They have texts that are not written.
        self._inverters.clear()
        self.codec.take_builder(self.newsegment)
        self.remove_flushed()
        super().cancel()

    def remove_flushed(self) -> None:
        """Remove the files of written segments that no table of contents names."""
        for segment in self._flushed:
            name = segment.make_filename(EXTENSION)
            if self.storage.file_exists(name):
                self.storage.delete_file(name)
        self._flushed = []
