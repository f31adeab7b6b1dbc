"""The only write path: from files to a committed index."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from searcher.catalogue import Catalogue
from searcher.clock import SystemClock
from searcher.errors import IndexDamaged
from searcher.errors import SourceMissing
from searcher.errors import UnreadableFile
from searcher.intake import Intake
from searcher.protocols import Clock
from searcher.protocols import Engine
from searcher.raw_store import RawFile
from searcher.raw_store import RawStore
from searcher.report import Progress
from searcher.report import Report


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
        with self._intake(report) as intake:
            intake.read_all(changed)
            if prune:
                intake.prune()
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
        with self._intake(report, afresh=True) as intake:
            intake.read_all(files)
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
            with self._engine.snapshot() as snapshot:
                return sorted({article.origin.file for article in snapshot.articles()})
        except IndexDamaged:
            return []

    def _generation(self) -> int:
        with self._engine.snapshot() as snapshot:
            return snapshot.generation

    def _catalogue(self) -> Catalogue:
        self._folder.mkdir(parents=True, exist_ok=True)
        return Catalogue(self._folder)

    def _intake(self, report: Report, afresh: bool = False) -> Intake:
        now = self._clock.now()
        return Intake(self._engine, self._catalogue(), self._store, report, self._progress, now, self._wait, afresh)
