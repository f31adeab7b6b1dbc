"""From files to articles, in order; many documents are normalised in several processes."""

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
from searcher.errors import UnreadableFile, WriteFailed, described
from searcher.reading.fetched import read_fetched
from searcher.reading.normalise import normalise
from searcher.reading.raw_store import RawFile
from searcher.sources import read_documents

_ALONE = 500
"""Number of documents that are normalised before other processes are started. To start them takes
longer than to normalise a few documents."""

_BATCH = 100
"""Maximum number of documents that are sent to a process at once. Larger has the other processes
wait at the end of a run; smaller costs more messages."""

_BATCH_CHARACTERS = 1 << 20
"""Number of characters of text with which a batch is complete. It bounds the memory of the batches
on their way."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a file."""

    at: int
    """The byte up to which it was read."""


Step = Article | Rejected | UnreadableFile | End
"""An article or a rejected part of a file, and then the file's End, or the error that ended it."""

_Raw = Document | Rejected | UnreadableFile | End
_Batch = list[tuple[RawFile, _Raw]]


def read_articles(
    files: Iterable[RawFile], now: datetime, jobs: int, on_read: Callable[[int], None]
) -> Iterator[tuple[RawFile, Step]]:
    """Yield the steps of the files, one file after the other.

    now: the moment of indexing.
    jobs: the number of processes that normalise.
    on_read: called with the number of bytes read.
    Raises WriteFailed when one of those processes was killed.
    """
    steps = _steps(files, on_read)
    for step in islice(steps, _ALONE) if jobs > 1 else steps:
        yield step[0], _normalised(*step, now)
    if jobs > 1:
        yield from _with_processes(steps, now, jobs)


def _steps(
    files: Iterable[RawFile], on_read: Callable[[int], None]
) -> Iterator[tuple[RawFile, _Raw]]:
    """Yield what the files give, documents not yet normalised."""
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
            # Libraries raise unexpected errors on unexpected content; the other files go on.
            yield file, UnreadableFile(file.name, f"cannot be read ({described(error)})")


def _archived(file: RawFile) -> Iterator[_Raw]:
    """Yield the documents of an archive from `file.start` on, up to its last whole record."""
    at = file.start
    for end, step in read_fetched(file.name, file.members()):
        at = end
        if step is not None:
            yield step
    yield End(at)


def read_version(file: RawFile, version: Version, now: datetime) -> Article | None:
    """Return an article as it was in one of its versions; None if the archive no longer has it.

    file: the archive that the version names.
    """
    steps = read_articles([replace(file, start=version.origin.part)], now, 1, lambda _: None)
    return next((step for _, step in islice(steps, 1) if isinstance(step, Article)), None)


def _normalised(file: RawFile, step: _Raw, now: datetime) -> Step:
    return _article(step, now, file.written) if isinstance(step, Document) else step


def _article(document: Document, now: datetime, written: datetime) -> Article | Rejected:
    """Return a document as an article. written: when its file was last written."""
    try:
        # The dates of a fetched article are judged by when it was fetched, so that they are the
        # same whenever it is indexed.
        return normalise(
            document, document.seen if document.fetched and document.seen else now, written
        )
    except Exception as error:
        return Rejected(document.origin, f"cannot be normalised ({described(error)})")


def _with_processes(
    steps: Iterator[tuple[RawFile, _Raw]], now: datetime, jobs: int
) -> Iterator[tuple[RawFile, Step]]:
    waiting: deque[tuple[_Batch, Future[list[Article | Rejected]]]] = deque()
    pool = ProcessPoolExecutor(jobs, initializer=_begin)
    try:
        for batch in _batches(steps):
            documents = [(step, file.written) for file, step in batch if isinstance(step, Document)]
            waiting.append((batch, pool.submit(_normalise_all, documents, now)))
            # More batches than processes, so that none of them waits for this process.
            if len(waiting) > 2 * jobs:
                yield from _finished(*waiting.popleft())
        while waiting:
            yield from _finished(*waiting.popleft())
    except BrokenProcessPool as error:
        raise WriteFailed(
            "a process that normalised articles was killed; earlier commits stay"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(steps: Iterator[tuple[RawFile, _Raw]]) -> Iterator[_Batch]:
    """Yield the steps in batches (`_BATCH`, `_BATCH_CHARACTERS`)."""
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
    """Set up a process that normalises.

    It ignores interrupts, which the reading process handles, and ends when that process has ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
