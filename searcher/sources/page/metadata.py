"""What a page says about itself: JSON-LD first, then meta elements, then its markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice

from bs4 import BeautifulSoup
from lxml.etree import _Element, tostring

from searcher.sources.markup import soup_of
from searcher.sources.page.authors import authors_of
from searcher.sources.page.headline import headline_of
from searcher.sources.page.linked_data import LinkedData, text_of
from searcher.sources.page.meta_elements import Meta, in_meta, read_meta
from searcher.sources.page.page_dates import dates_of
from searcher.text.bylines import plain
from searcher.text.cleaning import clean_line
from searcher.text.urls import canonical_url, domain, is_front_page

_TITLE_META = ("og:title", "twitter:title")
_SECTION_META = (
    "article:section",
    "section",
    "parsely-section",
    "sailthru.section",
    "cxenseparse:section",
    "category",
)
_LANGUAGE_META = ("og:locale", "content-language", "dc.language")
_IMAGE_META = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
_DESCRIPTION_META = ("description", "og:description", "twitter:description", "dc.description")
_TIER_META = (
    "article:content_tier", "content_tier", "og:article:content_tier", "cxenseparse:paywall",
    "paywall", "is_premium",
    "premium", "article:access",
)  # fmt: skip
_PAID = frozenset("locked metered paid premium true yes 1 plus subscriber closed".split())
_LONGEST_SITE = 40
_FEW, _LONGEST_HEADING = 40, 1000
_SEPARATED = re.compile(r"\s[|–—-]\s")
_TELLING = re.compile(r"canonical|application/ld\+json", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The strings found, the most trusted first where there are several; `found` says where each
    stood.

    titles: what the page calls itself, whole and in the parts between which it puts a separator.
    free: whether it can be read without paying, as JSON-LD says. kind: "", "live" or "gallery".
    """

    headline: str
    url: str
    authors: tuple[str, ...]
    source: str
    section: str
    language: str
    image: str
    free: bool | None
    paywalled: bool
    kind: str
    dates: tuple[tuple[str, str], ...]
    updates: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    found: dict[str, str]


class _Chosen:
    """Values, and where they stood."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def first(self, name: str, candidates: Iterable[tuple[str, str]]) -> str:
        """The first of (where, value) that has a value."""
        for where, value in candidates:
            if value:
                self.found[name] = where
                return value
        return ""


def read_metadata(tree: _Element) -> Metadata:
    """The metadata of a page. Raises nothing: what cannot be read is passed over."""
    soup = soup_of(_telling(tree))
    meta = read_meta(soup)
    titles = list(_titles(soup, meta))
    headings = [clean_line(element.get_text(" ")) for element in soup("h1")]
    canonical = [
        href for link in soup("link", rel="canonical") if isinstance(href := link.get("href"), str)
    ]
    addresses = [*canonical, *meta.get("og:url", ())]
    linked = LinkedData(soup, [*titles, *headings], addresses)
    chosen = _Chosen()
    url = chosen.first("url", _addresses(canonical, meta, linked))
    publisher = next((name for name, _ in linked.names("publisher")), "")
    stated = (
        *in_meta(meta, ("og:site_name", "application-name")),
        ("json-ld", publisher),
        ("url", domain(url)),
    )
    source = chosen.first(
        "source", ((where, name) for where, name in stated if len(plain(name)) <= _LONGEST_SITE)
    )
    sites = _sites([name for _, name in stated], url)
    headline, chosen.found["headline"] = headline_of(soup, meta, linked, sites)
    authors, chosen.found["authors"] = authors_of(tree, meta, linked, sites)
    image = chosen.first("image", _images(meta, linked))
    free = linked.free()
    tiered, tier = next(in_meta(meta, _TIER_META), ("", ""))
    paywalled = not free if free is not None else tier.casefold() in _PAID
    if paywalled:
        chosen.found["paywalled"] = tiered if free is None else "json-ld"
    published, updated = dates_of(tree, meta, linked)
    return Metadata(
        headline=headline,
        url=url,
        authors=authors,
        source=source,
        section=chosen.first("section", _sections(meta, linked)),
        language=chosen.first("language", _languages(soup, meta, linked)),
        image=canonical_url(image, url) if image else "",
        free=free,
        paywalled=paywalled,
        kind=chosen.first("kind", [("json-ld", _kind(linked))]),
        dates=published,
        updates=updated,
        titles=tuple(part for title in titles for part in (title, *_SEPARATED.split(title))),
        descriptions=tuple(text for name in _DESCRIPTION_META for text in meta.get(name, ())),
        found={name: where for name, where in chosen.found.items() if where},
    )


def _telling(tree: _Element) -> str:
    """The elements that say something about the page, as a page of their own: to parse all of it
    again for them would take longer than everything else."""
    found = [
        tostring(element, encoding="unicode", method="html", with_tail=False)
        for element in tree.iter("title", "meta", "link", "script")
        if element.tag not in ("link", "script")
        or _TELLING.search(element.get("rel") or element.get("type") or "")
    ]
    for element in islice(tree.iter("h1"), _FEW):
        text = clean_line("".join(islice(element.itertext(), _FEW))[:_LONGEST_HEADING])
        found.append(f"<h1>{escape(text)}</h1>")
    return f'<html lang="{escape(tree.get("lang") or "")}">{"".join(found)}</html>'


def _titles(soup: BeautifulSoup, meta: Meta) -> Iterator[str]:
    yield from (text for name in _TITLE_META for text in meta.get(name, ()))
    if soup.title:
        yield clean_line(soup.title.get_text(" "))


def _sites(names: Iterable[str], url: str) -> frozenset[str]:
    """The plain names of the site: as it calls itself, and the parts of its host."""
    labels = [
        label
        for label in domain(url).split(".")[:-1]
        if len(label) > 2 and label not in ("com", "news")
    ]
    keys = {plain(name) for name in (*names, domain(url), *labels)}
    return frozenset(key for key in keys if key and len(key) <= _LONGEST_SITE)


def _addresses(
    canonical: Iterable[str], meta: Meta, linked: LinkedData
) -> Iterator[tuple[str, str]]:
    """The page's own address; one that names only the site is not the article's."""
    page = linked.article.get("mainEntityOfPage")
    stated = [
        *(("link canonical", href) for href in canonical),
        *in_meta(meta, ("og:url",)),
        ("json-ld", linked.text("url")),
        ("json-ld", page.get("@id", "") if isinstance(page, dict) else page),
    ]
    for where, address in stated:
        url = canonical_url(address) if isinstance(address, str) else ""
        if url and not is_front_page(url):
            yield where, url


def _sections(meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    yield "json-ld", linked.text("articleSection")
    yield from in_meta(meta, _SECTION_META)
    trail = linked.trail()
    # The first is the front page, the last the article itself.
    yield "breadcrumbs", trail[1] if len(trail) > 2 else ""


def _languages(soup: BeautifulSoup, meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    declared = soup.html.get("lang") if soup.html else None
    yield "html lang", declared.strip() if isinstance(declared, str) else ""
    yield "json-ld", linked.text("inLanguage")
    yield from in_meta(meta, _LANGUAGE_META)


def _images(meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    yield from in_meta(meta, _IMAGE_META)
    image = linked.article.get("image")
    image = image[0] if isinstance(image, list) and image else image
    yield (
        "json-ld",
        text_of(
            (image.get("url") or image.get("contentUrl")) if isinstance(image, dict) else image
        ),
    )


def _kind(linked: LinkedData) -> str:
    if linked.has_type("LiveBlogPosting$"):
        return "live"
    return "gallery" if linked.has_type("(?:Image|Media)Gallery$") else ""
