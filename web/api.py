"""The JSON API. Its objects are those of `searcher search --json`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from searcher.errors import SearcherError
from searcher.search.request import Request
from searcher.search.tables import attention_csv
from searcher.stories.comparison import compare as compared
from web.compared import NotCompared, compared_articles
from web.parameters import page_size, run_attention, run_search, search_request, search_service

blueprint = Blueprint("api", __name__)

_JsonAnswer = tuple[dict[str, Any], int]
"""A JSON object and the status of the response."""


@blueprint.get("/api/v1/search")
def search() -> _JsonAnswer:
    """Return the hits for q and the filters; 400 for parameters that cannot be read, 503 without
    an index."""
    try:
        asked = search_request()
        if asked == Request(""):
            return {"error": "q, the query, is missing"}, 400
        return run_search(asked).to_json(), 200
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/attention")
def attention() -> ResponseReturnValue:
    """Return the number of articles for q and the filters by period, as JSON or, with format=csv,
    as CSV; 400 for parameters that cannot be read, 503 without an index."""
    try:
        asked, form = search_request(), request.args.get("format") or "json"
        if asked == Request(""):
            return {"error": "q, the query, is missing"}, 400
        if form not in ("json", "csv"):
            raise ValueError("format is json or csv")
        found = run_attention(asked)
        if form == "json":
            return found.to_json(), 200
        head = {"Content-Disposition": "attachment; filename=attention.csv"}
        return Response(attention_csv(found), mimetype="text/csv", headers=head)
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/suggest")
def suggest() -> _JsonAnswer:
    """Return completions of q; 503 without an index."""
    try:
        return {
            "suggestions": list(search_service().suggestions.complete(request.args.get("q", "")))
        }, 200
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/similar")
def similar() -> _JsonAnswer:
    """Return the n articles most like the one with this id; 400 for a bad n, 404 without the
    article, 503 without an index."""
    try:
        found = search_service().similar.find(request.args.get("id", ""), page_size())
        if found is None:
            return {"error": "there is no such article"}, 404
        hits = [hit.to_json() for hit in found.hits]
        return {"words": list(found.words), "hits": hits}, 200
    except ValueError as error:
        return {"error": str(error)}, 400
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/versions")
def versions() -> _JsonAnswer:
    """Return all versions of the article with this id, the oldest first; 404 without the article,
    503 without an index."""
    try:
        article = search_service().articles.get(request.args.get("id", ""))
        if article is None:
            return {"error": "there is no such article"}, 404
        found = search_service().versions.all(article)
        return {"versions": [one.to_json() for one in found]}, 200
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/api/v1/compare")
def compare() -> _JsonAnswer:
    """Return how the articles with the ids a and b differ; 400 without both or if they are one, 404
    without such articles, 503 without an index."""
    try:
        articles = compared_articles(search_service(), request.args)
    except NotCompared as error:
        return {"error": str(error)}, error.status
    except SearcherError as error:
        return {"error": str(error)}, 503
    ids = [{"id": article.id, "title": article.title} for article in articles]
    return {"articles": ids, **compared(*articles).to_json()}, 200


@blueprint.get("/api/v1/story")
@blueprint.get("/api/v1/story/<path:article_id>")
def story(article_id: str = "") -> _JsonAnswer:
    """Return the story over time that the article with this id, in the path or as `id`, belongs to;
    404 without the article, 503 without an index."""
    try:
        found = search_service().timelines.read(article_id or request.args.get("id", ""))
        if found is None:
            return {"error": "there is no such article"}, 404
        return found.to_json(), 200
    except SearcherError as error:
        return {"error": str(error)}, 503


@blueprint.get("/healthz")
def health() -> _JsonAnswer:
    """Return whether the index can be searched: 200, else 503."""
    try:
        return {"status": "ok", "articles": search_service().articles.count()}, 200
    except SearcherError as error:
        return {"status": "failing", "error": str(error)}, 503
