"""Nodes of a cluster that fail while articles are written and searched.

python -m benchmarks.faults FOLDER [--rounds 50]

It starts three nodes in the folder. Each round one fault happens, while one thread commits three
articles at a time and another one searches. At the end each article whose commit was acknowledged
has to be there once, none of a commit that failed, and the check must find nothing.
"""

from __future__ import annotations

import argparse
import itertools
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.articles import made
from benchmarks.local_cluster import NODES, LocalCluster, started
from searcher.article import Article
from searcher.engine.opensearch.client import Cluster, address_of
from searcher.engine.opensearch.engine import ClusterEngine
from searcher.engine.opensearch.mapping import Copying
from searcher.engine.searches import Search
from searcher.errors import SearcherError
from searcher.query.parser import parse

FAULTS = ("node", "manager", "node", "pause", "node", "disk", "node", "all")
"""The faults, one a round: a node is killed, the elected manager is, a node is paused for PAUSE
seconds, all indices become read-only as when a disk is full, or all nodes are killed."""
PAUSE = 10.0
"""Seconds of a pause."""
DOWN = 2.0
"""Seconds for which a killed node is down."""
_GREEN_IN = 120.0
"""Maximum number of seconds in which the cluster has all copies again."""


@dataclass
class Record:
    """The events of a run."""

    acknowledged: set[str] = field(default_factory=set)
    """Ids of articles whose commit was acknowledged."""
    commits: Counter[str] = field(default_factory=Counter)
    """Number of commits that were acknowledged, and of those that failed."""
    searches: Counter[str] = field(default_factory=Counter)
    """Number of searches that answered, that said what is missing, and that failed."""
    wrong: list[str] = field(default_factory=list)
    """Sentences about what must not happen."""


def article(number: int) -> Article:
    """Return an article with an id of its own."""
    text = "A ship left the harbour with grain."
    return made(f"n{number}", f"Ship {number} leaves", [text], source="Harbour Gazette")


def engine_of(cluster: LocalCluster) -> ClusterEngine:
    """Return an engine whose index has a copy of each part."""
    nodes = " ".join(f"{address}/faults" for address in cluster.addresses.split())
    return ClusterEngine(Cluster(address_of(nodes)), Copying(shards=2, replicas=1))


def write(engine: ClusterEngine, record: Record, done: threading.Event) -> None:
    """Commit articles until it is done. Those of a failed commit are written again."""
    numbers = itertools.count()
    batch = [article(next(numbers)) for _ in range(3)]
    while not done.is_set():
        try:
            with engine.writer(wait=90) as writer:
                for one in batch:
                    writer.add(one)
        except SearcherError:
            record.commits["failed"] += 1
            time.sleep(0.5)
            continue
        record.commits["acknowledged"] += 1
        record.acknowledged.update(one.id for one in batch)
        batch = [article(next(numbers)) for _ in range(3)]


def search(engine: ClusterEngine, record: Record, done: threading.Event) -> None:
    """Search until it is done."""
    query = parse("ship", datetime.now(UTC))
    while not done.is_set():
        least = len(record.acknowledged)
        try:
            with engine.snapshot() as snapshot:
                ranking = snapshot.search(Search(query, seconds=3.0))
        except SearcherError:
            record.searches["failed"] += 1
            time.sleep(0.2)
            continue
        record.searches["warned" if ranking.warnings else "answered"] += 1
        if ranking.total < least and not ranking.warnings:
            record.wrong.append(f"{ranking.total} articles found of {least}, without a warning")
        time.sleep(0.05)


