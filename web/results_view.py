"""A page of results as its template shows it: plain values, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from searcher.engine.searches import SORTS
from searcher.export.formats import FORMATS
from searcher.search.hits import Hits
from searcher.search.request import Request
from web.addresses import (
    address,
    advanced_address,
    api_address,
    attention_address,
    cited_address,
    export_address,
    hidden_inputs,
    page_address,
    saving_address,
)
from web.filters_view import FiltersView, filters_view
from web.hit_view import HitView, hit_views
from web.languages import gettext
from web.query_view import (
    AdviceView,
    AlsoView,
    CorrectionView,
    Link,
    WarningView,
    advice_view,
    correction_view,
    removable,
    warning_view,
)

_NEIGHBOURS = 2
"""Number of pages linked on each side of the current one."""


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A page of results. Addresses are "" where there is nothing to link."""

    request: Request
    """The search as asked for."""
    hidden: list[tuple[str, str]]
    """Parameters that the search box keeps."""
    as_json: str
    """Address of the same results in the API."""
    feed: str
    """Address of an Atom feed of the latest articles that have all the words."""
    table: str
    """Address of a table of all articles that have all the words."""
    formats: list[tuple[str, str]]
    """Other formats, each with the address of an export of all these articles."""
    cited: str
    """Address by which the search can be cited."""
    attention: str
    """Address of the same articles by period."""
    advanced: str
    """Address of the advanced form with this query."""
    saved: str
    """Address of the operator's form that saves this query."""
    warnings: list[WarningView]
    """Warnings about the query."""
    filters: FiltersView
    """The filters."""
    correction: CorrectionView | None
    """The query without its probable errors."""
    also: list[AlsoView]
    """Other spellings that were matched."""
    frequent: list[str]
    """Words that are in too many articles to find by."""
    added: list[Link]
    """Words that broadened the query, each with the address of the results without it."""
    restored: str
    """Address of the results with all spellings and words that were left out."""
    total: int
    """Number of articles that count: with all words or, if no article has them, with some."""
    total_some: int
    """Number of further articles, which have some of the words."""
    mixed: bool
    """Whether these are ranked together with the others."""
    total_all: int
    """Number of articles that have all words."""
    total_stories: int
    """Number of stories of the articles that count; -1 if hits are not by story."""
    total_copies: int
    """Number of articles that count and are copies of others that do."""
    entries: int
    """Number of all hits."""
    span: str
    """The first and the last rank of the page, such as "1–10"; "" on a page without hits."""
    group: str
    """Address of the same results by story if they are by article, and the other way round."""
    took_ms: float
    """Duration of the search in milliseconds."""
    match_all: str
    """Address of the results that match every wanted clause, without the others."""
    match_any: str
    """Address of the results that match some wanted clause, counted together with the others."""
    match: str
    """Address of the results with all words before those with some."""
    sorts: list[Link]
    """The orders."""
    half_life: str
    """Age in days at which an article gains half as much for being recent."""
    recency: str
    """Address of the same results with recency switched."""
    broaden: str
    """Address of the same results with broadening switched."""
    explain: str
    """Address of the same results with explanations switched."""
    hits: list[HitView]
    """The hits that count."""
    further: list[HitView]
    """Those that have some of the words."""
    first_further: int
    """The rank of the first of these."""
    pages: list[Link]
    """Pages to link; a gap has no address."""
    previous: str
    """Address of the page before."""
    next: str
    """Address of the page after."""
    last: str
    """Address of the last page, if this page is after it."""
    advice: list[AdviceView]
    """Suggestions for an empty result."""


def results_view(
    request: Request, hits: Hits, half_life: float, now: datetime, whole: str = ""
) -> ResultsView:
    """Return the view of a page of results. half_life: see ResultsView. whole: see filters_view."""
    tiered = 0 < hits.total_all < hits.total + hits.total_some
    first = (hits.page - 1) * hits.size
    views = hit_views(hits.hits, request, now)
    counted = max(0, hits.counted - first) if hits.total_some and not hits.mixed else len(views)
    return ResultsView(
        request=request,
        hidden=hidden_inputs(request),
        as_json=api_address(address(request)),
        feed=export_address(request, "atom", n=50, group="story" if request.by_story else ""),
        table=export_address(request, "csv"),
        formats=_formats(request),
        cited=cited_address(request),
        advanced=advanced_address(request.query),
        saved=saving_address(request.query),
        attention=attention_address(request),
        warnings=[warning_view(hits.query, warning) for warning in hits.warnings],
        filters=filters_view(request, hits.facets, now, whole),
        correction=correction_view(request, hits.correction),
        also=[AlsoView(word, removable(request, spellings)) for word, spellings in hits.also],
        frequent=hits.frequent,
        added=removable(request, hits.added),
        restored=address(request, without="", page="") if request.without else "",
        total=hits.total,
        total_some=hits.total_some,
        mixed=hits.mixed,
        total_all=hits.total_all,
        total_stories=hits.total_stories,
        total_copies=hits.total_copies,
        entries=hits.entries,
        span=f"{first + 1:,}–{first + len(views):,}" if views else "",
        group=address(request, group="none" if request.by_story else "", page=""),
        took_ms=hits.took_ms,
        match_all=address(request, match="all", page="") if tiered else "",
        match_any=address(request, match="any", page="") if hits.total_some else "",
        match=address(request, match="", page="") if request.match_all or request.match_any else "",
        sorts=_sorts(request, hits),
        half_life=f"{half_life:g}",
        recency=address(request, recency="off" if request.recency else "", page=""),
        broaden=address(request, broaden="" if request.broaden else "on", page=""),
        explain=address(request, explain="" if request.explain else "on"),
        hits=views[:counted],
        further=views[counted:],
        first_further=first + counted + 1,
        pages=_pages(request, hits),
        previous=page_address(request, hits.page - 1) if 1 < hits.page <= hits.pages else "",
        next=page_address(request, hits.page + 1) if hits.page < hits.pages else "",
        last=page_address(request, hits.pages) if hits.page > hits.pages > 0 else "",
        advice=[advice_view(request, advice) for advice in hits.advice],
    )


def _formats(request: Request) -> list[tuple[str, str]]:
    """Return the formats of exports but CSV, each with its address."""
    prefix = export_address(request, "")
    return [
        (one.title, f"{prefix}&format={name}") for name, one in FORMATS.items() if name != "csv"
    ]


def _sorts(request: Request, hits: Hits) -> list[Link]:
    labels = (gettext("relevance"), gettext("newest"), gettext("oldest"))
    return [
        Link(
            label,
            address(request, sort=sort if sort != "relevance" else "", page=""),
            sort == hits.sort,
        )
        for sort, label in zip(SORTS, labels, strict=True)
    ]


def _pages(request: Request, hits: Hits) -> list[Link]:
    """Return the pages to link: the first, the last, and those around the current one."""
    last = hits.pages
    if last < 2:
        return []
    near = range(max(1, hits.page - _NEIGHBOURS), min(last, hits.page + _NEIGHBOURS) + 1)
    links: list[Link] = []
    previous = 0
    for number in sorted({1, *near, last}):
        if number > previous + 1:
            links.append(Link("…", ""))
        links.append(Link(str(number), page_address(request, number), number == hits.page))
        previous = number
    return links
