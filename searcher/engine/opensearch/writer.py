"""The one writer of a cluster's index."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from searcher.article import Article
from searcher.engine.base import Committing
from searcher.engine.opensearch.client import Cluster, Json, Missing
from searcher.engine.opensearch.commits import Commits, Head, Lock, Versioned
from searcher.engine.opensearch.tokens import COUNTED, prepared, value_of, with_place
from searcher.engine.opensearch.view import any_of, either, every, seen
from searcher.engine.opensearch.vocabulary import ClusterVocabulary
from searcher.engine.places import Place
from searcher.engine.protocol import Prepared
from searcher.engine.stored import unpack
from searcher.errors import IndexUnreachable, WriteFailed

_AT_ONCE = 500
"""Number of articles whose earlier versions are looked up, and which are written, together."""
_MOST_WORDS = 1_000_000
"""Number of words of articles that are kept before they are written: about 15 MB of requests."""


def number_of(article_id: str, generation: int) -> int:
    """Return the number of the document of an article in a generation: 63 bits of a digest. A
    repeated request writes the same document again."""
    digest = hashlib.sha256(f"{generation}\0{article_id}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") >> 1


@dataclass(slots=True)
class Changes:
    """The change of the vocabulary by a commit."""

    counts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By field and term, the change of the numbers of articles and of occurrences."""

    def add(self, counts: Mapping[str, Mapping[str, int]], sign: int = 1) -> None:
        """Add the terms of an article. sign: -1 takes them away."""
        for name, terms in counts.items():
            for term, times in terms.items():
                held = self.counts.setdefault((name, term), [0, 0])
                held[0] += sign
                held[1] += sign * times

    def documents(self, index: str, generation: int) -> Iterator[tuple[Json, Json]]:
        """Yield the changes as documents with their actions."""
        for (name, term), (articles, times) in self.counts.items():
            if articles or times:
                text = value_of(term)
                digest = hashlib.sha256(f"{name}\0{text}".encode()).digest()
                key = urlsafe_b64encode(digest[:9]).decode()
                yield (
                    {"index": {"_index": index, "_id": f"{generation}.{key}"}},
                    {
                        name: text,
                        "articles": articles,
                        "times": times,
                        "born": generation,
                    },
                )


