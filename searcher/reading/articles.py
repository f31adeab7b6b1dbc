"""From files to articles, in order; much is read in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from searcher.article import Article, Version
from searcher.reading.processes import with_processes
from searcher.reading.raw_store import RawFile
from searcher.reading.steps import Finish, Step, as_it_is, normalised, steps

_ALONE = 2 << 20
"""Bytes of files up to which no other process is started. To start them takes as long as to read
about this much."""


def read_articles(
    files: Iterable[RawFile],
    now: datetime,
    jobs: int,
    on_read: Callable[[int], None],
    finish: Finish = as_it_is,
) -> Iterator[tuple[RawFile, Step]]:
    """Yield the steps of the files, one file after the other.

    now: the moment of indexing.
    jobs: the number of processes that normalise.
    on_read: called with the number of bytes read.
    finish: is applied to articles of other files than archives.
    Raises WriteFailed when one of those processes was killed.
    """
    files = list(files)
    if jobs == 1 or sum(file.size - file.start for file in files) < _ALONE:
        for file, step in steps(files, on_read):
            yield file, normalised(file, step, now, finish)
    else:
        yield from with_processes(files, now, jobs, on_read, finish)


def read_version(file: RawFile, version: Version, now: datetime) -> Article | None:
    """Return an article as it was in one of its versions; None if the archive no longer has it.

    file: the archive that the version names.
    """
    steps = read_articles([replace(file, start=version.origin.part)], now, 1, lambda _: None)
    return next((step for _, step in islice(steps, 1) if isinstance(step, Article)), None)
