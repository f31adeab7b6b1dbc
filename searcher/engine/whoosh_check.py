"""The check of an index: every checksum is verified, and every posting and column is compared with
the stored articles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from searcher.article import Article
from searcher.columnar.fields import Codes, CodeSet
from searcher.columnar.files.open_segment import Part
from searcher.columnar.files.postings import FieldPostings
from searcher.columnar.files.segment_file import FileDamaged
from searcher.columnar.searching.view import View
from searcher.engine.searches import facet_value
from searcher.engine.stored import unpack
from searcher.engine.terms import FIELDS, SKETCH, UNPLACED, terms_of
from searcher.engine.whoosh_schema import (
    AGENCY,
    ARTICLE,
    KEY,
    KIND,
    LANGUAGE,
    NO_DATE,
    PUBLISHED,
    SECTION,
    SOURCE,
)

_MODULUS = 1 << 64
"""Modulus of the sums of hashes, so that a sum fits in 64 bits."""

_AT_ONCE = 2_000
"""Number of terms whose postings are read at once. Larger takes more memory."""


def check_view(view: View) -> Iterator[str]:
    """Yield a sentence for each fault, segment by segment. A segment that cannot be read is one."""
    seen: dict[str, int] = {}
    for part, late in zip(view.parts, view.late_columns, strict=True):
        try:
            part.opened.file.verify()
            for column in late.values():
                column.verify()
            findings = list(_check_segment(view, part, seen))
        except FileDamaged as error:
            findings = [str(error)]
        yield from findings
    for article_id, times in seen.items():
        if times > 1:
            yield f"article {article_id}: stored {times} times"


def _check_segment(view: View, part: Part, seen: dict[str, int]) -> Iterator[str]:
    name = part.opened.file.name
    expected: dict[int, int] = {}
    articles: dict[int, str] = {}
    unreadable: set[int] = set()
    for number, fields in enumerate(part.opened.stored.all()):
        if part.live is not None and not part.live[number]:
            continue
        try:
            article = unpack(fields[ARTICLE])
        except (ValueError, KeyError) as error:
            unreadable.add(number)
            yield f"{name}: document {number}: its stored article cannot be read: {error!r}"
            continue
        seen[article.id] = seen.get(article.id, 0) + 1
        articles[number] = article.id
        expected[number] = _expected_sum(article)
        yield from _check_columns(view, part, number, article)
    found = _found_sums(part)
    for number, article_id in articles.items():
        if found.get(number, 0) != expected[number]:
            yield f"{name}: article {article_id}: its postings are not those of its text"
    for number in found.keys() - expected.keys() - unreadable:
        yield f"{name}: document {number}: has postings but no article"


def _check_columns(view: View, part: Part, number: int, article: Article) -> Iterator[str]:
    expected = {
        PUBLISHED: int(article.published.value.timestamp()) if article.published else NO_DATE,
        LANGUAGE: article.language,
        SOURCE: article.source,
        AGENCY: article.agency,
        SECTION: article.section,
        KIND: facet_value(article, KIND),
    }
    found = {name: view.column(part, name)[number] for name in expected}
    lengths = part.opened.lengths("text")
    expected["length"] = terms_of(article).length
    found["length"] = int(lengths.slice(number, number + 1)[0]) if lengths else 0
    for name, value in expected.items():
        if found[name] != value:
            where = f"{part.opened.file.name}: article {article.id}"
            yield f"{where}: its {name} is {found[name]!r} instead of {value!r}"


def _posting_hash(field: str, term: bytes, held: bytes | int) -> int:
    """held: the positions, or their number in a field without positions."""
    return hash((field, term, held))


def _expected_sum(article: Article) -> int:
    """Return the sum of the hashes of the article's postings, which does not depend on their
    order."""
    total = _posting_hash(KEY, article.id.encode(), 1)
    terms = terms_of(article)
    for field, postings in terms.fields.items():
        for term, positions in postings.items():
            held = len(positions) if field in UNPLACED else np.array(positions, np.int64).tobytes()
            total += _posting_hash(field, term.encode(), held)
    for code, *_ in Codes().index(CodeSet(*terms.sketch)):
        total += _posting_hash(SKETCH, code, 1)
    return total % _MODULUS


def _found_sums(part: Part) -> dict[int, int]:
    sums: dict[int, int] = {}
    for field in (KEY, SKETCH, *FIELDS):
        postings = part.opened.fields.get(field)
        if postings is not None:
            for document, value in _hashes(postings, field, part):
                sums[document] = (sums.get(document, 0) + value) % _MODULUS
    return sums


def _hashes(postings: FieldPostings, field: str, part: Part) -> Iterator[tuple[int, int]]:
    """Yield (document, hash) for each posting of a live document."""
    for start in range(0, postings.term_count, _AT_ONCE):
        lists = postings.range_lists(start, min(start + _AT_ONCE, postings.term_count))
        ends = np.concatenate([[0], np.cumsum(lists.counts)]).tolist()
        bounds = lists.ends.tolist()
        for term, first, last in zip(lists.terms, bounds, bounds[1:], strict=False):
            for posting, document in enumerate(lists.documents[first:last].tolist(), first):
                if part.live is None or part.live[document]:
                    begin, stop = ends[posting : posting + 2]
                    places = lists.positions
                    held = stop - begin if places is None else places[begin:stop].tobytes()
                    yield document, _posting_hash(field, term, held)
