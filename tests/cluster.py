"""The cluster of OpenSearch that tests use, and an engine on it that begins without an index.

`make cluster` starts one. Each process of the tests has indices of its own, which
are emptied for each test: making them takes much longer.
"""

from __future__ import annotations

import os
import uuid

from benchmarks.local_cluster import VARIABLE
from searcher.engine.opensearch.client import Cluster, Missing, address_of
from searcher.engine.opensearch.engine import ClusterEngine
from searcher.engine.opensearch.mapping import Copying

ONE = Copying(shards=1, replicas=0)
"""Indices of one part without copies."""


def nodes() -> str:
    """Return the addresses of the cluster's nodes; "" if there is none."""
    return os.environ.get(VARIABLE, "")


def cluster(prefix: str = "") -> Cluster:
    """Return the cluster, with a prefix that nothing has yet unless one is given."""
    prefix = prefix or f"t{uuid.uuid4().hex[:12]}"
    return Cluster(address_of(" ".join(f"{node}/{prefix}" for node in nodes().split())))


class EmptiedEngine(ClusterEngine):
    """An engine whose first index is made of one that another test left."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster, ONE)
        self._first = ""

    def empty(self) -> None:
        """Remove the index, but for its empty parts."""
        self.close()
        prefix = self._cluster.address.prefix
        for name in ("head", "lock"):
            try:
                self._cluster.ask("DELETE", f"/{prefix}-commits/_doc/{name}")
            except Missing:
                continue
        for kind in ("articles", "words"):
            found = self._cluster.ask(
                "GET", f"/{prefix}-{kind}-*", filter_path="*.settings.index.uuid"
            )
            for name in set(found) - {f"{prefix}-{kind}-0"}:
                self._drop(name)
        both = f"/{prefix}-articles-0,{prefix}-words-0"
        try:
            self._cluster.ask("POST", f"{both}/_refresh")
            self._cluster.ask(
                "POST", f"{both}/_delete_by_query", {"query": {"match_all": {}}}, refresh="true"
            )
            self._first = prefix
        except Missing:
            self._first = ""

    def _make(self, kind: str, generation: int) -> str:
        if self._first and generation == 0:
            return f"{self._first}-{kind}-0"
        return super()._make(kind, generation)
