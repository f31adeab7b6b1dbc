"""A search as the address of a page or an API call states it."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.datastructures import MultiDict

from searcher.engine.protocol import SORTS
from searcher.search.hits import Hits
from searcher.search.request import LARGEST_PAGE, Request
from searcher.search.service import SearchService
from web.metrics import Metrics


def search_service() -> SearchService:
    service: SearchService = current_app.extensions["search"]
    return service


def run_search(asked: Request) -> Hits:
    """The hits of a request; how long it took is counted. Raises as SearchService.run."""
    hits = search_service().run(asked)
    metrics: Metrics = current_app.extensions["metrics"]
    metrics.queries.observe(hits.took_ms / 1000)
    return hits


def search_request() -> Request:
    """The request that the parameters q, sort, page, n, lang, source, after, before, match, facets,
    recency, broaden, without, verbatim and explain state.

    Raises ValueError for a value that cannot be read.
    """
    args = request.args
    sort = args.get("sort") or "relevance"
    chosen = next((known for known in SORTS if known == sort), None)
    if chosen is None:
        raise ValueError(f"sort is one of {', '.join(SORTS)}, not {sort!r}")
    if args.get("match", "") not in ("", "any", "all"):
        raise ValueError("match is any or all")
    return Request(
        query=args.get("q", "").strip(),
        sort=chosen,
        page=_number(args, "page", 1),
        size=_number(args, "n", 10),
        lang=args.get("lang", "").strip(),
        source=args.get("source", "").strip(),
        after=args.get("after", "").strip(),
        before=args.get("before", "").strip(),
        match_all=args.get("match") == "all",
        facets=tuple(name for name in args.get("facets", "").split(",") if name),
        recency=_switch(args, "recency", "on"),
        broaden=_switch(args, "broaden", "off"),
        without=tuple(
            name for given in args.getlist("without") for name in given.split(",") if name
        ),
        verbatim=_switch(args, "verbatim", "off"),
        explain=_switch(args, "explain", "off"),
    )


def page_size() -> int:
    """How many articles n asks for. Raises ValueError."""
    size = _number(request.args, "n", 10)
    if not 1 <= size <= LARGEST_PAGE:
        raise ValueError(f"n is a number from 1 to {LARGEST_PAGE}, not {size}")
    return size


def _switch(args: MultiDict[str, str], name: str, default: str) -> bool:
    value = args.get(name) or default
    if value not in ("on", "off"):
        raise ValueError(f"{name} is on or off")
    return value == "on"


def _number(args: MultiDict[str, str], name: str, default: int) -> int:
    value = args.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 6:
        raise ValueError(f"{name} is a number, not {value[:20]!r}")
    return int(value)
