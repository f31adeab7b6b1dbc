"""The index compared with itself: every posting and column with what the stored articles say they should be."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from searcher.article import Article
from searcher.engine.terms import FIELDS
from searcher.engine.terms import terms_of
from searcher.engine.whoosh_schema import NO_DATE
from searcher.engine.whoosh_schema import PackedPositions
from searcher.engine.whoosh_schema import unpack
from searcher.errors import IndexDamaged

_MODULUS = 1 << 64


def check_reader(reader: Any, reading: Callable[[], AbstractContextManager[None]]) -> Iterator[str]:
    """Findings, segment by segment. An index that cannot be read on is a finding too."""
    seen: dict[str, int] = {}
    for number, (segment, _) in enumerate(reader.leaf_readers(), 1):
        if segment.doc_count_all() == 0:
            continue
        name = f"segment {number} ({segment.segment().segment_id()})"
        try:
            with reading():
                findings = list(_check_segment(name, segment, seen))
        except IndexDamaged as error:
            findings = [f"{name}: cannot be read: {error}"]
        yield from findings
    for article_id, times in seen.items():
        if times > 1:
            yield f"article {article_id}: stored {times} times"


def _check_segment(name: str, segment: Any, seen: dict[str, int]) -> Iterator[str]:
    expected: dict[int, int] = {}
    articles: dict[int, str] = {}
    for number in range(segment.doc_count_all()):
        if segment.is_deleted(number):
            continue
        try:
            stored = unpack(segment.stored_fields(number)["article"])
        except Exception as error:
            yield f"{name}: document {number}: its stored article cannot be read: {error!r}"
            continue
        seen[stored.id] = seen.get(stored.id, 0) + 1
        articles[number] = stored.id
        expected[number] = _expected_sum(stored)
        yield from _check_columns(f"{name}: article {stored.id}", segment, number, stored)
    found = _found_sums(segment)
    for number, article_id in articles.items():
        if found.get(number, 0) != expected[number]:
            yield f"{name}: article {article_id}: its postings are not those of its text"
    for number in found.keys() - expected.keys():
        yield f"{name}: document {number}: has postings but no article"


def _check_columns(name: str, segment: Any, number: int, article: Article) -> Iterator[str]:
    expected = {
        "id": article.id,
        "length": terms_of(article).length,
        "published": int(article.published.value.timestamp()) if article.published else NO_DATE,
        "language": article.language.encode(),
        "source_name": article.source.encode(),
    }
    for column, value in expected.items():
        found = segment.column_reader(column)[number]
        if found != value:
            yield f"{name}: its column {column} holds {found!r} instead of {value!r}"


def _posting_hash(field: str, term: bytes, positions: bytes) -> int:
    return hash((field, term, positions))


def _expected_sum(article: Article) -> int:
    """The sum over the article's postings of their hashes, which does not depend on their order."""
    encode = PackedPositions().encode
    total = _posting_hash("id", article.id.encode(), b"")
    for field, postings in terms_of(article).fields.items():
        for term, positions in postings.items():
            total += _posting_hash(field, term.encode(), encode(positions))
    return total % _MODULUS


def _found_sums(segment: Any) -> dict[int, int]:
    sums: dict[int, int] = {}
    for field, term in segment.all_terms():
        if field not in FIELDS and field != "id":
            continue
        matcher = segment.postings(field, term)
        while matcher.is_active():
            value = matcher.value() if field != "id" else b""
            sums[matcher.id()] = (sums.get(matcher.id(), 0) + _posting_hash(field, term, value)) % _MODULUS
            matcher.next()
    return sums
