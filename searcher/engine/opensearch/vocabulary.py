"""The vocabulary of a commit: the sums of what each commit changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from searcher.engine.expansion import MOST_SCANNED
from searcher.engine.opensearch.client import Cluster, Json
from searcher.engine.opensearch.commits import Head
from searcher.engine.opensearch.tokens import value_of
from searcher.engine.opensearch.view import any_of, either, every, seen
from searcher.engine.terms import FORM, NAME, PHRASE, TEXT
from searcher.text.names import ALL_CAPS, key, keys
from searcher.text.pieces import ENDS_COMPOUND

_AT_ONCE = 10_000
"""Number of terms of one answer."""
_MOST_REMEMBERED = 20_000
"""Maximum number of cached results. A full cache is emptied."""

_Answer = TypeVar("_Answer")
Counts = tuple[int, int]
"""Number of articles that contain a term, and of its occurrences."""


class ClusterVocabulary:
    """The words of a commit. See `protocol.Vocabulary`. Safe in threads."""

    def __init__(self, cluster: Cluster, head: Head) -> None:
        self._cluster = cluster
        self._head = head
        self._seen = seen(head)
        self._known: dict[tuple[str, str], Counts] = {}
        self._found: dict[Hashable, Any] = {}
        self._lock = threading.Lock()

    def _search(self, field: str, condition: Json | None, aggregation: Json) -> Json:
        """Return an aggregation over terms of a field."""
        body = {
            "query": every(condition or {"exists": {"field": field}}, self._seen),
            "size": 0,
            "track_total_hits": False,
            "aggs": {"terms": aggregation},
        }
        answer = self._cluster.ask("POST", f"/{self._head.words}/_search", body)
        found: Json = answer["aggregations"]["terms"]
        return found

    def _each(self, field: str, condition: Json | None) -> Iterator[tuple[str, int]]:
        """Yield the terms of a field that meet a condition, in order, each with its number of
        articles."""
        return ((term, articles) for term, articles, _ in self.totals(field, condition))

    def totals(self, field: str, condition: Json | None = None) -> Iterator[tuple[str, int, int]]:
        """Yield the terms of a field that meet a condition, in order, each with its number of
        articles and of occurrences."""
        after: Json | None = None
        while True:
            source: Json = {"size": _AT_ONCE, "sources": [{"t": {"terms": {"field": field}}}]}
            if after:
                source["after"] = after
            found = self._search(field, condition, {"composite": source, "aggs": _SUMS})
            for one in found["buckets"]:
                if (articles := int(one["articles"]["value"])) > 0:
                    yield one["key"]["t"], articles, int(one["times"]["value"])
            after = found.get("after_key")
            if after is None or len(found["buckets"]) < _AT_ONCE:
                return

    def _most_frequent(
        self, field: str, condition: Json | None, count: int
    ) -> list[tuple[str, int]]:
        """Return the `count` most frequent terms that meet a condition, the most frequent first."""
        ranked = {
            "terms": {
                "field": field,
                "size": count,
                "order": [{"articles": "desc"}, {"_key": "asc"}],
            },
            "aggs": _SUMS,
        }
        found = self._search(field, condition, ranked)["buckets"]
        counted = ((one["key"], int(one["articles"]["value"])) for one in found)
        return [(term, articles) for term, articles in counted if articles > 0]

    def _remembered(self, asked: Hashable, find: Callable[[], _Answer]) -> _Answer:
        with self._lock:
            if asked in self._found:
                held: _Answer = self._found[asked]
                return held
        found = find()
        with self._lock:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[asked] = found
        return found

    def counts(self, field: str, terms: Iterable[str]) -> list[Counts]:
        """Return the numbers of each of these terms of a field."""
        asked = [value_of(term) for term in terms]
        missing = sorted({term for term in asked if (field, term) not in self._known})
        found: dict[tuple[str, str], Counts] = {}
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            listed = {"terms": {"field": field, "size": len(some)}, "aggs": _SUMS}
            answer = self._search(field, either(list(any_of(field, some))), listed)
            found.update(((field, term), (0, 0)) for term in some)
            for one in answer["buckets"]:
                sums = (int(one["articles"]["value"]), int(one["times"]["value"]))
                found[field, one["key"]] = sums
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known = {}
            known = self._known | found
            self._known = known
        return [known.get((field, term), (0, 0)) for term in asked]

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        return self._each(FORM, _begins(FORM, prefix))

    def containing(
        self, part: str, prefix: str = "", field: str = FORM
    ) -> Iterator[tuple[str, int]]:
        inside: Json = {"wildcard": {field: {"value": f"*{_plain(value_of(part))}*"}}}
        for number, found in enumerate(self._each(field, every(_begins(field, prefix), inside))):
            if number == MOST_SCANNED:
                return
            yield found

    def within(self, word: str, distance: int, beginning: str = "") -> list[tuple[str, int, int]]:
        near: Json = {
            "fuzzy": {FORM: {"value": word, "fuzziness": distance, "rewrite": "constant_score"}}
        }
        condition = every(near, _begins(FORM, beginning)) if beginning else near
        counts = {
            form: articles
            for form, articles in self._each(FORM, condition)
            if form[0] != ENDS_COMPOUND
        }
        scored = process.extract(
            word, list(counts), scorer=OSA.distance, score_cutoff=distance, limit=None
        )
        return [(form, int(edits), counts[form]) for form, edits, _ in scored]

    def listed(self, form: str) -> list[tuple[str, int]]:
        return self._remembered(("listed", form), lambda: self._list(form))

    def _list(self, form: str) -> list[tuple[str, int]]:
        return [
            (term[len(begin) + 1 :], articles)
            for begin in keys(form)
            for term, articles in self._each(NAME, _begins(NAME, f"{begin} "))
        ]

    def holding(self, form: str) -> int:
        return self.counts(FORM, (form,))[0][0]

    def name_share(self, form: str) -> float:
        ((held, times),) = self.counts(FORM, (form,))
        named, shouted = self.counts(NAME, (f"{key(form)} {form}", f"{ALL_CAPS} {form}"))
        if 2 * (named[0] + shouted[0]) < held:
            return 0.0
        written = times - shouted[1]
        return named[1] / written if written else 0.0

    def stems(self, terms: Sequence[str]) -> list[int]:
        return [articles for articles, _ in self.counts(TEXT, terms)]

    def forms(self, forms: Sequence[str]) -> list[int]:
        return [articles for articles, _ in self.counts(FORM, forms)]

    def stems_beginning(self, language: str, begin: str, count: int) -> list[tuple[str, int]]:
        begun = _begins(TEXT, f"{language}:{begin}")
        return self._remembered(
            ("begin", language, begin, count), lambda: self._most_frequent(TEXT, begun, count)
        )

    def stems_ending(self, language: str, end: str, count: int) -> list[tuple[str, int]]:
        ended: Json = {"wildcard": {TEXT: {"value": f"{_plain(f'{language}:')}*{_plain(end)}"}}}
        return self._remembered(
            ("end", language, end, count), lambda: self._most_frequent(TEXT, ended, count)
        )

    def completions(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return self._most_frequent(FORM, _begins(FORM, prefix), count)

    def phrases(self, prefix: str, count: int) -> list[tuple[str, int]]:
        return self._most_frequent(PHRASE, _begins(PHRASE, prefix), count)


_SUMS: Json = {
    "articles": {"sum": {"field": "articles"}},
    "times": {"sum": {"field": "times"}},
}


def _begins(field: str, prefix: str) -> Json:
    """Return the condition that a term of a field begins so."""
    return {"prefix": {field: {"value": prefix}}} if prefix else {"exists": {"field": field}}


def _plain(text: str) -> str:
    """Return a text whose signs have no meaning in a wildcard."""
    return "".join("\\" + char if char in "\\*?" else char for char in text)
