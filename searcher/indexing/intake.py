"""One run under the writer's lock: decisions are made elsewhere, and applied here, nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from types import TracebackType

from searcher import kernels
from searcher.article import Article, Rejected
from searcher.engine.places import UNPLACED
from searcher.engine.protocol import Engine, Prepared, Writer
from searcher.errors import UnreadableFile
from searcher.indexing.catalogue import Catalogue
from searcher.indexing.file_intake import (
    Arrival,
    Change,
    FileIntake,
    FileOutcome,
    Outcome,
    arrival_of,
)
from searcher.indexing.identity import IdentityResolver
from searcher.indexing.report import Progress, Report, pruned
from searcher.reading.articles import read_articles, read_version
from searcher.reading.raw_store import RawFile, RawStore
from searcher.reading.steps import Step

OnNews = Callable[[Sequence[Article]], None]
"""Called with fetched articles that are news, before they are committed."""

BATCH = 50_000
"""Number of changes after which a long run commits. Larger loses more work to a crash, and holds
more of the catalogue's changes in one transaction."""

_BYTES_FOR_KERNELS = 2 << 20
"""Bytes of files that are read with kernels. To load kernels takes .4 s of a processor; they save
that in about this many bytes. Smaller delays the commits of a few articles."""

_LARGEST = 500
"""Maximum number of articles of a story that are placed anew when one of them changes. Larger keeps
the next articles waiting: about 2 s for these."""

_PROBLEMS_KEPT = 20
"""Maximum number of problems of a file that the catalogue keeps, to repeat them in later runs."""


@dataclass(frozen=True, slots=True)
class Run:
    """The options of one run."""

    now: datetime
    """The moment of indexing."""

    wait: float = 10.0
    """Maximum time to wait for the writer's lock, in seconds."""

    jobs: int = 1
    """Number of processes that normalise articles."""

    afresh: bool = False
    """Whether the index is written anew, and replaces the old one with a single commit."""

    quick: bool = False
    """Whether long merges are left to a later commit, as for Engine.writer."""


