"""The cost of going through us to a cluster, and the bytes of an article there and in our index.

python -m benchmarks.cluster_costs FOLDER FILE [--articles 5000]

FILE is a corpus as `benchmarks.corpus_file` writes it. Three nodes are started in FOLDER. The same
requests are sent twice: by the engine, and straight to the cluster as they were recorded.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from benchmarks.corpus_file import items
from benchmarks.local_cluster import started
from benchmarks.peers.ours import NOW, Ours, article
from benchmarks.real_queries import draw
from searcher.article import Article
from searcher.engine.opensearch.client import Cluster, address_of
from searcher.engine.opensearch.engine import ClusterEngine
from searcher.engine.opensearch.mapping import Copying, articles_index, words_index
from searcher.engine.searches import Search
from searcher.engine.whoosh_engine import WhooshEngine
from searcher.query.parser import parse

_QUERIES = 60
"""Number of queries, of the kinds that `benchmarks.real_queries` draws."""
_FACETS = ("language", "source", "month")
_HALF_LIFE = timedelta(days=30).total_seconds()


class Sent(NamedTuple):
    """A request that the engine sent."""

    method: str
    path: str
    body: Any
    parameters: dict[str, Any]


class Recording(Cluster):
    """A cluster that remembers the requests to it."""

    sent: list[Sent]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        seconds: float | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        self.sent.append(Sent(method, path, body, parameters))
        return super().ask(method, path, body, seconds, **parameters)


class Straight:
    """A connection to a node without a client library."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._connection = http.client.HTTPConnection(str(where.hostname), where.port)

    def ask(self, sent: Sent) -> bytes:
        """Send a request, and return the answer unread."""
        body = (
            sent.body if isinstance(sent.body, str) or sent.body is None else json.dumps(sent.body)
        )
        path = sent.path + (f"?{urlencode(sent.parameters)}" if sent.parameters else "")
        kind = "application/x-ndjson" if sent.path == "/_bulk" else "application/json"
        data = body.encode() if body else None
        self._connection.request(sent.method, path, data, {"Content-Type": kind})
        return self._connection.getresponse().read()


def seconds(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def loading(cluster: Recording, straight: Straight, articles: list[Article]) -> None:
    """Print the rate of loading through us and by the bare bulk requests."""
    cluster.sent = []
    engine = ClusterEngine(cluster, Copying(shards=3, replicas=1))
    with engine.writer(wait=60):
        pass
    prepare = seconds(lambda: [engine.prepare(one) for one in articles])
    ready = [engine.prepare(one) for one in articles]
    writer = engine.writer(wait=60)
    cluster.sent = []

    def add() -> None:
        for one in ready:
            writer.add(one)
        writer.commit()

    ours = seconds(add)
    bulk = [one for one in cluster.sent if one.path == "/_bulk"]
    head = engine._head()
    for name, body in ((head.articles, articles_index), (head.words, words_index)):
        straight.ask(Sent("PUT", f"/bare-{name}", body(Copying(shards=3, replicas=1)), {}))
    bare = [_renamed(one, (head.articles, head.words)) for one in bulk]

    def send() -> None:
        for one in bare:
            assert b'"errors":true' not in straight.ask(one)
        straight.ask(Sent("POST", f"/bare-{head.articles},bare-{head.words}/_refresh", None, {}))

    plain = seconds(send)
    count = len(articles)
    print(f"loading: {count / ours:,.0f} articles/s through us, {count / plain:,.0f} by bare bulk")
    print(f"ratio of the rates: {plain / ours:.2f}")
    print(f"analysis, in other processes or before: {prepare / count * 1e3:.2f} ms an article")
    straight.ask(Sent("DELETE", f"/bare-{head.articles},bare-{head.words}", None, {}))


def sizes(cluster: Recording, engine: ClusterEngine, folder: Path, articles: list[Article]) -> None:
    """Print the bytes of an article in the cluster, without copies, and in our own index."""
    head = engine._head()
    for name in (head.articles, head.words):
        cluster.ask("POST", f"/{name}/_forcemerge", max_num_segments=1)
        found = cluster.ask("GET", f"/{name}/_stats/store")
        size = found["_all"]["primaries"]["store"]["size_in_bytes"]
        print(f"{name}: {size / len(articles):,.0f} bytes an article")
    shutil.rmtree(folder, ignore_errors=True)
    own = WhooshEngine(folder)
    with own.writer() as writer:
        for one in articles:
            writer.add(one)
    print(f"our own index: {own.stored_bytes() / len(articles):,.0f} bytes an article")


def pages(cluster: Recording, engine: ClusterEngine, straight: Straight, texts: list[str]) -> None:
    """Print the time of pages through us, and of the same requests."""
    searches = [
        Search(parse(text, NOW), facets=_FACETS, half_life=_HALF_LIFE, limit=10) for text in texts
    ]
    with engine.snapshot() as snapshot:
        first = [seconds(lambda one=one: snapshot.search(one)) for one in searches]
        ours, bare, requests = [], [], []
        for search in searches:
            cluster.sent = []
            ours.append(
                min(seconds(lambda search=search: snapshot.search(search)) for _ in range(3))
            )
            sent = cluster.sent[: len(cluster.sent) // 3]
            requests.append(len(sent))
            bare.append(
                min(
                    seconds(lambda sent=sent: [straight.ask(one) for one in sent]) for _ in range(3)
                )
            )
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    once, again, plain = (statistics.median(one) * 1e3 for one in (first, ours, bare))
    print(f"pages: {once:.0f} ms when their words are looked up, {again:.1f} ms again")
    print(f"the same {statistics.median(requests):.0f} requests straight: {plain:.1f} ms")
    print(f"ratio: {ratio:.2f}")


def _renamed(sent: Sent, names: tuple[str, ...]) -> Sent:
    """Return a bulk request with other names of indices."""
    body = sent.body
    for name in names:
        body = body.replace(f'"_index": "{name}"', f'"_index": "bare-{name}"')
    return sent._replace(body=body)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=5_000)
    asked = parser.parse_args()
    held = list(itertools.islice(items(asked.file), asked.articles))
    articles = [article(item) for item in held]
    queries = draw(lambda number: held[number], len(held), _QUERIES, seed=21)
    with started(asked.folder) as found:
        cluster = Recording(address_of(f"{found.address(1)}/costs"))
        straight = Straight(found.address(1))
        loading(cluster, straight, articles)
        engine = ClusterEngine(cluster)
        pages(cluster, engine, straight, [Ours.text(query) for query in queries])
        sizes(cluster, engine, asked.folder / "own", articles)
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
