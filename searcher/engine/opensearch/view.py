"""The documents of one commit, as of one point in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from searcher.engine.opensearch.client import Cluster, Json, Missing
from searcher.engine.opensearch.commits import Commits, Head
from searcher.engine.opensearch.mapping import MOST_ROWS
from searcher.errors import IndexUnreachable

KEPT_MINUTES = 5
"""Minutes for which the cluster keeps a point in time that nobody searches. Longer keeps the disk
space of merged parts; each search begins them anew."""
_SETTLED = 20.0
"""Seconds after which a point in time is of a process that goes on."""
_MOST_TERMS = 60_000
"""Maximum number of values of one condition; the cluster takes 65,536."""
_CLAUSES_AT_ONCE = 1_000
"""Number of values of a group of an aggregation that are read at once."""


class Group(NamedTuple):
    """A value of a field, with the documents that have it."""

    value: Any
    """The value."""
    size: int
    """Number of documents."""
    inner: Json
    """Results of inner aggregations."""


class Spent(Exception):
    """The time budget of a search is spent."""


class Budget:
    """The time budget of one search, and what was left out of its results."""

    def __init__(self, deadline: float | None) -> None:
        """deadline: time of time.monotonic."""
        self._deadline = deadline
        self.cut_short = False
        """Whether a request did not end in time."""
        self.parts = 0
        """Number of parts of the index that were asked."""
        self.failed = 0
        """Number of those that did not answer."""

    def left(self) -> float | None:
        """Return the number of seconds that are left; None without a limit. Raises Spent."""
        if self._deadline is None:
            return None
        left = self._deadline - time.monotonic()
        if left <= 0:
            self.cut_short = True
            raise Spent
        return left

    def note(self, answer: Json, missing: int, parts: int) -> None:
        """Note what an answer says about itself.

        missing, parts: numbers of the parts that were not asked, and of all.
        """
        self.cut_short = self.cut_short or bool(answer.get("timed_out"))
        failed = missing + answer.get("_shards", {}).get("failed", 0)
        if failed >= self.failed:
            self.failed, self.parts = failed, max(parts, answer.get("_shards", {}).get("total", 0))


class View:
    """The documents of one commit. Safe in threads."""

    def __init__(self, cluster: Cluster, commits: Commits, head: Head) -> None:
        """head: the commit. Raises Missing and IndexUnreachable."""
        self.cluster = cluster
        self.head = head
        self._commits = commits
        self._lock = threading.Lock()
        self._begun = self._used = time.monotonic()
        self._point = self._opened()
        self.visible = seen(head)
        """The condition that a document of this commit meets."""

    def _opened(self) -> str:
        answer = self.cluster.ask(
            "POST",
            f"/{self.head.articles}/_search/point_in_time",
            keep_alive=f"{self._minutes}m",
        )
        shards = answer["_shards"]
        # Later answers do not tell of parts that were not there now.
        self._missing = (shards["total"] - shards["successful"], shards["total"])
        return str(answer["pit_id"])

    @property
    def _minutes(self) -> int:
        """The number of minutes for which to keep the point in time. Those of commands, which end
        after one search, are not kept long: a node has at most 300."""
        return KEPT_MINUTES if time.monotonic() - self._begun > _SETTLED else 1

    @property
    def is_kept(self) -> bool:
        """Whether the cluster surely still has this point in time, with all parts."""
        idle = time.monotonic() - self._used
        settled = self._used - self._begun > _SETTLED
        return not self._missing[0] and idle < ((KEPT_MINUTES - 1) * 60 if settled else 30)

    def search(self, body: Json, budget: Budget | None = None, **parameters: Any) -> Json:
        """Return the answer to a search among all documents of the point in time.

        Raises Spent and IndexUnreachable.
        """
        budget = budget or Budget(None)
        for again in (True, False):
            left = budget.left()
            asked = {**body, "pit": {"id": self._point, "keep_alive": f"{self._minutes}m"}}
            if left is not None:
                asked["timeout"] = f"{max(1, int(left * 1000))}ms"
            point = self._point
            try:
                answer = self.cluster.ask("POST", "/_search", asked, left, **parameters)
            except Missing:
                if not again:
                    raise IndexUnreachable(_GONE) from None
            else:
                if not (again and answer.get("_shards", {}).get("failed")):
                    self._used = time.monotonic()
                    budget.note(answer, *self._missing)
                    return answer
            self._reopen(point)
        raise AssertionError

    def _reopen(self, point: str) -> None:
        """Open the point in time again, on other copies of the parts. Only the newest commit has
        all its documents then."""
        with self._lock:
            if self._point != point:
                return
            found = self._commits.head()
            if found is None or found[0].generation != self.head.generation:
                raise IndexUnreachable(_GONE)
            self._point = self._opened()

    def rows(
        self,
        query: Json,
        sort: Sequence[Json],
        columns: Sequence[str],
        budget: Budget | None = None,
        first: int = 1_000,
        source: Sequence[str] = (),
        scored: bool = False,
    ) -> Iterator[Json]:
        """Yield the documents that a query finds, in order; they are read as they are taken.

        first: number of those that are read at once. source: fields of their sources. scored:
        whether the scores of named queries are returned.
        """
        after: list[Any] | None = None
        size = min(first, MOST_ROWS)
        # The ids of articles are unique, and those of their documents are, too.
        order = [*sort, {"number": "asc"}]
        while True:
            body: Json = {
                "query": query,
                "sort": order,
                "size": size,
                "track_total_hits": False,
                "_source": list(source) or False,
                "docvalue_fields": list(columns),
            }
            if scored:
                body["track_scores"] = True
            if after:
                body["search_after"] = after
            named = {"include_named_queries_score": "true"} if scored else {}
            hits = self.search(body, budget, **named)["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]
            size = min(max(size, 1_000), MOST_ROWS)

    def groups(
        self, query: Json, field: str, inner: Json | None = None, budget: Budget | None = None
    ) -> Iterator[Group]:
        """Yield the values of a field among the documents that a query finds, in order, each with
        their exact number. Documents without a value are not counted."""
        after: Json | None = None
        while True:
            source: Json = {
                "size": _CLAUSES_AT_ONCE if inner else MOST_ROWS,
                "sources": [{"value": {"terms": {"field": field}}}],
            }
            if after:
                source["after"] = after
            grouped: Json = {"composite": source}
            if inner:
                grouped["aggs"] = inner
            body = {
                "query": query,
                "size": 0,
                "track_total_hits": False,
                "aggs": {"groups": grouped},
            }
            found = self.search(body, budget)["aggregations"]["groups"]
            for one in found["buckets"]:
                yield Group(one["key"]["value"], one["doc_count"], one)
            after = found.get("after_key")
            if after is None or len(found["buckets"]) < source["size"]:
                return

    def close(self) -> None:
        """Give up the point in time."""
        try:
            self.cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": [self._point]})
        except (Missing, IndexUnreachable):
            # The cluster drops it after KEPT_MINUTES.
            return


_GONE = "the search cluster no longer has the state that was read; please ask again"


def seen(head: Head) -> Json:
    """Return the condition that documents of a commit meet."""
    hidden: list[Json] = list(any_of("number", head.dead))
    if head.failed:
        hidden.append({"terms": {"born": list(head.failed)}})
    born: Json = {"range": {"born": {"lte": head.generation}}}
    return {"bool": {"filter": [born], "must_not": hidden}} if hidden else born


def any_of(field: str, values: Sequence[Any]) -> Iterator[Json]:
    """Yield conditions of which a document meets one if its value of a field is one of these."""
    for start in range(0, len(values), _MOST_TERMS):
        yield {"terms": {field: list(values[start : start + _MOST_TERMS])}}


def either(conditions: Sequence[Json]) -> Json:
    """Return the condition that one of these is met."""
    if not conditions:
        return {"match_none": {}}
    if len(conditions) == 1:
        return conditions[0]
    return {"bool": {"should": list(conditions), "minimum_should_match": 1}}


def every(*conditions: Json) -> Json:
    """Return the condition that all of these are met."""
    return {"bool": {"filter": list(conditions)}}


def but(wanted: Json, *unwanted: Json) -> Json:
    """Return the condition that one is met and no other."""
    return {"bool": {"filter": [wanted], "must_not": list(unwanted)}}


def column(hit: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """Return the value of a column of a row."""
    found = hit.get("fields", {}).get(name)
    return found[0] if found else default
