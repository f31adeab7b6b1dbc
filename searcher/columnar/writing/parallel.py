"""Writing in several processes. Each writes its own segments, and one process commits all of
them."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from whoosh.index import FileIndex

from searcher.columnar.constants import MEMORY
from searcher.columnar.fields import Analysis
from searcher.columnar.files.storage import SyncedStorage, remove_unnamed
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.writing.replacements import delete_keys
from searcher.columnar.writing.writer import ColumnarWriter, Texts

_ALONE = 1000
"""Number of documents that this process writes before it starts others. Smaller starts processes
also for commits that are faster than the start of a process."""
_BATCH = 200
"""Number of documents sent to a process at a time. Larger takes more memory; smaller takes more
time for each document."""


class NewDocument(NamedTuple):
    """A document to be added."""

    fields: Mapping[str, Any]
    """Its fields, as Whoosh takes them."""
    texts: Texts
    """Its texts, which the writer analyses."""


Prepare = Callable[[Any], NewDocument]
"""Makes a document of an item that is put into a writer."""


class WorkerFailed(OSError):
    """A process that wrote segments ended or failed. Nothing was committed."""


class ParallelWriter(ColumnarWriter):
    """A writer of documents that have a unique field, in several processes, of which this is one.

    The value of the unique field decides which process writes a document, so that versions of one
    document are in one process. Methods raise OSError, WorkerFailed included.
    """

    def __init__(
        self,
        ix: Any,
        unique: str,
        prepare: Prepare,
        analyses: Callable[[], Mapping[str, Analysis]],
        memory: int = MEMORY,
        jobs: int = 1,
        **options: Any,
    ) -> None:
        """ix: Whoosh's index.
        unique: the unique field.
        prepare, analyses: functions of a module, because other processes import them.
        memory: bytes that all processes may take together.
        jobs: the number of processes.
        options: as of ColumnarWriter.
        """
        super().__init__(ix, analyses(), memory // jobs, **options)
        self._unique = unique
        self._prepare = prepare
        self._analyses = analyses
        self._jobs = jobs
        self._steps = 0
        self._workers: list[_Worker] = []

    def put(self, key: bytes, item: Any) -> None:
        """Add the document made of `item`. It replaces the documents with the same key."""
        worker = self._worker_of(key)
        if worker is None:
            self.update_with_texts(*self._prepare(item))
        else:
            worker.send((None, item))

    def remove(self, key: bytes) -> None:
        """Delete the documents that have this key, committed or not."""
        worker = self._worker_of(key)
        self.delete_key(self._unique, key)
        if worker is not None:
            worker.send((key, None))

    def _worker_of(self, key: bytes) -> _Worker | None:
        """Return the process that writes a document; None for this one."""
        self._steps += 1
        if self._steps <= _ALONE:
            return None
        number = zlib.crc32(key) % self._jobs
        if number and not self._workers:
            self._start()
        return self._workers[number - 1] if number else None

    def _start(self) -> None:
        """Start the other processes."""
        # A fork starts fastest, but a lock that another thread holds would stay locked in it.
        alone = threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods()
        context: Any = multiprocessing.get_context("fork" if alone else "spawn")
        for _ in range(self._jobs - 1):
            ours, theirs = context.Pipe()
            task = (
                self.storage.folder,
                self.indexname,
                self.schema,
                self._unique,
                self._prepare,
                self._analyses,
            )
            inherited = [worker.connection for worker in self._workers] if alone else []
            arguments = (theirs, [*inherited, ours] if alone else [], *task, self._memory)
            process = context.Process(target=_work, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._workers.append(_Worker(ours, process))

    def _take_over(self) -> None:
        """Add the segments of the other processes. Their documents replace earlier ones with the
        same keys."""
        before = (*self.segments, *self._flushed)
        for worker in self._workers:
            worker.finish()
        for worker in self._workers:
            for segment in worker.result():
                opened = segment.open(self.storage)
                keys = opened.fields[self._unique].dictionary
                replaced = {self._unique: set(keys.terms(0, keys.term_count))}
                delete_keys(self.storage, self.schema, before, replaced)
                self._flushed.append(segment)

    def _prepare_commit(self) -> None:
        super()._prepare_commit()
        self._take_over()

    def _finish(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.stop()
        if workers:
            # The names of segments that they did not hand over are known to them alone.
            remove_unnamed(self.storage, self.indexname)
        super()._finish()


class _Worker:
    """A process that writes segments, as this one sees it. Methods raise WorkerFailed."""

    def __init__(self, connection: Connection, process: Any) -> None:
        self.connection = connection
        self._process = process
        self._waiting: list[tuple[bytes | None, Any]] = []

    def send(self, step: tuple[bytes | None, Any]) -> None:
        """Send, when a batch is full: a key to delete, or None and an item to add."""
        self._waiting.append(step)
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            self.connection.send(waiting)
        except OSError as error:
            raise WorkerFailed(str(self._answer())) from error

    def finish(self) -> None:
        """Request the written segments."""
        self._flush()
        try:
            self.connection.send(None)
        except OSError as error:
            raise WorkerFailed(str(self._answer())) from error

    def result(self) -> list[ColumnarSegment]:
        """Return the written segments, and wait for the process to end."""
        answer = self._answer()
        self._process.join()
        if not isinstance(answer, list):
            raise WorkerFailed(str(answer))
        return answer

    def _answer(self) -> Any:
        """Return the message of the process: its segments, or an error message."""
        try:
            return self.connection.recv()
        except (OSError, EOFError):
            self._process.join()
            return f"a process that wrote segments ended with code {self._process.exitcode}"

    def stop(self) -> None:
        """End the process. Its segments belong to no index."""
        self.connection.close()
        self._process.terminate()
        self._process.join()


def _work(
    connection: Connection,
    inherited: list[Connection],
    folder: str,
    indexname: str,
    schema: Any,
    unique: str,
    prepare: Prepare,
    analyses: Callable[[], Mapping[str, Analysis]],
    memory: int,
) -> None:
    """Write segments in another process, until the parent requests them or ends.

    connection: connection to the parent, which sends batches of steps (see `_Worker.send`), then
    None.
    inherited: connections of the parent to other processes, which are also open after a fork.
    folder, indexname, schema: of the index.
    """
    # The parent handles interrupts and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    writer = ColumnarWriter(
        FileIndex(SyncedStorage(folder), indexname=indexname), analyses(), memory, _lk=False
    )
    writer.schema = schema
    writer.segments = []
    try:
        while (steps := connection.recv()) is not None:
            for key, item in steps:
                if key is None:
                    writer.update_with_texts(*prepare(item))
                else:
                    writer.delete_key(unique, key)
        connection.send(writer.give_up())
    except (EOFError, BrokenPipeError):
        writer.remove_flushed()
    except Exception as error:
        writer.remove_flushed()
        with suppress(BrokenPipeError):
            connection.send(f"{type(error).__name__}: {error}")
