"""The JSON API. Its objects are those of `searcher search --json`."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from searcher.article import Article
from searcher.errors import SearcherError
from searcher.export.citations import CITATIONS
from searcher.export.formats import FORMATS
from searcher.search.request import Request
from searcher.search.tables import attention_csv
from searcher.stories.comparison import compare as compared
from web import declared
from web.compared import compared_articles
from web.exports import export_response
from web.openapi import document, sections
from web.operations import ROOT, Gone, Operations, allow_origins, answer_of
from web.parameters import (
    chosen,
    page_size,
    run_attention,
    run_search,
    search_service,
    wanted_request,
)

blueprint = Blueprint("api", __name__)
operations = Operations(blueprint)

_Json = Mapping[str, Any]


@operations.add(
    "/search", (*declared.SEARCH, declared.CURSOR), "Results", statuses=(400, 404, 410, 503)
)
def search() -> _Json:
    """Return a page of hits for q and the filters."""
    cursor = request.args.get("cursor", "")
    asked = _continued(cursor) if cursor else wanted_request()
    hits = run_search(asked)
    if cursor and hits.generation != _read(cursor)[0]:
        raise Gone(_CHANGED)
    is_last = not hits.hits or hits.page * hits.size >= hits.entries
    return {**hits.to_json(), "next": None if is_last else _cursor(hits.generation, asked)}


_CHANGED = (
    "the index has changed since the page before; begin again without cursor, or use export, which "
    "is of one commit"
)


def _cursor(generation: int, asked: Request) -> str:
    """Return the mark of the page after a request's."""
    text = f"{generation}.{asked.page + 1}.{asked.size}.{_digest(asked)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _digest(asked: Request) -> str:
    """Return a digest of what a request asks for, whatever its page."""
    same = replace(asked, page=1, facets=(), deep=False)
    return hashlib.sha256(repr(same).encode("utf-8", "replace")).hexdigest()[:12]


