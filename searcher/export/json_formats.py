"""Formats that are JSON: lines, JSON Feed and ninjs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from searcher.as_json import to_json
from searcher.export.statement import Addresses, article_urn, sentence, statement, title_of
from searcher.search.listing import Row, WholeResult
from searcher.text.urls import web_url

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_ONE_LINE = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Characters that JSON allows in a text and that some programs take for the end of a line."""

FEED_VERSION = "https://jsonfeed.org/version/1.1"
"""Version of JSON Feed that is written."""
_NINJS = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}


def compact(value: Any) -> str:
    """Return a value as JSON in one line, whatever its texts contain."""
    text = json.dumps(value, ensure_ascii=False)
    if _SURROGATE.search(text):
        # UTF-8 has no lone surrogates; escaped, they are read back as they are.
        return json.dumps(value)
    return text.translate(_NOT_ONE_LINE)


def json_lines(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield a line for each article: its JSON as in the API, with its rank, score, story and the
    generation of the index."""
    head, rows = result
    for row in rows:
        yield compact(row_json(row, head.generation)) + "\n"


def row_json(row: Row, generation: int) -> dict[str, Any]:
    """Return a row as JSON values. `Article.from_json` reads the article."""
    return {
        "rank": row.rank,
        "score": round(row.score, 6),
        "story": row.story._asdict() if row.story else None,
        "generation": generation,
        **row.article.to_json(),
    }


def json_feed(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield the parts of a JSON Feed. What is listed is in its extension `_news_searcher`."""
    head, rows = result
    top = {
        "version": FEED_VERSION,
        "title": f"{title_of(head)} – News search",
        "description": sentence(head),
        **_given(home_page_url=addresses.search, feed_url=addresses.export),
        "_news_searcher": statement(head),
    }
    yield from _document(top, "items", (_feed_item(row, addresses) for row in rows))


def _feed_item(row: Row, addresses: Addresses) -> dict[str, Any]:
    article = row.article
    tags = [tag for tag in (article.section, article.agency, article.kind) if tag]
    return {
        "id": article_urn(article.id),
        **_given(
            url=addresses.article(article.id) or web_url(article.url),
            external_url=web_url(article.url),
            title=article.title,
            image=web_url(article.image),
            date_published=to_json(article.published.value) if article.published else "",
            date_modified=to_json(article.updated.value) if article.updated else "",
            authors=[{"name": name} for name in article.authors],
            tags=tags,
            language=article.language if article.language != "und" else "",
        ),
        "content_text": "\n\n".join(article.paragraphs),
        "_news_searcher": {
            "rank": row.rank,
            "source": article.source,
            "story": row.story._asdict() if row.story else None,
        },
    }


def ninjs(result: WholeResult, addresses: Addresses) -> Iterator[str]:
    """Yield the parts of a ninjs package: one item of the type "composite", whose associations are
    the articles."""
    head, rows = result
    top = {
        "uri": addresses.export or f"urn:news-searcher:export:{head.generation}",
        "type": "composite",
        "standard": _NINJS,
        "versionCreated": to_json(head.at),
        "title": title_of(head),
        "headlines": [{"role": "main", "value": title_of(head)}],
        "edNote": sentence(head),
    }
    yield from _document(top, "associations", map(_ninjs_item, rows))


def _ninjs_item(row: Row) -> dict[str, Any]:
    article = row.article
    source = {
        "name": article.source,
        "role": "https://cv.iptc.org/newscodes/infosourcerole/isPublisher",
    }
    agency = {
        "name": article.agency,
        "role": "https://cv.iptc.org/newscodes/infosourcerole/isSupplier",
    }
    story = [{"name": row.story.id, "rel": "story", "literal": row.story.id}] if row.story else []
    section = [{"name": article.section, "rel": "section"}] if article.section else []
    updated = article.updated or article.published
    return {
        "name": str(row.rank),
        "uri": web_url(article.url) or article_urn(article.id),
        "type": "text",
        "representationType": "partial" if article.paywalled or article.partial else "full",
        **_given(
            firstCreated=to_json(article.published.value) if article.published else "",
            versionCreated=to_json(updated.value) if updated else "",
            language=article.language if article.language != "und" else "",
            by=", ".join(article.authors),
            located=article.dateline,
            subjects=section + story,
            infoSources=[one for one in (source, agency) if one["name"]],
            usageTerms=" ".join(article.notices),
        ),
        "altIds": [{"role": "news-searcher", "value": article.id}],
        "title": article.title,
        "headlines": [{"role": "main", "value": article.title}],
        "bodies": [
            {
                "role": "main",
                "contentType": "text/plain",
                "value": "\n\n".join(article.paragraphs),
            }
        ],
    }


def _given(**values: Any) -> dict[str, Any]:
    """Return the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def _document(top: dict[str, Any], name: str, items: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield an object whose last member is a list with an item a line."""
    yield f'{compact(top)[:-1]}, "{name}": ['
    separator = "\n"
    for item in items:
        yield separator + compact(item)
        separator = ",\n"
    yield "\n]}\n"
