"""Reading in several processes, which give the same steps in the same order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from searcher import kernels
from searcher.article import Document
from searcher.errors import WriteFailed
from searcher.reading.raw_store import RawFile
from searcher.reading.steps import Finish, Raw, Step, article_of, as_it_is, normalised, steps
from searcher.text.profiles import profiles

_WHOLE = 1 << 20
"""Maximum size of a file that another process reads, in bytes. This process reads larger ones and
archives, and sends their documents. Larger has the others wait for the last file."""

_WHOLE_CHARACTERS = 16 << 20
"""Maximum number of characters of text of a file that another process reads. A compressed file may
have more. Larger takes more memory."""

_FILES_BYTES = 1 << 18
"""Bytes of files with which a batch of files is complete. Larger has the other processes wait at
the end of a run; smaller costs more messages."""

_BATCH = 100
"""Maximum number of documents that are sent to a process at once. Larger has the other processes
wait at the end of a run; smaller costs more messages."""

_BATCH_CHARACTERS = 1 << 20
"""Number of characters of text with which a batch is complete. It bounds the memory of the batches
on their way."""

_Batch = list[tuple[RawFile, Raw]]
_Item = TypeVar("_Item")


def with_processes(
    files: Sequence[RawFile],
    now: datetime,
    jobs: int,
    on_read: Callable[[int], None],
    finish: Finish,
) -> Iterator[tuple[RawFile, Step]]:
    """Yield the steps of files as `read_articles`, which has the parameters, too."""
    waiting: deque[Callable[[], Iterator[tuple[RawFile, Step]]]] = deque()
    if multiprocessing.get_start_method() == "fork":
        # Loaded once, and shared by the processes that are forked.
        profiles()
    pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(kernels.loaded,))
    try:
        with _interrupts_delayed():
            pool.submit(_ready)
        for task in _tasks(files, now, pool.submit, on_read, finish):
            waiting.append(task)
            # More batches than processes, so that none of them waits for this process.
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft()()
        while waiting:
            yield from waiting.popleft()()
    except BrokenProcessPool as error:
        raise WriteFailed(
            "a process that normalised articles was killed; earlier commits stay"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _tasks(
    files: Sequence[RawFile],
    now: datetime,
    submit: Callable[..., Future[Any]],
    on_read: Callable[[int], None],
    finish: Finish,
) -> Iterator[Callable[[], Iterator[tuple[RawFile, Step]]]]:
    """Submit the files, small ones as a whole, and yield for each batch a function that waits for
    its steps."""
    for is_whole, group in groupby(files, lambda file: file.size <= _WHOLE and not file.is_archive):
        if is_whole:
            for some in _batched(group, lambda file: file.size, _FILES_BYTES):
                future = submit(_read_all, [_picklable(file) for file in some], now, finish)
                yield partial(_read, some, now, future, on_read, finish)
        else:
            read = steps(group, on_read)
            for batch in _batched(read, lambda one: _characters(one[1]), _BATCH_CHARACTERS):
                documents = [
                    (step, file.written, as_it_is if file.is_archive else finish)
                    for file, step in batch
                    if isinstance(step, Document)
                ]
                yield partial(_finished, batch, submit(_normalise_all, documents, now))


def _batched(
    items: Iterable[_Item], size: Callable[[_Item], int], enough: int
) -> Iterator[list[_Item]]:
    """Yield the items in batches of at most _BATCH. A batch is complete when the sizes of its items
    reach `enough`."""
    batch: list[_Item] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) >= _BATCH or total >= enough:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _finished(batch: _Batch, future: Future[list[Any]]) -> Iterator[tuple[RawFile, Step]]:
    articles = iter(future.result())
    for file, step in batch:
        yield file, next(articles) if isinstance(step, Document) else step


def _read(
    files: list[RawFile],
    now: datetime,
    future: Future[list[list[Step] | None]],
    on_read: Callable[[int], None],
    finish: Finish,
) -> Iterator[tuple[RawFile, Step]]:
    """Yield the steps of files that another process read, or left because they are large."""
    for file, found in zip(files, future.result(), strict=True):
        if found is None:
            for _, step in steps([file], on_read):
                yield file, normalised(file, step, now, finish)
            continue
        on_read(file.size)
        for step in found:
            yield file, step


def _picklable(file: RawFile) -> tuple[Any, ...]:
    """Return what RawFile is made of again in another process."""
    return file.path, file.name, file.size, file.mtime_ns, file.limit


def _read_all(
    files: list[tuple[Any, ...]], now: datetime, finish: Finish
) -> list[list[Step] | None]:
    """Return for each file its steps; None for one that has more text than fits into a batch."""
    return [_whole(RawFile(*parts), now, finish) for parts in files]


def _whole(file: RawFile, now: datetime, finish: Finish) -> list[Step] | None:
    """Return the steps of a file, or None."""
    found: list[Step] = []
    characters = 0
    for _, step in steps([file], lambda _: None):
        characters += _characters(step)
        if characters > _WHOLE_CHARACTERS:
            return None
        found.append(normalised(file, step, now, finish))
    return found


def _characters(step: Raw) -> int:
    """Return the number of characters of the text of a document."""
    if not isinstance(step, Document):
        return 0
    return len(step.text) + sum(map(len, step.paragraphs))


def _normalise_all(documents: list[tuple[Document, datetime, Finish]], now: datetime) -> list[Any]:
    return [article_of(document, now, written, finish) for document, written, finish in documents]


@contextmanager
def _interrupts_delayed() -> Iterator[None]:
    """Delay interrupts of this thread. Python loses those that come during a fork."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ready() -> None:
    """Do nothing: the first task starts all processes where they are forked."""


def _begin(with_kernels: bool) -> None:
    """Set up a process that normalises.

    with_kernels: whether to use kernels.

    It ignores interrupts, which the reading process handles, and ends when that process has ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if with_kernels:
        kernels.load()
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
