"""CSV as RFC 4180 has it, in which no text of an article is a formula of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from searcher.article import Timestamp
from searcher.as_json import to_json
from searcher.export.statement import Addresses
from searcher.search.listing import Row, WholeResult
from searcher.search.tables import defused

COLUMNS = (
    "rank", "id", "title", "source", "published", "url", "language", "section", "agency", "authors",
    "dateline", "kind", "updated", "first_seen", "paywalled", "partial", "story", "story_articles",
    "story_outlets", "relation", "score", "generation", "body",
)  # fmt: skip
"""The columns. `story` is empty for an article that is alone in its story."""
JOINED = "; "
"""Separator of the authors."""


def table(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield the head and a row for each article."""
    head, rows = result
    yield _line(COLUMNS)
    for row in rows:
        yield _line(_values(row, head.generation))


def _values(row: Row, generation: int) -> tuple[str | int | float, ...]:
    article, story = row.article, row.story
    return (
        row.rank,
        *map(
            defused,
            (
                article.id,
                article.title,
                article.source,
                _date(article.published),
                article.url,
                article.language,
                article.section,
                article.agency,
                JOINED.join(article.authors),
                article.dateline,
                article.kind,
            ),
        ),
        _date(article.updated),
        _date(article.first_seen),
        int(article.paywalled),
        int(article.partial),
        defused(story.id) if story else "",
        story.articles if story else "",
        story.outlets if story else "",
        story.relation if story else "",
        round(row.score, 6),
        generation,
        defused("\n\n".join(article.paragraphs)),
    )


def _date(stamp: Timestamp | None) -> str:
    return to_json(stamp.value) if stamp else ""


def _line(values: tuple[str | int | float, ...]) -> str:
    """Return a record. Every field is in quotes, so that no program takes a part of a text for a
    field of its own."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow(values)
    return file.getvalue()
