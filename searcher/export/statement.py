"""The statement in each export of what it lists: enough to cite the result and to make it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from searcher.as_json import to_json
from searcher.engine.searches import Sort
from searcher.search.listing import Head
from searcher.search.request import Request

ORDERS: dict[Sort, str] = {
    "relevance": "by score without recency, the best first; then by date, the latest first; "
    "then by id",
    "newest": "by date of publication, the latest first, undated articles last; then by id",
    "oldest": "by date of publication, the earliest first, undated articles last; then by id",
}
"""The orders of rows in words, with what decides among equals."""
_NOT_FILTERS = (
    "query", "sort", "page", "size", "match_all", "match_any", "facets", "recency", "broaden",
    "verbatim", "explain", "by_story", "deep",
)  # fmt: skip
"""Fields of a Request that do not narrow what is found, or are stated by themselves."""
_DEFAULTS = Request("")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that an export can link; all empty where there is no server."""

    search: str = ""
    """Address of the page of results."""
    export: str = ""
    """Address of the export."""
    article: Callable[[str], str] = lambda article_id: ""
    """Returns the address of the page of the article with an id."""


def filters_of(request: Request) -> dict[str, Any]:
    """Return the filters of a request that are set, by name."""
    held = ((one.name, getattr(request, one.name)) for one in fields(request))
    return {
        name: to_json(value)
        for name, value in held
        if name not in _NOT_FILTERS and value != getattr(_DEFAULTS, name)
    }


def statement(head: Head) -> dict[str, Any]:
    """Return what is listed, as JSON values."""
    request = head.request
    return {
        "query": request.query,
        "filters": filters_of(request),
        "match": "any" if request.match_any else "all",
        "group": "story" if request.by_story else "none",
        "sort": request.sort,
        "order": ORDERS[request.sort],
        "generation": head.generation,
        "at": to_json(head.at),
        "indexed": head.indexed,
        "total": head.total,
        "count": head.count,
        "warnings": list(head.warnings),
    }


def title_of(head: Head) -> str:
    """Return a title: the query, or the filters of a search without one."""
    filters = " ".join(
        f"{name}:{','.join(value) if isinstance(value, list) else value}"
        for name, value in filters_of(head.request).items()
    )
    return head.request.query or filters or "all articles"


def sentence(head: Head) -> str:
    """Return what is listed, for people."""
    stated = statement(head)
    return (
        f"{head.count} of {head.total} articles found, {stated['order']}; "
        f"generation {head.generation} of the index, {stated['at']}"
    )


def article_urn(article_id: str) -> str:
    """Return an identifier of an article that is the same on every server."""
    return f"urn:news-searcher:{urlencode({'article': article_id}, errors='replace')}"
