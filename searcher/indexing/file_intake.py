"""Decisions about the articles of one file, compared with the index: functions of values.

Nothing here reads a disk or writes an index. `intake` looks up the values, and applies the changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from searcher.article import Article
from searcher.engine.protocol import Prepared
from searcher.indexing.catalogue import Held
from searcher.indexing.report import Report
from searcher.reading.archive_format import is_archive


class Decision(Enum):
    """The result of comparing an article that was read with the index."""

    ADD = "add"
    """The index does not have it."""

    UPDATE = "update"
    """It replaces the article of the index."""

    UNCHANGED = "unchanged"
    """The index has it as it is."""

    OLDER = "older"
    """The index has a later version, which stays."""

    WAIT = "wait"
    """The index has a version that was further on in the same file. This one replaces it if the
    file no longer has that version, which its end will tell."""


class Arrival(NamedTuple):
    """An article that a file gave."""

    held: Held
    """Its row in the catalogue."""
    article: Article | Prepared
    """The article, or the form in which the process that read it left it for the writer."""


def arrival_of(prepare: Callable[[Article], Prepared], article: Article) -> Arrival:
    """Return an article as it arrives from another process. prepare: the engine's."""
    return Arrival(Held.of(article), prepare(article))


@dataclass(frozen=True, slots=True)
class Change:
    """An article to write to the index."""

    article: Article | Prepared
    """The article as it is to be indexed."""
    held: Held
    """The article's row in the catalogue."""

    is_new: bool = False
    """Whether the index has no version of it."""

    replaces: tuple[str, ...] = ()
    """The ids of other articles that turned out to be this one, to be deleted."""

    is_news: bool = False
    """Whether alerts are to see it."""

    @classmethod
    def of(cls, article: Article, is_new: bool = False) -> Change:
        """Return the change that writes `article`."""
        return cls(article, Held.of(article), is_new)

    @property
    def report(self) -> Report:
        """This change, counted."""
        return Report(added=1) if self.is_new else Report(updated=1)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """The result of reading one file."""

    name: str
    """The file."""

    ids: tuple[str, ...]
    """The ids of the articles that it gives."""

    end: int | None
    """The byte up to which it was read; None if it could not be read to its end."""

    report: Report
    """The articles, counted, and the problems."""

    dropped: tuple[str, ...] = ()
    """The ids of articles of the index that it no longer gives, to be deleted."""

    @property
    def is_incomplete(self) -> bool:
        """Whether the file may hold articles that were not read. An archive is append-only: what
        was read of it before is still there."""
        return self.end is None and not is_archive(self.name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of reading several files."""

    report: Report
    """Their reports, added up."""

    incomplete: frozenset[str]
    """The names of those that could not be read to their end."""


def decide(
    new: Held, stored: Held | None, earlier: Held | None, stored_file_exists: bool
) -> Decision:
    """Return what happens to `new`.

    stored: the index's article with the same id. earlier: one with the same id that this file gave
    before. stored_file_exists: whether the file of `stored` is still there.

    - A fetched page stays, whatever another file has for its address: it has versions.
    - The later version wins; of equal ones the later part of a file, else the file whose name comes
      first.
    - A file always replaces its own articles.
    - An article whose file is gone is always replaced.
    """
    if stored is None:
        return Decision.ADD
    if is_archive(stored.file) and stored_file_exists:
        return Decision.UPDATE if stored.partial else Decision.OLDER
    own = stored.file == new.file
    if stored.hash == new.hash and (own or stored_file_exists):
        return Decision.UNCHANGED
    later = is_newer(new, stored)
    if (earlier or not own) and stored_file_exists and not later:
        return Decision.OLDER
    if own and earlier is None and stored.part > new.part and not later:
        return Decision.WAIT
    return Decision.UPDATE


def is_newer(first: Held, second: Held) -> bool:
    """Return whether `first` is the version to keep of the two."""
    times = [
        held.version if held.version is not None else float("-inf") for held in (first, second)
    ]
    if times[0] != times[1]:
        return times[0] > times[1]
    return first.part > second.part if first.file == second.file else first.file < second.file


class FileIntake:
    """Decides about the articles of one file in their order. Every method returns its decision."""

    def __init__(self, name: str) -> None:
        """name: the file, as the catalogue knows it."""
        self._name = name
        self._seen: dict[str, Held] = {}
        self._waiting: dict[str, Arrival] = {}
        self._counts: Counter[str] = Counter()
        self._problems: list[str] = []
        self._anonymous_added = 0

    def article(
        self, arrival: Arrival, stored: Held | None, stored_file_exists: bool
    ) -> Change | None:
        """Return the change for an article that the file gave; None for no change."""
        new = arrival.held
        earlier = self._seen.get(new.id)
        self._see(new)
        decision = decide(new, stored, earlier, stored_file_exists)
        if decision is Decision.WAIT:
            self._waiting[new.id] = arrival
            return None
        if self._waiting.pop(new.id, None):
            self._counts["older"] += 1
            earlier = None
        if decision is Decision.OLDER:
            self._counts["older"] += 1
        elif decision is Decision.UNCHANGED:
            self._counts["unchanged"] += earlier is None
        else:
            return self._counted(Change(arrival.article, new, decision is Decision.ADD))
        return None

    def _see(self, new: Held) -> None:
        earlier = self._seen.get(new.id)
        if earlier is None or is_newer(new, earlier):
            self._seen[new.id] = new

    def fetched(self, article: Article, change: Change | None) -> Change | None:
        """Return the change for an article of an archive, which was decided by its identity."""
        self._seen[article.id] = Held.of(article)
        if change is None:
            self._counts["unchanged"] += 1
            return None
        return self._counted(change)

    def _counted(self, change: Change) -> Change:
        self._counts["added" if change.is_new else "updated"] += 1
        self._anonymous_added += change.is_new and change.held.anonymous
        return change

    def problem(self, reason: str) -> None:
        """Record a part of the file, or all of it, that cannot be read."""
        self._problems.append(reason)

    def remaining(self) -> list[Change]:
        """Return the changes for the articles whose later versions did not come."""
        found = [
            self._counted(Change(arrival.article, arrival.held))
            for arrival in self._waiting.values()
        ]
        self._waiting.clear()
        return found

    def outcome(self, end: int | None, stored: Iterable[Held]) -> FileOutcome:
        """Return the result of the file.

        end: the byte up to which it was read; None if it could not be read to its end.
        stored: the articles of the index that came from it.
        """
        whole = end is not None and not is_archive(self._name)
        dropped = left(stored, self._seen) if whole else ()
        # As many articles as were dropped and added, known by their content alone, were updated.
        pairs = min(len(dropped), self._anonymous_added)
        report = Report(
            added=self._counts["added"] - pairs,
            updated=self._counts["updated"] + pairs,
            unchanged=self._counts["unchanged"],
            older=self._counts["older"],
            removed=len(dropped) - pairs,
            skipped=tuple(self._problems),
        )
        return FileOutcome(self._name, tuple(self._seen), end, report, dropped)


def left(stored: Iterable[Held], ids: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the stored articles that their file no longer gives and that have no name
    of their own: their content changed, so that they have another id now."""
    return tuple(held.id for held in stored if held.anonymous and held.id not in ids)
