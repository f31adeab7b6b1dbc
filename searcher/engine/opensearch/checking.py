"""Compares an index in a cluster with the articles that it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from searcher.engine.opensearch.client import Json
from searcher.engine.opensearch.tokens import digest_of, prepared
from searcher.engine.opensearch.view import View
from searcher.engine.opensearch.vocabulary import ClusterVocabulary
from searcher.engine.opensearch.writer import Changes
from searcher.engine.stored import unpack
from searcher.engine.terms import terms_of

_AT_ONCE = 500
"""Number of articles that are read at once."""


def faults(view: View, vocabulary: ClusterVocabulary) -> Iterator[str]:
    """Yield a sentence for each fault: an article that is there twice, terms that are not those of
    its text, and words that are counted otherwise.

    The postings themselves are the cluster's, which has checksums of its files.
    """
    yield from _missing(view)
    ids: Counter[str] = Counter()
    changes = Changes()
    source = ["article", "digest", "key"]
    rows: Iterator[Json] = view.rows(view.visible, [], [], first=_AT_ONCE, source=source)
    for hit in rows:
        article = unpack(hit["_source"]["article"])
        ids[article.id] += 1
        if hit["_source"]["digest"] != digest_of(terms_of(article)):
            yield f"article {article.id}: its terms are not those of its text"
        changes.add(prepared(article).document[1])
    for article_id, times in ids.items():
        if times > 1:
            yield f"article {article_id}: it is there {times} times"
    yield from _miscounted(vocabulary, changes)


def _missing(view: View) -> Iterator[str]:
    """Yield a sentence if parts of the index, or copies of them, are on no node."""
    names = f"{view.head.articles},{view.head.words}"
    health = view.cluster.ask("GET", f"/_cluster/health/{names}")
    missing = health["unassigned_shards"] + health["initializing_shards"]
    if missing:
        kind = "parts or copies" if health["status"] == "red" else "copies of parts"
        yield f"{missing} {kind} of the index are on no node: the cluster is {health['status']}"


def _miscounted(vocabulary: ClusterVocabulary, changes: Changes) -> Iterator[str]:
    by_field: dict[str, list[str]] = {}
    for name, term in changes.counts:
        by_field.setdefault(name, []).append(term)
    for name, terms in by_field.items():
        for start in range(0, len(terms), 10_000):
            some = terms[start : start + 10_000]
            for term, counted in zip(some, vocabulary.counts(name, some), strict=True):
                if list(counted) != changes.counts[name, term]:
                    yield f"the word “{term}” of the field {name} is counted as {counted[0]}"
