"""The engine on a cluster of OpenSearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from searcher.article import Article
from searcher.engine.capabilities import Capability
from searcher.engine.keeping import KeepingNewest
from searcher.engine.opensearch.client import Cluster, Missing
from searcher.engine.opensearch.commits import Commits, Head, Lock, Versioned
from searcher.engine.opensearch.mapping import FORMAT, Copying, articles_index, words_index
from searcher.engine.opensearch.snapshot import ClusterSnapshot
from searcher.engine.opensearch.tokens import prepared
from searcher.engine.opensearch.view import View
from searcher.engine.opensearch.writer import ClusterWriter, purge, sweep
from searcher.engine.protocol import Prepared
from searcher.errors import IndexDamaged, IndexMissing, IndexOutdated

_OPEN_TRIES = 50
"""Number of tries to open a commit. Each fails only if a commit was made meanwhile."""
_TIMES, _FEW = 3, 200_000
"""The vocabulary is written afresh when it has more than _TIMES the documents that it was last
written with, and _FEW more. Larger writes it less often, and adds up more documents for a term."""
_MOST_FAILED = 200
"""Maximum number of failed generations that are remembered. A writer that was thought dead would
have to write after as many others failed."""


class ClusterEngine(KeepingNewest[ClusterSnapshot]):
    """An index in a cluster."""

    def __init__(self, cluster: Cluster, copying: Copying | None = None) -> None:
        super().__init__()
        self._cluster = cluster
        self._copying = copying or Copying()
        self._commits = Commits(cluster, self._copying)

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset((Capability.WORD_SCORES,))

    @property
    def where(self) -> str:
        return str(self._cluster.address)

    def stored_bytes(self) -> int:
        head = self._head()
        found = self._cluster.ask("GET", f"/{head.articles},{head.words}/_stats/store")
        return int(found["_all"]["total"]["store"]["size_in_bytes"])

    def exists(self) -> bool:
        return self._commits.head() is not None

    def _is_newest(self, snapshot: ClusterSnapshot, for_others: bool) -> bool:
        found = self._commits.head()
        newest = found[0].generation if found else -1
        return snapshot.generation == newest and snapshot.view.is_kept

    def _open(self, any_format: bool = False) -> ClusterSnapshot:
        for _ in range(_OPEN_TRIES):
            head = self._head()
            if head.format != FORMAT and not any_format:
                raise IndexOutdated(self._cluster.address, *_difference(head))
            try:
                view = View(self._cluster, self._commits, head)
            except Missing as error:
                if self._head().generation == head.generation:
                    where = self._cluster.address
                    raise IndexDamaged(f"the index in {where} lacks a part: {error}") from error
                continue
            # Between both, a later commit may have removed documents of this one.
            if self._head().generation == head.generation:
                return ClusterSnapshot(view)
            view.close()
        raise IndexDamaged(f"the index in {self._cluster.address} changes too often to be read")

    def _head(self) -> Head:
        found = self._commits.head()
        if found is None:
            where = self._cluster.address
            raise IndexMissing(f"there is no index in {where}; “searcher index” makes one")
        return found[0]

    def stored_articles(self) -> Iterator[Article]:
        with self._open(any_format=True) as snapshot:
            yield from snapshot.stored()

    def close(self) -> None:
        super().close()
        self._cluster.close()

    def is_untidy(self, quick: bool = False) -> bool:
        found = self._commits.head()
        return not quick and found is not None and _is_scattered(found[0])

    @property
    def prepare(self) -> Callable[[Article], Prepared]:
        return prepared

    def writer(
        self, wait: float = 10.0, afresh: bool = False, quick: bool = False
    ) -> ClusterWriter:
        self._commits.create()
        lock = self._commits.lock(wait)
        try:
            return self._writer(lock, afresh, quick)
        except BaseException:
            lock.release()
            raise

    def _writer(self, lock: Lock, afresh: bool, quick: bool) -> ClusterWriter:
        held = self._commits.head()
        if held is None:
            held = self._made(lock.generation)
        head = held[0]
        if head.format != FORMAT and not afresh:
            raise IndexOutdated(self._cluster.address, *_difference(head))
        if head.dead:
            sweep(self._cluster, self._commits)
        for name in head.stale:
            self._drop(name)
        if head.dead or head.stale:
            held = self._commits.head() or held
            head = replace(held[0], stale=())
        failed = list(range(head.generation + 1, lock.generation))
        if failed and not afresh:
            purge(self._cluster, head, failed)
        known = (*head.failed, *failed)[-_MOST_FAILED:]
        new = replace(head, generation=lock.generation, failed=known, dead=())
        if afresh:
            names = (self._make("articles", lock.generation), self._make("words", lock.generation))
            stale = (head.articles, head.words)
            new = Head(lock.generation, FORMAT, *names, stale=stale)
        elif not quick and _is_scattered(head):
            new = replace(new, words=self._make("words", lock.generation), stale=(head.words,))
        return ClusterWriter(self._cluster, self._commits, lock, held, new)

    def _made(self, generation: int) -> tuple[Head, Versioned]:
        """Make an empty index."""
        names = (self._make("articles", generation - 1), self._make("words", generation - 1))
        head = Head(generation - 1, FORMAT, *names)
        self._commits.put_head(head, None)
        found = self._commits.head()
        assert found is not None
        return found

    def _make(self, kind: str, generation: int) -> str:
        """Make the index of "articles" or of "words". Return its name."""
        name = f"{self._cluster.address.prefix}-{kind}-{generation}"
        body = articles_index if kind == "articles" else words_index
        self._drop(name)
        self._cluster.ask("PUT", f"/{name}", body(self._copying))
        return name

    def _drop(self, name: str) -> None:
        try:
            self._cluster.ask("DELETE", f"/{name}")
        except Missing:
            return


def _is_scattered(head: Head) -> bool:
    """Return whether the vocabulary is to be written afresh."""
    return head.deltas > _TIMES * head.base + _FEW


def _difference(head: Head) -> tuple[str, str]:
    return f"has format {head.format}", f"format {FORMAT}"
