"""Copies an index from one engine to another: its articles and their places among the stories."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from searcher.article import Article
from searcher.engine.places import UNPLACED, Place
from searcher.engine.protocol import Engine, Snapshot
from searcher.engine.searches import Search
from searcher.engine.stored import pack
from searcher.query.tree import Copies, Group, Query

Entry: TypeAlias = tuple[Article, Place | None]
"""An article with its place among the stories."""
Watched: TypeAlias = Callable[[Iterable[Entry], int], Iterable[Entry]]
"""Yields entries, and shows the progress. The number is that of all entries."""

_AT_ONCE = 5_000
"""Number of articles that are committed together. Larger loses more work to an interruption;
smaller commits more often."""
_EVERYTHING = Search(Query("", Group(()), copies=Copies.SHOW), sort="oldest")
"""The search that finds all articles."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The result of a copy."""

    articles: int
    """Number of articles of the source."""
    written: int
    """Number of those that were written; the others were there."""
    removed: int
    """Number of articles that the source does not have."""
    differences: int
    """Number of articles that differ at the end, or are in one of both only."""


def copy(
    source: Engine, target: Engine, wait: float = 10.0, watched: Watched = lambda items, _: items
) -> Copied:
    """Copy the newest commit of `source` to `target`, and compare both at the end.

    What is there already is not written again: a copy that was interrupted goes on, and one of an
    index that has grown takes what is new.

    wait: maximum number of seconds to wait for another writer. Raises as the engines.
    """
    held = digests(target) if target.exists() else {}
    with source.snapshot() as snapshot:
        waiting: list[Entry] = []
        known: dict[str, str] = {}
        written = 0
        for article, place in watched(_placed(snapshot), snapshot.count):
            known[article.id] = _digest(article, place)
            if held.get(article.id) != known[article.id]:
                waiting.append((article, place))
            if len(waiting) == _AT_ONCE:
                _write(target, waiting, wait)
                written += len(waiting)
                waiting = []
        _write(target, waiting, wait)
        written += len(waiting)
    gone = held.keys() - known.keys()
    if gone:
        with target.writer(wait) as writer:
            for article_id in gone:
                writer.delete(article_id)
    result = digests(target)
    different = sum(known.get(one) != result.get(one) for one in known.keys() | result.keys())
    return Copied(len(known), written, len(gone), different)


def digests(engine: Engine) -> dict[str, str]:
    """Return a digest of each article with its place, by id."""
    with engine.snapshot() as snapshot:
        return {article.id: _digest(article, place) for article, place in _placed(snapshot)}


def _placed(snapshot: Snapshot) -> Iterator[Entry]:
    for listed in snapshot.listing(_EVERYTHING).articles:
        yield listed.article, listed.place


def _write(target: Engine, waiting: list[Entry], wait: float) -> None:
    """Commit articles with their places; an empty list makes an empty index where there is none."""
    if not waiting and target.exists():
        return
    with target.writer(wait) as writer:
        for article, place in waiting:
            writer.add(article)
            writer.place(article.id, place or UNPLACED)


def _digest(article: Article, place: Place | None) -> str:
    text = json.dumps([pack(article), place], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
