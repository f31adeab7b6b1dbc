"""The steps of reading a file: its documents, made articles, and its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from searcher.article import Article, Document, Rejected
from searcher.errors import UnreadableFile, described
from searcher.reading.fetched import read_fetched
from searcher.reading.normalise import normalise
from searcher.reading.raw_store import RawFile
from searcher.sources import read_documents


@dataclass(frozen=True, slots=True)
class End:
    """The end of a file."""

    at: int
    """The byte up to which it was read."""


Step = Any
"""An article, or what `finish` made of it, or a Rejected part of a file. At the end of a file its
End, or the UnreadableFile that ended it."""

Finish = Callable[[Article], Any]
"""Makes of a normalised article what its receiver needs. A function of a module, or a partial one:
other processes call it."""

Raw = Document | Rejected | UnreadableFile | End
"""A step before it is normalised."""


def as_it_is(article: Article) -> Article:
    """Return the article: the Finish of receivers that need it whole."""
    return article


def steps(
    files: Iterable[RawFile], on_read: Callable[[int], None]
) -> Iterator[tuple[RawFile, Raw]]:
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


def _archived(file: RawFile) -> Iterator[Raw]:
    """Yield the documents of an archive from `file.start` on, up to its last whole record."""
    at = file.start
    for end, step in read_fetched(file.name, file.members()):
        at = end
        if step is not None:
            yield step
    yield End(at)


def normalised(file: RawFile, step: Raw, now: datetime, finish: Finish) -> Step:
    """Return a step of a file with its document normalised. finish: as for `read_articles`."""
    if not isinstance(step, Document):
        return step
    return article_of(step, now, file.written, as_it_is if file.is_archive else finish)


def article_of(document: Document, now: datetime, written: datetime, finish: Finish) -> Any:
    """Return a document as a finished article, or Rejected. written: when its file was last
    written."""
    try:
        # The dates of a fetched article are judged by when it was fetched, so that they are the
        # same whenever it is indexed.
        moment = document.seen if document.fetched and document.seen else now
        return finish(normalise(document, moment, written))
    except Exception as error:
        return Rejected(document.origin, f"cannot be normalised ({described(error)})")
