"""The only write path: from files to a committed index."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path

from searcher.article import Article
from searcher.article import Document
from searcher.article import Rejected
from searcher.catalogue import Catalogue
from searcher.catalogue import Held
from searcher.clock import SystemClock
from searcher.errors import IndexDamaged
from searcher.errors import SourceMissing
from searcher.errors import UnreadableFile
from searcher.normalise import normalise
from searcher.protocols import Clock
from searcher.protocols import Engine
from searcher.protocols import Writer
from searcher.raw_store import RawFile
from searcher.raw_store import RawStore
from searcher.sources import read_documents

BATCH = 50_000
"""Articles after which a long run commits what it has."""
_PROBLEMS_SHOWN = 20


@dataclass(slots=True)
class Report:
    """What a run did, in articles; `skipped` are files or parts of files, each with its reason."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    removed: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.added + self.updated + self.unchanged + self.older


class Progress:
    """Told how a run gets on; this one keeps quiet."""

    def start(self, size: int) -> None:
        """The run will read `size` bytes."""

    def read(self, size: int) -> None:
        """So many more bytes were read."""

    def article(self) -> None:
        """One more article was dealt with."""

    def finish(self) -> None:
        """The run is over."""


class Indexer:
    """Brings an index up to date with files. One run at a time; the engine's lock keeps other processes out."""

    def __init__(
        self,
        engine: Engine,
        store: RawStore,
        folder: Path,
        clock: Clock | None = None,
        progress: Progress | None = None,
        wait: float = 10.0,
    ) -> None:
        self._engine = engine
        self._store = store
        self._folder = folder
        self._clock = clock or SystemClock()
        self._progress = progress or Progress()
        self._wait = wait

    def update(self, paths: Sequence[Path], prune: bool = False) -> Report:
        """Indexes what is new or changed in `paths`; with `prune` removes articles whose file no longer gives them.

        A file that cannot be read is skipped, and articles that came from it before stay. Raises IndexLocked,
        IndexDamaged or WriteFailed; what was committed until then stays.
        """
        report = Report()
        changed = self._changed(paths, report)
        if not changed and not prune and self._engine.exists():
            return report
        self._progress.start(sum(file.size for file in changed))
        with _Run(self, report) as run:
            run.read_all(changed)
            if prune:
                run.prune()
        self._progress.finish()
        return report

    def rebuild(self) -> Report:
        """Builds the index anew from raw/ and the other files known to it, then swaps it in with one commit.

        Raises SourceMissing when files outside raw/, or raw/ itself, are gone: their articles would be lost.
        """
        report = Report()
        known = self._known_files()
        outside = [name for name in known if Path(name).is_absolute()]
        missing = [name for name in outside if not Path(name).exists()]
        if not self._store.root.is_dir() and any(not Path(name).is_absolute() for name in known):
            missing.append(str(self._store.root))
        if missing:
            shown = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
            raise SourceMissing(f"gone since they were indexed: {shown}; “searcher index --prune” drops their articles")
        paths = [*([self._store.root] if self._store.root.is_dir() else []), *(Path(name) for name in outside)]
        files = list(self._readable(paths, report))
        self._progress.start(sum(file.size for file in files))
        with _Run(self, report, afresh=True) as run:
            run.read_all(files)
        self._progress.finish()
        return report

    def _changed(self, paths: Sequence[Path], report: Report) -> list[RawFile]:
        """The files to read. For the others, the report counts what they gave before."""
        with self._catalogue() as catalogue:
            if not self._engine.exists() or catalogue.generation != self._generation():
                return list(self._readable(paths, report))
            changed = []
            for file in self._readable(paths, report):
                if catalogue.is_unchanged(file):
                    report.unchanged += catalogue.claimed(file.name)
                    report.skipped.extend(catalogue.problems(file.name))
                else:
                    changed.append(file)
            return changed

    def _readable(self, paths: Sequence[Path], report: Report) -> Iterator[RawFile]:
        for file in self._store.files(paths):
            if isinstance(file, UnreadableFile):
                report.skipped.append(str(file))
            else:
                yield file

    def _known_files(self) -> list[str]:
        if not self._engine.exists():
            return []
        try:
            with self._catalogue() as catalogue:
                if catalogue.generation == self._generation():
                    return catalogue.files()
            with self._snapshot_articles() as articles:
                return sorted({article.origin.file for article in articles})
        except IndexDamaged:
            return []

    def _generation(self) -> int:
        snapshot = self._engine.snapshot()
        try:
            return snapshot.generation
        finally:
            snapshot.close()

    @contextmanager
    def _snapshot_articles(self) -> Iterator[Iterator[Article]]:
        snapshot = self._engine.snapshot()
        try:
            yield snapshot.articles()
        finally:
            snapshot.close()

    def _catalogue(self) -> Catalogue:
        self._folder.mkdir(parents=True, exist_ok=True)
        return Catalogue(self._folder)


