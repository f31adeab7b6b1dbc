"""What the templates show, made from hits and articles: plain values, no markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from searcher.article import Article, Timestamp
from searcher.engine.protocol import SORTS
from searcher.query.tree import Span
from searcher.search.hits import Advice, Correction, Hit, Hits, Marked, Snippet
from searcher.search.request import Request
from searcher.text.urls import domain

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "sq": "Albanian", "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese", "und": "language not known",
}  # fmt: skip
_NEIGHBOURS = 2
_AROUND = 40
"""Characters of a query shown before and after the place of a warning."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not."""

    text: str
    marked: bool


def pieces(marked: Marked) -> list[Piece]:
    """The text cut at the edges of its highlights."""
    found, at = [], 0
    for start, end in marked.highlights:
        found += [Piece(marked.text[at:start], False), Piece(marked.text[start:end], True)]
        at = end
    found.append(Piece(marked.text[at:], False))
    return [piece for piece in found if piece.text]


def language_name(code: str) -> str:
    return _NAMES.get(code, code)


def long_date(stamp: Timestamp | None) -> str:
    """The date as precisely as it was stated: "2022", "June 2022", "26 June 2022" or "26 June 2022,
    10:15 UTC"."""
    if stamp is None:
        return "no date"
    value = stamp.value
    if stamp.precision == "year":
        return str(value.year)
    if stamp.precision == "month":
        return f"{value:%B} {value.year}"
    day = f"{value.day} {value:%B} {value.year}"
    return day if stamp.precision == "day" else f"{day}, {value:%H:%M} UTC"


def facts(article: Article) -> dict[str, Any]:
    """What stands beside a title."""
    return {
        "id": article.id,
        "url": article.url,
        "domain": domain(article.url),
        "source": article.source or domain(article.url),
        "language": language_name(article.language),
        "lang": article.language if article.language != "und" else "",
        "date": long_date(article.published),
        "datetime": article.published.to_json()["value"] if article.published else "",
        "authors": ", ".join(article.authors),
        "section": article.section,
        "agency": article.agency if article.agency not in article.authors else "",
        "dateline": article.dateline,
        "notices": article.notices,
        "note": _note(article),
    }


def _note(article: Article) -> str:
    """What a reader should know before reading."""
    if article.partial:
        return "This is what its feed says of it; its page could not be had, or has not come yet."
    if article.paywalled:
        return "Only what can be read without a subscription is here."
    return {"live": "A running report.", "gallery": "A picture gallery."}.get(article.kind, "")


def hit_view(hit: Hit, request: Request) -> dict[str, Any]:
    article = hit.article
    return {
        **facts(article),
        "title": pieces(hit.title),
        "link": article_address(article, request),
        "in_language": "" if request.lang else address(request, lang=article.language, page=""),
        "from_source": "" if request.source else address(request, source=article.source, page=""),
        "snippets": [_snippet_view(snippet) for snippet in hit.snippets],
        "parts": [(name, f"{score:.3f}") for name, score in hit.parts or ()],
        "score": f"{hit.score:.3f}",
    }


def _snippet_view(snippet: Snippet) -> dict[str, Any]:
    return {"pieces": pieces(snippet), "opens": snippet.opens, "closes": snippet.closes}


def _parameters(request: Request) -> dict[str, Any]:
    """The address's parameters; those as by default are empty."""
    return {
        "q": request.query,
        "sort": request.sort if request.sort != "relevance" else "",
        "lang": request.lang,
        "source": request.source,
        "after": request.after,
        "before": request.before,
        "match": "all" if request.match_all else "",
        "n": request.size if request.size != 10 else "",
        "recency": "" if request.recency else "off",
        "broaden": "on" if request.broaden else "",
        "without": ",".join(request.without),
        "verbatim": "on" if request.verbatim else "",
        "explain": "on" if request.explain else "",
        "page": request.page if request.page > 1 else "",
    }