def _read(cursor: str) -> tuple[int, int, int, str]:
    """Return the generation, page, size and digest that a cursor holds. Raises NotFound."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        generation, page, size, digest = text.split(".")
        return int(generation[:18]), int(page[:9]), int(size[:3]), digest
    except (ValueError, binascii.Error) as error:
        raise NotFound("there is no such cursor") from error


def _continued(cursor: str) -> Request:
    """Return the request for the page that a cursor marks. Raises ValueError, NotFound and Gone."""
    generation, page, size, digest = _read(cursor)
    if "page" in request.args:
        raise ValueError("page and cursor exclude each other")
    asked = wanted_request(page=page)
    if (asked.size, _digest(asked)) != (size, digest):
        raise ValueError("cursor is of a request with other parameters")
    if search_service().articles.state()[0] != generation:
        raise Gone(_CHANGED)
    return replace(asked, deep=True)


@operations.add(
    "/attention", declared.ATTENTION, "Attention", media_types=("application/json", "text/csv")
)
def attention() -> _Json | Response:
    """Return the number of articles for q and the filters by period."""
    found = run_attention(wanted_request(page=1, size=1))
    if request.args.get("format", "json") == "json":
        return found.to_json()
    head = {"Content-Disposition": "attachment; filename=attention.csv"}
    return Response(attention_csv(found), mimetype="text/csv", headers=head)


@operations.add(
    "/export",
    declared.EXPORT,
    media_types=tuple(one.media_type.partition(";")[0] for one in FORMATS.values()),
    aliases=("/export",),
)
def export() -> Response:
    """Return all articles for q and the filters, streamed from one commit of the index."""
    return export_response()


@operations.add("/suggest", declared.SUGGEST, "Suggestions", of_index=False)
def suggest() -> _Json:
    """Return completions of q."""
    return {"suggestions": list(search_service().suggestions.complete(request.args.get("q", "")))}


@operations.add("/article", declared.ARTICLE, "Article", statuses=(400, 404, 503))
def article() -> _Json:
    """Return the article with this id, or the one that had it before."""
    return _article().to_json()


def _article() -> Article:
    """Return the article that the address names. Raises ValueError and NotFound."""
    article_id = request.args.get("id", "")
    if not article_id:
        raise ValueError("id is missing")
    found = search_service().articles.get(article_id)
    if found is None:
        raise NotFound(_NO_ARTICLE)
    return found


_NO_ARTICLE = "there is no such article"


@operations.add(
    "/cite",
    declared.CITE,
    media_types=tuple(one.media_type.partition(";")[0] for one in CITATIONS.values()),
    statuses=(400, 404, 503),
    aliases=("/cite",),
)
def cite() -> Response:
    """Return a citation of the article with this id."""
    found, form = _article(), CITATIONS[chosen("format", tuple(CITATIONS), "plain")]
    text = form.write(found, datetime.now(UTC)).encode("utf-8", "replace")
    head = {"Content-Disposition": f"inline; filename=citation.{form.suffix}"}
    return Response(text, content_type=form.media_type, headers=head)


@operations.add("/versions", declared.ARTICLE, "Versions", statuses=(400, 404, 503))
def versions() -> _Json:
    """Return all versions of the article with this id, the oldest first."""
    return {"versions": [one.to_json() for one in search_service().versions.all(_article())]}


@operations.add("/similar", declared.SIMILAR, "Similar", statuses=(400, 404, 503))
def similar() -> _Json:
    """Return the n articles most like the one with this id."""
    found = search_service().similar.find(_article().id, page_size())
    if found is None:
        raise NotFound(_NO_ARTICLE)
    return {"words": list(found.words), "hits": [hit.to_json() for hit in found.hits]}


@operations.add("/compare", declared.COMPARE, "Comparison", statuses=(400, 404, 409, 503))
def compare() -> _Json:
    """Return how the articles with the ids a and b differ."""
    articles = compared_articles(search_service(), request.args)
    ids = [{"id": one.id, "title": one.title} for one in articles]
    return {"articles": ids, **compared(*articles).to_json()}


@operations.add("/story", declared.ARTICLE, "Story", statuses=(400, 404, 503))
def story() -> _Json:
    """Return the story over time that the article with this id belongs to."""
    return _story(_article().id)


def _story(article_id: str) -> _Json:
    found = search_service().timelines.read(article_id)
    if found is None:
        raise NotFound(_NO_ARTICLE)
    return found.to_json()


@blueprint.get(f"{ROOT}/story/<path:article_id>")
def story_by_path(article_id: str) -> Response:
    """Return the same, with the id in the path."""
    operation = next(one for one in operations.all if one.answer == "Story")
    return answer_of(lambda: _story(article_id), replace(operation, parameters=()), of_index=True)


@operations.add("/stats", (), "Stats")
def stats() -> _Json:
    """Return the number of articles, by language and by outlet, and the index's commit."""
    articles = search_service().articles
    generation, count = articles.state()
    return {
        "articles": count,
        "generation": generation,
        "languages": articles.facet("language"),
        "sources": articles.facet("source"),
    }


@blueprint.get(f"{ROOT}/openapi.json")
def openapi() -> _Json:
    """Return the description of the API in OpenAPI 3.1."""
    return document(operations.all, request.url_root.rstrip("/"), current_app.extensions["version"])


@blueprint.get(f"{ROOT}/")
def manual() -> ResponseReturnValue:
    """Show the description of the API."""
    return render_template("api.html", sections=sections(operations.all))


@blueprint.after_request
def shared(response: Response) -> Response:
    """Let pages of the origins that the settings name read the answers."""
    return allow_origins(response, current_app.extensions["origins"])


@blueprint.get("/healthz")
def health() -> ResponseReturnValue:
    """Return whether the index can be searched: 200, else 503."""
    try:
        return {"status": "ok", "articles": search_service().articles.count()}, 200
    except SearcherError as error:
        return {"status": "failing", "error": str(error)}, 503
