"""The indexer: brings an index up to date with files, and rebuilds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
from searcher.indexing.intake import Intake, OnNews, Run
from searcher.indexing.report import Progress, Report, renewed
from searcher.reading.raw_store import RawFile, RawStore

_MISSING_SHOWN = 3
"""Maximum number of missing files that a message names."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The files that a run reads, and the report of those that it does not read."""

    files: tuple[RawFile, ...]
    report: Report


class Indexer:
    """Brings an index up to date with files.

    One run at a time; the engine's lock excludes other processes.
    """

    def __init__(
        self,
        engine: Engine,
        store: RawStore,
        folder: Path,
        clock: Clock | None = None,
        progress: Progress | None = None,
        wait: float = 10.0,
        jobs: int = 1,
        on_news: OnNews | None = None,
        quick: bool = False,
    ) -> None:
        """folder: where the catalogue is; that of the index.
        wait: maximum time to wait for the writer's lock, in seconds.
        jobs: number of processes that normalise articles.
        on_news: called by an update, before its commit, with fetched articles that are news.
        quick: whether updates leave long merges to `tidy`.
        """
        self._engine = engine
        self._store = store
        self._folder = folder
        self._clock = clock or SystemClock()
        self._progress = progress or Progress()
        self._wait = wait
        self._jobs = jobs
        self._on_news = on_news
        self._quick = quick

    def update(self, paths: Sequence[Path], prune: bool = False) -> Report:
        """Index the new and changed files in `paths`. An index of another version is rebuilt first.

        prune: remove articles whose file no longer gives them.

        A file that cannot be read is skipped, and articles that came from it before stay. Raises
        IndexLocked, IndexDamaged or WriteFailed; earlier commits of the run stay. Raises
        SourceMissing instead of pruning against an empty raw/: that is more likely the wrong
        folder.
        """
        try:
            return self._with_sound_catalogue(lambda: self._update(paths, prune))
        except IndexOutdated:
            rebuilt = self.rebuild()
            return renewed(rebuilt, self._with_sound_catalogue(lambda: self._update(paths, prune)))

    def tidy(self) -> bool:
        """Do the merges that quick updates left; return whether there were any.

        Raises as `update`.
        """
        if not self._engine.is_untidy():
            return False
        with self._intake(self._run(quick=False)):
            return True

    def rebuild(self) -> Report:
        """Build the index anew from raw/ and the other files known to it; replace it in one commit.

        Raises SourceMissing when files outside raw/, or raw/ itself, are gone: their articles would
        be lost.
        """
        return self._with_sound_catalogue(self._rebuild)

    def _with_sound_catalogue(self, action: Callable[[], Report]) -> Report:
        """Run `action`. If SQLite cannot read the catalogue, remove it, for it is a cache, and run
        `action` again."""
        try:
            return action()
        except sqlite3.OperationalError as error:
            raise IndexLocked(f"the catalogue in {self._folder} cannot be used: {error}") from error
        except sqlite3.DatabaseError:
            (self._folder / FILE_NAME).unlink()
            return action()

    def _update(self, paths: Sequence[Path], prune: bool) -> Report:
        if prune:
            self._refuse_wrong_folder()
        found = self._changed(paths)
        if not found.files and not prune and self._engine.exists():
            return found.report
        self._progress.start(sum(file.size for file in found.files))
        with self._intake(self._run(quick=self._quick), self._on_news) as intake:
            read = intake.read_all(found.files).report
            removed = intake.prune() if prune else Report()
        self._progress.finish()
        return Report.total((found.report, read, removed))

    def _refuse_wrong_folder(self) -> None:
        inside = [name for name in self._known_files() if not Path(name).is_absolute()]
        where = self._store.root
        if inside and not any(isinstance(file, RawFile) for file in self._store.files([where])):
            raise SourceMissing(
                f"{where} is empty, but {len(inside)} files of it were indexed: nothing pruned"
            )

    def _rebuild(self) -> Report:
        warning = Report()
        try:
            known = self._known_files()
        except (IndexDamaged, IndexOutdated):
            known = []
            reason = "unreadable with its catalogue; files outside raw/ have to be named again"
            warning = Report(skipped=(f"{self._folder}: {reason}",))
        found = self._readable(self._sources(known))
        self._progress.start(sum(file.size for file in found.files))
        with self._intake(self._run(afresh=True)) as intake:
            read = intake.read_all(found.files)
            kept = Report()
            if read.incomplete and known:
                kept = self._carry_over(intake, read.incomplete)
        self._progress.finish()
        return Report.total((warning, found.report, read.report, kept))

    def _sources(self, known: Sequence[str]) -> list[Path]:
        """Return raw/ and the known files outside it. Raises SourceMissing if one is gone."""
        outside = [name for name in known if Path(name).is_absolute()]
        missing = [name for name in outside if not Path(name).exists()]
        root = self._store.root
        if not root.is_dir() and len(outside) < len(known):
            missing.append(str(root))
        if missing:
            shown = ", ".join(missing[:_MISSING_SHOWN])
            more = " …" if len(missing) > _MISSING_SHOWN else ""
            raise SourceMissing(
                f"gone since they were indexed: {shown}{more}; “searcher index --prune” removes "
                "their articles"
            )
        return [*([root] if root.is_dir() else []), *map(Path, outside)]

    def _carry_over(self, intake: Intake, files: frozenset[str]) -> Report:
        """Take the articles of files that broke since they were indexed from the old index."""
        reports: list[Report] = []
        try:
            with self._engine.snapshot() as snapshot:
                for article in snapshot.articles():
                    if article.origin.file in files:
                        reports.append(intake.keep(article))
        except (IndexDamaged, IndexOutdated) as error:
            reason = f"articles of damaged files that only the old index had: {error}"
            reports.append(Report(skipped=(reason,)))
        return Report.total(reports)

    def _changed(self, paths: Sequence[Path]) -> _Found:
        """Return the files to read. For the others, the report counts what they gave before."""
        found = self._readable(paths)
        with self._catalogue() as catalogue:
            if not self._engine.exists() or catalogue.generation != self._generation():
                return found
            changed: list[RawFile] = []
            reports: list[Report] = [found.report]
            for file in found.files:
                if catalogue.is_unchanged(file):
                    problems = tuple(catalogue.problems(file.name))
                    reports.append(Report(unchanged=catalogue.claimed(file.name), skipped=problems))
                elif file.is_archive:
                    until = catalogue.read_until(file.name)
                    changed.append(replace(file, start=until if until <= file.size else 0))
                else:
                    changed.append(file)
            return _Found(tuple(changed), Report.total(reports))

    def _readable(self, paths: Iterable[Path]) -> _Found:
        """Return the files that `paths` name or hold."""
        found = list(self._store.files(paths))
        errors = tuple(str(file) for file in found if isinstance(file, UnreadableFile))
        files = tuple(file for file in found if isinstance(file, RawFile))
        return _Found(files, Report(skipped=errors))

    def _known_files(self) -> list[str]:
        """Return the files that articles came from, by the catalogue of any generation, and by the
        index if it can be read."""
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
        """Return the generation of the index; None for one that cannot be read."""
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

    def _run(self, afresh: bool = False, quick: bool = False) -> Run:
        return Run(self._clock.now(), self._wait, self._jobs, afresh, quick)

    def _intake(self, run: Run, on_news: OnNews | None = None) -> Intake:
        catalogue = self._catalogue()
        return Intake(self._engine, catalogue, self._store, run, self._progress, on_news)
