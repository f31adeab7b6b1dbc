"""Earlier versions of articles, read again from the archive in the raw folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from searcher.article import Article
from searcher.clock import Clock

if TYPE_CHECKING:
    from searcher.reading.raw_store import RawStore


class RawArchive:
    """The texts of earlier versions in raw/fetched/: a `search.versions.VersionArchive`."""

    def __init__(self, store: Callable[[], RawStore], clock: Clock) -> None:
        """store: returns the raw folder."""
        self._store = store
        self._clock = clock

    def version(self, article: Article, number: int) -> Article | None:
        # The parsers of all formats take half a second to load, and few searches end here.
        from searcher.reading.articles import read_version
        from searcher.reading.raw_store import RawFile

        version = article.versions[number]
        store = self._store()
        file = next(store.files([store.path_of(version.origin.file)]), None)
        if not isinstance(file, RawFile) or not file.is_archive:
            return None
        return read_version(file, version, self._clock.now())
