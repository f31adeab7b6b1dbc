"""The engine on disk: a Whoosh index that is opened without racing a commit and read from snapshots."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import Self

import numpy as np

from searcher.article import Article
from searcher.engine.arrays import Ints
from searcher.engine.contexts import Closing
from searcher.engine.evaluate import Evaluation
from searcher.engine.evaluate import Result
from searcher.engine.plan import resolve
from searcher.engine.ranking import BUDGET_SPENT
from searcher.engine.ranking import SCORE_DIGITS
from searcher.engine.synced_storage import SyncedStorage
from searcher.engine.whoosh_check import check_reader
from searcher.engine.whoosh_postings import WhooshPostings
from searcher.engine.whoosh_postings import WhooshVocabulary
from searcher.engine.whoosh_schema import FORMAT
from searcher.engine.whoosh_writer import WhooshWriter
from searcher.errors import IndexDamaged
from searcher.errors import IndexMissing
from searcher.errors import IndexOutdated
from searcher.hits import Sort
from searcher.protocols import Ranking
from searcher.query import Query

_OPEN_SECONDS = 5.0
"""How long an open is tried again when files vanish under it: a commit removes those of the state before."""
_PAUSE = 0.02
_FACET_COLUMNS = {"language": "language", "source": "source_name"}


class WhooshEngine:
    """A folder that holds a Whoosh index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._storage = SyncedStorage(str(folder))
        self._lock = threading.Lock()
        self._current: WhooshSnapshot | None = None

    def exists(self) -> bool:
        return self._generation() >= 0

    def _generation(self) -> int:
        from whoosh.index import _DEF_INDEX_NAME
        from whoosh.index import TOC

        return int(TOC._latest_generation(self._storage, _DEF_INDEX_NAME))

    def snapshot(self) -> WhooshSnapshot:
        with self._lock:
            if self._current is None or self._current.generation != self._generation():
                opened = self._open()
                if self._current is not None:
                    self._current.close()
                self._current = opened
            return self._current.shared()

    def _open(self) -> WhooshSnapshot:
        from whoosh.index import EmptyIndexError
        from whoosh.index import FileIndex

        deadline = time.monotonic() + _OPEN_SECONDS
        while True:
            try:
                generation = self._generation()
                if generation < 0:
                    raise IndexMissing(f"there is no index in {self.folder}; “searcher index” makes one")
                index = FileIndex(self._storage)
                if FORMAT not in index.schema:
                    raise IndexOutdated(self.folder)
                return WhooshSnapshot(index.reader(), generation)
            except (OSError, EmptyIndexError) as error:
                if time.monotonic() > deadline:
                    raise IndexDamaged(f"the index in {self.folder} cannot be opened: {error}") from error
                time.sleep(_PAUSE)
            except (IndexMissing, IndexOutdated):
                raise
            except Exception as error:
                # Whoosh reads pickles: a damaged file can raise anything.
                raise IndexDamaged(f"the index in {self.folder} is damaged: {error!r}") from error

    def writer(self, wait: float = 10.0, afresh: bool = False) -> WhooshWriter:
        return WhooshWriter(self._storage, self.folder, wait, afresh)

    def close(self) -> None:
        """Gives up the snapshot that is kept for the next reader."""
        with self._lock:
            if self._current is not None:
                self._current.close()
                self._current = None


class WhooshSnapshot(Closing):
    """One generation of the index, shared by all who read it and closed when the last is done."""

    def __init__(self, reader: Any, generation: int) -> None:
        self.generation = generation
        self._reader = reader
        self._postings = WhooshPostings(reader)
        self._vocabulary = WhooshVocabulary(reader, self._postings)
        self._users = 1
        self._users_lock = threading.Lock()

    def shared(self) -> Self:
        with self._users_lock:
            self._users += 1
        return self

    def close(self) -> None:
        with self._users_lock:
            self._users -= 1
            if self._users == 0:
                self._reader.close()

    @property
    def count(self) -> int:
        return int(self._reader.doc_count())

    @cached_property
    def _facets(self) -> dict[str, dict[str, int]]:
        live = self._postings.documents.live
        return {
            name: dict(
                Counter(value for value, alive in zip(self._postings.column(column), live, strict=True) if alive)
            )
            for name, column in _FACET_COLUMNS.items()
        }

    def facet(self, name: str) -> dict[str, int]:
        return dict(self._facets[name])

    def search(self, query: Query, sort: Sort, offset: int, limit: int, seconds: float | None) -> Ranking:
        deadline = time.monotonic() + seconds if seconds is not None else None
        plan = resolve(query, self._facets["language"], self._vocabulary, deadline)
        evaluation = Evaluation(self._postings.documents, self._postings, deadline)
        result = evaluation.run(plan)
        ranked = self._ranked(result, sort)[offset : offset + limit]
        articles = tuple((self._postings.stored(int(number)), float(result.score[number])) for number in ranked)
        warnings = plan.warnings + ((BUDGET_SPENT,) if evaluation.cut_short else ())
        return Ranking(
            int(result.matches.sum()),
            int(result.holds_all.sum()),
            articles,
            tuple(plan.patterns(scoring_only=True)),
            warnings,
        )

    def _ranked(self, result: Result, sort: Sort) -> Ints:
        """The matching documents in the order of `ranking.rank_key`."""
        found = np.flatnonzero(result.matches)
        documents = self._postings.documents
        dates = documents.published[found] if sort == "oldest" else -documents.published[found]
        keys: list[Any] = [self._postings.id_ranks[found], dates, ~documents.dated[found]]
        if sort == "relevance":
            keys.append(-np.round(result.score[found], SCORE_DIGITS))
        return found[np.lexsort(keys)]

    def article(self, article_id: str) -> Article | None:
        numbers, _ = self._postings.frequencies("id", article_id.encode("utf-8", "replace").decode())
        return self._postings.stored(int(numbers[0])) if len(numbers) else None

    def articles(self) -> Iterator[Article]:
        for number in np.flatnonzero(self._postings.documents.live).tolist():
            yield self._postings.stored(number)

    def check(self) -> Iterator[str]:
        return check_reader(self._reader, self._postings.reading)
