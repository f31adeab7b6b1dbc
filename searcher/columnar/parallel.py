"""Writing spread over processes: each builds segments of its own, which one writer then takes
over."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from searcher.columnar.builder import MEMORY
from searcher.columnar.fields import Analysis
from searcher.columnar.segment import ColumnarSegment
from searcher.columnar.storage import remove_unnamed
from searcher.columnar.writer import ColumnarWriter

_ALONE = 1000
"""Documents that this process deals with before it starts others."""
_BATCH = 200
"""Documents that are sent to a process at once."""

Prepare = Callable[[Any], Mapping[str, Any]]
"""From whatever is put into a writer to the fields of a document, `_words` included."""


class WorkerFailed(OSError):
    """A process that built segments has ended; nothing was committed."""


class ParallelWriter(ColumnarWriter):
    """A writer of documents with one unique field, by whose value each belongs to one of several
    processes.

    This process is one of them. `prepare` and `analyses` are functions of a module, so that other
    processes find them.
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
        """unique: the unique field. memory: the bytes that all processes may take together."""
        super().__init__(ix, analyses(), memory // jobs, **options)
        self._unique = unique
        self._prepare = prepare
        self._analyses = analyses
        self._jobs = jobs
        self._steps = 0
        self._workers: list[_Worker] = []

    def put(self, key: bytes, item: Any) -> None:
        """Adds the document made of `item` in place of any that has its key. Raises OSError."""
        worker = self._worker_of(key)
        if worker is None:
            self.update_document(**self._prepare(item))
        else:
            worker.send((None, item))

    def remove(self, key: bytes) -> None:
        """Deletes the document with this key, committed or not. Raises OSError."""
        worker = self._worker_of(key)
        self.delete_key(self._unique, key)
        if worker is not None:
            worker.send((key, None))

    def _worker_of(self, key: bytes) -> _Worker | None:
        """The process that a document belongs to; None for this one."""
        self._steps += 1
        if self._steps <= _ALONE:
            return None
        number = zlib.crc32(key) % self._jobs
        if number and not self._workers:
            self._start()
        return self._workers[number - 1] if number else None

    def _start(self) -> None:
        # A copy of this process starts at once, but a lock that another thread holds would stay
        # locked in it.
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

    def _rotate_all(self) -> None:
        """Takes over the segments of the other processes; their documents take the place of all
        those from before."""
        before = (*self.segments, *self._flushed)
        for worker in self._workers:
            worker.finish()
        for worker in self._workers:
            for segment in worker.result():
                opened = segment.open(self.storage)
                keys = opened.fields[self._unique]
                replaced = {self._unique: set(keys.terms(0, keys.term_count))}
                for older in before:
                    self._delete_replaced(older, replaced)
                self._flushed.append(segment)

    def _prepare_commit(self) -> None:
        super()._prepare_commit()
        self._rotate_all()

    def _finish(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.stop()
        if workers:
            # What they wrote is known to them alone until they give it over.
            remove_unnamed(self.storage, self.indexname)
        super()._finish()


class _Worker:
    """A process that builds segments, as seen from here."""

    def __init__(self, connection: Connection, process: Any) -> None:
        self.connection = connection
        self._process = process
        self._waiting: list[tuple[bytes | None, Any]] = []

    def send(self, step: tuple[bytes | None, Any]) -> None:
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
        """Asks for what was built."""
        self._flush()
        try:
            self.connection.send(None)
        except OSError as error:
            raise WorkerFailed(str(self._answer())) from error

    def result(self) -> list[ColumnarSegment]:
        answer = self._answer()
        self._process.join()
        if not isinstance(answer, list):
            raise WorkerFailed(str(answer))
        return answer

    def _answer(self) -> Any:
        try:
            return self.connection.recv()
        except (OSError, EOFError):
            self._process.join()
            return f"a process that built segments ended with code {self._process.exitcode}"

    def stop(self) -> None:
        """Ends the process; what it built belongs to no index."""
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
    """What another process does: it builds segments until it is asked for them, or its parent is
    gone."""
    from whoosh.index import FileIndex

    from searcher.columnar.storage import SyncedStorage

    # An interrupt is dealt with by the process that started this one.
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
                    writer.update_document(**prepare(item))
                else:
                    writer.delete_key(unique, key)
        connection.send(writer.give_up())
    except (EOFError, BrokenPipeError):
        writer.remove_flushed()
    except Exception as error:
        writer.remove_flushed()
        with suppress(BrokenPipeError):
            connection.send(f"{type(error).__name__}: {error}")
