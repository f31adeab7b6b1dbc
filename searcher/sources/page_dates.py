"""When the article on a page appeared: everything on it that says so, the most trusted first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup
from lxml.etree import _Element

from searcher.sources.linked_data import LinkedData
from searcher.sources.meta_elements import Meta
from searcher.sources.meta_elements import in_meta
from searcher.text.cleaning import clean_line

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "pubdate", "publishdate", "publish-date", "publish_date", "date", "dc.date.issued", "dc.issued", "dc.created",
    "dc.date", "dc.date.created", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "published_time", "publication_date", "publicationdate", "rnews:datepublished",
    "iso-8601-publish-date", "originalpublicationdate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "last-modified",
    "dc.modified",
)  # fmt: skip
_ITEMPROP = "//*[@itemprop='datePublished' or @itemprop='datepublished']"
_ITEMPROP_MODIFIED = "//*[@itemprop='dateModified' or @itemprop='datemodified']"
_TEXT = "//text()[not(parent::script or parent::style)]"
_AFTER = "following::text()[not(parent::script or parent::style)]"
_LONGEST_TEXT = 100
_TEXTS = 1500
DATED = re.compile(
    r"(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}(?!\d)|\d{4}年\d{1,2}月\d{1,2}日|(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?\d{4}(?!\d)"
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}(?!\d)"
)
_MOST_IN_TEXT = 3


def published_of(tree: _Element, soup: BeautifulSoup, meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    """What says when the article was published, each with where it stood; last, lines near the headline."""
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if text := linked.text(name):
            yield "json-ld", text
    yield from in_meta(meta, _PUBLISHED)
    yield from _properties(tree, _ITEMPROP)
    for element in soup("time", limit=4):
        stated = element.get("datetime")
        yield "time", stated if isinstance(stated, str) else clean_line(element.get_text(" "))
    yield from (("text", text) for text in islice(_dated_texts(tree), _MOST_IN_TEXT))


def updated_of(tree: _Element, meta: Meta, linked: LinkedData) -> Iterator[tuple[str, str]]:
    """What says when the article was last changed."""
    if text := linked.text("dateModified"):
        yield "json-ld", text
    yield from in_meta(meta, _MODIFIED)
    yield from _properties(tree, _ITEMPROP_MODIFIED)


def _properties(tree: _Element, path: str) -> Iterator[tuple[str, str]]:
    """Dates in microdata; meta elements have been read before."""
    for element in tree.xpath(path)[:2]:
        if element.tag != "meta":
            stated = element.get("content") or element.get("datetime")
            yield "itemprop", stated or clean_line("".join(element.itertext())[:_LONGEST_TEXT])


def _dated_texts(tree: _Element) -> Iterator[str]:
    """Short lines after the headline, or at the beginning of a page that has none, that hold a date."""
    heading = next(iter(tree.iter("h1")), None)
    texts = tree.xpath(f"//body{_TEXT}") if heading is None else heading.xpath(_AFTER)
    for text in texts[:_TEXTS]:
        if len(text) <= _LONGEST_TEXT and DATED.search(text):
            yield clean_line(text)