class Intake:
    """A run, as a context manager: index and catalogue are committed together, or neither is."""

    def __init__(
        self,
        engine: Engine,
        catalogue: Catalogue,
        store: RawStore,
        run: Run,
        progress: Progress,
        on_news: OnNews | None = None,
    ) -> None:
        """Prepare a run; entering the context opens the writer. The catalogue is closed by it."""
        self._engine = engine
        self._catalogue = catalogue
        self._store = store
        self._run = run
        self._progress = progress
        self._on_news = on_news
        self._identity = IdentityResolver(engine, catalogue, self._read_again)
        self._news: list[Article] = []
        self._pending = 0
        self._changed: set[str] = set()
        self._writer: Writer | None = None

    def __enter__(self) -> Intake:
        try:
            self._begin()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            self._close()

    def read_all(self, files: Iterable[RawFile]) -> Outcome:
        """Read files; after them, the files that also give an article which one of them dropped."""
        queue = list(files)
        if sum(file.size - file.start for file in queue) >= _BYTES_FOR_KERNELS:
            kernels.load()
        queued = {file.name for file in queue}
        reports: list[Report] = []
        incomplete: set[str] = set()
        finish = partial(arrival_of, self._engine.prepare)
        while queue:
            dropped: list[str] = []
            steps = read_articles(queue, self._run.now, self._run.jobs, self._progress.read, finish)
            for file, group in groupby(steps, key=itemgetter(0)):
                outcome = self._read(file, (step for _, step in group))
                reports.append(outcome.report)
                dropped += outcome.dropped
                incomplete |= {file.name} if outcome.is_incomplete else set()
            queue = [file for file in self._files_giving(dropped) if file.name not in queued]
            queued.update(file.name for file in queue)
        return Outcome(Report.total(reports), frozenset(incomplete))

    def prune(self) -> Report:
        """Remove articles whose file is gone or no longer gives them, unless another file does."""
        for name in self._catalogue.files():
            if not self._store.path_of(name).exists():
                self._catalogue.forget(name)
        lost = [held.id for held in self._catalogue.unclaimed()]
        self._drop(lost)
        return pruned(len(lost), self.read_all(self._files_giving(lost)).report)

    def keep(self, article: Article) -> Report:
        """Write an article of the old index as it was, unless a file has given it by now."""
        if self._catalogue.held(article.id) is not None:
            return Report()
        change = Change.of(article, is_new=True)
        self._apply(change)
        self._catalogue.claim_more(article.origin.file, [article.id])
        return change.report

    def gone(self, article: Article) -> Report:
        """Return the report of an article of the old index whose file is gone: it was removed,
        unless a file has given it by now."""
        return Report(removed=int(self._catalogue.held(article.id) is None))

    def _read(self, file: RawFile, steps: Iterable[Step]) -> FileOutcome:
        """Read one file: decide about each article, and apply the decision before the next one."""
        intake = FileIntake(file.name)
        end = None
        for step in steps:
            if isinstance(step, (Article, Arrival)):
                change = self._decided(intake, step)
                if change is not None:
                    self._apply(change)
                self._progress.article()
                self._checkpoint()
            elif isinstance(step, (Rejected, UnreadableFile)):
                intake.problem(str(step))
            else:
                end = step.at
        for change in intake.remaining():
            self._apply(change)
        stored = [] if file.is_archive else self._catalogue.held_from(file.name)
        outcome = intake.outcome(end, stored)
        self._record(file, outcome)
        return outcome

    def _decided(self, intake: FileIntake, step: Article | Arrival) -> Change | None:
        """Return the change for an article, of an archive if it is not an Arrival, by the values
        that the catalogue has of it."""
        if isinstance(step, Article):
            resolution = self._identity.resolve(step)
            is_new = self._catalogue.held(resolution.article.id) is None
            return intake.fetched(resolution.article, resolution.change(is_new))
        stored = self._catalogue.held(step.held.id)
        exists = stored is not None and self._store.path_of(stored.file).exists()
        return intake.article(step, stored, exists)

    def _read_again(self, article: Article) -> Article | None:
        """Return the last version of an article as its archive has it; None if it has it no
        more."""
        version = article.versions[-1]
        file = next(self._store.files([self._store.path_of(version.origin.file)]), None)
        return read_version(file, version, self._run.now) if isinstance(file, RawFile) else None

    def _files_giving(self, ids: Iterable[str]) -> list[RawFile]:
        """Return the files that give one of these articles."""
        names = {name for one in ids for name in self._catalogue.claimants(one)}
        paths = [self._store.path_of(name) for name in sorted(names)]
        return [file for file in self._store.files(paths) if isinstance(file, RawFile)]

    # What follows is all that changes the index and the catalogue.

    def _begin(self) -> None:
        self._writer = self._engine.writer(self._run.wait, self._run.afresh, self._run.quick)
        if self._run.afresh:
            self._catalogue.begin_anew()
            return
        with self._engine.snapshot() as snapshot:
            self._catalogue.begin(snapshot.generation, snapshot.articles())

    def _commit(self) -> None:
        if self._on_news and self._news:
            self._on_news(self._news)
            self._news = []
        writer, self._writer = self._writer, None
        assert writer is not None
        self._take_places(writer)
        self._catalogue.commit(writer.commit())

    def _take_places(self, writer: Writer) -> None:
        """Take from articles their places in a story of which an article was changed or deleted: it
        may have held the others together."""
        if not self._changed or self._run.afresh:
            return
        with self._engine.snapshot() as snapshot:
            held = [place.story for one in self._changed if (place := snapshot.place(one))]
            stories = snapshot.stories(set(held), _LARGEST + 1, least=2)
        for story in stories.values():
            for member in story.members if story.size <= _LARGEST else ():
                writer.place(member.article.id, UNPLACED)
        self._changed.clear()

    def _checkpoint(self) -> None:
        """Commit a full batch. A rebuild replaces the index with one commit, so it has none."""
        if self._pending >= BATCH and not self._run.afresh:
            self._pending = 0
            self._commit()
            self._begin()

    def _apply(self, change: Change) -> None:
        """Write a change to the index and to the catalogue."""
        assert self._writer is not None
        if change.replaces:
            self._drop(change.replaces)
            self._news = [one for one in self._news if one.id not in change.replaces]
        self._writer.add(change.article)
        if not change.is_new:
            self._changed.add(change.held.id)
        self._catalogue.hold(change.held)
        self._pending += 1
        if isinstance(change.article, Prepared):
            return
        if change.article.versions:  # It was fetched.
            self._identity.keep(change.article)
        if change.is_news and self._on_news:
            self._news.append(change.article)

    def _drop(self, ids: Iterable[str]) -> None:
        """Delete articles from the index and from the catalogue."""
        assert self._writer is not None
        for article_id in ids:
            self._writer.delete(article_id)
            self._changed.add(article_id)
            self._catalogue.release(article_id)

    def _record(self, file: RawFile, outcome: FileOutcome) -> None:
        """Write to the catalogue what a file gave, and delete what it no longer gives."""
        problems = outcome.report.skipped
        if outcome.end is None or file.is_archive:
            self._catalogue.claim_more(file.name, outcome.ids)
        else:
            self._catalogue.claim(file.name, outcome.ids)
        self._drop(outcome.dropped)
        if file.is_archive and file.start:
            problems = (*self._catalogue.problems(file.name), *problems)
        # An archive that could not be read to its end is tried again from where it was begun.
        unread = file.start if file.is_archive else file.size
        end = outcome.end if outcome.end is not None else unread
        self._catalogue.record(file, problems[:_PROBLEMS_KEPT], end)

    def _close(self) -> None:
        try:
            if self._writer is not None:
                self._writer.cancel()
        finally:
            self._catalogue.close()