def fail(cluster: LocalCluster, fault: str, chance: random.Random) -> None:
    """Let one fault happen, and mend it as an operator's supervisor does."""
    node = chance.randrange(1, NODES + 1)
    if fault == "manager":
        node = manager(cluster) or node
    if fault == "pause":
        cluster.signal(node, signal.SIGSTOP)
        time.sleep(PAUSE)
        cluster.signal(node, signal.SIGCONT)
    elif fault == "disk":
        block(cluster, True)
        time.sleep(DOWN)
        block(cluster, False)
    else:
        killed = list(range(1, NODES + 1)) if fault == "all" else [node]
        for one in killed:
            cluster.signal(one, signal.SIGKILL)
        time.sleep(DOWN)
        for one in killed:
            cluster.up(one)


def manager(cluster: LocalCluster) -> int:
    """Return the number of the elected manager's node; 0 if it is not known."""
    client = Cluster(address_of(cluster.address(1)))
    try:
        nodes = client.ask("GET", "/_nodes/http", filter_path="nodes.*.http.publish_address")
        elected = client.ask("GET", "/_cluster/state/cluster_manager_node")["cluster_manager_node"]
        address = nodes["nodes"][elected]["http"]["publish_address"]
    except (SearcherError, KeyError):
        return 0
    ends = {cluster.address(one).rpartition(":")[2]: one for one in range(1, NODES + 1)}
    return ends.get(address.rpartition(":")[2], 0)


def block(cluster: LocalCluster, closed: bool) -> None:
    """Make all indices read-only, as a cluster does itself when a disk is full, or writable."""
    client = Cluster(address_of(cluster.addresses))
    value = True if closed else None
    client.ask("PUT", "/faults-*/_settings", {"index.blocks.read_only_allow_delete": value})
    client.close()


def recovered(cluster: LocalCluster) -> float:
    """Return the number of seconds until all parts have all copies. Raise TimeoutError."""
    begun = time.monotonic()
    while time.monotonic() - begun < _GREEN_IN:
        health = cluster.health(1)
        if health.get("status") == "green" and health.get("number_of_nodes") == NODES:
            return time.monotonic() - begun
        time.sleep(0.5)
    raise TimeoutError(f"the cluster is not whole again after {_GREEN_IN:g} s: {cluster.health(1)}")


def run(cluster: LocalCluster, faults: list[str], seed: int = 21) -> Record:
    """Let faults happen one after the other, and return what happened."""
    chance, record, done = random.Random(seed), Record(), threading.Event()
    engine, reader = engine_of(cluster), engine_of(cluster)
    with engine.writer(wait=60):
        pass
    threads = [
        threading.Thread(target=target, args=(used, record, done))
        for target, used in ((write, engine), (search, reader))
    ]
    for thread in threads:
        thread.start()
    try:
        for fault in faults:
            time.sleep(1)
            fail(cluster, fault, chance)
            seconds = recovered(cluster)
            print(f"{fault}: whole again after {seconds:.0f} s, {dict(record.commits)}", flush=True)
        time.sleep(2)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    verify(engine, record)
    reader.close()
    engine.close()
    return record


def verify(engine: ClusterEngine, record: Record) -> None:
    """Compare what is there with what was acknowledged."""
    with engine.snapshot() as snapshot:
        held = Counter(one.id for one in snapshot.articles())
        record.wrong += snapshot.check()
    lost = record.acknowledged - set(held)
    record.wrong += [f"{one} was acknowledged and is lost" for one in sorted(lost)]
    record.wrong += [f"{one} is there {times} times" for one, times in held.items() if times > 1]
    extra = set(held) - record.acknowledged
    record.wrong += [f"{one} is there, though its commit failed" for one in sorted(extra)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=21)
    asked = parser.parse_args()
    with started(asked.folder) as cluster:
        faults = list(itertools.islice(itertools.cycle(FAULTS), asked.rounds))
        record = run(cluster, faults, asked.seed)
    print(f"commits: {dict(record.commits)}; searches: {dict(record.searches)}")
    print(f"{len(record.acknowledged)} articles acknowledged")
    for sentence in record.wrong:
        print(sentence)
    print(f"{len(record.wrong)} faults of ours")
    return 1 if record.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
