"""The metadata of a page: from JSON-LD first, then from meta elements, then from its markup."""

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
from searcher.sources.page.headline import headline_of, stated_headlines
from searcher.sources.page.linked_data import LinkedData, text_of
from searcher.sources.page.meta_elements import Meta, in_meta, read_meta
from searcher.sources.page.page_dates import dates_of
from searcher.sources.page.titles import SEPARATOR
from searcher.text.bylines import plain
from searcher.text.cleaning import clean_line
from searcher.text.urls import canonical_url, domain, is_front_page

_TITLE_META = ("og:title", "twitter:title")
"""Names of meta elements with a title."""
_SECTION_META = (
    "article:section",
    "section",
    "parsely-section",
    "sailthru.section",
    "cxenseparse:section",
    "category",
)
"""Names of meta elements with the section."""
_LANGUAGE_META = ("og:locale", "content-language", "dc.language")
"""Names of meta elements with the language."""
_IMAGE_META = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
"""Names of meta elements with the URL of an image."""
_DESCRIPTION_META = ("description", "og:description", "twitter:description", "dc.description")
"""Names of meta elements with a description."""
_TIER_META = (
    "article:content_tier", "content_tier", "og:article:content_tier", "cxenseparse:paywall",
    "paywall", "is_premium",
    "premium", "article:access",
)  # fmt: skip
"""Names of meta elements that say whether the article has to be paid for."""
_PAID = frozenset("locked metered paid premium true yes 1 plus subscriber closed".split())
"""Their values if it has."""
_LONGEST_SITE = 40
"""Maximum length of the name of a site, in letters; longer strings are slogans."""
_FEW = 40
"""Maximum number of headings, and of texts in each, that are read."""
_LONGEST_HEADING = 1000
"""Maximum number of characters of a heading that are read."""
_SEPARATED = re.compile(r"\s[|–—-]\s")
"""A separator of the parts of a title."""
_SHORTEST_LINE, _LONGEST_LINE = 12, 300
"""Sizes of lines that can be the headline, in characters."""
_MOST_TEXTS = 20_000
"""Maximum number of texts of a page that are read for them. It bounds the time."""
_TELLING = re.compile(r"canonical|application/ld\+json", re.IGNORECASE)
"""Types of link and script elements with metadata."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a page, as found; "" and () for what it does not have."""

    headline: str
    """The headline."""
    url: str
    """The page's own URL, as it names it."""
    authors: tuple[str, ...]
    """Names of the authors."""
    agency: str
    """The agency that is named beside them."""
    source: str
    """The name of the site or its publisher, else its domain."""
    section: str
    """The section of the site."""
    language: str
    """The language, as declared."""
    image: str
    """The URL of an image."""
    free: bool | None
    """Whether it can be read without paying, as JSON-LD says; None if that says nothing."""
    paywalled: bool
    """Whether it has to be paid for."""
    body: str
    """The text of the article, as JSON-LD has it."""
    kind: str
    """One of "live", "gallery" and ""."""
    dates: tuple[tuple[str, str], ...]
    """Where dates of publication were found, and their strings, the most trusted first."""
    updates: tuple[tuple[str, str], ...]
    """The same for dates of change."""
    titles: tuple[str, ...]
    """The page's titles, whole and in the parts between separators."""
    descriptions: tuple[str, ...]
    """The page's descriptions."""
    found: dict[str, str]
    """By name of a field where its value was found."""
    stated: dict[str, tuple[tuple[str, str], ...]]
    """By name of a field all values that the page states, each with where."""


