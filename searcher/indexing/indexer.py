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
    IndexMissing,
    IndexOutdated,
    SourceMissing,
    UnreadableFile,
    WriteFailed,
)
from searcher.indexing.catalogue import FILE_NAME, Catalogue
from searcher.indexing.intake import Intake, OnNews, Run
from searcher.indexing.report import Progress, Report, lost, renewed
from searcher.reading.raw_store import RawFile, RawStore

FindStories = Callable[[], object]
"""Places the articles of an index that have no place among the stories. Raises as a run."""

_MISSING_SHOWN = 3
"""Maximum number of files that a message names."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The files that a run reads, and the report of those that it does not read."""

    files: tuple[RawFile, ...]
    """The files, in the order in which they are read."""
    report: Report
    """The files that are skipped, with reasons."""


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
        find_stories: FindStories | None = None,
    ) -> None:
        """folder: where the catalogue is; that of the index.
        wait: maximum time to wait for the writer's lock, in seconds.
        jobs: number of processes that normalise articles.
        on_news: called by an update, before its commit, with fetched articles that are news.
        quick: whether updates leave merges to `tidy`.
        find_stories: called after the commits of a run, to place its articles among the stories.
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
        self._find_stories = find_stories or (lambda: 0)

    def update(self, paths: Sequence[Path], prune: bool = False) -> Report:
        """Index the new and changed files in `paths`. An index of another version is rebuilt first.

        prune: remove articles whose file no longer gives them.

        A file that cannot be read is skipped, and articles that came from it before stay. Raises
        IndexLocked, IndexDamaged or WriteFailed; earlier commits of the run stay. Raises
        SourceMissing instead of pruning against an empty raw/: that is more likely the wrong
        folder.
        """
        try:
            report = self._with_sound_catalogue(lambda: self._update(paths, prune))
        except IndexOutdated as error:
            rebuilt = self._with_sound_catalogue(lambda: self._rebuild(prune))
            update = self._with_sound_catalogue(lambda: self._update(paths, prune))
            report = renewed(rebuilt, update, error.difference)
        if self._engine.exists():
            self._find_stories()
        return report

    def tidy(self, quick: bool = False) -> bool:
        """Do the merges that quick updates left; return whether there were any.

        quick: whether to do only those that take less than a second. Raises as `update`.
        """
        if not self._engine.is_untidy(quick):
            return False
        with self._intake(self._run(quick=quick)):
            return True

    def rebuild(self) -> Report:
        """Build the index anew from raw/ and the other files known to it; replace it in one commit.

        Articles of files that can no longer be read are taken from the old index. Raises
        SourceMissing when articles would be lost: files outside raw/, or raw/ itself, are gone, or
        a file cannot be read and the old index neither.
        """
        report = self._with_sound_catalogue(lambda: self._rebuild(prune=False))
        self._find_stories()
        return report

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
            self._refuse_wrong_folder(self._known_files())
        found = self._changed(paths)
        if not found.files and not prune and self._engine.exists():
            return found.report
        self._progress.start(sum(file.size for file in found.files))
        with self._intake(self._run(quick=self._quick), self._on_news) as intake:
            read = intake.read_all(found.files).report
            removed = intake.prune() if prune else Report()
        self._progress.finish()
        return Report.total((found.report, read, removed))

    def _refuse_wrong_folder(self, known: Sequence[str]) -> None:
        inside = [name for name in known if not Path(name).is_absolute()]
        where = self._store.root
        if inside and not any(isinstance(file, RawFile) for file in self._store.files([where])):
            raise SourceMissing(
                f"{where} is empty, but {len(inside)} files of it were indexed: nothing pruned"
            )

    def _rebuild(self, prune: bool) -> Report:
        """Build the index anew. prune: drop articles instead of raising SourceMissing."""
        warning = Report()
        try:
            known = self._known_files()
        except (IndexDamaged, IndexOutdated):
            known = []
            reason = "unreadable with its catalogue; files outside raw/ have to be named again"
            warning = Report(skipped=(f"{self._folder}: {reason}",))
        if prune:
            self._refuse_wrong_folder(known)
        gone = {name for name in known if prune and not self._store.path_of(name).exists()}
        found = self._readable(self._sources(known, prune))
        is_damaged = self._is_damaged()
        self._progress.start(sum(file.size for file in found.files))
        with self._intake(self._run(afresh=True)) as intake:
            read = intake.read_all(found.files)
            broken = read.incomplete.intersection(known)
            kept = lost(broken) if is_damaged else self._carry_over(intake, broken, gone, prune)
        self._progress.finish()
        return Report.total((warning, found.report, read.report, kept))

    def _sources(self, known: Sequence[str], prune: bool) -> list[Path]:
        """Return raw/ and the known files outside it. Raises SourceMissing if raw/ is gone, or one
        of the files is and `prune` is not set."""
        root = self._store.root
        outside = [name for name in known if Path(name).is_absolute()]
        inside = len(known) - len(outside)
        if inside and not root.is_dir():
            raise SourceMissing(
                f"{root} is gone, but {inside} files of it were indexed: nothing rebuilt"
            )
        missing = [name for name in outside if not Path(name).exists()]
        if missing and not prune:
            raise SourceMissing(
                f"gone since they were indexed: {_shown(missing)}; “searcher index --prune” "
                "removes their articles"
            )
        present = sorted(set(outside).difference(missing))
        return [*([root] if root.is_dir() else []), *map(Path, present)]

    def _carry_over(
        self, intake: Intake, broken: frozenset[str], gone: set[str], prune: bool
    ) -> Report:
        """Take the articles of `broken`, files that can no longer be read, from the old index, and
        count those of `gone`, files that do not exist.

        Raises SourceMissing if the old index is of a version that cannot be read, unless `prune` is
        set.
        """
        if not broken and not gone:
            return Report()
        reports: list[Report] = []
        try:
            for article in self._engine.stored_articles():
                if article.origin.file in broken:
                    reports.append(intake.keep(article))
                elif article.origin.file in gone:
                    reports.append(intake.gone(article))
        except (IndexMissing, IndexDamaged, IndexOutdated) as error:
            if broken and isinstance(error, IndexOutdated) and not prune:
                raise SourceMissing(
                    f"cannot be read now: {_shown(sorted(broken))}; their articles would be lost, "
                    "since another version stored them in the index: nothing rebuilt; “searcher "
                    "index --prune” drops them"
                ) from error
            reports.append(lost(broken))
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
        except IndexOutdated:
            self._add_stored(known)
        except IndexDamaged:
            if not known:
                raise
        return sorted(known)

    def _add_stored(self, known: set[str]) -> None:
        """Add the files that the articles of an index of another format came from. Raises
        IndexDamaged or IndexOutdated if it cannot be read and nothing is known."""
        try:
            known.update(article.origin.file for article in self._engine.stored_articles())
        except (IndexDamaged, IndexOutdated):
            if not known:
                raise

    def _generation(self) -> int | None:
        """Return the generation of the index; None for one that cannot be read."""
        try:
            with self._engine.snapshot() as snapshot:
                return snapshot.generation
        except IndexDamaged:
            return None

    def _is_damaged(self) -> bool:
        """Return whether the index cannot be opened. A writer replaces one that cannot."""
        try:
            return self._engine.exists() and self._generation() is None
        except IndexOutdated:
            return False

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


def _shown(names: Sequence[str]) -> str:
    """Return the names for a message, at most _MISSING_SHOWN of them."""
    more = " …" if len(names) > _MISSING_SHOWN else ""
    return ", ".join(names[:_MISSING_SHOWN]) + more
