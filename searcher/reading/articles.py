"""From files to articles, in the order in which they stand; many of them are normalised in other
processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from searcher.article import Article, Document, Rejected, Version
from searcher.errors import UnreadableFile, WriteFailed
from searcher.reading.fetched import read_fetched
from searcher.reading.normalise import normalise
from searcher.reading.raw_store import RawFile
from searcher.sources import read_documents

_ALONE = 500
"""Documents that are dealt with before other processes are started, which takes longer than a few
of them."""
_BATCH = 100
_BATCH_CHARACTERS = 1 << 20


@dataclass(frozen=True, slots=True)
class End:
    """The end of a file that was read up to byte `at`."""

    at: int


Step = Article | Rejected | UnreadableFile | End
"""What a file gave, its end, or where it broke off."""
_Raw = Document | Rejected | UnreadableFile | End
_Batch = list[tuple[RawFile, _Raw]]


def read_articles(
    files: Iterable[RawFile], now: datetime, jobs: int, on_read: Callable[[int], None]
) -> Iterator[tuple[RawFile, Step]]:
    """What the files give, one after the other; the last of each file is its End or where it broke
    off.

    now: the moment of indexing. jobs: processes that normalise. on_read: told how many bytes were
    read. Raises WriteFailed when one of those processes was ended.
    """
    steps = _steps(files, on_read)
    for step in islice(steps, _ALONE) if jobs > 1 else steps:
        yield step[0], _normalised(*step, now)
    if jobs > 1:
        yield from _with_processes(steps, now, jobs)


def _steps(
    files: Iterable[RawFile], on_read: Callable[[int], None]
) -> Iterator[tuple[RawFile, _Raw]]:
    for file in files:
        try:
            if file.is_archive:
                yield from ((file, step) for step in _archived(replace(file, on_read=on_read)))
                continue
            for document in read_documents(replace(file, on_read=on_read)):
                yield file, document
            yield file, End(file.size)
        except UnreadableFile as error:
            yield file, error
        except Exception as error:
            # What a library raises on content that nobody foresaw must not end the batch.
            yield (
                file,
                UnreadableFile(
                    file.name, f"cannot be read ({type(error).__name__}: {str(error)[:80]})"
                ),
            )


def _archived(file: RawFile) -> Iterator[_Raw]:
    """What an archive gives from its start on, up to its last whole record."""
    at = file.start
    for end, step in read_fetched(file.name, file.members()):
        at = end
        if step is not None:
            yield step
    yield End(at)


def read_version(file: RawFile, version: Version, now: datetime) -> Article | None:
    """An article as it was in one of its versions, from the archive that holds it; None if it no
    longer does."""
    steps = read_articles([replace(file, start=version.origin.part)], now, 1, lambda _: None)
    return next((step for _, step in islice(steps, 1) if isinstance(step, Article)), None)


def _normalised(file: RawFile, step: _Raw, now: datetime) -> Step:
    return _article(step, now, file.written) if isinstance(step, Document) else step


def _article(document: Document, now: datetime, written: datetime) -> Article | Rejected:
    try:
        # What was fetched is judged by the moment of fetching, so that it is the same whenever it
        # is indexed.
        return normalise(
            document, document.seen if document.fetched and document.seen else now, written
        )
    except Exception as error:
        return Rejected(
            document.origin, f"cannot be normalised ({type(error).__name__}: {str(error)[:80]})"
        )


def _with_processes(
    steps: Iterator[tuple[RawFile, _Raw]], now: datetime, jobs: int
) -> Iterator[tuple[RawFile, Step]]:
    waiting: deque[tuple[_Batch, Future[list[Article | Rejected]]]] = deque()
    pool = ProcessPoolExecutor(jobs, initializer=_begin)
    try:
        for batch in _batches(steps):
            documents = [(step, file.written) for file, step in batch if isinstance(step, Document)]
            waiting.append((batch, pool.submit(_normalise_all, documents, now)))
            # Some more than there are processes, so that none waits for this one.
            if len(waiting) > 2 * jobs:
                yield from _finished(*waiting.popleft())
        while waiting:
            yield from _finished(*waiting.popleft())
    except BrokenProcessPool as error:
        raise WriteFailed(
            "a process that normalised articles was ended; what was committed stays"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(steps: Iterator[tuple[RawFile, _Raw]]) -> Iterator[_Batch]:
    batch: _Batch = []
    characters = 0
    for step in steps:
        batch.append(step)
        if isinstance(step[1], Document):
            characters += len(step[1].text) + sum(map(len, step[1].paragraphs))
        if len(batch) >= _BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _finished(
    batch: _Batch, future: Future[list[Article | Rejected]]
) -> Iterator[tuple[RawFile, Step]]:
    articles = iter(future.result())
    for file, step in batch:
        yield file, next(articles) if isinstance(step, Document) else step


def _normalise_all(
    documents: list[tuple[Document, datetime]], now: datetime
) -> list[Article | Rejected]:
    return [_article(document, now, written) for document, written in documents]


def _begin() -> None:
    """An interrupt is dealt with by the process that reads; when that one is gone, this one
    goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
