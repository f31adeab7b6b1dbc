"""The engine on disk: a Whoosh index that is read by snapshots, also during commits."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.index import EmptyIndexError

from searcher.article import Article
from searcher.columnar.arrays import Floats, Ints
from searcher.columnar.columns import Values
from searcher.columnar.constants import MEMORY
from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.files.storage import SyncedStorage, open_index
from searcher.columnar.searching.collector import Found
from searcher.columnar.searching.conditions import Occurs
from searcher.columnar.searching.distributions import count_values
from searcher.columnar.searching.grouping import search as collect
from searcher.columnar.searching.leaf import IndexLeaf
from searcher.columnar.searching.narrowing import nothing_found
from searcher.columnar.searching.sets import Documents
from searcher.columnar.searching.view import OtherCodec, View
from searcher.columnar.whoosh_private import latest_generation, segments_of
from searcher.columnar.writing.tiers import choose
from searcher.engine import resembling
from searcher.engine.base import BUDGET_SPENT
from searcher.engine.capabilities import EVERY, Capability
from searcher.engine.common_words import CommonWords
from searcher.engine.explain import score_parts
from searcher.engine.keeping import KeepingNewest, SharedSnapshot
from searcher.engine.places import Place, Printed, Story
from searcher.engine.plan import Plan
from searcher.engine.planner import make_plan
from searcher.engine.protocol import Prepared
from searcher.engine.searches import Listed, Listing, Ranking, Search
from searcher.engine.stored import unpack, unpack_any
from searcher.engine.terms import TEXT
from searcher.engine.translate import FACET_VALUES, clauses, output, rescoring
from searcher.engine.vocabulary import IndexVocabulary
from searcher.engine.whoosh_places import WhooshPlaces
from searcher.engine.whoosh_schema import ARTICLE, KEY, outdated, wanted_format
from searcher.errors import IndexDamaged, IndexMissing, IndexOutdated
from searcher.query.tree import Group, Query
from searcher.text.sketches import Sketch

if TYPE_CHECKING:
    from searcher.columnar.writing.inverter import TextInverter
    from searcher.engine.whoosh_writer import WhooshWriter

_OPEN_SECONDS = 5.0
"""Maximum number of seconds in which opening is retried. A commit removes the files of the previous
state, also while they are being opened."""

_PAUSE = 0.02
"""Seconds between two attempts to open."""

_COARSE = 3_000_000_000
"""Nanoseconds. A folder that changed less long ago is listed again, because file systems keep times
in steps of up to two seconds: another commit may have the same time. An older one has no new commit
as long as its time stays, which is seen in a tenth of the time of listing it."""

_READ_AT_ONCE = 1_000
"""Number of documents of a listing whose numbers become Python objects at once."""


class WhooshEngine(KeepingNewest["WhooshSnapshot"]):
    """A folder that holds a Whoosh index."""

    def __init__(self, folder: Path, memory: int = MEMORY, jobs: int = 1) -> None:
        """
        folder: the folder of the index.
        memory: maximum memory of a writer, in bytes.
        jobs: number of processes of a writer.
        """
        super().__init__()
        self.folder = folder
        self._memory = memory
        self._jobs = jobs
        self._storage = SyncedStorage(str(folder))
        # The time of the folder when it was last listed; 0 if it may have changed since.
        self._unchanged_since = 0
        # The words that quick writers met, analysed; a writer has the lock of the index meanwhile.
        self._inverters: dict[str, TextInverter] = {}

    @property
    def capabilities(self) -> frozenset[Capability]:
        return EVERY

    @property
    def where(self) -> str:
        return str(self.folder)

    def stored_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def exists(self) -> bool:
        return self._generation() >= 0

    def _generation(self) -> int:
        return latest_generation(self._storage)

    def _is_newest(self, snapshot: WhooshSnapshot, for_others: bool) -> bool:
        # Others trust this for a second, so the folder is listed for them.
        if for_others:
            return snapshot.generation == self._generation()
        try:
            changed = os.stat(self.folder).st_mtime_ns
        except OSError:
            changed = 0
        if changed and changed == self._unchanged_since:
            return True
        newest = snapshot.generation == self._generation()
        is_settled = changed + _COARSE < time.time_ns()
        self._unchanged_since = changed if newest and is_settled else 0
        return newest

    def stored_articles(self) -> Iterator[Article]:
        with self._open(any_format=True) as snapshot:
            yield from snapshot.articles(unpack_any)

    def _open(self, any_format: bool = False) -> WhooshSnapshot:
        deadline = time.monotonic() + _OPEN_SECONDS
        while True:
            try:
                generation = self._generation()
                if generation < 0:
                    raise IndexMissing(
                        f"there is no index in {self.folder}; “searcher index” makes one"
                    )
                index = open_index(self._storage)
                if (found := outdated(index.schema)) and not any_format:
                    raise IndexOutdated(self.folder, found, wanted_format())
                return WhooshSnapshot(index.reader(), generation, self.folder)
            except (OSError, EmptyIndexError) as error:
                if time.monotonic() > deadline:
                    raise IndexDamaged(
                        f"the index in {self.folder} cannot be opened: {error}"
                    ) from error
                time.sleep(_PAUSE)
            except OtherCodec as error:
                found = "has segments of another codec"
                raise IndexOutdated(self.folder, found, wanted_format()) from error
            except FileDamaged as error:
                raise IndexDamaged(f"{error}; “searcher reindex” rebuilds the index") from error

    @property
    def prepare(self) -> Callable[[Article], Prepared]:
        from searcher.engine.whoosh_writer import prepared

        return prepared

    def writer(self, wait: float = 10.0, afresh: bool = False, quick: bool = False) -> WhooshWriter:
        # Searching needs none of what writing imports, which takes longer than a search.
        from searcher.engine.whoosh_writer import WhooshWriter

        return WhooshWriter(
            self._storage,
            self.folder,
            wait,
            afresh,
            quick,
            self._memory,
            self._jobs,
            self._inverters,
        )

    def is_untidy(self, quick: bool = False) -> bool:
        with _reading():
            return self.exists() and bool(choose(segments_of(open_index(self._storage)), quick))


class WhooshSnapshot(SharedSnapshot):
    """One generation of the index."""

    def __init__(self, reader: Any, generation: int, folder: Path) -> None:
        """
        reader: Whoosh's reader of the index.
        generation: the number of the commit.
        folder: the folder of the index, for messages.
        """
        super().__init__()
        self.generation = generation
        self._folder = folder
        self._reader = reader
        self._view = View(reader, TEXT)
        self.vocabulary = IndexVocabulary(self._view)
        self._places = WhooshPlaces(self._view, self._stored)
        self._facets: dict[str, dict[str, int]] = {}

    def release(self) -> None:
        self._reader.close()

    @property
    def count(self) -> int:
        return self._view.live_count

    @cached_property
    def _words(self) -> CommonWords:
        return CommonWords(self.facet("language"), self.vocabulary)

    def facet(self, name: str) -> dict[str, int]:
        if name not in self._facets:
            view, values = self._view, FACET_VALUES[name]
            mask = view.live if view.live is not None else np.ones(view.count, np.bool_)
            with _reading():
                counts = count_values(view, Documents(view.count, mask=mask), [values])
            self._facets[name] = counts[values]
        return dict(self._facets[name])

    def search(self, search: Search) -> Ranking:
        with _reading():
            plan, found = self._found(search)
            ranked = tuple((self._stored(number), score) for number, score in found.ranked)
            stories = self._places.numbers([number for number, _ in found.ranked])
        return replace(_ranking(search, plan, found), ranked=ranked, stories=tuple(stories))

    def listing(self, search: Search) -> Listing:
        whole = replace(search, limit=self.count, totals=True, facets=(), since=(), explain=False)
        with _reading():
            plan, found = self._found(whole, leads=True)
        counted = found.totals.groups if search.by_story else found.totals.counted
        found.ranked = found.ranked[: max(0, counted - search.offset)]
        numbers = np.array([number for number, _ in found.ranked], np.int64)
        scores = np.array([score for _, score in found.ranked])
        found.ranked = []
        return Listing(
            _ranking(whole, plan, found),
            len(numbers),
            self._listed(numbers, scores),
            not found.cut_short,
        )

    def _listed(self, numbers: Ints, scores: Floats) -> Iterator[Listed]:
        """Yield documents as articles, each with its score."""
        with _reading():
            for start in range(0, len(numbers), _READ_AT_ONCE):
                some = slice(start, start + _READ_AT_ONCE)
                for number, score in zip(
                    numbers[some].tolist(), scores[some].tolist(), strict=True
                ):
                    yield Listed(self._stored(number), score, self._places.place(number))

    def _found(self, search: Search, leads: bool = False) -> tuple[Plan, Found]:
        """Return the plan of a search, and the documents that it finds.

        leads: whether articles that count come before all others in any case.
        """
        deadline = time.monotonic() + search.seconds if search.seconds is not None else None
        plan = make_plan(search.query, self._words, deadline)
        if leads:
            plan = replace(plan, leads=True)
        if plan.is_empty:
            nothing: dict[Values, dict[str, int]] = {
                FACET_VALUES[name]: {} for name in search.facets
            }
            totals, none = nothing_found(output(search)), (0,) * len(search.since)
            return plan, Found([], totals=totals, counts=nothing, since=none)
        return plan, collect(
            self._view,
            clauses(plan),
            output(search),
            deadline,
            rescoring(plan, search.half_life),
            search.explain,
        )

    def best(self, query: Query, limit: int, dependence: bool = True) -> list[tuple[int, float]]:
        """Return the best articles as numbers of this generation, with their scores, unread.

        dependence: whether to use more than the scores of single words. Raises IndexDamaged.
        """
        with _reading():
            plan = make_plan(query, self._words)
            asked = output(Search(query, limit=limit, totals=False))
            more = rescoring(plan, None) if dependence else None
            return collect(self._view, clauses(plan), asked, None, more).ranked

    def _stored(self, number: int) -> Article:
        return self._unpacked(self._view.stored(number)[ARTICLE])

    def _unpacked(self, stored: Any, read: Callable[[Any], Article] = unpack) -> Article:
        """Return a stored article. Raises IndexOutdated if another version stored it."""
        try:
            return read(stored)
        except ValueError as error:
            found = f"was written by another version ({error})"
            raise IndexOutdated(self._folder, found, wanted_format()) from error

    def article(self, article_id: str) -> Article | None:
        with _reading():
            number = self._number(article_id)
            return self._stored(number) if number is not None else None

    def _number(self, article_id: str) -> int | None:
        """Return the number of the document of an article; None if there is no such article."""
        found = IndexLeaf(
            self._view,
            Occurs(KEY, ((frozenset((article_id.encode("utf-8", "replace"),)),),)),
            None,
        )
        return int(found.documents[0]) if len(found.documents) else None

    def resembling(self, sketch: Sketch, limit: int) -> list[Article]:
        with _reading():
            return [self._stored(one) for one in resembling.in_view(self._view, sketch, limit)]

    def place(self, article_id: str) -> Place | None:
        with _reading():
            number = self._number(article_id)
            return self._places.place(number) if number is not None else None

    def unplaced(self, count: int) -> list[Article]:
        with _reading():
            return self._places.unplaced(count)

    def stories(
        self, numbers: Iterable[int], limit: int, least: int = 1, *, once: bool = False
    ) -> dict[int, Story]:
        with _reading():
            return self._places.stories(numbers, limit, least, once)

    def printed(self, least: int, limit: int) -> list[Printed]:
        with _reading():
            return self._places.printed(least, limit)

    @property
    def last_number(self) -> int:
        with _reading():
            return self._places.last_number

    def first_of(self, plan: Plan, limit: int) -> list[tuple[str, float]]:
        with _reading():
            asked = clauses(plan)
            page = output(Search(Query("", Group(())), limit=limit, totals=False))
            ranked = collect(self._view, asked, page, None).ranked
            ids = self._view.keys(KEY, [document for document, _ in ranked])
            return [(one.decode(), score) for one, (_, score) in zip(ids, ranked, strict=True)]

    def articles(self, read: Callable[[Any], Article] = unpack) -> Iterator[Article]:
        """Yield all articles. read: makes an article of its stored form."""
        with _reading():
            for part in self._view.parts:
                for number, fields in enumerate(part.opened.stored.all()):
                    if part.live is None or part.live[number]:
                        yield self._unpacked(fields[ARTICLE], read)

    def check(self) -> Iterator[str]:
        # As for writing.
        from searcher.engine.whoosh_check import check_view

        return check_view(self._view)


def _ranking(search: Search, plan: Plan, found: Found) -> Ranking:
    """Return the result of a search without its articles."""
    return Ranking(
        total=found.totals.counted,
        total_some=found.totals.some,
        total_all=found.totals.every,
        total_stories=found.totals.groups,
        total_copies=found.totals.repeated,
        entries=found.totals.entries,
        mixed=plan.mixes(search.sort),
        patterns=tuple(plan.patterns(scoring_only=True)),
        warnings=plan.warnings + ((BUDGET_SPENT,) if found.cut_short else ()),
        facets={name: found.counts[FACET_VALUES[name]] for name in search.facets},
        since=found.since,
        also=plan.also,
        common=plan.common,
        parts=tuple(score_parts(plan.names, one.clauses, one.gains) for one in found.explanations),
    )


@contextmanager
def _reading() -> Iterator[None]:
    """Raise IndexDamaged for FileDamaged, where segments are read."""
    try:
        yield
    except FileDamaged as error:
        raise IndexDamaged(f"{error}; “searcher check” says what else is") from error
