"""The addresses of the pages. An address holds the whole state of its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote_plus

from searcher.article import Article
from searcher.search.request import Request

Value = str | int
"""Value of a parameter; "" leaves the parameter out."""

_NOT_KEPT = ("q", "page", "without", "verbatim")
"""Parameters that belong to the words of one search, and are not kept for the next one."""


def _parameters(request: Request) -> dict[str, Value]:
    """Return the parameters of a request by name; "" for a default."""
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
        "group": "" if request.by_story else "none",
        "page": request.page if request.page > 1 else "",
    }


_quoted = lru_cache(1 << 8)(quote_plus)
"""A value in an address. Cached (256 values), as the addresses of a page share the values of its
request."""


def _encoded(values: dict[str, Value]) -> str:
    return "&".join([f"{name}={_quoted(str(value))}" for name, value in values.items() if value])


def address(request: Request, **changes: Value) -> str:
    """Return the address of the results of `request` with some parameters changed."""
    return "/search?" + _encoded(_parameters(request) | changes)


def attention_address(request: Request, **changes: Value) -> str:
    """Return the address of the articles of `request` by period, with some parameters changed. Only
    its words and filters matter there.

    changes: `by` is the length of the periods, `view` the values shown.
    """
    kept = ("q", "lang", "source", "after", "before", "match", "without")
    parameters = {name: value for name, value in _parameters(request).items() if name in kept}
    return "/attention?" + _encoded(parameters | changes)


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
    end = f"&{rest}" if rest else ""
    return lambda article_id: f"/article?{_encoded({'id': article_id})}{end}"


def version_address(article: Article, number: int) -> str:
    """Return the address of an earlier version of an article. number: counted from 1."""
    return "/article?" + _encoded({"id": article.id, "version": number})


def versions_address(article: Article) -> str:
    """Return the address of the list of an article's versions."""
    return "/versions?" + _encoded({"id": article.id})


def comparison_address(first: str, second: str, first_version: int = 0) -> str:
    """Return the address of two articles side by side, by their ids.

    first_version: the number of an earlier version of the first one; 0 for the newest.
    """
    version: Value = first_version or ""
    return "/compare?" + _encoded({"a": first, "b": second, "a_version": version})


def story_address(article_id: str) -> str:
    """Return the address of the story over time that the article with this id belongs to."""
    return "/story?" + _encoded({"id": article_id})


def similar_address(article: Article) -> str:
    """Return the address of the articles like another one."""
    return "/similar?" + _encoded({"id": article.id})


def hidden_inputs(request: Request) -> dict[str, Value]:
    """Return the parameters that the search box keeps of the current search: filters, sort and
    switches."""
    parameters = _parameters(request).items()
    return {name: value for name, value in parameters if value and name not in _NOT_KEPT}
