"""Taking articles in, under the lock: what a file gives is compared with what the index holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from itertools import groupby
from operator import itemgetter
from types import TracebackType

from searcher.article import Article, Rejected
from searcher.engine.protocol import Engine, Writer
from searcher.errors import UnreadableFile
from searcher.indexing.catalogue import Catalogue, Held
from searcher.indexing.report import Progress, Report
from searcher.indexing.succession import Succession
from searcher.reading.archive_format import is_archive
from searcher.reading.articles import Step, read_articles
from searcher.reading.raw_store import RawFile, RawStore

Witness = Callable[[Sequence[Article]], None]

BATCH = 50_000
"""Articles after which a long run commits what it has."""
_PROBLEMS_KEPT = 20


class Decision(Enum):
    """What becomes of an article that was read."""

    ADD = "add"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    OLDER = "older"


def decide(
    new: Held, stored: Held | None, earlier: Held | None, stored_file_exists: bool
) -> Decision:
    """What becomes of `new`, when the index holds `stored` and this file gave `earlier` with the
    same id before.

    A page that was fetched stays, for it has versions, whatever other files say of the same
    address. The latest version wins; of equal ones the later part of a file, else the file whose
    name comes first. A file that gives an article anew always replaces its own, and one that is
    gone defends nothing.
    """
    if stored is None:
        return Decision.ADD
    if is_archive(stored.file) and stored_file_exists:
        return Decision.UPDATE if stored.partial else Decision.OLDER
    own = stored.file == new.file
    if stored.hash == new.hash and (own or stored_file_exists):
        return Decision.UNCHANGED
    if (earlier or not own) and stored_file_exists and not is_newer(new, stored):
        return Decision.OLDER
    return Decision.UPDATE


def is_newer(first: Held, second: Held) -> bool:
    """Whether `first` is the version to keep of the two."""
    times = [
        held.version if held.version is not None else float("-inf") for held in (first, second)
    ]
    if times[0] != times[1]:
        return times[0] > times[1]
    return first.part > second.part if first.file == second.file else first.file < second.file


class Intake:
    """One run under the writer's lock. As a context manager it commits index and catalogue in step,
    or neither."""

    def __init__(
        self,
        engine: Engine,
        catalogue: Catalogue,
        store: RawStore,
        report: Report,
        progress: Progress,
        now: datetime,
        wait: float,
        afresh: bool,
        jobs: int,
        witness: Witness | None = None,
        quick: bool = False,
    ) -> None:
        """witness: told of fetched articles that are news before they are committed. quick: as for
        Engine.writer."""
        self._engine = engine
        self._catalogue = catalogue
        self._store = store
        self._report = report
        self._progress = progress
        self._now = now
        self._wait = wait
        self._afresh = afresh
        self._jobs = jobs
        self._witness = witness
        self._quick = quick
        self._news: list[Article] = []
        self._succession = Succession(engine, catalogue)
        self._pending = 0
        self._dropped: set[str] = set()
        self.incomplete: set[str] = set()
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

    def _begin(self) -> None:
        self._writer = self._engine.writer(self._wait, self._afresh, self._quick)
        if self._afresh:
            self._catalogue.begin_anew()
            return
        with self._engine.snapshot() as snapshot:
            self._catalogue.begin(snapshot.generation, snapshot.articles())

    def _commit(self) -> None:
        if self._witness and self._news:
            self._witness(self._news)
            self._news = []
        writer, self._writer = self._writer, None
        assert writer is not None
        self._catalogue.commit(writer.commit())

    def _close(self) -> None:
        try:
            if self._writer is not None:
                self._writer.cancel()
        finally:
            self._catalogue.close()

    def _checkpoint(self) -> None:
        """Commits a full batch; a rebuild swaps in everything at once, so it has none."""
        if self._pending >= BATCH and not self._afresh:
            self._pending = 0
            self._commit()
            self._begin()

    def read_all(self, files: Iterable[RawFile]) -> None:
        """Reads the files, and after them those that also give an article which went with a changed
        file."""
        queue = list(files)
        seen = {file.name for file in queue}
        while queue:
            steps = read_articles(queue, self._now, self._jobs, self._progress.read)
            for file, group in groupby(steps, key=itemgetter(0)):
                self._read(file, (step for _, step in group))
            queue = [file for file in self._heirs() if file.name not in seen]
            seen.update(file.name for file in queue)

    def _heirs(self) -> list[RawFile]:
        """The files that give an article which was dropped."""
        names = {
            name for article_id in self._dropped for name in self._catalogue.claimants(article_id)
        }
        self._dropped.clear()
        paths = [self._store.path_of(name) for name in sorted(names)]
        return [file for file in self._store.files(paths) if isinstance(file, RawFile)]

    def _read(self, file: RawFile, steps: Iterable[Step]) -> None:
        """Takes in what one file gave. If it changed, the articles that it no longer gives and that
        have no other name go."""
        seen: dict[str, Held] = {}
        problems: list[str] = []
        added: list[Held] = []
        waiting: dict[str, Article] = {}
        end = None
        for step in steps:
            if isinstance(step, Article):
                if file.is_archive:
                    self._take_fetched(step, seen)
                else:
                    self._take(step, seen, added, waiting)
                self._checkpoint()
            elif isinstance(step, (Rejected, UnreadableFile)):
                problems.append(str(step))
            else:
                end = step.at
        for article in waiting.values():
            self._put(article, Held.of(article), Decision.UPDATE, added)
        self._report.skipped.extend(problems)
        if file.is_archive:
            # It only grows, so that what it gave it gives still.
            problems = [*self._catalogue.problems(file.name), *problems] if file.start else problems
            self._catalogue.claim_more(file.name, seen)
        elif end is not None:
            self._catalogue.claim(file.name, seen)
            held = self._catalogue.held_from(file.name)
            self._drop(
                [old for old in held if old.anonymous and old.id not in seen], replaced_by=added
            )
        else:
            self._catalogue.claim_more(file.name, seen)
            self.incomplete.add(file.name)
        if end is None:
            # An archive that could not be read on is tried again from there.
            end = file.start if file.is_archive else file.size
        self._catalogue.record(file, problems[:_PROBLEMS_KEPT], end)

    def _take(
        self,
        article: Article,
        seen: dict[str, Held],
        added: list[Held],
        waiting: dict[str, Article],
    ) -> None:
        """Deals with one article; `seen` and `added` are what its file gave before it, and what of
        that was new.

        An older version stands before the one that the index holds from the same file: it is kept
        `waiting`, in case the later one is no longer there.
        """
        new = Held.of(article)
        earlier, stored = seen.get(new.id), self._catalogue.held(new.id)
        if earlier is None or is_newer(new, earlier):
            seen[new.id] = new
        decision = decide(
            new, stored, earlier, stored is not None and self._store.path_of(stored.file).exists()
        )
        self._progress.article()
        if decision is Decision.UPDATE and stored and stored.file == new.file and earlier is None:
            if stored.part > new.part and not is_newer(new, stored):
                waiting[new.id] = article
                return
        elif waiting.pop(new.id, None):
            self._report.older += 1
            earlier = None
        if decision in (Decision.UNCHANGED, Decision.OLDER):
            self._report.older += decision is Decision.OLDER
            self._report.unchanged += decision is Decision.UNCHANGED and earlier is None
        else:
            self._put(article, new, decision, added)

    def _take_fetched(self, article: Article, seen: dict[str, Held]) -> None:
        """Deals with one article of an archive, whose later parts are later in time."""
        self._progress.article()
        settled = self._succession.settle(article)
        article = settled.article
        seen[article.id] = held = Held.of(article)
        if settled.is_known:
            self._report.unchanged += 1
            return
        is_first = self._catalogue.held(article.id) is None and not settled.takes_over
        for article_id in settled.takes_over:
            assert self._writer is not None
            self._writer.delete(article_id)
            self._catalogue.release(article_id)
        self._news = [one for one in self._news if one.id not in settled.takes_over]
        self._put(article, held, Decision.ADD if is_first else Decision.UPDATE, [])
        self._succession.keep(article)
        if settled.is_news and self._witness:
            self._news.append(article)

    def _put(self, article: Article, held: Held, decision: Decision, added: list[Held]) -> None:
        assert self._writer is not None
        self._writer.add(article)
        self._catalogue.hold(held)
        self._pending += 1
        if decision is Decision.ADD:
            self._report.added += 1
            added.append(held)
        else:
            self._report.updated += 1

    def keep(self, article: Article) -> None:
        """Takes an article over as it was, unless another file gave it by now."""
        if self._catalogue.held(article.id) is None:
            self._put(article, Held.of(article), Decision.ADD, [])
            self._catalogue.claim_more(article.origin.file, [article.id])

    def _drop(self, lost: Sequence[Held], replaced_by: Sequence[Held] = ()) -> None:
        """Removes articles. As many of them as the same file gave anew, known by their content
        alone, were updated."""
        assert self._writer is not None
        for held in lost:
            self._writer.delete(held.id)
            self._catalogue.release(held.id)
            self._dropped.add(held.id)
        paired = min(len(lost), sum(held.anonymous for held in replaced_by))
        self._report.added -= paired
        self._report.updated += paired
        self._report.removed += len(lost) - paired

    def prune(self) -> None:
        """Removes articles whose file is gone or no longer gives them, unless another file does."""
        for name in self._catalogue.files():
            if not self._store.path_of(name).exists():
                self._catalogue.forget(name)
        added = self._report.added
        self._drop(list(self._catalogue.unclaimed()))
        self.read_all(self._heirs())
        # What another file gave again was neither removed nor added.
        self._report.removed -= self._report.added - added
        self._report.added = added