class ClusterWriter(Committing):
    """Writes documents of the next generation, which readers do not see before the commit."""

    def __init__(
        self,
        cluster: Cluster,
        commits: Commits,
        lock: Lock,
        held: tuple[Head, Versioned],
        new: Head,
    ) -> None:
        """
        held: the newest commit.
        new: the commit to make, as it is without any change.
        """
        self._cluster = cluster
        self._commits = commits
        self._lock = lock
        self._before, self._version = held
        self._new = new
        self._afresh = new.articles != self._before.articles
        self._pending: dict[str, Prepared | None] = {}
        self._words = 0
        self._written: set[str] = set()
        self._dead: dict[str, int] = {}
        self._placed: dict[str, Place] = {}
        self._changes = Changes()
        self._is_used = False

    def add(self, article: Article | Prepared) -> None:
        found = article if isinstance(article, Prepared) else prepared(article)
        self._pending[found.id] = found
        self._words += found.document[0]["length"]
        self._flush_full()

    def delete(self, article_id: str) -> None:
        self._pending[article_id] = None
        self._flush_full()

    def place(self, article_id: str, place: Place) -> None:
        self._placed[article_id] = place

    def _flush_full(self) -> None:
        if len(self._pending) >= _AT_ONCE or self._words >= _MOST_WORDS:
            self._flush()

    def _flush(self) -> None:
        """Write what is kept."""
        self._lock.check()
        pending, self._pending, self._words = self._pending, {}, 0
        if not pending:
            return
        self._is_used = True
        actions: list[tuple[Json, Json | None]] = []
        for article, _ in self._held(pending):
            self._changes.add(prepared(article).document[1], -1)
            if article.id in self._written and pending[article.id] is None:
                self._written.discard(article.id)
                actions.append(({"delete": self._target(article.id)}, None))
        for article_id, found in pending.items():
            if found is not None:
                document, counts = found.document
                self._changes.add(counts)
                self._written.add(article_id)
                actions.append(self._written_as(article_id, document))
        self._cluster.bulk(actions)

    def _target(self, article_id: str) -> Json:
        number = number_of(article_id, self._new.generation)
        return {"_index": self._new.articles, "_id": str(number)}

    def _written_as(self, article_id: str, document: Json) -> tuple[Json, Json]:
        """Return the action that writes an article, and its document."""
        born = {"number": number_of(article_id, self._new.generation)}
        generation = {"born": self._new.generation}
        return {"index": self._target(article_id)}, {**document, **born, **generation}

    def _held(self, ids: Iterable[str]) -> list[tuple[Article, int]]:
        """Return the articles with these ids as this commit would have them now, each with the
        number of its document."""
        asked = list(ids)
        new = [one for one in asked if one in self._written]
        old = [one for one in asked if one not in self._written and one not in self._dead]
        return [*self._fetched(new), *self._found(old)]

    def _fetched(self, ids: Sequence[str]) -> Iterator[tuple[Article, int]]:
        """Yield articles that were written for this commit."""
        if ids:
            targets = [{**self._target(one), "_source": ["article", "number"]} for one in ids]
            for one in self._cluster.ask("POST", "/_mget", {"docs": targets})["docs"]:
                if not one.get("found"):
                    raise WriteFailed("an article that was just written is not there")
                yield unpack(one["_source"]["article"]), one["_source"]["number"]

    def _found(self, ids: Sequence[str]) -> Iterator[tuple[Article, int]]:
        """Yield articles of the commit before."""
        if self._afresh:
            return
        for start in range(0, len(ids), _AT_ONCE):
            some = [value_of(one) for one in ids[start : start + _AT_ONCE]]
            body = {
                "query": every(seen(self._before), either(list(any_of("key", some)))),
                "size": len(some),
                "track_total_hits": False,
                "_source": ["article", "number"],
            }
            answer = self._cluster.ask("POST", f"/{self._before.articles}/_search", body)
            if answer["_shards"]["failed"]:
                raise WriteFailed("a part of the index does not answer")
            for hit in answer["hits"]["hits"]:
                article, number = unpack(hit["_source"]["article"]), hit["_source"]["number"]
                self._dead[article.id] = number
                yield article, number

    def _place_all(self) -> None:
        """Write the places of articles. Each is a new document of its article."""
        waiting = list(self._placed)
        for start in range(0, len(waiting), _AT_ONCE):
            self._lock.check()
            actions: list[tuple[Json, Json | None]] = []
            for article, _ in self._held(waiting[start : start + _AT_ONCE]):
                document = prepared(article).document[0]
                placed = with_place(document, self._placed[article.id])
                actions.append(self._written_as(article.id, placed))
                self._written.add(article.id)
                self._is_used = True
            self._cluster.bulk(actions)

    def commit(self) -> int:
        try:
            self._flush()
            self._place_all()
            head = self._finished()
            self._refresh(head)
            self._lock.check()
            self._put(head)
        except WriteFailed:
            self.cancel()
            raise
        except IndexUnreachable as error:
            self.cancel()
            raise WriteFailed(f"{error}; the index is unchanged") from error
        sweep(self._cluster, self._commits)
        self._lock.release()
        return head.generation

    def _finished(self) -> Head:
        """Write the changes of the vocabulary. Return the commit."""
        is_whole = self._new.words != self._before.words
        if is_whole and not self._afresh:
            self._add_totals()
        written = 0

        def counted() -> Iterator[tuple[Json, Json]]:
            nonlocal written
            for one in self._changes.documents(self._new.words, self._new.generation):
                written += 1
                yield one

        self._cluster.bulk(counted())
        self._is_used = self._is_used or bool(written) or is_whole
        dead = () if self._afresh else tuple(self._dead.values())
        deltas = written if is_whole else self._new.deltas + written
        base = deltas if is_whole or not self._new.base else self._new.base
        return replace(self._new, dead=dead, deltas=deltas, base=base)

    def _add_totals(self) -> None:
        """Add the vocabulary of the commit before, so that it is written afresh."""
        vocabulary = ClusterVocabulary(self._cluster, self._before)
        for name in COUNTED:
            for term, articles, times in vocabulary.totals(name):
                held = self._changes.counts.setdefault((name, term), [0, 0])
                held[0] += articles
                held[1] += times

    def _refresh(self, head: Head) -> None:
        if not self._is_used:
            return
        answer = self._cluster.ask("POST", f"/{head.articles},{head.words}/_refresh")
        if answer["_shards"]["failed"]:
            raise WriteFailed("a part of the index does not answer; the index is unchanged")

    def _put(self, head: Head) -> None:
        try:
            self._commits.put_head(head, self._version)
        except (IndexUnreachable, WriteFailed):
            # The answer may have been lost, not the request.
            found = self._commits.head()
            if found is None or found[0] != head:
                raise

    def cancel(self) -> None:
        is_clean = not self._is_used
        try:
            made = {self._new.articles, self._new.words}
            for name in made - {self._before.articles, self._before.words}:
                self._cluster.ask("DELETE", f"/{name}")
            if self._is_used and not self._afresh:
                purge(self._cluster, self._before, [self._new.generation])
            is_clean = True
        except (IndexUnreachable, Missing):
            # The next writer removes what is left; nobody sees it.
            is_clean = False
        self._lock.release(unused=is_clean)


def purge(cluster: Cluster, head: Head, generations: Sequence[int]) -> None:
    """Remove the documents of generations that were not committed. Raises IndexUnreachable."""
    both = f"/{head.articles},{head.words}"
    cluster.ask("POST", f"{both}/_refresh")
    body: dict[str, Any] = {"query": {"terms": {"born": list(generations)}}}
    cluster.ask("POST", f"{both}/_delete_by_query", body, conflicts="proceed", refresh="true")


def sweep(cluster: Cluster, commits: Commits) -> None:
    """Remove the documents that the newest commit replaced. If it fails, the next writer does it:
    nobody sees them."""
    found = commits.head()
    if found is None or not found[0].dead:
        return
    head, version = found
    try:
        cluster.bulk(
            ({"delete": {"_index": head.articles, "_id": str(number)}}, None)
            for number in head.dead
        )
        cluster.ask("POST", f"/{head.articles}/_refresh")
        commits.put_head(replace(head, dead=()), version)
    except (IndexUnreachable, WriteFailed):
        return
