"""Nodes that end while articles are written and searched. `make test` runs it after all others.

Covers nothing of our modules but engine.opensearch as a whole; `python -m benchmarks.faults` does the same 50 times.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import faults
from benchmarks.local_cluster import FOLDER, LocalCluster

pytestmark = pytest.mark.faults


def test_nothing_acknowledged_is_lost_when_nodes_end():
    folder = os.environ.get(FOLDER)
    if not folder:
        pytest.skip(f"{FOLDER} names no cluster; “make cluster” starts one")
    record = faults.run(LocalCluster(Path(folder)), ["node", "manager"])
    assert record.wrong == []
    assert record.commits["acknowledged"] > 2
    assert record.searches["answered"] > 2
