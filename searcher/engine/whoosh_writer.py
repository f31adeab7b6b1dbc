"""The one writer of a Whoosh index: waits for its turn, replaces articles by id, and commits durably."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME
from whoosh.index import TOC
from whoosh.index import FileIndex
from whoosh.util.filelock import try_for
from whoosh.writing import CLEAR
from whoosh.writing import SegmentWriter

from searcher.article import Article
from searcher.engine.contexts import Committing
from searcher.engine.terms import terms_of
from searcher.engine.whoosh_schema import FORMAT
from searcher.engine.whoosh_schema import NO_DATE
from searcher.engine.whoosh_schema import pack
from searcher.engine.whoosh_schema import schema
from searcher.errors import IndexDamaged
from searcher.errors import IndexLocked
from searcher.errors import IndexOutdated
from searcher.errors import WriteFailed

_HOLDER = "writer.json"
_MEMORY_MB = 128
_POLL = 0.05


class _ReplacingWriter(SegmentWriter):  # type: ignore[misc]
    """A segment writer that can also take back documents that it added itself."""

    def __init__(self, index: FileIndex, **options: Any) -> None:
        super().__init__(index, **options)
        self.superseded: list[int] = []

    def _finalize_segment(self) -> Any:
        segment = super()._finalize_segment()
        for number in self.superseded:
            segment.delete_document(number)
        return segment


class WhooshWriter(Committing):
    def __init__(self, storage: FileStorage, folder: Path, wait: float, afresh: bool) -> None:
        self._folder = folder
        self._afresh = afresh
        self._added: dict[str, int] = {}
        try:
            storage.create()
            self._lock = storage.lock(f"{_DEF_INDEX_NAME}_WRITELOCK")
            if not try_for(self._lock.acquire, wait, _POLL):
                raise IndexLocked(_holder(folder, wait))
        except OSError as error:
            raise WriteFailed(f"the index in {folder} cannot be written: {error}") from error
        try:
            with self._writing():
                _announce(folder)
                index = _open_or_create(storage, folder, afresh)
                self._writer = _ReplacingWriter(index, _lk=False, limitmb=_MEMORY_MB)
                if afresh:
                    self._writer.schema = schema()
                elif FORMAT not in self._writer.schema:
                    self._writer.cancel()
                    raise IndexOutdated(folder)
                self._committed = None if afresh else self._writer.reader()
        except BaseException:
            self._lock.release()
            raise

    def add(self, article: Article) -> None:
        with self._writing():
            self._delete(article.id)
            self._add(article)

    def delete(self, article_id: str) -> None:
        with self._writing():
            self._delete(article_id)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WriteFailed(f"the index in {self._folder} was not changed: {error}") from error

    def _add(self, article: Article) -> None:
        terms = terms_of(article)
        self._added[article.id] = self._writer.docnum
        self._writer.add_document(
            id=article.id,
            article=pack(article),
            length=terms.length,
            published=int(article.published.value.timestamp()) if article.published else NO_DATE,
            language=article.language.encode(),
            source_name=article.source.encode(),
            **terms.fields,
        )

    def _delete(self, article_id: str) -> None:
        number = self._added.pop(article_id, None)
        if number is not None:
            self._writer.superseded.append(number)
        elif self._committed is not None and ("id", article_id.encode()) in self._committed:
            matcher = self._committed.postings("id", article_id.encode())
            while matcher.is_active():
                self._writer.delete_document(matcher.id())
                matcher.next()

    def commit(self) -> int:
        generation = int(self._writer.generation)
        try:
            with self._writing():
                self._close_reader()
                self._writer.commit(**({"mergetype": CLEAR} if self._afresh else {}))
        finally:
            self._lock.release()
        return generation

    def cancel(self) -> None:
        try:
            self._close_reader()
            # Closing files may fail as writing them did; what is taken back need not reach the disk.
            with suppress(OSError):
                self._writer.cancel()
        finally:
            self._lock.release()

    def _close_reader(self) -> None:
        if self._committed is not None:
            self._committed.close()
            self._committed = None


def _open_or_create(storage: FileStorage, folder: Path, afresh: bool) -> FileIndex:
    """The index, made if there is none. One that cannot be read is only replaced when all of it is rebuilt."""
    latest = TOC._latest_generation(storage, _DEF_INDEX_NAME)
    if latest < 0:
        return FileIndex.create(storage, schema(), _DEF_INDEX_NAME)
    try:
        return FileIndex(storage)
    except Exception as error:
        # Whoosh reads pickles: a damaged table of contents can raise anything.
        if not afresh:
            raise IndexDamaged(
                f"the index in {folder} is damaged: {error!r}; “searcher reindex” rebuilds it"
            ) from error
        TOC(schema(), [], latest + 1).write(storage, _DEF_INDEX_NAME)
        return FileIndex(storage)


def _announce(folder: Path) -> None:
    """Notes who writes, for those who wait; a note left behind is only read while the lock is held."""
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200],
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    (folder / _HOLDER).write_text(json.dumps(note), "utf-8")


def _holder(folder: Path, wait: float) -> str:
    try:
        note = json.loads((folder / _HOLDER).read_text("utf-8"))
        who = f"process {note['pid']} on {note['host']} ({note['command']}) since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"
    return f"the index in {folder} is being written by {who}; gave up after {wait:g} s"
