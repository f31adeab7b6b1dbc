"""The one writer of a Whoosh index: it waits for the lock, replaces articles by id, and commits
durably."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.util.filelock import try_for
from whoosh.writing import CLEAR

from searcher.article import Article
from searcher.columnar.fields import CodeSet
from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.files.storage import open_index
from searcher.columnar.whoosh_private import DEFAULT_INDEX_NAME, latest_generation
from searcher.columnar.writing.inverter import TextInverter
from searcher.columnar.writing.parallel import NewDocument, ParallelWriter
from searcher.engine.base import Committing
from searcher.engine.places import Place
from searcher.engine.protocol import Prepared
from searcher.engine.searches import facet_value
from searcher.engine.stored import pack
from searcher.engine.terms import SKETCH, sketch_of
from searcher.engine.whoosh_places import late_values
from searcher.engine.whoosh_schema import (
    AGENCY,
    ARTICLE,
    KEY,
    KIND,
    LANGUAGE,
    PUBLISHED,
    SECTION,
    SOURCE,
    analysed,
    analyses,
    outdated,
    schema,
    wanted_format,
)
from searcher.errors import IndexDamaged, IndexLocked, IndexOutdated, WriteFailed

_HOLDER = "writer.json"
"""Name of the file that says which process holds, or last held, the lock."""

_CACHES = 48 << 20
"""Memory of the caches of analysis in each process, in bytes. It is part of the writer's memory."""

_LEAST = 128 << 20
"""Minimum memory of a process, in bytes. Fewer processes are started if each would have less
memory."""

_POLL = 0.05
"""Seconds between two attempts to get the lock."""


class WhooshWriter(Committing):
    def __init__(
        self,
        storage: FileStorage,
        folder: Path,
        wait: float,
        afresh: bool,
        quick: bool,
        memory: int,
        jobs: int,
        inverters: dict[str, TextInverter],
    ) -> None:
        self._folder = folder
        self._afresh = afresh
        try:
            storage.create()
            self._lock = storage.lock(f"{DEFAULT_INDEX_NAME}_WRITELOCK")
            if not try_for(self._lock.acquire, wait, _POLL):
                raise IndexLocked(_holder(folder, wait))
        except OSError as error:
            raise WriteFailed(f"the index in {folder} cannot be written: {error}") from error
        try:
            with self._writing():
                _announce(folder)
                index = _open_or_create(storage, afresh)
                jobs = max(1, min(jobs, memory // _LEAST))
                memory = max(memory - jobs * _CACHES, _CACHES)
                self._writer = ParallelWriter(
                    index,
                    KEY,
                    _document,
                    analyses,
                    memory,
                    jobs,
                    quick=quick,
                    inverters=inverters if quick else None,
                    _lk=False,
                )
                if afresh:
                    self._writer.schema = schema()
                elif found := outdated(self._writer.schema):
                    self._writer.cancel()
                    raise IndexOutdated(folder, found, wanted_format())
        except BaseException:
            self._lock.release()
            raise

    def add(self, article: Article | Prepared) -> None:
        with self._writing():
            self._writer.put(article.id.encode(), article)

    def delete(self, article_id: str) -> None:
        with self._writing():
            self._writer.remove(article_id.encode())

    def place(self, article_id: str, place: Place) -> None:
        with self._writing():
            self._writer.set_late(KEY, article_id.encode(), late_values(place))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WriteFailed(f"the index in {self._folder} was not changed: {error}") from error
        except FileDamaged as error:
            raise IndexDamaged(f"{error}; “searcher check” says what else is") from error

    def commit(self) -> int:
        generation = int(self._writer.generation)
        try:
            with self._writing():
                self._writer.commit(**({"mergetype": CLEAR} if self._afresh else {}))
        finally:
            self._lock.release()
        return generation

    def cancel(self) -> None:
        try:
            # Closing the files may fail as writing them did; cancelled changes need not reach the
            # disk.
            with suppress(OSError):
                self._writer.cancel()
        finally:
            self._lock.release()


def prepared(article: Article) -> Prepared:
    """Return an article as a document of the index."""
    fields = {
        KEY: article.id,
        ARTICLE: pack(article),
        PUBLISHED: int(article.published.value.timestamp()) if article.published else None,
        LANGUAGE: article.language,
        SOURCE: article.source,
        AGENCY: article.agency,
        SECTION: article.section,
        KIND: facet_value(article, KIND),
        SKETCH: CodeSet(*sketch_of(article)),
    }
    return Prepared(article.id, NewDocument(fields, analysed(article)))


def _document(article: Article | Prepared) -> NewDocument:
    """Return an article as a document of the index."""
    found = article if isinstance(article, Prepared) else prepared(article)
    document: NewDocument = found.document
    return document


def _open_or_create(storage: FileStorage, afresh: bool) -> FileIndex:
    """Return the index; create it if there is none.

    afresh: whether all of it is rewritten. Only then is an index that cannot be read replaced;
    otherwise IndexDamaged is raised.
    """
    latest = latest_generation(storage)
    if latest < 0:
        return FileIndex.create(storage, schema(), DEFAULT_INDEX_NAME)
    try:
        return open_index(storage)
    except FileDamaged as error:
        if not afresh:
            raise IndexDamaged(f"{error}; “searcher reindex” rebuilds the index") from error
        # Without fields it is an index of another format: readers refuse it until the commit.
        TOC(Schema(), [], latest + 1).write(storage, DEFAULT_INDEX_NAME)
        return FileIndex(storage)


def _announce(folder: Path) -> None:
    """Write who holds the lock, for processes that wait. The file is only read while it is held."""
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
