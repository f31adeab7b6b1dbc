"""The JSON API, of the same form as `searcher search --json`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import request

from searcher.errors import SearcherError
from web.requests import search_request
from web.requests import search_service

blueprint = Blueprint("api", __name__)

Answer = tuple[dict[str, Any], int]


@blueprint.get("/api/v1/search")
def search() -> Answer:
    """Hits for q; 400 for parameters that cannot be read, 503 without an index."""
    if not request.args.get("q", "").strip():
        return {"error": "q, the query, is missing"}, 400
    try:
        return search_service().run(search_request()).to_json(), 200
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/healthz")
def health() -> Answer:
    """Whether the index can be searched."""
    try:
        return {"status": "ok", "articles": search_service().count()}, 200
    except SearcherError as error:
        return {"status": "failing", "error": str(error)}, 503
