"""OpenSearch: a description of the search page by which browsers add it, and its suggestions."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from searcher.errors import SearcherError
from web.parameters import search_service

blueprint = Blueprint("browsers", __name__)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Return the description, with the addresses of this server."""
    text = render_template("opensearch.xml", root=request.url_root.rstrip("/"))
    return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.get("/suggest")
def suggestions() -> Response:
    """Return completions of q in the form that browsers read: q, and a list of texts."""
    typed = request.args.get("q", "")
    try:
        found = list(search_service().suggestions.complete(typed))
    except SearcherError:
        # A browser shows no error here.
        found = []
    response: Response = jsonify([typed, found])
    response.content_type = "application/x-suggestions+json; charset=utf-8"
    return response