class _Run:
    """One run under the lock: reads files, decides for each article, and commits index and catalogue in step."""

    def __init__(self, indexer: Indexer, report: Report, afresh: bool = False) -> None:
        self._indexer = indexer
        self._report = report
        self._afresh = afresh
        self._pending = 0
        self._removed: dict[str, Held] = {}
        self._catalogue = indexer._catalogue()
        try:
            self._writer: Writer = indexer._engine.writer(indexer._wait, afresh)
        except BaseException:
            self._catalogue.close()
            raise

    def __enter__(self) -> _Run:
        try:
            self._begin()
        except BaseException:
            self._abandon()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._catalogue.commit(self._writer.commit())
            else:
                self._writer.cancel()
        finally:
            self._catalogue.close()

    def _abandon(self) -> None:
        self._writer.cancel()
        self._catalogue.close()

    def _begin(self) -> None:
        engine = self._indexer._engine
        if self._afresh or not engine.exists():
            self._catalogue.begin(-2, ())
            return
        snapshot = engine.snapshot()
        try:
            self._catalogue.begin(snapshot.generation, snapshot.articles())
        finally:
            snapshot.close()

    def _checkpoint(self) -> None:
        """Commits a full batch; a rebuild swaps in everything at once, so it has none."""
        if self._pending < BATCH or self._afresh:
            return
        self._catalogue.commit(self._writer.commit())
        self._pending = 0
        self._writer = self._indexer._engine.writer(self._indexer._wait)
        self._begin()

    def read_all(self, files: Iterable[RawFile]) -> None:
        """Reads the files, and after them those that also give an article which went with a changed file."""
        queue = list(files)
        seen = {file.name for file in queue}
        while queue:
            for file in queue:
                self._read(file)
            queue = [file for file in self._heirs() if file.name not in seen]
            seen.update(file.name for file in queue)

    def _heirs(self) -> list[RawFile]:
        names = {name for article_id in self._removed for name in self._catalogue.claimants(article_id)}
        self._removed.clear()
        store = self._indexer._store
        return [
            file for file in store.files(store.path_of(name) for name in sorted(names)) if isinstance(file, RawFile)
        ]

    def _read(self, file: RawFile) -> None:
        """Reads one file; its articles from before that were known by their content alone go if it lost them."""
        before = {held.id: held for held in self._catalogue.held_from(file.name)}
        seen: dict[str, Held] = {}
        problems: list[str] = []
        added_anonymous = 0
        complete = False
        try:
            for document in read_documents(replace(file, on_read=self._indexer._progress.read)):
                if isinstance(document, Rejected):
                    problems.append(f"{document.origin}: {document.reason}")
                    continue
                added_anonymous += self._take(document, seen)
                self._indexer._progress.article()
                self._checkpoint()
            complete = True
        except UnreadableFile as error:
            problems.append(str(error))
        self._report.skipped.extend(problems)
        if complete:
            self._catalogue.claim(file.name, seen)
            lost = [held for held in before.values() if held.anonymous and held.id not in seen]
            self._drop(lost, replaced_by=added_anonymous)
        self._catalogue.record(file, problems[:_PROBLEMS_SHOWN])

    def _take(self, document: Document, seen: dict[str, Held]) -> bool:
        """Deals with one article; says whether it is a new one that is known by its content alone."""
        article = normalise(document, self._indexer._clock.now())
        held = Held.of(article)
        stored = self._catalogue.held(article.id)
        earlier = seen.get(article.id)
        seen[article.id] = held if earlier is None or _newer(held, earlier) else earlier
        if stored is None:
            self._report.added += 1
        elif stored.hash == held.hash and (stored.file == held.file or self._exists(stored.file)):
            self._report.unchanged += earlier is None
            return False
        elif (earlier or stored.file != held.file) and not _newer(held, stored) and self._exists(stored.file):
            self._report.older += 1
            return False
        else:
            self._report.updated += 1
        self._writer.add(article)
        self._catalogue.hold(held)
        self._pending += 1
        return stored is None and held.anonymous

    def _exists(self, file: str) -> bool:
        return self._indexer._store.path_of(file).exists()

    def _drop(self, lost: Sequence[Held], replaced_by: int = 0) -> None:
        """Removes articles; as many as came new from the same file count as updated."""
        for held in lost:
            self._writer.delete(held.id)
            self._catalogue.release(held.id)
            self._removed[held.id] = held
        paired = min(len(lost), replaced_by)
        self._report.added -= paired
        self._report.updated += paired
        self._report.removed += len(lost) - paired

    def prune(self) -> None:
        """Removes articles whose file is gone or no longer gives them, unless another file does."""
        for name in self._catalogue.files():
            if not self._exists(name):
                self._catalogue.forget(name)
        self._drop(list(self._catalogue.unclaimed()))
        removed = len(self._removed)
        added = self._report.added
        self.read_all(self._heirs())
        revived = self._report.added - added
        self._report.added = added
        self._report.removed -= min(revived, removed)


def _newer(first: Held, second: Held) -> bool:
    """Whether `first` is the version to keep: the later one; else the later part of a file; else the first file's."""
    key_first, key_second = (first.version or float("-inf")), (second.version or float("-inf"))
    if key_first != key_second:
        return key_first > key_second
    if first.file == second.file:
        return first.part > second.part
    return first.file < second.file
