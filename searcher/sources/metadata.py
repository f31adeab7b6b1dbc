"""What a page says about itself: JSON-LD first, then meta elements, then its markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from bs4 import Tag
from lxml.etree import tostring
from lxml.html import HtmlElement

from searcher.sources.markup import soup_of
from searcher.text.cleaning import clean_line
from searcher.text.urls import canonical_url
from searcher.text.urls import domain
from searcher.text.urls import is_front_page

_ARTICLE_TYPES = re.compile(r"(\w*Article|BlogPosting|LiveBlogPosting|Report|NewsStory)$")
_TITLE_META = ("og:title", "twitter:title", "dc.title")
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "date",
    "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article:published", "published_time", "publication_date",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_AUTHOR_META = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_SECTION_META = ("article:section", "section", "parsely-section", "cxenseparse:section", "category")
_LANGUAGE_META = ("og:locale", "content-language", "dc.language")
_BYLINES = ("[itemprop=author]", "[rel=author]", ".byline", ".author", ".byline__name", ".article-author")
_DESCRIPTION_META = ("description", "og:description", "twitter:description", "dc.description")
_DEPTH = 8
_FEW = 12
_SEPARATED = re.compile(r"\s[|–—-]\s")
_TELLING = re.compile(r"canonical|application/ld\+json", re.IGNORECASE)
_BYLINES_XPATH = (
    "//body//*[@itemprop='author' or @rel='author' or contains(concat(' ', @class, ' '), ' byline ')"
    " or contains(concat(' ', @class, ' '), ' author ') or contains(concat(' ', @class, ' '), ' byline__name ')"
    " or contains(concat(' ', @class, ' '), ' article-author ')]"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The strings found, the most trusted first where there are several.

    titles: what the page calls itself, whole and in the parts between which it puts a separator.
    """

    headline: str
    url: str
    authors: tuple[str, ...]
    source: str
    section: str
    language: str
    dates: tuple[tuple[str, str], ...]
    updates: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]


def read_metadata(tree: HtmlElement) -> Metadata:
    """The metadata of a page. Raises nothing: what cannot be read is passed over."""
    soup = soup_of(_telling(tree))
    meta = _meta(soup)
    linked = next(_articles(soup), {})
    url = _address(soup, meta, linked)
    source = (
        _first(meta, ("og:site_name", "application-name")) or next(_names(linked.get("publisher")), "") or domain(url)
    )
    return Metadata(
        headline=_headline(soup, meta, linked, source),
        url=url,
        authors=_authors(soup, meta, linked),
        source=source,
        section=_string(linked.get("articleSection")) or _first(meta, _SECTION_META),
        language=_language(soup, meta, linked),
        dates=tuple(_dates(soup, meta, linked, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED_META)),
        updates=tuple(_dates(None, meta, linked, ("dateModified",), _MODIFIED_META)),
        titles=tuple(part for title in _titles(soup, meta) for part in (title, *_SEPARATED.split(title))),
        descriptions=tuple(text for name in _DESCRIPTION_META for text in meta.get(name, ())),
    )


def _telling(tree: HtmlElement) -> str:
    """The elements that say something about the page, as a page of their own: to parse all of it again for them would
    take longer than everything else."""
    found = [
        tostring(element, encoding="unicode", with_tail=False)
        for element in tree.iter("title", "meta", "link", "h1", "time", "script")
        if element.tag not in ("link", "script") or _TELLING.search(element.get("rel") or element.get("type") or "")
    ]
    bylines = [tostring(element, encoding="unicode", with_tail=False) for element in tree.xpath(_BYLINES_XPATH)[:_FEW]]
    language = escape(tree.get("lang") or "", quote=True)
    return f'<html lang="{language}">{"".join([*found, *bylines])}</html>'


def _titles(soup: BeautifulSoup, meta: dict[str, list[str]]) -> Iterator[str]:
    yield from (text for name in ("og:title", "twitter:title") for text in meta.get(name, ()))
    if soup.title:
        yield clean_line(soup.title.get_text(" "))


