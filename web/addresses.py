"""The addresses of the pages. An address holds the whole state of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote_plus

from flask import has_request_context
from flask import request as asked

from searcher.article import Article
from searcher.search.request import CHOSEN, Request
from searcher.text.urls import web_url

Value = str | int | tuple[str, ...]
"""Value of a parameter; "" leaves the parameter out, and a tuple repeats it."""

_NOT_KEPT = ("q", "page", "without", "verbatim")
"""Parameters that belong to the words of one search, and are not kept for the next one."""


def root() -> str:
    """Return the path at which a proxy serves the application; "" if it is the whole site."""
    return asked.script_root if has_request_context() else ""


@lru_cache(1 << 5)
def _parameters(request: Request) -> dict[str, Value]:
    """Return the parameters of a request by name; "" for a default. Cached (32 requests), as a page
    has forty addresses of one request. The answer must not be changed."""
    return {
        "q": request.query,
        "sort": request.sort if request.sort != "relevance" else "",
        **{name: request.chosen(name) for name in CHOSEN},
        "after": request.after,
        "before": request.before,
        "match": "all" if request.match_all else "any" if request.match_any else "",
        "n": request.size if request.size != 10 else "",
        "recency": "" if request.recency else "off",
        "broaden": "on" if request.broaden else "",
        "without": ",".join(request.without),
        "verbatim": "on" if request.verbatim else "",
        "explain": "on" if request.explain else "",
        "group": "" if request.by_story else "none",
        "page": request.page if request.page > 1 else "",
    }


@lru_cache(1 << 8)
def _quoted(value: str) -> str:
    """Return a value in an address. The mark of a whole value stays readable. Cached (256 values),
    as the addresses of a page share the values of its request."""
    mark = next((mark for mark in ("=", "-=") if value.startswith(mark)), "")
    return mark + quote_plus(value.removeprefix(mark))


def _pairs(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Yield parameters with their values, each value by itself."""
    for name, value in values.items():
        if isinstance(value, tuple):
            yield from ((name, one) for one in value)
        elif value:
            yield name, str(value)


def _encoded(values: Mapping[str, Value]) -> str:
    return "&".join([f"{name}={_quoted(value)}" for name, value in _pairs(values)])


def address(request: Request, **changes: Value) -> str:
    """Return the address of the results of `request` with some parameters changed."""
    return f"{root()}/search?" + _encoded(_parameters(request) | changes)


def attention_address(request: Request, **changes: Value) -> str:
    """Return the address of the articles of `request` by period, with some parameters changed. Only
    its words and filters matter there.

    changes: `by` is the length of the periods, `view` the values shown.
    """
    kept = ("q", *CHOSEN, "after", "before", "match", "without")
    parameters = {name: value for name, value in _parameters(request).items() if name in kept}
    return f"{root()}/attention?" + _encoded(parameters | changes)


def export_address(request: Request, form: str, **changes: Value) -> str:
    """Return the address of an export of the articles of `request` in a format; `changes` as
    parameters of it."""
    return f"{root()}/export?" + _encoded(_narrowing(request) | {"format": form} | changes)


def cited_address(request: Request) -> str:
    """Return the address by which the search for the articles of `request` can be cited."""
    return f"{root()}/cited?" + _encoded(_narrowing(request))


def _narrowing(request: Request) -> dict[str, Value]:
    """Return the parameters that say what is found."""
    kept = ("q", *CHOSEN, "after", "before", "without")
    return {name: value for name, value in _parameters(request).items() if name in kept}


def varied(request: Request, *names: str) -> Callable[[Mapping[str, Value]], str]:
    """Return a function that returns the address of the first page of `request` with other values
    of the parameters `names`. The others are encoded once."""
    left_out: dict[str, Value] = dict.fromkeys((*names, "page"), "")
    rest = address(request, **left_out)

    def other(values: Mapping[str, Value]) -> str:
        added = _encoded(values)
        return f"{rest}{'' if rest.endswith('?') or not added else '&'}{added}"

    return other


def page_address(request: Request, number: int) -> str:
    """Return the address of another page of the same results."""
    return address(request, page=number if number > 1 else "")


def article_address(article_id: str, request: Request | None = None) -> str:
    """Return the address of an article's page, with the search that led to it.

    The id is a parameter since it may contain anything: in a path, browsers resolve ".." and "//".
    """
    return article_addresses(request)(article_id)


def article_addresses(request: Request | None = None) -> Callable[[str], str]:
    """Return `article_address` for many articles of one search, whose parameters are encoded
    once."""
    rest = _encoded(_parameters(request)) if request else ""
    end, beginning = f"&{rest}" if rest else "", root()
    return lambda article_id: f"{beginning}/article?{_encoded({'id': article_id})}{end}"


def version_address(article: Article, number: int) -> str:
    """Return the address of an earlier version of an article. number: counted from 1."""
    return f"{root()}/article?" + _encoded({"id": article.id, "version": number})


def archived_address(article: Article) -> str:
    """Return the address of an article's copies in the Wayback Machine, those nearest to its
    publication first; "" if it has no address of its own."""
    moment = f"{article.published.value:%Y%m%d}" if article.published else "*"
    url = web_url(article.url)
    return f"https://web.archive.org/web/{moment}/{url}" if url else ""


def versions_address(article: Article) -> str:
    """Return the address of the list of an article's versions."""
    return f"{root()}/versions?" + _encoded({"id": article.id})


def comparison_address(first: str, second: str, first_version: int = 0) -> str:
    """Return the address of two articles side by side, by their ids.

    first_version: the number of an earlier version of the first one; 0 for the newest.
    """
    version: Value = first_version or ""
    return f"{root()}/compare?" + _encoded({"a": first, "b": second, "a_version": version})


def api_address(address: str) -> str:
    """Return the address of the API that belongs to that of a page."""
    return f"{root()}/api/v1{address.removeprefix(root())}"


def story_address(article_id: str) -> str:
    """Return the address of the story over time that the article with this id belongs to."""
    return f"{root()}/story?" + _encoded({"id": article_id})


def advanced_address(query: str) -> str:
    """Return the address of the advanced form that writes a query."""
    return f"{root()}/advanced" + (f"?{_encoded({'q': query})}" if query else "")


def saving_address(query: str) -> str:
    """Return the address of the operator's form that saves a query."""
    return f"{root()}/operator?{_encoded({'query': query})}#saved"


def alert_feed_address(name: str, **changes: Value) -> str:
    """Return the address of the Atom feed of an alert, with other parameters of it."""
    return f"{root()}/alerts.atom?" + _encoded({"name": name, **changes})


def citation_address(article: Article, form: str) -> str:
    """Return the address of the citation of an article in a format."""
    return f"{root()}/cite?" + _encoded({"id": article.id, "format": form})


def similar_address(article: Article) -> str:
    """Return the address of the articles like another one."""
    return f"{root()}/similar?" + _encoded({"id": article.id})


def hidden_inputs(request: Request, **changes: Value) -> list[tuple[str, str]]:
    """Return the parameters that the search box keeps of the current search, each with a value:
    filters, sort and switches."""
    parameters = {
        name: value for name, value in _parameters(request).items() if name not in _NOT_KEPT
    }
    return list(_pairs(parameters | changes))
