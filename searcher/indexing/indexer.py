"""The only write path: from files to a committed index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from searcher.clock import Clock, SystemClock
from searcher.engine.protocol import Engine
from searcher.errors import (
    IndexDamaged,
    IndexLocked,
    IndexOutdated,
    SourceMissing,
    UnreadableFile,
    WriteFailed,
)
from searcher.indexing.catalogue import FILE_NAME, Catalogue
from searcher.indexing.intake import Intake, Witness
from searcher.indexing.report import Progress, Report
from searcher.reading.raw_store import RawFile, RawStore


class Indexer:
    """Brings an index up to date with files. One run at a time; the engine's lock keeps other
    processes out."""

    def __init__(
        self,
        engine: Engine,
        store: RawStore,
        folder: Path,
        clock: Clock | None = None,
        progress: Progress | None = None,
        wait: float = 10.0,
        jobs: int = 1,
        witness: Witness | None = None,
        quick: bool = False,
    ) -> None:
        """wait: seconds for the lock. jobs: processes that normalise. witness: told of fetched
        articles that are news, by an update and before its commit. quick: whether updates leave to
        `tidy` what takes long."""
        self._engine = engine
        self._store = store
        self._folder = folder
        self._clock = clock or SystemClock()
        self._progress = progress or Progress()
        self._wait = wait
        self._jobs = jobs
        self._witness = witness
        self._quick = quick

    def update(self, paths: Sequence[Path], prune: bool = False) -> Report:
        """Indexes what is new or changed in `paths`; with `prune` removes articles whose file no
        longer gives them.

        A file that cannot be read is skipped, and articles that came from it before stay. Raises
        IndexLocked, IndexDamaged or WriteFailed; what was committed until then stays. Raises
        SourceMissing instead of pruning against an empty raw/: that is more likely the wrong
        folder. An index of another version is rebuilt first.
        """
        try:
            return self._with_sound_catalogue(lambda: self._update(paths, prune))
        except IndexOutdated:
            rebuilt = self.rebuild()
            report = self._with_sound_catalogue(lambda: self._update(paths, prune))
            return replace(
                report,
                added=report.added + rebuilt.added,
                unchanged=report.unchanged - rebuilt.added,
            )

    def tidy(self) -> bool:
        """Does what quick updates left, if there is anything; says whether there was. Raises as
        `update`."""
        if not self._engine.is_untidy():
            return False
        with self._intake(Report(), thorough=True):
            return True

    def rebuild(self) -> Report:
        """Builds the index anew from raw/ and the other files known to it, then swaps it in with
        one commit.

        Raises SourceMissing when files outside raw/, or raw/ itself, are gone: their articles would
        be lost.
        """
        return self._with_sound_catalogue(self._rebuild)

    def _with_sound_catalogue(self, action: Callable[[], Report]) -> Report:
        """The catalogue is a cache: one that SQLite cannot read is removed, and the work begun
        again."""
        try:
            return action()
        except sqlite3.OperationalError as error:
            raise IndexLocked(f"the catalogue in {self._folder} cannot be used: {error}") from error
        except sqlite3.DatabaseError:
            (self._folder / FILE_NAME).unlink()
            return action()

    def _update(self, paths: Sequence[Path], prune: bool) -> Report:
        report = Report()
        if prune:
            self._refuse_wrong_folder()
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

    def _refuse_wrong_folder(self) -> None:
        inside = [name for name in self._known_files() if not Path(name).is_absolute()]
        if inside and not any(
            isinstance(file, RawFile) for file in self._store.files([self._store.root])
        ):
            where = self._store.root
            raise SourceMissing(
                f"{where} is empty, but {len(inside)} files of it were indexed: nothing pruned"
            )

    def _rebuild(self) -> Report:
        report = Report()
        try:
            known = self._known_files()
        except (IndexDamaged, IndexOutdated):
            known = []
            report.skipped.append(
                f"{self._folder}: unreadable with its catalogue; files outside raw/ have to be "
                "named again"
            )
        outside = [name for name in known if Path(name).is_absolute()]
        missing = [name for name in outside if not Path(name).exists()]
        if not self._store.root.is_dir() and len(outside) < len(known):
            missing.append(str(self._store.root))
        if missing:
            shown = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
            raise SourceMissing(
                f"gone since they were indexed: {shown}; “searcher index --prune” drops their "
                "articles"
            )
        paths = [
            *([self._store.root] if self._store.root.is_dir() else []),
            *(Path(name) for name in outside),
        ]
        files = list(self._readable(paths, report))
        self._progress.start(sum(file.size for file in files))
        with self._intake(report, afresh=True) as intake:
            intake.read_all(files)
            if intake.incomplete and known:
                self._carry_over(intake, report)
        self._progress.finish()
        return report

    def _carry_over(self, intake: Intake, report: Report) -> None:
        """Takes articles of files that broke since they were indexed from the old index, as far as
        it can be read."""
        try:
            with self._engine.snapshot() as snapshot:
                for article in snapshot.articles():
                    if article.origin.file in intake.incomplete:
                        intake.keep(article)
        except (IndexDamaged, IndexOutdated) as error:
            report.skipped.append(
                f"articles of damaged files that only the old index held: {error}"
            )

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
                elif file.is_archive:
                    until = catalogue.read_until(file.name)
                    changed.append(replace(file, start=until if until <= file.size else 0))
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
        """The files that articles came from: as the catalogue of whatever generation says, and the
        index if it can."""
        if not self._folder.is_dir():
            return []
        with self._catalogue() as catalogue:
            known, generation = set(catalogue.files()), catalogue.generation
        if not self._engine.exists():
            return sorted(known)
        try:
            with self._engine.snapshot() as snapshot:
                if snapshot.generation != generation:
                    known.update(article.origin.file for article in snapshot.articles())
        except (IndexDamaged, IndexOutdated):
            if not known:
                raise
        return sorted(known)

    def _generation(self) -> int | None:
        """The generation of the index; None for one that cannot be read."""
        try:
            with self._engine.snapshot() as snapshot:
                return snapshot.generation
        except IndexDamaged:
            return None

    def _catalogue(self) -> Catalogue:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteFailed(
                f"{self._folder} cannot be an index folder: {error.strerror}"
            ) from error
        return Catalogue(self._folder)

    def _intake(self, report: Report, afresh: bool = False, thorough: bool = False) -> Intake:
        now = self._clock.now()
        catalogue = self._catalogue()
        witness = None if afresh else self._witness
        quick = self._quick and not afresh and not thorough
        return Intake(
            self._engine,
            catalogue,
            self._store,
            report,
            self._progress,
            now,
            self._wait,
            afresh,
            self._jobs,
            witness,
            quick,
        )
