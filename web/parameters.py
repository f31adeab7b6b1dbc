"""A search as the parameters of an address state it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import current_app, request
from werkzeug.datastructures import MultiDict

from searcher.engine.searches import SORTS
from searcher.search.attention import MOST_PERIODS, Attention
from searcher.search.hits import Hits
from searcher.search.periods import STEPS, Step
from searcher.search.request import CHOSEN, LARGEST_PAGE, Request
from searcher.search.service import SearchService
from searcher.wording import said
from web.metrics import Metrics

_Name = TypeVar("_Name", bound=str)
_MOST_DIGITS = 8
"""Maximum number of digits of a number. Larger numbers are out of reach anyway."""


def search_service() -> SearchService:
    """Return the read path of the application."""
    service: SearchService = current_app.extensions["search"]
    return service


def run_search(asked: Request) -> Hits:
    """Return the hits of a request, and count its duration. Raises as SearchService.run."""
    hits = search_service().run(asked)
    metrics: Metrics = current_app.extensions["metrics"]
    metrics.count_search(hits.took_ms / 1000)
    return hits


def wanted_request(**others: int) -> Request:
    """Return the request that the address states. Raises ValueError as `search_request`, and if it
    has neither a query nor a filter.

    others: `page` and `size`, where the address does not state them.
    """
    asked = search_request(**others)
    # Without them, nothing is asked for, whatever order and form the answer should have.
    if asked.query or any(getattr(asked, name) for name in (*CHOSEN, "after", "before")):
        return asked
    raise ValueError(said("q, the query, is missing"))


def search_request(**others: int) -> Request:
    """Return the request that the address states. Raises ValueError for a value that cannot be
    read.

    others: `page` and `size`, where the address does not state them.

    Parameters: q, sort, page, n, lang, source, section, agency, kind, after, before, match, facets,
    recency, broaden, without, verbatim, explain and group. Those of filters may be repeated.
    Unknown ones are ignored.
    """
    args = request.args
    if args.get("match", "") not in ("", "any", "all"):
        raise ValueError(
            said("%(name)s is %(first)s or %(second)s", name="match", first="any", second="all")
        )
    if args.get("group", "") not in ("", "story", "none"):
        raise ValueError(
            said("%(name)s is %(first)s or %(second)s", name="group", first="story", second="none")
        )
    return Request(
        query=args.get("q", "").strip(),
        sort=chosen("sort", SORTS, "relevance"),
        page=others["page"] if "page" in others else number("page", 1),
        size=others["size"] if "size" in others else number("n", 10),
        lang=tuple(code for value in _values(args, "lang") for code in _names(value)),
        source=_values(args, "source"),
        section=_values(args, "section"),
        agency=_values(args, "agency"),
        kind=_values(args, "kind"),
        after=args.get("after", "").strip(),
        before=args.get("before", "").strip(),
        match_all=args.get("match") == "all",
        match_any=args.get("match") == "any",
        facets=_names(args.get("facets", "")),
        recency=_switch(args, "recency", "on"),
        broaden=_switch(args, "broaden", "off"),
        without=tuple(name for given in args.getlist("without") for name in _names(given)),
        verbatim=_switch(args, "verbatim", "off"),
        explain=_switch(args, "explain", "off"),
        by_story=args.get("group") != "none",
    )


def attention_step() -> Step | None:
    """Return the length of periods that `by` asks for; None for one that suits. Raises
    ValueError."""
    given = request.args.get("by", "")
    for known in STEPS:
        if known == given:
            return known
    if given:
        raise ValueError(
            said(
                "%(name)s is one of %(known)s, not %(given)s",
                name="by",
                known=", ".join(STEPS),
                given=repr(given),
            )
        )
    return None


def run_attention(asked: Request, most: int = MOST_PERIODS) -> Attention:
    """Return the articles of a request by period, and count its duration as that of a search.
    Raises as AttentionCounter.count."""
    found = search_service().attention.count(asked, attention_step(), most)
    metrics: Metrics = current_app.extensions["metrics"]
    metrics.count_search(found.took_ms / 1000)
    return found


def page_size() -> int:
    """Return the number of articles that n asks for. Raises ValueError."""
    size = number("n", 10)
    if not 1 <= size <= LARGEST_PAGE:
        raise ValueError(
            said("n is a number from 1 to %(most)s, not %(size)s", most=LARGEST_PAGE, size=size)
        )
    return size


def chosen(name: str, known: Sequence[_Name], default: _Name) -> _Name:
    """Return the one of the known values that a parameter states. Raises ValueError."""
    given = request.args.get(name) or default
    for one in known:
        if one == given:
            return one
    raise ValueError(
        said(
            "%(name)s is one of %(known)s, not %(given)s",
            name=name,
            known=", ".join(known),
            given=repr(given[:20]),
        )
    )


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated."""
    found = (value.strip() for value in args.getlist(name))
    return tuple(dict.fromkeys(value for value in found if value))


def _names(given: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas."""
    return tuple(name for name in given.split(",") if name)


def _switch(args: MultiDict[str, str], name: str, default: str) -> bool:
    value = args.get(name) or default
    if value not in ("on", "off"):
        raise ValueError(
            said("%(name)s is %(first)s or %(second)s", name=name, first="on", second="off")
        )
    return value == "on"


def number(name: str, default: int) -> int:
    """Return the whole number that a parameter states. Raises ValueError."""
    value = request.args.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > _MOST_DIGITS:
        raise ValueError(
            said("%(name)s is a number, not %(given)s", name=name, given=repr(value[:20]))
        )
    return int(value)