def _meta(soup: BeautifulSoup) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in soup("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if isinstance(name, str) and isinstance(content, str) and content.strip():
            found.setdefault(name.strip().lower(), []).append(clean_line(content))
    return found


def _first(meta: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _articles(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe articles."""
    for script in soup("script", type="application/ld+json"):
        try:
            data = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data, _DEPTH):
            types = item.get("@type")
            if any(
                _ARTICLE_TYPES.match(kind)
                for kind in (types if isinstance(types, list) else [types])
                if isinstance(kind, str)
            ):
                yield item


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "itemListElement", "item"):
            yield from _objects(data.get(key), depth - 1)
    elif isinstance(data, list):
        for item in data:
            yield from _objects(item, depth - 1)


def _string(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return clean_line(value) if isinstance(value, str) else ""


def _names(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if name := _string(item):
            yield name


def _headline(soup: BeautifulSoup, meta: dict[str, list[str]], linked: dict[str, Any], source: str) -> str:
    heading = next((clean_line(element.get_text(" ")) for element in soup("h1")), "")
    title = clean_line(soup.title.get_text(" ")) if soup.title else ""
    found = _string(linked.get("headline")) or _first(meta, _TITLE_META) or heading or title
    return _without_site(clean_line(soup_text(found)), source)


def soup_text(text: str) -> str:
    """`text` with the entities that were escaped twice resolved."""
    from html import unescape

    return unescape(text) if "&" in text else text


def _without_site(title: str, source: str) -> str:
    """A title without the " | Name of the site" that pages append."""
    head, mark, tail = re.fullmatch(r"(?:(.*\S)\s+([|–—-])\s+)?(.*)", title, re.DOTALL).groups()  # type: ignore[union-attr]
    if mark and source and re.sub(r"\W", "", tail).casefold() == re.sub(r"\W", "", source).casefold():
        return str(head)
    return title


def _address(soup: BeautifulSoup, meta: dict[str, list[str]], linked: dict[str, Any]) -> str:
    """The canonical address; one that names only the site is not the article's."""
    page = linked.get("mainEntityOfPage")
    candidates = [
        *(str(link.get("href")) for link in soup("link", rel="canonical") if link.get("href")),
        _first(meta, ("og:url",)),
        _string(linked.get("url")),
        page.get("@id", "") if isinstance(page, dict) else page,
    ]
    for candidate in candidates:
        url = canonical_url(candidate) if isinstance(candidate, str) else ""
        if url and not is_front_page(url):
            return url
    return ""


def _authors(soup: BeautifulSoup, meta: dict[str, list[str]], linked: dict[str, Any]) -> tuple[str, ...]:
    if names := tuple(_names(linked.get("author"))):
        return names
    for name in _AUTHOR_META:
        if name in meta and not meta[name][0].startswith("http"):
            return tuple(meta[name])
    for selector in _BYLINES:
        texts = [clean_line(element.get_text(" ")) for element in soup.select(selector, limit=4)]
        if found := tuple(text for text in texts if 2 < len(text) < 60):
            return found
    return ()


def _language(soup: BeautifulSoup, meta: dict[str, list[str]], linked: dict[str, Any]) -> str:
    declared = soup.html.get("lang") if isinstance(soup.html, Tag) else None
    return (
        declared
        if isinstance(declared, str) and declared.strip()
        else (_string(linked.get("inLanguage")) or _first(meta, _LANGUAGE_META))
    )


def _dates(
    soup: BeautifulSoup | None,
    meta: dict[str, list[str]],
    linked: dict[str, Any],
    keys: Iterable[str],
    names: Iterable[str],
) -> Iterator[tuple[str, str]]:
    for key in keys:
        if value := _string(linked.get(key)):
            yield "json-ld", value
    for name in names:
        if name in meta:
            yield f"meta {name}", meta[name][0]
    if soup:
        for element in soup("time", limit=4):
            stated = element.get("datetime")
            yield "time", stated if isinstance(stated, str) else clean_line(element.get_text(" "))