def _encoded(values: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def address(request: Request, **changes: Any) -> str:
    """The address of the result page for `request` with some of it changed; what is as by default
    is left out."""
    return "/search?" + _encoded(_parameters(request) | changes)


def _page(request: Request, number: int) -> str:
    return address(request, page=number if number > 1 else "")


def article_address(article: Article, request: Request | None = None) -> str:
    """The address of an article's page, with the search that led to it.

    The id is a parameter, for it may hold anything: in a path, browsers resolve ".." and "//"
    themselves.
    """
    return "/article?" + _encoded({"id": article.id} | (_parameters(request) if request else {}))


def similar_address(article: Article) -> str:
    """The address of what is like an article."""
    return "/similar?" + _encoded({"id": article.id})


def hidden_inputs(request: Request) -> dict[str, Any]:
    """What a search from the box keeps of the last one: all but the page and what has to do with
    the words."""
    dropped = ("q", "page", "without", "verbatim")
    return {
        name: value for name, value in _parameters(request).items() if value and name not in dropped
    }


def _removable(request: Request, words: Iterable[str]) -> list[tuple[str, str]]:
    """Words that were added to a query, each with the address of the result without it."""
    return [
        (word, address(request, without=",".join((*request.without, word)), page=""))
        for word in words
    ]


def _correction_view(request: Request, correction: Correction | None) -> dict[str, Any] | None:
    """What was meant instead, and what leads to the one and the other."""
    if correction is None:
        return None
    return {
        "query": correction.query,
        "applied": correction.applied,
        "link": address(request, q=correction.query, page=""),
        "verbatim": address(request, verbatim="on", page=""),
    }


def _advice_view(request: Request, advice: Advice) -> dict[str, Any]:
    """A part of the query, how many articles there are without it, and what leads to them."""
    changes: dict[str, Any] = {"page": "", "without": ""}
    if advice.query is not None:
        changes["q"] = advice.query
    else:
        # Filters that were not typed are called like the parameters that state them.
        changes[advice.part.partition(":")[0]] = ""
    if advice.kind == "only":
        changes.update(dict.fromkeys(("lang", "source", "after", "before"), ""))
    link = address(request, **changes)
    return {"part": advice.part, "total": advice.total, "kind": advice.kind, "link": link}


def results_view(request: Request, hits: Hits, half_life: float) -> dict[str, Any]:
    """The whole result page. half_life: days in which being new comes to count half as much."""
    filters = (("language", "lang"), ("source", "source"), ("from", "after"), ("before", "before"))
    return {
        "request": request,
        "hits": [hit_view(hit, request) for hit in hits.hits],
        "total": hits.total,
        "total_all": hits.total_all,
        "took_ms": hits.took_ms,
        "warnings": [_warning_view(hits.query, message, span) for message, span in hits.warnings],
        "sorts": [
            (
                sort,
                sort == hits.sort,
                address(request, sort=sort if sort != "relevance" else "", page=""),
            )
            for sort in SORTS
        ],
        "match_all": address(request, match="all", page="")
        if 0 < hits.total_all < hits.total
        else "",
        "match_any": address(request, match="", page="") if request.match_all else "",
        "filters": [
            (label, getattr(request, name), address(request, **{name: "", "page": ""}))
            for label, name in filters
            if getattr(request, name)
        ],
        "also": [(word, _removable(request, spellings)) for word, spellings in hits.also],
        "added": _removable(request, hits.added),
        "restored": address(request, without="", page="") if request.without else "",
        "correction": _correction_view(request, hits.correction),
        "advice": [_advice_view(request, advice) for advice in hits.advice],
        "half_life": f"{half_life:g}",
        "recency": address(request, recency="off" if request.recency else "", page=""),
        "broaden": address(request, broaden="" if request.broaden else "on", page=""),
        "explain": address(request, explain="" if request.explain else "on"),
        "pages": _pages(request, hits),
        "previous": _page(request, hits.page - 1) if 1 < hits.page <= hits.pages else "",
        "next": _page(request, hits.page + 1) if hits.page < hits.pages else "",
        "last": _page(request, hits.pages) if hits.page > hits.pages > 0 else "",
        "hidden": hidden_inputs(request),
        "as_json": "/api/v1" + address(request),
    }


def _warning_view(query: str, message: str, span: Span) -> dict[str, Any]:
    """A warning with the part of the query around the place that it is about."""
    start, end = span
    first, last = max(0, start - _AROUND), min(end, start + _AROUND) + _AROUND
    excerpt = Marked(query[first:last], ((start - first, min(end, last) - first),))
    return {"message": message, "pieces": pieces(excerpt) if start < min(end, len(query)) else []}


def _pages(request: Request, hits: Hits) -> list[tuple[str, str, bool]]:
    """(label, address, is current) of the pages to link; a gap is an empty address."""
    last = hits.pages
    if last < 2:
        return []
    near = range(max(1, hits.page - _NEIGHBOURS), min(last, hits.page + _NEIGHBOURS) + 1)
    links: list[tuple[str, str, bool]] = []
    previous = 0
    for number in sorted({1, *near, last}):
        if number > previous + 1:
            links.append(("…", "", False))
        links.append((str(number), _page(request, number), number == hits.page))
        previous = number
    return links
