"""Queries for the corpus of real length, each made from an article of its own.

Nothing is to be tuned to one set of queries: another seed gives another set of the same kinds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.corpus import Item
from benchmarks.queries import COMMON, Query

_KINDS = ("or",) * 12 + ("phrase",) * 3 + ("dated",) * 3 + ("source", "prefix", "and")
_KINDS += ("names",) * 4
"""The kinds of queries, as often as they are drawn."""

_SIZES = (1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12)
"""Number of words of the queries of kind "or"."""

_TYPED = 3
"""Maximum number of words of a query that is typed as keywords, without articles and prepositions.
Longer ones are made like the sentences that people paste."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(r"\b[A-Z][a-z]{4,} [A-Z][a-z]{4,}")
_RUN = re.compile(r"[^\W\d_A-Z]+(?: [^\W\d_A-Z]+){3,}")


def draw(article: Callable[[int], Item], articles: int, count: int, seed: int) -> list[Query]:
    """Return `count` queries: words of 1 to 12, phrases, filters, prefixes and names.

    article: returns the article of a number below `articles`.
    """
    chance = random.Random(seed)
    made: list[Query] = []
    while len(made) < count:
        item, kind = article(chance.randrange(articles)), chance.choice(_KINDS)
        query = _query(item, kind, chance)
        if query is not None:
            made.append(query)
    return made


def regrouped(queries: list[Query], seed: int) -> list[Query]:
    """Return queries of the same words in other combinations.

    They warm what an engine keeps of words and of pages of its index, and nothing of queries.
    """
    chance = random.Random(seed)
    words = [word for query in queries if query.kind != "prefix" for word in query.words]
    chance.shuffle(words)
    return [Query("or", tuple(words[at : at + 4])) for at in range(0, len(words), 4)]


def _query(item: Item, kind: str, chance: random.Random) -> Query | None:
    """Return a query of this kind made from an article, or None if it has no words for one."""
    words = _WORD.findall(f"{item.title} {item.body}".lower())
    keywords = [word for word in words if word not in COMMON]
    if len(keywords) < 12:
        return None
    if kind == "phrase":
        return _phrase(item, chance)
    if kind == "dated":
        start = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(3200))
        end = start + timedelta(days=chance.choice((30, 90, 365)))
        return Query("dated", tuple(chance.sample(keywords, 3)), start, end)
    if kind == "source":
        return Query("source", tuple(chance.sample(keywords, 2)), source=item.source)
    if kind == "prefix":
        longer = [word for word in keywords if len(word) >= 6]
        return Query("prefix", (chance.choice(longer)[:4],)) if longer else None
    if kind == "and":
        return Query("and", tuple(chance.sample(keywords, 3)))
    if kind == "names":
        names = _NAME.findall(item.body)
        return Query("or", tuple(chance.choice(names).lower().split())) if names else None
    size = chance.choice(_SIZES)
    at = chance.randrange(len(words) - 12)
    near = chance.sample(keywords, size) if size <= _TYPED else words[at : at + size]
    return Query("or", tuple(dict.fromkeys(near)))


def _phrase(item: Item, chance: random.Random) -> Query | None:
    """Return two or three words in a row, not at the edge of their run, where words may be cut."""
    runs = _RUN.findall(item.body)
    words = chance.choice(runs).split() if runs else []
    found = tuple(words[1 : 1 + chance.choice((2, 3))])
    return Query("phrase", found) if found and not COMMON.issuperset(found) else None
