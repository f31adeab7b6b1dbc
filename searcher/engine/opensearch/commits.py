"""Commits of a cluster: one document says which articles are to be seen, and one who writes.

An article is a document that never changes: a new version of it is another document, born in the
generation of its commit. Writers add documents of the next generation, which nobody sees, then
replace the document of the commit, which makes all of them visible and the replaced ones invisible
at once. Only then are these removed.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from searcher.engine.opensearch.client import Cluster, Conflict, Json, Missing, until
from searcher.engine.opensearch.mapping import Copying, commits_index
from searcher.errors import IndexLocked, IndexUnreachable, WriteFailed

LEASE = 60.0
"""Seconds for which a lock is valid. Its owner renews it four times in this time. Larger lets
others wait longer for one that died."""

_READ_SECONDS = 4.0
"""Maximum number of seconds that one node may take to tell the newest commit. Then another is
asked."""


@dataclass(frozen=True, slots=True)
class Head:
    """A commit: the state of an index that readers see."""

    generation: int
    """Its number."""
    format: str
    """Name of the format of its documents."""
    articles: str
    """Name of the index of articles."""
    words: str
    """Name of the index of the vocabulary."""
    dead: tuple[int, ...] = ()
    """Numbers of documents that this commit replaced or deleted, as long as they are there."""
    failed: tuple[int, ...] = ()
    """Generations whose writers failed: their documents are never seen."""
    stale: tuple[str, ...] = ()
    """Indices of earlier commits, kept for readers; the next writer removes them."""
    deltas: int = 0
    """Number of documents of the vocabulary."""
    base: int = 0
    """Their number when the vocabulary was last written afresh."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """A document with its version in the cluster."""

    value: Json
    """The document."""
    version: dict[str, int] = field(default_factory=dict)
    """The parameters of a request that replaces this version alone."""


class Commits:
    """The commits of one prefix of a cluster, and its lock."""

    def __init__(self, cluster: Cluster, copying: Copying) -> None:
        self._cluster = cluster
        self._copying = copying
        self._index = f"{cluster.address.prefix}-commits"

    def head(self) -> tuple[Head, Versioned] | None:
        """Return the newest commit; None if there is none."""
        found = self._get("head")
        if found is None:
            return None
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in found.value.items()
        }
        return Head(**values), found

    def put_head(self, head: Head, over: Versioned | None) -> None:
        """Replace a commit. Raises WriteFailed if it is no longer the newest one."""
        try:
            self._put("head", asdict(head), over)
        except Conflict:
            raise WriteFailed("another writer committed in the meantime; nothing changed") from None

    def create(self) -> None:
        """Make the index of commits, if there is none."""
        if not self._exists():
            try:
                self._cluster.ask("PUT", f"/{self._index}", commits_index(self._copying))
            except Exception:
                if not self._exists():
                    raise

    def _exists(self) -> bool:
        try:
            self._cluster.ask("GET", f"/{self._index}", filter_path="*.settings.index.uuid")
        except Missing:
            return False
        return True

    def _get(self, name: str) -> Versioned | None:
        try:
            found = self._cluster.ask("GET", f"/{self._index}/_doc/{name}", seconds=_READ_SECONDS)
        except Missing:
            return None
        version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return Versioned(found["_source"], version)

    def _put(self, name: str, value: Json, over: Versioned | None) -> Versioned:
        """Write a document. Raises Conflict if it is not what `over` is."""
        guard: dict[str, Any] = over.version if over else {"op_type": "create"}
        answer = self._cluster.ask("PUT", f"/{self._index}/_doc/{name}", value, **guard)
        version = {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
        return Versioned(value, version)

    def lock(self, wait: float) -> Lock:
        """Return the lock, with a generation that no writer had before. Raises IndexLocked."""
        found: list[Lock] = []
        if not until(lambda: self._try_lock(found), wait):
            who = self._get("lock")
            name = who.value["owner"] if who else "another process"
            where = self._cluster.address
            raise IndexLocked(
                f"the index in {where} is being written by {name}; gave up after {wait:g} s"
            )
        return found[0]

    def _try_lock(self, found: list[Lock]) -> bool:
        held = self._get("lock")
        if held and held.value["until"] > time.time():
            return False
        last = held.value["generation"] if held else 0
        value = {
            "owner": _name(),
            "generation": last + 1,
            "until": time.time() + LEASE,
            "token": uuid.uuid4().hex,
        }
        try:
            taken = self._put("lock", value, held)
        except (Conflict, IndexUnreachable):
            # The answer to the first try may have been lost.
            again = self._get("lock")
            if again is None or again.value != value:
                return False
            taken = again
        found.append(Lock(self, taken))
        return True

    def put_lock(self, value: Json, over: Versioned) -> Versioned:
        """Replace the lock. Raises Conflict if another process has it."""
        return self._put("lock", value, over)


class Lock:
    """The lock of the one writer. A thread renews it until it is released."""

    def __init__(self, commits: Commits, held: Versioned) -> None:
        self._commits = commits
        self._held = held
        self._released = threading.Event()
        self._is_lost = False
        self.generation: int = held.value["generation"]
        """The generation that its owner writes."""
        threading.Thread(target=self._renew, name="lock of the index", daemon=True).start()

    def _renew(self) -> None:
        failures = 0
        while not self._released.wait(LEASE / 4):
            value = {**self._held.value, "until": time.time() + LEASE}
            try:
                self._held = self._commits.put_lock(value, self._held)
                failures = 0
            except (Conflict, IndexUnreachable) as error:
                failures += 1
                if isinstance(error, Conflict) or failures * LEASE / 4 > LEASE:
                    self._is_lost = True
                    return

    def check(self) -> None:
        """Raise WriteFailed if another writer may have the lock by now."""
        if self._is_lost:
            raise WriteFailed("another writer took the lock of the index meanwhile")

    def release(self, unused: bool = False) -> None:
        """Let others write. unused: whether no document of the generation is left, so that the next
        writer may have its number."""
        self._released.set()
        value = {**self._held.value, "until": 0.0, "generation": self.generation - unused}
        try:
            self._commits.put_lock(value, self._held)
        except (Conflict, IndexUnreachable):
            # Another writer has it, or gets it after LEASE.
            return


def _name() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