class _Chosen:
    """Chooses values among candidates, and notes where each was found."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.stated: dict[str, tuple[tuple[str, str], ...]] = {}

    def first(self, name: str, candidates: Iterable[tuple[str, str]]) -> str:
        """Return the first value that is not empty, of pairs of where it was found and the
        value."""
        stated = tuple((where, value) for where, value in candidates if value)
        self.stated[name] = stated
        if not stated:
            return ""
        self.found[name] = stated[0][0]
        return stated[0][1]


def read_metadata(tree: _Element, address: str = "", fetched: bool = False) -> Metadata:
    """Return the metadata of a page. Never raises: what cannot be read is left out.

    address: the URL from which the page was fetched; "" if unknown.
    fetched: whether it is known when it was fetched.
    """
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
    sites = _sites([name for _, name in stated], url or address)
    sections = {plain(name) for _, name in _sections(meta, linked)} - {""}
    headline, chosen.found["headline"] = headline_of(
        soup, meta, linked, sites, sections, lambda: _shown(tree)
    )
    chosen.stated["headline"] = stated_headlines(soup, meta, linked)
    authors, chosen.found["authors"], agency, chosen.stated["authors"] = authors_of(
        tree, meta, linked, sites | _named_behind(titles, headline)
    )
    chosen.found["agency"] = "byline" if agency else ""
    image = chosen.first("image", _images(meta, linked))
    free = linked.free()
    tiered, tier = next(in_meta(meta, _TIER_META), ("", ""))
    paywalled = not free if free is not None else tier.casefold() in _PAID
    if paywalled:
        chosen.found["paywalled"] = tiered if free is None else "json-ld"
    published, updated = dates_of(tree, meta, linked, url or address, fetched)
    return Metadata(
        headline=headline,
        url=url,
        authors=authors,
        agency=agency,
        source=source,
        section=chosen.first("section", _sections(meta, linked)),
        language=chosen.first("language", _languages(soup, meta, linked)),
        image=canonical_url(image, url) if image else "",
        free=free,
        paywalled=paywalled,
        body=linked.body() or next(iter(meta.get("articlebody", ())), ""),
        kind=chosen.first("kind", [("json-ld", _kind(linked))]),
        dates=published,
        updates=updated,
        titles=tuple(part for title in titles for part in (title, *_SEPARATED.split(title))),
        descriptions=tuple(text for name in _DESCRIPTION_META for text in meta.get(name, ())),
        found={name: where for name, where in chosen.found.items() if where},
        stated=chosen.stated,
    )


def _telling(tree: _Element) -> str:
    """Return a small page with the elements that have metadata.

    beautifulsoup4 reads these; parsing the whole page again would take longer than all other steps.
    """
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
    """Yield the titles of the page."""
    yield from (text for name in _TITLE_META for text in meta.get(name, ()))
    if soup.title:
        yield clean_line(soup.title.get_text(" "))


def _shown(tree: _Element) -> set[str]:
    """Return the short lines that the body of a page shows, as `plain` texts."""
    body = tree.find("body")
    texts = islice(body.itertext(), _MOST_TEXTS) if body is not None else ()
    return {plain(text) for text in texts if _SHORTEST_LINE <= len(text) <= _LONGEST_LINE}


def _named_behind(titles: Iterable[str], headline: str) -> frozenset[str]:
    """Return the names that titles have behind the headline, as `plain` texts."""
    split = [SEPARATOR.split(f" {title} ") for title in titles]
    return frozenset(
        plain(parts[-1])
        for parts in split
        if len(parts) > 1 and plain("".join(parts[:-2])) == plain(headline)
    )


def _sites(names: Iterable[str], url: str) -> frozenset[str]:
    """Return the `plain` names of the site: its names, its domain, and the labels of its host."""
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
    """Yield the URLs that the page gives for itself; one that is only the site's is left out."""
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
    """Yield the names of the section."""
    yield "json-ld", linked.text("articleSection")
    yield from in_meta(meta, _SECTION_META)
    trail = linked.trail()
    # The first step is the front page, the last the article.
    yield "breadcrumbs", trail[1] if len(trail) > 2 else ""


def _languages(soup: BeautifulSoup, meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    """Yield the languages that the page declares."""
    declared = soup.html.get("lang") if soup.html else None
    yield "html lang", declared.strip() if isinstance(declared, str) else ""
    yield "json-ld", linked.text("inLanguage")
    yield from in_meta(meta, _LANGUAGE_META)


def _images(meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    """Yield the URLs of images."""
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
    """Return the kind of article by the type of its object."""
    if linked.has_type("LiveBlogPosting$"):
        return "live"
    return "gallery" if linked.has_type("(?:Image|Media)Gallery$") else ""
