"""The JSON API, of the same form as `searcher search --json`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from searcher.errors import SearcherError
from searcher.search.request import Request
from web.parameters import page_size, run_search, search_request, search_service

blueprint = Blueprint("api", __name__)

Answer = tuple[dict[str, Any], int]


@blueprint.get("/api/v1/search")
def search() -> Answer:
    """Hits for q and the filters; 400 for parameters that cannot be read, 503 without an index."""
    try:
        asked = search_request()
        if asked == Request(""):
            return {"error": "q, the query, is missing"}, 400
        return run_search(asked).to_json(), 200
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/suggest")
def suggest() -> Answer:
    """What a query that begins with q may become; 503 without an index."""
    try:
        return {
            "suggestions": list(search_service().suggestions.complete(request.args.get("q", "")))
        }, 200
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/similar")
def similar() -> Answer:
    """The n articles most like the one with this id; 400 for a bad n, 404 without the article, 503
    without an index."""
    try:
        found = search_service().similar.find(request.args.get("id", ""), page_size())
        if found is None:
            return {"error": "there is no such article"}, 404
        hits, words = found
        return {"words": list(words), "hits": [hit.to_json() for hit in hits]}, 200
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/versions")
def versions() -> Answer:
    """All versions of the article with this id, the first first; 404 without the article, 503
    without an index."""
    try:
        article = search_service().articles.get(request.args.get("id", ""))
        if article is None:
            return {"error": "there is no such article"}, 404
        found = search_service().versions.all(article)
        return {"versions": [one.to_json() for one in found]}, 200
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/healthz")
def health() -> Answer:
    """Whether the index can be searched."""
    try:
        return {"status": "ok", "articles": search_service().articles.count()}, 200
    except SearcherError as error:
        return {"status": "failing", "error": str(error)}, 503
